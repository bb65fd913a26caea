"""A tax code is a way to recognise one person."""

from alembic import op

revision = "20261124_1200"
down_revision = "20261121_2310"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_constraint(op.f("ck_identifiers_kind_known"), "identifiers", type_="check")
    op.create_check_constraint(
        op.f("ck_identifiers_kind_known"), "identifiers", "kind in ('CARD', 'EXTERNAL', 'FISCAL')"
    )
    op.create_check_constraint(
        op.f("ck_identifiers_fiscal_codes_share_one_source"), "identifiers", "kind <> 'FISCAL' or source = 'IT'"
    )


def downgrade() -> None:
    op.execute("set local lock_timeout = '5s'")
    op.drop_constraint(op.f("ck_identifiers_fiscal_codes_share_one_source"), "identifiers", type_="check")
    op.execute("delete from identifiers where kind = 'FISCAL'")
    op.drop_constraint(op.f("ck_identifiers_kind_known"), "identifiers", type_="check")
    op.create_check_constraint(op.f("ck_identifiers_kind_known"), "identifiers", "kind in ('CARD', 'EXTERNAL')")
