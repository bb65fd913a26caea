"""How complete, valid and fresh each card is."""

from alembic import op

revision = "20261124_1250"
down_revision = "20261124_1240"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
