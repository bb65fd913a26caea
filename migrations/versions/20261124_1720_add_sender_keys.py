"""Signing keys and network checks of senders."""

from alembic import op

revision = "20261124_1720"
down_revision = "20261124_1710"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
