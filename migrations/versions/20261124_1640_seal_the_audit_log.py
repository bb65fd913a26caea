"""Seals over the audit log, checkpoints of consent chains, and what each verification found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1640"
down_revision = "20261124_1630"
branch_labels = None
depends_on = None

APPLICATION_ROLE = "ritorno"
LEDGERS = ("audit_seals", "consent_checkpoints")


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    # One statement, so that the log is written anew once; the rows are numbered in the order in which they lie.
    op.execute(
        """
        alter table audit_entries
            add column seq bigint generated always as identity,
            add column is_read boolean not null generated always as (
                split_part(action, '.', 2) in ('read', 'listed', 'downloaded')
            ) stored
        """
    )
    op.create_unique_constraint(op.f("uq_audit_entries_seq"), "audit_entries", ["seq"])
    op.create_index(op.f("ix_audit_entries_actor_id_at_id"), "audit_entries", ["actor_id", "at", "id"])
    op.create_index(
        "ix_audit_entries_action",
        "audit_entries",
        ["action", "at", "id"],
        postgresql_ops={"action": "text_pattern_ops"},
    )
    op.create_index("ix_audit_entries_reads", "audit_entries", ["at", "id"], postgresql_where=sa.text("is_read"))

    op.create_table(
        "audit_pending",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_pending")),
    )
    op.execute("insert into audit_pending (seq) select seq from audit_entries")
    op.execute(
        """
        create function await_seal() returns trigger language plpgsql as $$
        begin
            insert into audit_pending (seq) select seq from arrived;
            return null;
        end $$
        """
    )
    op.execute(
        "create trigger await_seal after insert on audit_entries referencing new table as arrived "
        "for each statement execute function await_seal()"
    )
    op.create_table(
        "audit_seals",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seqs", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("digests", postgresql.ARRAY(sa.LargeBinary()), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "number > 0 and (number = 1) = (prev_hash is null)", name=op.f("ck_audit_seals_chain_begins_once")
        ),
        sa.CheckConstraint(
            "cardinality(seqs) > 0 and cardinality(seqs) = cardinality(digests)",
            name=op.f("ck_audit_seals_one_digest_an_entry"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_audit_seals")),
    )
    op.create_table(
        "consent_checkpoints",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("is_beginning", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("signature", sa.LargeBinary(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer_id", "seq", "is_beginning", name=op.f("pk_consent_checkpoints")),
    )
    op.create_table(
        "proof_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.Text(), nullable=True),
        sa.Column("checked_count", sa.BigInteger(), nullable=False),
        sa.Column("fault_count", sa.BigInteger(), nullable=False),
        sa.Column("faults", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('consents', 'audit')", name=op.f("ck_proof_runs_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proof_runs")),
    )
    op.create_index(op.f("ix_proof_runs_kind_started_at"), "proof_runs", ["kind", "started_at"])
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
            if exists (select from pg_roles where rolname = '{APPLICATION_ROLE}')
               and current_user <> '{APPLICATION_ROLE}' then
                revoke update, delete, truncate on {", ".join(LEDGERS)} from {APPLICATION_ROLE};
            end if;
        end $$
        """
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("proof_runs")
    op.drop_table("consent_checkpoints")
    op.drop_table("audit_seals")
    op.execute("drop trigger await_seal on audit_entries")
    op.execute("drop function await_seal()")
    op.drop_table("audit_pending")
    op.drop_index("ix_audit_entries_reads", table_name="audit_entries")
    op.drop_index("ix_audit_entries_action", table_name="audit_entries")
    op.drop_index(op.f("ix_audit_entries_actor_id_at_id"), table_name="audit_entries")
    op.drop_column("audit_entries", "is_read")
    op.drop_column("audit_entries", "seq")
