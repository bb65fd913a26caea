"""The clock's appointments: once per moment, in the business's zone, made up for after an outage."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.kit.background import Work, name_of
from ritorno.worker.main import BackgroundWorker
from ritorno.worker.reactions import REACTIONS
from ritorno.worker.schedule import SCHEDULE, SWEEPS, Daily, Sweep
from tests.worker.conftest import Working, eventually

ROME = ZoneInfo("Europe/Rome")


async def nothing(work: Work, payload: dict[str, Any]) -> None:
    """A job for the tables below."""


@pytest.mark.parametrize(
    ("now", "due_at", "local_day"),
    [
        (datetime(2026, 11, 21, 8, 0, tzinfo=UTC), datetime(2026, 11, 21, 8, 0, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 7, 59, tzinfo=UTC), datetime(2026, 11, 20, 8, 0, tzinfo=UTC), date(2026, 11, 20)),
        (datetime(2026, 7, 1, 7, 0, tzinfo=UTC), datetime(2026, 7, 1, 7, 0, tzinfo=UTC), date(2026, 7, 1)),
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), datetime(2026, 10, 24, 7, 0, tzinfo=UTC), date(2026, 10, 24)),
    ],
)
def test_nine_in_the_morning_is_nine_on_the_shops_wall(now: datetime, due_at: datetime, local_day: date) -> None:
    assert Daily(nothing, time(9, 0)).last_due(now, ROME) == (due_at, local_day)


async def test_a_moment_missed_is_made_up_for_once_by_any_number_of_workers(
    clean_sessions: async_sessionmaker[AsyncSession], working: Working, queue: Redis
) -> None:
    ran: list[str] = []

    async def plan(work: Work, payload: dict[str, Any]) -> None:
        ran.append(payload["on"])

    timetable = (Daily(plan, time(0, 0)),)
    async with working({}, schedule=timetable), working({}, schedule=timetable):
        await eventually(lambda: bool(ran))
        # Stopped between its work and its record it would be done again: a job runs at least once.
        await eventually(lambda: queue_is_quiet(clean_sessions))
    await queue.flushall()
    async with working({}, schedule=timetable):
        await eventually(lambda: queue_is_quiet(clean_sessions))

    assert ran == [datetime.now(ROME).date().isoformat()]


async def queue_is_quiet(sessions: async_sessionmaker[AsyncSession]) -> bool:
    async with sessions() as session:
        found = await session.execute(text("select count(*) from outbox_deliveries where state = 'open'"))
        return found.scalar() == 0


async def test_a_sweep_comes_back_and_survives_its_own_failure(working: Working) -> None:
    looked: list[int] = []

    async def look(work: Work, payload: dict[str, Any]) -> None:
        looked.append(1)
        if len(looked) == 1:
            raise RuntimeError("not this time")

    async with working({}, sweeps=(Sweep(look, timedelta(seconds=0.2)),)):
        await eventually(lambda: len(looked) >= 2)


def test_every_job_in_the_tables_has_a_name_of_its_own() -> None:
    jobs = [*(job for jobs in REACTIONS.values() for job in jobs), *(entry.job for entry in (*SCHEDULE, *SWEEPS))]

    assert len({name_of(job) for job in jobs}) == len(set(jobs))
    assert BackgroundWorker.__doc__
