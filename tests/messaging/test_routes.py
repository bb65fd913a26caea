"""Templates, senders and messages over HTTP."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Reason, TemplateClass
from ritorno.identity.rules import Role
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message, Sender
from tests.conftest import ClientAs, TokenClient
from tests.factories.customers import make_customer
from tests.factories.messaging import MJML, SERVICE_MJML, allow, make_business, make_plan, make_template

NOBODY = UUID(int=7)

PATHS = [
    ("GET", "/v1/templates"),
    ("GET", "/v1/template-variables"),
    ("GET", "/v1/senders"),
    ("GET", "/v1/messages"),
    ("GET", "/v1/messages/counts"),
    ("GET", f"/v1/messages/{NOBODY}"),
    ("POST", "/v1/templates"),
    ("PATCH", f"/v1/templates/{NOBODY}"),
    ("PATCH", f"/v1/senders/{NOBODY}"),
    ("PUT", f"/v1/senders/{NOBODY}/warm-up"),
    ("DELETE", f"/v1/senders/{NOBODY}/warm-up"),
    ("PUT", f"/v1/messages/{NOBODY}/resolution"),
    ("POST", f"/v1/customers/{NOBODY}/messages"),
]


@pytest.mark.parametrize(("method", "path"), PATHS)
async def test_messages_are_not_for_everybody(
    anonymous: AsyncClient, token_client: TokenClient, method: str, path: str
) -> None:
    stranger = await token_client(["stores:read"])

    unsigned = await anonymous.request(method, path)
    unscoped = await stranger.request(method, path, json={})

    assert (unsigned.status_code, unscoped.status_code) == (401, 403)


async def test_a_cashier_reads_no_message(client_as: ClientAs) -> None:
    cashier = await client_as(Role.CASHIER)

    assert (await cashier.get("/v1/messages")).status_code == 403


def _template(**changes: object) -> dict[str, object]:
    return {
        "name": "Promemoria",
        "channel": "EMAIL",
        "template_class": "MARKETING",
        "purpose": "MKT_OWN",
        "texts": [{"language": "it", "subject": "La aspettiamo", "body": MJML}],
        **changes,
    }


async def test_a_template_is_kept_edited_by_version_and_listed(client: AsyncClient) -> None:
    created = await client.post("/v1/templates", json=_template())
    where = created.headers["Location"]
    unversioned = await client.patch(where, json={"name": "Altro"})
    edited = await client.patch(where, json={"name": "Altro"}, headers={"If-Match": created.headers["ETag"]})
    stale = await client.patch(where, json={"name": "Terzo"}, headers={"If-Match": created.headers["ETag"]})
    listed = await client.get("/v1/templates", params={"limit": 100})

    assert (created.status_code, created.json()["status"], created.json()["problems"]) == (201, "ready", [])
    assert "unsubscribe_url" in created.json()["variables"]
    assert (unversioned.status_code, edited.status_code, stale.status_code) == (428, 200, 412)
    assert edited.json()["texts"] == created.json()["texts"]
    assert "Altro" in [item["name"] for item in listed.json()["items"]]


async def test_a_template_with_something_wrong_is_kept_as_a_draft_and_says_what(client: AsyncClient) -> None:
    text = {"language": "it", "subject": "Ciao", "body": SERVICE_MJML.replace("è pronto", "è pronto, sconto 10%")}

    answer = await client.post(
        "/v1/templates", json=_template(template_class="SERVICE", purpose="SERVICE", texts=[text])
    )

    assert answer.json()["status"] == "draft"
    assert answer.json()["problems"][0] | {"message": "", "line": 0} == {
        "code": "PROMO_IN_SERVICE",
        "severity": "error",
        "language": "it",
        "message": "",
        "line": 0,
    }


async def test_unknown_fields_and_two_texts_of_one_language_are_refused(client: AsyncClient) -> None:
    twice = [{"language": "it", "subject": "x", "body": MJML}] * 2

    assert (await client.post("/v1/templates", json=_template(tenant_id=1))).status_code == 422
    assert (await client.post("/v1/templates", json=_template(texts=twice))).status_code == 422


async def test_a_preview_shows_a_real_person_and_names_what_is_missing(
    client: AsyncClient, session: AsyncSession
) -> None:
    await make_business(session)
    known = await make_customer(session, given_name="<b>Ada</b>")
    nameless = await make_customer(session, given_name=None, family_name=None)
    await session.commit()
    body = MJML.replace(" | default: 'cliente'", "")
    asked = {**_template(texts=[{"language": "it", "subject": "Ciao", "body": body}]), "language": "it"}
    del asked["name"]

    seen = (await client.post("/v1/templates/previews", json={**asked, "customer_id": str(known.id)})).json()
    lacking = (await client.post("/v1/templates/previews", json={**asked, "customer_id": str(nameless.id)})).json()

    assert "&lt;b&gt;Ada&lt;/b&gt;" in seen["html"]
    assert "Bottega Caffè, Via Roma 1" in seen["text"]
    assert seen["missing"] == []
    assert lacking["missing"] == ["customer.given_name"]
    assert "[customer.given_name]" in lacking["text"]


async def test_a_sender_says_whether_it_is_fit_to_write(client: AsyncClient, session: AsyncSession) -> None:
    await make_business(session)
    await session.commit()

    senders = (await client.get("/v1/senders")).json()["items"]
    mail = next(each for each in senders if (each["channel"], each["stream"]) == ("EMAIL", "MARKETING"))
    broken = await client.patch(f"/v1/senders/{mail['id']}", json={"address": "nowhere"})

    assert mail["is_ready"]
    assert len({each["address"] for each in senders if each["channel"] == "EMAIL"}) == 2
    assert not broken.json()["is_ready"]
    assert [check["code"] for check in broken.json()["readiness"] if not check["ok"]] == ["ADDRESS_VALID"]


async def test_e_18_a_young_domain_is_made_known_from_the_day_somebody_says_so(
    client: AsyncClient, session: AsyncSession
) -> None:
    await make_business(session)
    await session.commit()
    senders = {(each["channel"], each["stream"]): each for each in (await client.get("/v1/senders")).json()["items"]}
    mail, sms = senders["EMAIL", "MARKETING"]["id"], senders["SMS", "MARKETING"]["id"]

    begun = await client.put(f"/v1/senders/{mail}/warm-up")
    again = await client.put(f"/v1/senders/{mail}/warm-up")
    refused = await client.put(f"/v1/senders/{sms}/warm-up")
    known = select(Sender.warmup_started_on, Sender.warmup_allowance).where(Sender.id == UUID(mail))
    during = (await session.execute(known)).one()
    ended = await client.delete(f"/v1/senders/{mail}/warm-up")
    after = (await session.execute(known)).one()

    assert (begun.status_code, again.status_code, refused.status_code, ended.status_code) == (200, 200, 422, 204)
    assert (during.warmup_started_on is not None, during.warmup_allowance) == (True, 50)
    assert after.warmup_started_on is None


async def test_messages_are_listed_counted_and_told_in_words(
    client: AsyncClient, session: AsyncSession, settings: Settings
) -> None:
    await make_business(session)
    template = await make_template(session, settings, subject="Ciao {{ customer.given_name | default: '' }}")
    people = [await make_customer(session, given_name="Ada", email=f"p{number}@shop.example") for number in range(3)]
    touch_id = uuid4()
    await make_plan(session, template, [people[0].id, people[1].id], touch_id=touch_id)
    await make_plan(session, template, [people[2].id], touch_id=touch_id, skip=Reason.ARBITRATED)
    await session.commit()

    first = (await client.get("/v1/messages", params={"touch_id": str(touch_id), "limit": 2})).json()
    rest = (await client.get("/v1/messages", params={"touch_id": str(touch_id), "cursor": first["next_cursor"]})).json()
    skipped = (await client.get("/v1/messages", params={"status": "skipped", "touch_id": str(touch_id)})).json()
    today = (await client.get("/v1/messages", params={"day": clock.today("Europe/Rome").isoformat()})).json()
    counts = (await client.get("/v1/messages/counts", params={"touch_id": str(touch_id)})).json()
    wrong = await client.get("/v1/messages", params={"colour": "red"})

    assert (first["total"], len(first["items"]), len(rest["items"])) == (3, 2, 1)
    assert {item["subject"] for item in [*first["items"], *rest["items"]]} == {"Ciao Ada", None}
    assert skipped["items"][0]["reason"] == "ARBITRATED"
    assert skipped["items"][0]["reason_sentence"]
    assert today["total"] >= 3
    assert counts["by_status"] == {"queued": 2, "skipped": 1}
    assert wrong.status_code == 422


async def test_a_message_is_shown_as_its_reader_sees_it(
    client: AsyncClient, session: AsyncSession, settings: Settings
) -> None:
    await make_business(session)
    template = await make_template(session, settings)
    anna = await make_customer(session, given_name="Anna", email="anna@shop.example")
    await make_plan(session, template, [anna.id], touch_id=uuid4())
    await session.commit()
    message_id = (await session.scalars(select(Message.id).where(Message.customer_id == anna.id))).one()

    shown = (await client.get(f"/v1/messages/{message_id}")).json()

    headers = dict(shown["headers"])
    assert "Gentile Anna, la aspettiamo." in shown["html"]
    assert shown["unsubscribe_url"].startswith("http://testserver/u/v1.")
    assert shown["unsubscribe_url"] in shown["text"]
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["To"] == shown["to"] == "anna@shop.example"
    assert shown["decision"]["verdict"] == "ALLOW"
    assert [event["status"] for event in shown["history"]] == ["queued"]
    assert shown["captured"] is False


async def test_a_refused_message_says_why_and_an_allowed_one_can_be_repeated_safely(
    client: AsyncClient, session: AsyncSession, settings: Settings
) -> None:
    await make_business(session)
    marketing = await make_template(session, settings)
    service = await make_template(session, settings, template_class=TemplateClass.SERVICE)
    anna = await make_customer(session, email="anna@shop.example")
    await session.commit()
    path, key = f"/v1/customers/{anna.id}/messages", {"Idempotency-Key": str(uuid4())}

    refused = await client.post(path, json={"template_id": str(marketing.id), "channel": "EMAIL"})
    body = {"template_id": str(service.id), "channel": "EMAIL"}
    sent, again = [await client.post(path, json=body, headers=key) for _ in range(2)]
    mismatched = await client.post(path, json={"template_id": str(service.id), "channel": "SMS"})

    assert (refused.status_code, refused.json()["code"]) == (409, "contact-refused")
    assert refused.json()["reason"]
    assert refused.json()["family"] == "not_asked"
    assert (sent.status_code, again.status_code) == (202, 202)
    assert sent.json()["id"] == again.json()["id"]
    assert mismatched.status_code == 422


async def test_only_a_message_in_doubt_can_be_resolved(
    client: AsyncClient, session: AsyncSession, settings: Settings
) -> None:
    await make_business(session)
    template = await make_template(session, settings)
    anna = await make_customer(session, email="anna@shop.example")
    await make_plan(session, template, [anna.id], touch_id=uuid4(), decision=allow())
    message = (await session.scalars(select(Message).where(Message.customer_id == anna.id))).one()
    await session.commit()
    path = f"/v1/messages/{message.id}/resolution"

    early = await client.put(path, json={"outcome": "received"})
    message.status, message.sent_at = "unknown", clock.now() - timedelta(hours=1)
    await session.commit()
    settled = await client.put(path, json={"outcome": "received"})

    assert (early.status_code, early.json()["code"]) == (409, "message-not-in-doubt")
    assert settled.json()["status"] == "delivered"
