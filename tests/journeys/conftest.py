"""A whole shop for one story: the API on a port, a worker, a database of its own, and where asked a real SMTP
server.
"""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import uvicorn
from aiosmtpd.controller import Controller
from httpx import AsyncClient
from redis.asyncio import Redis

from ritorno import first_start
from ritorno.app import create_app
from ritorno.embedded import Services
from ritorno.embedded.folder import free_port
from ritorno.identity import service as identity
from ritorno.identity.schemas import TokenCreate
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Job, Work
from ritorno.kit.config import Settings
from ritorno.kit.db import make_engine, make_sessions, unit_of_work
from ritorno.worker.main import BackgroundWorker
from tests.conftest import settings_for

NO_DNS = "127.0.0.1:1"
"""Nobody answers there: a journey must not hang on what the network knows of an invented domain."""
OWNER = {"email": "giulia@shop.example", "password": "una frase lunga e sua"}


@dataclass(frozen=True, slots=True)
class Shop:
    """A running installation, and a client that holds a token with every scope."""

    url: str
    token: str
    settings: Settings
    api: AsyncClient

    async def run(self, job: Job) -> None:
        """Run a job of the schedule now, as the worker would at its hour."""
        engine = make_engine(self.settings.database_url, pool_size=1)
        await job(Work(self.settings, make_sessions(engine), Actor.system("tests")), {})
        await engine.dispose()


OpenShop = Callable[..., AbstractAsyncContextManager[Shop]]


@dataclass(slots=True)
class Mailbox:
    """What an SMTP server received."""

    url: str = ""
    messages: list[EmailMessage] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    """Who the envelope of each said it was from."""

    @property
    def received(self) -> list[tuple[EmailMessage, str]]:
        return list(zip(self.messages, self.senders, strict=True))

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:  # noqa: N802  aiosmtpd's name
        parsed = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        self.messages.append(parsed)
        self.senders.append(envelope.mail_from)
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """A real SMTP server on this machine."""
    received = Mailbox()
    controller = Controller(received, hostname="127.0.0.1", port=free_port())
    controller.start()
    received.url = f"smtp://127.0.0.1:{controller.port}"
    yield received
    controller.stop()


@pytest.fixture
def open_shop(clean_database: Services) -> OpenShop:
    @asynccontextmanager
    async def opened(**more: object) -> AsyncIterator[Shop]:
        port = free_port()
        home: dict[str, object] = {"public_url": f"http://127.0.0.1:{port}", "port": port, "dns_server": NO_DNS}
        settings = settings_for(clean_database, **home | more)
        async with Redis.from_url(settings.redis_url) as redis:
            await redis.flushdb()
        token = await _first_start(settings)
        server = uvicorn.Server(
            uvicorn.Config(create_app(settings), port=port, log_level="error", lifespan="on", access_log=False)
        )
        serving = asyncio.create_task(server.serve())
        working = asyncio.create_task(BackgroundWorker(settings).run())
        try:
            async with AsyncClient(
                base_url=settings.public_url, headers={"Authorization": f"Bearer {token}"}, timeout=30
            ) as api:
                await eventually(lambda: _answers(api))
                yield Shop(settings.public_url, token, settings, api)
        finally:
            server.should_exit = True
            working.cancel()
            with suppress(asyncio.CancelledError):
                await working
            await serving

    return opened


async def _first_start(settings: Settings) -> str:
    """Do what `ritorno up` does on an empty database, and issue a token for everything."""
    engine = make_engine(settings.database_url)
    sessions = make_sessions(engine)
    async with unit_of_work(sessions) as session:
        await first_start.seed(session, settings, notices_since=clock.now() - timedelta(days=365))
        await identity.ensure_admin(session, email=OWNER["email"], password=OWNER["password"], name="Giulia")
        _, token = await identity.create_token(
            session, TokenCreate(name="journey", scopes=["*"]), actor=Actor.system("tests")
        )
    await engine.dispose()
    return token


async def _answers(api: AsyncClient) -> bool:
    with suppress(OSError, Exception):
        return (await api.get("/readyz")).status_code == 200
    return False


async def eventually(is_so: Callable[[], Awaitable[bool]], *, within: float = 30) -> None:
    """Wait until something becomes true."""
    async with asyncio.timeout(within):
        while True:
            if await is_so():
                return
            await asyncio.sleep(0.1)
