"""A campaign in a storm: workers killed, PostgreSQL restarted and crashed, Valkey emptied, a mail server that refuses,
stalls and hangs up before and after its last word. Afterwards everybody is accounted for (DESIGN §6, E-15, B-31).

`test_storm.py` runs a small one and `make bench ONLY=chaos` a large one. PostgreSQL runs with full durability here:
what was committed must survive a crash, else the promise would rest on luck.
"""

import asyncio
import logging
import multiprocessing
import random
import shutil
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import cycle, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID, uuid4

import asyncpg
import psutil
import redis.asyncio
from aiosmtpd.smtp import SMTP, Envelope, Session

from ritorno.embedded import Services
from ritorno.embedded.folder import DataFolder, free_port
from ritorno.embedded.postgres import Postgres, start_postgres
from ritorno.embedded.valkey import start_valkey
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.db import make_engine, make_sessions, unit_of_work
from ritorno.messaging.dispatch import Pace
from ritorno.touches import service as touches
from ritorno.touches.states import TouchKind
from tests.conftest import migrate, settings_for
from tests.factories.messaging import make_business, make_template
from tests.messaging.crowd import Workers, make_crowd, until

WORKERS = 3
ACTS = ("kill", "kill", "postgres stops", "kill", "valkey forgets", "kill", "postgres crashes")
IN_DOUBT_PER_DEATH = Pace().lanes * Pace().group


class Report(NamedTuple):
    """What a storm left behind."""

    seed: int
    planned: int
    by_status: dict[str, int]
    received: int
    twice: int
    sent_but_not_received: int
    refused_but_received: int
    in_doubt_but_received: int
    without_outcome: int
    acts: dict[str, int]
    weather: dict[str, int]
    seconds: float
    worker_megabytes: float
    """The largest worker seen."""

    @property
    def most_in_doubt(self) -> int:
        """What the deaths and the unanswered mails may leave in doubt, and no more."""
        lost = self.weather.get("dropped before it was taken", 0) + self.weather.get("taken, never answered", 0)
        deaths = self.acts.get("kill", 0) + WORKERS * sum(n for act, n in self.acts.items() if "postgres" in act)
        return lost + deaths * IN_DOUBT_PER_DEATH


# ── the mail server ───────────────────────────────────────────────────────────────────────────────────────────────────


class StormySink:
    """Takes most mails and tells the truth about each: what it took is counted whether or not it could say so."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.calm = False
        self.taken: Counter[str] = Counter()
        self.weather: Counter[str] = Counter()

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if not self.calm and self.chance.random() < 0.005:
            self.weather["too busy"] += 1
            return "421 4.3.2 too busy, come back later"
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        fate = 1.0 if self.calm else self.chance.random()
        if fate < 0.02:
            return self._say("refused for now", "451 4.7.1 not now")
        if fate < 0.03:
            return self._say("no such person", "550 5.1.1 no such user")
        if fate < 0.035:
            self.weather["dropped before it was taken"] += 1
            self._hang_up(server)
            return "250 never heard"
        self.taken[_message_id(envelope)] += 1
        if fate < 0.04:
            self.weather["taken, never answered"] += 1
            self._hang_up(server)
        elif fate < 0.05:
            self.weather["hung up after the answer"] += 1
            asyncio.get_running_loop().call_later(0.01, self._hang_up, server)
        elif fate < 0.06:
            self.weather["slow"] += 1
            await asyncio.sleep(0.3)
        return "250 2.0.0 taken"

    def _say(self, what: str, reply: str) -> str:
        self.weather[what] += 1
        return reply

    def _hang_up(self, server: SMTP) -> None:
        if server.transport is not None:
            server.transport.abort()


def _message_id(envelope: Envelope) -> str:
    content = envelope.content or b""
    body = content if isinstance(content, bytes) else content.encode()
    _, _, rest = body.partition(b"Message-ID: <")
    return rest.partition(b"@")[0].decode("ascii")


def serve(tell: Connection, seed: int) -> None:
    """Run the sink in a process of its own, and answer its questions: `total`, `calm`, `report`."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)

    async def forever() -> None:
        loop = asyncio.get_running_loop()
        loop.set_exception_handler(lambda *_: None)
        sink = StormySink(seed)
        server = await loop.create_server(lambda: SMTP(sink, loop=loop), "127.0.0.1", 0)
        tell.send(server.sockets[0].getsockname()[1])

        def answer() -> None:
            match tell.recv():
                case "total":
                    tell.send(sum(sink.taken.values()))
                case "calm":
                    sink.calm = True
                    tell.send(None)
                case "report":
                    tell.send((dict(sink.taken), dict(sink.weather)))

        loop.add_reader(tell.fileno(), answer)
        await server.serve_forever()

    asyncio.run(forever())


