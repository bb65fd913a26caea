"""Ledgers refuse to be changed; the application's role may not own, truncate or rewrite them; the one business row exists."""

from alembic import op

revision = "20261121_2310"
down_revision = "20261121_2300"
branch_labels = None
depends_on = None

APPLICATION_ROLE = "ritorno"
LEDGERS = ("audit_entries", "consent_events", "notice_versions")


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute(
        """insert into business (id, name, address, email, phone, country, timezone, currency, language, is_invented)
           values (1, 'Il mio negozio', '', '', '', 'IT', 'Europe/Rome', 'EUR', 'it', false)"""
    )
    op.execute(
        """
        create function refuse_ledger_change() returns trigger language plpgsql as $$
        begin
            raise exception 'table % is append-only', tg_table_name using errcode = 'restrict_violation';
        end $$
        """
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
    # Where the application has a role of its own, it may read and write, and of the ledgers only read and append.
    op.execute(
        f"""
        do $$ begin
            if exists (select from pg_roles where rolname = '{APPLICATION_ROLE}') and current_user <> '{APPLICATION_ROLE}' then
                grant usage on schema public to {APPLICATION_ROLE};
                grant select, insert, update, delete on all tables in schema public to {APPLICATION_ROLE};
                -- Maintain lets it gather statistics after a large load; it changes no row.
                grant maintain on all tables in schema public to {APPLICATION_ROLE};
                grant usage on all sequences in schema public to {APPLICATION_ROLE};
                alter default privileges in schema public
                    grant select, insert, update, delete, maintain on tables to {APPLICATION_ROLE};
                alter default privileges in schema public grant usage on sequences to {APPLICATION_ROLE};
                revoke update, delete, truncate on {", ".join(LEDGERS)} from {APPLICATION_ROLE};
                revoke insert, update, delete on alembic_version from {APPLICATION_ROLE};
            end if;
        end $$
        """
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    for table in LEDGERS:
        op.execute(f"drop trigger keep_rows on {table}")
        op.execute(f"drop trigger keep_table on {table}")
    op.execute("drop function refuse_ledger_change()")
