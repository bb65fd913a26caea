"""Reads of consent: the ledger of a person, the texts in force, the signed assessments."""

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, any_, cast, exists, select
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from ritorno.consents.errors import AssessmentNotFound, NoticeNotFound
from ritorno.consents.models import (
    AssessmentRecord,
    ConsentEvent,
    ConsentState,
    Notice,
    NoticeVersion,
    Reply,
    SoftOptin,
)
from ritorno.consents.rules import Action, AssessmentKind, Card, Channel, Entry, Method, Party, Purpose, Standing
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.queries import get_customer, groups_of, living_of
from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.stores.models import Business
from ritorno.stores.queries import get_business


def among(column: InstrumentedAttribute[UUID], ids: Collection[UUID]) -> ColumnElement[bool]:
    """Return the condition that a column is one of any number of ids: one parameter, however many they are."""
    return column == any_(cast(list(ids), ARRAY(Uuid)))


async def list_consents(
    session: AsyncSession, customer_id: UUID, query: PageQuery, *, at: datetime | None = None
) -> Page[ConsentEvent]:
    """Return a person's ledger, newest first, with the ledgers of the cards that became part of this one; with `at`,
    only what had been said by then.
    """
    await get_customer(session, customer_id)
    cards = (await groups_of(session, [customer_id], at=at))[customer_id]
    said = select(ConsentEvent).where(ConsentEvent.customer_id.in_([card.id for card in cards]))
    return await paginate(
        session,
        said if at is None else said.where(ConsentEvent.occurred_at <= at),
        key=[ConsentEvent.occurred_at, ConsentEvent.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )


async def cards_of(
    session: AsyncSession, customer_ids: Collection[UUID], *, at: datetime | None = None
) -> dict[UUID, list[Card]]:
    """Return what was said on every card of these people, the living one first, as the fold needs it; with `at`, only
    what was said by then.
    """
    groups = await groups_of(session, customer_ids, at=at)
    entries = await _entries_of(session, {card.id for cards in groups.values() for card in cards}, at=at)
    return {
        customer_id: [Card(card.id, entries[card.id], card.into, card.merged_at) for card in cards]
        for customer_id, cards in groups.items()
    }


async def _entries_of(
    session: AsyncSession, customer_ids: Collection[UUID], *, at: datetime | None
) -> dict[UUID, list[Entry]]:
    """Return the ledger of each card alone."""
    found: dict[UUID, list[Entry]] = {customer_id: [] for customer_id in customer_ids}
    chosen = among(ConsentEvent.customer_id, customer_ids)
    rows = await session.execute(
        select(
            ConsentEvent.customer_id,
            ConsentEvent.id,
            ConsentEvent.purpose,
            ConsentEvent.channel,
            ConsentEvent.action,
            ConsentEvent.occurred_at,
            ConsentEvent.is_proven,
            ConsentEvent.method,
            ConsentEvent.party,
            ConsentEvent.contact_point_id,
            ConsentEvent.recorded_at,
            ConsentEvent.recipient_id,
        ).where(chosen if at is None else and_(chosen, ConsentEvent.occurred_at <= at))
    )
    for customer_id, event_id, purpose, channel, action, occurred_at, is_proven, method, party, *more in rows:
        entry = Entry(
            event_id,
            Purpose(purpose),
            Channel(channel) if channel else None,
            Action(action),
            occurred_at,
            is_proven,
            Method(method),
            Party(party),
            *more,
        )
        found[customer_id].append(entry)
    return found


async def states_of(
    session: AsyncSession, customer_ids: Collection[UUID]
) -> dict[tuple[UUID, Purpose, Channel | None], Standing]:
    """Return where each purpose on each channel of these people stands."""
    rows = await session.execute(
        select(ConsentState.customer_id, ConsentState.purpose, ConsentState.channel, ConsentState.standing).where(
            among(ConsentState.customer_id, customer_ids)
        )
    )
    return {
        (customer_id, Purpose(purpose), Channel(channel) if channel else None): Standing(standing)
        for customer_id, purpose, channel, standing in rows
    }


async def moments_of(session: AsyncSession, event_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Return when each of these entries says it happened."""
    if not event_ids:
        return {}
    rows = await session.execute(
        select(ConsentEvent.id, ConsentEvent.occurred_at).where(among(ConsentEvent.id, event_ids))
    )
    return {row.id: row.occurred_at for row in rows}


class Person(NamedTuple):
    """What a new entry must know of its person."""

    id: UUID
    birth_on: date | None
    erased_at: datetime | None
    language: str
    merged_into_id: UUID | None = None
    is_minor_flagged: bool = False
    country: str | None = None


async def lock_people(session: AsyncSession, customer_ids: Collection[UUID]) -> dict[UUID, Person]:
    """Return and lock these people, in the order of their ids, so that nobody's chain forks."""
    rows = await session.execute(
        select(
            Customer.id,
            Customer.birth_on,
            Customer.erased_at,
            Customer.language,
            Customer.merged_into_id,
            Customer.is_minor_flagged,
            Customer.country,
        )
        .where(among(Customer.id, customer_ids))
        .order_by(Customer.id)
        .with_for_update(key_share=True)
    )
    return {row.id: Person(*row) for row in rows}


async def addresses_of(session: AsyncSession, customer_ids: Collection[UUID]) -> dict[tuple[UUID, Channel], UUID]:
    """Return the contact point each channel of these people uses today, to tie a yes to the address it was said for."""
    rows = await session.execute(
        select(ContactPoint.customer_id, ContactPoint.kind, ContactPoint.is_mobile, ContactPoint.id)
        .where(among(ContactPoint.customer_id, customer_ids), ContactPoint.valid_to.is_(None))
        .order_by(ContactPoint.is_primary, ContactPoint.valid_from)
    )
    found: dict[tuple[UUID, Channel], UUID] = {}
    for customer_id, kind, is_mobile, point_id in rows:
        for channel in _CHANNELS_OF[kind]:
            if channel is not Channel.SMS or is_mobile:
                found[customer_id, channel] = point_id
    return found


_CHANNELS_OF = {
    "EMAIL": (Channel.EMAIL,),
    "PHONE": (Channel.SMS, Channel.PHONE_OPERATOR),
    "POSTAL": (Channel.POST,),
}


class Head(NamedTuple):
    """The last link of a person's chain."""

    seq: int
    hash: bytes


async def heads_of(session: AsyncSession, customer_ids: Collection[UUID]) -> dict[UUID, Head]:
    """Return the end of each person's chain."""
    rows = await session.execute(
        select(ConsentEvent.customer_id, ConsentEvent.seq, ConsentEvent.hash)
        .where(among(ConsentEvent.customer_id, customer_ids))
        .ext(distinct_on(ConsentEvent.customer_id))
        .order_by(ConsentEvent.customer_id, ConsentEvent.seq.desc())
    )
    return {customer_id: Head(seq, digest) for customer_id, seq, digest in rows}


_NEWEST_FIRST = (
    NoticeVersion.version.desc(),
    NoticeVersion.language != select(Business.language).scalar_subquery(),
    NoticeVersion.language,
)
"""The texts of one version begin with that in the language of the business."""


class NoticeTexts(NamedTuple):
    """A notice with all its versions, newest first."""

    notice: Notice
    versions: list[NoticeVersion]


async def list_notices(session: AsyncSession) -> list[NoticeTexts]:
    """Return every notice by name; an installation has a handful."""
    notices = (await session.scalars(select(Notice).order_by(Notice.name, Notice.id))).all()
    versions = (await session.scalars(select(NoticeVersion).order_by(*_NEWEST_FIRST))).all()
    return [NoticeTexts(notice, [each for each in versions if each.notice_id == notice.id]) for notice in notices]


async def get_notice(session: AsyncSession, notice_id: UUID) -> NoticeTexts:
    """Return one notice with its versions."""
    notice = await session.get(Notice, notice_id)
    if notice is None:
        raise NoticeNotFound()
    versions = await session.scalars(
        select(NoticeVersion).where(NoticeVersion.notice_id == notice_id).order_by(*_NEWEST_FIRST)
    )
    return NoticeTexts(notice, list(versions))


async def get_version(session: AsyncSession, notice_version_id: UUID) -> NoticeVersion:
    """Return one exact text."""
    version = await session.get(NoticeVersion, notice_version_id)
    if version is None:
        raise NoticeNotFound()
    return version


class Versions:
    """The texts a batch speaks of, found by id, by hash, or by `code@version` in the person's language."""

    def __init__(self, rows: Collection[tuple[NoticeVersion, Notice]]) -> None:
        self._notices = {notice.id: notice for _, notice in rows}
        self._by_id = {version.id: version for version, _ in rows}
        self._by_hash = {version.text_sha256: version for version, _ in rows}
        self._by_name = {(f"{notice.code}@{version.version}", version.language): version for version, notice in rows}

    def notice_of(self, version: NoticeVersion) -> Notice:
        """Return the notice a text belongs to."""
        return self._notices[version.notice_id]

    def find(self, *, version_id: UUID | None, name: str | None, language: str) -> NoticeVersion | None:
        """Return the text, None when nobody knows it (B-09)."""
        if version_id is not None:
            return self._by_id.get(version_id)
        if name is None:
            return None
        exact = self._by_hash.get(name) or self._by_name.get((name, language))
        return exact or next((version for (known, _), version in self._by_name.items() if known == name), None)


async def load_versions(session: AsyncSession) -> Versions:
    """Return every text of this installation; there are dozens, and a batch may name any of them."""
    rows = await session.execute(select(NoticeVersion, Notice).join(Notice, Notice.id == NoticeVersion.notice_id))
    return Versions([(version, notice) for version, notice in rows])


async def get_soft_optin(
    session: AsyncSession, customer_id: UUID, contact_point_id: UUID, order_source: str, order_external_id: str
) -> SoftOptin:
    """Return the record one order left."""
    found = await session.scalars(
        select(SoftOptin).where(
            SoftOptin.customer_id == customer_id,
            SoftOptin.contact_point_id == contact_point_id,
            SoftOptin.order_source == order_source,
            SoftOptin.order_external_id == order_external_id,
        )
    )
    return found.one()


async def get_assessment(session: AsyncSession, kind: AssessmentKind) -> AssessmentRecord:
    """Return the assessment in force: the one signed last."""
    found = await session.scalar(
        select(AssessmentRecord)
        .where(AssessmentRecord.kind == kind)
        .order_by(AssessmentRecord.signed_on.desc(), AssessmentRecord.recorded_at.desc())
        .limit(1)
    )
    if found is None:
        raise AssessmentNotFound()
    return found


class Reader(NamedTuple):
    """Who opens an unsubscribe link: their language, the channel the link belongs to, and what is stopped already."""

    language: str
    channel: Channel
    because: str
    stopped: frozenset[Channel]
    is_gone: bool


_CHANNEL_OF = {"EMAIL": Channel.EMAIL, "PHONE": Channel.SMS, "POSTAL": Channel.POST}


async def find_reader(session: AsyncSession, customer_id: UUID, contact_point_id: UUID) -> Reader:
    """Return who opens a genuine link, by the card they have today; whoever is gone reads the business's language, and
    the link still works.
    """
    customer_id = (await living_of(session, [customer_id])).get(customer_id, customer_id)
    customer = await session.get(Customer, customer_id)
    point = await session.get(ContactPoint, contact_point_id)
    channel = _CHANNEL_OF[point.kind] if point is not None else Channel.EMAIL
    if customer is None or customer.erased_at is not None:
        business = await get_business(session)
        return Reader(business.language, channel, "customer", frozenset(), is_gone=True)
    rows = await session.execute(
        select(ConsentState.channel, ConsentState.standing).where(
            ConsentState.customer_id == customer_id, ConsentState.purpose == Purpose.MKT_OWN
        )
    )
    standings = {Channel(each): Standing(standing) for each, standing in rows}
    has_soft_optin = await session.scalar(select(exists().where(SoftOptin.customer_id == customer_id)))
    is_granted = standings.get(channel) is Standing.GRANTED
    because = "consent" if is_granted else "soft_optin" if has_soft_optin else "customer"
    stopped = frozenset(
        each for each, standing in standings.items() if standing in (Standing.OBJECTED, Standing.WITHDRAWN)
    )
    return Reader(customer.language, channel, because, stopped, is_gone=False)


async def list_replies(session: AsyncSession, customer_id: UUID, query: PageQuery) -> Page[Reply]:
    """Return what a person answered to messages, newest first."""
    await get_customer(session, customer_id)
    return await paginate(
        session,
        select(Reply).where(Reply.customer_id == customer_id),
        key=[Reply.received_at, Reply.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )
