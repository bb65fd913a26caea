"""Replies over HTTP: a stop counts at once, a doubt is read within a working day, and the words are the person's."""

from datetime import UTC, datetime
from typing import Any

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry, Task
from ritorno.consents import hashing
from ritorno.consents import service as consents
from ritorno.consents.models import Reply
from ritorno.consents.rules import Ask, Channel, Purpose, Reason, Verdict
from ritorno.customers.models import Customer
from ritorno.identity.rules import Role
from ritorno.kit.config import Settings
from tests.conftest import ClientAs
from tests.consents.asking import answer, events_of
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer

SMS = Ask(Purpose.MKT_OWN, Channel.SMS)
FRIDAY = "2026-11-20T17:00:00+01:00"


@pytest.fixture
async def customer(session: AsyncSession, settings: Settings) -> Customer:
    hashing.set_peppers(settings)
    customer = await make_customer(session, email="a@example.it", phone="+393331234567")
    for channel in (Channel.EMAIL, Channel.SMS):
        await make_consent(session, customer.id, channel=channel)
    await session.commit()
    return customer


async def reply(client: AsyncClient, customer: Customer, text: str, channel: str = "SMS") -> Response:
    body = {"channel": channel, "text": text, "received_at": FRIDAY}
    return await client.post(f"/v1/customers/{customer.id}/replies", json=body)


async def tasks_of(session: AsyncSession, customer: Customer) -> list[tuple[Any, ...]]:
    rows = await session.execute(select(Task.kind, Task.state, Task.details).where(Task.subject_id == customer.id))
    return [tuple(row) for row in rows]


async def test_b_37_a_stop_by_sms_closes_sms_at_once_in_the_words_of_the_person(
    session: AsyncSession, client: AsyncClient, customer: Customer
) -> None:
    first = await reply(client, customer, "Stop.")
    second = await reply(client, customer, "STOP!")

    told = first.json()
    assert (first.status_code, told["kind"], told["read_by"]) == (201, "STOP", None)
    [entry] = told["items"]
    assert (entry["action"], entry["party"], entry["method"], entry["channel"]) == (
        "OBJECT", "SUBJECT", "SMS_KEYWORD", "SMS",
    )  # fmt: skip
    assert entry["evidence"][0]["uri"] == f"reply:{told['id']}"
    assert second.json()["items"] == []
    assert (await answer(session, customer, SMS)).reason is Reason.OBJECTED
    assert (await answer(session, customer)).verdict is Verdict.ALLOW
    assert await tasks_of(session, customer) == []


async def test_b_36_what_is_not_clear_is_read_by_monday_and_the_objection_closes_the_task(
    session: AsyncSession, client: AsyncClient, client_as: ClientAs, customer: Customer
) -> None:
    told = (await reply(client, customer, "Non scrivetemi più la sera dopo le nove", "EMAIL")).json()

    assert (told["kind"], told["read_by"], told["items"]) == ("HUMAN", "2026-11-23", [])
    details = {"reply_id": told["id"], "channel": "EMAIL", "due_on": "2026-11-23"}
    assert await tasks_of(session, customer) == [("reply_to_read", "open", details)]
    assert (await answer(session, customer)).verdict is Verdict.ALLOW

    objection = {"scope": "channel", "channel": "EMAIL", "received_on": "2026-11-20", "method": "ORAL"}
    cashier = await client_as(Role.CASHIER)
    await cashier.post(f"/v1/customers/{customer.id}/objections", json=objection)

    assert await tasks_of(session, customer) == [("reply_to_read", "done", details)]
    assert (await answer(session, customer)).reason is Reason.OBJECTED


async def test_b_36_a_whole_sentence_that_says_no_needs_nobody_to_read_it(
    session: AsyncSession, client: AsyncClient, customer: Customer
) -> None:
    told = (await reply(client, customer, "Per favore non scrivetemi più!", "EMAIL")).json()

    assert (told["kind"], told["items"][0]["method"]) == ("STOP", "EMAIL_LINK")
    assert (await answer(session, customer)).reason is Reason.OBJECTED


async def test_a_friendly_reply_changes_nothing_and_its_words_stay_out_of_the_log(
    session: AsyncSession, client: AsyncClient, customer: Customer
) -> None:
    before = len(await events_of(session, customer))

    await reply(client, customer, "Grazie, verrò sabato con Piero")

    listed = (await client.get(f"/v1/customers/{customer.id}/replies")).json()["items"]
    assert [(each["text"], each["kind"]) for each in listed] == [("Grazie, verrò sabato con Piero", "NOTHING")]
    assert len(await events_of(session, customer)) == before
    acts = await session.scalars(select(AuditEntry.details).where(AuditEntry.action == "reply.recorded"))
    assert "Piero" not in str(list(acts))


async def test_a_reply_goes_with_its_person_to_another_card(session: AsyncSession, customer: Customer) -> None:
    other = await make_customer(session, email="b@example.it")
    session.add(
        Reply(
            customer_id=customer.id,
            channel=Channel.SMS,
            text="ciao",
            kind="NOTHING",
            received_at=datetime(2026, 11, 1, tzinfo=UTC),
            recorded_by="tests",
        )
    )
    await session.flush()

    moved = await consents.rehome(session, customer.id, into=other.id)
    assert list(await session.scalars(select(Reply.customer_id))) == [other.id]
    await consents.rehome_back(session, customer.id, out_of=other.id, moved=moved)

    assert list(await session.scalars(select(Reply.customer_id))) == [customer.id]


async def test_who_may_not_record_consents_may_not_record_replies(
    anonymous: AsyncClient, client_as: ClientAs, customer: Customer
) -> None:
    analyst = await client_as(Role.ANALYST)

    assert [(await reply(each, customer, "stop")).status_code for each in (anonymous, analyst)] == [401, 403]
