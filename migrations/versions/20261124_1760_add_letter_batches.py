"""Letters in batches for the printer."""

from alembic import op

revision = "20261124_1760"
down_revision = "20261124_1750"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
