"""What a mail does once it is known whose it is: its address and its consents follow (E-11…E-14, B-33…B-36)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import service as consents
from ritorno.consents.rules import Channel, Method, ReplyKind, SuppressionReason
from ritorno.consents.schemas import ReplyCreate
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.queries import living_of
from ritorno.inbound.models import InboundMail
from ritorno.inbound.phrases import own_words
from ritorno.inbound.reading import Mail
from ritorno.inbound.rules import MailKind
from ritorno.kit.actor import Actor
from ritorno.messaging import service as messaging
from ritorno.messaging.models import Message
from ritorno.messaging.refusals import Blame

ACTOR = Actor.system("inbound mail")
_SETTLED = frozenset({MailKind.FORGED, MailKind.AUTO_REPLY, MailKind.NOTICE})
"""Nothing follows from them, and nobody has to read them (B-32, B-35)."""


async def follow(session: AsyncSession, row: InboundMail, mail: Mail, message: Message | None) -> bool:
    """Do what a mail asks; False when a person has to look at it."""
    if row.kind in _SETTLED:
        return True
    if message is None:
        # A bounce of a message that was let go of since teaches nothing; words do not lose their meaning with time.
        return row.kind == MailKind.BOUNCE and row.message_id is not None
    match row.kind:
        case MailKind.BOUNCE:
            await _bounce(session, row, message)
        case MailKind.COMPLAINT:
            await _complaint(session, message)
        case MailKind.UNSUBSCRIBE:
            await _unsubscribe(session, message)
        case MailKind.REPLY:
            text = own_words(mail.text) or mail.subject
            return await reply(session, message.customer_id, text, at=row.received_at, actor=ACTOR)
    return True


async def _bounce(session: AsyncSession, row: InboundMail, message: Message) -> None:
    point = await _point_of(session, message)
    if point is not None:
        row.receiver = point.match_key.rpartition("@")[2]
    row.blame = await messaging.record_bounce(
        session,
        message,
        Blame(row.blame or Blame.SOFT),
        status=row.status_code,
        detail=row.diagnostic,
        at=row.received_at,
    )


async def _complaint(session: AsyncSession, message: Message) -> None:
    """Object for the person, and keep the address off every list, also after the card is gone (E-14, C-25)."""
    point = await _point_of(session, message)
    await consents.refuse_at_provider(
        session,
        customer_id=message.customer_id,
        contact_point_id=message.contact_point_id,
        message_id=message.id,
        channel=Channel.EMAIL,
    )
    if point is not None:
        await consents.suppress(
            session,
            channel=Channel.EMAIL,
            match_key=point.match_key,
            reason=SuppressionReason.COMPLAINT,
            actor=ACTOR,
        )


async def _unsubscribe(session: AsyncSession, message: Message) -> None:
    if message.contact_point_id is not None:
        await consents.unsubscribe(
            session,
            customer_id=message.customer_id,
            contact_point_id=message.contact_point_id,
            message_id=message.id,
            channels=[Channel.EMAIL],
            method=Method.LIST_UNSUB_POST,
        )


async def reply(session: AsyncSession, customer_id: UUID, text: str, *, at: datetime, actor: Actor) -> bool:
    """Note what somebody wrote; False where it asks for nothing we know, and a person should read it as it is."""
    living = (await living_of(session, [customer_id])).get(customer_id, customer_id)
    customer = await session.get(Customer, living)
    if customer is None or customer.erased_at is not None:
        return True
    if not text:
        return False
    body = ReplyCreate(channel=Channel.EMAIL, text=text, received_at=at)
    recorded = await consents.record_reply(session, living, body, actor=actor)
    return recorded.kind is not ReplyKind.NOTHING


async def _point_of(session: AsyncSession, message: Message) -> ContactPoint | None:
    return await session.get(ContactPoint, message.contact_point_id) if message.contact_point_id else None
