"""The playground: any question about one person at any moment, with every gate told; and the matrix of the card."""

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Action, Channel, Method, Purpose, TemplateClass
from ritorno.customers.models import ContactPoint, Customer
from ritorno.kit.config import Settings
from tests.conftest import TokenClient
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer
from tests.factories.messaging import SERVICE_MJML, make_template

ROUTE = "/v1/contact-decisions/explanations"


@pytest.fixture
async def anna(session: AsyncSession) -> Customer:
    customer = await make_customer(session, email="anna@example.it", phone="+393331234567")
    await session.execute(
        update(ContactPoint)
        .where(ContactPoint.customer_id == customer.id)
        .values(valid_from=datetime(2026, 1, 1, tzinfo=UTC))
    )
    await make_consent(session, customer.id, at=datetime(2026, 3, 1, tzinfo=UTC))
    await make_consent(session, customer.id, action=Action.WITHDRAW, at=datetime(2026, 6, 1, tzinfo=UTC))
    await session.commit()
    return customer


async def explained(client: AsyncClient, customer: Customer, language: str = "it", **asked: Any) -> dict[str, Any]:
    body = {"customer_id": str(customer.id), "purpose": "MKT_OWN", "channel": "EMAIL"} | asked
    answer = await client.post(ROUTE, json=body, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_playground_tells_every_gate_of_any_moment(client: AsyncClient, anna: Customer) -> None:
    now = await explained(client, anna)
    then = await explained(client, anna, language="en", at="2026-04-01T10:00:00Z")

    assert (now["decision"]["verdict"], now["decision"]["reason"]) == ("DENY", "WITHDRAWN")
    assert now["decision"]["sentence"] == "Ha ritirato il consenso il 1 giugno 2026"
    denied = [step for step in now["steps"] if step["passage"] == "denied"]
    assert [(step["gate"], step["rule_id"], step["reason"]) for step in denied] == [("G10", "G10", "WITHDRAWN")]
    assert denied[0]["evidence"][0]["kind"] == "consent"
    assert [step["gate"] for step in now["steps"]][:3] == ["G1", "G2", "G3"]
    assert (then["decision"]["verdict"], then["country"]) == ("ALLOW", "IT")
    basis = next(step for step in then["steps"] if step["gate"] == "G12")
    assert (basis["basis"], basis["sentence"]) == ("CONSENT_6_1_A", "Gave consent on 1 March 2026")


async def test_the_playground_takes_a_template_as_it_is(
    session: AsyncSession, settings: Settings, client: AsyncClient, anna: Customer
) -> None:
    """D-S6: its class, its lint and what it is about go into the question."""
    body = SERVICE_MJML.replace("il suo ordine", "con il 20% di sconto il suo ordine")
    template = await make_template(session, settings, template_class=TemplateClass.SERVICE, body=body)
    await session.commit()

    found = await explained(client, anna, purpose="SERVICE", template_id=str(template.id))

    assert (found["decision"]["reason"], found["decision"]["rule_id"]) == ("PROMO_IN_SERVICE", "D-S6")


async def test_a_survey_that_calls_itself_service_is_told_to_be_research(client: AsyncClient, anna: Customer) -> None:
    found = await explained(client, anna, purpose="SERVICE", service_kind="SURVEY")

    assert (found["purpose"], found["decision"]["verdict"]) == ("MARKET_RESEARCH", "DENY")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"channel": None}, 422),
        ({"template_id": str(uuid4())}, 404),
        ({"customer_id": str(uuid4())}, 404),
        ({"colour": "red"}, 422),
    ],
)
async def test_a_question_that_makes_no_sense_is_refused(
    client: AsyncClient, anna: Customer, body: dict[str, Any], status: int
) -> None:
    asked = {"customer_id": str(anna.id), "purpose": "MKT_OWN", "channel": "EMAIL"} | body

    assert (await client.post(ROUTE, json=asked)).status_code == status


async def test_the_playground_is_for_those_who_read_consents(
    anonymous: AsyncClient, token_client: TokenClient, anna: Customer
) -> None:
    body = {"customer_id": str(anna.id), "purpose": "SERVICE", "channel": "EMAIL"}

    assert (await anonymous.post(ROUTE, json=body)).status_code == 401
    assert (await (await token_client(["customers:read"])).post(ROUTE, json=body)).status_code == 403
    assert (await (await token_client(["consents:read"])).post(ROUTE, json=body)).status_code == 200


async def test_the_matrix_shows_rare_channels_where_they_were_used_and_each_named_third_party(
    session: AsyncSession, client: AsyncClient, anna: Customer
) -> None:
    async def rows() -> dict[str, list[dict[str, Any]]]:
        answer = (await client.get(f"/v1/customers/{anna.id}/permissions")).json()
        return {row["purpose"]: row["cells"] for row in answer["rows"]}

    plain = await rows()
    assert [cell["channel"] for cell in plain["MKT_OWN"]] == ["EMAIL", "SMS", "PHONE_OPERATOR", "POST"]
    assert set(plain) == set(Purpose) - {Purpose.STATS_AGG}
    assert [cell["recipient_id"] for cell in plain["THIRD_PARTY"]] == [None]

    await make_consent(session, anna.id, channel=Channel.WHATSAPP, method=Method.POS_PAPER)
    await session.commit()
    assert [cell["channel"] for cell in (await rows())["SERVICE"]][-1] == "WHATSAPP"
    refused = plain["MKT_OWN"][0]
    assert (refused["rule_id"], refused["basis"], refused["remedy"]) == (
        "G10",
        "NONE",
        "Solo un suo nuovo sì, con prova",
    )
    assert {"kind", "id", "at", "label"} == set(refused["evidence"][0])
