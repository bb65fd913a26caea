"""The promise of DESIGN §6: whatever dies, nobody gets the same message twice and nobody is passed over in silence
(B-31, E-15).
"""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from uuid import UUID, uuid4

import redis.asyncio
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from ritorno.consents.models import ConsentState
from ritorno.consents.rules import Standing
from ritorno.embedded import Services
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.db import make_engine, make_sessions, unit_of_work
from ritorno.messaging.dispatch import Pace
from ritorno.messaging.models import Message, QueuedMessage
from ritorno.touches import service as touches
from ritorno.touches.models import Touch
from ritorno.touches.service import Opening
from ritorno.touches.states import TouchKind
from tests.conftest import Sessions, settings_for
from tests.factories.messaging import make_business, make_plan, make_template
from tests.messaging.crowd import Sink, Workers, address, listening, make_crowd, moments, until

CROWD = 2_000
KILLS = 4
WITHDRAWN = 7
IN_FLIGHT = Pace().lanes * Pace().group
"""What one death may leave in doubt: a group in each lane."""


async def _launch(sessions: Sessions, settings: Settings) -> tuple[UUID, list[UUID]]:
    touch_id = uuid4()
    async with unit_of_work(sessions) as session:
        await make_business(session)
        template = await make_template(session, settings)
        people = await make_crowd(session, CROWD)
        # Some change their mind between the plan and the hand-off (B-28).
        await make_plan(session, template, people, touch_id=touch_id)
        await session.execute(
            update(ConsentState)
            .where(ConsentState.customer_id.in_(people[-WITHDRAWN:]))
            .values(standing=Standing.WITHDRAWN)
        )
    return touch_id, people


@asynccontextmanager
async def _campaign(
    database: Services, sessions: Sessions, log: Path
) -> AsyncIterator[tuple[Sink, Workers, Settings, UUID]]:
    sink = Sink()
    async with listening(sink) as url:
        settings = settings_for(database, smtp_url=url)
        touch_id, _ = await _launch(sessions, settings)
        workers = Workers(settings, log)
        try:
            yield sink, workers, settings, touch_id
        finally:
            await workers.close()


async def _is_settled(sessions: Sessions) -> bool:
    async with sessions() as session:
        return (await session.scalars(select(QueuedMessage.message_id).limit(1))).first() is None


async def _assert_promise(sessions: Sessions, sink: Sink, touch_id: UUID, *, most_in_doubt: int) -> dict[str, int]:
    """Nobody twice; everybody received, or stands in the list with a reason why not."""
    async with sessions() as session:
        rows = (await session.scalars(select(Message).where(Message.touch_id == touch_id).order_by(Message.id))).all()
    assert len(rows) == len({row.customer_id for row in rows}) == CROWD
    twice = [to for to, times in sink.received.items() if times > 1]
    assert twice == []
    assert all(times == 1 for times in sink.message_ids.values())
    by_status: dict[str, int] = {}
    received = {message_id.strip("<>").split("@")[0] for message_id in sink.message_ids}
    for row in rows:
        by_status[row.status] = by_status.get(row.status, 0) + 1
        if row.status == "sent":
            assert str(row.id) in received
        elif row.status == "skipped":
            assert row.reason == "WITHDRAWN"
            assert str(row.id) not in received
        else:
            # In doubt: it may or may not have arrived, and it is listed so that a person can ask.
            assert row.status == "unknown", row.history
    assert by_status["skipped"] == WITHDRAWN
    assert by_status.get("unknown", 0) <= most_in_doubt
    return by_status


async def test_a_worker_killed_at_random_moments_sends_nothing_twice_and_loses_nobody(
    clean_database: Services, clean_sessions: Sessions, tmp_path: Path
) -> None:
    """B-28, B-31, E-15."""
    seed = int.from_bytes(os.urandom(4))
    print(f"seed {seed}")
    async with _campaign(clean_database, clean_sessions, tmp_path / "worker.log") as (sink, workers, _, touch_id):
        alive = [await workers.start(), await workers.start()]
        for moment in moments(CROWD, KILLS, seed):
            await sink.has_taken(moment)
            workers.kill(alive.pop(0))
            alive.append(await workers.start())
        await until(lambda: _is_settled(clean_sessions), seconds=60, what="the end of the queue")

    by_status = await _assert_promise(clean_sessions, sink, touch_id, most_in_doubt=KILLS * IN_FLIGHT)
    assert by_status["sent"] >= CROWD - WITHDRAWN - KILLS * IN_FLIGHT
    assert address(0) in sink.received or by_status.get("unknown")


async def test_flushing_redis_in_the_middle_loses_nothing(
    clean_database: Services, clean_sessions: Sessions, tmp_path: Path
) -> None:
    async with _campaign(clean_database, clean_sessions, tmp_path / "worker.log") as (
        sink,
        workers,
        settings,
        touch_id,
    ):
        await workers.start()
        queue = redis.asyncio.from_url(settings.redis_url)
        try:
            for moment in moments(CROWD, 2, seed=1):
                await sink.has_taken(moment)
                await queue.flushall()
        finally:
            await queue.aclose()
        await until(lambda: _is_settled(clean_sessions), seconds=60, what="the end of the queue")

    by_status = await _assert_promise(clean_sessions, sink, touch_id, most_in_doubt=0)
    assert by_status == {"sent": CROWD - WITHDRAWN, "skipped": WITHDRAWN}


async def test_planners_killed_in_the_middle_of_a_batch_give_everybody_one_row(
    clean_database: Services, clean_sessions: Sessions
) -> None:
    """Two planners of one touch, each losing its connection again and again; a third resumes at the cursor."""
    settings = settings_for(clean_database)
    async with unit_of_work(clean_sessions) as session:
        await make_business(session)
        template = await make_template(session, settings)
        people = await make_crowd(session, 600)
        opening = Opening(
            kind=TouchKind.CAMPAIGN,
            subject_id=uuid4(),
            name="Autunno",
            template=template,
            uses_purchases=False,
            occasion="campaign",
            control_share=Decimal(0),
            salt="salt",
            window_days=7,
            tree={"all": []},
        )
        touch_id = (await touches.open_touch(session, opening, at=clock.now())).id
    planners = [
        asyncio.create_task(_plan_until_planned(clean_database, touch_id, dies_at=deaths))
        for deaths in ({2, 3, 7}, {1, 4, 9})
    ]

    died = await asyncio.gather(*planners)

    async with clean_sessions() as session:
        rows = (await session.scalars(select(Message.customer_id).where(Message.touch_id == touch_id))).all()
        queued = (await session.scalars(select(QueuedMessage.message_id))).all()
        touch = await session.get_one(Touch, touch_id)
    assert sum(died) >= 4
    assert sorted(rows) == sorted(people)
    assert len(queued) == 600
    assert (touch.state, touch.counts["by_status"]) == ("planned", {"queued": 600})


async def _plan_until_planned(database: Services, touch_id: UUID, *, dies_at: set[int]) -> int:
    """Plan batch by batch; at these batches the server drops the connection before the commit. Return how often."""
    engine = make_engine(database.app_url, pool_size=1)
    sessions, died, number, more = make_sessions(engine), 0, 0, True
    while more:
        number += 1
        try:
            async with unit_of_work(sessions) as session:
                more = await touches.plan_next(session, touch_id, at=clock.now(), size=40)
                if more and number in dies_at:
                    await session.execute(text("select pg_terminate_backend(pg_backend_pid())"))
        except DBAPIError:
            died += 1
    await engine.dispose()
    return died
