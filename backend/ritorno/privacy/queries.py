"""Reads of requests and packs."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.rules import ContactKind, ContactLevel
from ritorno.erasures.models import Erasure
from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.privacy.errors import PackNotFound, RequestNotFound
from ritorno.privacy.models import PrivacyPack, PrivacyRequest, PrivacyRequestEvent
from ritorno.privacy.rules import ALERT_DAYS, OPEN, PackState, RequestKind
from ritorno.privacy.schemas import PrivacyRequestFilter


async def get_request(session: AsyncSession, request_id: UUID, *, lock: bool = False) -> PrivacyRequest:
    found = await session.get(PrivacyRequest, request_id, with_for_update=lock or None, populate_existing=lock)
    if found is None:
        raise RequestNotFound()
    return found


async def find_open(session: AsyncSession, customer_id: UUID, kind: RequestKind) -> PrivacyRequest | None:
    """Return the oldest open request of a kind of one person."""
    statement = select(PrivacyRequest).where(
        PrivacyRequest.customer_id == customer_id, PrivacyRequest.kind == kind, PrivacyRequest.closed_at.is_(None)
    )
    return (await session.scalars(statement.order_by(PrivacyRequest.id).limit(1))).one_or_none()


def _is_overdue(today: date) -> ColumnElement[bool]:
    """Late, as its clock says: one that stands still is late only if it was before it stopped."""
    until = func.coalesce(PrivacyRequest.paused_on, today)
    return and_(PrivacyRequest.closed_at.is_(None), PrivacyRequest.due_on < until)


async def list_requests(
    session: AsyncSession, asked: PrivacyRequestFilter, query: PageQuery, *, today: date
) -> Page[PrivacyRequest]:
    statement = select(PrivacyRequest)
    if asked.state is not None:
        statement = statement.where(PrivacyRequest.state == asked.state)
    if asked.kind is not None:
        statement = statement.where(PrivacyRequest.kind == asked.kind)
    if asked.is_open is not None:
        is_open = PrivacyRequest.state.in_(OPEN)
        statement = statement.where(is_open if asked.is_open else ~is_open)
    if asked.overdue is not None:
        late = _is_overdue(today)
        statement = statement.where(late if asked.overdue else ~late)
    if asked.customer_id is not None:
        statement = statement.where(PrivacyRequest.customer_id == asked.customer_id)
    by_due = asked.sort == "due"
    return await paginate(
        session,
        statement,
        key=[PrivacyRequest.due_on if by_due else PrivacyRequest.received_on, PrivacyRequest.id],
        query=query,
        descending=not by_due,
        cast=[date.fromisoformat, UUID],
    )


class Counts(NamedTuple):
    open: int
    overdue: int
    due_soon: int
    next_due_on: date | None


async def count_requests(session: AsyncSession, today: date) -> Counts:
    """Count open requests: all, late, and due within the first reminder."""
    runs = PrivacyRequest.paused_on.is_(None)
    soon = PrivacyRequest.due_on.between(today, today + timedelta(days=max(ALERT_DAYS)))
    statement = select(
        func.count(),
        func.count().filter(_is_overdue(today)),
        func.count().filter(and_(runs, soon)),
        func.min(PrivacyRequest.due_on).filter(runs),
    ).where(PrivacyRequest.closed_at.is_(None))
    return Counts(*(await session.execute(statement)).one())


async def find_by_message(session: AsyncSession, message_id: UUID, contact_point_id: UUID) -> PrivacyRequest | None:
    """Return the request a mail was about, while the address it went to still is that person's."""
    statement = (
        select(PrivacyRequest)
        .join(PrivacyRequestEvent, PrivacyRequestEvent.request_id == PrivacyRequest.id)
        .join(ContactPoint, ContactPoint.customer_id == PrivacyRequest.customer_id)
        .where(
            PrivacyRequestEvent.message_id == message_id,
            ContactPoint.id == contact_point_id,
            ContactPoint.valid_to.is_(None),
        )
    )
    return (await session.scalars(statement)).one_or_none()


async def find_erasure(session: AsyncSession, request_id: UUID) -> Erasure | None:
    """Return the proof of what a request for erasure led to."""
    return (await session.scalars(select(Erasure).where(Erasure.request_id == request_id).limit(1))).one_or_none()


