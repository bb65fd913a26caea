"""Two cards of one person become one, and two again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1210"
down_revision = "20261124_1200"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.add_column("customers", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_customers_merged_into_id_customers"), "customers", "customers", ["merged_into_id"], ["id"]
    )
    op.create_index(
        op.f("ix_customers_merged_into_id"),
        "customers",
        ["merged_into_id"],
        postgresql_where=sa.text("merged_into_id is not null"),
    )
    op.create_table(
        "merges",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("winner_id", sa.Uuid(), nullable=False),
        sa.Column("loser_id", sa.Uuid(), nullable=False),
        sa.Column("pair_id", sa.Uuid(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("choices", JSONB, nullable=False),
        sa.Column("changes", JSONB, nullable=False),
        sa.Column("kept", JSONB, nullable=True),
        sa.Column("merged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("unmerged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("unmerged_by", sa.Text(), nullable=True),
        sa.CheckConstraint("reason in ('manual', 'automatic', 'import')", name=op.f("ck_merges_reason_known")),
        sa.CheckConstraint("winner_id <> loser_id", name=op.f("ck_merges_two_cards")),
        sa.CheckConstraint(
            "(unmerged_at is null) = (kept is null)", name=op.f("ck_merges_undone_with_its_account")
        ),
        sa.ForeignKeyConstraint(["winner_id"], ["customers.id"], name=op.f("fk_merges_winner_id_customers")),
        sa.ForeignKeyConstraint(["loser_id"], ["customers.id"], name=op.f("fk_merges_loser_id_customers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merges")),
    )
    op.create_index(
        "uq_merges_standing", "merges", ["loser_id"], unique=True, postgresql_where=sa.text("unmerged_at is null")
    )
    op.create_index(op.f("ix_merges_winner_id"), "merges", ["winner_id"])
    op.create_index(op.f("ix_merges_loser_id"), "merges", ["loser_id"])
    op.create_table(
        "merge_moves",
        sa.Column("merge_id", sa.Uuid(), nullable=False),
        sa.Column("table_name", sa.Text(), nullable=False),
        sa.Column("keys", JSONB, nullable=False),
        sa.ForeignKeyConstraint(
            ["merge_id"], ["merges.id"], name=op.f("fk_merge_moves_merge_id_merges"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("merge_id", "table_name", name=op.f("pk_merge_moves")),
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("merge_moves")
    op.drop_table("merges")
    op.drop_column("customers", "merged_into_id")
