"""Two thousand people, and what stands between them and a message: loaded by COPY, dispatched by real worker
processes.
"""

import asyncio
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, Method, Party, Purpose, Standing
from ritorno.customers.rules import ContactKind, ContactLevel
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7


async def make_crowd(session: AsyncSession, size: int, *, domain: str = "crowd.example") -> list[UUID]:
    """Make people who agreed on paper to mail, each with an address of their own."""
    connection = await driver(session)
    since = clock.now() - timedelta(days=90)
    ids = [uuid7() for _ in range(size)]
    await connection.copy_records_to_table(
        "customers",
        columns=["id", "given_name", "family_name", "search_name", "search_given_name"],
        records=[(each, "Anna", f"Conti {number}", f"conti {number} anna", "anna") for number, each in enumerate(ids)],
    )
    await connection.copy_records_to_table(
        "contact_points",
        columns=["id", "customer_id", "kind", "value", "match_key", "level", "is_primary", "source", "valid_from"],
        records=[
            (
                uuid7(),
                each,
                ContactKind.EMAIL,
                address(number, domain),
                address(number, domain),
                ContactLevel.CONFIRMED,
                True,
                "tests",
                since,
            )
            for number, each in enumerate(ids)
        ],
    )
    await connection.copy_records_to_table(
        "consent_states",
        columns=["customer_id", "purpose", "channel", "standing", "since", "event_id", "method", "party"],
        records=[
            (each, Purpose.MKT_OWN, Channel.EMAIL, Standing.GRANTED, since, uuid7(), Method.POS_PAPER, Party.SUBJECT)
            for each in ids
        ],
    )
    return ids


def address(number: int, domain: str = "crowd.example") -> str:
    return f"person-{number}@{domain}"


class Sink:
    """A mail server that takes everything and remembers who was written to."""

    def __init__(self) -> None:
        self.received: Counter[str] = Counter()
        self.message_ids: Counter[str] = Counter()
        self.raw: list[bytes] = []
        self._arrived = asyncio.Condition()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Count one mail the moment it is wholly received, which is when a real server would deliver it."""
        content = envelope.content or b""
        body = content if isinstance(content, bytes) else content.encode()
        headers = body.partition(b"\r\n\r\n")[0].decode("ascii")
        named = dict(line.split(": ", 1) for line in headers.split("\r\n") if ": " in line)
        self.received.update(envelope.rcpt_tos)
        self.message_ids[named["Message-ID"]] += 1
        if len(self.raw) < 10:
            self.raw.append(body)
        async with self._arrived:
            self._arrived.notify_all()
        return "250 OK"

    async def has_taken(self, number: int, *, seconds: float = 60) -> None:
        """Wait until so many mails have arrived."""
        async with asyncio.timeout(seconds), self._arrived:
            await self._arrived.wait_for(lambda: self.total >= number)

    @property
    def total(self) -> int:
        return sum(self.received.values())


class Moody(Sink):
    """A mail server that answers each recipient as it is told."""

    def __init__(self, at_address: dict[str, str] | None = None, at_text: dict[str, str] | None = None) -> None:
        super().__init__()
        self.at_address = at_address or {}
        self.at_text = at_text or {}
        self.hang_up_on: str | None = None
        self.connections: set[int] = set()

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.connections.add(id(session))
        reply = self.at_address.get(address, "250 OK")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        to = envelope.rcpt_tos[0]
        if to == self.hang_up_on:
            await super().handle_DATA(server, session, envelope)
            assert server.transport is not None
            server.transport.close()
            return "250 never heard"
        if to in self.at_text:
            return self.at_text[to]
        return await super().handle_DATA(server, session, envelope)


@asynccontextmanager
async def listening(sink: Sink) -> AsyncIterator[str]:
    """Run the sink and give its address."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(sink, loop=loop), "127.0.0.1", 0)
    try:
        yield f"smtp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


class Workers:
    """Real workers, each a process of its own, that can be killed and started again."""

    def __init__(self, settings: Settings, log: Path) -> None:
        self._log = log
        self._environment = {
            **os.environ,
            "RITORNO_DATABASE_URL": settings.database_url,
            "RITORNO_REDIS_URL": settings.redis_url,
            "RITORNO_SECRET_KEY": settings.secret_key.get_secret_value(),
            "RITORNO_SMTP_URL": settings.smtp_url.get_secret_value(),
            "RITORNO_PUBLIC_URL": settings.public_url,
            "RITORNO_DATA_DIR": str(settings.data_dir),
            "RITORNO_WORKER_LEASE_SECONDS": "2",
        }
        self._nursery: asyncio.subprocess.Process | None = None
        self._alive: set[int] = set()

    async def start(self) -> int:
        """Start one more worker and return its process id."""
        if self._nursery is None:
            with self._log.open("ab") as log:
                self._nursery = await asyncio.create_subprocess_exec(
                    sys.executable,
                    str(Path(__file__).with_name("worker_process.py")),
                    env=self._environment,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=log,
                )
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(b"start\n")
        worker = int(await self._nursery.stdout.readline())
        self._alive.add(worker)
        return worker

    def kill(self, worker: int) -> None:
        """Kill it as a power cut would: nothing of it runs any more."""
        self._alive.discard(worker)
        os.kill(worker, signal.SIGKILL)

    async def close(self) -> None:
        for worker in list(self._alive):
            self.kill(worker)
        if self._nursery is not None and self._nursery.stdin is not None:
            self._nursery.stdin.close()
            await self._nursery.wait()


async def until(condition: Any, *, seconds: float, what: str) -> None:
    """Wait for an awaitable condition, and say what never came."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not await condition():
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"never came: {what}")
        await asyncio.sleep(0.05)


def moments(total: int, times: int, seed: int) -> Sequence[int]:
    """Return increasing counts of received mails at which something happens."""
    return sorted(random.Random(seed).sample(range(total // 20, total * 4 // 5), times))
