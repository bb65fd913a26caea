"""A worker inside the test's own loop, on a database and a queue of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from itertools import count
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.embedded import Services
from ritorno.kit.background import Job
from ritorno.kit.config import Settings
from ritorno.worker.main import BackgroundWorker
from tests.conftest import settings_for

LEASE = 0.6

_numbers = count(1)

Working = Callable[..., AbstractAsyncContextManager[BackgroundWorker]]


@pytest.fixture
async def queue(clean_database: Services) -> AsyncIterator[Redis]:
    """A numbered Redis database of this test."""
    url = f"{clean_database.redis_url.removesuffix('/0')}/{next(_numbers) % 15 + 1}"
    client = Redis.from_url(url)
    await client.flushdb()
    yield client
    await client.aclose()


@pytest.fixture
def worker_settings(clean_database: Services, queue: Redis) -> Settings:
    number = queue.connection_pool.connection_kwargs["db"]
    redis_url = f"{clean_database.redis_url.removesuffix('/0')}/{number}"
    return settings_for(clean_database._replace(redis_url=redis_url), worker_lease_seconds=LEASE)


@pytest.fixture
def working(worker_settings: Settings) -> Working:
    """Run a worker while the block runs."""

    @asynccontextmanager
    async def work(reactions: dict[str, tuple[Job, ...]], **tables: Any) -> AsyncIterator[BackgroundWorker]:
        worker = BackgroundWorker(worker_settings, reactions=reactions, **{"schedule": (), "sweeps": ()} | tables)
        running = asyncio.create_task(worker.run())
        try:
            yield worker
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running

    return work


async def eventually(is_so: Callable[[], Awaitable[bool] | bool], *, within: float = 8) -> None:
    """Wait until something becomes true."""
    async with asyncio.timeout(within):
        while True:
            answer = is_so()
            if answer if isinstance(answer, bool) else await answer:
                return
            await asyncio.sleep(0.02)


async def states(sessions: async_sessionmaker[AsyncSession]) -> list[str]:
    """Return the state of every delivery."""
    async with sessions() as session:
        found = await session.execute(text("select state from outbox_deliveries order by id"))
        return list(found.scalars())
