"""One worker: the relay beside an arq worker that runs one delivery at a time per slot.

With relay.py, the only files that know arq. PostgreSQL decides what runs; Redis only says when to look.
"""

import asyncio
import logging
import os
import signal
import socket
import traceback
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import structlog
from arq.connections import RedisSettings, create_pool
from arq.worker import Worker, func
from redis.exceptions import RedisError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

import ritorno.models  # noqa: F401 – a job may touch any table, and mappers must see them all
from ritorno.consents import hashing
from ritorno.kit import db
from ritorno.kit.actor import Actor
from ritorno.kit.background import Job, Transient, Work, name_of, settle_memory
from ritorno.kit.config import Settings
from ritorno.kit.ids import uuid7
from ritorno.kit.logging import configure, log
from ritorno.worker import deliveries
from ritorno.worker.deliveries import Taken
from ritorno.worker.reactions import REACTIONS
from ritorno.worker.relay import UNREACHABLE, Relay
from ritorno.worker.schedule import SCHEDULE, SWEEPS, Daily, Sweep

JOB_LIMIT = timedelta(hours=1)
"""No job may hold a slot longer; its lease is renewed until then."""


def run_worker(settings: Settings) -> None:
    """Work until SIGINT or SIGTERM; running jobs are given back to the others."""
    configure(settings.log_format)
    settle_memory()
    asyncio.run(_until_told_to_stop(BackgroundWorker(settings)))


async def _until_told_to_stop(worker: "BackgroundWorker") -> None:
    running = asyncio.ensure_future(worker.run())
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, running.cancel)
    with suppress(asyncio.CancelledError):
        await running


