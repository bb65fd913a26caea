"""What a job is: its unit of work, its log context, and when it is tried again."""

import gc
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.db import unit_of_work

MAX_ATTEMPTS = 8
"""With the back-off below the last try comes about ten minutes after the first."""


class Transient(Exception):
    """The world was not ready: the job runs again later. Any other exception fails it for good and asks a person."""


@dataclass(frozen=True, slots=True)
class Work:
    """What a job is given: where to read and write, and as whom."""

    settings: Settings
    sessions: async_sessionmaker[AsyncSession]
    actor: Actor
    attempt: int = 1

    def session(self) -> AbstractAsyncContextManager[AsyncSession]:
        """Open one unit of work; it commits when the block ends well."""
        return unit_of_work(self.sessions)


Job = Callable[[Work, dict[str, Any]], Awaitable[None]]
"""A thin entry point of a domain's `jobs.py`: `async def stop_queued(work, payload)`. Running it twice must change
nothing more.
"""


def settle_memory() -> None:
    """Let the collector leave alone what was loaded at the start: it lives as long as the process, and looking at it
    again for every few thousand rows took a fifth of the time of an import.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def name_of(job: Job) -> str:
    """Return the name under which a job is queued: `messaging.stop_queued` for `ritorno.messaging.jobs.stop_queued`."""
    domain = job.__module__.removeprefix("ritorno.").removesuffix(".jobs")
    return f"{domain}.{job.__name__}"


def retry_delay(attempt: int) -> timedelta:
    """Return how long to wait after the given failed attempt: 2, 4, 8 … seconds, five minutes at most."""
    return timedelta(seconds=min(2**attempt, 300))
