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

APPLICATION_ROLE = "ritorno"

REFUSE = """
    create or replace function refuse_ledger_change() returns trigger language plpgsql as $$
    begin
        {unless}raise exception 'table % is append-only', tg_table_name using errcode = 'restrict_violation';
    end $$
"""
# Retention lets go of the beginnings of two ledgers: as their owner, and inside the functions below, never outside.
UNLESS_LET_GO = """if tg_op = 'DELETE' and current_setting('ritorno.letting_go', true) = tg_table_name::text
            and tg_table_name in ('consent_events', 'audit_entries')
            and current_user::regrole = (select relowner from pg_class where oid = tg_relid)
        then
            return old;
        end if;
        """
LET_GO_OF_CONSENTS = """
    create function let_go_of_consents(person uuid, upto integer, before timestamptz) returns bigint
    language plpgsql as $$
    declare
        gone bigint;
    begin
        if not exists (select from consent_checkpoints where customer_id = person and seq = upto and is_beginning) then
            raise exception 'no chain begins after an entry that was not signed' using errcode = 'restrict_violation';
        end if;
        if exists (select from consent_events where customer_id = person and seq <= upto and recorded_at >= before) then
            raise exception 'the time of these entries is not over' using errcode = 'restrict_violation';
        end if;
        perform set_config('ritorno.letting_go', 'consent_events', true);
        delete from consent_events where customer_id = person and seq <= upto;
        get diagnostics gone = row_count;
        perform set_config('ritorno.letting_go', '', true);
        return gone;
    end $$
"""
LET_GO_OF_AUDIT = """
    create function let_go_of_audit(seal bigint, before timestamptz) returns bigint language plpgsql as $$
    declare
        gone bigint;
    begin
        if before > now() - interval '24 months'
           or not exists (select from audit_seals join audit_releases using (number)
                          where number = seal and last_at < before)
        then
            raise exception 'the time of these entries is not over' using errcode = 'restrict_violation';
        end if;
        perform set_config('ritorno.letting_go', 'audit_entries', true);
        delete from audit_entries where seq = any((select seqs from audit_seals where number = seal)::bigint[]);
        get diagnostics gone = row_count;
        perform set_config('ritorno.letting_go', '', true);
        return gone;
    end $$
"""


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
        sa.Column("left_clocks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_retention_runs")),
    )
    op.create_index(op.f("ix_retention_runs_day"), "retention_runs", ["day"], unique=False)
    # An erasure asks which rows of which file spoke of a person.
    op.create_index(
        op.f("ix_import_rows_subject_id"),
        "import_rows",
        ["subject_id"],
        postgresql_where=sa.text("subject_id is not null"),
    )
    op.add_column("customers", sa.Column("last_detached_at", sa.DateTime(timezone=True), nullable=True))
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
    _let_the_owner_let_go()


def _let_the_owner_let_go() -> None:
    op.create_table(
        "audit_releases",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_releases")),
    )
    op.execute(
        "create trigger keep_rows before update or delete on audit_releases "
        "for each row execute function refuse_ledger_change()"
    )
    op.execute(
        "create trigger keep_table before truncate on audit_releases "
        "for each statement execute function refuse_ledger_change()"
    )
    op.execute(REFUSE.format(unless=UNLESS_LET_GO))
    op.execute(LET_GO_OF_CONSENTS)
    op.execute(LET_GO_OF_AUDIT)
    op.execute(
        "revoke all on function let_go_of_consents(uuid, integer, timestamptz), let_go_of_audit(bigint, timestamptz) "
        "from public"
    )
    op.execute(
        f"""
        do $$ begin
            if exists (select from pg_roles where rolname = '{APPLICATION_ROLE}')
               and current_user <> '{APPLICATION_ROLE}' then
                revoke insert, update, delete, truncate on audit_releases from {APPLICATION_ROLE};
            end if;
        end $$
        """
    )


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
    op.execute("drop function let_go_of_audit(bigint, timestamptz)")
    op.execute("drop function let_go_of_consents(uuid, integer, timestamptz)")
    op.execute(REFUSE.format(unless=""))
    op.drop_table("audit_releases")
    op.drop_table("purchase_window")
    op.drop_column("customers", "last_detached_at")
    op.drop_index(op.f("ix_import_rows_subject_id"), table_name="import_rows")
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
