"""The first tables of every domain."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261121_2300"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute("create extension if not exists pg_trgm")
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("scopes", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    op.create_table(
        "assessments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("approver", sa.Text(), nullable=False),
        sa.Column("document_sha256", sa.Text(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('LIA_POST')", name=op.f("ck_assessments_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessments")),
    )
    op.create_index(op.f("ix_assessments_kind_signed_on"), "assessments", ["kind", "signed_on"], unique=False)
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entries")),
    )
    op.create_index(op.f("ix_audit_entries_at_id"), "audit_entries", ["at", "id"], unique=False)
    op.create_index(op.f("ix_audit_entries_subject_id_at"), "audit_entries", ["subject_id", "at"], unique=False)
    op.create_table(
        "brands",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brands")),
        sa.UniqueConstraint("code", name=op.f("uq_brands_code")),
    )
    op.create_table(
        "business",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("is_invented", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_business_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_business")),
    )
    op.create_table(
        "categories",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("similarity_group", sa.Text(), nullable=True),
        sa.Column("usual_interval_days", sa.BigInteger(), nullable=True),
        sa.Column("is_recallable", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("usual_interval_days between 1 and 3650", name=op.f("ck_categories_interval_sane")),
        sa.ForeignKeyConstraint(["parent_id"], ["categories.id"], name=op.f("fk_categories_parent_id_categories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_categories")),
        sa.UniqueConstraint("code", name=op.f("uq_categories_code")),
    )
    op.create_index(op.f("ix_categories_name_id"), "categories", ["name", "id"], unique=False)
    op.create_table(
        "category_profiles",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
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
        sa.PrimaryKeyConstraint("customer_id", "category_id", name=op.f("pk_category_profiles")),
    )
    op.create_table(
        "consent_states",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=True),
        sa.CheckConstraint(
            "method in ('WEB', 'POS_TABLET', 'POS_PAPER', 'PHONE_REC', 'EMAIL_LINK', 'LIST_UNSUB_POST', 'SMS_KEYWORD', 'LETTER', 'PEC', 'API', 'IMPORT', 'RPO', 'ORAL')",
            name=op.f("ck_consent_states_method_known"),
        ),
        sa.CheckConstraint(
            "purpose in ('SERVICE', 'LEGAL_SAFETY', 'LOYALTY', 'MKT_OWN', 'PROFILING', 'THIRD_PARTY', 'MARKET_RESEARCH', 'STATS_AGG', 'TRACK_OPEN', 'TRACK_CLICK', 'SPECIAL_CAT')",
            name=op.f("ck_consent_states_purpose_known"),
        ),
        sa.CheckConstraint(
            "standing in ('GRANTED', 'PENDING', 'UNPROVEN', 'LAPSED', 'REFUSED', 'WITHDRAWN', 'OBJECTED')",
            name=op.f("ck_consent_states_standing_known"),
        ),
        sa.PrimaryKeyConstraint("customer_id", "purpose", "channel", name=op.f("pk_consent_states")),
    )
    op.create_table(
        "idempotency_keys",
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("route", "key", name=op.f("pk_idempotency_keys")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('running', 'done', 'failed')", name=op.f("ck_jobs_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    op.create_index(op.f("ix_jobs_started_at_id"), "jobs", ["started_at", "id"], unique=False)
    op.create_table(
        "notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "purpose in ('SERVICE', 'LEGAL_SAFETY', 'LOYALTY', 'MKT_OWN', 'PROFILING', 'THIRD_PARTY', 'MARKET_RESEARCH', 'STATS_AGG', 'TRACK_OPEN', 'TRACK_CLICK', 'SPECIAL_CAT')",
            name=op.f("ck_notices_purpose_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("code", name=op.f("uq_notices_code")),
    )
    op.create_table(
        "outbox_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("relayed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_events")),
    )
    op.create_index("ix_outbox_events_occurred_at", "outbox_events", ["occurred_at"], unique=False)
    op.create_index(
        "ix_outbox_events_waiting",
        "outbox_events",
        ["id"],
        unique=False,
        postgresql_where=sa.text("relayed_at is null"),
    )
    op.create_table(
        "scheduled_runs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", "due_at", name=op.f("pk_scheduled_runs")),
    )
    op.create_table(
        "segments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("tree", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("uses_purchases", sa.Boolean(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("last_count", sa.BigInteger(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segments")),
    )
    op.create_index(op.f("ix_segments_name"), "segments", ["name"], unique=False)
    op.create_table(
        "senders",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("reply_to", sa.Text(), nullable=True),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("unit_cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "channel in ('EMAIL', 'SMS', 'WHATSAPP', 'PUSH', 'PHONE_OPERATOR', 'PHONE_AUTO', 'POST', 'FAX')",
            name=op.f("ck_senders_channel_known"),
        ),
        sa.CheckConstraint("stream in ('MARKETING', 'SERVICE')", name=op.f("ck_senders_stream_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_senders")),
        sa.UniqueConstraint("channel", "stream", name=op.f("uq_senders_channel_stream")),
    )
    op.create_table(
        "sign_in_tries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_hash", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_tries")),
    )
    op.create_index(op.f("ix_sign_in_tries_subject_hash_at"), "sign_in_tries", ["subject_hash", "at"], unique=False)
    op.create_table(
        "stores",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stores")),
        sa.UniqueConstraint("code", name=op.f("uq_stores_code")),
    )
    op.create_table(
        "suppressions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("kid", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "channel in ('EMAIL', 'SMS', 'WHATSAPP', 'PUSH', 'PHONE_OPERATOR', 'PHONE_AUTO', 'POST', 'FAX')",
            name=op.f("ck_suppressions_channel_known"),
        ),
        sa.CheckConstraint(
            "reason in ('UNSUB', 'ERASED', 'COMPLAINT', 'HARD_BOUNCE', 'MANUAL', 'IMPORT')",
            name=op.f("ck_suppressions_reason_known"),
        ),
        sa.CheckConstraint("scope in ('MARKETING', 'ALL')", name=op.f("ck_suppressions_scope_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppressions")),
    )
    op.create_index(
        "uq_suppressions_standing",
        "suppressions",
        ["hash", "reason"],
        unique=True,
        postgresql_where=sa.text("lifted_at is null"),
    )
    op.create_table(
        "tasks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_type", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("details", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('open', 'done')", name=op.f("ck_tasks_state_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
        sa.UniqueConstraint("key", name=op.f("uq_tasks_key")),
    )
    op.create_index(op.f("ix_tasks_state_created_at_id"), "tasks", ["state", "created_at", "id"], unique=False)
    op.create_table(
        "templates",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("template_class", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("similarity_group", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("uses_purchases", sa.Boolean(), nullable=False),
        sa.Column("is_promotional", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "channel in ('EMAIL', 'SMS', 'WHATSAPP', 'PUSH', 'PHONE_OPERATOR', 'PHONE_AUTO', 'POST', 'FAX')",
            name=op.f("ck_templates_channel_known"),
        ),
        sa.CheckConstraint(
            "purpose in ('SERVICE', 'LEGAL_SAFETY', 'LOYALTY', 'MKT_OWN', 'PROFILING', 'THIRD_PARTY', 'MARKET_RESEARCH', 'STATS_AGG', 'TRACK_OPEN', 'TRACK_CLICK', 'SPECIAL_CAT')",
            name=op.f("ck_templates_purpose_known"),
        ),
        sa.CheckConstraint("status in ('draft', 'ready')", name=op.f("ck_templates_status_known")),
        sa.CheckConstraint(
            "template_class in ('MARKETING', 'SERVICE')", name=op.f("ck_templates_template_class_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint("code", name=op.f("uq_templates_code")),
    )
    op.create_table(
        "unclaimed_transactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("external_id", sa.Text(collation="C"), nullable=False),
        sa.Column("reference_keys", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("content_hash", sa.BigInteger(), nullable=False),
        sa.Column("source_updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_version", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unclaimed_transactions")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_unclaimed_transactions_source_external_id")),
    )
    op.create_index(
        op.f("ix_unclaimed_transactions_received_at_id"), "unclaimed_transactions", ["received_at", "id"], unique=False
    )
    op.create_index(
        op.f("ix_unclaimed_transactions_reference_keys"),
        "unclaimed_transactions",
        ["reference_keys"],
        unique=False,
        postgresql_using="gin",
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_pending", sa.Text(), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "role in ('owner', 'marketer', 'cashier', 'analyst', 'privacy_officer')", name=op.f("ck_users_role_known")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_type", sa.Text(), server_default="PERSON", nullable=False),
        sa.Column("given_name", sa.Text(), nullable=True),
        sa.Column("family_name", sa.Text(), nullable=True),
        sa.Column("search_name", sa.Text(collation="C"), server_default="", nullable=False),
        sa.Column("search_given_name", sa.Text(collation="C"), server_default="", nullable=False),
        sa.Column("birth_on", sa.Date(), nullable=True),
        sa.Column(
            "birthday",
            sa.SmallInteger(),
            sa.Computed("(extract(month from birth_on) * 100 + extract(day from birth_on))::smallint", persisted=True),
            nullable=True,
        ),
        sa.Column("is_minor_flagged", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("gender", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), server_default="it", nullable=False),
        sa.Column("acquisition_source", sa.Text(), nullable=True),
        sa.Column("first_contact_on", sa.Date(), nullable=True),
        sa.Column("spending_capacity", sa.Text(), nullable=True),
        sa.Column("home_store_id", sa.Uuid(), nullable=True),
        sa.Column("country", sa.Text(), server_default="IT", nullable=False),
        sa.Column("timezone", sa.Text(), nullable=True),
        sa.Column("city", sa.Text(), nullable=True),
        sa.Column("deceased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "acquisition_source in ('ORDER', 'QUESTIONNAIRE', 'REGISTRATION', 'CONTEST', 'REQUEST', 'LOYALTY', 'WARRANTY', 'STAFF', 'REVIEW', 'WEB', 'BROADCAST', 'FILE')",
            name=op.f("ck_customers_acquisition_source_known"),
        ),
        sa.CheckConstraint("birth_on >= '1900-01-01'", name=op.f("ck_customers_birth_plausible")),
        sa.CheckConstraint("country ~ '^[A-Z]{2}$'", name=op.f("ck_customers_country_code")),
        sa.CheckConstraint("gender in ('FEMALE', 'MALE', 'OTHER')", name=op.f("ck_customers_gender_known")),
        sa.CheckConstraint("language ~ '^[a-z]{2}$'", name=op.f("ck_customers_language_code")),
        sa.CheckConstraint(
            "spending_capacity in ('LOW', 'MEDIUM', 'HIGH')", name=op.f("ck_customers_spending_capacity_known")
        ),
        sa.CheckConstraint("subject_type in ('PERSON', 'COMPANY')", name=op.f("ck_customers_subject_type_known")),
        sa.CheckConstraint("version > 0", name=op.f("ck_customers_version_positive")),
        sa.ForeignKeyConstraint(["home_store_id"], ["stores.id"], name=op.f("fk_customers_home_store_id_stores")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customers")),
    )
    op.create_index(op.f("ix_customers_birthday"), "customers", ["birthday"], unique=False)
    op.create_index(op.f("ix_customers_city_birth_on"), "customers", ["city", "birth_on"], unique=False)
    op.create_index(
        "ix_customers_city_created",
        "customers",
        ["city", sa.literal_column("created_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "ix_customers_created",
        "customers",
        [sa.literal_column("created_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(
        "ix_customers_home_store_created",
        "customers",
        ["home_store_id", sa.literal_column("created_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_index(op.f("ix_customers_search_given_name_id"), "customers", ["search_given_name", "id"], unique=False)
    op.create_index(op.f("ix_customers_search_name_id"), "customers", ["search_name", "id"], unique=False)
    op.create_index(
        "ix_customers_search_name_trigram",
        "customers",
        ["search_name"],
        unique=False,
        postgresql_using="gin",
        postgresql_ops={"search_name": "gin_trgm_ops"},
    )
    op.create_table(
        "notice_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("notice_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_sha256", sa.Text(), nullable=False),
        sa.Column("offers_opt_out", sa.Boolean(), nullable=False),
        sa.Column("effective_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_versions_notice_id_notices")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_versions")),
        sa.UniqueConstraint(
            "notice_id", "version", "language", name=op.f("uq_notice_versions_notice_id_version_language")
        ),
    )
    op.create_index(op.f("ix_notice_versions_text_sha256"), "notice_versions", ["text_sha256"], unique=False)
    op.create_table(
        "outbox_deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("job", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="open", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.CheckConstraint("state in ('open', 'done', 'failed')", name=op.f("ck_outbox_deliveries_state_known")),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["outbox_events.id"],
            name=op.f("fk_outbox_deliveries_event_id_outbox_events"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_deliveries")),
    )
    op.create_index("ix_outbox_deliveries_event_id", "outbox_deliveries", ["event_id"], unique=False)
    op.create_index(
        "ix_outbox_deliveries_open",
        "outbox_deliveries",
        ["next_at"],
        unique=False,
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "products",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sku", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(collation="C"), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("brand_id", sa.Uuid(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("similarity_group", sa.Text(), nullable=True),
        sa.Column("usual_interval_days", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind in ('product', 'service')", name=op.f("ck_products_kind_known")),
        sa.CheckConstraint("usual_interval_days between 1 and 3650", name=op.f("ck_products_interval_sane")),
        sa.ForeignKeyConstraint(["brand_id"], ["brands.id"], name=op.f("fk_products_brand_id_brands")),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_products_category_id_categories")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_products")),
        sa.UniqueConstraint("sku", name=op.f("uq_products_sku")),
    )
    op.create_index(op.f("ix_products_category_id_name_id"), "products", ["category_id", "name", "id"], unique=False)
    op.create_index(op.f("ix_products_name_id"), "products", ["name", "id"], unique=False)
    op.create_index(
        "ix_products_own_group",
        "products",
        ["category_id"],
        unique=False,
        postgresql_where=sa.text("similarity_group is not null"),
    )
    op.create_table(
        "recalls",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("active_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("eligibility_segment_id", sa.Uuid(), nullable=True),
        sa.Column("control_share", sa.Numeric(precision=5, scale=4), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("window_days", sa.BigInteger(), nullable=False),
        sa.Column("cooldown_days", sa.BigInteger(), nullable=False),
        sa.Column("lead_days", sa.BigInteger(), nullable=False),
        sa.Column("send_from", sa.Time(), nullable=False),
        sa.Column("send_until", sa.Time(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('rhythm', 'birthday')", name=op.f("ck_recalls_kind_known")),
        sa.CheckConstraint(
            "control_share >= 0 and control_share <= 0.5", name=op.f("ck_recalls_control_share_bounded")
        ),
        sa.CheckConstraint("send_from < send_until", name=op.f("ck_recalls_hours_ordered")),
        sa.CheckConstraint("window_days between 1 and 365", name=op.f("ck_recalls_window_days_bounded")),
        sa.ForeignKeyConstraint(["category_id"], ["categories.id"], name=op.f("fk_recalls_category_id_categories")),
        sa.ForeignKeyConstraint(
            ["eligibility_segment_id"], ["segments.id"], name=op.f("fk_recalls_eligibility_segment_id_segments")
        ),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name=op.f("fk_recalls_template_id_templates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recalls")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_recovery_codes_user_id_users"), ondelete="cascade"
        ),
        sa.PrimaryKeyConstraint("user_id", "code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_table(
        "rhythm_fits",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("mu", sa.Double(), nullable=False),
        sa.Column("sigma", sa.Double(), nullable=False),
        sa.Column("tau", sa.Double(), nullable=False),
        sa.Column("a", sa.Double(), nullable=False),
        sa.Column("b", sa.Double(), nullable=False),
        sa.Column("unit_count", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("fitted_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "(level = 'category') = (category_id is not null)", name=op.f("ck_rhythm_fits_category_named")
        ),
        sa.CheckConstraint("level in ('shop', 'pooled', 'category')", name=op.f("ck_rhythm_fits_level_known")),
        sa.CheckConstraint(
            "sigma > 0 and tau > 0 and a > 0 and b > 0", name=op.f("ck_rhythm_fits_parameters_positive")
        ),
        sa.ForeignKeyConstraint(
            ["category_id"], ["categories.id"], name=op.f("fk_rhythm_fits_category_id_categories"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rhythm_fits")),
        sa.UniqueConstraint(
            "level", "category_id", name=op.f("uq_rhythm_fits_level_category_id"), postgresql_nulls_not_distinct=True
        ),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("step_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id_users"), ondelete="cascade"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sessions_token_hash")),
    )
    op.create_index(op.f("ix_sessions_user_id"), "sessions", ["user_id"], unique=False)
    op.create_table(
        "template_texts",
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=True),
        sa.Column("plain", sa.Text(), nullable=False),
        sa.Column("variables", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id"], ["templates.id"], name=op.f("fk_template_texts_template_id_templates"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("template_id", "version", "language", name=op.f("pk_template_texts")),
    )
    op.create_table(
        "touches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("template_version", sa.BigInteger(), nullable=False),
        sa.Column("tree", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("uses_purchases", sa.Boolean(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("control_share", sa.Numeric(precision=5, scale=4), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("window_days", sa.BigInteger(), nullable=False),
        sa.Column("cap_minor", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("cursor", sa.Uuid(), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind in ('CAMPAIGN', 'RECALL')", name=op.f("ck_touches_kind_known")),
        sa.CheckConstraint(
            "state in ('planning', 'planned', 'paused', 'stopped')", name=op.f("ck_touches_state_known")
        ),
        sa.CheckConstraint(
            "control_share >= 0 and control_share <= 0.5", name=op.f("ck_touches_control_share_bounded")
        ),
        sa.CheckConstraint("window_days between 1 and 365", name=op.f("ck_touches_window_days_bounded")),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name=op.f("fk_touches_template_id_templates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_touches")),
    )
    op.create_index(op.f("ix_touches_closes_at"), "touches", ["closes_at"], unique=False)
    op.create_index(op.f("ix_touches_subject_id"), "touches", ["subject_id"], unique=False)
    op.create_table(
        "campaigns",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("segment_id", sa.Uuid(), nullable=True),
        sa.Column("template_id", sa.Uuid(), nullable=True),
        sa.Column("control_share", sa.Numeric(precision=5, scale=4), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("window_days", sa.BigInteger(), nullable=False),
        sa.Column("scheduled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("touch_id", sa.Uuid(), nullable=True),
        sa.Column("launched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state in ('draft', 'scheduled', 'sending', 'paused', 'done', 'cancelled')",
            name=op.f("ck_campaigns_state_known"),
        ),
        sa.CheckConstraint(
            "control_share >= 0 and control_share <= 0.5", name=op.f("ck_campaigns_control_share_bounded")
        ),
        sa.CheckConstraint("window_days between 1 and 365", name=op.f("ck_campaigns_window_days_bounded")),
        sa.ForeignKeyConstraint(["segment_id"], ["segments.id"], name=op.f("fk_campaigns_segment_id_segments")),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name=op.f("fk_campaigns_template_id_templates")),
        sa.ForeignKeyConstraint(["touch_id"], ["touches.id"], name=op.f("fk_campaigns_touch_id_touches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaigns")),
    )
    op.create_index(op.f("ix_campaigns_created_at_id"), "campaigns", ["created_at", "id"], unique=False)
    op.create_table(
        "category_scores",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("m", sa.Double(), nullable=False),
        sa.Column("s", sa.Double(), nullable=False),
        sa.Column("q", sa.Double(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("likely_from", sa.Date(), nullable=False),
        sa.Column("likely_to", sa.Date(), nullable=False),
        sa.Column("lapsed_on", sa.Date(), nullable=False),
        sa.Column("p_alive", sa.Double(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("expected_value_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_category_scores_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", "category_id", name=op.f("pk_category_scores")),
    )
    op.create_index(
        op.f("ix_category_scores_category_id_due_on_lapsed_on"),
        "category_scores",
        ["category_id", "due_on", "lapsed_on"],
        unique=False,
    )
    op.create_table(
        "consent_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=True),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("legal_basis", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.Column("actor_kind", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("notice_version_id", sa.Uuid(), nullable=True),
        sa.Column("text_sha256", sa.Text(), nullable=True),
        sa.Column("locale", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("ip", sa.Text(), nullable=True),
        sa.Column("user_agent", sa.Text(), nullable=True),
        sa.Column("evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("is_proven", sa.Boolean(), nullable=False),
        sa.Column("prev_hash", sa.LargeBinary(), nullable=True),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "action in ('GRANT_PENDING', 'GRANT', 'DENY', 'WITHDRAW', 'OBJECT', 'INVALIDATE', 'EXPIRE')",
            name=op.f("ck_consent_events_action_known"),
        ),
        sa.CheckConstraint(
            "channel in ('EMAIL', 'SMS', 'WHATSAPP', 'PUSH', 'PHONE_OPERATOR', 'PHONE_AUTO', 'POST', 'FAX')",
            name=op.f("ck_consent_events_channel_known"),
        ),
        sa.CheckConstraint(
            "legal_basis in ('CONSENT_6_1_A', 'EXPLICIT_9_2_A', 'SOFT_OPTIN_130_4', 'CONTRACT_6_1_B', 'PRECONTRACT_6_1_B', 'LEGAL_OBL_6_1_C', 'VITAL_6_1_D', 'LEGIT_INT_6_1_F', 'NONE')",
            name=op.f("ck_consent_events_legal_basis_known"),
        ),
        sa.CheckConstraint(
            "method in ('WEB', 'POS_TABLET', 'POS_PAPER', 'PHONE_REC', 'EMAIL_LINK', 'LIST_UNSUB_POST', 'SMS_KEYWORD', 'LETTER', 'PEC', 'API', 'IMPORT', 'RPO', 'ORAL')",
            name=op.f("ck_consent_events_method_known"),
        ),
        sa.CheckConstraint(
            "party in ('SUBJECT', 'PARENT', 'STAFF', 'IMPORT', 'SYSTEM', 'REGISTRY')",
            name=op.f("ck_consent_events_party_known"),
        ),
        sa.CheckConstraint(
            "purpose in ('SERVICE', 'LEGAL_SAFETY', 'LOYALTY', 'MKT_OWN', 'PROFILING', 'THIRD_PARTY', 'MARKET_RESEARCH', 'STATS_AGG', 'TRACK_OPEN', 'TRACK_CLICK', 'SPECIAL_CAT')",
            name=op.f("ck_consent_events_purpose_known"),
        ),
        sa.CheckConstraint(
            "seq > 0 and (seq = 1) = (prev_hash is null)", name=op.f("ck_consent_events_chain_begins_once")
        ),
        sa.ForeignKeyConstraint(
            ["notice_version_id"],
            ["notice_versions.id"],
            name=op.f("fk_consent_events_notice_version_id_notice_versions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_events")),
        sa.UniqueConstraint("customer_id", "seq", name=op.f("uq_consent_events_customer_id_seq")),
    )
    op.create_index(
        "ix_consent_events_newest",
        "consent_events",
        ["customer_id", sa.literal_column("occurred_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_table(
        "contact_points",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("raw", sa.Text(), nullable=True),
        sa.Column("match_key", sa.Text(collation="C"), nullable=False),
        sa.Column("is_mobile", sa.Boolean(), nullable=True),
        sa.Column("level", sa.Text(), server_default="UNVERIFIED", nullable=False),
        sa.Column("level_evidence", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("invalid_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hard_bounced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("complained_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_primary", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("address", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(kind = 'POSTAL') = (address is not null)", name=op.f("ck_contact_points_address_of_post_only")
        ),
        sa.CheckConstraint(
            "kind <> 'PHONE' or match_key ~ '^[+][1-9][0-9]{3,14}$'", name=op.f("ck_contact_points_phone_e164")
        ),
        sa.CheckConstraint("kind in ('EMAIL', 'PHONE', 'POSTAL')", name=op.f("ck_contact_points_kind_known")),
        sa.CheckConstraint(
            "level in ('UNVERIFIED', 'DELIVERED_OK', 'CONFIRMED')", name=op.f("ck_contact_points_level_known")
        ),
        sa.CheckConstraint(
            "valid_to is null or valid_to >= valid_from", name=op.f("ck_contact_points_validity_ordered")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_contact_points_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_points")),
    )
    op.create_index(op.f("ix_contact_points_customer_id"), "contact_points", ["customer_id"], unique=False)
    op.create_index(op.f("ix_contact_points_kind_match_key"), "contact_points", ["kind", "match_key"], unique=False)
    op.create_index(
        "ix_contact_points_phone_end",
        "contact_points",
        [sa.literal_column("reverse(match_key)")],
        unique=False,
        postgresql_where=sa.text("kind = 'PHONE'"),
    )
    op.create_index(
        "uq_contact_points_current_value",
        "contact_points",
        ["customer_id", "kind", "match_key"],
        unique=True,
        postgresql_where=sa.text("valid_to is null"),
    )
    op.create_index(
        "uq_contact_points_one_primary",
        "contact_points",
        ["customer_id", "kind"],
        unique=True,
        postgresql_where=sa.text("is_primary and valid_to is null"),
    )
    op.create_table(
        "customer_interests",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("learnt_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_customer_interests_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("customer_id", "label", name=op.f("pk_customer_interests")),
    )
    op.create_index(
        op.f("ix_customer_interests_label_customer_id"), "customer_interests", ["label", "customer_id"], unique=False
    )
    op.create_table(
        "customer_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_notes_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_notes")),
    )
    op.create_index(
        "ix_customer_notes_newest",
        "customer_notes",
        ["customer_id", sa.literal_column("created_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_table(
        "customer_scores",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("stage_since", sa.Date(), nullable=False),
        sa.Column("due_category_id", sa.Uuid(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("m", sa.Double(), nullable=False),
        sa.Column("s", sa.Double(), nullable=False),
        sa.Column("q", sa.Double(), nullable=False),
        sa.Column("x", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("likely_from", sa.Date(), nullable=False),
        sa.Column("likely_to", sa.Date(), nullable=False),
        sa.Column("lapsed_on", sa.Date(), nullable=False),
        sa.Column("p_alive", sa.Double(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("expected_value_minor", sa.BigInteger(), nullable=False),
        sa.CheckConstraint(
            "stage in ('none', 'new', 'active', 'due', 'late', 'at_risk', 'lost')",
            name=op.f("ck_customer_scores_stage_known"),
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_scores_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_customer_scores")),
    )
    op.create_index(
        op.f("ix_customer_scores_due_on_lapsed_on"), "customer_scores", ["due_on", "lapsed_on"], unique=False
    )
    op.create_index(
        "ix_customer_scores_most_at_stake",
        "customer_scores",
        [sa.literal_column("expected_value_minor desc"), "customer_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_customer_scores_stage_customer_id"), "customer_scores", ["stage", "customer_id"], unique=False
    )
    op.create_table(
        "customer_tags",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_customer_tags_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", "tag", name=op.f("pk_customer_tags")),
    )
    op.create_index(op.f("ix_customer_tags_tag_customer_id"), "customer_tags", ["tag", "customer_id"], unique=False)
    op.create_table(
        "identifiers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("value", sa.Text(collation="C"), nullable=False),
        sa.Column("content_hash", sa.BigInteger(), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind <> 'CARD' or source = 'card'", name=op.f("ck_identifiers_cards_share_one_source")),
        sa.CheckConstraint("kind in ('CARD', 'EXTERNAL')", name=op.f("ck_identifiers_kind_known")),
        sa.CheckConstraint("valid_to is null or valid_to >= valid_from", name=op.f("ck_identifiers_validity_ordered")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_identifiers_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identifiers")),
        sa.UniqueConstraint("kind", "source", "value", name=op.f("uq_identifiers_kind_source_value")),
    )
    op.create_index(op.f("ix_identifiers_customer_id"), "identifiers", ["customer_id"], unique=False)
    op.create_table(
        "messages",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("touch_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=True),
        sa.Column("address_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("template_class", sa.Text(), nullable=False),
        sa.Column("occasion", sa.Text(), server_default="", nullable=False),
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("template_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("similarity_group", sa.Text(), nullable=True),
        sa.Column("uses_purchases", sa.Boolean(), nullable=False),
        sa.Column("arm", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("decision", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("handoff_decision", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("history", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("arm in ('TREATED', 'CONTROL')", name=op.f("ck_messages_arm_known")),
        sa.CheckConstraint(
            "channel in ('EMAIL', 'SMS', 'WHATSAPP', 'PUSH', 'PHONE_OPERATOR', 'PHONE_AUTO', 'POST', 'FAX')",
            name=op.f("ck_messages_channel_known"),
        ),
        sa.CheckConstraint(
            "purpose in ('SERVICE', 'LEGAL_SAFETY', 'LOYALTY', 'MKT_OWN', 'PROFILING', 'THIRD_PARTY', 'MARKET_RESEARCH', 'STATS_AGG', 'TRACK_OPEN', 'TRACK_CLICK', 'SPECIAL_CAT')",
            name=op.f("ck_messages_purpose_known"),
        ),
        sa.CheckConstraint(
            "status <> 'control' or address_id is null", name=op.f("ck_messages_control_holds_no_address")
        ),
        sa.CheckConstraint(
            "status in ('planned', 'queued', 'claimed', 'sending', 'sent', 'delivered', 'bounced', 'failed', 'skipped', 'control', 'deferred', 'cancelled', 'unknown')",
            name=op.f("ck_messages_status_known"),
        ),
        sa.CheckConstraint(
            "status not in ('skipped', 'failed', 'bounced') or reason is not null",
            name=op.f("ck_messages_refusal_has_a_reason"),
        ),
        sa.CheckConstraint("template_class in ('MARKETING', 'SERVICE')", name=op.f("ck_messages_template_class_known")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_messages_customer_id_customers")),
        sa.ForeignKeyConstraint(["template_id"], ["templates.id"], name=op.f("fk_messages_template_id_templates")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("touch_id", "address_id", name=op.f("uq_messages_touch_id_address_id")),
        sa.UniqueConstraint(
            "touch_id",
            "customer_id",
            "channel",
            "occasion",
            name=op.f("uq_messages_touch_id_customer_id_channel_occasion"),
        ),
        postgresql_with={"fillfactor": 80},
    )
    op.create_index(
        "ix_messages_customer_newest", "messages", ["customer_id", sa.literal_column("planned_at desc")], unique=False
    )
    op.create_index(
        "ix_messages_planned_at",
        "messages",
        [sa.literal_column("planned_at desc"), sa.literal_column("id desc")],
        unique=False,
    )
    op.create_table(
        "notice_deliveries",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("notice_version_id", sa.Uuid(), nullable=False),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "method in ('WEB', 'POS_TABLET', 'POS_PAPER', 'PHONE_REC', 'EMAIL_LINK', 'LIST_UNSUB_POST', 'SMS_KEYWORD', 'LETTER', 'PEC', 'API', 'IMPORT', 'RPO', 'ORAL')",
            name=op.f("ck_notice_deliveries_method_known"),
        ),
        sa.ForeignKeyConstraint(
            ["notice_version_id"],
            ["notice_versions.id"],
            name=op.f("fk_notice_deliveries_notice_version_id_notice_versions"),
        ),
        sa.PrimaryKeyConstraint("customer_id", "notice_version_id", name=op.f("pk_notice_deliveries")),
    )
    op.create_table(
        "profiles",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
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
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_profiles_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_profiles")),
    )
    op.create_index(op.f("ix_profiles_last_day_customer_id"), "profiles", ["last_day", "customer_id"], unique=False)
    op.create_index(
        op.f("ix_profiles_revenue_minor_customer_id"), "profiles", ["revenue_minor", "customer_id"], unique=False
    )
    op.create_table(
        "recall_dismissals",
        sa.Column("recall_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("dismissed_by", sa.Uuid(), nullable=True),
        sa.Column("dismissed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_recall_dismissals_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["recall_id"], ["recalls.id"], name=op.f("fk_recall_dismissals_recall_id_recalls")),
        sa.PrimaryKeyConstraint("recall_id", "customer_id", name=op.f("pk_recall_dismissals")),
    )
    op.create_table(
        "recall_runs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("recall_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("touch_id", sa.Uuid(), nullable=True),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["recall_id"], ["recalls.id"], name=op.f("fk_recall_runs_recall_id_recalls")),
        sa.ForeignKeyConstraint(["touch_id"], ["touches.id"], name=op.f("fk_recall_runs_touch_id_touches")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recall_runs")),
        sa.UniqueConstraint("recall_id", "on_date", name=op.f("uq_recall_runs_recall_id_on_date")),
    )
    op.create_index(op.f("ix_recall_runs_on_date"), "recall_runs", ["on_date"], unique=False)
    op.create_table(
        "transactions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("external_id", sa.Text(collation="C"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("business_day", sa.Date(), nullable=False),
        sa.Column("store_id", sa.Uuid(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("payment", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.Column("original_id", sa.Uuid(), nullable=True),
        sa.Column("original_source", sa.Text(collation="C"), nullable=True),
        sa.Column("original_external_id", sa.Text(collation="C"), nullable=True),
        sa.Column("content_hash", sa.BigInteger(), nullable=False),
        sa.Column("source_updated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source_version", sa.BigInteger(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("currency ~ '^[A-Z]{3}$'", name=op.f("ck_transactions_currency_code")),
        sa.CheckConstraint("kind = 'SALE' or total_minor <= 0", name=op.f("ck_transactions_returns_are_negative")),
        sa.CheckConstraint("kind in ('SALE', 'RETURN')", name=op.f("ck_transactions_kind_known")),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_transactions_customer_id_customers")),
        sa.ForeignKeyConstraint(
            ["original_id"], ["transactions.id"], name=op.f("fk_transactions_original_id_transactions")
        ),
        sa.ForeignKeyConstraint(["store_id"], ["stores.id"], name=op.f("fk_transactions_store_id_stores")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transactions")),
        sa.UniqueConstraint("source", "external_id", name=op.f("uq_transactions_source_external_id")),
    )
    op.create_index(
        "ix_transactions_customer_newest",
        "transactions",
        ["customer_id", sa.literal_column("occurred_at desc"), sa.literal_column("id desc")],
        unique=False,
        postgresql_include=["kind", "business_day", "total_minor"],
    )
    op.create_index(
        "ix_transactions_original_awaited",
        "transactions",
        ["original_source", "original_external_id"],
        unique=False,
        postgresql_where=sa.text("original_id is null and original_external_id is not null"),
    )
    op.create_index(
        op.f("ix_transactions_original_id"),
        "transactions",
        ["original_id"],
        unique=False,
        postgresql_where=sa.text("original_id is not null"),
    )
    op.create_index(
        op.f("ix_transactions_store_id_occurred_at"),
        "transactions",
        ["store_id", "occurred_at"],
        unique=False,
        postgresql_include=["customer_id"],
    )
    op.create_table(
        "captured_messages",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("to_address", sa.Text(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("captured_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_captured_messages_message_id_messages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_captured_messages")),
    )
    op.create_table(
        "message_queue",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("priority", sa.SmallInteger(), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("worker", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "state in ('queued', 'claimed', 'sending', 'held')", name=op.f("ck_message_queue_state_known")
        ),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_message_queue_message_id_messages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_message_queue")),
        postgresql_with={"autovacuum_vacuum_scale_factor": 0, "autovacuum_vacuum_threshold": 10000},
    )
    op.create_index(
        op.f("ix_message_queue_priority_due_at_message_id"),
        "message_queue",
        ["priority", "due_at", "message_id"],
        unique=False,
    )
    op.create_table(
        "recall_occasions",
        sa.Column("recall_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("occasion", sa.Text(), nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("was_reached", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name=op.f("fk_recall_occasions_customer_id_customers"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["recall_id"], ["recalls.id"], name=op.f("fk_recall_occasions_recall_id_recalls")),
        sa.ForeignKeyConstraint(["run_id"], ["recall_runs.id"], name=op.f("fk_recall_occasions_run_id_recall_runs")),
        sa.PrimaryKeyConstraint("recall_id", "customer_id", "occasion", name=op.f("pk_recall_occasions")),
    )
    op.create_index(
        op.f("ix_recall_occasions_customer_id_on_date"), "recall_occasions", ["customer_id", "on_date"], unique=False
    )
    op.create_index(op.f("ix_recall_occasions_run_id"), "recall_occasions", ["run_id"], unique=False)
    op.create_table(
        "rehearsals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("segment_version", sa.BigInteger(), nullable=False),
        sa.Column("template_version", sa.BigInteger(), nullable=False),
        sa.Column("audience", sa.BigInteger(), nullable=False),
        sa.Column("will_receive", sa.BigInteger(), nullable=False),
        sa.Column("control", sa.BigInteger(), nullable=False),
        sa.Column("deferred", sa.BigInteger(), nullable=False),
        sa.Column("denied", sa.BigInteger(), nullable=False),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("by_reason", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sample", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("missing_values", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("detectable_points", sa.Double(), nullable=True),
        sa.Column("people_needed_for_3_points", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["campaign_id"], ["campaigns.id"], name=op.f("fk_rehearsals_campaign_id_campaigns"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rehearsals")),
    )
    op.create_index(
        op.f("ix_rehearsals_campaign_id_created_at"), "rehearsals", ["campaign_id", "created_at"], unique=False
    )
    op.create_table(
        "soft_optins",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=False),
        sa.Column("order_source", sa.Text(), nullable=False),
        sa.Column("order_external_id", sa.Text(), nullable=False),
        sa.Column("notice_version_id", sa.Uuid(), nullable=False),
        sa.Column("offers_opt_out", sa.Boolean(), nullable=False),
        sa.Column("opt_out_offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "offers_opt_out or opt_out_offered_at is null", name=op.f("ck_soft_optins_offer_needs_text")
        ),
        sa.ForeignKeyConstraint(
            ["contact_point_id"],
            ["contact_points.id"],
            name=op.f("fk_soft_optins_contact_point_id_contact_points"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_soft_optins_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["notice_version_id"], ["notice_versions.id"], name=op.f("fk_soft_optins_notice_version_id_notice_versions")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_soft_optins")),
        sa.UniqueConstraint(
            "customer_id",
            "contact_point_id",
            "order_source",
            "order_external_id",
            name=op.f("uq_soft_optins_customer_id_contact_point_id_order_source_order_external_id"),
        ),
    )
    op.create_table(
        "transaction_lines",
        sa.Column("transaction_id", sa.Uuid(), nullable=False),
        sa.Column("line_no", sa.SmallInteger(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("product_id", sa.Uuid(), nullable=False),
        sa.Column("category_id", sa.Uuid(), nullable=True),
        sa.Column("brand_id", sa.Uuid(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("quantity_milli", sa.BigInteger(), nullable=False),
        sa.Column("discount_minor", sa.BigInteger(), nullable=False),
        sa.Column("total_minor", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_transaction_lines_product_id_products")),
        sa.ForeignKeyConstraint(
            ["transaction_id"],
            ["transactions.id"],
            name=op.f("fk_transaction_lines_transaction_id_transactions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("transaction_id", "line_no", name=op.f("pk_transaction_lines")),
    )
    op.create_index(
        op.f("ix_transaction_lines_category_id_occurred_at"),
        "transaction_lines",
        ["category_id", "occurred_at"],
        unique=False,
        postgresql_include=["customer_id", "transaction_id", "total_minor"],
    )
    op.create_index(
        op.f("ix_transaction_lines_product_id_occurred_at"),
        "transaction_lines",
        ["product_id", "occurred_at"],
        unique=False,
        postgresql_include=["customer_id", "transaction_id", "total_minor"],
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    for table in [
        "transaction_lines",
        "soft_optins",
        "rehearsals",
        "recall_occasions",
        "message_queue",
        "captured_messages",
        "transactions",
        "recall_runs",
        "recall_dismissals",
        "profiles",
        "notice_deliveries",
        "messages",
        "identifiers",
        "customer_tags",
        "customer_scores",
        "customer_notes",
        "customer_interests",
        "contact_points",
        "consent_events",
        "category_scores",
        "campaigns",
        "touches",
        "template_texts",
        "sessions",
        "rhythm_fits",
        "recovery_codes",
        "recalls",
        "products",
        "outbox_deliveries",
        "notice_versions",
        "customers",
        "users",
        "unclaimed_transactions",
        "templates",
        "tasks",
        "suppressions",
        "stores",
        "sign_in_tries",
        "senders",
        "segments",
        "scheduled_runs",
        "outbox_events",
        "notices",
        "jobs",
        "idempotency_keys",
        "consent_states",
        "category_profiles",
        "categories",
        "business",
        "brands",
        "audit_entries",
        "assessments",
        "api_tokens",
    ]:
        op.drop_table(table)
