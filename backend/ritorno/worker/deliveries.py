"""The life of a delivery: offered, taken under a lease, closed by its job or failed with a reason (STYLE §4)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import column, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.kit import clock
from ritorno.kit.background import MAX_ATTEMPTS, Job, Work, name_of, retry_delay
from ritorno.kit.ids import uuid7
from ritorno.kit.outbox import DeliveryState


@dataclass(frozen=True, slots=True)
class Taken:
    """A delivery this worker holds, with the ids its event carried."""

    id: UUID
    job: str
    payload: dict[str, Any]
    attempt: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A delivery to put in the queue; a new attempt has a new key, so what is left of an old one is no obstacle."""

    id: UUID
    attempt: int

    @property
    def key(self) -> str:
        return f"{self.id}:{self.attempt}"


async def expand_events(session: AsyncSession, reactions: dict[str, tuple[Job, ...]], *, limit: int) -> int:
    """Write one delivery per reaction of each waiting event, oldest first; return how many events there were."""
    found = await session.execute(
        text(
            "select id, name from outbox_events where relayed_at is null"
            " order by id limit :limit for update skip locked"
        ),
        {"limit": limit},
    )
    events = found.all()
    owed = [(event_id, name_of(job)) for event_id, name in events for job in reactions.get(name, ())]
    if owed:
        await add_deliveries(session, owed)
    if events:
        await session.execute(
            text("update outbox_events set relayed_at = :now where id = any(:ids)"),
            {"now": clock.now(), "ids": [event_id for event_id, _ in events]},
        )
    return len(events)


async def add_deliveries(session: AsyncSession, owed: list[tuple[UUID, str]]) -> None:
    """Owe each job to its event."""
    await session.execute(
        text("insert into outbox_deliveries (id, event_id, job, next_at) values (:id, :event_id, :job, :now)"),
        [{"id": uuid7(), "event_id": event_id, "job": job, "now": clock.now()} for event_id, job in owed],
    )


async def add_timed_delivery(session: AsyncSession, job: str, payload: dict[str, Any]) -> None:
    """Owe one job to the clock; its event is written as already relayed."""
    event_id = uuid7()
    await session.execute(
        text(
            "insert into outbox_events (id, name, payload, occurred_at, relayed_at)"
            " values (:id, 'clock.struck', cast(:payload as jsonb), :now, :now)"
        ),
        {"id": event_id, "payload": orjson.dumps(payload).decode(), "now": clock.now()},
    )
    await add_deliveries(session, [(event_id, job)])


async def offer_open(session: AsyncSession, *, lease: timedelta, limit: int) -> list[Offer]:
    """Claim open deliveries for offering: new ones, ones whose back-off is over, ones whose worker or queue was lost.

    Each is left alone for one lease; if no worker has taken it by then it is offered again.
    """
    now = clock.now()
    await _give_up(session)
    found = await session.execute(
        text(
            """
            update outbox_deliveries set next_at = :later, worker = null where id in (
                select id from outbox_deliveries where state = 'open' and next_at <= :now
                order by next_at limit :limit for update skip locked
            ) returning id, attempts
            """
        ),
        {"now": now, "later": now + lease, "limit": limit},
    )
    return [Offer(delivery_id, attempts) for delivery_id, attempts in found]


async def _give_up(session: AsyncSession) -> None:
    """Fail what every attempt killed its worker over: the next attempt would only kill another."""
    found = await session.execute(
        text(
            "select id from outbox_deliveries where state = 'open' and next_at <= :now and attempts >= :most"
            " for update skip locked"
        ),
        {"now": clock.now(), "most": MAX_ATTEMPTS},
    )
    for (delivery_id,) in found.all():
        await fail(session, delivery_id, f"The worker was lost {MAX_ATTEMPTS} times while doing this.")


async def take(session: AsyncSession, delivery_id: UUID, *, worker: str, lease: timedelta) -> Taken | None:
    """Take a delivery under a lease, or return None when it is closed or somebody holds it."""
    now = clock.now()
    found = await session.execute(
        text(
            """
            update outbox_deliveries d set attempts = attempts + 1, worker = :worker, next_at = :later
            from outbox_events e
            where d.id = :id and e.id = d.event_id and d.state = 'open' and (d.worker is null or d.next_at <= :now)
            returning d.job, e.payload, d.attempts
            """
        ).columns(column("job"), column("payload", JSONB), column("attempts")),
        {"id": delivery_id, "worker": worker, "now": now, "later": now + lease},
    )
    row = found.one_or_none()
    if row is None:
        return None
    return Taken(delivery_id, row.job, row.payload, row.attempts)


async def keep(session: AsyncSession, taken: Taken, *, worker: str, lease: timedelta) -> None:
    """Renew the lease of a job that is still running."""
    await session.execute(
        text(
            "update outbox_deliveries set next_at = :later"
            " where id = :id and state = 'open' and worker = :worker and attempts = :attempt"
        ),
        {"id": taken.id, "worker": worker, "attempt": taken.attempt, "later": clock.now() + lease},
    )


async def close(session: AsyncSession, delivery_id: UUID) -> None:
    """The job has done its work."""
    await session.execute(
        text(
            "update outbox_deliveries set state = 'done', closed_at = :now, worker = null"
            " where id = :id and state = 'open'"
        ),
        {"id": delivery_id, "now": clock.now()},
    )


async def put_back(session: AsyncSession, taken: Taken, *, reason: str | None = None) -> None:
    """Give a delivery back: at once when the worker stops, after a pause when the world was not ready."""
    if reason is not None and taken.attempt >= MAX_ATTEMPTS:
        await fail(session, taken.id, reason)
        return
    next_at = clock.now() + (retry_delay(taken.attempt) if reason is not None else timedelta(0))
    await session.execute(
        text(
            "update outbox_deliveries set worker = null, next_at = :next_at, failure = :reason"
            " where id = :id and state = 'open'"
        ),
        {"id": taken.id, "next_at": next_at, "reason": reason},
    )


async def fail(session: AsyncSession, delivery_id: UUID, reason: str) -> None:
    """Stop trying, and ask a person."""
    found = await session.execute(
        text(
            "update outbox_deliveries set state = :failed, closed_at = :now, worker = null, failure = :reason"
            " where id = :id and state = 'open' returning job"
        ),
        {"id": delivery_id, "failed": DeliveryState.FAILED, "now": clock.now(), "reason": reason},
    )
    job = found.scalar_one_or_none()
    if job is not None:
        await activity.open_task(
            session,
            kind="job_failed",
            key=f"delivery:{delivery_id}",
            subject="delivery",
            subject_id=delivery_id,
            details={"job": job, "reason": reason},
        )


async def forget_settled(work: Work, _payload: dict[str, Any]) -> None:
    """Forget events and moments settled a week ago; what is open or failed stays."""
    async with work.session() as session:
        before = {"before": clock.now() - timedelta(days=7)}
        await session.execute(
            text(
                """
                delete from outbox_events e where occurred_at < :before and relayed_at is not null
                and not exists (select 1 from outbox_deliveries d where d.event_id = e.id and d.state <> 'done')
                """
            ),
            before,
        )
        await session.execute(text("delete from scheduled_runs where due_at < :before"), before)
