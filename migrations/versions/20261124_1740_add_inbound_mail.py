"""Mail that came back, and what it meant."""

from alembic import op

revision = "20261124_1740"
down_revision = "20261124_1730"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
