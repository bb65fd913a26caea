"""Calls to make, and what came of them."""

from alembic import op

revision = "20261124_1770"
down_revision = "20261124_1760"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
