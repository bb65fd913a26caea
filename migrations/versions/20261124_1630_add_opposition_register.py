"""The answers of the opposition register."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1630"
down_revision = "20261124_1620"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "opposition_uploads",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("rows_count", sa.BigInteger(), nullable=False),
        sa.Column("numbers_count", sa.BigInteger(), nullable=False),
        sa.Column("listed_count", sa.BigInteger(), nullable=False),
        sa.Column("matched_count", sa.BigInteger(), nullable=False),
        sa.Column("refused_count", sa.BigInteger(), nullable=False),
        sa.Column("refused", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("revoked_count", sa.BigInteger(), nullable=False),
        sa.Column("uploaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uploaded_by", sa.Uuid(), nullable=True),
        sa.Column("uploaded_by_name", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('PHONE', 'POSTAL')", name=op.f("ck_opposition_uploads_kind_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opposition_uploads")),
        sa.UniqueConstraint(
            "sha256", "kind", "answered_at", name=op.f("uq_opposition_uploads_sha256_kind_answered_at")
        ),
    )
    op.create_index(op.f("ix_opposition_uploads_uploaded_at_id"), "opposition_uploads", ["uploaded_at", "id"])
    op.create_table(
        "opposition_checks",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("contact_point_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_listed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("upload_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("kind in ('PHONE', 'POSTAL')", name=op.f("ck_opposition_checks_kind_known")),
        sa.ForeignKeyConstraint(
            ["contact_point_id"],
            ["contact_points.id"],
            name=op.f("fk_opposition_checks_contact_point_id_contact_points"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["upload_id"], ["opposition_uploads.id"], name=op.f("fk_opposition_checks_upload_id_opposition_uploads")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opposition_checks")),
        sa.UniqueConstraint(
            "contact_point_id", "checked_at", name=op.f("uq_opposition_checks_contact_point_id_checked_at")
        ),
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("opposition_checks")
    op.drop_table("opposition_uploads")
