"""Moves committed events into the queue, and keeps the clock's appointments; every worker runs one.

A NOTIFY wakes it at commit; it looks every second anyway, so a lost notification only delays.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta
from zoneinfo import ZoneInfo

import asyncpg
from arq.connections import ArqRedis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.kit import clock
from ritorno.kit.background import Job, name_of
from ritorno.kit.db import unit_of_work
from ritorno.kit.logging import log
from ritorno.kit.outbox import CHANNEL
from ritorno.stores import queries as stores
from ritorno.worker import deliveries
from ritorno.worker.schedule import Daily, Sweep

LOOK_EVERY = 1.0
"""Seconds between two looks when nothing wakes the relay."""

BATCH = 500

UNREACHABLE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, DBAPIError, RedisError)
"""What a stopped PostgreSQL or Redis raises; the relay waits for it to come back."""


class Relay:
    """Event → deliveries → queue."""

    def __init__(
        self,
        sessions: async_sessionmaker[AsyncSession],
        database_url: str,
        queue: ArqRedis,
        *,
        reactions: dict[str, tuple[Job, ...]],
        schedule: tuple[Daily, ...] = (),
        sweeps: tuple[Sweep, ...] = (),
        lease: timedelta,
    ) -> None:
        self._sessions = sessions
        self._database_url = database_url
        self._queue = queue
        self._reactions = reactions
        self._schedule = schedule
        self._sweeps = sweeps
        self._lease = lease
        self._woken = asyncio.Event()

    async def run(self) -> None:
        """Relay until cancelled."""
        listening: asyncio.Task[None] = asyncio.create_task(self._listen())
        try:
            while True:
                self._woken.clear()
                try:
                    moved = await self.step()
                except UNREACHABLE as error:
                    log.warning("relay.waiting", kind=type(error).__name__)
                    moved = 0
                if moved < BATCH:
                    # Not `wait_for`: in Python 3.11 it loses a cancellation that comes together with the waking.
                    with suppress(TimeoutError):
                        async with asyncio.timeout(LOOK_EVERY):
                            await self._woken.wait()
        finally:
            listening.cancel()

    async def step(self) -> int:
        """Do everything that is due at this moment; return how many deliveries were offered."""
        async with unit_of_work(self._sessions) as session:
            await self._strike(session)
        expanded = BATCH
        while expanded == BATCH:
            async with unit_of_work(self._sessions) as session:
                expanded = await deliveries.expand_events(session, self._reactions, limit=BATCH)
        async with unit_of_work(self._sessions) as session:
            offers = await deliveries.offer_open(session, lease=self._lease, limit=BATCH)
        # Committed first: if we are killed here, the offers are made again when their lease runs out.
        for offer in offers:
            await self._queue.enqueue_job("deliver", str(offer.id), _job_id=offer.key)
        for sweep in self._sweeps:
            moment = int(clock.now().timestamp() / sweep.every.total_seconds())
            await self._queue.enqueue_job(
                "sweep", name_of(sweep.job), _job_id=f"{name_of(sweep.job)}:{moment}", _expires=10 * sweep.every
            )
        return len(offers)

    async def _strike(self, session: AsyncSession) -> None:
        """Owe each timed job its latest moment, once."""
        if not self._schedule:
            return
        business = await stores.get_business(session)
        for entry in self._schedule:
            due_at, local_day = entry.last_due(clock.now(), ZoneInfo(business.timezone))
            claimed = await session.execute(
                text(
                    "insert into scheduled_runs (name, due_at, claimed_at) values (:name, :due_at, :now)"
                    " on conflict do nothing returning 1"
                ),
                {"name": name_of(entry.job), "due_at": due_at, "now": clock.now()},
            )
            if claimed.first() is not None:
                await deliveries.add_timed_delivery(session, name_of(entry.job), {"on": local_day.isoformat()})

    async def _listen(self) -> None:
        """Hold one connection that hears NOTIFY, and open another when it is lost."""
        while True:
            try:
                connection = await asyncpg.connect(self._database_url.replace("+asyncpg", ""))
                lost = asyncio.Event()
                connection.add_termination_listener(lambda _, lost=lost: lost.set())
                await connection.add_listener(CHANNEL, lambda *_: self._woken.set())
                self._woken.set()
                try:
                    await lost.wait()
                finally:
                    connection.terminate()
            except UNREACHABLE as error:
                log.warning("relay.deaf", kind=type(error).__name__)
            await asyncio.sleep(1)
