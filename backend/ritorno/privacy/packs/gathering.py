"""Everything a pack tells of one person, section by section: what every domain keeps, and what is worked out for the
occasion. Nobody else is in it: staff stand by their role, and what others said of shared addresses stays with them.
"""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import queries as accountability
from ritorno.activity.models import AuditEntry
from ritorno.consents import words as gate_words
from ritorno.consents.rules import Reason
from ritorno.customers.models import ContactPoint, CustomerInterest, Identifier
from ritorno.erasures import queries as erasures
from ritorno.erasures import register
from ritorno.identity.models import User
from ritorno.kit.config import Settings
from ritorno.messaging import permissions
from ritorno.messaging.models import Message, TemplateText
from ritorno.messaging.permission_matrix import matrix_of
from ritorno.messaging.rendering import fill_subject
from ritorno.privacy.packs.words import CODES, ENDINGS, SECTIONS, frame
from ritorno.privacy.rules import PackKind
from ritorno.privacy.service.person import export as requests_of
from ritorno.segments import service as segmenting
from ritorno.segments.models import Segment
from ritorno.stores.models import Business
from ritorno.stores.queries import get_business

Row = dict[str, Any]

NAMES_OF_STAFF = frozenset({"actor_name", "author_name", "recorded_by", "done_by", "requested_by_name", "handler_name"})


async def gather(
    session: AsyncSession, settings: Settings, *, customer_id: UUID, kind: PackKind, language: str, at: datetime
) -> AsyncIterator[tuple[str, Row]]:
    """Yield (section, row); a portable pack holds only what the person gave or did (art. 20)."""
    async for section, row in register.export_all(session, settings, customer_id):
        if section in _TOLD_HERE or (kind is PackKind.PORTABILITY and not _is_portable(section)):
            continue
        yield section, {name: value for name, value in row.items() if name not in NAMES_OF_STAFF}
    if kind is PackKind.PORTABILITY:
        return
    cards = await erasures.cards_of(session, customer_id)
    business = await get_business(session)
    async for row in _messages(session, cards, language):
        yield "messages", row
    for section, rows in {
        "permissions": await _permissions(session, cards[0], language=language, at=at, business=business),
        "segments": await _segments(session, cards[0], language=language, at=at),
        "requests": [row for card in cards for row in await requests_of(session, card)],
        "readers": await _readers(session, cards),
        "sources": await _sources(session, cards),
        "processing": await _processing(session, language),
        "processors": await _processors(session, language),
    }.items():
        for row in rows:
            yield section, row


_TOLD_HERE = frozenset({"messages"})
"""Sections of the register that are told here with more words."""


def _is_portable(section: str) -> bool:
    return section in SECTIONS and SECTIONS[section].is_portable


BATCH = 500


async def _messages(session: AsyncSession, cards: Sequence[UUID], language: str) -> AsyncIterator[Row]:
    """Tell every message with its subject, its reason and where it stands."""
    after: UUID | None = None
    while True:
        statement = (
            select(Message, TemplateText.subject)
            .outerjoin(
                TemplateText,
                (TemplateText.template_id == Message.template_id)
                & (TemplateText.version == Message.template_version)
                & (TemplateText.language == Message.language),
            )
            .where(Message.customer_id.in_(cards))
        )
        if after is not None:
            statement = statement.where(Message.id > after)
        rows = (await session.execute(statement.order_by(Message.id).limit(BATCH))).all()
        for message, subject in rows:
            yield {
                "planned_at": message.planned_at.isoformat(),
                "channel": message.channel,
                "subject": fill_subject(subject, message.values) if subject else None,
                "purpose": message.purpose,
                "status": message.status,
                "because": _because(message, language),
                "sent_at": message.sent_at.isoformat() if message.sent_at else None,
                "legal_basis": (message.handoff_decision or message.decision or {}).get("basis"),
                "filled_in": message.values or None,
            }
        if len(rows) < BATCH:
            return
        after = rows[-1][0].id


def _because(message: Message, language: str) -> str | None:
    """Return why it was written, or why not: a yes is its legal basis, a no its reason."""
    reason, decision = message.reason, message.handoff_decision or message.decision or {}
    if reason is None:
        basis = CODES.get(str(decision.get("basis")))
        return basis.in_(language) if basis else None
    if decision.get("rule_id") == _SHARED:
        return frame("shared", language)
    if reason in ENDINGS:
        return ENDINGS[reason].in_(language)
    return gate_words.sentence_of(Reason(reason), language) if reason in _REASONS else reason


