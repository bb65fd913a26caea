"""The draft of an import: what the file seems to be, what its columns become, and mappings kept for the next one."""

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.customers.rules import fold_name
from ritorno.imports import queries
from ritorno.imports.errors import FileUnreadable, ImportFileGone, ImportNotReady
from ritorno.imports.models import Import, ImportMapping
from ritorno.imports.reading import formats
from ritorno.imports.reading.findings import Unreadable
from ritorno.imports.reading.formats import Column, FileFormat, FileKind, Limits, Preview
from ritorno.imports.reading.proposing import propose, propose_kind
from ritorno.imports.rules import EDITABLE, FieldType, ImportKind, ImportState, default_policy, field_of
from ritorno.imports.schemas import (
    ColumnMapping,
    ColumnPreview,
    FileFormatIO,
    FindingRead,
    ImportOptions,
    ImportPatch,
    ImportPreview,
    MappingWrite,
)
from ritorno.imports.uploading import Received, forget_files, forget_rows, upload_path
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.problems import FieldError, Invalid


async def open_import(
    session: AsyncSession, received: Received, *, kind: ImportKind | None, settings: Settings, actor: Actor
) -> Import:
    """Make the draft of an uploaded file: detected, its columns proposed, or mapped as files with these headers were
    mapped before. FileUnreadable leaves nothing behind.
    """
    try:
        found = await _look(received.path, None, settings)
    except FileUnreadable:
        forget_files(settings, received.id)
        raise
    kept = await queries.find_mapping(session, header_key(found.columns))
    kind = kind or (ImportKind(kept.kind) if kept else None)
    kind = kind or ImportKind(propose_kind(found.columns) or ImportKind.CUSTOMERS)
    row = Import(
        id=received.id,
        kind=kind,
        file_name=received.name,
        file_bytes=received.size,
        sha256=received.sha256,
        source=_source_of(received.name),
        format=format_to_store(found.format),
        columns=_proposed(kind, found.columns),
        options=ImportOptions().model_dump(mode="json"),
        created_by=actor.name,
        created_at=clock.now(),
    )
    if kept is not None and kept.kind == kind:
        use_mapping(row, kept)
    session.add(row)
    await session.flush()
    await activity.record(
        session, actor, "import.uploaded", subject="import", subject_id=row.id, details={"kind": row.kind}
    )
    return row


def use_mapping(row: Import, mapping: ImportMapping) -> None:
    """Give a draft what was kept under a name; columns are found by their names, wherever they stand in this file."""
    kept = {fold_name(column["name"]): column for column in mapping.columns}
    row.columns = [
        kept.get(fold_name(column["name"]), _LEFT_OUT) | {"index": column["index"], "name": column["name"]}
        for column in row.columns
    ]
    row.kind, row.source, row.options = mapping.kind, mapping.source, mapping.options
    row.format = row.format | {"decimal": mapping.format["decimal"]}


_LEFT_OUT: dict[str, Any] = {"field": None, "policy": None, "date_format": None}


async def preview(session: AsyncSession, row: Import, settings: Settings) -> ImportPreview:
    """Return the beginning of the file as it is understood now, with a proposal for every column."""
    found = await _look(_kept_file(row, settings), stored_format(row), settings)
    proposals = propose(row.kind, found.columns)
    kept = await queries.find_mapping(session, header_key(found.columns))
    guessed = propose_kind(found.columns)
    return ImportPreview(
        format=FileFormatIO.model_validate(format_to_store(found.format)),
        proposed_kind=ImportKind(guessed) if guessed else None,
        columns=[
            ColumnPreview(
                index=column.index,
                name=column.name,
                samples=column.samples,
                filled=column.filled,
                date_formats=column.date_formats,
                proposed_field=proposal.field if proposal else None,
                proposed_because=proposal.because if proposal else None,
                proposed_policy=_policy(ImportKind(row.kind), proposal.field) if proposal else None,
            )
            for column in found.columns
            for proposal in [proposals.get(column.index)]
        ],
        rows=found.rows,
        warnings=[
            FindingRead(code=each.code, row=each.row, column=each.column, message=each.message)
            for each in found.warnings
        ],
        saved_mapping=kept.name if kept else None,
    )


async def change_import(session: AsyncSession, row: Import, body: ImportPatch, *, settings: Settings) -> None:
    """Change a draft; a rehearsal made before counts no more. Another kind or format proposes its columns anew."""
    if row.state not in EDITABLE:
        raise ImportNotReady(f"It is {row.state}.", state=row.state)
    stated = body.model_fields_set
    if "format" in stated and body.format:
        row.format = body.format.model_dump(mode="json")
    if "kind" in stated and body.kind:
        row.kind = body.kind
    if stated & {"format", "kind"}:
        found = await _look(_kept_file(row, settings), stored_format(row), settings)
        row.columns = _proposed(ImportKind(row.kind), found.columns)
    if "columns" in stated and body.columns is not None:
        row.columns = _mapped(row.columns, body.columns)
    if "options" in stated and body.options:
        row.options = body.options.model_dump(mode="json")
    if "source" in stated and body.source:
        row.source = body.source
    forget_rows(settings, row.id)
    row.state, row.version, row.row_total = ImportState.DRAFT, row.version + 1, None
    row.counts, row.rehearsal, row.rehearsed_at, row.failure = {}, {}, None, None
    await session.flush()


