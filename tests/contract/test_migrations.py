"""The migrations build what the models say, and stand on their own."""

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from ritorno import models as _tables  # noqa: F401
from ritorno.kit.db import Base

ROOT = Path(__file__).parents[2]


async def test_the_migrated_database_is_what_the_models_say(connection: AsyncConnection) -> None:
    def drift(sync: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(sync), Base.metadata))

    assert await connection.run_sync(drift) == []


def test_there_is_one_head() -> None:
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("script_location", str(ROOT / "migrations"))

    assert len(ScriptDirectory.from_config(config).get_heads()) == 1


def test_a_migration_stands_on_its_own_and_waits_for_no_lock_for_long() -> None:
    for file in (ROOT / "migrations/versions").glob("*.py"):
        source = file.read_text()
        assert not re.search(r"^\s*(from|import) ritorno", source, re.MULTILINE), file.name
        assert source.count("lock_timeout") == 2, file.name


@pytest.mark.parametrize("ledger", ["audit_entries", "consent_events"])
@pytest.mark.parametrize("statement", ["delete from {}", "truncate {}"])
async def test_the_application_cannot_rewrite_a_ledger(
    connection: AsyncConnection, ledger: str, statement: str
) -> None:
    """C-08, S-16: neither by privilege nor past it."""
    with pytest.raises(DBAPIError, match=r"permission denied|append-only"):
        await connection.execute(text(statement.format(ledger)))
