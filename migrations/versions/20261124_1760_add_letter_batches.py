"""Letters in batches for the printer."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1760"
down_revision = "20261124_1750"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "letter_batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("touch_id", sa.Uuid(), nullable=True),
        sa.Column("message_id", sa.Uuid(), nullable=True),
        sa.Column("is_single", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("window_side", sa.Text(), nullable=False),
        sa.Column("is_duplex", sa.Boolean(), nullable=False),
        sa.Column("left_out", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("posted_by", sa.Text(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("files_forgotten_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "state in ('preparing', 'prepared', 'posted', 'cancelled')", name=op.f("ck_letter_batches_state_known")
        ),
        sa.CheckConstraint("window_side in ('left', 'right')", name=op.f("ck_letter_batches_window_side_known")),
        sa.CheckConstraint("size between 1 and 5000", name=op.f("ck_letter_batches_size_bounded")),
        sa.CheckConstraint(
            "(state = 'posted') = (posted_at is not null)", name=op.f("ck_letter_batches_posted_says_when")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_batches")),
    )
    op.create_index("ix_letter_batches_newest", "letter_batches", [sa.text("created_at desc"), sa.text("id desc")])
    op.create_table(
        "letter_parts",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("pdf_sha256", sa.Text(), nullable=True),
        sa.Column("is_stale", sa.Boolean(), server_default="false", nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["letter_batches.id"],
            name=op.f("fk_letter_parts_batch_id_letter_batches"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("batch_id", "number", name=op.f("pk_letter_parts")),
    )
    op.create_table(
        "letter_pieces",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Uuid(), nullable=False),
        sa.Column("touch_id", sa.Uuid(), nullable=True),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("recipient", postgresql.JSONB(), nullable=True),
        sa.Column("household", sa.LargeBinary(), nullable=True),
        sa.Column("pages", sa.SmallInteger(), nullable=True),
        sa.Column("cost_minor", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("was_printed", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "state in ('ready', 'dropped', 'posted', 'returned')", name=op.f("ck_letter_pieces_state_known")
        ),
        sa.CheckConstraint(
            "return_reason in ('unknown', 'moved', 'incomplete', 'refused', 'deceased')",
            name=op.f("ck_letter_pieces_return_reason_known"),
        ),
        sa.CheckConstraint(
            "(state = 'dropped') = (reason is not null)", name=op.f("ck_letter_pieces_dropped_has_a_reason")
        ),
        sa.CheckConstraint(
            "(state = 'returned') = (return_reason is not null)", name=op.f("ck_letter_pieces_returned_has_a_reason")
        ),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            ["letter_batches.id"],
            name=op.f("fk_letter_pieces_batch_id_letter_batches"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_letter_pieces_customer_id_customers")),
        sa.ForeignKeyConstraint(
            ["message_id"], ["messages.id"], name=op.f("fk_letter_pieces_message_id_messages"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_pieces")),
        sa.UniqueConstraint("batch_id", "number", name=op.f("uq_letter_pieces_batch_id_number")),
        sa.UniqueConstraint("code", name=op.f("uq_letter_pieces_code")),
    )
    op.create_index(
        "uq_letter_pieces_live",
        "letter_pieces",
        ["message_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'dropped'"),
    )
    op.create_index(op.f("ix_letter_pieces_customer_id"), "letter_pieces", ["customer_id"])
    op.create_index(
        "ix_letter_pieces_household",
        "letter_pieces",
        ["touch_id", "household"],
        postgresql_where=sa.text("household is not null"),
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    for table in ("letter_pieces", "letter_parts", "letter_batches"):
        op.drop_table(table)
