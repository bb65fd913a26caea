"""Recalls over HTTP."""

from datetime import timedelta

from httpx import AsyncClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.identity.rules import Role
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.messaging.models import Template
from ritorno.recalls.rules import RecallKind
from tests.conftest import ClientAs, TokenClient
from tests.factories.recalls import TODAY, make_due, make_recall


async def test_a_recall_is_set_up_switched_on_and_off(
    client: AsyncClient, session: AsyncSession, settings: Settings
) -> None:
    await make_recall(session, settings, RecallKind.BIRTHDAY)
    template = await session.scalar(select(Template).where(Template.code == "rhythm"))
    assert template is not None
    await session.commit()
    body = {"kind": "rhythm", "name": "Torni presto", "template_id": str(template.id), "send_from": "10:00"}

    created = await client.post("/v1/recalls", json=body)
    url = f"/v1/recalls/{created.json()['id']}"
    on = (await client.put(f"{url}/activation")).json()
    again = (await client.put(f"{url}/activation")).json()
    saved = await client.patch(url, json={"cooldown_days": 45}, headers={"If-Match": created.headers["etag"]})
    wrong = await client.patch(url, json={"send_until": "08:00"}, headers={"If-Match": saved.headers["etag"]})
    off = (await client.delete(f"{url}/activation")).json()
    listed = (await client.get("/v1/recalls")).json()

    assert created.status_code == 201
    assert (created.json()["is_active"], created.json()["channel"]) == (False, "EMAIL")
    assert (created.json()["send_from"], created.json()["send_until"]) == ("10:00", "20:00")
    assert (on["is_active"], again["version"], off["is_active"]) == (True, on["version"], False)
    assert saved.json()["cooldown_days"] == 45
    assert (wrong.status_code, wrong.json()["errors"][0]["path"]) == (422, "send_until")
    assert [each["kind"] for each in listed["items"]] == ["birthday", "rhythm"]


async def test_who_is_due_is_listed_put_off_and_brought_back(
    client: AsyncClient, session: AsyncSession, settings: Settings
) -> None:
    recall = await make_recall(session, settings, RecallKind.RHYTHM)
    person = await make_due(session)
    await session.commit()
    params = {"on": TODAY.isoformat()}
    body = {"customer_id": str(person.id), "recall_id": str(recall.id)}
    tomorrow = (TODAY + timedelta(days=1)).isoformat()

    before = (await client.get("/v1/recalls/due", params=params)).json()
    put_off = await client.post("/v1/recalls/due/dismissals", json={**body, "until": tomorrow, "never": False})
    after = (await client.get("/v1/recalls/due", params=params)).json()
    next_day = (await client.get("/v1/recalls/due", params={"on": tomorrow})).json()
    both = await client.post("/v1/recalls/due/dismissals", json={**body, "until": tomorrow, "never": True})

    item = before["items"][0]
    assert (before["total"], item["customer_id"], item["action"]) == (1, str(person.id), "write")
    assert item["permission"]["sentence"]
    assert (item["label"], item["due_on"], item["expected_value"]) == (
        "Visita",
        (TODAY - timedelta(days=6)).isoformat(),
        {"amount": "10.00", "currency": "EUR"},
    )
    assert put_off.status_code == 204
    assert (after["total"], next_day["total"]) == (0, 1)
    assert both.status_code == 422


async def test_a_rehearsal_looks_back_a_year_at_most_and_results_wait_for_a_run(
    client: AsyncClient, session: AsyncSession, settings: Settings
) -> None:
    recall = await make_recall(session, settings, RecallKind.BIRTHDAY)
    await session.commit()
    url = f"/v1/recalls/{recall.id}"

    day = await client.post(f"{url}/rehearsals", json={"on": clock.now().date().isoformat()})
    long = await client.post(f"{url}/rehearsals", json={"from": "2020-01-01", "until": "2026-01-01"})
    neither = await client.post(f"{url}/rehearsals", json={"from": "2026-01-01"})
    results = (await client.get(f"{url}/results")).json()
    runs = (await client.get(f"{url}/runs")).json()

    assert (day.status_code, day.json()["occasions"]) == (200, 0)
    assert (long.status_code, long.json()["code"]) == (422, "period-too-long")
    assert neither.status_code == 422
    assert (results["state"], results["recall_id"], results["planned_n"]) == ("open", str(recall.id), 0)
    assert runs["items"] == []


async def test_who_may_not_read_recalls_is_refused(client_as: ClientAs, token_client: TokenClient) -> None:
    cashier, reader = await client_as(Role.CASHIER), await token_client(["recalls:read"])
    dismissal = {"customer_id": "x", "recall_id": "x"}

    assert (await cashier.get("/v1/recalls/due")).status_code == 403
    assert (await reader.get("/v1/recalls/due")).status_code == 200
    assert (await reader.post("/v1/recalls/due/dismissals", json=dismissal)).status_code == 403
