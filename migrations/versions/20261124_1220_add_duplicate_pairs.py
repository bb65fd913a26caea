"""Pairs of cards that may be one person."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1220"
down_revision = "20261124_1210"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "duplicate_pairs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("low_id", sa.Uuid(), nullable=False),
        sa.Column("high_id", sa.Uuid(), nullable=False),
        sa.Column("probability", sa.Double(), nullable=False),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.CheckConstraint("tier in ('automatic', 'review')", name=op.f("ck_duplicate_pairs_tier_known")),
        sa.CheckConstraint(
            "state in ('open', 'merged', 'distinct', 'skipped', 'stale')", name=op.f("ck_duplicate_pairs_state_known")
        ),
        sa.CheckConstraint("low_id < high_id", name=op.f("ck_duplicate_pairs_cards_ordered")),
        sa.CheckConstraint("probability between 0 and 1", name=op.f("ck_duplicate_pairs_probability_sane")),
        sa.ForeignKeyConstraint(
            ["low_id"], ["customers.id"], name=op.f("fk_duplicate_pairs_low_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["high_id"], ["customers.id"], name=op.f("fk_duplicate_pairs_high_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duplicate_pairs")),
        sa.UniqueConstraint("low_id", "high_id", name=op.f("uq_duplicate_pairs_low_id_high_id")),
    )
    op.create_index(op.f("ix_duplicate_pairs_high_id"), "duplicate_pairs", ["high_id"], unique=False)
    op.create_index(
        op.f("ix_duplicate_pairs_state_probability_id"),
        "duplicate_pairs",
        ["state", "probability", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("duplicate_pairs")