_REASONS = frozenset(Reason)
_SHARED = "D-11"
"""The rule by which somebody else's no holds for this person too; what the other one said is not told here."""


async def _permissions(
    session: AsyncSession, customer_id: UUID, *, language: str, at: datetime, business: Business
) -> list[Row]:
    """Tell what the gate answers at this moment, with its reasons."""
    facts = (await permissions.load_facts(session, [customer_id], at=at))[customer_id]
    matrix = matrix_of(facts, at=at, language=language, zone=business.timezone)
    return [
        {
            "purpose": row.purpose,
            "channel": cell.channel,
            "answer": cell.verdict,
            "because": frame("shared", language) if cell.rule_id == _SHARED else cell.sentence,
            "legal_basis": cell.basis,
        }
        for row in matrix.rows
        for cell in row.cells
    ]


async def _segments(session: AsyncSession, customer_id: UUID, *, language: str, at: datetime) -> list[Row]:
    """Tell which saved filters hold the person, by which rule and why."""
    found = list(await session.scalars(select(Segment).order_by(Segment.name, Segment.id)))
    rules = {read.id: read.sentence for read in await segmenting.segments_read(session, found, language=language)}
    rows = []
    for segment in found:
        member = await segmenting.membership(session, segment, customer_id, language=language, at=at)
        if member.is_member:
            rows.append({"name": segment.name, "rule": rules[segment.id], "because": member.because})
    return rows


async def _readers(session: AsyncSession, cards: Sequence[UUID]) -> list[Row]:
    """Count who opened or took something of the person, by role (S-16); whoever reads is not named."""
    who = func.coalesce(User.role, AuditEntry.actor_kind)
    statement = (
        select(who, AuditEntry.action, func.count(), func.min(AuditEntry.at), func.max(AuditEntry.at))
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.subject_id.in_(cards), AuditEntry.is_read)
        .group_by(who, AuditEntry.action)
        .order_by(func.max(AuditEntry.at).desc())
    )
    return [
        {"who": role, "act": action, "times": times, "first_at": first.isoformat(), "last_at": last.isoformat()}
        for role, action, times, first, last in await session.execute(statement)
    ]


async def _sources(session: AsyncSession, cards: Sequence[UUID]) -> list[Row]:
    """Tell where what stands on the card came from (art. 14)."""
    counted: Counter[tuple[str, str]] = Counter()
    for what, model in (
        ("contact_points", ContactPoint), ("identifiers", Identifier), ("interests", CustomerInterest)
    ):  # fmt: skip
        statement = select(model.source, func.count()).where(model.customer_id.in_(cards)).group_by(model.source)
        for source, times in await session.execute(statement):
            counted[source, what] += times
    return [{"source": source, "what": what, "times": times} for (source, what), times in sorted(counted.items())]


async def _processing(session: AsyncSession, language: str) -> list[Row]:
    """Tell the register's rows in force: purposes, bases, recipients, transfers and terms."""
    return [
        {
            "name": _side(row.name, language),
            "aim": _side(row.aim, language),
            "legal_bases": row.legal_bases,
            "data": _side(row.data_categories, language),
            "recipients": _side(row.recipients, language),
            "transfers": _side(row.transfers, language),
            "retention": _side(row.retention, language),
        }
        for row in await accountability.rows_in_force(session)
        if row.purpose is not None
    ]


async def _processors(session: AsyncSession, language: str) -> list[Row]:
    """Tell who processes for the shop, where, and what a transfer rests on (C-36)."""
    return [
        {
            "name": row.name,
            "service": _side(row.service, language),
            "country": row.country,
            "transfer": row.transfer_note or row.transfer_tool,
            "sub_processors": [each.get("name", "") if isinstance(each, dict) else each for each in row.sub_processors],
        }
        for row in await accountability.list_processors(session)
        if row.ended_on is None or row.ended_on >= row.since
    ]


def _side(text: dict[str, Any], language: str) -> str | None:
    """Return the reader's side of a text that was written in both languages."""
    return text.get(language) or next(iter(text.values()), None)
