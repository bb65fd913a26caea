"""Wiring only: one PostgreSQL and one Valkey a run, migrated once; a savepoint around each test, or a clone for
those that commit.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic import command
from alembic.config import Config
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, async_sessionmaker
from starlette.datastructures import State

from ritorno import embedded
from ritorno.app import create_app
from ritorno.embedded import Services
from ritorno.identity.models import ApiToken, StaffSession, User
from ritorno.identity.rules import Role
from ritorno.kit import clock, crypto
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.db import make_engine, make_sessions
from tests.factories.accountability import seed_register

ROOT = Path(__file__).parents[1]
SECRET = "a secret for the tests only, long enough"

Sessions = async_sessionmaker[AsyncSession]


@pytest.fixture(scope="session")
def services() -> Iterator[Services]:
    """The servers of this run, with the database `ritorno` migrated by its owner and never connected to again."""
    with embedded.test_services() as running:
        migrate(running)
        yield running


def migrate(running: Services) -> None:
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("sqlalchemy.url", running.owner_url.replace("%", "%%"))
    config.set_main_option("script_location", str(ROOT / "migrations"))
    command.upgrade(config, "head")
    seed_register(running.owner_url)


@pytest.fixture(scope="session")
def shared_database(services: Services) -> Services:
    """The clone in which tests roll back."""
    return embedded.create_database_from_template(services, "rolled_back")


@pytest.fixture(scope="session")
def settings(shared_database: Services) -> Settings:
    return settings_for(shared_database)


def settings_for(database: Services, **more: object) -> Settings:
    return Settings.load(
        database_url=database.app_url,
        migration_url=database.owner_url,
        redis_url=database.redis_url,
        secret_key=SECRET,
        **{"public_url": "http://testserver"} | more,
    )


@pytest.fixture(scope="session")
async def engine(settings: Settings) -> AsyncIterator[AsyncEngine]:
    engine = make_engine(settings.database_url, application_name="tests")
    yield engine
    await engine.dispose()


@pytest.fixture
async def connection(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    async with engine.connect() as connection:
        outer = await connection.begin()
        yield connection
        await outer.rollback()


@pytest.fixture
def sessions(connection: AsyncConnection) -> Sessions:
    """Sessions that commit into the test's outer transaction, which is rolled back at its end."""
    return async_sessionmaker(bind=connection, expire_on_commit=False, join_transaction_mode="create_savepoint")


@pytest.fixture
async def session(sessions: Sessions) -> AsyncIterator[AsyncSession]:
    async with sessions() as session:
        yield session


@pytest.fixture
def work(settings: Settings, sessions: Sessions) -> Work:
    """What a job is given, inside the test's transaction."""
    return Work(settings, sessions, Actor.system("tests"))


@pytest.fixture(scope="session")
def built_app(shared_database: Services) -> FastAPI:
    """The app with its routes read once: FastAPI prepares them at the first request, which takes longer than a test."""
    return create_app(settings_for(shared_database))


@pytest.fixture
def app(built_app: FastAPI, settings: Settings, sessions: Sessions) -> FastAPI:
    """The app as if it had just been started, over this test's sessions."""
    built_app.state = State({"settings": settings, "sessions": sessions, "read_sessions": sessions})
    return built_app


@pytest.fixture
async def anonymous(app: FastAPI) -> AsyncIterator[AsyncClient]:
    async with AsyncClient(
        transport=ASGITransport(app, raise_app_exceptions=False), base_url="http://testserver"
    ) as client:
        yield client


ClientAs = Callable[[Role | str], Awaitable[AsyncClient]]
TokenClient = Callable[[list[str]], Awaitable[AsyncClient]]


@pytest.fixture
async def client_as(app: FastAPI, session: AsyncSession) -> AsyncIterator[ClientAs]:
    """Make a browser signed in, and stepped up, as a role."""
    opened: list[AsyncClient] = []

    async def sign_in(role: Role | str) -> AsyncClient:
        now = clock.now()
        user = User(email=f"{role}-{uuid4().hex[:8]}@shop.example", name=str(role), role=role, password_hash="-")
        session.add(user)
        await session.flush()
        token = crypto.random_token()
        session.add(
            StaffSession(
                token_hash=crypto.token_hash(token),
                user_id=user.id,
                created_at=now,
                last_seen_at=now,
                step_up_at=now,
            )
        )
        await session.commit()
        client = AsyncClient(
            transport=ASGITransport(app, raise_app_exceptions=False),
            base_url="http://testserver",
            headers={"X-Ritorno": "1"},
            cookies={"sid": token},
        )
        opened.append(client)
        return client

    yield sign_in
    for client in opened:
        await client.aclose()


@pytest.fixture
async def client(client_as: ClientAs) -> AsyncClient:
    """A browser signed in as the owner."""
    return await client_as(Role.OWNER)


@pytest.fixture
async def token_client(app: FastAPI, session: AsyncSession) -> AsyncIterator[TokenClient]:
    """Make an integration with the given scopes."""
    opened: list[AsyncClient] = []

    async def issue(scopes: list[str]) -> AsyncClient:
        token = crypto.random_token("rit_")
        session.add(
            ApiToken(
                name="till", prefix=token[:10], token_hash=crypto.token_hash(token), scopes=scopes, created_by="tests"
            )
        )
        await session.commit()
        client = AsyncClient(
            transport=ASGITransport(app, raise_app_exceptions=False),
            base_url="http://testserver",
            headers={"Authorization": f"Bearer {token}"},
        )
        opened.append(client)
        return client

    yield issue
    for client in opened:
        await client.aclose()


@pytest.fixture
async def clean_database(services: Services) -> AsyncIterator[Services]:
    """A database of one's own, for tests that commit, use several connections or start processes."""
    name = f"test_{uuid4().hex[:12]}"
    database = await asyncio.to_thread(embedded.create_database_from_template, services, name)
    yield database
    await asyncio.to_thread(embedded.drop_database, services, name)


@pytest.fixture
async def clean_sessions(clean_database: Services) -> AsyncIterator[Sessions]:
    """Sessions that really commit, in the clean database."""
    engine = make_engine(clean_database.app_url, application_name="tests")
    yield make_sessions(engine)
    await engine.dispose()


@pytest.fixture
def redis_url(services: Services) -> str:
    return services.redis_url
