"""Texts that are not what they call themselves: the lint, a person's word on it, and what a recall must say."""

from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry, Task
from ritorno.consents.rules import Channel, Purpose, Reason, ServiceKind, TemplateClass
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.messaging import service
from ritorno.messaging.models import Message
from ritorno.messaging.planning import Candidate, Plan
from ritorno.messaging.rules import recall_faults
from tests.consents.asking import SERVICE, answer
from tests.factories.customers import make_customer
from tests.factories.messaging import MJML, SERVICE_MJML, make_business, make_template

ACTOR = Actor.system("tests")
SELLING = SERVICE_MJML.replace("è pronto", "è pronto, sconto 10%")


async def _create(client: AsyncClient, body: str, **more: Any) -> Any:
    text = {"language": "it", "subject": "Il suo ordine", "body": body}
    kind = {"channel": "EMAIL", "template_class": "SERVICE", "purpose": "SERVICE"}
    return await client.post("/v1/templates", json={"name": "Ordine", "texts": [text]} | kind | more)


async def test_d_05_a_person_may_say_that_a_service_text_sells_and_then_it_is_marketing(
    session: AsyncSession, client: AsyncClient
) -> None:
    """The word is logged, and the text owes from now on what every marketing text owes (D-06)."""
    created = await _create(client, SELLING)
    where = f"{created.headers['Location']}/reclassifications"
    assert (created.json()["status"], created.json()["problems"][0]["code"]) == ("draft", "PROMO_IN_SERVICE")

    unversioned = await client.post(where)
    told = await client.post(where, headers={"If-Match": created.headers["ETag"]})

    assert unversioned.status_code == 428
    found = told.json()
    assert (found["template_class"], found["purpose"], found["version"]) == ("MARKETING", "MKT_OWN", 2)
    assert {problem["code"] for problem in found["problems"]} == {
        "OPT_OUT_MISSING",
        "IDENTITY_MISSING",
        "WHY_MISSING",
        "RIGHTS_CONTACT_MISSING",
    }
    logged = await session.scalar(select(AuditEntry).where(AuditEntry.action == "template.reclassified"))
    assert logged is not None
    assert logged.subject_id == UUID(created.json()["id"])
    assert (logged.details["from"], logged.details["is_promotional"]) == ("SERVICE", True)


async def test_d_05_a_reclassified_text_with_everything_it_owes_is_ready(client: AsyncClient) -> None:
    created = await _create(client, MJML.replace("la aspettiamo", "la aspettiamo: sconto 10%"))
    told = await client.post(
        f"{created.headers['Location']}/reclassifications", headers={"If-Match": created.headers["ETag"]}
    )

    assert (created.json()["status"], told.json()["status"]) == ("draft", "ready")


async def test_d_s7_a_survey_kept_as_service_is_research(session: AsyncSession, client: AsyncClient) -> None:
    created = (await _create(client, SERVICE_MJML, service_kind="SURVEY")).json()

    assert (created["purpose"], created["service_kind"]) == ("MARKET_RESEARCH", "SURVEY")


@pytest.mark.parametrize(
    ("headline", "text", "codes"),
    [
        ("Richiamo per la sicurezza del prodotto", "Smetta di usarlo.", set()),
        ("Product safety recall: kettle X", "Stop using it now.", set()),
        ("Una notizia sul suo bollitore", "Smetta di usarlo.", {"RECALL_HEADLINE"}),
        ("Product safety recall", "A voluntary measure, purely precautionary.", {"RECALL_SOFTENED"}),
        ("Richiamo di sicurezza", "A titolo precauzionale la invitiamo…", {"RECALL_SOFTENED"}),
    ],
)
def test_d_s3_a_recall_says_what_it_is_and_never_plays_it_down(headline: str, text: str, codes: set[str]) -> None:
    assert {code for code, _ in recall_faults(headline, text)} == codes


async def test_d_s3_a_recall_without_its_headline_stays_a_draft(client: AsyncClient) -> None:
    vague = (await _create(client, SERVICE_MJML, purpose="LEGAL_SAFETY")).json()

    assert (vague["status"], vague["problems"][0]["code"]) == ("draft", "RECALL_HEADLINE")


async def test_d_case_e_a_restricted_persons_notice_is_refused_and_handed_to_staff(
    session: AsyncSession, settings: Settings
) -> None:
    """G4, G6: what is owed and cannot be written becomes somebody's task, once."""
    await make_business(session)
    template = await make_template(session, settings, template_class=TemplateClass.SERVICE)
    anna = await make_customer(session, email="anna@example.it", restricted_at=clock.now())
    decision = await answer(session, anna, SERVICE)
    plan = Plan(None, template.id, Channel.EMAIL, Purpose.SERVICE, clock.now())

    for occasion in ("first", "second"):
        await service.plan_messages(session, plan, [Candidate(anna.id, decision, None, occasion=occasion)])

    assert decision.reason is Reason.RESTRICTED
    messages = (await session.scalars(select(Message).where(Message.customer_id == anna.id))).all()
    assert {(message.status, message.reason) for message in messages} == {("skipped", "RESTRICTED")}
    tasks = (await session.scalars(select(Task).where(Task.subject_id == anna.id))).all()
    assert [(task.kind, task.details) for task in tasks] == [("service_restricted", {})]


async def test_what_a_message_is_about_travels_with_it_to_the_hand_off(
    session: AsyncSession, settings: Settings
) -> None:
    """D-S9: an answer about one's own data leaves even though the card is restricted, and again at the hand-off."""
    await make_business(session)
    template = await make_template(session, settings, template_class=TemplateClass.SERVICE)
    template.service_kind = ServiceKind.RIGHTS
    anna = await make_customer(session, email="anna@example.it", restricted_at=clock.now())

    message = await service.write_to_customer(
        session, customer_id=anna.id, template_id=template.id, channel=Channel.EMAIL, actor=ACTOR
    )
    stopped = await service.stop_queued(session, [anna.id])

    assert (message.service_kind, stopped) == (ServiceKind.RIGHTS, 0)
    assert message.decision is not None
    assert (message.decision["rule_id"], message.decision["basis"]) == ("D-S9", "LEGAL_OBL_6_1_C")
