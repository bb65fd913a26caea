"""What is known of purchases that live only in the lake."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1300"
down_revision = "20261124_1250"
branch_labels = None
depends_on = None


def _sums() -> list[sa.Column]:
    """The columns of `profiles`."""
    return [
        sa.Column("purchases", sa.Integer(), server_default="0", nullable=False),
        sa.Column("returns", sa.Integer(), server_default="0", nullable=False),
        sa.Column("revenue_minor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("visit_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("first_day", sa.Date(), nullable=True),
        sa.Column("last_day", sa.Date(), nullable=True),
        sa.Column("sl", sa.Double(), server_default="0", nullable=False),
        sa.Column("sl2", sa.Double(), server_default="0", nullable=False),
    ]


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "past_profiles",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        *_sums(),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_past_profiles_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_past_profiles")),
    )
    op.create_table(
        "past_category_profiles",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        *_sums(),
        sa.PrimaryKeyConstraint("customer_id", "category_id", name=op.f("pk_past_category_profiles")),
    )
    op.create_table(
        "lake_loads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("dataset", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("first_month", sa.Text(), nullable=True),
        sa.Column("last_month", sa.Text(), nullable=True),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.Column("loaded_by", sa.Text(), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "state in ('PLACING', 'COUNTING', 'DONE', 'REMOVING')", name=op.f("ck_lake_loads_state_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lake_loads")),
        sa.UniqueConstraint("sha256", "dataset", name=op.f("uq_lake_loads_sha256_dataset")),
    )
    op.create_table(
        "lake_pseudonyms",
        sa.Column("pseudonym", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_lake_pseudonyms_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pseudonym", name=op.f("pk_lake_pseudonyms")),
    )
    op.create_index(op.f("ix_lake_pseudonyms_customer_id"), "lake_pseudonyms", ["customer_id"])
    op.drop_constraint(op.f("ck_assessments_kind_known"), "assessments")
    op.create_check_constraint(
        op.f("ck_assessments_kind_known"), "assessments", "kind in ('LIA_POST', 'RETENTION')"
    )
    op.add_column("assessments", sa.Column("months", sa.SmallInteger(), nullable=True))
    op.create_check_constraint(
        op.f("ck_assessments_months_of_retention"), "assessments", "(kind = 'RETENTION') = (months is not null)"
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute("delete from assessments where kind = 'RETENTION'")
    op.drop_column("assessments", "months")
    op.drop_constraint(op.f("ck_assessments_kind_known"), "assessments")
    op.create_check_constraint(op.f("ck_assessments_kind_known"), "assessments", "kind in ('LIA_POST')")
    for table in ("lake_pseudonyms", "lake_loads", "past_category_profiles", "past_profiles"):
        op.drop_table(table)