class Sink:
    """The parent's side of the mail server."""

    def __init__(self, seed: int) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._line, theirs = spawning.Pipe()
        self._process = spawning.Process(target=serve, args=(theirs, seed), daemon=True)
        self._process.start()
        self.url = f"smtp://127.0.0.1:{self._line.recv()}"

    def ask(self, question: str) -> Any:
        self._line.send(question)
        return self._line.recv()

    async def has_taken(self, number: int) -> None:
        await until(self._has(number), seconds=120, what=f"{number} mails")

    def _has(self, number: int) -> Callable[[], Awaitable[bool]]:
        async def enough() -> bool:
            return int(self.ask("total")) >= number

        return enough

    def close(self) -> None:
        self._process.kill()
        self._process.join()


# ── the servers ───────────────────────────────────────────────────────────────────────────────────────────────────────


class Servers:
    """PostgreSQL with full durability, and Valkey, both of which may be hurt."""

    def __init__(self, path: Path) -> None:
        self._folder = DataFolder(path)
        self._folder.create()
        self._secrets = self._folder.secrets()
        self._port = free_port()
        self.postgres = self._start()
        self.valkey = start_valkey(
            self._folder.valkey, free_port(), secrets=self._secrets, log=self._folder.log("valkey")
        )

    @property
    def services(self) -> Services:
        return Services(self.postgres.owner_url(), self.postgres.app_url(), self.valkey.url)

    def _start(self) -> Postgres:
        log = self._folder.log("postgres")
        return start_postgres(self._folder.postgres, self._port, secrets=self._secrets, log=log)

    def restart_postgres(self, *, crash: bool) -> None:
        """Stop it as an administrator would, or crash it: every connection is lost either way."""
        if crash:
            self.postgres.process.send_signal(signal.SIGQUIT)
            self.postgres.process.wait(30)
        else:
            self.postgres.stop()
        self.postgres = self._start()

    def close(self) -> None:
        self.valkey.stop()
        self.postgres.stop()


@contextmanager
def servers() -> Iterator[Servers]:
    """Run both in memory, migrated. Call it from the main thread, because the servers die with the thread that started
    them.
    """
    memory = Path("/dev/shm")
    path = Path(tempfile.mkdtemp(prefix="ritorno-storm-", dir=memory if memory.is_dir() else None))
    try:
        running = Servers(path)
        try:
            migrate(running.services)
            yield running
        finally:
            running.close()
    finally:
        shutil.rmtree(path, ignore_errors=True)


