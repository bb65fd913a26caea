"""Twice is normal: every job of imports may run again, at once or later, and change nothing more (STYLE §4)."""

import asyncio
from uuid import UUID

import pytest
from sqlalchemy import text

from ritorno.imports import jobs, queries, service
from ritorno.imports.loading import ahead
from ritorno.imports.rules import ImportKind
from ritorno.imports.service import running, undoing
from ritorno.imports.uploading import canonical_path, forget_files, upload_path
from ritorno.kit.background import Work
from tests.factories import imports as files
from tests.imports.cards import snapshot, values

FILES: dict[ImportKind, list[dict[str, str]]] = {
    ImportKind.CUSTOMERS: [
        {"external_id": str(number % 4), "family_name": f"Rossi {number % 4}", "tags": f"t{number}", "note": "n"}
        for number in range(7)
    ],
    ImportKind.TRANSACTIONS: [
        {"receipt": str(number // 2), "occurred_on": "03/01/2024", "sku": f"s{number}", "total": "2,50", "card": "100",
         "email": "anna@example.it", "given_name": "Anna", "family_name": "Rossi"}
        for number in range(7)
    ],
    ImportKind.PRODUCTS: [{"sku": str(number % 3), "name": "Pane", "category": "Forno"} for number in range(5)],
    ImportKind.CONSENTS: [{"external_id": "9", "purpose": "marketing", "channel": "sms", "answer": "no"}],
}  # fmt: skip


async def counts(work: Work) -> dict[str, int]:
    async with work.sessions() as session:
        tables = (await session.scalars(text("select tablename from pg_tables where schemaname = 'public'"))).all()
        return {
            table: (await session.execute(text(f"select count(*) from {table}"))).scalar_one()
            for table in tables
            if table != "outbox_events"
        }


async def asked(work: Work, import_id: UUID, what: str) -> None:
    async with work.session() as session:
        await getattr(service, what)(session, import_id, actor=files.STAFF)


@pytest.mark.parametrize("kind", FILES)
async def test_each_job_of_an_import_twice_is_once(
    shop: Work, kind: ImportKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ahead, "CHUNK", 2)
    monkeypatch.setattr(undoing, "CHUNK", 2)
    import_id = await files.upload(shop, files.a_csv(FILES[kind]), kind=kind)
    payload = {"import_id": str(import_id)}

    for what, job in (("rehearse", jobs.rehearse), ("apply", jobs.apply), ("undo", jobs.undo)):
        await asked(shop, import_id, what)
        await job(shop, payload)
        once = await counts(shop), await snapshot(shop), (await files.read(shop, import_id)).counts

        await job(shop, payload)

        assert (await counts(shop), await snapshot(shop), (await files.read(shop, import_id)).counts) == once, what


async def test_two_workers_at_once_apply_a_file_once(shop: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "CHUNK", 1)
    import_id = await files.upload(shop, files.a_csv(FILES[ImportKind.CUSTOMERS]))
    await asked(shop, import_id, "apply")

    await asyncio.gather(*(jobs.apply(shop, {"import_id": str(import_id)}) for _ in range(3)))

    row = await files.read(shop, import_id)
    assert (row.state, row.failure, row.counts) == ("applied", None, {"created": 4, "updated": 3})
    assert await values(shop, "select count(*) from import_rows") == [7]


async def test_two_workers_at_once_take_a_file_back_once(shop: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(undoing, "CHUNK", 1)
    import_id = await files.upload(shop, files.a_csv(FILES[ImportKind.CUSTOMERS]))
    await files.apply(shop, import_id)
    await asked(shop, import_id, "undo")

    await asyncio.gather(*(jobs.undo(shop, {"import_id": str(import_id)}) for _ in range(3)))

    row = await files.read(shop, import_id)
    assert (row.state, row.failure, row.undo) == ("undone", None, {"removed": 4, "restored": 3})
    assert await values(shop, "select count(*) from customers") == [0]


async def test_rows_that_were_applied_are_never_forgotten_because_the_file_is(
    shop: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_id = await files.upload(shop, files.a_csv(FILES[ImportKind.CUSTOMERS]))
    with monkeypatch.context() as patched:
        patched.setattr(ahead, "CHUNK", 3)
        patched.setattr(running, "SHIFT", -1)
        await asked(shop, import_id, "apply")
        await jobs.apply(shop, {"import_id": str(import_id)})
    forget_files(shop.settings, import_id)

    await jobs.apply(shop, {"import_id": str(import_id)})
    stopped = await files.read(shop, import_id)
    undone = await files.undo(shop, import_id)

    assert (stopped.state, stopped.failure) == ("applying", "The uploaded file is no longer there.")
    assert undone.undo == {"removed": 3}
    assert await values(shop, "select count(*) from customers") == [0]


async def test_a_long_import_hands_over_to_the_next_job(shop: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ahead, "CHUNK", 3)
    monkeypatch.setattr(running, "SHIFT", -1)
    import_id = await files.upload(shop, files.a_csv(FILES[ImportKind.CUSTOMERS]))
    await asked(shop, import_id, "apply")
    shifts = 0

    while (await files.read(shop, import_id)).state == "applying":
        await jobs.apply(shop, {"import_id": str(import_id)})
        shifts += 1

    assert shifts == 4
    asked_for = "select count(*) from outbox_events where name = 'import.application_asked'"
    assert await values(shop, asked_for) == [4]
    assert (await files.read(shop, import_id)).counts == {"created": 4, "updated": 3}


async def test_a_file_that_is_gone_leads_back_to_the_draft_with_the_reason(shop: Work) -> None:
    import_id = await files.upload(shop, files.a_csv(FILES[ImportKind.CUSTOMERS]))
    upload_path(shop.settings, import_id).unlink()
    await asked(shop, import_id, "apply")

    await jobs.apply(shop, {"import_id": str(import_id)})

    row = await files.read(shop, import_id)
    assert (row.state, row.failure) == ("draft", "The uploaded file is no longer there.")
    assert not canonical_path(shop.settings, import_id).exists()


async def test_an_import_that_breaks_says_so_and_the_job_fails(shop: Work, monkeypatch: pytest.MonkeyPatch) -> None:
    import_id = await files.upload(shop, files.a_csv(FILES[ImportKind.CUSTOMERS]))
    await asked(shop, import_id, "apply")
    async with shop.session() as session:
        # No such zone: a fault of ours that no row can be blamed for.
        await session.execute(text("update business set timezone = 'Mars/Olympus'"))

    with pytest.raises(Exception, match="Mars"):
        await jobs.apply(shop, {"import_id": str(import_id)})

    async with shop.sessions() as session:
        row = await queries.get_import(session, import_id)
        job = (await session.execute(text("select state, failure from jobs where id = :id"), {"id": row.job_id})).one()
    assert (row.state, row.failure) == ("applying", running.BROKEN)
    assert tuple(job) == ("failed", running.BROKEN)
