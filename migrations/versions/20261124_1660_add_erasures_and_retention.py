"""Erasures, what processors still owe, and the clocks of retention."""

from alembic import op

revision = "20261124_1660"
down_revision = "20261124_1650"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
