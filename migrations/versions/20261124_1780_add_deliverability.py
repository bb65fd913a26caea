"""Streams held back, and why."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1780"
down_revision = "20261124_1770"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())
CHANNELS = "channel in ('EMAIL', 'SMS', 'WHATSAPP', 'PUSH', 'PHONE_OPERATOR', 'PHONE_AUTO', 'POST', 'FAX')"


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "stream_holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("details", JSONB, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.Column("lifted_because", sa.Text(), nullable=True),
        sa.CheckConstraint(CHANNELS, name=op.f("ck_stream_holds_channel_known")),
        sa.CheckConstraint("stream in ('MARKETING', 'SERVICE')", name=op.f("ck_stream_holds_stream_known")),
        sa.CheckConstraint(
            "reason in ('COMPLAINTS', 'BOUNCES', 'REFUSED_BY_POLICY', 'WARM_UP', 'BY_HAND')",
            name=op.f("ck_stream_holds_reason_known"),
        ),
        sa.CheckConstraint(
            "(lifted_at is null) = (lifted_by is null)", name=op.f("ck_stream_holds_lifted_by_somebody")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stream_holds")),
    )
    op.create_index(
        "ix_stream_holds_open",
        "stream_holds",
        ["channel", "stream"],
        unique=True,
        postgresql_where=sa.text("lifted_at is null"),
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("stream_holds")
