"""Double opt-in by mail and by code."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_1620"
down_revision = "20261124_1610"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "confirmations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("channel in ('EMAIL', 'SMS')", name=op.f("ck_confirmations_channel_known")),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_confirmations_tries_counted")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_confirmations_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["contact_point_id"],
            ["contact_points.id"],
            name=op.f("fk_confirmations_contact_point_id_contact_points"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_confirmations_message_id_messages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
        sa.UniqueConstraint("message_id", name=op.f("uq_confirmations_message_id")),
    )
    op.create_index(op.f("ix_confirmations_customer_id"), "confirmations", ["customer_id"], unique=False)
    op.create_index(
        op.f("ix_confirmations_contact_point_id_asked_at"),
        "confirmations",
        ["contact_point_id", "asked_at"],
        unique=False,
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("confirmations")
