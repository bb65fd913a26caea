"""Forgetting a person, freezing a card, marking a death, holding documents: each in one unit of work."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents import service as consents
from ritorno.consents.rules import Channel, SuppressionReason
from ritorno.customers import service as customers
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.queries import get_customer
from ritorno.customers.rules import ContactKind
from ritorno.erasures import queries
from ritorno.erasures.errors import (
    CardNotRestricted,
    CardRestricted,
    DeathNotReported,
    FutureDay,
    HoldNotFound,
    PersonNotTold,
    ProcessorErasureNotFound,
)
from ritorno.erasures.models import DeathReport, Erasure, ProcessorErasure, Restriction
from ritorno.erasures.previewing import Plan, plan
from ritorno.erasures.register import erase_all
from ritorno.erasures.rules import ErasureGround
from ritorno.erasures.schemas import DeathReportCreate, HoldCreate, RestrictionCreate, RestrictionLift
from ritorno.kit import clock, idempotency, outbox
from ritorno.kit.actor import Actor
from ritorno.messaging import service as messaging
from ritorno.stores.queries import get_business
from ritorno.transactions import service as transactions
from ritorno.transactions.models import Hold

CHANNELS = {
    ContactKind.EMAIL: (Channel.EMAIL,),
    ContactKind.PHONE: (Channel.SMS, Channel.WHATSAPP, Channel.PHONE_OPERATOR, Channel.PHONE_AUTO, Channel.FAX),
    ContactKind.POSTAL: (Channel.POST,),
}
"""On which channels an address must stay refused once it is forgotten."""


# ── erasure ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def erase_customer(
    session: AsyncSession,
    *,
    customer_id: UUID,
    request_id: UUID | None = None,
    because: ErasureGround = ErasureGround.PERSON_ASKED,
    actor: Actor,
) -> Erasure:
    """Forget a person on all their cards, in every domain, and return the proof of it (C-24).

    Their addresses are put on the do-not-contact list first, as hashes: a list that comes back is refused (B-07).
    Receipts on hold stay locked (B-51). Files go with the job that `customer.erased` starts.
    """
    # Locked before anything is counted: a merge or a second erasure that was quicker is seen.
    await get_customer(session, customer_id, lock=True)
    planned = await plan(session, customer_id)
    await session.execute(
        select(Customer.id).where(Customer.id.in_(planned.cards)).order_by(Customer.id).with_for_update()
    )
    await _suppress(session, planned.cards)
    await erase_all(session, planned.cards)
    await idempotency.forget_about(session, planned.cards)
    emptied = select(Customer).where(Customer.id.in_(planned.cards)).execution_options(populate_existing=True)
    await session.scalars(emptied)
    done = _proof(planned, customer_id, request_id, because, actor)
    session.add(done)
    await session.flush()
    session.add_all(
        ProcessorErasure(erasure_id=done.id, processor_id=each.id, name=each.name, created_at=done.erased_at)
        for each in planned.processors
    )
    await activity.record(
        session,
        actor,
        "customer.erased",
        subject="customer",
        subject_id=customer_id,
        details={"erasure_id": str(done.id), "because": because, "is_partial": done.is_partial},
    )
    await outbox.publish(session, "customer.erased", {"customer_ids": [str(each) for each in planned.cards]})
    await session.flush()
    return done


async def _suppress(session: AsyncSession, cards: list[UUID]) -> None:
    points = await session.execute(
        select(ContactPoint.kind, ContactPoint.match_key).where(ContactPoint.customer_id.in_(cards)).distinct()
    )
    now = clock.now()
    await consents.suppress_many(
        session,
        [
            (channel, match_key, SuppressionReason.ERASED, now)
            for kind, match_key in points
            for channel in CHANNELS[ContactKind(kind)]
        ],
    )


def _proof(planned: Plan, customer_id: UUID, request_id: UUID | None, because: ErasureGround, actor: Actor) -> Erasure:
    return Erasure(
        customer_id=customer_id,
        card_ids=[str(each) for each in planned.cards],
        request_id=request_id,
        because=because,
        is_partial=planned.is_partial,
        gone=planned.gone,
        kept=planned.kept,
        erased_at=clock.now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
    )


async def mark_told(session: AsyncSession, processor_erasure_id: UUID, *, actor: Actor) -> ProcessorErasure:
    """Note that a processor was told of an erasure; a second time changes nothing."""
    row = await session.get(ProcessorErasure, processor_erasure_id, with_for_update=True)
    if row is None:
        raise ProcessorErasureNotFound()
    if row.told_at is None:
        row.told_at, row.told_by = clock.now(), actor.name
        await activity.record(
            session,
            actor,
            "processor.told",
            subject="erasure",
            subject_id=row.erasure_id,
            details={"processor_id": str(row.processor_id)},
        )
    return row


# ── holds ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def add_hold(session: AsyncSession, customer_id: UUID, body: HoldCreate, *, actor: Actor) -> Hold:
    """Lock the receipts of a person: an invoice is due, a dispute or a warranty is open (B-51)."""
    customer = await get_customer(session, customer_id, lock=True)
    await customers.refuse_gone(session, [customer])
    hold = Hold(
        customer_id=customer_id,
        kind=body.kind,
        until=body.until,
        note=body.note,
        created_at=clock.now(),
        created_by=actor.name,
    )
    session.add(hold)
    await session.flush()
    await _record(session, actor, "hold.added", customer_id, kind=body.kind)
    return hold


async def lift_hold(session: AsyncSession, hold_id: UUID, *, actor: Actor) -> Hold:
    """End a hold; what an erasure left behind because of it goes now, unless another one stands."""
    hold = await session.get(Hold, hold_id, with_for_update=True)
    if hold is None:
        raise HoldNotFound()
    if hold.lifted_at is None:
        await transactions.lift_hold(session, hold, by=actor.name)
        await _record(session, actor, "hold.lifted", hold.customer_id, kind=hold.kind)
    return hold


# ── restriction ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def restrict(session: AsyncSession, customer_id: UUID, body: RestrictionCreate, *, actor: Actor) -> Restriction:
    """Stop every use of a card but keeping it, and note why and at whose word (C-26)."""
    await _refuse_future(session, body.asked_on)
    customer = await get_customer(session, customer_id, lock=True)
    await customers.refuse_gone(session, [customer])
    if await _standing_restriction(session, customer_id) is not None:
        raise CardRestricted()
    await customers.restrict(session, customer_id, actor=actor)
    row = Restriction(
        customer_id=customer_id,
        ground=body.ground,
        asked_by=body.asked_by,
        asked_on=body.asked_on,
        restricted_at=clock.now(),
        restricted_by=actor.name,
    )
    session.add(row)
    await session.flush()
    await _record(session, actor, "customer.restricted", customer_id, ground=body.ground, asked_by=body.asked_by)
    return row


async def lift_restriction(
    session: AsyncSession, customer_id: UUID, body: RestrictionLift, *, actor: Actor
) -> Restriction:
    """Let a card be used again; its person must have been told before (art. 18(3))."""
    if body.told_on > await _today(session):
        raise PersonNotTold(told_on=body.told_on.isoformat())
    customer = await get_customer(session, customer_id, lock=True)
    await customers.refuse_gone(session, [customer])
    if customer.restricted_at is None:
        raise CardNotRestricted()
    row = await _standing_restriction(session, customer_id) or _of_the_card(customer)
    session.add(row)
    row.told_on, row.exit = body.told_on, body.exit
    row.lifted_at, row.lifted_by = clock.now(), actor.name
    await customers.lift_restriction(session, customer_id, actor=actor)
    await session.flush()
    await _record(session, actor, "restriction.lifted", customer_id, exit=body.exit, told_on=body.told_on.isoformat())
    return row


async def _standing_restriction(session: AsyncSession, customer_id: UUID) -> Restriction | None:
    found = await queries.restrictions_of(session, customer_id)
    return next((each for each in found if each.lifted_at is None), None)


def _of_the_card(customer: Customer) -> Restriction:
    """A card frozen by an objection, without a word of its own, is noted when it is used again."""
    assert customer.restricted_at is not None
    return Restriction(
        customer_id=customer.id,
        ground="OBJECTION",
        asked_by="PERSON",
        asked_on=customer.restricted_at.date(),
        restricted_at=customer.restricted_at,
        restricted_by="",
    )


# ── death ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def report_death(
    session: AsyncSession, customer_id: UUID, body: DeathReportCreate, *, actor: Actor
) -> DeathReport:
    """Mark a person as deceased at once; nothing that waits is sent, and nobody writes to the family (B-53)."""
    await _refuse_future(session, body.reported_on)
    customer = await get_customer(session, customer_id, lock=True)
    await customers.refuse_gone(session, [customer])
    standing = await _standing_report(session, customer_id)
    if standing is not None:
        return standing
    await customers.decease(session, customer_id, actor=actor)
    await messaging.stop_queued(session, await queries.cards_of(session, customer_id))
    row = DeathReport(
        customer_id=customer_id,
        reported_by=body.reported_by,
        reported_on=body.reported_on,
        heirs_note=body.heirs_note,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )
    session.add(row)
    await session.flush()
    await _record(session, actor, "death.reported", customer_id, reported_by=body.reported_by)
    return row


async def reverse_death(session: AsyncSession, customer_id: UUID, *, actor: Actor) -> DeathReport:
    """Take back a report that was wrong; what was stopped stays stopped."""
    customer = await get_customer(session, customer_id, lock=True)
    await customers.refuse_gone(session, [customer])
    row = await _standing_report(session, customer_id)
    if row is None or customer.deceased_at is None:
        raise DeathNotReported()
    await customers.revive(session, customer_id, actor=actor)
    row.reversed_at, row.reversed_by = clock.now(), actor.name
    await session.flush()
    await _record(session, actor, "death.reversed", customer_id)
    return row


async def _standing_report(session: AsyncSession, customer_id: UUID) -> DeathReport | None:
    cards = await queries.cards_of(session, customer_id)
    found = await session.scalars(
        select(DeathReport).where(DeathReport.customer_id.in_(cards), DeathReport.reversed_at.is_(None))
    )
    return found.first()


async def _today(session: AsyncSession) -> date:
    return clock.today((await get_business(session)).timezone)


async def _refuse_future(session: AsyncSession, day: date) -> None:
    if day > await _today(session):
        raise FutureDay(day=day.isoformat())


async def _record(session: AsyncSession, actor: Actor, action: str, customer_id: UUID, **details: str) -> None:
    await activity.record(session, actor, action, subject="customer", subject_id=customer_id, details=details)
