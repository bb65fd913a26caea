"""Evidence files by hash, consent forms, replies, and the recipient a consent names."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1610"
down_revision = "20261124_1600"
branch_labels = None
depends_on = None

STANDINGS = "'GRANTED', 'PENDING', 'UNPROVEN', 'LAPSED', 'REFUSED', 'WITHDRAWN', 'OBJECTED'"
METHODS = (
    "'WEB', 'POS_TABLET', 'POS_PAPER', 'PHONE_REC', 'EMAIL_LINK', 'LIST_UNSUB_POST', 'SMS_KEYWORD', 'LETTER', 'PEC', "
    "'API', 'IMPORT', 'RPO', 'ORAL'"
)
PARTIES = "'SUBJECT', 'PARENT', 'STAFF', 'IMPORT', 'SYSTEM', 'REGISTRY'"
CHANNELS = "'EMAIL', 'SMS', 'WHATSAPP', 'PUSH', 'PHONE_OPERATOR', 'PHONE_AUTO', 'POST', 'FAX'"


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.add_column("consent_events", sa.Column("recipient_id", sa.Uuid(), nullable=True))
    op.add_column("notices", sa.Column("recipient_id", sa.Uuid(), nullable=True))
    op.add_column("notices", sa.Column("recipient_name", sa.Text(), nullable=True))
    op.add_column("notices", sa.Column("merchandise", sa.Text(), nullable=True))
    op.create_check_constraint(
        op.f("ck_notices_recipient_is_a_third_party"), "notices", "recipient_id is null or purpose = 'THIRD_PARTY'"
    )
    op.create_table(
        "recipient_states",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("recipient_id", sa.Uuid(), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event_id", sa.Uuid(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("party", sa.Text(), nullable=False),
        sa.CheckConstraint(f"standing in ({STANDINGS})", name=op.f("ck_recipient_states_standing_known")),
        sa.CheckConstraint(f"method in ({METHODS})", name=op.f("ck_recipient_states_method_known")),
        sa.CheckConstraint(f"party in ({PARTIES})", name=op.f("ck_recipient_states_party_known")),
        sa.PrimaryKeyConstraint("customer_id", "recipient_id", name=op.f("pk_recipient_states")),
    )
    op.create_index(op.f("ix_recipient_states_recipient_id_standing"), "recipient_states", ["recipient_id", "standing"])
    op.create_table(
        "evidence_files",
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("uploaded_by", sa.Text(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("kind in ('SCAN', 'SIGNATURE')", name=op.f("ck_evidence_files_kind_known")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_evidence_files")),
    )
    op.create_table(
        "consent_forms",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_forms")),
        sa.UniqueConstraint("code", name=op.f("uq_consent_forms_code")),
    )
    op.create_table(
        "consent_form_versions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("form_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("medium", sa.Text(), nullable=False),
        sa.Column("texts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("boxes", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("published_by", sa.Text(), nullable=True),
        sa.CheckConstraint("medium in ('paper', 'tablet', 'web')", name=op.f("ck_consent_form_versions_medium_known")),
        sa.ForeignKeyConstraint(
            ["form_id"], ["consent_forms.id"], name=op.f("fk_consent_form_versions_form_id_consent_forms")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent_form_versions")),
        sa.UniqueConstraint("form_id", "version", name=op.f("uq_consent_form_versions_form_id_version")),
    )
    op.create_index(
        "uq_consent_form_versions_draft",
        "consent_form_versions",
        ["form_id"],
        unique=True,
        postgresql_where=sa.text("published_at is null"),
    )
    op.execute(
        "create trigger keep_published before update or delete on consent_form_versions for each row "
        "when (old.published_at is not null) execute function refuse_ledger_change()"
    )
    op.create_table(
        "replies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint(f"channel in ({CHANNELS})", name=op.f("ck_replies_channel_known")),
        sa.CheckConstraint("kind in ('STOP', 'HUMAN', 'START', 'HELP', 'NOTHING')", name=op.f("ck_replies_kind_known")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customers.id"], name=op.f("fk_replies_customer_id_customers"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_replies")),
    )
    op.create_index(op.f("ix_replies_customer_id_received_at_id"), "replies", ["customer_id", "received_at", "id"])


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    for table in ("replies", "consent_form_versions", "consent_forms", "evidence_files", "recipient_states"):
        op.drop_table(table)
    op.drop_constraint(op.f("ck_notices_recipient_is_a_third_party"), "notices")
    for column in ("merchandise", "recipient_name", "recipient_id"):
        op.drop_column("notices", column)
    op.drop_column("consent_events", "recipient_id")
