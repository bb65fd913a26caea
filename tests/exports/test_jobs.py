"""Every kind in every format, read back and compared with the database; runs that die, repeat or come too late."""

import asyncio
import hashlib
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry, Job
from ritorno.consents.rules import Channel
from ritorno.customers.models import Customer, CustomerInterest, CustomerTag
from ritorno.exports import jobs, making, person, queries, reading, service
from ritorno.exports.rules import COLUMNS, ExportKind
from ritorno.exports.schemas import ExportCreate
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.outbox import OutboxEvent
from ritorno.messaging.models import Message
from ritorno.stores.models import Store
from ritorno.transactions.models import Profile, TransactionLine
from tests.conftest import Sessions
from tests.exports.files import OWNER, a_request, content, make, request, rows_of
from tests.factories.campaigns import make_crowd
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business, make_plan, make_template
from tests.factories.segments import make_segment
from tests.factories.transactions import a_line, make_transaction

FORMATS = ("csv", "xlsx", "ndjson")
BORN = date(1984, 3, 9)


def same(cell: Any, value: Any, file_format: str) -> bool:
    """Tell whether a cell says a value: NDJSON keeps its type, the others write it as text."""
    if file_format == "ndjson":
        return bool(cell == value)
    return bool(cell == ("" if value is None else " | ".join(value) if isinstance(value, list) else str(value)))


async def make_regular(session: AsyncSession) -> Customer:
    store = Store(code="CENTRO", name="Centro")
    session.add(store)
    await session.flush()
    regular = await make_customer(
        session,
        given_name="Niccolò",
        family_name='D\'Angiò; detto "Nico"',
        email="nico@example.com",
        phone="+393475550001",
        card="2900000000001",
        external=("till", "4711"),
        birth_on=BORN,
        home_store_id=store.id,
        city="Bologna",
    )
    session.add_all(
        [
            CustomerTag(customer_id=regular.id, tag="vip"),
            CustomerTag(customer_id=regular.id, tag="amici"),
            CustomerInterest(customer_id=regular.id, label="caffè", source="staff"),
        ]
    )
    await make_transaction(session, regular, a_line("bread", "3.00"), a_line("ham", "6.12", quantity="0.245"))
    await make_transaction(session, regular, a_line("bread", "-3.00", quantity="-1"), kind="return")
    return regular


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("kind", ["customers", "members"])
async def test_people_are_written_as_their_cards_say(
    session: AsyncSession, work: Work, kind: str, file_format: str
) -> None:
    regular = await make_regular(session)
    stranger = await make_customer(session, given_name=None, family_name="Verdi")
    filters = {"segment_id": str((await make_segment(session)).id)} if kind == "members" else {}
    named = [column.key for column in COLUMNS[ExportKind.CUSTOMERS] if column.trait not in {"email", "phone", "postal"}]

    export = await make(session, work, a_request(kind, format=file_format, filters=filters, columns=[*named]))

    rows = rows_of(work, export)
    profile = await session.get_one(Profile, regular.id)
    expected = {
        "id": str(regular.id),
        "external_ids": ["till:4711"],
        "cards": ["2900000000001"],
        "given_name": "Niccolò",
        "family_name": 'D\'Angiò; detto "Nico"',
        "birth_on": "1984-03-09",
        "gender": None,
        "language": "it",
        "city": "Bologna",
        "store": "CENTRO",
        "tags": ["amici", "vip"],
        "interests": ["caffè"],
        "purchases": profile.purchases,
        "revenue": "6.12",
        "currency": "EUR",
        "last_purchase_on": str(profile.last_day),
    }
    assert [row["id"] for row in rows] == [str(regular.id), str(stranger.id)]
    assert {key for key, value in expected.items() if not same(rows[0][key], value, file_format)} == set()
    assert same(rows[1]["given_name"], None, file_format)
    assert rows[0]["created_at"].endswith("Z")
    assert list(rows[0]) == named
    assert (export.state, export.rows_written, export.left_out) == ("done", 2, {})


