"""What a person says of a mail that nobody could settle; its words go with that."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.customers import service as customers
from ritorno.customers.errors import ContactPointNotFound, CustomerErased
from ritorno.customers.models import ContactPoint
from ritorno.customers.queries import get_customer
from ritorno.customers.rules import ContactKind
from ritorno.inbound import reading
from ritorno.inbound.errors import InboundMailHandled
from ritorno.inbound.models import InboundMail
from ritorno.inbound.phrases import own_words
from ritorno.inbound.rules import HandledAs
from ritorno.inbound.schemas import InboundMailHandlingPut
from ritorno.inbound.service import effects
from ritorno.inbound.service.asking import close_if_nothing_waits
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.problems import FieldError, Invalid


async def handle(session: AsyncSession, mail: InboundMail, body: InboundMailHandlingPut, *, actor: Actor) -> None:
    """Do what a person read in a mail; the same answer again changes nothing."""
    if mail.handled_at is not None:
        if (mail.handled_as, mail.customer_id) == (body.outcome, body.customer_id or mail.customer_id):
            return
        raise InboundMailHandled()
    if body.customer_id is not None:
        customer = await get_customer(session, body.customer_id)
        if customer.erased_at is not None:
            raise CustomerErased()
        mail.customer_id = customer.id
    read = reading.read(mail.raw or b"")
    if body.outcome is HandledAs.BOUNCE and body.customer_id is not None:
        await _mark_bounced(session, body.customer_id, actor=actor)
    if body.outcome is HandledAs.REPLY and body.customer_id is not None:
        words = own_words(read.text) or read.subject
        if not words:
            raise Invalid(errors=[FieldError("outcome", "no-words", "This mail says nothing that could be a reply.")])
        await effects.reply(session, body.customer_id, words, at=mail.received_at, actor=actor)
    mail.sender = mail.subject = mail.raw = None
    mail.handled_at, mail.handled_by, mail.handled_as = clock.now(), actor.name, body.outcome
    await activity.record(
        session,
        actor,
        "inbound_mail.handled",
        subject="customer" if body.customer_id else "inbound_mail",
        subject_id=body.customer_id or mail.id,
        details={"inbound_mail_id": str(mail.id), "outcome": body.outcome},
    )
    await session.flush()
    await close_if_nothing_waits(session, actor=actor)


async def _mark_bounced(session: AsyncSession, customer_id: UUID, *, actor: Actor) -> None:
    """Mark the address that is in use today: a mail without a token does not prove which one it was sent to."""
    point_id = await session.scalar(
        select(ContactPoint.id)
        .where(
            ContactPoint.customer_id == customer_id,
            ContactPoint.kind == ContactKind.EMAIL,
            ContactPoint.valid_to.is_(None),
        )
        .order_by(ContactPoint.is_primary.desc(), ContactPoint.id)
        .limit(1)
    )
    if point_id is None:
        raise ContactPointNotFound()
    await customers.mark_bounced(session, point_id, at=clock.now(), actor=actor)
