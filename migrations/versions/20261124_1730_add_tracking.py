"""Measured links and openings."""

import sqlalchemy as sa
from alembic import op

revision = "20261124_1730"
down_revision = "20261124_1720"
branch_labels = None
depends_on = None

APPLICATION_ROLE = "ritorno"


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.add_column("templates", sa.Column("is_measured", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_check_constraint(
        op.f("ck_templates_only_marketing_mail_is_measured"),
        "templates",
        "not is_measured or (channel = 'EMAIL' and template_class = 'MARKETING')",
    )
    op.create_table(
        "message_links",
        sa.Column("template_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("link_index", sa.SmallInteger(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["template_id", "version", "language"],
            ["template_texts.template_id", "template_texts.version", "template_texts.language"],
            name=op.f("fk_message_links_template_id_version_language_template_texts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("template_id", "version", "language", "link_index", name=op.f("pk_message_links")),
    )
    op.create_table(
        "measured_messages",
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("opens", sa.Boolean(), nullable=False),
        sa.Column("clicks", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_measured_messages_message_id_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("message_id", name=op.f("pk_measured_messages")),
    )
    op.create_table(
        "message_events",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("link_index", sa.SmallInteger(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_machine", sa.Boolean(), nullable=False),
        sa.CheckConstraint("kind in ('open', 'click')", name=op.f("ck_message_events_kind_known")),
        sa.ForeignKeyConstraint(
            ["message_id"],
            ["messages.id"],
            name=op.f("fk_message_events_message_id_messages"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_events")),
    )
    op.create_index(op.f("ix_message_events_message_id_at"), "message_events", ["message_id", "at"])
    # Erasure and retention delete; nothing rewrites.
    op.execute(
        "create trigger keep_rows before update on message_events for each row execute function refuse_ledger_change()"
    )
    op.execute(
        f"""
        do $$ begin
            if exists (select from pg_roles where rolname = '{APPLICATION_ROLE}') and current_user <> '{APPLICATION_ROLE}' then
                revoke update, truncate on message_events from {APPLICATION_ROLE};
            end if;
        end $$
        """
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("message_events")
    op.drop_table("measured_messages")
    op.drop_table("message_links")
    op.drop_constraint(op.f("ck_templates_only_marketing_mail_is_measured"), "templates")
    op.drop_column("templates", "is_measured")
