"""A request as it reaches the shop, through any door: from then on its clock runs, whoever asks (C-27, B-49)."""

from collections.abc import Collection
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import service as consents
from ritorno.consents.models import ConsentEvent
from ritorno.consents.rules import Action, Method
from ritorno.customers.errors import CustomerErased, CustomerMerged
from ritorno.customers.models import Customer
from ritorno.customers.queries import get_customer, living_of
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.problems import FieldError, Invalid
from ritorno.privacy import queries
from ritorno.privacy.models import PrivacyRequest
from ritorno.privacy.rules import (
    IdentityMethod,
    RequestChannel,
    RequestEventKind,
    RequestKind,
    RequestState,
    due_day,
)
from ritorno.privacy.service.noting import note
from ritorno.stores.queries import get_business

METHODS: dict[str, Method] = {
    RequestChannel.DESK: Method.ORAL,
    RequestChannel.EMAIL: Method.LETTER,
    RequestChannel.PEC: Method.PEC,
    RequestChannel.LETTER: Method.LETTER,
    RequestChannel.PHONE: Method.ORAL,
    RequestChannel.WEB: Method.WEB,
    RequestChannel.SMS: Method.SMS_KEYWORD,
}
"""By which means an objection was said, in the words of the ledger (C-08)."""


async def receive_request(
    session: AsyncSession,
    *,
    kind: RequestKind,
    channel: RequestChannel,
    customer_id: UUID | None = None,
    claimed_identity: str | None = None,
    received_on: date | None = None,
    wish: str | None = None,
    evidence_sha256: str | None = None,
    identity: IdentityMethod | None = None,
    actor: Actor,
) -> PrivacyRequest:
    """Write a request down with the day it reached us; `identity` where it is sure already who asks, such as over a
    link of a message. An objection to marketing counts at once: nobody has to prove anything to be left alone (C-15).
    """
    today = clock.today((await get_business(session)).timezone)
    day = received_on or today
    if day > today:
        raise Invalid(errors=[FieldError("received_on", "in-the-future", "This day has not come yet.")])
    if customer_id is not None:
        await refuse_gone(session, customer_id)
    request = PrivacyRequest(
        kind=kind,
        channel=channel,
        customer_id=customer_id,
        claimed_identity=claimed_identity,
        received_on=day,
        wish=wish,
        evidence_sha256=evidence_sha256,
        state=RequestState.IN_PROGRESS if identity else RequestState.RECEIVED,
        identity_method=identity,
        identified_at=clock.now() if identity else None,
        due_on=due_day(day),
        paused_days=0,
        received_by=actor.name,
        created_at=clock.now(),
    )
    session.add(request)
    await session.flush()
    await note(session, request, RequestEventKind.RECEIVED, actor=actor, channel=channel)
    if identity is not None:
        await note(session, request, RequestEventKind.IDENTITY_CONFIRMED, actor=actor, method=identity)
    if kind == RequestKind.OBJECTION and customer_id is not None:
        await object_to_marketing(session, request, actor=actor)
    return request


async def refuse_gone(session: AsyncSession, customer_id: UUID) -> Customer:
    """Refuse a card that is nobody's any more."""
    customer = await get_customer(session, customer_id)
    if customer.erased_at is not None:
        raise CustomerErased()
    if customer.merged_into_id is not None:
        raise CustomerMerged(merged_into=str(customer.merged_into_id))
    return customer


async def object_to_marketing(session: AsyncSession, request: PrivacyRequest, *, actor: Actor) -> None:
    """Enter the objection in the ledger of consents; what is closed already stays as it is (C-15)."""
    assert request.customer_id is not None
    scan = request.evidence_sha256
    evidence = [{"type": "scan", "uri": f"sha256:{scan}", "sha256": scan}] if scan else []
    await consents.object_(
        session,
        customer_id=request.customer_id,
        scope="all",
        received_on=request.received_on,
        method=METHODS[request.channel],
        evidence=[*evidence, {"type": "privacy_request", "uri": f"privacy_request:{request.id}"}],
        actor=actor,
    )


_CHANNELS = {
    Method.LETTER: RequestChannel.LETTER,
    Method.PEC: RequestChannel.PEC,
    Method.PHONE_REC: RequestChannel.PHONE,
    Method.WEB: RequestChannel.WEB,
    Method.EMAIL_LINK: RequestChannel.EMAIL,
    Method.SMS_KEYWORD: RequestChannel.SMS,
}


async def receive_access(session: AsyncSession, customer_id: UUID, *, actor: Actor) -> None:
    """Write down that somebody asked on the telephone what we know of them, on the card they have by now; one that
    waits already is enough.
    """
    customer_id = (await living_of(session, [customer_id])).get(customer_id, customer_id)
    customer = await session.get(Customer, customer_id, with_for_update=True)
    if customer is None or customer.erased_at is not None:
        return
    if await queries.find_open(session, customer_id, RequestKind.ACCESS) is None:
        await receive_request(
            session, kind=RequestKind.ACCESS, channel=RequestChannel.PHONE, customer_id=customer_id, actor=actor
        )


async def receive_erasures(session: AsyncSession, customer_ids: Collection[UUID], *, actor: Actor) -> int:
    """Turn an objection to storage into a request for erasure, received when the objection was; one that waits already
    is enough. Return how many are new.
    """
    zone = ZoneInfo((await get_business(session)).timezone)
    new = 0
    for customer_id in sorted(customer_ids):
        customer = await session.get(Customer, customer_id, with_for_update=True)
        if customer is None or customer.erased_at is not None or customer.merged_into_id is not None:
            continue
        if await queries.find_open(session, customer_id, RequestKind.ERASURE) is not None:
            continue
        said = (
            await session.scalars(
                select(ConsentEvent)
                .where(ConsentEvent.customer_id == customer_id, ConsentEvent.action == Action.OBJECT)
                .order_by(ConsentEvent.occurred_at.desc(), ConsentEvent.id.desc())
                .limit(1)
            )
        ).one_or_none()
        await receive_request(
            session,
            kind=RequestKind.ERASURE,
            channel=_CHANNELS.get(Method(said.method), RequestChannel.DESK) if said else RequestChannel.DESK,
            customer_id=customer_id,
            received_on=said.occurred_at.astimezone(zone).date() if said else None,
            actor=actor,
        )
        new += 1
    return new
