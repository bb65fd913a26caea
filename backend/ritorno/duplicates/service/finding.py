"""Searching for pairs of cards that may be one person, and what people decide of them."""

from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.activity.models import Job
from ritorno.activity.rules import JobState
from ritorno.customers.models import DuplicatePair
from ritorno.customers.rules import PairState
from ritorno.duplicates import pair_queries as queries
from ritorno.duplicates.errors import PairMerged
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.outbox import publish

JOB_KIND = "duplicates.search"


async def request_search(session: AsyncSession, *, actor: Actor) -> Job:
    """Return the job of a search that begins as soon as a worker is free; one that runs already is not joined by
    another.
    """
    running = await session.scalar(
        select(Job).where(Job.kind == JOB_KIND, Job.state == JobState.RUNNING).order_by(Job.started_at.desc()).limit(1)
    )
    if running is not None:
        return running
    job = await activity.start_job(session, kind=JOB_KIND, label="Search for duplicates")
    await activity.record(session, actor, "duplicates.search_requested", subject="job", subject_id=job.id)
    await publish(session, "duplicates.search_requested", {"job_id": job.id})
    return job


async def decide(session: AsyncSession, pair_id: UUID, verdict: PairState, *, actor: Actor) -> DuplicatePair:
    """Say of a pair that it is two people, or put it off, or take that back; refused once the cards are one."""
    pair = await queries.get_pair(session, pair_id, lock=True)
    if pair.state == PairState.MERGED:
        raise PairMerged()
    if pair.state != verdict:
        pair.state, pair.decided_by, pair.decided_at = verdict, actor.name, clock.now()
        await activity.record(
            session,
            actor,
            "duplicate.decided",
            subject="duplicate_pair",
            subject_id=pair.id,
            details={"verdict": verdict.value},
        )
        await session.flush()
    return pair


async def mark_merged(session: AsyncSession, low_id: UUID, high_id: UUID) -> None:
    """Close the pair of two cards that became one, in either order; nothing happens where they never were a pair."""
    await _mark(session, low_id, high_id, PairState.MERGED)


async def mark_unmerged(session: AsyncSession, low_id: UUID, high_id: UUID) -> None:
    """Put the pair of two cards that were separated back in the queue."""
    await _mark(session, low_id, high_id, PairState.OPEN)


async def _mark(session: AsyncSession, one: UUID, other: UUID, state: PairState) -> None:
    await session.execute(
        update(DuplicatePair)
        .where(DuplicatePair.low_id == min(one, other), DuplicatePair.high_id == max(one, other))
        .values(state=state, decided_at=clock.now())
    )
