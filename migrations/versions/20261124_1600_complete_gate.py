"""The gate reads the readiness of senders and the country packs' facts."""

from alembic import op

revision = "20261124_1600"
down_revision = "20261124_1300"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
