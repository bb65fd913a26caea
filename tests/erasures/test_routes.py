"""Erasure, restriction and death over HTTP: who may, and what is answered."""

from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.identity.rules import Role
from tests.conftest import ClientAs
from tests.factories.accountability import make_processor
from tests.factories.customers import make_customer
from tests.factories.transactions import a_line, make_transaction

SOMEBODY = UUID(int=9)
KEY = {"Idempotency-Key": "erase-once"}
ROUTES = [
    ("POST", f"/v1/customers/{SOMEBODY}/erasure-previews", None),
    ("POST", f"/v1/customers/{SOMEBODY}/erasures", {}),
    ("GET", "/v1/erasures", None),
    ("GET", f"/v1/erasures/{SOMEBODY}", None),
    ("GET", f"/v1/erasures/{SOMEBODY}/certificate", None),
    ("GET", "/v1/processor-erasures", None),
    ("PUT", f"/v1/processor-erasures/{SOMEBODY}/notification", None),
    ("GET", f"/v1/customers/{SOMEBODY}/holds", None),
    ("POST", f"/v1/customers/{SOMEBODY}/holds", {"kind": "TAX", "note": "x"}),
    ("DELETE", f"/v1/holds/{SOMEBODY}", None),
    ("GET", f"/v1/customers/{SOMEBODY}/restrictions", None),
    ("PUT", f"/v1/customers/{SOMEBODY}/restriction", {"ground": "CLAIMS", "asked_on": "2026-01-01"}),
    ("POST", f"/v1/customers/{SOMEBODY}/restriction-liftings", {"exit": "CONSENT", "told_on": "2026-01-01"}),
    ("PUT", f"/v1/customers/{SOMEBODY}/decease", {"reported_on": "2026-01-01"}),
    ("DELETE", f"/v1/customers/{SOMEBODY}/decease", None),
    ("GET", "/v1/retention-periods", None),
    ("GET", "/v1/retention-periods/MESSAGES", None),
    ("PUT", "/v1/retention-periods/MESSAGES", {"months": 12, "approver": "G", "reason": "r"}),
    ("POST", "/v1/retention-runs/previews", None),
    ("GET", "/v1/retention-runs", None),
]


@pytest.mark.parametrize(("method", "url", "body"), ROUTES)
async def test_nobody_unknown_and_no_analyst_comes_near(
    anonymous: AsyncClient, client_as: ClientAs, method: str, url: str, body: object
) -> None:
    refused = await anonymous.request(method, url, json=body, headers=KEY)
    forbidden = await (await client_as(Role.ANALYST)).request(method, url, json=body, headers=KEY)

    assert (refused.status_code, forbidden.status_code) == (401, 403)


async def test_c_24_an_erasure_is_previewed_done_once_and_certified(client: AsyncClient, session: AsyncSession) -> None:
    await make_processor(session)
    anna = await make_customer(session, email="x@example.it", card="100")
    await make_transaction(session, anna, a_line())
    await session.commit()
    url = f"/v1/customers/{anna.id}"

    preview = (await client.post(f"{url}/erasure-previews")).json()
    done = await client.post(f"{url}/erasures", json={}, headers=KEY)
    again = await client.post(f"{url}/erasures", json={}, headers={"Idempotency-Key": "another"})
    certificate = await client.get(f"{done.headers['location']}/certificate")

    assert {each["section"] for each in preview["goes"]} >= {"contact_points", "identifiers", "transactions"}
    assert [each["part"] for each in preview["stays"]][:2] == ["RECEIPTS", "SUPPRESSION_HASHES"]
    assert preview["told"]
    assert done.status_code == 201
    assert done.json()["goes"] == preview["goes"]
    assert done.json()["still_to_tell"] >= 1
    assert (again.status_code, again.json()["code"]) == (409, "customer-erased")
    assert certificate.content.startswith(b"%PDF")
    assert b"x@example.it" not in certificate.content


async def test_an_erasure_needs_its_key_and_the_privacy_scope(
    client: AsyncClient, client_as: ClientAs, session: AsyncSession
) -> None:
    anna = await make_customer(session)
    await session.commit()
    url = f"/v1/customers/{anna.id}/erasures"

    without = await client.post(url, json={})
    marketer = await (await client_as(Role.MARKETER)).post(url, json={}, headers=KEY)

    assert without.json()["code"] == "idempotency-key-missing"
    assert marketer.status_code == 403


async def test_c_26_and_b_53_the_counter_may_freeze_and_mark_but_not_undo(
    client: AsyncClient, client_as: ClientAs, session: AsyncSession
) -> None:
    anna = await make_customer(session)
    await session.commit()
    url = f"/v1/customers/{anna.id}"
    counter = await client_as(Role.CASHIER)
    lift = {"exit": "GROUND_ENDED", "told_on": "2026-01-02"}

    frozen = await counter.put(f"{url}/restriction", json={"ground": "CLAIMS", "asked_on": "2026-01-01"})
    dead = await counter.put(f"{url}/decease", json={"reported_on": "2026-01-01"})
    refused = [await counter.post(f"{url}/restriction-liftings", json=lift), await counter.delete(f"{url}/decease")]
    lifted = await client.post(f"{url}/restriction-liftings", json=lift)
    alive = await client.delete(f"{url}/decease")

    assert frozen.status_code == 200, frozen.text
    assert (frozen.json()["ground"], dead.json()["reported_by"]) == ("CLAIMS", "RELATIVE")
    assert [each.status_code for each in refused] == [403, 403]
    assert (lifted.json()["told_on"], alive.json()["reversed_at"] is not None) == ("2026-01-02", True)


async def test_c_30_a_period_is_changed_with_an_approver_and_never_against_the_law(client: AsyncClient) -> None:
    body = {"months": 36, "approver": "Giulia", "reason": "warranties"}

    fixed = await client.put("/v1/retention-periods/INVOICES", json=body)
    long = await client.put("/v1/retention-periods/PURCHASES_TRACED", json=body)
    unordered = await client.put("/v1/retention-periods/PURCHASES_TRACED", json=body | {"months": 6})
    unregistered = await client.put("/v1/retention-periods/MESSAGES", json=body | {"months": 7})
    listed = (await client.get("/v1/retention-periods")).json()["items"]

    codes = [each.json()["code"] for each in (fixed, long, unordered, unregistered)]
    assert codes == [
        "retention-period-fixed", "retention-needs-assessment", "retention-out-of-order", "processing-not-registered",
    ]  # fmt: skip
    assert all(each["is_default"] for each in listed)
