"""The rights of the person over files that came in: which rows spoke of them, and that none does any more.

A file is read whole or not at all, so an erasure takes away every file that was applied; those that still wait may
hold the person again, and are met like any list that comes back (B-07).
"""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import Identifier
from ritorno.customers.rules import IdentifierKind
from ritorno.imports.models import Import, ImportedCustomer, ImportRow, OpeningBalance
from ritorno.kit.db import driver


async def export(session: AsyncSession, customer_id: UUID) -> dict[str, Any]:
    """Return the rows of files that made or changed one card, and the points an old card had elsewhere."""
    rows = await session.execute(
        select(Import.file_name, Import.source, Import.applied_at, ImportRow.row_no, ImportRow.outcome)
        .join(ImportRow, ImportRow.import_id == Import.id)
        .where(ImportRow.subject_id == customer_id)
        .order_by(Import.created_at, ImportRow.row_no)
    )
    balances = await session.scalars(_balances_of(customer_id))
    return {
        "imported_rows": [
            {
                "file": name,
                "source": source,
                "row": number,
                "outcome": outcome,
                "applied_at": applied.isoformat() if applied else None,
            }
            for name, source, applied, number, outcome in rows
        ],
        "opening_balances": [
            {
                "card": each.card,
                "source": each.source,
                "points": each.points,
                "amount_minor": each.amount_minor,
                "as_of": each.as_of.isoformat() if each.as_of else None,
            }
            for each in balances
        ],
    }


def _balances_of(customer_id: UUID) -> Select[OpeningBalance]:
    """Balances are of a card, or of the key a source knew its owner by."""
    return select(OpeningBalance).where(
        exists().where(
            Identifier.customer_id == customer_id,
            Identifier.value == OpeningBalance.card,
            or_(
                Identifier.kind == IdentifierKind.CARD,
                and_(Identifier.kind == IdentifierKind.EXTERNAL, Identifier.source == OpeningBalance.source),
            ),
        )
    )


# A row of a receipt that waited for its customer kept how the customer was named.
_FORGET_RECEIPTS = """
    delete from import_rows r using transactions t
    where t.customer_id = $1 and r.subject_id = t.id and (r.outcome <> 'created' or r.changes ? 'waiting')
"""


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget the rows that speak of one person and what they replaced; applied files go with the next job."""
    connection = await driver(session)
    await connection.execute(_FORGET_RECEIPTS, customer_id)
    await session.execute(delete(ImportRow).where(ImportRow.subject_id == customer_id))
    await session.execute(delete(ImportedCustomer).where(ImportedCustomer.customer_id == customer_id))
    for balance in list(await session.scalars(_balances_of(customer_id))):
        await session.delete(balance)
    await session.flush()
