"""Reads about mail that came in: the list a person works through, and one mail with its words."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import Customer
from ritorno.customers.rules import full_name
from ritorno.inbound import reading
from ritorno.inbound.errors import InboundMailNotFound
from ritorno.inbound.listing import newest
from ritorno.inbound.models import InboundMail
from ritorno.inbound.schemas import GuessedMessageRead, InboundMailFilter, InboundMailRead, InboundMailRow
from ritorno.kit.pages import Page
from ritorno.messaging.models import Message


async def list_mails(session: AsyncSession, asked: InboundMailFilter) -> Page[InboundMailRow]:
    """Return mails newest first, each with its person."""
    page = await newest(session, InboundMail, asked)
    page.items = [_row_read(mail, customer) for mail, customer, *_ in page.items]
    return page


async def get_mail(session: AsyncSession, mail_id: UUID, *, for_update: bool = False) -> InboundMail:
    mail = await session.get(InboundMail, mail_id, with_for_update=for_update)
    if mail is None:
        raise InboundMailNotFound()
    return mail


async def read_mail(session: AsyncSession, mail: InboundMail) -> InboundMailRead:
    """Return one mail with its words, as long as they are kept, and the message it seems to answer."""
    customer = await session.get(Customer, mail.customer_id) if mail.customer_id else None
    row = _row_read(mail, customer)
    if mail.raw is None:
        return InboundMailRead(**row.model_dump(), text=None, guess=None)
    read = reading.read(mail.raw)
    guess = None if mail.message_id else await _guess(session, read.answers)
    return InboundMailRead(**row.model_dump(), text=read.text, guess=guess)


async def _guess(session: AsyncSession, message_ids: tuple[UUID, ...]) -> GuessedMessageRead | None:
    statement = (
        select(Message.id, Customer)
        .join(Customer, Customer.id == Message.customer_id)
        .where(Message.id.in_(message_ids), Customer.erased_at.is_(None))
        .limit(1)
    )
    found = (await session.execute(statement)).one_or_none() if message_ids else None
    if found is None:
        return None
    return GuessedMessageRead(message_id=found[0], customer_id=found[1].id, customer_name=_name_of(found[1]))


def _row_read(mail: InboundMail, customer: Customer | None) -> InboundMailRow:
    return InboundMailRow(
        id=mail.id,
        received_at=mail.received_at,
        source=mail.source,
        kind=mail.kind,
        message_id=mail.message_id,
        customer_id=mail.customer_id,
        customer_name=_name_of(customer) if customer else None,
        is_open=mail.handled_at is None,
        receiver=mail.receiver,
        blame=mail.blame,
        status_code=mail.status_code,
        diagnostic=mail.diagnostic,
        sender=mail.sender,
        subject=mail.subject,
        handled_at=mail.handled_at,
        handled_by=mail.handled_by,
        handled_as=mail.handled_as,
    )


def _name_of(customer: Customer) -> str:
    return full_name(customer.given_name, customer.family_name)
