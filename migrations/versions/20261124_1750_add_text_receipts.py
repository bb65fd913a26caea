"""Texts people sent us, what the networks said of ours, and what a text may cost.

A sender of texts says when its name or number was confirmed and how many parts one text may have at most.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1750"
down_revision = "20261124_1740"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "inbound_texts",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("provider_id", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_number", sa.Text(), nullable=False),
        sa.Column("to_number", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), sa.ForeignKey("customers.id", ondelete="CASCADE")),
        sa.Column("message_id", sa.Uuid()),
        sa.Column("reply_ids", postgresql.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("handled_at", sa.DateTime(timezone=True)),
        sa.Column("handled_by", sa.Text()),
        sa.Column("handled_as", sa.Text()),
        sa.UniqueConstraint("provider_id"),
        sa.CheckConstraint("kind in ('STOP', 'HUMAN', 'START', 'HELP', 'NOTHING')", name="kind_known"),
        sa.CheckConstraint(
            "handled_as in ('obeyed', 'answered', 'consent_asked', 'nothing', 'objection', 'wrong_person')",
            name="handled_as_known",
        ),
        sa.CheckConstraint("(handled_at is null) = (handled_as is null)", name="handled_somehow"),
    )
    op.create_index("ix_inbound_texts_newest", "inbound_texts", [sa.text("received_at desc"), sa.text("id desc")])
    op.create_index("ix_inbound_texts_customer_id", "inbound_texts", ["customer_id"])
    op.create_index("ix_inbound_texts_from_number", "inbound_texts", ["from_number"])
    op.create_table(
        "text_receipts",
        sa.Column("message_id", sa.Uuid(), sa.ForeignKey("messages.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("provider_id", sa.Text()),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("code", sa.Text()),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True)),
        sa.CheckConstraint(
            "status in ('queued', 'sent', 'delivered', 'undelivered', 'failed', 'expired')", name="status_known"
        ),
    )
    op.create_index(
        "ix_text_receipts_changed_at", "text_receipts", ["changed_at"], postgresql_where=sa.text("applied_at is null")
    )
    op.add_column("senders", sa.Column("registered_on", sa.Date()))
    op.add_column("senders", sa.Column("max_parts", sa.SmallInteger(), server_default="3", nullable=False))
    op.create_check_constraint(op.f("ck_senders_max_parts_counted"), "senders", "max_parts between 1 and 10")
    op.add_column("rehearsals", sa.Column("parts", sa.BigInteger()))
    op.add_column("rehearsals", sa.Column("min_parts", sa.SmallInteger()))
    op.add_column("rehearsals", sa.Column("max_parts", sa.SmallInteger()))


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    for column in ("max_parts", "min_parts", "parts"):
        op.drop_column("rehearsals", column)
    op.drop_constraint(op.f("ck_senders_max_parts_counted"), "senders")
    op.drop_column("senders", "max_parts")
    op.drop_column("senders", "registered_on")
    op.drop_table("text_receipts")
    op.drop_table("inbound_texts")