class BackgroundWorker:
    """Runs the jobs that the tables name."""

    def __init__(
        self,
        settings: Settings,
        *,
        reactions: dict[str, tuple[Job, ...]] | None = None,
        schedule: tuple[Daily, ...] = SCHEDULE,
        sweeps: tuple[Sweep, ...] = SWEEPS,
    ) -> None:
        self._settings = settings
        hashing.set_peppers(settings)
        self._reactions = REACTIONS if reactions is None else reactions
        self._schedule = schedule
        self._sweeps = sweeps
        self._lease = timedelta(seconds=settings.worker_lease_seconds)
        self._jobs = _by_name(self._reactions, schedule, sweeps)
        self._name = f"{socket.gethostname()}:{os.getpid()}:{uuid7().hex[-6:]}"
        self._sweeping: set[str] = set()

    async def run(self) -> None:
        """Work until cancelled; when Redis goes away, wait for it."""
        engine = db.make_engine(self._settings.database_url, pool_size=self._settings.worker_jobs + 4)
        sessions = db.make_sessions(engine)
        try:
            while True:
                try:
                    await self._run_with_queue(sessions)
                except* (RedisError, OSError) as lost:
                    log.warning("worker.queue_lost", kinds=[type(error).__name__ for error in lost.exceptions])
                await asyncio.sleep(0.5)
        finally:
            await engine.dispose()

    async def _run_with_queue(self, sessions: async_sessionmaker[AsyncSession]) -> None:
        redis = RedisSettings.from_dsn(self._settings.redis_url)
        redis.conn_retries = 0
        queue = await create_pool(redis, job_serializer=orjson.dumps, job_deserializer=orjson.loads)
        worker = Worker(
            [func(self._deliver, name="deliver"), func(self._sweep, name="sweep")],
            redis_pool=queue,
            ctx={"sessions": sessions},
            max_jobs=self._settings.worker_jobs,
            job_timeout=JOB_LIMIT,
            keep_result=0,
            max_tries=1_000_000,
            poll_delay=0.2,
            health_check_interval=30,
            handle_signals=False,
            log_results=False,
            job_serializer=orjson.dumps,
            job_deserializer=orjson.loads,
        )
        relay = Relay(
            sessions,
            self._settings.database_url,
            queue,
            reactions=self._reactions,
            schedule=self._schedule,
            sweeps=self._sweeps,
            lease=self._lease,
        )
        log.info("worker.started", worker=self._name)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(relay.run())
                group.create_task(worker.async_run())
        finally:
            await _give_back(worker)
            with suppress(RedisError, OSError):
                await queue.aclose(close_connection_pool=True)

    async def _deliver(self, ctx: dict[str, Any], delivery_id: str) -> None:
        """Take the delivery, run its job, close it. What cannot be recorded now is offered again after the lease."""
        sessions: async_sessionmaker[AsyncSession] = ctx["sessions"]
        try:
            async with db.unit_of_work(sessions) as session:
                taken = await deliveries.take(session, UUID(delivery_id), worker=self._name, lease=self._lease)
            if taken is not None:
                await self._run(sessions, taken)
        except UNREACHABLE as error:
            log.warning("delivery.unrecorded", delivery_id=delivery_id, kind=type(error).__name__)

    async def _run(self, sessions: async_sessionmaker[AsyncSession], taken: Taken) -> None:
        work = Work(self._settings, sessions, Actor.system(taken.job), taken.attempt)
        keeping = asyncio.create_task(self._keep_lease(sessions, taken))
        with structlog.contextvars.bound_contextvars(job=taken.job, delivery_id=str(taken.id), attempt=taken.attempt):
            try:
                await self._jobs[taken.job](work, taken.payload)
            except asyncio.CancelledError:
                async with db.unit_of_work(sessions) as session:
                    await deliveries.put_back(session, taken)
                raise
            except Exception as error:  # noqa: BLE001 – nothing is swallowed: it is tried again, or a person is asked
                await self._settle_failure(sessions, taken, error)
            else:
                async with db.unit_of_work(sessions) as session:
                    await deliveries.close(session, taken.id)
                log.info("job.done")
            finally:
                keeping.cancel()

    async def _settle_failure(self, sessions: async_sessionmaker[AsyncSession], taken: Taken, error: Exception) -> None:
        is_transient = _is_transient(error)
        log.log(logging.WARNING if is_transient else logging.ERROR, "job.stumbled", **_place(error))
        async with db.unit_of_work(sessions) as session:
            if is_transient:
                await deliveries.put_back(session, taken, reason=_reason(error))
            else:
                await deliveries.fail(session, taken.id, _reason(error))

    async def _keep_lease(self, sessions: async_sessionmaker[AsyncSession], taken: Taken) -> None:
        while True:
            await asyncio.sleep(self._lease.total_seconds() / 3)
            with suppress(*UNREACHABLE):
                async with db.unit_of_work(sessions) as session:
                    await deliveries.keep(session, taken, worker=self._name, lease=self._lease)

    async def _sweep(self, ctx: dict[str, Any], job: str) -> None:
        """Run a repeated job unless this worker is still at it; what fails is seen again at the next sweep."""
        if job in self._sweeping:
            return
        self._sweeping.add(job)
        with structlog.contextvars.bound_contextvars(job=job):
            try:
                await self._jobs[job](Work(self._settings, ctx["sessions"], Actor.system(job)), {})
            except Exception as error:  # noqa: BLE001 – logged, and the next sweep tries again
                log.error("sweep.failed", **_place(error))
            finally:
                self._sweeping.discard(job)


async def _give_back(worker: Worker) -> None:
    """Cancel the jobs of a stopping arq worker and wait: each gives its delivery back before it ends."""
    jobs = list(worker.job_tasks.values())
    for job in jobs:
        job.cancel()
    await asyncio.gather(*jobs, *worker.tasks.values(), return_exceptions=True)


def _by_name(
    reactions: dict[str, tuple[Job, ...]], schedule: tuple[Daily, ...], sweeps: tuple[Sweep, ...]
) -> dict[str, Job]:
    named = [job for jobs in reactions.values() for job in jobs]
    named += [entry.job for entry in schedule] + [sweep.job for sweep in sweeps]
    return {name_of(job): job for job in named}


def _is_transient(error: Exception) -> bool:
    """Tell whether trying again may help: the job said so, or the network, Redis or PostgreSQL was not there."""
    return isinstance(error, Transient | RedisError) or db.may_pass(error)


def _reason(error: Exception) -> str:
    """Return what a person may read: our own words, or the kind of error and its place.

    The text of a foreign error is left out, because it may carry personal data.
    """
    if isinstance(error, Transient):
        return str(error)
    place = _place(error)
    return f"{place['kind']} at {place['where']}"


def _place(error: Exception) -> dict[str, str]:
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "/lib/python" not in frame.filename] or frames
    place = f"{'/'.join(Path(ours[-1].filename).parts[-2:])}:{ours[-1].lineno}" if ours else "an unknown place"
    return {"kind": type(error).__name__, "where": place}
