"""Rejected rows as they stood in the file, each with its reasons, to be mended and sent again alone."""

import csv
import io
from collections.abc import AsyncIterator, Callable

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.imports.errors import ImportFileGone
from ritorno.imports.models import Import, ImportRow
from ritorno.imports.reading.tables import rows
from ritorno.imports.rules import ImportOutcome
from ritorno.imports.uploading import canonical_path
from ritorno.imports.words import reasons
from ritorno.kit.config import Settings
from ritorno.kit.spreadsheets import neutral

AT_ONCE = 1_000
REASON = {"it": "motivo", "en": "reason"}


async def rejected_rows(
    row: Import, sessions: Callable[[], AsyncSession], settings: Settings, *, language: str
) -> AsyncIterator[str]:
    """Return the stream of a CSV: the headers of the file and one for the reason, then the rejected rows."""
    path = canonical_path(settings, row.id)
    if not path.is_file():
        raise ImportFileGone()
    return _stream(row, sessions, settings, language)


async def _stream(
    row: Import, sessions: Callable[[], AsyncSession], settings: Settings, language: str
) -> AsyncIterator[str]:
    headers = [column["name"] for column in row.columns]
    yield "\ufeff" + _line([*headers, REASON.get(language, REASON["en"])])
    reading = rows(canonical_path(settings, row.id))
    after = 0
    while True:
        async with sessions() as session:
            found = (
                await session.execute(
                    select(ImportRow.row_no, ImportRow.problem)
                    .where(
                        ImportRow.import_id == row.id,
                        ImportRow.outcome == ImportOutcome.REJECTED,
                        ImportRow.row_no > after,
                    )
                    .order_by(ImportRow.row_no)
                    .limit(AT_ONCE)
                )
            ).all()
        if not found:
            return
        for number, problem in found:
            cells = next((each.cells for each in reading if each.number == number), None)
            if cells is None:
                return
            padded = [*cells[: len(headers)], *([""] * (len(headers) - len(cells)))]
            yield _line([*padded, reasons(problem or [], language)])
        after = found[-1][0]


def _line(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n", quoting=csv.QUOTE_ALL).writerow([neutral(cell) for cell in cells])
    return out.getvalue()
