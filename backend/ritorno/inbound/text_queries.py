"""Reads about texts: who holds a number, what it was last sent, and the list a person works through."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import ReplyKind, classify, sounds_like_wrong_person
from ritorno.customers.models import Customer
from ritorno.inbound.listing import newest, with_person
from ritorno.inbound.text_errors import InboundTextNotFound
from ritorno.inbound.text_models import InboundText
from ritorno.inbound.text_rules import Handling
from ritorno.inbound.text_schemas import InboundTextFilter, InboundTextRead
from ritorno.kit.db import driver
from ritorno.kit.pages import Page


class Owner(NamedTuple):
    """A person who uses a number, with the last text we sent them there."""

    customer_id: UUID
    contact_point_id: UUID
    message_id: UUID | None


_OWNERS = """
select point.customer_id, point.id, written.id
from contact_points point
join customers customer on customer.id = point.customer_id
left join lateral (
    select id, planned_at from messages message
    where message.customer_id = point.customer_id and message.contact_point_id = point.id and message.channel = 'SMS'
      and message.status in ('sending', 'sent', 'delivered', 'unknown')
    order by planned_at desc limit 1
) written on true
where point.kind = 'PHONE' and point.match_key = $1 and point.valid_to is null
  and customer.erased_at is null and customer.merged_into_id is null
order by written.planned_at desc nulls last, point.id
"""


async def owners_of(session: AsyncSession, number: str) -> list[Owner]:
    """Return everybody who uses a number, whoever was written to last first."""
    connection = await driver(session)
    return [Owner(*row) for row in await connection.fetch(_OWNERS, number)]


_REMINDED = """
select exists (
    select from messages message
    join template_texts said on said.template_id = message.template_id and said.version = message.template_version
        and said.language = message.language
    where message.customer_id = any($1::uuid[]) and message.channel = 'SMS' and message.template_class = 'SERVICE'
      and message.planned_at >= $2 and message.status in ('sending', 'sent', 'delivered', 'unknown')
      and said.plain ~* 'appuntament|appointment|prenotazion|booking|reservation'
)
"""


async def was_reminded(session: AsyncSession, customer_ids: list[UUID], *, since: datetime) -> bool:
    """Tell whether somebody was sent a text about an appointment since then."""
    return bool(await (await driver(session)).fetchval(_REMINDED, customer_ids, since))


Row = tuple[InboundText, Customer | None]


async def list_texts(session: AsyncSession, asked: InboundTextFilter) -> Page[Row]:
    """Return texts newest first, each with its person."""
    page = await newest(session, InboundText, asked)
    page.items = [(row, customer) for row, customer, *_ in page.items]
    return page


async def get_row(session: AsyncSession, inbound_text_id: UUID) -> Row:
    found = (await session.execute(with_person(InboundText).where(InboundText.id == inbound_text_id))).one_or_none()
    if found is None:
        raise InboundTextNotFound()
    return found[0], found[1]


def text_read(row: Row, *, may_see_number: bool) -> InboundTextRead:
    """Return a text as a person reads it, with what it most likely means where nobody has said yet."""
    text, customer = row
    is_open = text.handled_at is None
    suggestion = None
    if is_open and sounds_like_wrong_person(text.text):
        suggestion = Handling.WRONG_PERSON
    elif is_open and classify(text.text) is ReplyKind.HUMAN:
        suggestion = Handling.OBJECTION
    return InboundTextRead(
        id=text.id,
        received_at=text.received_at,
        kind=text.kind,
        text=text.text,
        from_number=text.from_number if may_see_number else None,
        customer_id=text.customer_id,
        customer_name=" ".join(filter(None, (customer.given_name, customer.family_name))) if customer else None,
        message_id=text.message_id,
        is_open=is_open,
        suggestion=suggestion,
        handled_at=text.handled_at,
        handled_by=text.handled_by,
        handled_as=text.handled_as,
    )
