"""Forms over HTTP: drafted freely, published only if they ask freely, filled in at the counter, never changed."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno import first_start
from ritorno.consents import form_queries, hashing
from ritorno.consents.rules import Ask, Channel, Purpose, Reason, Verdict
from ritorno.customers.models import Customer
from ritorno.identity.rules import Role
from ritorno.kit import clock
from ritorno.kit.config import Settings
from tests.conftest import ClientAs
from tests.consents.asking import answer, events_of
from tests.factories.consents import RECIPIENT, SCAN, make_notice_version
from tests.factories.customers import make_customer

SMS = Ask(Purpose.MKT_OWN, Channel.SMS)


@pytest.fixture
async def customer(session: AsyncSession, settings: Settings) -> Customer:
    hashing.set_peppers(settings)
    customer = await make_customer(session, email="a@example.it", phone="+393331234567")
    await session.commit()
    return customer


async def name_of(session: AsyncSession, purpose: Purpose = Purpose.MKT_OWN, **more: Any) -> str:
    """Make a notice and return its `code@version`."""
    version = await make_notice_version(session, purpose=purpose, **more)
    code = await session.scalar(text("select code from notices where id = :id"), {"id": version.notice_id})
    await session.commit()
    return f"{code}@{version.version}"


def a_form(*boxes: dict[str, Any], code: str = "counter") -> dict[str, Any]:
    texts = {"it": {"title": "Restiamo in contatto?"}}
    return {"code": code, "name": "Modulo", "medium": "paper", "texts": texts, "boxes": list(boxes)}


def a_box(notice: str, **more: Any) -> dict[str, Any]:
    return {"name": "offers", "notice": notice, "purposes": ["MKT_OWN"], "channels": ["EMAIL", "SMS"]} | more


async def publish(client: AsyncClient, *boxes: dict[str, Any]) -> str:
    """Publish a form with these boxes and return the id of its version."""
    made = (await client.post("/v1/consent-forms", json=a_form(*boxes))).json()
    done = await client.post(f"/v1/consent-forms/{made['id']}/publications")
    assert done.status_code == 201, done.json()
    version_id: str = done.json()["published"]["id"]
    return version_id


async def test_b_10_a_form_that_bundles_and_ticks_beforehand_is_refused_with_its_places(
    session: AsyncSession, client: AsyncClient
) -> None:
    """C-05: one box for two purposes is BUNDLED_CONSENT, and the draft says so before anybody publishes it."""
    notice = await name_of(session)
    bad = a_box(notice, purposes=["MKT_OWN", "PROFILING"], is_preticked=True, is_required=True)

    made = await client.post("/v1/consent-forms", json=a_form(bad))
    refused = await client.post(f"{made.headers['Location']}/publications")

    named = [("boxes.0.purposes", "BUNDLED_CONSENT"), ("boxes.0.is_preticked", "PRETICKED")]
    named.append(("boxes.0.is_required", "MADE_A_CONDITION"))
    assert [(each["path"], each["code"]) for each in made.json()["draft"]["faults"]] == named
    assert (refused.status_code, refused.json()["code"]) == (422, "consent-form-refused")
    assert [(each["path"], each["code"]) for each in refused.json()["errors"]] == named


async def test_c_05_a_text_that_a_newer_one_replaced_is_no_longer_published(
    session: AsyncSession, client: AsyncClient
) -> None:
    version = await make_notice_version(session)
    code = await session.scalar(text("select code from notices where id = :id"), {"id": version.notice_id})
    await session.commit()
    newer = {"language": "it", "text": "Parole nuove", "offers_opt_out": True}
    await client.post(f"/v1/notices/{version.notice_id}/versions", json=newer)

    made = (await client.post("/v1/consent-forms", json=a_form(a_box(f"{code}@1")))).json()

    assert [each["code"] for each in made["draft"]["faults"]] == ["NOTICE_NOT_IN_FORCE"]
    assert (await client.patch(f"/v1/consent-forms/{made['id']}", json={"boxes": [a_box(f"{code}@2")]})).json()[
        "draft"
    ]["faults"] == []


async def test_a_published_form_never_changes_and_a_change_begins_the_next_version(
    session: AsyncSession, client: AsyncClient
) -> None:
    await publish(client, a_box(await name_of(session)))
    form = (await client.get("/v1/consent-forms")).json()["items"][0]
    where = f"/v1/consent-forms/{form['id']}"

    again = await client.post(f"{where}/publications")
    changed = (await client.patch(where, json={"name": "Modulo nuovo"})).json()

    assert again.json()["code"] == "consent-form-has-no-draft"
    assert [(each["version"], each["name"]) for each in changed["versions"]] == [(2, "Modulo nuovo"), (1, "Modulo")]
    assert changed["published"]["published_by"] == "owner"
    with pytest.raises(DBAPIError, match="append-only"):
        await session.execute(text("update consent_form_versions set name = 'x' where published_at is not null"))


async def test_c_13_a_signed_form_is_recorded_at_once_with_its_scan(
    session: AsyncSession, client: AsyncClient, client_as: ClientAs, customer: Customer
) -> None:
    purchases = await name_of(session, Purpose.PROFILING)
    florist = await name_of(session, Purpose.THIRD_PARTY)
    form = await publish(
        client,
        a_box(await name_of(session)),
        a_box(purchases, name="purchases", purposes=["PROFILING"], channels=[]),
        a_box(florist, name="florist", purposes=["THIRD_PARTY"], channels=[]),
    )
    cashier = await client_as(Role.CASHIER)
    filled = {
        "form_version_id": form,
        "choices": {"offers": "yes", "purchases": "no", "florist": "blank"},
        "signed_on": clock.today("Europe/Rome").isoformat(),
        "method": "POS_PAPER",
        "evidence_sha256": SCAN["sha256"],
        "store": "centro",
    }

    made = await cashier.post(f"/v1/customers/{customer.id}/filled-forms", json=filled)

    assert (made.status_code, made.json()["refused"]) == (201, [])
    assert [(each["action"], each["purpose"], each["channel"], each["is_proven"]) for each in made.json()["items"]] == [
        ("GRANT", "MKT_OWN", "EMAIL", True),
        ("GRANT", "MKT_OWN", "SMS", True),
        ("DENY", "PROFILING", None, True),
    ]
    first = made.json()["items"][0]
    assert [(each["type"], each["is_held"]) for each in first["evidence"]] == [("scan", True), ("form", False)]
    assert (first["source"], first["notice"]["text"][:11]) == ("centro", "Informativa")
    assert (await answer(session, customer, SMS)).verdict is Verdict.ALLOW


async def test_a_form_with_an_unknown_box_or_scan_or_only_drafted_records_nothing(
    session: AsyncSession, client: AsyncClient, customer: Customer
) -> None:
    notice = await name_of(session)
    form = await publish(client, a_box(notice))
    draft = (await client.post("/v1/consent-forms", json=a_form(a_box(notice), code="other"))).json()["draft"]["id"]
    good = {
        "form_version_id": form,
        "choices": {"offers": "yes"},
        "signed_on": "2026-11-01",
        "method": "POS_PAPER",
        "evidence_sha256": SCAN["sha256"],
    }
    where = f"/v1/customers/{customer.id}/filled-forms"

    codes = [
        (await client.post(where, json=good | change)).json()["code"]
        for change in (
            {"choices": {"nowhere": "yes"}},
            {"evidence_sha256": "0" * 64},
            {"form_version_id": draft},
            {"form_version_id": str(customer.id)},
        )
    ]

    assert codes == ["invalid", "evidence-not-found", "consent-form-not-published", "consent-form-not-found"]
    assert await events_of(session, customer) == []


async def test_a_form_of_an_earlier_day_outlives_no_word_of_that_day(
    session: AsyncSession, client: AsyncClient, customer: Customer
) -> None:
    """C-10: only the date is on the paper, so on that day a no counts more, whenever it was said."""
    form = await publish(client, a_box(await name_of(session)))
    withdrawn = {"purpose": "MKT_OWN", "channel": "EMAIL", "method": "ORAL", "occurred_at": "2026-11-02T08:00:00+01:00"}
    await client.post(f"/v1/customers/{customer.id}/withdrawals", json=withdrawn)
    filled = {"form_version_id": form, "choices": {"offers": "yes"}, "signed_on": "2026-11-02", "method": "POS_PAPER"}

    await client.post(f"/v1/customers/{customer.id}/filled-forms", json=filled | {"evidence_sha256": SCAN["sha256"]})

    assert (await answer(session, customer)).reason is Reason.WITHDRAWN
    assert (await answer(session, customer, SMS)).verdict is Verdict.ALLOW


async def test_one_box_that_may_not_stand_does_not_spoil_the_others(
    session: AsyncSession, client: AsyncClient, client_as: ClientAs, customer: Customer
) -> None:
    form = await publish(client, a_box(await name_of(session)))
    objection = {"scope": "channel", "channel": "EMAIL", "received_on": "2026-11-01", "method": "ORAL"}
    await client.post(f"/v1/customers/{customer.id}/objections", json=objection)
    filled = {"form_version_id": form, "choices": {"offers": "yes"}, "signed_on": "2026-11-20", "method": "POS_PAPER"}

    made = await client.post(
        f"/v1/customers/{customer.id}/filled-forms", json=filled | {"evidence_sha256": SCAN["sha256"]}
    )

    assert [(each["channel"], each["problem"]["code"]) for each in made.json()["refused"]] == [
        ("EMAIL", "objection-stands")
    ]
    assert [each["channel"] for each in made.json()["items"]] == ["SMS"]


async def test_forms_are_read_by_many_and_published_by_few(
    session: AsyncSession, client_as: ClientAs, anonymous: AsyncClient
) -> None:
    form = a_form(a_box(await name_of(session)))
    cashier, analyst, officer = [await client_as(role) for role in (Role.CASHIER, Role.ANALYST, Role.PRIVACY_OFFICER)]

    reads = [(await each.get("/v1/consent-forms")).status_code for each in (anonymous, analyst, cashier)]
    writes = [(await each.post("/v1/consent-forms", json=form)).status_code for each in (anonymous, cashier, officer)]

    assert (reads, writes) == ([401, 403, 200], [401, 403, 201])
    assert (await officer.post("/v1/consent-forms", json=form)).json()["code"] == "consent-form-code-taken"


async def test_c_19_a_notice_about_third_parties_names_one_and_what_it_sells(client: AsyncClient) -> None:
    notice = {"code": "partners", "name": "Partner", "purpose": "THIRD_PARTY", "language": "it", "offers_opt_out": True}
    notice |= {"text": "Acconsento che i miei dati siano dati ai nostri partner."}

    nobody = await client.post("/v1/notices", json=notice)
    half = await client.post("/v1/notices", json=notice | {"recipient_id": str(RECIPIENT)})
    misplaced = await client.post(
        "/v1/notices",
        json=notice
        | {"purpose": "MKT_OWN", "recipient_id": str(RECIPIENT), "recipient_name": "Fiori", "merchandise": "fiori"},
    )

    assert {each.status_code for each in (nobody, half, misplaced)} == {422}
    assert [each["path"] for each in half.json()["errors"]] == ["recipient_name", "merchandise"]


async def test_a_new_shop_has_a_paper_form_in_two_languages(session: AsyncSession, settings: Settings) -> None:
    """C-02: every purpose the register knows has its text; of what the shop does not do, nobody is asked."""
    await first_start.seed(session, settings, notices_since=datetime(2026, 1, 1, tzinfo=UTC))
    await first_start.seed(session, settings)

    [form] = await form_queries.list_forms(session, at=clock.now() + timedelta(seconds=1))
    assert form.published is not None
    assert (form.code, form.published.medium, set(form.published.texts)) == ("welcome", "paper", {"it", "en"})
    assert [each.purposes for each in form.published.boxes] == [[Purpose.MKT_OWN]] * 4 + [[Purpose.PROFILING]]
    assert all(set(box.texts) == {"it", "en"} for box in form.published.boxes)
    purposes = await session.scalars(text("select purpose from notices order by purpose"))
    assert list(purposes) == ["MARKET_RESEARCH", "MKT_OWN", "PROFILING", "SERVICE"]
