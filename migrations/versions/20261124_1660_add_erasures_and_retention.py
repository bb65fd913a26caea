"""Erasures, what processors still owe, and the clocks of retention.

A receipt whose window has ended, or whose person was erased, has no customer any more.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1660"
down_revision = "20261124_1650"
branch_labels = None
depends_on = None

CLOCKS = (
    "'PURCHASES_PROFILED', 'PURCHASES_TRACED', 'MESSAGES', 'MESSAGE_CONTENTS', 'AUDIT', 'CONSENT_PROOF', "
    "'PENDING_CONFIRMATIONS', 'FILES_OUT', 'FILES_IN', 'WEBHOOK_PAYLOADS', 'UNCLAIMED', 'INACTIVE', 'INVOICES', "
    "'SUPPRESSIONS', 'REPLAYS'"
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.alter_column("transactions", "customer_id", nullable=True)
    op.alter_column("transaction_lines", "customer_id", nullable=True)
    op.create_table(
        "erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("card_ids", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=True),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("is_partial", sa.Boolean(), nullable=False),
        sa.Column("gone", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("kept", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "because in ('PERSON_ASKED', 'NO_LONGER_NEEDED', 'UNLAWFUL', 'LAW')", name=op.f("ck_erasures_because_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_customer_id"), "erasures", ["customer_id"], unique=False)
    op.create_index(op.f("ix_erasures_erased_at_id"), "erasures", ["erased_at", "id"], unique=False)
    op.create_table(
        "processor_erasures",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("erasure_id", sa.Uuid(), nullable=False),
        sa.Column("processor_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(told_at is null) = (told_by is null)", name=op.f("ck_processor_erasures_told_by_somebody")
        ),
        sa.ForeignKeyConstraint(
            ["erasure_id"], ["erasures.id"], name=op.f("fk_processor_erasures_erasure_id_erasures")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processor_erasures")),
        sa.UniqueConstraint("erasure_id", "processor_id", name=op.f("uq_processor_erasures_erasure_id_processor_id")),
    )
    op.create_index(
        "ix_processor_erasures_waiting",
        "processor_erasures",
        ["created_at", "id"],
        postgresql_where=sa.text("told_at is null"),
    )
    op.create_table(
        "holds",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.CheckConstraint("kind in ('TAX', 'DISPUTE', 'WARRANTY')", name=op.f("ck_holds_kind_known")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_holds_customer_id_customers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_holds")),
    )
    op.create_index(
        "ix_holds_standing", "holds", ["customer_id"], unique=False, postgresql_where=sa.text("lifted_at is null")
    )
    op.create_table(
        "restrictions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Text(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("restricted_by", sa.Text(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("exit", sa.Text(), nullable=True),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "asked_by in ('PERSON', 'REPRESENTATIVE', 'AUTHORITY', 'SHOP')", name=op.f("ck_restrictions_asked_by_known")
        ),
        sa.CheckConstraint(
            "exit in ('GROUND_ENDED', 'CONSENT', 'CLAIMS', 'PROTECTING_OTHERS', 'PUBLIC_INTEREST')",
            name=op.f("ck_restrictions_exit_known"),
        ),
        sa.CheckConstraint(
            "ground in ('ACCURACY', 'UNLAWFUL', 'CLAIMS', 'OBJECTION')", name=op.f("ck_restrictions_ground_known")
        ),
        sa.CheckConstraint("(lifted_at is null) = (exit is null)", name=op.f("ck_restrictions_lifted_for_a_reason")),
        sa.CheckConstraint("lifted_at is null or told_on is not null", name=op.f("ck_restrictions_told_before_lifted")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_restrictions_customer_id_customers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restrictions")),
    )
    op.create_index(op.f("ix_restrictions_customer_id"), "restrictions", ["customer_id"], unique=False)
    op.create_index(
        "uq_restrictions_standing",
        "restrictions",
        ["customer_id"],
        unique=True,
        postgresql_where=sa.text("lifted_at is null"),
    )
    op.create_table(
        "death_reports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("reported_by", sa.Text(), nullable=False),
        sa.Column("reported_on", sa.Date(), nullable=False),
        sa.Column("heirs_note", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.Column("reversed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reversed_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "reported_by in ('RELATIVE', 'HEIR', 'AUTHORITY', 'STAFF')", name=op.f("ck_death_reports_reported_by_known")
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_death_reports_customer_id_customers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_death_reports")),
    )
    op.create_index(
        "uq_death_reports_standing",
        "death_reports",
        ["customer_id"],
        unique=True,
        postgresql_where=sa.text("reversed_at is null"),
    )
    op.create_table(
        "retention_periods",
        sa.Column("clock", sa.Text(), nullable=False),
        sa.Column("months", sa.SmallInteger(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("assessment_id", sa.Uuid(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            f"clock in ({CLOCKS})",
            name=op.f("ck_retention_periods_clock_known"),
        ),
        sa.CheckConstraint("months > 0", name=op.f("ck_retention_periods_months_positive")),
        sa.PrimaryKeyConstraint("clock", name=op.f("pk_retention_periods")),
    )
    op.create_table(
        "retention_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("clock", sa.Text(), nullable=True),
        sa.Column("after_id", sa.Uuid(), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
    )
    op.create_index(op.f("ix_retention_runs_day"), "retention_runs", ["day"], unique=False)
    op.create_table(
        "purchase_window",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("profiled_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("traced_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_purchase_window_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_window")),
    )
    # The record of a collection is proof (C-06): it outlives the address it speaks of.
    op.drop_constraint("fk_soft_optins_contact_point_id_contact_points", "soft_optins", type_="foreignkey")


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute(
        "delete from soft_optins s where not exists (select from contact_points p where p.id = s.contact_point_id)"
    )
    op.create_foreign_key(
        "fk_soft_optins_contact_point_id_contact_points",
        "soft_optins",
        "contact_points",
        ["contact_point_id"],
        ["id"],
        ondelete="CASCADE",
    )
    op.drop_table("purchase_window")
    op.drop_table("retention_runs")
    op.drop_table("retention_periods")
    op.drop_table("death_reports")
    op.drop_table("restrictions")
    op.drop_table("holds")
    op.drop_table("processor_erasures")
    op.drop_table("erasures")
    op.execute("delete from transactions where customer_id is null")
    op.alter_column("transaction_lines", "customer_id", nullable=False)
    op.alter_column("transactions", "customer_id", nullable=False)
