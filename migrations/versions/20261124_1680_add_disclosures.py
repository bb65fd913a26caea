"""Third parties, what was given to them, and what they were told."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1680"
down_revision = "20261124_1670"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())
APPLICATION_ROLE = "ritorno"
LEDGERS = ("handovers", "disclosures")


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "recipients",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("merchandise_category", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("privacy_contact", sa.Text(), nullable=False),
        sa.Column("stated_use", sa.Text(), nullable=False),
        sa.Column("activated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "ended_at is null or activated_at is not null",
            name=op.f("ck_recipients_ends_after_it_began"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipients")),
        sa.UniqueConstraint("name", name=op.f("uq_recipients_name")),
    )
    op.create_table(
        "handovers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("export_id", sa.Uuid(), nullable=False),
        sa.Column("fields", JSONB, nullable=False),
        sa.Column("people_count", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["recipients.id"], name=op.f("fk_handovers_recipient_id_recipients")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handovers")),
        sa.UniqueConstraint("export_id", name=op.f("uq_handovers_export_id")),
    )
    op.create_table(
        "disclosures",
        sa.Column("handover_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("consent_event_id", sa.Uuid(), nullable=True),
        sa.PrimaryKeyConstraint("handover_id", "customer_id", name=op.f("pk_disclosures")),
    )
    op.create_index(op.f("ix_disclosures_customer_id"), "disclosures", ["customer_id"])
    op.create_table(
        "disclosure_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False, server_default="pending"),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "cause in ('WITHDRAWN', 'OBJECTED', 'ERASED', 'RECTIFIED', 'RESTRICTED')",
            name=op.f("ck_disclosure_notices_cause_known"),
        ),
        sa.CheckConstraint("state in ('pending', 'sent', 'told')", name=op.f("ck_disclosure_notices_state_known")),
        sa.CheckConstraint(
            "(state = 'pending') = (settled_at is null)",
            name=op.f("ck_disclosure_notices_settled_has_its_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["recipient_id"], ["recipients.id"],
            name=op.f("fk_disclosure_notices_recipient_id_recipients")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure_notices")),
    )
    op.create_index(op.f("ix_disclosure_notices_created_at_id"), "disclosure_notices", ["created_at", "id"])
    op.create_index(op.f("ix_disclosure_notices_customer_id"), "disclosure_notices", ["customer_id"])
    op.create_index(
        "uq_disclosure_notices_pending",
        "disclosure_notices",
        ["recipient_id", "customer_id", "cause"],
        unique=True,
        postgresql_where=sa.text("state = 'pending'"),
    )
    op.add_column("exports", sa.Column("recipient_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_exports_recipient_id_recipients"), "exports", "recipients", ["recipient_id"], ["id"])
    op.drop_constraint(op.f("ck_exports_use_known"), "exports")
    op.create_check_constraint(op.f("ck_exports_use_known"), "exports", "use in ('INTERNAL', 'CONTACT', 'DISCLOSURE')")
    op.create_check_constraint(
        op.f("ck_exports_disclosure_names_its_recipient"), "exports", "(use = 'DISCLOSURE') = (recipient_id is not null)"
    )
    for table in LEDGERS:
        op.execute(
            f"create trigger keep_rows before update or delete on {table} "
            "for each row execute function refuse_ledger_change()"
        )
        op.execute(
            f"create trigger keep_table before truncate on {table} "
            "for each statement execute function refuse_ledger_change()"
        )
    op.execute(
        f"""
        do $$ begin
            if exists (select from pg_roles where rolname = '{APPLICATION_ROLE}') and current_user <> '{APPLICATION_ROLE}' then
                revoke update, delete, truncate on {", ".join(LEDGERS)} from {APPLICATION_ROLE};
            end if;
        end $$
        """
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_constraint(op.f("ck_exports_disclosure_names_its_recipient"), "exports")
    op.drop_constraint(op.f("ck_exports_use_known"), "exports")
    op.create_check_constraint(op.f("ck_exports_use_known"), "exports", "use in ('INTERNAL', 'CONTACT')")
    op.drop_column("exports", "recipient_id")
    op.drop_table("disclosure_notices")
    op.drop_table("disclosures")
    op.drop_table("handovers")
    op.drop_table("recipients")
