"""Reads of the register, the processors, the incidents and the printed documents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability.errors import ActivityNotFound, DocumentNotFound, IncidentNotFound, ProcessorNotFound
from ritorno.accountability.models import (
    Document,
    IncidentEvent,
    IncidentRecord,
    ProcessingActivity,
    ProcessingActivityVersion,
    Processor,
    TermsAcceptance,
)
from ritorno.accountability.rules import DocumentFormat, DocumentKind
from ritorno.accountability.schemas import DocumentFilter
from ritorno.kit import clock
from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.stores import queries as stores


@dataclass(frozen=True, slots=True)
class Need:
    """What somebody is about to do with people's data, as the register would have to say it (C-34)."""

    purpose: str | None = None
    channel: str | None = None
    recipient_id: UUID | None = None
    retention: tuple[str, str] | None = None
    """Clock and ISO 8601 duration."""

    def is_met_by(self, row: ProcessingActivity) -> bool:
        """Tell whether a row covers everything that is needed."""
        return (
            (self.purpose is None or row.purpose == self.purpose)
            and (self.channel is None or self.channel in row.channels)
            and (self.recipient_id is None or str(self.recipient_id) in row.recipient_ids)
            and (self.retention is None or row.retention_periods.get(self.retention[0]) == self.retention[1])
        )

    def named(self) -> dict[str, str]:
        """Return what is needed, for a refusal and for the list of gaps."""
        found: dict[str, str | None] = {
            "purpose": self.purpose,
            "channel": self.channel,
            "recipient_id": str(self.recipient_id) if self.recipient_id else None,
            "retention": f"{self.retention[0]}={self.retention[1]}" if self.retention else None,
        }
        return {name: value for name, value in found.items() if value is not None}


async def is_registered(
    session: AsyncSession,
    *,
    purpose: str | None = None,
    channel: str | None = None,
    recipient_id: UUID | None = None,
    retention: tuple[str, str] | None = None,
) -> bool:
    """Tell whether one row in force covers all of this (C-34)."""
    need = Need(purpose, channel, recipient_id, retention)
    return any(need.is_met_by(row) for row in await rows_in_force(session))


async def rows_in_force(session: AsyncSession) -> Sequence[ProcessingActivity]:
    """Return the rows of the register that have not ended."""
    today = clock.today((await stores.get_business(session)).timezone)
    return [row for row in await list_activities(session) if row.ended_on is None or row.ended_on >= today]


async def list_activities(session: AsyncSession) -> Sequence[ProcessingActivity]:
    """Return the register: own processing first, in order of code."""
    statement = select(ProcessingActivity).order_by(ProcessingActivity.side, ProcessingActivity.code)
    return (await session.scalars(statement)).all()


async def get_activity(session: AsyncSession, activity_id: UUID, *, lock: bool = False) -> ProcessingActivity:
    row = await session.get(ProcessingActivity, activity_id, with_for_update=lock or None)
    if row is None:
        raise ActivityNotFound()
    return row


async def list_versions(session: AsyncSession, activity_id: UUID) -> Sequence[ProcessingActivityVersion]:
    """Return how a row has stood, the newest first."""
    await get_activity(session, activity_id)
    statement = (
        select(ProcessingActivityVersion)
        .where(ProcessingActivityVersion.activity_id == activity_id)
        .order_by(ProcessingActivityVersion.version.desc())
    )
    return (await session.scalars(statement)).all()


async def list_processors(session: AsyncSession) -> Sequence[Processor]:
    return (await session.scalars(select(Processor).order_by(Processor.name))).all()


async def get_processor(session: AsyncSession, processor_id: UUID, *, lock: bool = False) -> Processor:
    row = await session.get(Processor, processor_id, with_for_update=lock or None)
    if row is None:
        raise ProcessorNotFound()
    return row


async def find_terms_acceptance(session: AsyncSession) -> TermsAcceptance | None:
    """Return the newest acceptance of the operator's terms, whichever version it accepts."""
    return await session.scalar(select(TermsAcceptance).order_by(TermsAcceptance.id.desc()).limit(1))


async def list_incidents(session: AsyncSession, query: PageQuery) -> Page[Any]:
    return await paginate(
        session,
        select(IncidentRecord),
        key=[IncidentRecord.became_aware_at, IncidentRecord.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )


async def every_incident(session: AsyncSession) -> Sequence[IncidentRecord]:
    """Return all incidents in the order in which they became known, for the log (art. 33(5))."""
    statement = select(IncidentRecord).order_by(IncidentRecord.became_aware_at, IncidentRecord.id)
    return (await session.scalars(statement)).all()


async def get_incident(session: AsyncSession, incident_id: UUID, *, lock: bool = False) -> IncidentRecord:
    row = await session.get(IncidentRecord, incident_id, with_for_update=lock or None)
    if row is None:
        raise IncidentNotFound()
    return row


async def list_incident_events(session: AsyncSession, incident_id: UUID) -> Sequence[IncidentEvent]:
    """Return everything that was written about an incident, in order."""
    await get_incident(session, incident_id)
    statement = select(IncidentEvent).where(IncidentEvent.incident_id == incident_id).order_by(IncidentEvent.seq)
    return (await session.scalars(statement)).all()


async def list_documents(session: AsyncSession, wanted: DocumentFilter, query: PageQuery) -> Page[Any]:
    statement = select(Document)
    if wanted.kind is not None:
        statement = statement.where(Document.kind == wanted.kind)
    if wanted.language is not None:
        statement = statement.where(Document.language == wanted.language)
    if wanted.newest:
        own = (Document.kind, Document.language, Document.format)
        newest = select(*own, func.max(Document.version).label("version")).group_by(*own).subquery()
        statement = statement.join(
            newest,
            (newest.c.kind == Document.kind)
            & (newest.c.language == Document.language)
            & (newest.c.format == Document.format)
            & (newest.c.version == Document.version),
        )
    return await paginate(
        session,
        statement,
        key=[Document.made_at, Document.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )


async def get_document(session: AsyncSession, document_id: UUID) -> Document:
    row = await session.get(Document, document_id)
    if row is None:
        raise DocumentNotFound()
    return row


async def newest_document(
    session: AsyncSession, kind: DocumentKind, language: str, document_format: DocumentFormat
) -> Document | None:
    """Return the newest version of a document, if it was ever printed."""
    statement = (
        select(Document)
        .where(Document.kind == kind, Document.language == language, Document.format == document_format)
        .order_by(Document.version.desc())
        .limit(1)
    )
    return await session.scalar(statement)
