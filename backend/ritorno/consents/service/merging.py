"""What becomes of permissions when two cards become one, or two again.

Ledger rows never change owner: the cards are read together while they are one (DESIGN §2). Only what hangs on an
address or says that somebody was informed goes over.
"""

from collections.abc import Collection, Mapping
from typing import TypeVar
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import queries
from ritorno.consents.chaining import Link
from ritorno.consents.models import ConsentEvent, ConsentState, NoticeDelivery, RecipientState, Reply, SoftOptin
from ritorno.consents.rules import (
    NEGATIVE,
    Action,
    Channel,
    Method,
    Party,
    Purpose,
    State,
    fold,
    fold_recipients,
    histories,
)
from ritorno.consents.service.appending import Draft, append, project
from ritorno.consents.service.recording import note
from ritorno.kit import rehoming
from ritorno.kit.actor import Actor
from ritorno.kit.rehoming import Keys, Moved

REHOMED = (NoticeDelivery, SoftOptin, Reply)


async def rehome(session: AsyncSession, customer_id: UUID, *, into: UUID) -> Moved:
    """Let the living card answer for a merged one."""
    moved = await rehoming.rehome(session, REHOMED, customer_id, into=into)
    await reproject(session, living=[into], gone=[customer_id])
    return moved


async def rehome_back(session: AsyncSession, customer_id: UUID, *, out_of: UUID, moved: Mapping[str, Keys]) -> None:
    """Let each of two separated cards answer for itself again."""
    await rehoming.rehome_back(session, REHOMED, customer_id, out_of=out_of, moved=moved)
    await reproject(session, living=[customer_id, out_of])


async def reproject(session: AsyncSession, *, living: Collection[UUID], gone: Collection[UUID] = ()) -> None:
    """Make the states of these cards again from nothing; a merged card has none."""
    for projection in (ConsentState, RecipientState):
        await session.execute(delete(projection).where(projection.customer_id.in_([*living, *gone])))
    await project(session, living)


async def carry_refusals(session: AsyncSession, customer_id: UUID, *, out_of: UUID, actor: Actor) -> list[Link]:
    """Write on a card that is about to leave what was refused while both were one: a no said then was said by both.

    A yes said then stays with the card it was said on.
    """
    cards = (await queries.cards_of(session, [out_of]))[out_of]
    heard, own = histories(cards)[customer_id], next(card.entries for card in cards if card.id == customer_id)
    said = {entry.id for entry in own}
    refused = {
        state.event_id
        for state, alone in [*_pairs(fold(heard), fold(own)), *_pairs(fold_recipients(heard), fold_recipients(own))]
        if state.standing in NEGATIVE
        and state.event_id not in said
        and (alone is None or alone.standing != state.standing)
    }
    events = await session.scalars(select(ConsentEvent).where(ConsentEvent.id.in_(refused)).order_by(ConsentEvent.id))
    drafts = [
        Draft(
            customer_id=customer_id,
            purpose=Purpose(event.purpose),
            channel=Channel(event.channel) if event.channel else None,
            action=Action(event.action),
            occurred_at=event.occurred_at,
            method=Method(event.method),
            party=Party(event.party),
            evidence=[{"type": "consent", "uri": f"consent:{event.id}"}],
            contact_point_id=event.contact_point_id,
            recipient_id=event.recipient_id,
            source="unmerge",
        )
        for event in events
    ]
    carried = await append(session, drafts, actor=actor)
    await note(session, drafts, actor=actor)
    return carried


_Key = TypeVar("_Key")


def _pairs(heard: Mapping[_Key, State], own: Mapping[_Key, State]) -> list[tuple[State, State | None]]:
    """Return each state as it stood while both were one, beside what the card itself had heard."""
    return [(state, own.get(key)) for key, state in heard.items()]
