"""Files in: what each row did, so that it can be undone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "20261124_1230"
down_revision = "20261124_1220"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.create_table(
        "import_mappings",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("header_key", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("format", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("updated_by", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint(
            "kind in ('customers', 'consents', 'transactions', 'products', 'stores', 'balances', 'suppressions')",
            name=op.f("ck_import_mappings_kind_known"),
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_import_mappings")),
    )
    op.create_index(op.f("ix_import_mappings_kind_header_key"), "import_mappings", ["kind", "header_key"], unique=False)
    op.create_table(
        "imports",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), server_default="draft", nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("file_bytes", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("file_gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("format", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("columns", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("options", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("row_total", sa.BigInteger(), nullable=True),
        sa.Column("cursor", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("counts", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("rehearsal", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("undo", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_by", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("rehearsed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "kind in ('customers', 'consents', 'transactions', 'products', 'stores', 'balances', 'suppressions')",
            name=op.f("ck_imports_kind_known"),
        ),
        sa.CheckConstraint(
            "state in ('draft', 'rehearsing', 'rehearsed', 'applying', 'applied', 'undoing', 'undone')",
            name=op.f("ck_imports_state_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    op.create_index(op.f("ix_imports_created_at_id"), "imports", ["created_at", "id"], unique=False)
    op.create_index(op.f("ix_imports_sha256"), "imports", ["sha256"], unique=False)
    op.create_table(
        "opening_balances",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.Text(collation="C"), nullable=False),
        sa.Column("card", sa.Text(collation="C"), nullable=False),
        sa.Column("points", sa.BigInteger(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.CheckConstraint("points >= 0", name=op.f("ck_opening_balances_points_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_balances")),
        sa.UniqueConstraint("source", "card", name=op.f("uq_opening_balances_source_card")),
    )
    op.create_table(
        "import_rows",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("row_no", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("changes", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("problem", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("kept", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.CheckConstraint(
            "outcome in ('created', 'updated', 'unchanged', 'merged', 'unclaimed', 'rejected')",
            name=op.f("ck_import_rows_outcome_known"),
        ),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_import_rows_import_id_imports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "row_no", name=op.f("pk_import_rows")),
    )
    op.create_index(
        "ix_import_rows_changed",
        "import_rows",
        ["import_id", "subject_id"],
        unique=False,
        postgresql_where=sa.text("outcome in ('updated', 'merged')"),
    )
    op.create_index(
        "ix_import_rows_kept",
        "import_rows",
        ["import_id", "row_no"],
        unique=False,
        postgresql_where=sa.text("kept is not null"),
    )
    op.create_index(
        "ix_import_rows_notable",
        "import_rows",
        ["import_id", "outcome", "row_no"],
        unique=False,
        postgresql_where=sa.text("outcome not in ('created', 'unchanged')"),
    )
    op.create_table(
        "imported_customers",
        sa.Column("import_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["import_id"], ["imports.id"], name=op.f("fk_imported_customers_import_id_imports"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("import_id", "customer_id", name=op.f("pk_imported_customers")),
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_table("imported_customers")
    op.drop_index(
        "ix_import_rows_notable",
        table_name="import_rows",
        postgresql_where=sa.text("outcome not in ('created', 'unchanged')"),
    )
    op.drop_index("ix_import_rows_kept", table_name="import_rows", postgresql_where=sa.text("kept is not null"))
    op.drop_index(
        "ix_import_rows_changed", table_name="import_rows", postgresql_where=sa.text("outcome in ('updated', 'merged')")
    )
    op.drop_table("import_rows")
    op.drop_table("opening_balances")
    op.drop_index(op.f("ix_imports_sha256"), table_name="imports")
    op.drop_index(op.f("ix_imports_created_at_id"), table_name="imports")
    op.drop_table("imports")
    op.drop_index(op.f("ix_import_mappings_kind_header_key"), table_name="import_mappings")
    op.drop_table("import_mappings")
