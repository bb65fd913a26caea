"""Reads of recipients, of what was given to them and of what they must be told."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import ContactPoint, Customer
from ritorno.disclosures.errors import DisclosureNoticeNotFound, RecipientNotFound
from ritorno.disclosures.models import Disclosure, DisclosureNotice, Handover, Recipient
from ritorno.disclosures.rules import NoticeCause, NoticeState
from ritorno.disclosures.schemas import DisclosureNoticeFilter
from ritorno.kit.pages import Page, PageQuery, paginate


class Known(NamedTuple):
    """A recipient with what it was given and what it waits for."""

    recipient: Recipient
    people_count: int
    pending_notices: int


async def list_recipients(session: AsyncSession) -> list[Known]:
    """Return every recipient by name."""
    return await _known(session)


async def get_known(session: AsyncSession, recipient_id: UUID) -> Known:
    found = await _known(session, Recipient.id == recipient_id)
    if not found:
        raise RecipientNotFound()
    return found[0]


async def _known(session: AsyncSession, *only: ColumnElement[bool]) -> list[Known]:
    people = (
        select(func.count(func.distinct(Disclosure.customer_id)))
        .join(Handover, Handover.id == Disclosure.handover_id)
        .where(Handover.recipient_id == Recipient.id)
        .scalar_subquery()
    )
    pending = (
        select(func.count())
        .where(DisclosureNotice.recipient_id == Recipient.id, DisclosureNotice.state == NoticeState.PENDING)
        .scalar_subquery()
    )
    rows = await session.execute(select(Recipient, people, pending).where(*only).order_by(Recipient.name))
    return [Known(*row) for row in rows]


async def get_recipient(session: AsyncSession, recipient_id: UUID, *, lock: bool = False) -> Recipient:
    row = await session.get(Recipient, recipient_id, with_for_update=lock or None)
    if row is None:
        raise RecipientNotFound()
    return row


class Given(NamedTuple):
    """One person in one handover."""

    disclosure: Disclosure
    handover: Handover
    recipient: Recipient


async def disclosures_of(session: AsyncSession, customer_id: UUID) -> list[Given]:
    """Return what was given away of a person, the newest first; what was given of a merged card is theirs too."""
    own = select(Customer.id).where((Customer.id == customer_id) | (Customer.merged_into_id == customer_id))
    rows = await session.execute(
        select(Disclosure, Handover, Recipient)
        .join(Handover, Handover.id == Disclosure.handover_id)
        .join(Recipient, Recipient.id == Handover.recipient_id)
        .where((Disclosure.customer_id == customer_id) | Disclosure.customer_id.in_(own))
        .order_by(Handover.made_at.desc(), Handover.id)
    )
    return [Given(*row) for row in rows]


async def holders_of(session: AsyncSession, customer_ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Return (recipient, card) for everybody who was given something of these people, merged cards among them."""
    merged = select(Customer.id).where(Customer.merged_into_id.in_(customer_ids))
    rows = await session.execute(
        select(Handover.recipient_id, Disclosure.customer_id)
        .join(Handover, Handover.id == Disclosure.handover_id)
        .where(Disclosure.customer_id.in_(customer_ids) | Disclosure.customer_id.in_(merged))
        .distinct()
    )
    return [(recipient_id, customer_id) for recipient_id, customer_id in rows]


async def holders_of_ended_contacts(session: AsyncSession, customer_ids: Collection[UUID]) -> list[tuple[UUID, UUID]]:
    """Return (recipient, card) where an address has ended since the handover and the recipient was not told."""
    told = exists().where(
        DisclosureNotice.recipient_id == Handover.recipient_id,
        DisclosureNotice.customer_id == Disclosure.customer_id,
        DisclosureNotice.cause == NoticeCause.RECTIFIED,
        DisclosureNotice.created_at >= ContactPoint.valid_to,
    )
    rows = await session.execute(
        select(Handover.recipient_id, Disclosure.customer_id)
        .join(Handover, Handover.id == Disclosure.handover_id)
        .join(Customer, Customer.id == Disclosure.customer_id)
        .join(ContactPoint, ContactPoint.customer_id == func.coalesce(Customer.merged_into_id, Customer.id))
        .where(
            Customer.id.in_(customer_ids) | Customer.merged_into_id.in_(customer_ids),
            ContactPoint.valid_to > Handover.made_at,
            ~told,
        )
        .distinct()
    )
    return [(recipient_id, customer_id) for recipient_id, customer_id in rows]


async def survivors_of(session: AsyncSession, customer_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """Return each card → the living card of the same person, itself when it is no part of another."""
    rows = await session.execute(
        select(Customer.id, Customer.merged_into_id).where(
            Customer.id.in_(customer_ids), Customer.merged_into_id.is_not(None)
        )
    )
    return {each: each for each in customer_ids} | {row.id: row.merged_into_id for row in rows}


async def list_notices(
    session: AsyncSession, wanted: DisclosureNoticeFilter, query: PageQuery
) -> Page[tuple[DisclosureNotice, Recipient]]:
    """Return what recipients must be told, the newest first."""
    statement = select(DisclosureNotice, Recipient).join(Recipient, Recipient.id == DisclosureNotice.recipient_id)
    if wanted.state is not None:
        statement = statement.where(DisclosureNotice.state == wanted.state)
    if wanted.recipient_id is not None:
        statement = statement.where(DisclosureNotice.recipient_id == wanted.recipient_id)
    page: Page[Any] = await paginate(
        session,
        statement,
        key=[DisclosureNotice.created_at, DisclosureNotice.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )
    return page


async def get_notice(session: AsyncSession, notice_id: UUID, *, lock: bool = False) -> DisclosureNotice:
    row = await session.get(DisclosureNotice, notice_id, with_for_update=lock or None)
    if row is None:
        raise DisclosureNoticeNotFound()
    return row


async def pending_notices(session: AsyncSession) -> Sequence[DisclosureNotice]:
    """Return what still has to be told, by recipient, locked for whoever tells it."""
    statement = (
        select(DisclosureNotice)
        .where(DisclosureNotice.state == NoticeState.PENDING)
        .order_by(DisclosureNotice.recipient_id, DisclosureNotice.id)
        .with_for_update(skip_locked=True)
    )
    return (await session.scalars(statement)).all()
