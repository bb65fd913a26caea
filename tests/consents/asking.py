"""Asking the gate and reading the ledger, as the tests of consent do."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import service as consents
from ritorno.consents.models import ConsentEvent
from ritorno.consents.rules import ANY_GROUP, Ask, Channel, Decision, Method, Purpose, Reason, decide
from ritorno.customers.models import Customer
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.messaging import permissions

MARKETING = Ask(Purpose.MKT_OWN, Channel.EMAIL, similarity_group=ANY_GROUP)
RESEARCH = Ask(Purpose.MARKET_RESEARCH, Channel.EMAIL)
SERVICE = Ask(Purpose.SERVICE, Channel.EMAIL)
OFFICER = Actor("user", uuid4(), "Paola", frozenset({"consents:write", "consents:reverse"}), "privacy_officer")


async def answer(
    session: AsyncSession, customer: Customer, ask: Ask = MARKETING, at: datetime | None = None
) -> Decision:
    """Ask the gate about a moment; without one, about now, or about when the channel opens if these are quiet hours."""
    moment = at or clock.now()
    facts = (await permissions.load_facts(session, [customer.id], at=moment))[customer.id]
    decision = decide(facts, ask, moment)
    is_only_late = at is None and decision.reason is Reason.QUIET_HOURS and decision.until is not None
    return decide(facts, ask, decision.until) if is_only_late else decision


async def events_of(session: AsyncSession, customer: Customer) -> list[ConsentEvent]:
    found = await session.scalars(
        select(ConsentEvent).where(ConsentEvent.customer_id == customer.id).order_by(ConsentEvent.seq)
    )
    return list(found)


async def unsubscribe(session: AsyncSession, customer: Customer, *channels: Channel) -> list[ConsentEvent]:
    return await consents.unsubscribe(
        session,
        customer_id=customer.id,
        contact_point_id=uuid4(),
        message_id=uuid4(),
        channels=channels or (Channel.EMAIL,),
        method=Method.LIST_UNSUB_POST,
    )
