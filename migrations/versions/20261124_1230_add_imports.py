"""Files in: what each row did, so that it can be undone."""

from alembic import op

revision = "20261124_1230"
down_revision = "20261124_1220"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
