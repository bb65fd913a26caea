"""Measured links and openings."""

from alembic import op

revision = "20261124_1730"
down_revision = "20261124_1720"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
