"""Two cards of one person become one: fields by choice, every row but the ledgers, the stricter of all permissions.

It is one unit of work in which both cards are held, so nothing is said or bought in between.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.customers import service as customers
from ritorno.customers.models import Customer, Merge, MergeMove
from ritorno.customers.rules import ContactKind, MergeReason
from ritorno.duplicates import queries
from ritorno.duplicates.errors import MergeUndone
from ritorno.duplicates.rehoming import DOMAINS
from ritorno.duplicates.rules import COLUMNS, CONTACTS, CardField, Side, blend, is_minor
from ritorno.duplicates.service.finding import mark_merged
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.stores.queries import get_business


async def merge(
    session: AsyncSession,
    *,
    winner_id: UUID,
    loser_id: UUID,
    choices: Mapping[CardField, Side] | None = None,
    actor: Actor,
    reason: MergeReason = MergeReason.MANUAL,
    pair_id: UUID | None = None,
) -> Merge:
    """Make the loser's card part of the winner's and return the merge; the same two again return the one that stands.

    Refused for a card that was erased or is part of another. What a person separated no program merges again.
    """
    cards = await customers.lock_two(session, winner_id, loser_id)
    winner, loser = cards[winner_id], cards[loser_id]
    if loser.merged_into_id == winner.id:
        standing = await queries.find_standing(session, loser.id)
        assert standing is not None
        return standing
    await customers.refuse_gone(session, [winner, loser])
    if reason is MergeReason.AUTOMATIC and await queries.were_separated(session, winner.id, loser.id):
        raise MergeUndone()
    chosen = dict(choices or {})
    before = await customers.snapshot(session, [winner.id, loser.id])
    done = Merge(
        winner_id=winner.id,
        loser_id=loser.id,
        pair_id=pair_id,
        reason=reason,
        choices={field.value: side.value for field, side in chosen.items()},
        changes=[],
        merged_at=clock.now(),
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
    )
    session.add(done)
    loser.merged_into_id = winner.id
    loser.version += 1
    await session.flush()
    await _move_rows(session, done, chosen)
    await customers.take_values(session, winner, await _values(session, winner, loser, chosen))
    done.changes = customers.changes_between(before, await customers.snapshot(session, [winner.id, loser.id]))
    await mark_merged(session, winner.id, loser.id)
    await tell(session, "merged", done, actor=actor)
    return done


async def _move_rows(session: AsyncSession, done: Merge, choices: Mapping[CardField, Side]) -> None:
    kinds = [ContactKind(kind) for field, kind in CONTACTS.items() if choices.get(field) is Side.LOSER]
    await customers.prefer_addresses(session, done.loser_id, over=done.winner_id, kinds=kinds)
    for domain in DOMAINS:
        moved = await domain.rehome(session, done.loser_id, into=done.winner_id)
        session.add_all(
            MergeMove(merge_id=done.id, table_name=table, keys=list(keys)) for table, keys in moved.items() if keys
        )
    await session.flush()


async def _values(
    session: AsyncSession, winner: Customer, loser: Customer, choices: Mapping[CardField, Side]
) -> dict[str, Any]:
    """Return what the winner's card says from now on: what was chosen, and what protects the person on either card."""
    mine, theirs = ({column: getattr(card, column) for column in COLUMNS.values()} for card in (winner, loser))
    kept = blend(mine, theirs, choices)
    today = clock.today((await get_business(session)).timezone)
    protecting = {
        "is_minor_flagged": any(
            is_minor(card.is_minor_flagged, card.birth_on if card.birth_on != kept["birth_on"] else None, today)
            for card in (winner, loser)
        ),
        "city": winner.city or loser.city,
    }
    for column in ("restricted_at", "deceased_at"):
        marks = [mark for card in (winner, loser) if (mark := getattr(card, column)) is not None]
        protecting[column] = min(marks, default=None)
    return kept | protecting


async def tell(session: AsyncSession, what: str, done: Merge, *, actor: Actor) -> None:
    """Say on both cards what happened to them, and wake what follows; the scores are those of the purchases now."""
    ids = {"merge_id": str(done.id), "winner_id": str(done.winner_id), "loser_id": str(done.loser_id)}
    both = [ids["winner_id"], ids["loser_id"]]
    for customer_id in (done.winner_id, done.loser_id):
        await activity.record(
            session,
            actor,
            f"customer.{what}",
            subject="customer",
            subject_id=customer_id,
            details=ids | {"reason": done.reason},
        )
    await outbox.publish(session, f"customer.{what}", {"customer_ids": both, **ids})
    await outbox.publish(session, "transactions.recorded", {"customer_ids": both})
