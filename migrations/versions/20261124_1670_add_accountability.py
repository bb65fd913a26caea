"""Register of processing, processors, breaches, printed documents."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1670"
down_revision = "20261124_1660"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())
APPLICATION_ROLE = "ritorno"
LEDGERS = ("processing_activity_versions", "terms_acceptances", "incident_events", "documents")


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "processing_activities",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("client", sa.Text(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("channels", JSONB, nullable=False),
        sa.Column("legal_bases", JSONB, nullable=False),
        sa.Column("name", JSONB, nullable=False),
        sa.Column("aim", JSONB, nullable=False),
        sa.Column("people", JSONB, nullable=False),
        sa.Column("data_categories", JSONB, nullable=False),
        sa.Column("recipients", JSONB, nullable=False),
        sa.Column("recipient_ids", JSONB, nullable=False),
        sa.Column("transfers", JSONB, nullable=False),
        sa.Column("retention", JSONB, nullable=False),
        sa.Column("retention_periods", JSONB, nullable=False),
        sa.Column("security", JSONB, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint("side in ('CONTROLLER', 'PROCESSOR')", name=op.f("ck_processing_activities_side_known")),
        sa.CheckConstraint(
            "(side = 'PROCESSOR') = (client is not null)",
            name=op.f("ck_processing_activities_processor_names_its_client"),
        ),
        sa.CheckConstraint(
            "ended_on is null or ended_on >= since",
            name=op.f("ck_processing_activities_ends_after_it_began"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processing_activities")),
        sa.UniqueConstraint("code", name=op.f("uq_processing_activities_code")),
    )
    op.create_table(
        "processing_activity_versions",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"], ["processing_activities.id"],
            name=op.f("fk_processing_activity_versions_activity_id_processing__ebcd")
        ),
        sa.PrimaryKeyConstraint("activity_id", "version", name=op.f("pk_processing_activity_versions")),
    )
    op.create_table(
        "processors",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("service", JSONB, nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("transfer_tool", sa.Text(), nullable=False),
        sa.Column("transfer_note", sa.Text(), nullable=False),
        sa.Column("activities", JSONB, nullable=False),
        sa.Column("dpa_signed_on", sa.Date(), nullable=True),
        sa.Column("dpa_sha256", sa.Text(), nullable=True),
        sa.Column("sub_processors", JSONB, nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "transfer_tool in ('IN_EEA', 'ADEQUACY', 'DPF', 'SCC', 'BCR', 'DEROGATION')",
            name=op.f("ck_processors_transfer_tool_known"),
        ),
        sa.CheckConstraint(
            "dpa_sha256 is null or dpa_signed_on is not null",
            name=op.f("ck_processors_agreement_has_its_day"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processors")),
        sa.UniqueConstraint("name", name=op.f("uq_processors_name")),
    )
    op.create_table(
        "terms_acceptances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("accepted_on", sa.Date(), nullable=False),
        sa.Column("accepted_by", sa.Text(), nullable=False),
        sa.Column("document_sha256", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_terms_acceptances")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("side", sa.Text(), nullable=False),
        sa.Column("became_aware_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("effects", sa.Text(), nullable=False),
        sa.Column("measures", sa.Text(), nullable=False),
        sa.Column("people_count", sa.Integer(), nullable=True),
        sa.Column("data_categories", sa.Text(), nullable=False),
        sa.Column("risk", sa.Text(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decision_reason", sa.Text(), nullable=False),
        sa.Column("notified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("people_told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("side in ('CONTROLLER', 'PROCESSOR')", name=op.f("ck_incidents_side_known")),
        sa.CheckConstraint("risk in ('UNLIKELY', 'RISK', 'HIGH')", name=op.f("ck_incidents_risk_known")),
        sa.CheckConstraint(
            "decision in ('UNDECIDED', 'NOTIFY', 'NOT_NOTIFY')",
            name=op.f("ck_incidents_decision_known"),
        ),
        sa.CheckConstraint(
            "decision <> 'NOT_NOTIFY' or decision_reason <> ''",
            name=op.f("ck_incidents_silence_has_a_reason"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    op.create_index(op.f("ix_incidents_became_aware_at_id"), "incidents", ["became_aware_at", "id"])
    op.create_table(
        "incident_events",
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("changes", JSONB, nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"],
            name=op.f("fk_incident_events_incident_id_incidents")
        ),
        sa.PrimaryKeyConstraint("incident_id", "seq", name=op.f("pk_incident_events")),
    )
    op.create_table(
        "documents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("inputs_sha256", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "kind in ('REGISTER', 'REGISTER_PROCESSOR', 'NOTICE', 'NOTICE_14', 'DPIA_SCREENING', 'LIA_POST', 'LIA_PHONE', 'DPA_LIST', 'TRANSFERS', 'STAFF_INSTRUCTIONS', 'SECURITY_MEASURES', 'BREACH_LOG', 'PROCESSING_TERMS')",
            name=op.f("ck_documents_kind_known"),
        ),
        sa.CheckConstraint("format in ('pdf', 'csv')", name=op.f("ck_documents_format_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("kind", "language", "format", "version", name=op.f("uq_documents_kind_language_format_version")),
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
    op.drop_table("documents")
    op.drop_table("incident_events")
    op.drop_table("incidents")
    op.drop_table("terms_acceptances")
    op.drop_table("processors")
    op.drop_table("processing_activity_versions")
    op.drop_table("processing_activities")
