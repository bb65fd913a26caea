"""Reads of imports."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import Customer
from ritorno.customers.rules import full_name
from ritorno.imports.errors import ImportMappingNotFound, ImportNotFound
from ritorno.imports.models import Import, ImportMapping, ImportRow
from ritorno.imports.rules import ImportKind, ImportOutcome, ImportState, MappedColumn, mapping_faults
from ritorno.imports.schemas import (
    ChangeRead,
    ColumnMapping,
    FaultRead,
    FileFormatIO,
    FindingRead,
    ImportOptions,
    ImportRead,
    ImportRowRead,
    ImportSummary,
)
from ritorno.kit.pages import Page, PageQuery, paginate


async def get_import(session: AsyncSession, import_id: UUID, *, lock: bool = False) -> Import:
    row = await session.get(Import, import_id, with_for_update=lock)
    if row is None:
        raise ImportNotFound()
    return row


async def list_imports(session: AsyncSession, query: PageQuery) -> Page[Any]:
    page = await paginate(
        session,
        select(Import),
        key=[Import.created_at, Import.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )
    page.items = [_summary(row) for row in page.items]
    return page


def _summary(row: Import) -> ImportSummary:
    own = {name: getattr(row, name) for name in ImportSummary.model_fields if name != "row_done"}
    return ImportSummary.model_validate(own | {"row_done": done_of(row)})


def done_of(row: Import) -> int:
    """Return how many rows are behind it, in the state the import is in."""
    return sum(row.counts.get(outcome.value, 0) for outcome in ImportOutcome)


def columns_of(row: Import) -> list[MappedColumn]:
    stated = [ColumnMapping.model_validate(each) for each in row.columns]
    return [MappedColumn(each.index, each.field, each.policy, each.date_format) for each in stated]


async def read_import(session: AsyncSession, row: Import) -> ImportRead:
    """Return an import with what still keeps its mapping from being used."""
    return ImportRead(
        id=row.id,
        kind=ImportKind(row.kind),
        state=ImportState(row.state),
        file_name=row.file_name,
        file_bytes=row.file_bytes,
        is_file_kept=row.file_gone_at is None,
        source=row.source,
        format=FileFormatIO.model_validate(row.format),
        columns=[ColumnMapping.model_validate(each) for each in row.columns],
        options=ImportOptions.model_validate(row.options),
        faults=[FaultRead.model_validate(fault) for fault in mapping_faults(ImportKind(row.kind), columns_of(row))],
        row_total=row.row_total,
        row_done=done_of(row),
        counts=row.counts,
        rehearsal_counts=row.rehearsal,
        undo_counts=row.undo,
        same_file_as=await find_same_file(session, row),
        job_id=row.job_id,
        failure=row.failure,
        created_by=row.created_by,
        created_at=row.created_at,
        rehearsed_at=row.rehearsed_at,
        applied_at=row.applied_at,
        undone_at=row.undone_at,
        version=row.version,
    )


async def find_same_file(session: AsyncSession, row: Import) -> UUID | None:
    """Return an earlier import of the very same bytes that stands."""
    return (
        await session.scalars(
            select(Import.id)
            .where(Import.sha256 == row.sha256, Import.id != row.id, Import.state == ImportState.APPLIED)
            .order_by(Import.id)
            .limit(1)
        )
    ).first()


async def list_rows(
    session: AsyncSession, import_id: UUID, query: PageQuery, *, outcome: ImportOutcome | None, kept: bool
) -> Page[Any]:
    """Return rows in the order of the file; rejected ones, changed ones and kept ones are each a range of an index."""
    statement = select(ImportRow).where(ImportRow.import_id == import_id)
    if outcome is not None:
        statement = statement.where(ImportRow.outcome == outcome)
    if kept:
        statement = statement.where(ImportRow.kept.is_not(None))
    page = await paginate(session, statement, key=[ImportRow.row_no], query=query, cast=[int])
    labels = await _labels(session, {row.subject_id for row in page.items if row.subject_id})
    page.items = [_row(row, labels) for row in page.items]
    return page


async def _labels(session: AsyncSession, ids: Collection[UUID]) -> dict[UUID, str]:
    if not ids:
        return {}
    rows = await session.execute(
        select(Customer.id, Customer.given_name, Customer.family_name).where(Customer.id.in_(ids))
    )
    return {row.id: full_name(row.given_name, row.family_name) for row in rows}


def _row(row: ImportRow, labels: dict[UUID, str]) -> ImportRowRead:
    changes = row.changes or {}
    return ImportRowRead(
        row_no=row.row_no,
        outcome=ImportOutcome(row.outcome),
        subject_id=row.subject_id,
        label=labels.get(row.subject_id) if row.subject_id else None,
        matched_by=changes.get("matched_by"),
        changes=list(_changes(changes)),
        findings=[
            FindingRead(code=each["code"], row=row.row_no, column=each["column"], message=each["message"])
            for each in row.problem or []
        ],
        kept=row.kept or [],
    )


_HIDDEN = {"search_name", "search_given_name"}


def _changes(changes: dict[str, Any]) -> list[ChangeRead]:
    shown = [
        ChangeRead(field=name, before=before, after=after)
        for name, (before, after) in changes.get("set", {}).items()
        if name not in _HIDDEN
    ]
    contacts = changes.get("contacts")
    if contacts:
        shown.append(ChangeRead(field="contact_points", before=len(contacts["ended"]), after=len(contacts["added"])))
    for name in ("customer_tags", "customer_interests"):
        if name in changes:
            before, after = changes[name]
            shown.append(ChangeRead(field=name.removeprefix("customer_"), before=before, after=after))
    for name in ("identifiers", "notes", "consents"):
        if changes.get(name):
            shown.append(ChangeRead(field=name, before=0, after=len(changes[name])))
    return shown


async def list_mappings(session: AsyncSession) -> list[ImportMapping]:
    return list(await session.scalars(select(ImportMapping).order_by(ImportMapping.name)))


async def get_mapping(session: AsyncSession, name: str) -> ImportMapping:
    mapping = await session.get(ImportMapping, name)
    if mapping is None:
        raise ImportMappingNotFound()
    return mapping


async def find_mapping(session: AsyncSession, header_key: str) -> ImportMapping | None:
    """Return the mapping last kept for files with these headers."""
    return (
        await session.scalars(
            select(ImportMapping)
            .where(ImportMapping.header_key == header_key)
            .order_by(ImportMapping.updated_at.desc(), ImportMapping.name)
            .limit(1)
        )
    ).first()
