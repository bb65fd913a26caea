"""The answers of the opposition register."""

from alembic import op

revision = "20261124_1630"
down_revision = "20261124_1620"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
