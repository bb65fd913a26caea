"""Third parties, what was given to them, and what they were told."""

from alembic import op

revision = "20261124_1680"
down_revision = "20261124_1670"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
