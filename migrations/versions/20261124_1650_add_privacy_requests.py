"""Requests of people about their data, with their clock, and the packs made for them."""

from alembic import op

revision = "20261124_1650"
down_revision = "20261124_1640"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
