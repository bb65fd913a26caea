"""How fast each sender may write to each receiver, what waits in which line, and until when a message makes sense."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_1710"
down_revision = "20261124_1700"
branch_labels = None
depends_on = None

CHANNELS = "channel in ('EMAIL', 'SMS', 'WHATSAPP', 'PUSH', 'PHONE_OPERATOR', 'PHONE_AUTO', 'POST', 'FAX')"
STREAMS = "stream in ('MARKETING', 'SERVICE')"


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "send_paces",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("receiver", sa.Text(), nullable=False),
        sa.Column("per_minute", sa.Float(), nullable=False),
        sa.Column("tokens", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clean_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(CHANNELS, name=op.f("ck_send_paces_channel_known")),
        sa.CheckConstraint(STREAMS, name=op.f("ck_send_paces_stream_known")),
        sa.CheckConstraint("per_minute > 0", name=op.f("ck_send_paces_goes_on")),
        sa.PrimaryKeyConstraint("channel", "stream", "receiver", name=op.f("pk_send_paces")),
    )
    op.create_table(
        "touch_holds",
        sa.Column("touch_id", sa.Uuid(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_final", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.PrimaryKeyConstraint("touch_id", name=op.f("pk_touch_holds")),
    )
    # A pause was a state of each row; now it is one row of its own.
    op.execute(
        "insert into touch_holds (touch_id, since) select distinct touch_id, now() from message_queue"
        " where state = 'held' and touch_id is not null"
    )
    op.execute("update message_queue set state = 'queued' where state = 'held'")
    _set_states("'queued', 'claimed', 'sending', 'paced'")
    op.drop_index("ix_message_queue_priority_due_at_message_id", "message_queue")
    op.create_index(
        "ix_message_queue_lines",
        "message_queue",
        ["channel", "stream", "touch_id", "priority", "due_at", "message_id"],
        postgresql_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_message_queue_paced",
        "message_queue",
        ["channel", "stream", "receiver", "touch_id", "priority", "due_at", "message_id"],
        postgresql_where=sa.text("state = 'paced'"),
    )
    op.create_index(
        "ix_message_queue_taken",
        "message_queue",
        ["worker", "touch_id"],
        postgresql_where=sa.text("state <> 'queued'"),
    )
    op.add_column("messages", sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("messages", sa.Column("resends", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("senders", sa.Column("warmup_started_on", sa.Date(), nullable=True))
    op.add_column("senders", sa.Column("warmup_day", sa.Date(), nullable=True))
    for column in ("warmup_allowance", "warmup_sent", "warmup_deferred"):
        op.add_column("senders", sa.Column(column, sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    for column in ("warmup_deferred", "warmup_sent", "warmup_allowance", "warmup_day", "warmup_started_on"):
        op.drop_column("senders", column)
    op.drop_column("messages", "resends")
    op.drop_column("messages", "expires_at")
    for index in ("taken", "paced", "lines"):
        op.drop_index(f"ix_message_queue_{index}", "message_queue")
    op.create_index(
        "ix_message_queue_priority_due_at_message_id", "message_queue", ["priority", "due_at", "message_id"]
    )
    op.execute("update message_queue set state = 'queued' where state = 'paced'")
    _set_states("'queued', 'claimed', 'sending', 'held'")
    op.execute(
        "update message_queue set state = 'held'"
        " where state = 'queued' and touch_id in (select touch_id from touch_holds)"
    )
    op.drop_table("touch_holds")
    op.drop_table("send_paces")


def _set_states(listed: str) -> None:
    op.drop_constraint(op.f("ck_message_queue_state_known"), "message_queue")
    op.create_check_constraint(op.f("ck_message_queue_state_known"), "message_queue", f"state in ({listed})")
