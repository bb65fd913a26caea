"""The queue knows channel, stream, touch and receiver of what waits."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_1700"
down_revision = "20261124_1680"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.add_column("message_queue", sa.Column("channel", sa.Text(), server_default="EMAIL", nullable=False))
    op.add_column("message_queue", sa.Column("stream", sa.Text(), server_default="MARKETING", nullable=False))
    op.add_column("message_queue", sa.Column("touch_id", sa.Uuid(), nullable=True))
    op.add_column("message_queue", sa.Column("receiver", sa.Text(), server_default="", nullable=False))
    op.execute(
        "update message_queue queued set channel = message.channel, stream = message.template_class,"
        " touch_id = message.touch_id from messages message where message.id = queued.message_id"
    )
    op.alter_column("message_queue", "channel", server_default=None)
    op.alter_column("message_queue", "stream", server_default=None)


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    for column in ("receiver", "touch_id", "stream", "channel"):
        op.drop_column("message_queue", column)
