"""Event → delivery → job, and what survives when Redis, a worker or the world gives way (STYLE §4)."""

import asyncio
import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from arq.connections import ArqRedis
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.embedded import Services
from ritorno.kit import outbox
from ritorno.kit.background import Transient, Work
from ritorno.worker.relay import Relay
from tests.worker.conftest import LEASE, Working, eventually, states

Sessions = async_sessionmaker[AsyncSession]


async def publish(sessions: Sessions, event: str = "door.opened", **payload: Any) -> None:
    async with sessions() as session, session.begin():
        await outbox.publish(session, event, payload)


async def test_a_committed_event_wakes_its_job_at_once(clean_sessions: Sessions, working: Working) -> None:
    heard: list[dict[str, Any]] = []

    async def listen(work: Work, payload: dict[str, Any]) -> None:
        heard.append(payload)

    door = uuid4()
    async with working({"door.opened": (listen,)}):
        await publish(clean_sessions, door_id=uuid4())
        await eventually(lambda: len(heard) == 1)
        started = time.monotonic()
        await publish(clean_sessions, door_id=door)
        await eventually(lambda: len(heard) == 2)

    assert heard[1] == {"door_id": str(door)}
    assert time.monotonic() - started < 0.9, "the relay slept until its next look instead of hearing the NOTIFY"


@pytest.mark.parametrize("turns", range(4))
async def test_a_relay_stops_also_in_the_moment_it_is_woken(
    clean_sessions: Sessions, clean_database: Services, queue: Redis, turns: int
) -> None:
    """Some turns of the loop lie between the waking and its being noticed; the stop may come at each."""
    relay = Relay(
        clean_sessions,
        clean_database.app_url,
        ArqRedis(queue.connection_pool),
        reactions={},
        lease=timedelta(seconds=5),
    )
    running = asyncio.create_task(relay.run())
    await asyncio.sleep(0.3)

    relay._woken.set()
    for _ in range(turns):
        await asyncio.sleep(0)
    running.cancel()
    done, _ = await asyncio.wait([running], timeout=5)

    assert done


async def test_an_event_rolled_back_has_no_job(clean_sessions: Sessions, working: Working) -> None:
    heard: list[str] = []

    async def listen(work: Work, payload: dict[str, Any]) -> None:
        heard.append(payload["which"])

    async with clean_sessions() as session:
        await outbox.publish(session, "door.opened", {"which": "undone"})
        await session.rollback()
    await publish(clean_sessions, which="kept")
    async with working({"door.opened": (listen,)}):
        await eventually(lambda: bool(heard))

    assert heard == ["kept"]


async def test_each_reaction_has_its_own_delivery_and_one_failure_leaves_the_other_alone(
    clean_sessions: Sessions, working: Working
) -> None:
    done: list[str] = []

    async def works(work: Work, payload: dict[str, Any]) -> None:
        done.append("works")

    async def breaks(work: Work, payload: dict[str, Any]) -> None:
        raise ValueError("a person's name might stand here")

    async with working({"door.opened": (breaks, works)}):
        await publish(clean_sessions)

        async def settled() -> bool:
            return sorted(await states(clean_sessions)) == ["done", "failed"]

        await eventually(settled)

    assert done == ["works"]
    async with clean_sessions() as session:
        failure = (await session.execute(text("select failure from outbox_deliveries where state = 'failed'"))).scalar()
        task = (await session.execute(text("select kind, state from tasks"))).one()
    assert failure.startswith("ValueError at ")
    assert "name" not in failure
    assert tuple(task) == ("job_failed", "open")


async def test_a_transient_failure_is_tried_again_and_then_closed(clean_sessions: Sessions, working: Working) -> None:
    attempts: list[int] = []

    async def stumbles_once(work: Work, payload: dict[str, Any]) -> None:
        attempts.append(work.attempt)
        if len(attempts) == 1:
            raise Transient("the provider asked us to wait")

    async with working({"door.opened": (stumbles_once,)}):
        await publish(clean_sessions)

        async def closed() -> bool:
            return await states(clean_sessions) == ["done"]

        await eventually(closed)

    assert attempts == [1, 2]


