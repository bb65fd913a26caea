"""Every read of templates, senders and messages longer than a primary key."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.customers.models import Customer
from ritorno.customers.queries import get_customer
from ritorno.kit.db import driver
from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.messaging.errors import MessageNotFound, SenderNotFound, TemplateNotFound, TemplateNotReady
from ritorno.messaging.handoff import Claimed
from ritorno.messaging.models import (
    CapturedMessage,
    Confirmation,
    Message,
    QueuedMessage,
    Sender,
    SenderKey,
    SenderReadiness,
    StreamHold,
    Template,
    TemplateText,
)
from ritorno.messaging.rules import MessageStatus
from ritorno.messaging.schemas import MessageFilter

# ── templates and senders ─────────────────────────────────────────────────────────────────────────────────────────────


async def get_template(session: AsyncSession, template_id: UUID, *, for_update: bool = False) -> Template:
    template = await session.get(Template, template_id, with_for_update=for_update or None)
    if template is None:
        raise TemplateNotFound()
    return template


async def list_templates(session: AsyncSession, query: PageQuery, *, channel: Channel | None = None) -> Page[Template]:
    statement = select(Template)
    if channel is not None:
        statement = statement.where(Template.channel == channel)
    return await paginate(session, statement, key=[Template.name, Template.id], query=query, cast=[str, UUID])


async def texts_of(session: AsyncSession, templates: Iterable[Template]) -> dict[UUID, list[TemplateText]]:
    """Return the present texts of each template, Italian before English."""
    versions = {template.id: template.version for template in templates}
    statement = (
        select(TemplateText)
        .where(TemplateText.template_id.in_(versions))
        .order_by(TemplateText.template_id, TemplateText.language.desc())
    )
    found: dict[UUID, list[TemplateText]] = {template_id: [] for template_id in versions}
    for row in (await session.scalars(statement)).all():
        if row.version == versions[row.template_id]:
            found[row.template_id].append(row)
    return found


async def texts_of_version(session: AsyncSession, template_id: UUID, version: int) -> dict[str, TemplateText]:
    """Return the texts of one version by language."""
    statement = select(TemplateText).where(TemplateText.template_id == template_id, TemplateText.version == version)
    return {text.language: text for text in (await session.scalars(statement)).all()}


async def get_sender(session: AsyncSession, sender_id: UUID, *, for_update: bool = False) -> Sender:
    sender = await session.get(Sender, sender_id, with_for_update=for_update or None)
    if sender is None:
        raise SenderNotFound()
    return sender


async def find_sender(session: AsyncSession, channel: Channel | str, stream: TemplateClass | str) -> Sender | None:
    statement = select(Sender).where(Sender.channel == channel, Sender.stream == stream)
    return (await session.scalars(statement)).one_or_none()


async def list_senders(session: AsyncSession) -> Sequence[Sender]:
    return (await session.scalars(select(Sender).order_by(Sender.channel, Sender.stream))).all()


async def signing_keys(session: AsyncSession, sender_ids: Sequence[UUID]) -> Sequence[SenderKey]:
    """Return the keys of these senders that sign or wait to, the one that signs first."""
    statement = select(SenderKey).where(SenderKey.sender_id.in_(sender_ids), SenderKey.retired_at.is_(None))
    return (await session.scalars(statement.order_by(SenderKey.sender_id, SenderKey.active_since.nulls_last()))).all()


async def list_readiness(session: AsyncSession) -> Sequence[SenderReadiness]:
    """Return the present answer of each channel (G1)."""
    statement = (
        select(SenderReadiness)
        .ext(distinct_on(SenderReadiness.channel))
        .order_by(SenderReadiness.channel, SenderReadiness.since.desc())
    )
    return (await session.scalars(statement)).all()


def is_open(channel: str, stream: str) -> tuple[ColumnElement[bool], ...]:
    """Return what is true of the one hold that keeps a stream waiting now."""
    return StreamHold.channel == channel, StreamHold.stream == stream, StreamHold.lifted_at.is_(None)


async def open_holds(session: AsyncSession) -> Sequence[StreamHold]:
    """Return what keeps streams waiting now: at most one for each."""
    statement = select(StreamHold).where(StreamHold.lifted_at.is_(None))
    return (await session.scalars(statement.order_by(StreamHold.channel, StreamHold.stream))).all()


# ── people a batch would be written to ────────────────────────────────────────────────────────────────────────────────


class Addressee(NamedTuple):
    """What planning needs to know of one person: how to greet them, and which address they hold."""

    customer_id: UUID
    given_name: str | None
    family_name: str | None
    city: str | None
    language: str
    address_id: UUID | None
    last_purchase_at: datetime | None
    address: str | None


_ADDRESSEES = """
select c.id, c.given_name, c.family_name, c.city, c.language, oldest.id, profile.last_at, point.match_key
from unnest($1::uuid[], $2::uuid[]) asked(customer_id, contact_point_id)
join customers c on c.id = asked.customer_id
left join profiles profile on profile.customer_id = c.id
left join contact_points point on point.id = asked.contact_point_id
left join lateral (
    select other.id from contact_points other
    where other.kind = point.kind and other.match_key = point.match_key
    order by other.id limit 1
) oldest on true
"""


async def addressees(
    session: AsyncSession, customer_ids: Sequence[UUID], contact_point_ids: Sequence[UUID | None]
) -> dict[UUID, Addressee]:
    """Return everybody at once; the address is named by its oldest contact point, whoever else has it (D-11)."""
    connection = await driver(session)
    rows = await connection.fetch(_ADDRESSEES, list(customer_ids), list(contact_point_ids))
    return {row[0]: Addressee(*row) for row in rows}


async def last_reached(session: AsyncSession, customer_ids: Sequence[UUID], *, since: datetime) -> dict[UUID, datetime]:
    """Return when each person last received a message from us (E-18)."""
    connection = await driver(session)
    rows = await connection.fetch(
        """
        select customer_id, max(delivered_at) from messages
        where customer_id = any($1::uuid[]) and planned_at > $2 and delivered_at is not null group by customer_id
        """,
        list(customer_ids),
        since,
    )
    return {row[0]: row[1] for row in rows}


# ── messages ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def get_message(session: AsyncSession, message_id: UUID, *, for_update: bool = False) -> Message:
    message = await session.get(Message, message_id, with_for_update=for_update or None)
    if message is None:
        raise MessageNotFound()
    return message


async def newest_message(session: AsyncSession, customer_id: UUID) -> Message:
    """Return the last message planned for a person."""
    statement = select(Message).where(Message.customer_id == customer_id).order_by(Message.id.desc()).limit(1)
    return (await session.scalars(statement)).one()


async def waiting_of(session: AsyncSession, customer_ids: Sequence[UUID]) -> list[Claimed]:
    """Return what waits for these people and has not begun to be handed over."""
    connection = await driver(session)
    rows = await connection.fetch(
        """
        select message.id, message.customer_id, message.contact_point_id, message.channel, message.purpose,
            message.service_kind, message.template_class, message.similarity_group, message.uses_purchases,
            message.template_id, message.template_version, message.language, message.values, message.due_at,
            queued.attempts, queued.receiver, message.expires_at, message.resends
        from messages message join message_queue queued on queued.message_id = message.id
        where message.customer_id = any($1::uuid[]) and queued.state <> 'sending'
        """,
        list(customer_ids),
    )
    return [Claimed(*row) for row in rows]


async def find_queued(session: AsyncSession, message_id: UUID) -> QueuedMessage | None:
    return await session.get(QueuedMessage, message_id)


async def find_captured(session: AsyncSession, message_id: UUID) -> CapturedMessage | None:
    return await session.get(CapturedMessage, message_id)


async def get_text(session: AsyncSession, message: Message) -> TemplateText | None:
    return await session.get(TemplateText, (message.template_id, message.template_version, message.language))


def _filtered(statement: Select[*tuple[Any, ...]], asked: MessageFilter, zone: str) -> Select[*tuple[Any, ...]]:
    if asked.status is not None:
        statement = statement.where(Message.status == asked.status)
    if asked.reason is not None:
        statement = statement.where(Message.reason == asked.reason)
    if asked.touch_id is not None:
        statement = statement.where(Message.touch_id == asked.touch_id)
    if asked.channel is not None:
        statement = statement.where(Message.channel == asked.channel)
    if asked.customer_id is not None:
        statement = statement.where(Message.customer_id == asked.customer_id)
    if asked.day is not None:
        starts, ends = day_bounds(asked.day, zone)
        statement = statement.where(Message.planned_at >= starts, Message.planned_at < ends)
    return statement


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """Return the instants between which a calendar day of the business lies."""
    place = ZoneInfo(zone)
    return datetime.combine(day, time(0), place), datetime.combine(day + timedelta(days=1), time(0), place)


async def list_messages(
    session: AsyncSession, asked: MessageFilter, query: PageQuery, *, zone: str
) -> Page[tuple[Message, Customer]]:
    """Return messages newest first, each with its person."""
    statement = select(Message, Customer).join(Customer, Customer.id == Message.customer_id)
    page: Page[Any] = await paginate(
        session,
        _filtered(statement, asked, zone),
        key=[Message.planned_at, Message.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )
    page.items = [(message, customer) for message, customer, *_ in page.items]
    return page


async def count_by_status(
    session: AsyncSession, *, touch_id: UUID | None, day: date | None, zone: str
) -> dict[str, int]:
    """Return how many messages stand in each state, of one touch, of one day, or of all."""
    statement = select(Message.status, func.count()).group_by(Message.status)
    if touch_id is not None:
        statement = statement.where(Message.touch_id == touch_id)
    if day is not None:
        starts, ends = day_bounds(day, zone)
        statement = statement.where(Message.planned_at >= starts, Message.planned_at < ends)
    counted = {row[0]: row[1] for row in await session.execute(statement)}
    return {status.value: counted[status] for status in MessageStatus if status in counted}


# ── confirmations ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def list_confirmations(session: AsyncSession, customer_id: UUID) -> Sequence[Confirmation]:
    """Return what a person was asked to confirm, newest first."""
    await get_customer(session, customer_id)
    statement = select(Confirmation).where(Confirmation.customer_id == customer_id)
    return (await session.scalars(statement.order_by(Confirmation.asked_at.desc(), Confirmation.id.desc()))).all()


async def find_confirmation(session: AsyncSession, confirmation_id: UUID) -> Confirmation | None:
    return await session.get(Confirmation, confirmation_id)


async def find_confirmation_of(session: AsyncSession, message_id: UUID) -> Confirmation | None:
    """Return the question one message put."""
    return (await session.scalars(select(Confirmation).where(Confirmation.message_id == message_id))).one_or_none()


async def get_template_by_code(session: AsyncSession, code: str) -> Template:
    """Return a template that came with the product; TemplateNotReady where it is gone."""
    template = (await session.scalars(select(Template).where(Template.code == code))).one_or_none()
    if template is None:
        raise TemplateNotReady()
    return template
