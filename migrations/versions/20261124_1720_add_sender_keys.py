"""Signing keys and network checks of senders."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1720"
down_revision = "20261124_1710"
branch_labels = None
depends_on = None

JSONB = postgresql.JSONB(astext_type=sa.Text())


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.add_column("senders", sa.Column("checks", JSONB, server_default="[]", nullable=False))
    op.add_column("senders", sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("senders", sa.Column("bulk_since", sa.DateTime(timezone=True), nullable=True))
    op.add_column("sender_readiness", sa.Column("is_ready_for_marketing", sa.Boolean(), nullable=True))
    # A condition now says how grave it is, and what to publish where the DNS lacks something.
    op.execute(
        """
        update sender_readiness set is_ready_for_marketing = is_ready, checks = coalesce((
            select jsonb_agg(found || jsonb_build_object(
                'state', case when (found ->> 'ok')::boolean then 'ok' else 'failed' end, 'publish', null))
            from jsonb_array_elements(checks) found
        ), '[]')
        """
    )
    op.alter_column("sender_readiness", "is_ready_for_marketing", nullable=False)
    op.create_table(
        "sender_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("sender_id", sa.Uuid(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("selector", sa.Text(), nullable=False),
        sa.Column("private_key", sa.Text(), nullable=True),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("active_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "retired_at is null or private_key is null", name=op.f("ck_sender_keys_retired_signs_nothing")
        ),
        sa.ForeignKeyConstraint(
            ["sender_id"], ["senders.id"], name=op.f("fk_sender_keys_sender_id_senders"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sender_keys")),
        sa.UniqueConstraint("domain", "selector", name=op.f("uq_sender_keys_domain_selector")),
    )
    for name, active in (("active", "active_since is not null"), ("waiting", "active_since is null")):
        op.create_index(
            f"ix_sender_keys_{name}",
            "sender_keys",
            ["sender_id"],
            unique=True,
            postgresql_where=sa.text(f"{active} and retired_at is null"),
        )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("sender_keys")
    op.drop_column("sender_readiness", "is_ready_for_marketing")
    for column in ("bulk_since", "checked_at", "checks"):
        op.drop_column("senders", column)
