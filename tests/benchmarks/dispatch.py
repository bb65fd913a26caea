"""How fast messages leave: claim, gate, rendering and recording included, beside bare aiosmtplib (DESIGN §11,
[dispatch]); and how much slower while segments are counted again beside it.
"""

import asyncio
import multiprocessing
import statistics
import time
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import aiosmtpd.smtp
from aiosmtpd.smtp import Envelope, Session
from aiosmtplib import SMTP
from sqlalchemy import delete, select, text

from ritorno import embedded, models
from ritorno.kit import clock
from ritorno.kit.background import settle_memory
from ritorno.kit.config import Settings
from ritorno.kit.db import make_engine, make_sessions, unit_of_work
from ritorno.messaging import defaults, queries
from ritorno.messaging.dispatch import Dispatch, Pace
from ritorno.messaging.letters import rewrite
from ritorno.messaging.models import Message
from ritorno.segments import queries as segments
from ritorno.segments.schemas import read_tree
from tests.conftest import Sessions, migrate, settings_for
from tests.factories.messaging import make_business, make_plan, make_template
from tests.messaging.crowd import address, make_crowd

__all__ = ["models", "run"]

GOAL = 0.5
RUNS = 7
LANES = Pace().lanes


def run(scale: float) -> list[dict[str, object]]:
    """Send to everybody of a crowd by both roads, in turns, to a sink in a process of its own; the medians of seven
    turns.
    """
    size = max(400, round(20_000 * scale))
    settle_memory()
    with embedded.test_services() as services:
        migrate(services)
        database = embedded.create_database_from_template(services, "bench_dispatch")
        ours, theirs = multiprocessing.get_context("spawn").Pipe()
        sink = multiprocessing.get_context("spawn").Process(target=_listen, args=(theirs,), daemon=True)
        sink.start()
        try:
            settings = settings_for(database, smtp_url=f"smtp://127.0.0.1:{ours.recv()}")
            rates = asyncio.run(_turns(settings, size))
        finally:
            sink.kill()
            sink.join()
    ours, bare, busy = (statistics.median(each) for each in rates)
    return [
        {
            "name": "dispatch",
            "figure": round(ours),
            "unit": "messages/s",
            "limit": round(bare),
            "ratio": round(ours / bare, 2),
            "detail": {"messages": size, "connections": LANES, "turns": RUNS, "goal": GOAL},
        },
        {
            "name": "dispatch-beside-segments",
            "figure": round(busy),
            "unit": "messages/s",
            "limit": round(ours),
            "ratio": round(busy / ours, 2),
            "detail": {
                "meaning": "a segment of three conditions over the same people, counted again every second beside it",
                "messages": size,
                "goal": 0.95,
            },
        },
    ]


async def _turns(settings: Settings, size: int) -> tuple[list[float], list[float], list[float]]:
    engine = make_engine(settings.database_url, pool_size=LANES + 4)
    sessions = make_sessions(engine)
    async with unit_of_work(sessions) as session:
        await make_business(session)
        template_id = (await make_template(session, settings, body=_body())).id
        people = await make_crowd(session, size)
    spawning = multiprocessing.get_context("spawn")
    ours, bare, busy = [], [], []
    for _ in range(RUNS):
        raw = await _plan(sessions, settings, template_id, people)
        ours.append(await _send(settings, sessions, size))
        begun = time.perf_counter()
        await _send_bare(settings, raw, size)
        bare.append(size / (time.perf_counter() - begun))
        await _plan(sessions, settings, template_id, people)
        ready = spawning.Event()
        counting = spawning.Process(target=_count_again, args=(settings, ready), daemon=True)
        counting.start()
        await asyncio.to_thread(ready.wait)
        busy.append(await _send(settings, sessions, size))
        counting.kill()
        counting.join()
    await engine.dispose()
    return ours, bare, busy


async def _send(settings: Settings, sessions: Sessions, size: int) -> float:
    begun = time.perf_counter()
    sent = await Dispatch(settings, sessions).run()
    assert sent == size, f"{sent} of {size} were handed over"
    return sent / (time.perf_counter() - begun)


SEGMENT = {
    "all": [
        {"field": "last_purchase_days", "op": "at_least", "value": 30},
        {"field": "visits", "op": "at_least", "value": 2},
        {"field": "city", "op": "not_in", "value": ["Bologna"]},
    ]
}


def _count_again(settings: Settings, ready: Event) -> None:
    async def forever() -> None:
        sessions = make_sessions(make_engine(settings.database_url, pool_size=1))
        tree = read_tree(SEGMENT)
        while True:
            async with sessions() as session:
                await segments.count_members(session, tree, await segments.moment_of(session, tree, clock.now()))
            ready.set()
            await asyncio.sleep(1)

    asyncio.run(forever())


def _body() -> str:
    """Return a mail as shops send them: the reminder that comes with the product."""
    template = next(each for each in defaults.templates() if each.code == "birthday")
    return next(text.body for text in template.texts if text.language == "it")


async def _plan(sessions: Sessions, settings: Settings, template_id: UUID, people: list[UUID]) -> bytes:
    """Plan the same campaign afresh, so that no frequency cap remembers the turn before; return one mail of it."""
    async with unit_of_work(sessions) as session:
        await session.execute(delete(Message))
        template = await queries.get_template(session, template_id)
        await make_plan(session, template, people, touch_id=uuid4())
    async with unit_of_work(sessions) as session:
        await session.execute(text("analyze messages, message_queue"))
        sample = (await session.scalars(select(Message).limit(1))).one()
        raw = await rewrite(session, settings, sample)
    assert raw is not None
    return raw


async def _send_bare(settings: Settings, raw: bytes, size: int) -> None:
    """Send the same bytes to as many people over as many connections, and do nothing else."""
    port = urlsplit(settings.smtp_url.get_secret_value()).port
    numbers = iter(range(size))

    async def lane() -> None:
        async with SMTP(hostname="127.0.0.1", port=port) as server:
            for number in numbers:
                await server.sendmail("ciao@bottega.example", [address(number)], raw)

    await asyncio.gather(*(lane() for _ in range(LANES)))


class _Sink:
    """Takes everything."""

    async def handle_DATA(self, server: aiosmtpd.smtp.SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        return "250 OK"


def _listen(tell: Connection) -> None:
    async def forever() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: aiosmtpd.smtp.SMTP(_Sink(), loop=loop), "127.0.0.1", 0)
        tell.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())
