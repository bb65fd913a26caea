"""Which tables, which database: the owner's connection (RITORNO_MIGRATION_URL), one transaction per migration."""

import asyncio

from alembic import context
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from ritorno import models as _tables  # noqa: F401
from ritorno.kit.config import Settings
from ritorno.kit.db import Base, asyncpg_url


def run(connection: Connection) -> None:
    context.configure(connection=connection, target_metadata=Base.metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()


async def connect_and_run(url: str) -> None:
    engine = create_async_engine(asyncpg_url(url), poolclass=NullPool)
    async with engine.connect() as connection:
        await connection.run_sync(run)
        await connection.commit()
    await engine.dispose()


asyncio.run(connect_and_run(context.config.get_main_option("sqlalchemy.url") or Settings.load().migration_url))
