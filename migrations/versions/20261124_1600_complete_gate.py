"""The gate reads the readiness of senders, the business's sector and what a message is about."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1600"
down_revision = "20261124_1300"
branch_labels = None
depends_on = None

CHANNELS = ("EMAIL", "SMS", "WHATSAPP", "PUSH", "PHONE_OPERATOR", "PHONE_AUTO", "POST", "FAX")
SERVICE_KINDS = "'ORDER', 'REQUESTED', 'AFTER_SALES', 'RIGHTS', 'CODE', 'SURVEY', 'WISH', 'CART', 'WIN_BACK'"


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    readiness = op.create_table(
        "sender_readiness",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_ready", sa.Boolean(), nullable=False),
        sa.Column("checks", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"channel in {CHANNELS}", name=op.f("ck_sender_readiness_channel_known")),
        sa.PrimaryKeyConstraint("channel", "since", name=op.f("pk_sender_readiness")),
    )
    # Until a road out is configured every message is kept in the outbox, which is always ready. Where one is, the
    # first look of the worker replaces this.
    always = sa.text("timestamptz '2000-01-01'")
    captured = [{"code": "CAPTURED", "ok": True, "detail": ""}]
    for channel in CHANNELS:
        op.execute(
            sa.insert(readiness).values(
                channel=channel, since=always, is_ready=True, checks=captured, checked_at=sa.func.now()
            )
        )
    op.add_column("business", sa.Column("sector", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_business_sector_known"), "business", "sector in ('energy')")
    for table in ("templates", "messages"):
        op.add_column(table, sa.Column("service_kind", sa.Text(), nullable=True))
        # Every row that is there has none: nothing is read to know that it holds.
        op.execute(
            f"alter table {table} add constraint ck_{table}_service_kind_known "
            f"check (service_kind in ({SERVICE_KINDS})) not valid"
        )
        op.execute(f"alter table {table} validate constraint ck_{table}_service_kind_known")
    op.drop_constraint(op.f("ck_assessments_kind_known"), "assessments")
    op.create_check_constraint(
        op.f("ck_assessments_kind_known"), "assessments", "kind in ('LIA_POST', 'LIA_PHONE', 'RETENTION')"
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.execute("delete from assessments where kind = 'LIA_PHONE'")
    op.drop_constraint(op.f("ck_assessments_kind_known"), "assessments")
    op.create_check_constraint(op.f("ck_assessments_kind_known"), "assessments", "kind in ('LIA_POST', 'RETENTION')")
    for table in ("templates", "messages"):
        op.drop_column(table, "service_kind")
    op.drop_column("business", "sector")
    op.drop_table("sender_readiness")