@pytest.mark.parametrize("file_format", FORMATS)
async def test_transactions_are_written_line_by_line_with_their_receipt(
    session: AsyncSession, work: Work, file_format: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BATCH", 2)
    regular = await make_regular(session)

    export = await make(session, work, a_request("transactions", format=file_format))

    rows = rows_of(work, export)
    lines = list(
        await session.scalars(select(TransactionLine).order_by(TransactionLine.transaction_id, TransactionLine.line_no))
    )
    apostrophe = "'" if file_format == "csv" else ""
    assert [(row["transaction_id"], int(row["line_no"])) for row in rows] == [
        (str(line.transaction_id), line.line_no) for line in lines
    ]
    assert [row["total"] for row in rows] == ["3.00", "6.12", f"{apostrophe}-3.00"]
    assert [row["receipt_total"] for row in rows][:2] == ["9.12", "9.12"]
    assert [row["quantity"] for row in rows] == ["1", "0.245", f"{apostrophe}-1"]
    assert {row["customer_id"] for row in rows} == {str(regular.id)}
    assert {row["currency"] for row in rows} == {"EUR"}
    assert rows[1]["category"] == "hams"


@pytest.mark.parametrize("file_format", FORMATS)
async def test_messages_are_written_with_their_state_and_never_their_content(
    session: AsyncSession, work: Work, file_format: str
) -> None:
    await make_business(session)
    people = await make_crowd(session, 3)
    template = await make_template(session, work.settings)
    await make_plan(session, template, people)
    messages = list(await session.scalars(select(Message).order_by(Message.id)))

    export = await make(session, work, a_request("messages", format=file_format))

    rows = rows_of(work, export)
    assert [(row["id"], row["customer_id"], row["state"]) for row in rows] == [
        (str(message.id), str(message.customer_id), message.status) for message in messages
    ]
    assert {row["channel"] for row in rows} == {Channel.EMAIL}
    assert b"example.com" not in content(work, export)
    assert b"Persona" not in content(work, export)


async def test_filters_choose_by_store_tag_town_and_day(session: AsyncSession, work: Work) -> None:
    regular = await make_regular(session)
    await make_transaction(
        session, await make_customer(session, city="Modena"), at=datetime(2026, 2, 1, 10, tzinfo=UTC)
    )
    store = await session.scalar(select(Store.id).where(Store.code == "CENTRO"))

    for filters in ({"store_id": str(store)}, {"tag": "vip"}, {"city": "Bologna"}):
        export = await make(session, work, a_request(filters=filters, columns=["id"]))
        assert [row["id"] for row in rows_of(work, export)] == [str(regular.id)], filters
    days = {"from_on": "2026-02-01", "to_on": "2026-02-01"}
    export = await make(session, work, a_request("transactions", filters=days))

    assert [row["business_day"] for row in rows_of(work, export)] == ["2026-02-01"]


async def test_c_26_who_is_restricted_erased_or_dead_is_left_out_and_counted(session: AsyncSession, work: Work) -> None:
    now = clock.now()
    kept = await make_customer(session)
    restricted = await make_customer(session, restricted_at=now)
    for mark in ("erased_at", "deceased_at", "deceased_at"):
        await make_customer(session, **{mark: now})
    for customer in (kept, restricted):
        await make_transaction(session, customer)

    people = await make(session, work, a_request())
    receipts = await make(session, work, a_request("transactions"))

    assert [row["id"] for row in rows_of(work, people)] == [str(kept.id)]
    assert people.left_out == {"RESTRICTED": 1, "ERASED": 1, "DECEASED": 2}
    assert people.rows_total == 5
    assert [row["customer_id"] for row in rows_of(work, receipts)] == [str(kept.id)]
    assert receipts.left_out == {"RESTRICTED": 1}


async def test_c_24_a_file_in_the_making_is_made_again_without_who_was_erased_meanwhile(
    session: AsyncSession, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    erased, stays = await make_customer(session), await make_customer(session)
    export = await request(session, a_request())
    hand_over = making._hand_over

    async def erased_meanwhile(*values: Any) -> None:
        async with work.session() as other:
            await person.erase(other, erased.id)
            (await other.get_one(Customer, erased.id)).erased_at = clock.now()
        await hand_over(*values)

    monkeypatch.setattr(making, "_hand_over", erased_meanwhile)
    await jobs.produce(work, {"export_id": str(export.id)})
    await session.refresh(export)
    assert (export.state, export.stored_name) == ("running", None)
    asked = select(func.count()).select_from(OutboxEvent).where(OutboxEvent.name == "export.requested")
    assert await session.scalar(asked) == 2

    monkeypatch.undo()
    await jobs.produce(work, {"export_id": str(export.id)})

    await session.refresh(export)
    assert [row["id"] for row in rows_of(work, export)] == [str(stays.id)]


async def test_the_receipts_of_an_erased_person_stay_in_the_books_without_the_person(
    session: AsyncSession, work: Work
) -> None:
    erased = await make_customer(session)
    await make_transaction(session, erased)
    erased.erased_at = clock.now()
    await session.flush()

    export = await make(session, work, a_request("transactions"))

    assert [(row["total"], row["customer_id"]) for row in rows_of(work, export)] == [("3.00", "")]


async def test_a_merged_card_stands_in_its_survivors_row_only(session: AsyncSession, work: Work) -> None:
    survivor = await make_customer(session)
    merged = await make_customer(session)
    await make_transaction(session, merged)
    merged.merged_into_id = survivor.id
    await session.flush()

    people = await make(session, work, a_request())
    receipts = await make(session, work, a_request("transactions"))

    assert [row["id"] for row in rows_of(work, people)] == [str(survivor.id)]
    assert people.left_out == {"MERGED": 1}
    assert [row["customer_id"] for row in rows_of(work, receipts)] == [str(survivor.id)]


async def test_the_file_is_sealed_announced_and_kept_for_seven_days(session: AsyncSession, work: Work) -> None:
    await make_customer(session)

    export = await make(session, work, a_request())

    assert export.sha256 == hashlib.sha256(content(work, export)).hexdigest()
    assert export.size_bytes == len(content(work, export))
    assert export.expires_at is not None
    assert export.finished_at is not None
    assert export.expires_at - export.finished_at == timedelta(days=7)
    progress = await session.get_one(Job, export.job_id)
    assert (progress.state, progress.done, progress.total) == ("done", 1, 1)
    finished = await session.scalar(select(AuditEntry).where(AuditEntry.action == "export.finished"))
    assert finished is not None
    assert finished.details["rows_written"] == 1


# ── twice, killed, too late ───────────────────────────────────────────────────────────────────────────────────────────


async def test_the_job_may_run_twice(session: AsyncSession, work: Work) -> None:
    await make_customer(session)
    export = await make(session, work, a_request())
    before = (export.stored_name, export.finished_at)

    await jobs.produce(work, {"export_id": str(export.id)})

    await session.refresh(export)
    assert (export.stored_name, export.finished_at) == before
    assert await session.scalar(select(func.count()).where(AuditEntry.action == "export.finished")) == 1
    assert [path.name for path in service.folder_of(work.settings).iterdir()] == [export.stored_name]


async def test_after_a_killed_worker_the_file_is_made_from_the_start(session: AsyncSession, work: Work) -> None:
    people = [await make_customer(session) for _ in range(3)]
    export = await request(session, a_request())
    killed = await service.claim(session, export.id)
    assert killed is not None
    assert killed.run_id is not None
    await service.advance(session, export.id, killed.run_id, written=2, left_out={"ERASED": 1}, total=9)
    left = service.folder_of(work.settings) / f"{export.id}.{killed.run_id}.part"
    left.mkdir(parents=True)
    (left / "rows").write_text("half a fi")
    await session.commit()

    await jobs.produce(work, {"export_id": str(export.id)})

    await session.refresh(export)
    assert [row["id"] for row in rows_of(work, export)] == [str(person.id) for person in people]
    assert (export.rows_written, export.left_out, export.rows_total) == (3, {}, 3)
    assert not left.exists()
    assert await session.scalar(select(func.count()).select_from(Job)) == 1


async def test_a_run_whose_place_was_taken_steps_back(session: AsyncSession) -> None:
    await make_customer(session)
    export = await request(session, a_request())
    first = await service.claim(session, export.id)
    assert first is not None
    earlier = first.run_id
    assert earlier is not None
    second = await service.claim(session, export.id)
    assert second is not None
    assert second.run_id != earlier

    assert not await service.advance(session, export.id, earlier, written=1, left_out={}, total=1)
    assert not await service.fail(session, export.id, earlier, "late")
    assert (second.state, second.rows_written) == ("running", 0)


async def test_what_a_stopped_worker_began_another_finishes(
    shop: Settings, clean_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "BATCH", 1)
    work = Work(shop, clean_sessions, Actor.system("tests"))
    async with work.session() as session:
        for _ in range(30):
            await make_customer(session)
        export_id = (await service.request_export(session, ExportCreate(**a_request()), actor=OWNER)).id
    running = asyncio.create_task(jobs.produce(work, {"export_id": str(export_id)}))
    for _ in range(1_000):
        if service.folder_of(shop).is_dir():
            break
        await asyncio.sleep(0.005)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    await jobs.produce(work, {"export_id": str(export_id)})

    async with work.session() as session:
        export = await queries.get_export(session, export_id)
    assert len({row["id"] for row in rows_of(work, export)}) == 30
    assert [path.name for path in service.folder_of(shop).iterdir()] == [export.stored_name]


async def test_a_segment_that_is_gone_is_a_failure_a_person_can_read(session: AsyncSession, work: Work) -> None:
    segment = await make_segment(session)
    export = await request(session, a_request("members", filters={"segment_id": str(segment.id)}))
    segment.removed_at = clock.now()
    await session.commit()

    await jobs.produce(work, {"export_id": str(export.id)})

    await session.refresh(export)
    assert (export.state, export.failure) == ("failed", "There is no such segment")
    assert (await session.get_one(Job, export.job_id)).state == "failed"


async def test_what_the_disk_refuses_is_told_and_tried_again(session: AsyncSession, work: Work) -> None:
    await make_customer(session)
    export = await request(session, a_request())
    in_the_way = service.folder_of(work.settings)
    in_the_way.write_text("a file where the folder should be")

    with pytest.raises(OSError, match="exports"):
        await jobs.produce(work, {"export_id": str(export.id)})

    await session.refresh(export)
    assert export.state == "failed"
    in_the_way.unlink()
    await jobs.produce(work, {"export_id": str(export.id)})
    await session.refresh(export)
    assert (export.state, export.failure, export.rows_written) == ("done", None, 1)


# ── the night ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_after_seven_days_the_file_is_gone_and_the_record_stays(session: AsyncSession, work: Work) -> None:
    await make_customer(session)
    with clock.frozen(clock.now() - timedelta(days=7, minutes=1)):
        old = await make(session, work, a_request())
    new = await make(session, work, a_request())
    folder = service.folder_of(work.settings)

    for _ in range(2):
        await jobs.expire(work, {})

    await session.refresh(old)
    await session.refresh(new)
    assert (old.state, old.stored_name, old.rows_written) == ("expired", None, 1)
    assert new.state == "done"
    assert [path.name for path in folder.iterdir()] == [new.stored_name]


async def test_what_a_killed_run_left_is_swept_away_after_a_day(session: AsyncSession, work: Work) -> None:
    await make_customer(session)
    export = await make(session, work, a_request())
    folder = service.folder_of(work.settings)
    (folder / "left.run.part").mkdir()

    await jobs.expire(work, {})
    assert (folder / "left.run.part").exists()
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        await jobs.expire(work, {})

    assert [path.name for path in folder.iterdir()] == [export.stored_name]