async def events_of(session: AsyncSession, request_id: UUID) -> Sequence[PrivacyRequestEvent]:
    """Return what was done, in order."""
    statement = select(PrivacyRequestEvent).where(PrivacyRequestEvent.request_id == request_id)
    return (await session.scalars(statement.order_by(PrivacyRequestEvent.id))).all()


async def names_of(session: AsyncSession, customer_ids: Collection[UUID]) -> dict[UUID, str]:
    """Return how people are called on a screen."""
    statement = select(Customer.id, Customer.given_name, Customer.family_name).where(Customer.id.in_(customer_ids))
    rows = await session.execute(statement)
    return {row.id: " ".join(part for part in (row.given_name, row.family_name) if part) for row in rows}


# ── who is asking ─────────────────────────────────────────────────────────────────────────────────────────────────────


class StoredContact(NamedTuple):
    """An address a link may go to, and whether other people read it too."""

    id: UUID
    value: str
    is_shared: bool


async def stored_contact(session: AsyncSession, customer_id: UUID, *, known_since: datetime) -> StoredContact | None:
    """Return the verified email a person is written to, if we knew it before they asked."""
    mine, theirs = aliased(ContactPoint), aliased(ContactPoint)
    shared = (
        select(theirs.id)
        .join(Customer, Customer.id == theirs.customer_id)
        .where(
            theirs.kind == mine.kind,
            theirs.match_key == mine.match_key,
            theirs.customer_id != mine.customer_id,
            theirs.valid_to.is_(None),
            Customer.erased_at.is_(None),
            Customer.merged_into_id.is_(None),
        )
        .exists()
    )
    statement = select(mine.id, mine.value, shared.label("is_shared")).where(
        mine.customer_id == customer_id,
        mine.kind == ContactKind.EMAIL,
        mine.level != ContactLevel.UNVERIFIED,
        mine.valid_to.is_(None),
        mine.invalid_at.is_(None),
        mine.hard_bounced_at.is_(None),
        mine.valid_from <= known_since,
    )
    row = (await session.execute(statement.order_by(mine.is_primary.desc(), mine.id).limit(1))).one_or_none()
    return None if row is None else StoredContact(*row)


# ── packs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def get_pack(session: AsyncSession, pack_id: UUID, *, lock: bool = False) -> PrivacyPack:
    pack = await session.get(PrivacyPack, pack_id, with_for_update=lock or None, populate_existing=lock)
    if pack is None:
        raise PackNotFound()
    return pack


async def packs_of(session: AsyncSession, request_id: UUID) -> Sequence[PrivacyPack]:
    """Return the packs of a request, the newest first."""
    statement = select(PrivacyPack).where(PrivacyPack.request_id == request_id)
    return (await session.scalars(statement.order_by(PrivacyPack.id.desc()))).all()


async def count_copies(session: AsyncSession, customer_id: UUID, kind: str) -> int:
    """Return how many packs of a kind were made for a person; those that failed or were given up do not count."""
    statement = select(func.count()).where(
        PrivacyPack.customer_id == customer_id,
        PrivacyPack.kind == kind,
        PrivacyPack.state != PackState.FAILED,
        or_(PrivacyPack.state != PackState.EXPIRED, PrivacyPack.finished_at.is_not(None)),
    )
    return (await session.scalars(statement)).one()


async def packs_kept_too_long(session: AsyncSession, at: datetime) -> Sequence[PrivacyPack]:
    """Return, locked, the packs whose file is over its time."""
    statement = select(PrivacyPack).where(PrivacyPack.state == PackState.DONE, PrivacyPack.expires_at <= at)
    return (await session.scalars(statement.with_for_update(skip_locked=True))).all()


async def stored_names(session: AsyncSession) -> set[str]:
    """Return the names of the files that may be fetched."""
    names = await session.scalars(select(PrivacyPack.stored_name).where(PrivacyPack.state == PackState.DONE))
    return {name for name in names if name is not None}


async def open_requests(session: AsyncSession, after: UUID | None, limit: int) -> Sequence[PrivacyRequest]:
    """Return a batch of the open requests, for the nightly look at their clocks."""
    statement = select(PrivacyRequest).where(PrivacyRequest.closed_at.is_(None))
    if after is not None:
        statement = statement.where(PrivacyRequest.id > after)
    return (await session.scalars(statement.order_by(PrivacyRequest.id).limit(limit))).all()
