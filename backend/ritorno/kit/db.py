"""Engine, declarative base, naming convention and column types."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import BigInteger, CheckConstraint, Date, DateTime, MetaData, Text, TypeDecorator, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.pool import NullPool

UtcDateTime = DateTime(timezone=True)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Parent of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012  read by SQLAlchemy as it is
        UUID: Uuid(),
        datetime: UtcDateTime,
        date: Date(),
        str: Text(),
        int: BigInteger(),
        dict[str, Any]: JSONB(),
        list[Any]: JSONB(),
    }


class Sorted(TypeDecorator[str]):
    """Text compared byte by byte, so that one btree serves prefix search, order and keyset on any server locale."""

    impl = Text
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(collation="C")


def one_of(column: str, values: type[StrEnum]) -> CheckConstraint:
    """Return the CHECK that keeps a text column inside an enumeration."""
    listed = ", ".join(f"'{value.value}'" for value in values)
    return CheckConstraint(f"{column} in ({listed})", name=f"{column}_known")


def make_engine(url: str, *, pool_size: int = 10, application_name: str = "ritorno") -> AsyncEngine:
    """Return an engine for a `postgresql://` URL; timestamps are UTC, and no statement may wait on a lock for ever.

    A pool of no size keeps no connection: each one is closed with what was temporary in it.
    """
    pool: dict[str, Any] = {"pool_size": pool_size, "max_overflow": pool_size, "pool_pre_ping": True}
    return create_async_engine(
        asyncpg_url(url),
        **(pool if pool_size else {"poolclass": NullPool}),
        json_serializer=lambda value: orjson.dumps(value, default=str).decode(),
        json_deserializer=orjson.loads,
        connect_args={
            "server_settings": {
                "application_name": application_name,
                "timezone": "UTC",
                "lock_timeout": "10s",
                "jit": "off",
            },
        },
    )


def asyncpg_url(url: str) -> str:
    """Return the URL with the driver SQLAlchemy needs."""
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            return "postgresql+asyncpg://" + url.removeprefix(prefix)
    return url


def make_sessions(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Return the maker of sessions: nothing is reloaded after commit, nothing loads itself lazily."""
    return async_sessionmaker(engine, expire_on_commit=False)


async def driver(session: AsyncSession) -> "asyncpg.Connection[asyncpg.Record]":
    """Return the asyncpg connection of this unit of work, for COPY, unnest and hot single statements.

    What it does commits or rolls back with the session, because it runs on the session's own connection. The ORM is
    flushed first.
    """
    await session.flush()
    connection = await session.connection()
    raw = await connection.get_raw_connection()
    found = raw.driver_connection
    assert found is not None
    # SQLAlchemy's asyncpg adapter begins the server-side transaction with its first statement; a statement sent past
    # it would commit alone.
    if not found.is_in_transaction():
        await connection.exec_driver_sql("select 1")
    return found


@asynccontextmanager
async def unit_of_work(sessions: async_sessionmaker[AsyncSession]) -> AsyncIterator[AsyncSession]:
    """Open a session, commit it if the block ends well, roll it back otherwise."""
    async with sessions() as session, session.begin():
        yield session


_PASSING = frozenset({"08", "40", "53", "55", "57"})
"""Classes of errors that time mends: the connection, a deadlock, no room, a lock, a server that stops or starts."""


def may_pass(error: Exception) -> bool:
    """Tell whether the same unit of work may succeed later: PostgreSQL was away, busy, or chose us in a deadlock."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        return error.connection_invalidated or not state or state[:2] in _PASSING
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "")[:2] in _PASSING
    return isinstance(error, OSError | asyncpg.InterfaceError)