def _mapped(columns: Sequence[dict[str, Any]], stated: Sequence[ColumnMapping]) -> list[dict[str, Any]]:
    """Return every column of the file in its place, mapped as stated; one that is not stated is left out."""
    by_index: dict[int, ColumnMapping] = {}
    for place, each in enumerate(stated):
        if each.index >= len(columns):
            raise Invalid(errors=[FieldError(f"columns.{place}.index", "no-such-column", "is no column of this file")])
        if each.index in by_index:
            raise Invalid(errors=[FieldError(f"columns.{place}.index", "column-twice", "is mapped twice")])
        by_index[each.index] = each
    return [
        (by_index[place].model_dump(mode="json") if place in by_index else _LEFT_OUT)
        | {"index": place, "name": column["name"]}
        for place, column in enumerate(columns)
    ]


async def put_mapping(session: AsyncSession, name: str, body: MappingWrite, *, actor: Actor) -> ImportMapping:
    """Keep a mapping under a name, in place of the one that had it."""
    values = {
        "kind": body.kind,
        "header_key": _digest([column.name for column in body.columns]),
        "source": body.source,
        "format": body.format.model_dump(mode="json"),
        "columns": [column.model_dump(mode="json") for column in body.columns],
        "options": body.options.model_dump(mode="json"),
        "updated_by": actor.name,
        "updated_at": clock.now(),
    }
    statement = (
        insert(ImportMapping)
        .values(name=name, **values)
        .on_conflict_do_update(index_elements=[ImportMapping.name], set_=values)
        .returning(ImportMapping)
    )
    mapping = (await session.execute(statement, execution_options={"populate_existing": True})).scalar_one()
    await activity.record(session, actor, "import_mapping.saved", subject="import_mapping", details={"kind": body.kind})
    return mapping


async def forget_mapping(session: AsyncSession, name: str) -> None:
    """Forget a mapping."""
    await session.delete(await queries.get_mapping(session, name))


def header_key(columns: Sequence[Column]) -> str:
    """Return what files with the same headers share, whatever their case, accents and blanks."""
    return _digest([column.name for column in columns])


def header_key_of(row: Import) -> str:
    return _digest([column["name"] for column in row.columns])


def _digest(names: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(fold_name(name) for name in names).encode()).hexdigest()[:32]


def limits_of(settings: Settings) -> Limits:
    return Limits(file_bytes=max(settings.max_upload_bytes, Limits().file_bytes))


async def _look(path: Path, fmt: FileFormat | None, settings: Settings) -> Preview:
    limits = limits_of(settings)
    try:
        if fmt is None:
            return await asyncio.to_thread(formats.detect, path, limits=limits)
        return await asyncio.to_thread(formats.preview, path, fmt, limits=limits)
    except Unreadable as refused:
        raise FileUnreadable(refused.message, reason=str(refused.code)) from refused


def _kept_file(row: Import, settings: Settings) -> Path:
    path = upload_path(settings, row.id)
    if row.file_gone_at is not None or not path.is_file():
        raise ImportFileGone()
    return path


def format_to_store(fmt: FileFormat) -> dict[str, Any]:
    return asdict(fmt) | {"kind": fmt.kind.value}


def stored_format(row: Import) -> FileFormat:
    stated = FileFormatIO.model_validate(row.format).model_dump()
    return FileFormat(**stated | {"kind": FileKind(stated["kind"])})


def _proposed(kind: ImportKind, columns: Sequence[Column]) -> list[dict[str, Any]]:
    """Return a mapping of what was recognised; a date column gets a format only where a single one fits (B-18)."""
    proposals = propose(kind, columns)
    mapped = []
    for column in columns:
        proposal = proposals.get(column.index)
        field = field_of(kind, proposal.field) if proposal else None
        is_date = field is not None and field.type is FieldType.DATE
        single = column.date_formats[0] if len(column.date_formats) == 1 else None
        mapping = ColumnMapping(
            index=column.index,
            name=column.name[:200],
            field=field.name if field else None,
            policy=default_policy(field) if field else None,
            date_format=single if is_date else None,
        )
        mapped.append(mapping.model_dump(mode="json"))
    return mapped


def _policy(kind: ImportKind, name: str) -> Any:
    field = field_of(kind, name)
    return default_policy(field) if field else None


def _source_of(name: str) -> str:
    """Return a name for where the rows come from, out of the file's own without its digits, which are mostly a date."""
    stem = fold_name(name.rsplit(".", 1)[0])
    kept = "".join(mark if mark.isalpha() else "-" for mark in stem)
    return "-".join(part for part in kept.split("-") if part)[:60] or "file"
