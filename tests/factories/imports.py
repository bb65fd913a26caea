"""Files as shops have them, and imports that a worker has run."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from ritorno.imports import jobs, queries, service
from ritorno.imports.models import Import
from ritorno.imports.rules import FIELDS, FieldType, ImportKind, default_policy, field_of
from ritorno.imports.schemas import ColumnMapping, ImportOptions, ImportPatch
from ritorno.imports.uploading import receive
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work

STAFF = Actor("user", None, "Giulia", frozenset({"*"}), role="owner")


def a_csv(rows: Sequence[Mapping[str, Any]], *, delimiter: str = ";", encoding: str = "utf-8") -> bytes:
    """Return a file whose headers are the keys of its rows."""
    out = io.StringIO()
    headers = list(dict.fromkeys(key for row in rows for key in row))
    writer = csv.DictWriter(out, headers, delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


async def upload(
    work: Work,
    content: bytes,
    *,
    kind: ImportKind = ImportKind.CUSTOMERS,
    name: str = "clienti.csv",
    source: str = "old-till",
    policies: Mapping[str, str] | None = None,
    fields: Mapping[str, str | None] | None = None,
    date_format: str = "DD/MM/YYYY",
    **options: Any,
) -> UUID:
    """Upload a file whose headers are names of fields, unless `fields` says otherwise, and map every column."""

    async def stream() -> Any:
        yield content

    received = await receive(stream(), name, work.settings)
    async with work.session() as session:
        row = await service.open_import(session, received, kind=kind, settings=work.settings, actor=STAFF)
        names = [ColumnMapping.model_validate(each).name for each in row.columns]
        known = {field.name for field in FIELDS[kind]}
        columns = []
        for index, header in enumerate(names):
            wanted = (fields or {}).get(header, header if header in known else None)
            field = field_of(kind, wanted) if wanted else None
            policy = (policies or {}).get(wanted) if wanted else None
            columns.append(
                ColumnMapping(
                    index=index,
                    name=header,
                    field=wanted,
                    policy=policy or (default_policy(field) if field else None),  # type: ignore[arg-type]
                    date_format=date_format if field and field.type is FieldType.DATE else None,
                )
            )
        patch = ImportPatch(columns=columns, options=ImportOptions(**options), source=source)
        await service.change_import(session, row, patch, settings=work.settings)
        return row.id


async def rehearse(work: Work, import_id: UUID) -> Import:
    async with work.session() as session:
        await service.rehearse(session, import_id, actor=STAFF)
    await jobs.rehearse(work, {"import_id": str(import_id)})
    return await read(work, import_id)


async def apply(work: Work, import_id: UUID) -> Import:
    async with work.session() as session:
        await service.apply(session, import_id, actor=STAFF)
    await jobs.apply(work, {"import_id": str(import_id)})
    return await read(work, import_id)


async def undo(work: Work, import_id: UUID) -> Import:
    async with work.session() as session:
        await service.undo(session, import_id, actor=STAFF)
    await jobs.undo(work, {"import_id": str(import_id)})
    return await read(work, import_id)


async def read(work: Work, import_id: UUID) -> Import:
    async with work.sessions() as session:
        return await queries.get_import(session, import_id)
