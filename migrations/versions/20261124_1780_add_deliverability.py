"""Streams held back, and why; how many messages arrived, hour by hour."""

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
            "reason in ('COMPLAINTS', 'BOUNCES', 'REFUSED_BY_POLICY', 'BY_HAND')",
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
    op.add_column("messages", sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index(
        "ix_messages_ended_at",
        "messages",
        ["ended_at"],
        postgresql_using="brin",
        postgresql_with={"pages_per_range": 32, "autosummarize": True},
    )
    op.create_table(
        "delivery_hours",
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        *(
            sa.Column(name, sa.Integer(), nullable=False)
            for name in ("sent", "bounced", "refused", "refused_by_policy", "deferred")
        ),
        sa.CheckConstraint(CHANNELS, name=op.f("ck_delivery_hours_channel_known")),
        sa.CheckConstraint("stream in ('MARKETING', 'SERVICE')", name=op.f("ck_delivery_hours_stream_known")),
        sa.PrimaryKeyConstraint("hour", "channel", "stream", "receiver", name=op.f("pk_delivery_hours")),
    )
    op.create_table(
        "delivery_counts",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("counted_until", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_delivery_counts_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_counts")),
    )
    op.create_table(
        "doubtful_messages",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_doubtful_messages_message_id_messages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_doubtful_messages")),
    )
    op.execute("insert into delivery_counts (id, counted_until) values (1, now())")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("doubtful_messages")
    op.drop_table("delivery_counts")
    op.drop_table("delivery_hours")
    op.drop_index("ix_messages_ended_at", "messages")
    op.drop_column("messages", "ended_at")
    op.drop_table("stream_holds")
