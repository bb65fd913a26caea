"""An address that is somebody else's today (M-12): it leaves the card, and what was agreed for it is void."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents import queries
from ritorno.consents.chaining import Link
from ritorno.consents.rules import NEGATIVE, Action, Channel, Method, Party, fold_together
from ritorno.consents.service.appending import Draft, append
from ritorno.consents.service.recording import note
from ritorno.customers import queries as customer_queries
from ritorno.customers import service as customers
from ritorno.customers.rules import ContactKind
from ritorno.kit import clock
from ritorno.kit.actor import Actor

_CHANNELS: dict[str, frozenset[Channel]] = {
    ContactKind.EMAIL: frozenset({Channel.EMAIL}),
    ContactKind.PHONE: frozenset({Channel.SMS, Channel.WHATSAPP, Channel.PHONE_OPERATOR, Channel.PHONE_AUTO}),
    ContactKind.POSTAL: frozenset({Channel.POST}),
}


async def detach_contact_point(
    session: AsyncSession,
    customer_id: UUID,
    contact_point_id: UUID,
    *,
    evidence: Sequence[dict[str, Any]],
    actor: Actor,
) -> list[Link]:
    """Take an address off a card and invalidate every yes that was given for it, or for none that was named.

    A no stays: whoever said it is the same person at any address.
    """
    await queries.lock_people(session, [customer_id])
    point = await customer_queries.get_contact_point(session, contact_point_id, customer_id=customer_id)
    cards = (await queries.cards_of(session, [customer_id]))[customer_id]
    drafts = [
        Draft(
            customer_id=customer_id,
            purpose=purpose,
            channel=channel,
            action=Action.INVALIDATE,
            occurred_at=clock.now(),
            method=Method.ORAL,
            party=Party.STAFF,
            evidence=[*evidence],
            contact_point_id=contact_point_id,
            source="wrong_person",
        )
        for (purpose, channel), state in fold_together(cards).items()
        if channel in _CHANNELS[point.kind]
        and state.standing not in NEGATIVE
        and state.contact_point_id in {None, contact_point_id}
    ]
    events = await append(session, drafts, actor=actor)
    await note(session, drafts, actor=actor)
    await customers.end_contact_point(session, customer_id, contact_point_id, actor=actor)
    await activity.record(
        session,
        actor,
        "contact_point.detached",
        subject="customer",
        subject_id=customer_id,
        details={"contact_point_id": str(contact_point_id)},
    )
    return events
