"""Done when 3: an import and an undoing that are killed and started again end as if nothing had happened."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from ritorno import embedded
from ritorno.embedded import Services
from ritorno.imports import service
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.db import make_engine, make_sessions
from tests.conftest import settings_for
from tests.factories import imports as files
from tests.messaging.crowd import Workers, until

ROWS = 16_000


def people(count: int) -> bytes:
    return files.a_csv(
        [
            {
                # One in fifty comes twice: as the person of the row before, with another phone.
                "external_id": f"k{number - (number % 50 == 49)}",
                "family_name": f"Conti {number - (number % 50 == 49)}",
                "given_name": "Anna",
                "email": f"anna{number - (number % 50 == 49)}@example.it",
                "phone": f"+39 347 {number:07d}",
                "birth_on": "31/02/1980" if number % 400 == 7 else "03/05/1980",
                "tags": "a,b" if number % 3 else "",
            }
            for number in range(count)
        ]
    )


CONTENT = {
    "customers": "search_name, birth_on, version",
    "contact_points": "kind, match_key, is_primary, valid_to is null",
    "identifiers": "kind, source, value",
    "customer_tags": "tag",
    "import_rows": "row_no, outcome, version",
}


async def content(work: Work) -> dict[str, list[tuple[Any, ...]]]:
    async with work.sessions() as session:
        return {
            table: sorted(tuple(map(str, row)) for row in await session.execute(text(f"select {shown} from {table}")))
            for table, shown in CONTENT.items()
        }


@pytest.fixture
async def undisturbed(services: Services, tmp_path: Path) -> AsyncIterator[Work]:
    """Another shop, where nobody kills anything."""
    database = embedded.create_database_from_template(services, f"test_{uuid4().hex[:12]}")
    settings = settings_for(database, data_dir=tmp_path / "undisturbed")
    engine = make_engine(settings.database_url)
    yield Work(settings, make_sessions(engine), Actor.system("tests"))
    await engine.dispose()


async def _cursor(work: Work, import_id: UUID) -> tuple[str, int]:
    row = await files.read(work, import_id)
    return row.state, row.cursor


async def _kill_at(work: Work, workers: Workers, import_id: UUID, state: str, reached: Any) -> None:
    """Start a worker and kill it as soon as the import has come so far."""

    async def there() -> bool:
        now = await _cursor(work, import_id)
        return now[0] != state or reached(now[1])

    worker = await workers.start()
    await until(there, seconds=90, what=f"{state} to go on")
    workers.kill(worker)


@pytest.mark.timeout(300)
async def test_a_killed_import_and_a_killed_undoing_end_like_undisturbed_ones(
    shop: Work, undisturbed: Work, tmp_path: Path
) -> None:
    await files.apply(undisturbed, await files.upload(undisturbed, people(ROWS)))
    import_id = await files.upload(shop, people(ROWS))
    before = await content(shop)
    workers = Workers(shop.settings, tmp_path / "worker.log")
    try:
        async with shop.session() as session:
            await service.apply(session, import_id, actor=files.STAFF)
        for reached in (1, 6_000):
            await _kill_at(shop, workers, import_id, "applying", lambda cursor, least=reached: cursor >= least)
        last = await workers.start()

        async def applied() -> bool:
            return (await _cursor(shop, import_id))[0] == "applied"

        await until(applied, seconds=120, what="the end of the import")
        workers.kill(last)

        assert await content(shop) == await content(undisturbed)

        async with shop.session() as session:
            await service.undo(session, import_id, actor=files.STAFF)
        for reached in (ROWS, 9_000):
            await _kill_at(shop, workers, import_id, "undoing", lambda cursor, most=reached: 0 < cursor < most)
        await workers.start()

        async def undone() -> bool:
            return (await _cursor(shop, import_id))[0] == "undone"

        await until(undone, seconds=120, what="the end of the undoing")
    finally:
        await workers.close()

    after = await content(shop)
    assert {table: rows for table, rows in after.items() if table != "import_rows"} == {
        table: rows for table, rows in before.items() if table != "import_rows"
    }
    assert not [row for row in after["customers"] if row]
