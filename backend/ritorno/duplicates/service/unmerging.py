"""One card becomes two again: what went over comes back, what was changed since stays as it is and is listed."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import service as consents
from ritorno.customers import service as customers
from ritorno.customers.errors import CustomerErased
from ritorno.customers.models import Merge
from ritorno.duplicates import queries
from ritorno.duplicates.errors import MergeNotLast
from ritorno.duplicates.rehoming import DOMAINS
from ritorno.duplicates.service.finding import mark_unmerged
from ritorno.duplicates.service.merging import tell
from ritorno.kit import clock
from ritorno.kit.actor import Actor


async def unmerge(session: AsyncSession, merge_id: UUID, *, actor: Actor) -> Merge:
    """Separate the two cards of a merge; one that was undone already is returned as it is.

    Rows of the time in between stay with the winner. Of merges of one card the last is undone first.
    """
    done = await queries.get_merge(session, merge_id)
    cards = await customers.lock_two(session, done.winner_id, done.loser_id)
    done = await queries.get_merge(session, merge_id, lock=True)
    if done.unmerged_at is not None:
        return done
    later = await queries.find_later(session, done)
    if later is not None:
        raise MergeNotLast(last_merge_id=str(later.id))
    winner, loser = cards[done.winner_id], cards[done.loser_id]
    if winner.erased_at is not None:
        raise CustomerErased()
    await consents.carry_refusals(session, loser.id, out_of=winner.id, actor=actor)
    now = await customers.snapshot(session, [winner.id])
    now |= await customers.snapshot(session, [loser.id])
    done.unmerged_at, done.unmerged_by, done.kept = clock.now(), actor.name, []
    await customers.separate(session, loser, at=done.unmerged_at)
    moved = await queries.moved_by(session, done.id)
    for domain in reversed(DOMAINS):
        await domain.rehome_back(session, loser.id, out_of=winner.id, moved=moved)
    done.kept = await customers.restore(session, done.changes, now)
    await session.refresh(winner)
    customers.count_version(winner)
    await mark_unmerged(session, winner.id, loser.id)
    await tell(session, "unmerged", done, actor=actor)
    await session.flush()
    return done
