"""Mail that came back, and how long an address rests after too many soft bounces."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_1740"
down_revision = "20261124_1730"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "inbound_mails",
        sa.Column("id", sa.Uuid(), primary_key=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Uuid()),
        sa.Column("customer_id", sa.Uuid(), sa.ForeignKey("customers.id", ondelete="CASCADE")),
        sa.Column("receiver", sa.Text()),
        sa.Column("blame", sa.Text()),
        sa.Column("status_code", sa.Text()),
        sa.Column("diagnostic", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text()),
        sa.Column("subject", sa.Text()),
        sa.Column("raw", sa.LargeBinary()),
        sa.Column("handled_at", sa.DateTime(timezone=True)),
        sa.Column("handled_by", sa.Text()),
        sa.Column("handled_as", sa.Text()),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.UniqueConstraint("digest"),
        sa.CheckConstraint("source in ('imap', 'webhook', 'folder')", name="source_known"),
        sa.CheckConstraint(
            "kind in ('bounce', 'complaint', 'unsubscribe', 'reply', 'auto_reply', 'notice', 'forged', "
            "'unattributed', 'unreadable')",
            name="kind_known",
        ),
        sa.CheckConstraint("blame in ('hard', 'soft', 'ours')", name="blame_known"),
        sa.CheckConstraint("handled_as in ('bounce', 'reply', 'ignored')", name="handled_as_known"),
        sa.CheckConstraint("(handled_at is null) = (handled_by is null)", name="handled_by_somebody"),
        sa.CheckConstraint(
            "handled_at is null or (raw is null and sender is null and subject is null)", name="words_go_when_handled"
        ),
    )
    op.create_index("ix_inbound_mails_newest", "inbound_mails", [sa.text("received_at desc"), sa.text("id desc")])
    op.create_index("ix_inbound_mails_customer_id", "inbound_mails", ["customer_id"])
    op.add_column("suppressions", sa.Column("until", sa.DateTime(timezone=True)))


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_column("suppressions", "until")
    op.drop_table("inbound_mails")
