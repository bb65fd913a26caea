"""Calls to make, and what came of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1770"
down_revision = "20261124_1760"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())
APPLICATION_ROLE = "ritorno"
OUTCOMES = (
    "'REACHED', 'NO_ANSWER', 'BUSY', 'VOICEMAIL', 'WRONG_NUMBER', 'CALL_BACK', 'OBJECTED', 'DECEASED', 'ASKED_SOURCE'"
)


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "open_calls",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", JSONB, nullable=False),
        sa.Column("rpo_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_open_calls_message_id_messages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_open_calls")),
        sa.UniqueConstraint("operator_id", name=op.f("uq_open_calls_operator_id")),
    )
    op.create_table(
        "calls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("operator_id", sa.Uuid(), nullable=False),
        sa.Column("operator_name", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("callback_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rpo_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision", JSONB, nullable=False),
        sa.CheckConstraint(f"outcome in ({OUTCOMES})", name=op.f("ck_calls_outcome_known")),
        sa.CheckConstraint("result in ('INTERESTED', 'BOOKED', 'NOT_INTERESTED')", name=op.f("ck_calls_result_known")),
        sa.CheckConstraint("(outcome = 'REACHED') = (result is not null)", name=op.f("ck_calls_reached_has_a_result")),
        sa.CheckConstraint(
            "(outcome = 'CALL_BACK') = (callback_at is not null)", name=op.f("ck_calls_callback_has_its_moment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calls")),
    )
    op.create_index(op.f("ix_calls_customer_id"), "calls", ["customer_id"])
    op.create_index(op.f("ix_calls_message_id"), "calls", ["message_id"])
    op.create_table(
        "call_notes",
        sa.Column("call_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["calls.id"], name=op.f("fk_call_notes_call_id_calls")),
        sa.PrimaryKeyConstraint("call_id", name=op.f("pk_call_notes")),
    )
    op.execute(
        "create trigger keep_rows before update or delete on calls for each row execute function refuse_ledger_change()"
    )
    op.execute(
        "create trigger keep_table before truncate on calls for each statement execute function refuse_ledger_change()"
    )
    op.execute(
        f"""
        do $$ begin
            if exists (select from pg_roles where rolname = '{APPLICATION_ROLE}') and current_user <> '{APPLICATION_ROLE}' then
                revoke update, delete, truncate on calls from {APPLICATION_ROLE};
            end if;
        end $$
        """
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("call_notes")
    op.drop_table("calls")
    op.drop_table("open_calls")
