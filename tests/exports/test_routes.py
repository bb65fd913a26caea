"""Who may ask for a file, fetch it and remove it; what is refused; what stays in the audit log."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry
from ritorno.exports import jobs
from ritorno.exports.models import Export
from ritorno.identity.models import StaffSession
from ritorno.identity.rules import Role
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.outbox import OutboxEvent
from tests.conftest import ClientAs, TokenClient
from tests.exports.files import a_request, ask, read_csv, request, to_email
from tests.factories.customers import make_customer
from tests.factories.segments import make_segment

KEY = {"Idempotency-Key": "once"}


async def made(client: AsyncClient, work: Work, body: dict[str, Any]) -> dict[str, Any]:
    export = await ask(client, body)
    await jobs.produce(work, {"export_id": export["id"]})
    found: dict[str, Any] = (await client.get(f"/v1/exports/{export['id']}")).json()
    return found


async def test_a_file_is_asked_for_made_and_fetched(client: AsyncClient, session: AsyncSession, work: Work) -> None:
    person = await make_customer(session)
    await session.commit()

    answer = await client.post("/v1/exports", json=a_request(), headers=KEY)
    export = answer.json()
    await jobs.produce(work, {"export_id": export["id"]})
    finished = (await client.get(answer.headers["Location"])).json()
    file = await client.get(f"/v1/exports/{export['id']}/file")

    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/v1/exports/{export['id']}"
    assert (export["state"], export["rows_written"], export["left_out"]) == ("waiting", 0, [])
    assert (finished["state"], finished["rows_written"]) == ("done", 1)
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert file.headers["content-disposition"] == f'attachment; filename="customers-{export["created_at"][:10]}.csv"'
    assert file.headers["cache-control"] == "no-store"
    assert [row["id"] for row in read_csv(file.content)] == [str(person.id)]
    event = await session.scalar(select(OutboxEvent).where(OutboxEvent.name == "export.requested"))
    assert event is not None
    assert event.payload == {"export_id": export["id"]}


async def test_s_16_who_asked_for_and_who_fetched_a_file_is_in_the_audit_log(
    client: AsyncClient, session: AsyncSession, work: Work
) -> None:
    await make_customer(session, city="Modena")
    await session.commit()
    export = await made(client, work, a_request(filters={"city": "Modena"}))

    await client.get(f"/v1/exports/{export['id']}/file")

    entries = (
        await session.scalars(select(AuditEntry).where(AuditEntry.subject_type == "export").order_by(AuditEntry.id))
    ).all()
    assert [(entry.action, entry.actor_name) for entry in entries] == [
        ("export.requested", "owner"),
        ("export.finished", "tests"),
        ("export.downloaded", "owner"),
    ]
    assert entries[2].details["rows_written"] == 1
    assert entries[2].details["filters"] == {"city": "Modena"}
    assert (await client.get(f"/v1/exports/{export['id']}")).json()["downloaded_at"] is not None


async def test_the_same_key_asks_once(client: AsyncClient, session: AsyncSession) -> None:
    first = await client.post("/v1/exports", json=a_request(), headers=KEY)
    again = await client.post("/v1/exports", json=a_request(), headers=KEY)
    without = await client.post("/v1/exports", json=a_request())

    assert first.json()["id"] == again.json()["id"]
    assert len((await session.scalars(select(Export))).all()) == 1
    assert (without.status_code, without.json()["code"]) == (400, "idempotency-key-missing")


@pytest.mark.parametrize("role", [Role.CASHIER, Role.ANALYST, Role.MARKETER])
async def test_roles_without_the_scope_get_no_file(client_as: ClientAs, session: AsyncSession, role: Role) -> None:
    export = await request(session, a_request())
    client = await client_as(role)

    answers = [
        await client.post("/v1/exports", json=a_request(), headers=KEY),
        await client.get("/v1/exports"),
        await client.get(f"/v1/exports/{export.id}"),
        await client.get(f"/v1/exports/{export.id}/file"),
        await client.delete(f"/v1/exports/{export.id}"),
        await client.get("/v1/export-kinds"),
    ]

    assert {(answer.status_code, answer.json()["needs"]) for answer in answers} == {(403, "exports:run")}


async def test_nobody_takes_away_what_they_may_not_read(
    token_client: TokenClient, client_as: ClientAs, client: AsyncClient, session: AsyncSession, work: Work
) -> None:
    token = await token_client(["exports:run", "customers:read"])
    officer = await client_as(Role.PRIVACY_OFFICER)
    results = await made(client, work, a_request("results"))

    asked = await token.post("/v1/exports", json=a_request("transactions"), headers=KEY)
    allowed = await token.post("/v1/exports", json=a_request(), headers={"Idempotency-Key": "other"})
    by_officer = await officer.post("/v1/exports", json=a_request("results"), headers=KEY)
    fetched = await officer.get(f"/v1/exports/{results['id']}/file")

    assert (asked.status_code, asked.json()["needs"]) == (403, "transactions:read")
    assert allowed.status_code == 202
    assert (by_officer.status_code, by_officer.json()["needs"]) == (403, "results:read")
    assert (fetched.status_code, fetched.json()["needs"]) == (403, "results:read")


async def test_people_prove_again_who_they_are_before_asking_and_before_fetching(
    client: AsyncClient, session: AsyncSession, work: Work
) -> None:
    export = await made(client, work, a_request())
    await session.execute(update(StaffSession).values(step_up_at=clock.now() - timedelta(minutes=11)))
    await session.commit()

    asked = await client.post("/v1/exports", json=a_request(), headers=KEY)
    fetched = await client.get(f"/v1/exports/{export['id']}/file")
    read = await client.get(f"/v1/exports/{export['id']}")

    assert [(answer.status_code, answer.json()["code"]) for answer in (asked, fetched)] == [
        (403, "step-up-required")
    ] * 2
    assert read.status_code == 200


async def test_a_file_is_fetched_neither_before_it_is_there_nor_after_its_time(
    client: AsyncClient, token_client: TokenClient, work: Work
) -> None:
    export = await ask(client, a_request())
    early = await client.get(f"/v1/exports/{export['id']}/file")
    await jobs.produce(work, {"export_id": export["id"]})
    token = await token_client(["exports:run", "customers:read"])

    with clock.frozen(clock.now() + timedelta(days=7, minutes=1)):
        late = await token.get(f"/v1/exports/{export['id']}/file")
    unknown = await client.get(f"/v1/exports/{uuid4()}/file")

    assert (early.status_code, early.json()["code"], early.json()["state"]) == (409, "export-not-ready", "waiting")
    assert (late.status_code, late.json()["code"]) == (410, "export-expired")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "export-not-found")


async def test_removing_takes_the_file_at_once_and_keeps_the_record(client: AsyncClient, work: Work) -> None:
    export = await made(client, work, a_request())

    removed = await client.delete(f"/v1/exports/{export['id']}")
    again = await client.delete(f"/v1/exports/{export['id']}")
    fetched = await client.get(f"/v1/exports/{export['id']}/file")

    assert (removed.status_code, again.status_code) == (204, 204)
    assert (fetched.status_code, fetched.json()["code"]) == (410, "export-expired")
    assert (await client.get(f"/v1/exports/{export['id']}")).json()["state"] == "expired"
    assert list((work.settings.data_dir / "exports").iterdir()) == []


async def test_what_was_removed_before_it_was_made_is_not_made(client: AsyncClient, work: Work) -> None:
    export = await ask(client, a_request())

    await client.delete(f"/v1/exports/{export['id']}")
    await jobs.produce(work, {"export_id": export["id"]})

    assert (await client.get(f"/v1/exports/{export['id']}")).json()["state"] == "expired"
    assert not (work.settings.data_dir / "exports").exists()


async def test_the_list_is_newest_first_with_reasons_and_refusals_counted(
    client: AsyncClient, session: AsyncSession, work: Work
) -> None:
    await make_customer(session, restricted_at=clock.now())
    await make_customer(session)
    await session.commit()
    first = await made(client, work, a_request())
    second = await ask(client, to_email())

    page = (await client.get("/v1/exports")).json()

    assert [item["id"] for item in page["items"]] == [second["id"], first["id"]]
    assert page["items"][1]["left_out"] == [{"reason": "RESTRICTED", "count": 1}]
    assert page["items"][0]["reason"] == "Invito all'inaugurazione"
    assert page["items"][0]["purpose"] == "MKT_OWN"


@pytest.mark.parametrize(
    "change",
    [
        {"reason": ""},
        {"use": "CONTACT"},
        {"use": "CONTACT", "purpose": "THIRD_PARTY", "channel": "EMAIL"},
        {"purpose": "MKT_OWN", "channel": "EMAIL"},
        {"columns": ["email"]},
        {"columns": ["id", "fiscal_code"]},
        {"filters": {"touch_id": str(uuid4())}},
        {"kind": "members"},
        {"kind": "transactions", "use": "CONTACT", "purpose": "MKT_OWN", "channel": "EMAIL"},
        {"use": "CONTACT", "purpose": "MKT_OWN", "channel": "EMAIL", "columns": ["id", "phone"]},
        {"format": "xls"},
    ],
)
async def test_what_makes_no_sense_together_is_refused(client: AsyncClient, change: dict[str, Any]) -> None:
    answer = await client.post("/v1/exports", json=a_request(**change), headers=KEY)

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


async def test_a_segment_must_exist(client: AsyncClient, session: AsyncSession) -> None:
    segment = await make_segment(session)
    await session.commit()

    known = await client.post(
        "/v1/exports", json=a_request("members", filters={"segment_id": str(segment.id)}), headers=KEY
    )
    unknown = await client.post(
        "/v1/exports",
        json=a_request("members", filters={"segment_id": str(uuid4())}),
        headers={"Idempotency-Key": "other"},
    )

    assert known.status_code == 202
    assert (unknown.status_code, unknown.json()["code"]) == (404, "segment-not-found")


async def test_the_kinds_say_what_they_may_hold(client: AsyncClient) -> None:
    kinds = {item["kind"]: item for item in (await client.get("/v1/export-kinds")).json()["items"]}

    assert kinds["members"]["filters"] == ["segment_id"]
    assert kinds["members"]["may_contact"]
    assert not kinds["results"]["may_contact"]
    assert {"key": "email", "trait": "email"} in kinds["customers"]["columns"]
