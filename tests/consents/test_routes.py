"""Consents and permissions over HTTP: status, scope, shape, and the words on the screen."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Purpose
from ritorno.customers.models import Customer
from ritorno.identity.rules import Role
from ritorno.kit import clock
from tests.conftest import ClientAs, TokenClient
from tests.factories.consents import SCAN, make_consent, make_notice_version, make_soft_optin, sign_assessment
from tests.factories.customers import make_customer
from tests.factories.transactions import a_line, make_transaction

NO_ONE = UUID(int=7)
WITHDRAWAL = {"purpose": "MKT_OWN", "channel": "EMAIL", "method": "ORAL"}
OBJECTION = {"scope": "all", "received_on": "2026-11-01", "method": "ORAL"}
DECISIONS = {"customer_ids": [str(NO_ONE)], "purpose": "MKT_OWN", "channel": "EMAIL"}
NOTICE = {
    "code": "privacy", "name": "Privacy", "purpose": "MKT_OWN",
    "language": "it", "text": "Può rifiutare", "offers_opt_out": True,
}  # fmt: skip

ROUTES: list[tuple[str, str, dict[str, Any] | None, str]] = [
    ("GET", f"/v1/customers/{NO_ONE}/consents", None, "consents:read"),
    ("GET", f"/v1/customers/{NO_ONE}/permissions", None, "consents:read"),
    ("POST", f"/v1/customers/{NO_ONE}/withdrawals", WITHDRAWAL, "consents:write"),
    ("POST", f"/v1/customers/{NO_ONE}/objections", OBJECTION, "consents:write"),
    ("POST", "/v1/contact-decisions", DECISIONS, "consents:read"),
    ("GET", "/v1/notices", None, "consents:read"),
    ("POST", "/v1/notices", NOTICE, "consents:publish"),
    ("PUT", "/v1/assessments/LIA_POST", {"signed_on": "2026-01-01", "approver": "Anna"}, "consents:publish"),
]


@pytest.mark.parametrize(("method", "path", "body", "scope"), ROUTES)
async def test_every_route_asks_who_is_there_and_what_they_may(
    anonymous: AsyncClient, token_client: TokenClient, method: str, path: str, body: dict[str, Any] | None, scope: str
) -> None:
    without = await token_client(["stores:read"])
    with_it = await token_client([scope])

    assert (await anonymous.request(method, path, json=body)).status_code == 401
    assert (await without.request(method, path, json=body)).status_code == 403
    assert (await with_it.request(method, path, json=body)).status_code in {200, 201, 404}


@pytest.fixture
async def customer(session: AsyncSession) -> Customer:
    customer = await make_customer(
        session,
        email="a@example.it",
        phone="+393331234567",
        address={"street": "Via Roma 1", "city": "Bologna"},
        external=("shop", "42"),
    )
    await session.commit()
    return customer


def a_yes(**more: Any) -> dict[str, Any]:
    return {
        "purpose": "MKT_OWN",
        "channel": "EMAIL",
        "action": "GRANT",
        "occurred_at": "2026-11-01T10:00:00+01:00",
        "method": "POS_PAPER",
        "evidence": [SCAN],
    } | more


async def cell(
    client: AsyncClient, customer: Customer, purpose: str = "MKT_OWN", channel: str | None = "EMAIL", **query: Any
) -> dict[str, Any]:
    answer = await client.get(f"/v1/customers/{customer.id}/permissions", params=query)
    row = next(row for row in answer.json()["rows"] if row["purpose"] == purpose)
    found: dict[str, Any] = next(each for each in row["cells"] if each["channel"] == channel)
    return found


async def test_a_yes_with_its_text_and_proof_opens_the_door_and_a_withdrawal_closes_it(
    session: AsyncSession, client: AsyncClient, customer: Customer
) -> None:
    version = await make_notice_version(session)
    await session.commit()

    made = await client.post(f"/v1/customers/{customer.id}/consents", json=a_yes(notice_version_id=str(version.id)))
    assert made.status_code == 201
    assert made.json()["is_proven"] is True
    allowed = await cell(client, customer)
    assert (allowed["verdict"], allowed["basis"], allowed["rule_id"]) == ("ALLOW", "CONSENT_6_1_A", "D-E1")
    assert allowed["sentence"] == "Ha dato il consenso il 1 novembre 2026"
    assert allowed["evidence"][0]["id"] == made.json()["id"]

    gone = await client.post(f"/v1/customers/{customer.id}/withdrawals", json=WITHDRAWAL)
    assert gone.status_code == 201
    assert [item["action"] for item in gone.json()["items"]] == ["WITHDRAW"]
    denied = await cell(client, customer)
    assert (denied["verdict"], denied["family"], denied["reason"]) == ("DENY", "said_no", "WITHDRAWN")
    assert denied["remedy"] == "Solo un suo nuovo sì, con prova"

    ledger = (await client.get(f"/v1/customers/{customer.id}/consents")).json()
    assert [item["action"] for item in ledger["items"]] == ["WITHDRAW", "GRANT"]
    assert ledger["total"] == 2


async def test_the_matrix_has_every_purpose_and_speaks_the_language_asked_for(
    client: AsyncClient, customer: Customer
) -> None:
    answer = await client.get(f"/v1/customers/{customer.id}/permissions", headers={"Accept-Language": "en"})

    rows = {row["purpose"]: row["cells"] for row in answer.json()["rows"]}
    assert [each["channel"] for each in rows["MKT_OWN"]] == ["EMAIL", "SMS", "PHONE_OPERATOR", "POST"]
    assert [each["channel"] for each in rows["PROFILING"]] == [None]
    assert rows["MKT_OWN"][1]["sentence"] == "We never asked"
    assert rows["MKT_OWN"][1]["family"] == "not_asked"
    assert rows["SERVICE"][0]["verdict"] == "ALLOW"
    for cells in rows.values():
        for each in cells:
            assert each["sentence"]
            assert (each["verdict"] == "ALLOW") or each["remedy"]


async def test_a_yes_on_the_web_waits_and_one_without_text_is_unproven(
    session: AsyncSession, client: AsyncClient, customer: Customer
) -> None:
    """C-12, B-06, B-09."""
    version = await make_notice_version(session)
    await session.commit()
    where = f"/v1/customers/{customer.id}/consents"

    await client.post(where, json=a_yes(channel="SMS", method="WEB", notice_version_id=str(version.id)))
    await client.post(where, json=a_yes(notice_version_id=str(uuid4())))

    assert (await cell(client, customer, channel="SMS"))["reason"] == "CONSENT_PENDING"
    assert (await cell(client, customer))["reason"] == "UNPROVEN"


async def test_impossible_combinations_are_refused_on_their_field(client: AsyncClient, customer: Customer) -> None:
    where = f"/v1/customers/{customer.id}/consents"

    without = await client.post(where, json=a_yes(channel=None))
    superfluous = await client.post(where, json=a_yes(purpose="PROFILING"))
    unknown = await client.post(where, json=a_yes(tenant_id="x"))
    future = await client.post(where, json=a_yes(occurred_at="2030-01-01T00:00:00Z"))

    assert [without.json()["errors"][0]["path"], superfluous.json()["errors"][0]["path"]] == ["channel", "channel"]
    assert {without.status_code, superfluous.status_code, unknown.status_code, future.status_code} == {422}
    assert future.json()["code"] == "bad-time"


async def test_the_owner_cannot_overturn_an_objection_and_the_privacy_officer_can_with_proof(
    session: AsyncSession, client: AsyncClient, client_as: ClientAs, customer: Customer
) -> None:
    """C-16, B-52."""
    version = await make_notice_version(session)
    await session.commit()
    officer = await client_as(Role.PRIVACY_OFFICER)
    cashier = await client_as(Role.CASHIER)
    where = f"/v1/customers/{customer.id}/consents"
    today = clock.today("Europe/Rome").isoformat()

    objected = await cashier.post(f"/v1/customers/{customer.id}/objections", json=OBJECTION | {"received_on": today})
    assert objected.status_code == 201
    later = a_yes(occurred_at=(clock.now() + timedelta(seconds=1)).isoformat(), notice_version_id=str(version.id))

    assert (await client.post(where, json=later)).json()["code"] == "objection-stands"
    assert (await officer.post(where, json=later)).status_code == 201
    assert (await cell(client, customer))["verdict"] == "ALLOW"


async def test_a_batch_answers_row_by_row_and_may_be_repeated(
    session: AsyncSession, token_client: TokenClient, customer: Customer
) -> None:
    """DESIGN §5, B-06, B-08: one bad row never spoils the others."""
    version = await make_notice_version(session)
    purchases = await make_notice_version(session, purpose=Purpose.PROFILING)
    await session.commit()
    shop = await token_client(["consents:write"])
    row = {"source": "shop", "external_id": "42", "evidence": [{"type": "form", "uri": "shop:form/7"}]}
    good = a_yes(method="API", notice_version=version.text_sha256) | row
    items: list[Any] = [
        good,
        good | {"channel": None, "purpose": "PROFILING", "notice_version": purchases.text_sha256},
        good | {"channel": "SMS", "evidence": []},
        good | {"external_id": "nobody"},
        good | {"occurred_at": "2031-01-01T00:00:00Z", "channel": "POST"},
        good | {"occurred_at": "01/02/2026", "channel": "POST"},
        "nonsense",
    ]

    first = (await shop.post("/v1/consents/batch", json={"items": items})).json()
    second = (await shop.post("/v1/consents/batch", json={"items": items})).json()

    assert [item["status"] for item in first["items"]] == ["created"] * 3 + ["rejected"] * 4
    assert [item["is_proven"] for item in first["items"][:3]] == [True, True, False]
    assert [item["reason"] for item in first["items"][:3]] == [None, None, "UNPROVEN"]
    codes = [item["problem"]["code"] for item in first["items"][3:]]
    assert codes == ["customer-not-found", "bad-time", "invalid", "invalid"]
    assert [item["status"] for item in second["items"]] == ["unchanged"] * 3 + ["rejected"] * 4
    assert first["counts"] == {"created": 3, "rejected": 4}


async def test_a_child_cannot_be_signed_up(session: AsyncSession, client: AsyncClient) -> None:
    """B-19."""
    child = await make_customer(session, birth_on=(clock.now() - timedelta(days=13 * 365)).date())
    await session.commit()

    answer = await client.post(f"/v1/customers/{child.id}/consents", json=a_yes(method="WEB"))

    assert (answer.status_code, answer.json()["code"]) == (409, "minor")
    assert (await client.get(f"/v1/customers/{child.id}/consents")).json()["items"] == []


async def test_notices_are_versioned_and_a_text_never_changes(session: AsyncSession, client: AsyncClient) -> None:
    """C-20."""
    made = (await client.post("/v1/notices", json=NOTICE)).json()
    again = await client.post("/v1/notices", json=NOTICE)
    english = {"language": "en", "text": "You may refuse", "offers_opt_out": True, "version": 1}

    next_one = await client.post(f"/v1/notices/{made['id']}/versions", json=english | {"version": None})
    translated = await client.post(f"/v1/notices/{made['id']}/versions", json=english)
    taken = await client.post(f"/v1/notices/{made['id']}/versions", json=english | {"text": "Something else"})

    assert again.json()["code"] == "notice-code-taken"
    assert (next_one.json()["version"], translated.json()["version"]) == (2, 1)
    assert taken.json()["code"] == "notice-version-taken"
    listed = (await client.get("/v1/notices")).json()["items"][0]
    assert (listed["current_version"]["version"], len(listed["versions"])) == (2, 3)


async def test_the_text_in_force_is_shown_in_the_language_of_the_business(client: AsyncClient) -> None:
    made = (await client.post("/v1/notices", json=NOTICE)).json()
    english = {"language": "en", "text": "You may refuse", "offers_opt_out": True, "version": 1}

    await client.post(f"/v1/notices/{made['id']}/versions", json=english)

    shown = (await client.get(f"/v1/notices/{made['id']}")).json()["current_version"]
    assert (shown["language"], shown["text"]) == ("it", made["current_version"]["text"])


async def test_c_07_a_buyer_is_mailed_about_similar_goods_and_written_to_with_an_assessment(
    session: AsyncSession, client: AsyncClient, customer: Customer
) -> None:
    """Case (a) and D-P1 through the database: purchases, groups, notices and the signed assessment."""
    await make_transaction(session, customer, a_line("shampoo"), at=clock.now() - timedelta(weeks=3))
    await session.execute(text("update categories set similarity_group = 'hair' where code = 'shampoos'"))
    point = (
        await session.execute(
            text("select id from contact_points where kind = 'EMAIL' and customer_id = :id"), {"id": customer.id}
        )
    ).scalar_one()
    await session.commit()
    assert (await cell(client, customer))["reason"] == "NO_BASIS"
    assert (await cell(client, customer, channel="SMS"))["reason"] == "SOFT_OPTIN_EMAIL_ONLY"
    assert (await cell(client, customer, channel="POST"))["reason"] == "LIA_MISSING"

    await make_soft_optin(session, customer.id, point)
    await sign_assessment(session)
    await session.commit()

    assert (await cell(client, customer))["basis"] == "SOFT_OPTIN_130_4"
    assert (await cell(client, customer, channel="POST"))["rule_id"] == "D-P1"
    asked = DECISIONS | {"customer_ids": [str(customer.id), str(NO_ONE)]}
    hair = (await client.post("/v1/contact-decisions", json=asked | {"similarity_group": "hair"})).json()["items"]
    garden = (await client.post("/v1/contact-decisions", json=asked | {"similarity_group": "garden"})).json()["items"]
    used = (await client.post("/v1/contact-decisions", json=asked | {"uses_purchases": True})).json()["items"]
    assert [item["decision"] for item in hair] == ["ALLOW", "DENY"]
    assert [item["reason"] for item in hair] == [None, "ERASED"]
    assert garden[0]["reason"] == "NOT_SIMILAR"
    assert used[0]["reason"] == "NO_PROFILING"


async def test_c_07_a_product_of_another_group_does_not_count_for_its_category(
    session: AsyncSession, client: AsyncClient, customer: Customer
) -> None:
    """C-07: a product's own group wins over its category's."""
    await make_transaction(session, customer, a_line("dryer", category="hair"), at=clock.now() - timedelta(weeks=3))
    await session.execute(text("update categories set similarity_group = 'hair' where code = 'hair'"))
    await session.execute(text("update products set similarity_group = 'appliances' where sku = 'dryer'"))
    point = (
        await session.execute(
            text("select id from contact_points where kind = 'EMAIL' and customer_id = :id"), {"id": customer.id}
        )
    ).scalar_one()
    await make_soft_optin(session, customer.id, point)
    await session.commit()
    asked = DECISIONS | {"customer_ids": [str(customer.id)]}

    hair = (await client.post("/v1/contact-decisions", json=asked | {"similarity_group": "hair"})).json()["items"]
    home = (await client.post("/v1/contact-decisions", json=asked | {"similarity_group": "appliances"})).json()["items"]

    assert hair[0]["reason"] == "NOT_SIMILAR"
    assert home[0]["decision"] == "ALLOW"


async def test_the_matrix_of_a_past_day_shows_what_held_then(
    session: AsyncSession, client: AsyncClient, customer: Customer
) -> None:
    await session.execute(text("update contact_points set valid_from = '2026-01-01'"))
    await make_consent(session, customer.id, at=datetime(2026, 3, 1, tzinfo=UTC))
    await client.post(f"/v1/customers/{customer.id}/objections", json=OBJECTION)
    await session.commit()

    assert (await cell(client, customer, at="2026-04-01T00:00:00Z"))["verdict"] == "ALLOW"
    assert (await cell(client, customer))["reason"] == "OBJECTED"


async def test_the_assessment_is_kept_with_its_date(client: AsyncClient) -> None:
    assert (await client.get("/v1/assessments/LIA_POST")).json()["code"] == "assessment-not-found"

    await client.put("/v1/assessments/LIA_POST", json={"signed_on": "2026-01-01", "approver": "Anna"})
    await client.put("/v1/assessments/LIA_POST", json={"signed_on": "2026-10-01", "approver": "Bea"})

    assert (await client.get("/v1/assessments/LIA_POST")).json()["approver"] == "Bea"
