"""How complete, valid and fresh each card is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1250"
down_revision = "20261124_1240"
branch_labels = None
depends_on = None

FIELDS = (
    "'email', 'phone', 'family_name', 'given_name', 'consent_email', 'consent_sms', 'profiling', 'card_number', "
    "'birth_on', 'address', 'home_store', 'consent_phone', 'consent_post', 'gender', 'source'"
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "card_quality",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("score", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("measures", postgresql.ARRAY(sa.Text()), server_default="{}", nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("recheck_on", sa.Date(), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("score between 0 and 100", name=op.f("ck_card_quality_score_in_range")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_card_quality")),
    )
    op.create_index(
        op.f("ix_card_quality_measures"), "card_quality", ["measures"], unique=False, postgresql_using="gin"
    )
    op.create_index(
        "ix_card_quality_recheck_on",
        "card_quality",
        ["recheck_on"],
        unique=False,
        postgresql_where=sa.text("recheck_on is not null"),
    )
    op.create_table(
        "quality_totals",
        sa.Column("store_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("store_id", "source", "measure", name=op.f("pk_quality_totals")),
    )
    op.create_table(
        "quality_history",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("measure", sa.Text(), nullable=False),
        sa.Column("value", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", "measure", name=op.f("pk_quality_history")),
    )
    op.create_table(
        "quality_ranks",
        sa.Column("field", sa.Text(), nullable=False),
        sa.Column("rank", sa.Text(), nullable=False),
        sa.CheckConstraint(f"field in ({FIELDS})", name=op.f("ck_quality_ranks_field_known")),
        sa.CheckConstraint(
            "rank in ('essential', 'useful', 'extra', 'unused')", name=op.f("ck_quality_ranks_rank_known")
        ),
        sa.PrimaryKeyConstraint("field", name=op.f("pk_quality_ranks")),
    )
    op.create_table(
        "quality_sweeps",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("after_id", sa.Uuid(), nullable=True),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_quality_sweeps_one_row")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_quality_sweeps_job_id_jobs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_sweeps")),
    )
    op.create_table(
        "card_confirmations",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_card_confirmations_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_card_confirmations")),
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    for table in (
        "card_confirmations",
        "quality_sweeps",
        "quality_ranks",
        "quality_history",
        "quality_totals",
        "card_quality",
    ):
        op.drop_table(table)