async def test_redis_flushed_midway_loses_nothing_and_runs_nothing_twice(
    clean_sessions: Sessions, working: Working, queue: Redis
) -> None:
    done: list[int] = []

    async def count(work: Work, payload: dict[str, Any]) -> None:
        await asyncio.sleep(0.01)
        done.append(payload["number"])

    async with working({"door.opened": (count,)}):
        for number in range(100):
            await publish(clean_sessions, number=number)
            if number in (20, 50, 80):
                await queue.flushall()
        await eventually(lambda: len(set(done)) == 100)

        async def closed() -> bool:
            return set(await states(clean_sessions)) == {"done"}

        await eventually(closed)

    assert sorted(done) == list(range(100))


async def test_a_job_whose_worker_was_lost_is_taken_up_by_another(clean_sessions: Sessions, working: Working) -> None:
    attempts: list[int] = []

    async def listen(work: Work, payload: dict[str, Any]) -> None:
        attempts.append(work.attempt)

    await publish(clean_sessions)
    async with clean_sessions() as session, session.begin():
        # What a killed worker leaves behind: relayed, taken under a lease, never closed.
        await session.execute(text("update outbox_events set relayed_at = now()"))
        await session.execute(
            text(
                "insert into outbox_deliveries (id, event_id, job, attempts, worker, next_at)"
                " select gen_random_uuid(), id, :job, 1, 'dead', now() + :lease * interval '1 second'"
                " from outbox_events"
            ),
            {"job": f"{__name__}.listen", "lease": LEASE},
        )
    async with working({"door.opened": (listen,)}):
        await eventually(lambda: bool(attempts))

    assert attempts == [2]


async def test_a_job_that_kills_every_worker_is_given_up_and_a_person_is_asked(
    clean_sessions: Sessions, working: Working
) -> None:
    async def listen(work: Work, payload: dict[str, Any]) -> None:
        pytest.fail("it must not be tried a ninth time")

    await publish(clean_sessions)
    async with clean_sessions() as session, session.begin():
        await session.execute(text("update outbox_events set relayed_at = now()"))
        await session.execute(
            text(
                "insert into outbox_deliveries (id, event_id, job, attempts, worker, next_at)"
                " select gen_random_uuid(), id, :job, 8, 'dead', now() from outbox_events"
            ),
            {"job": f"{__name__}.listen"},
        )
    async with working({"door.opened": (listen,)}):

        async def failed() -> bool:
            return await states(clean_sessions) == ["failed"]

        await eventually(failed)

    async with clean_sessions() as session:
        assert (await session.execute(text("select count(*) from tasks where kind = 'job_failed'"))).scalar() == 1


async def test_a_stopping_worker_gives_its_job_back_at_once(clean_sessions: Sessions, working: Working) -> None:
    attempts: list[int] = []
    reached = asyncio.Event()

    async def lasts(work: Work, payload: dict[str, Any]) -> None:
        attempts.append(work.attempt)
        reached.set()
        if work.attempt == 1:
            await asyncio.sleep(60)

    async with working({"door.opened": (lasts,)}):
        await publish(clean_sessions)
        await asyncio.wait_for(reached.wait(), 5)
    assert await states(clean_sessions) == ["open"]
    async with working({"door.opened": (lasts,)}):
        await eventually(lambda: attempts == [1, 2])


async def test_a_long_job_keeps_its_lease(clean_sessions: Sessions, working: Working) -> None:
    attempts: list[int] = []

    async def lasts(work: Work, payload: dict[str, Any]) -> None:
        attempts.append(work.attempt)
        await asyncio.sleep(LEASE * 4)

    async with working({"door.opened": (lasts,)}):
        await publish(clean_sessions)

        async def closed() -> bool:
            return await states(clean_sessions) == ["done"]

        await eventually(closed)

    assert attempts == [1]
