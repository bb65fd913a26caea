"""Senders held back, and why."""

from alembic import op

revision = "20261124_1780"
down_revision = "20261124_1770"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
