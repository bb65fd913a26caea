"""Pairs of cards that may be one person."""

from alembic import op

revision = "20261124_1220"
down_revision = "20261124_1210"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
