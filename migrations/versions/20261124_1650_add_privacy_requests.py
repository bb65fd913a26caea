"""Requests of people about their data, with their clock, and the packs made for them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1650"
down_revision = "20261124_1640"
branch_labels = None
depends_on = None

APPLICATION_ROLE = "ritorno"


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "privacy_requests",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=True),
        sa.Column("claimed_identity", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("wish", sa.Text(), nullable=True),
        sa.Column("evidence_sha256", sa.Text(), nullable=True),
        sa.Column("state", sa.Text(), server_default="received", nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paused_on", sa.Date(), nullable=True),
        sa.Column("pause_reason", sa.Text(), nullable=True),
        sa.Column("paused_days", sa.Integer(), server_default="0", nullable=False),
        sa.Column("extended_on", sa.Date(), nullable=True),
        sa.Column("extension_reason", sa.Text(), nullable=True),
        sa.Column("identity_method", sa.Text(), nullable=True),
        sa.Column("identified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handler_id", sa.Uuid(), nullable=True),
        sa.Column("handler_name", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("answer_reason", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind in ('ACCESS', 'PORTABILITY', 'RECTIFICATION', 'ERASURE', 'RESTRICTION', 'OBJECTION')",
            name=op.f("ck_privacy_requests_kind_known"),
        ),
        sa.CheckConstraint(
            "channel in ('DESK', 'EMAIL', 'PEC', 'LETTER', 'PHONE', 'WEB', 'SMS')",
            name=op.f("ck_privacy_requests_channel_known"),
        ),
        sa.CheckConstraint(
            "state in ('received', 'identity_pending', 'in_progress', 'answered', 'withdrawn')",
            name=op.f("ck_privacy_requests_state_known"),
        ),
        sa.CheckConstraint(
            "identity_method in ('LINK_TO_STORED_CONTACT', 'CALL_TO_STORED_PHONE', 'KNOWN_IN_PERSON', "
            "'CARD_AND_PURCHASE', 'SIGNED_PEC', 'DOCUMENT_SEEN')",
            name=op.f("ck_privacy_requests_identity_method_known"),
        ),
        sa.CheckConstraint(
            "outcome in ('GRANTED', 'PARTLY', 'REFUSED')", name=op.f("ck_privacy_requests_outcome_known")
        ),
        sa.CheckConstraint(
            "(state = 'answered') = (outcome is not null)", name=op.f("ck_privacy_requests_answer_has_an_outcome")
        ),
        sa.CheckConstraint(
            "outcome is null or outcome = 'GRANTED' or answer_reason is not null",
            name=op.f("ck_privacy_requests_no_has_a_reason"),
        ),
        sa.CheckConstraint(
            "(extended_on is null) = (extension_reason is null)",
            name=op.f("ck_privacy_requests_extension_has_a_reason"),
        ),
        sa.CheckConstraint(
            "paused_on is null or identified_at is null", name=op.f("ck_privacy_requests_pause_only_in_doubt")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_requests")),
    )
    op.create_index("ix_privacy_requests_due", "privacy_requests", ["due_on", "id"])
    op.create_index(
        "ix_privacy_requests_open", "privacy_requests", ["due_on"], postgresql_where=sa.text("closed_at is null")
    )
    op.create_index(op.f("ix_privacy_requests_customer_id"), "privacy_requests", ["customer_id"])
    op.create_table(
        "privacy_request_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.CheckConstraint(
            "kind in ('received', 'identity_asked', 'identity_confirmed', 'paused', 'resumed', 'extended', "
            "'assigned', 'pack_asked', 'pack_sent', 'pack_fetched', 'answered', 'withdrawn')",
            name=op.f("ck_privacy_request_events_kind_known"),
        ),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["privacy_requests.id"],
            name=op.f("fk_privacy_request_events_request_id_privacy_requests"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_request_events")),
    )
    op.create_index(op.f("ix_privacy_request_events_request_id_id"), "privacy_request_events", ["request_id", "id"])
    op.create_index("uq_privacy_request_events_message", "privacy_request_events", ["message_id"], unique=True)
    op.execute(
        "create trigger keep_rows before update or delete on privacy_request_events "
        "for each row execute function refuse_ledger_change()"
    )
    op.execute(
        "create trigger keep_table before truncate on privacy_request_events "
        "for each statement execute function refuse_ledger_change()"
    )
    op.execute(
        f"""
        do $$ begin
            if exists (select from pg_roles where rolname = '{APPLICATION_ROLE}')
                and current_user <> '{APPLICATION_ROLE}' then
                revoke update, delete, truncate on privacy_request_events from {APPLICATION_ROLE};
            end if;
        end $$
        """
    )
    op.create_table(
        "privacy_packs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("request_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("copy_number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("sections", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("stored_name", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_by_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('ACCESS', 'PORTABILITY')", name=op.f("ck_privacy_packs_kind_known")),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'done', 'failed', 'expired')", name=op.f("ck_privacy_packs_state_known")
        ),
        sa.CheckConstraint(
            "(state = 'done') = (stored_name is not null)", name=op.f("ck_privacy_packs_done_has_a_file")
        ),
        sa.ForeignKeyConstraint(
            ["request_id"], ["privacy_requests.id"], name=op.f("fk_privacy_packs_request_id_privacy_requests")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_packs")),
    )
    op.create_index(op.f("ix_privacy_packs_request_id"), "privacy_packs", ["request_id"])
    op.create_index(op.f("ix_privacy_packs_customer_id"), "privacy_packs", ["customer_id"])
    op.create_index(
        "ix_privacy_packs_kept_until", "privacy_packs", ["expires_at"], postgresql_where=sa.text("state = 'done'")
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("privacy_packs")
    op.drop_table("privacy_request_events")
    op.drop_table("privacy_requests")