# ── the storm ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def storm(running: Servers, sink: Sink, *, size: int, acts: int, seed: int, log: Path) -> Report:
    """Launch a campaign to `size` people, do harm `acts` times while it leaves, let it end in calm, and count."""
    begun = time.monotonic()
    settings = settings_for(running.services, smtp_url=sink.url)
    touch_id = await _launch(settings, size)
    workers = Workers(settings, log)
    alive = [await workers.start() for _ in range(WORKERS)]
    done: Counter[str] = Counter()
    largest = 0.0
    try:
        for moment, act in _plan_of(size, acts, seed):
            await sink.has_taken(moment)
            largest = max([largest, *(_megabytes(worker) for worker in alive)])
            if act == "kill":
                workers.kill(alive.pop(0))
                alive.append(await workers.start())
            elif act == "valkey forgets":
                async with redis.asyncio.Redis.from_url(settings.redis_url) as queue:
                    await queue.flushall()
            else:
                running.restart_postgres(crash=act == "postgres crashes")
            done[act] += 1
        sink.ask("calm")
        await _until_settled(running.services, touch_id, seconds=180 + size / 50)
        largest = max([largest, *(_megabytes(worker) for worker in alive)])
    finally:
        await workers.close()
    taken, weather = sink.ask("report")
    rows = await _rows(running.services, touch_id)
    return _count(rows, taken, weather, done, seed=seed, seconds=time.monotonic() - begun, largest=largest)


async def _launch(settings: Settings, size: int) -> UUID:
    engine = make_engine(settings.database_url)
    async with unit_of_work(make_sessions(engine)) as session:
        await make_business(session)
        template = await make_template(session, settings)
        await make_crowd(session, size)
        opening = touches.Opening(
            kind=TouchKind.CAMPAIGN,
            subject_id=uuid4(),
            name="Tempesta",
            template=template,
            uses_purchases=False,
            occasion="storm",
            control_share=Decimal(0),
            salt=touches.new_salt(),
            window_days=28,
            tree={"all": []},
        )
        touch = await touches.open_touch(session, opening, at=clock.now())
    await engine.dispose()
    return touch.id


def _plan_of(size: int, acts: int, seed: int) -> list[tuple[int, str]]:
    """Return increasing numbers of mails taken, and what happens then."""
    moments = sorted(random.Random(seed).sample(range(1, max(acts + 1, size * 4 // 5)), acts))
    return list(zip(moments, islice(cycle(ACTS), acts), strict=True))


async def _until_settled(services: Services, touch_id: UUID, *, seconds: float) -> None:
    """Wait for the end; a mail refused for now is tried again at once instead of half an hour later."""
    connection = await asyncpg.connect(services.owner_url)
    try:

        async def is_settled() -> bool:
            await connection.execute("update message_queue set due_at = now() where due_at > now()")
            planned = await connection.fetchval("select planned_at is not null from touches where id = $1", touch_id)
            return planned and not await connection.fetchval("select exists (select from message_queue)")

        await until(is_settled, seconds=seconds, what="the end of the queue")
    finally:
        await connection.close()


async def _rows(services: Services, touch_id: UUID) -> dict[str, str]:
    connection = await asyncpg.connect(services.owner_url)
    try:
        found = await connection.fetch("select id, status from messages where touch_id = $1", touch_id)
    finally:
        await connection.close()
    return {str(row["id"]): row["status"] for row in found}


def _megabytes(worker: int) -> float:
    try:
        return float(psutil.Process(worker).memory_info().rss) / 1e6
    except psutil.NoSuchProcess:
        return 0.0


_NOT_SENT = frozenset({"failed", "bounced", "skipped", "cancelled"})
_SENT = frozenset({"sent", "delivered"})


def _count(
    rows: dict[str, str],
    taken: dict[str, int],
    weather: dict[str, int],
    acts: Counter[str],
    *,
    seed: int,
    seconds: float,
    largest: float,
) -> Report:
    by_status = Counter(rows.values())
    return Report(
        seed=seed,
        planned=len(rows),
        by_status=dict(by_status),
        received=len(taken),
        twice=sum(times > 1 for times in taken.values()),
        sent_but_not_received=sum(status in _SENT and each not in taken for each, status in rows.items()),
        refused_but_received=sum(status in _NOT_SENT and each in taken for each, status in rows.items()),
        in_doubt_but_received=sum(status == "unknown" and each in taken for each, status in rows.items()),
        without_outcome=sum(status not in _SENT | _NOT_SENT | {"unknown"} for status in rows.values()),
        acts=dict(acts),
        weather=weather,
        seconds=seconds,
        worker_megabytes=largest,
    )
