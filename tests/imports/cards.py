"""What stands on the cards of a shop, and files brought in by one call."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from ritorno.imports.models import Import
from ritorno.kit.background import Work
from tests.factories import imports as files

TABLES = {
    "customers": "id",
    "contact_points": "id",
    "identifiers": "id",
    "customer_tags": "customer_id, tag",
    "customer_interests": "customer_id, label",
    "customer_notes": "id",
    "consent_states": "customer_id, purpose, channel",
}
NOT_COMPARED = {"version", "updated_at"}


async def snapshot(work: Work) -> dict[str, list[dict[str, Any]]]:
    """Return every card as it stands, but for the counter of its versions."""
    async with work.sessions() as session:
        found = {}
        for table, key in TABLES.items():
            rows = (await session.execute(text(f"select * from {table} order by {key}"))).mappings()
            found[table] = [{name: row[name] for name in row if name not in NOT_COMPARED} for row in rows]
        return found


class Brought(NamedTuple):
    """A file that was rehearsed and applied, and what became of each of its rows."""

    id: UUID
    row: Import
    outcomes: list[str]
    subjects: list[UUID | None]
    rules: list[str | None]
    codes: list[list[str]]


async def bring_in(
    work: Work, rows: Sequence[Mapping[str, str]] | bytes, *, rehearses: bool = True, **more: Any
) -> Brought:
    """Apply a file; a rehearsal before it must have counted the same."""
    import_id = await files.upload(work, rows if isinstance(rows, bytes) else files.a_csv(rows), **more)
    rehearsed = await files.rehearse(work, import_id) if rehearses else None
    applied = await files.apply(work, import_id)
    assert applied.state == "applied", applied.failure
    assert rehearsed is None or applied.counts == rehearsed.rehearsal
    return await tell(work, applied)


async def tell(work: Work, row: Import) -> Brought:
    async with work.sessions() as session:
        found = (
            await session.execute(
                text("""select outcome, subject_id, changes ->> 'matched_by', problem from import_rows
                        where import_id = :id order by row_no"""),
                {"id": row.id},
            )
        ).all()
    codes = [[finding["code"] for finding in each[3] or []] for each in found]
    return Brought(
        row.id, row, [each[0] for each in found], [each[1] for each in found], [each[2] for each in found], codes
    )


async def values(work: Work, statement: str, **parameters: Any) -> list[Any]:
    """Return the rows of a query, each as its one value or as a tuple."""
    async with work.sessions() as session:
        rows = (await session.execute(text(statement), parameters)).all()
    return [row[0] if len(row) == 1 else tuple(row) for row in rows]
