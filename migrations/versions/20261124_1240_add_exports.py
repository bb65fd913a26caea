"""Files out."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1240"
down_revision = "20261124_1230"
branch_labels = None
depends_on = None

PURPOSES = (
    "'SERVICE', 'LEGAL_SAFETY', 'LOYALTY', 'MKT_OWN', 'PROFILING', 'THIRD_PARTY', 'MARKET_RESEARCH', 'STATS_AGG', "
    "'TRACK_OPEN', 'TRACK_CLICK', 'SPECIAL_CAT'"
)
CHANNELS = "'EMAIL', 'SMS', 'WHATSAPP', 'PUSH', 'PHONE_OPERATOR', 'PHONE_AUTO', 'POST', 'FAX'"


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "exports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("format", sa.Text(), nullable=False),
        sa.Column("filters", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("use", sa.Text(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=True),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="waiting", nullable=False),
        sa.Column("run_id", sa.Uuid(), nullable=True),
        sa.Column("rows_total", sa.BigInteger(), nullable=True),
        sa.Column("rows_written", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("left_out", postgresql.JSONB(astext_type=sa.Text()), server_default="{}", nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=True),
        sa.Column("sha256", sa.Text(), nullable=True),
        sa.Column("stored_name", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("requested_by", sa.Uuid(), nullable=True),
        sa.Column("requested_by_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("downloaded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('customers', 'members', 'transactions', 'messages', 'results')",
            name=op.f("ck_exports_kind_known"),
        ),
        sa.CheckConstraint("format in ('csv', 'xlsx', 'ndjson')", name=op.f("ck_exports_format_known")),
        sa.CheckConstraint("use in ('INTERNAL', 'CONTACT')", name=op.f("ck_exports_use_known")),
        sa.CheckConstraint(f"purpose in ({PURPOSES})", name=op.f("ck_exports_purpose_known")),
        sa.CheckConstraint(f"channel in ({CHANNELS})", name=op.f("ck_exports_channel_known")),
        sa.CheckConstraint(
            "state in ('waiting', 'running', 'done', 'failed', 'expired')", name=op.f("ck_exports_state_known")
        ),
        sa.CheckConstraint(
            "(use = 'CONTACT') = (purpose is not null and channel is not null)",
            name=op.f("ck_exports_contact_says_why_and_how"),
        ),
        sa.CheckConstraint("(state = 'done') = (stored_name is not null)", name=op.f("ck_exports_done_has_a_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exports")),
    )
    op.create_index(op.f("ix_exports_created_at_id"), "exports", ["created_at", "id"])
    op.create_index("ix_exports_kept_until", "exports", ["expires_at"], postgresql_where=sa.text("state = 'done'"))


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("exports")
