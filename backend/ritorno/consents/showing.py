"""Ledger entries as people read them: with the words that were answered and the proof, and whether we hold its file."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.chaining import Link
from ritorno.consents.models import ConsentEvent, EvidenceFile, Notice, NoticeVersion
from ritorno.consents.schemas import ConsentRead, ProofRead, QuotedNotice

Entry = ConsentEvent | Link
"""A row of the ledger, read or just written."""


async def show(session: AsyncSession, events: Sequence[Entry]) -> list[ConsentRead]:
    """Return entries with their texts and evidence, in their order."""
    versions = {event.notice_version_id for event in events if event.notice_version_id is not None}
    rows = await session.execute(
        select(NoticeVersion, Notice)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .where(NoticeVersion.id.in_(versions))
    )
    texts = {version.id: (version, notice) for version, notice in rows}
    held = await held_among(session, hashes_of(each for event in events for each in event.evidence))
    names = await _names_of(session, {event.recipient_id for event in events if event.recipient_id is not None})
    return [_shown(event, texts, held, names) for event in events]


async def _names_of(session: AsyncSession, recipients: Collection[UUID]) -> dict[UUID, str | None]:
    """Return what the notices call these third parties."""
    if not recipients:
        return {}
    rows = await session.execute(
        select(Notice.recipient_id, Notice.recipient_name)
        .where(Notice.recipient_id.in_(recipients))
        .order_by(Notice.id)
    )
    return {recipient_id: name for recipient_id, name in rows if recipient_id is not None}


def hashes_of(evidence: Iterable[dict[str, Any]]) -> set[str]:
    """Return the hashes pieces of evidence name."""
    return {each["sha256"] for each in evidence if each.get("sha256")}


async def held_among(session: AsyncSession, hashes: Collection[str]) -> set[str]:
    """Return which of these files we hold."""
    if not hashes:
        return set()
    return set(await session.scalars(select(EvidenceFile.sha256).where(EvidenceFile.sha256.in_(hashes))))


def _shown(
    event: Entry,
    texts: Mapping[UUID, tuple[NoticeVersion, Notice]],
    held: Collection[str],
    names: Mapping[UUID, str | None],
) -> ConsentRead:
    own = {name: getattr(event, name) for name in ConsentRead.model_fields if name in ConsentEvent.__table__.columns}
    recipient_name = names.get(event.recipient_id) if event.recipient_id is not None else None
    notice = None
    if event.notice_version_id is not None:
        version, known = texts[event.notice_version_id]
        notice = QuotedNotice(
            id=known.id,
            code=known.code,
            name=known.name,
            version=version.version,
            language=version.language,
            text=version.text,
        )
    evidence = [
        ProofRead(
            type=each["type"],
            uri=each.get("uri"),
            sha256=each.get("sha256"),
            note=each.get("note"),
            is_held=each.get("sha256") in held,
        )
        for each in event.evidence
    ]
    return ConsentRead.model_validate(own | {"recipient_name": recipient_name, "notice": notice, "evidence": evidence})
