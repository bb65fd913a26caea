"""What a text does: a clear word at once and answered once, everything else in front of a person (M-05, M-12)."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import Task
from ritorno.consents import hashing
from ritorno.consents import service as consents
from ritorno.consents.models import ConsentState
from ritorno.consents.rules import Ask, Channel, Purpose, Reason, TemplateClass, Verdict
from ritorno.consents.schemas import ReplyCreate
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.rules import ContactKind
from ritorno.inbound import text_person
from ritorno.inbound.text_models import InboundText
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message, Template
from tests.consents.asking import answer, events_of
from tests.factories.consents import make_consent, make_notice_version
from tests.factories.customers import make_contact_point, make_customer
from tests.factories.messaging import make_business, make_plan, make_template, seed_answers
from tests.inbound.calling import ANNA, text, with_provider

SMS = Ask(Purpose.MKT_OWN, Channel.SMS)
LATE = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
"""A Sunday night: nothing that may wait leaves now."""


@pytest.fixture
async def phone(app: FastAPI, anonymous: AsyncClient, session: AsyncSession, settings: Settings) -> AsyncClient:
    """The provider, as it reaches a shop that has its senders and templates."""
    hashing.set_peppers(settings)
    app.state.settings = with_provider(settings)
    await make_business(session)
    await seed_answers(session, settings)
    await session.commit()
    return anonymous


@pytest.fixture
async def anna(session: AsyncSession, phone: AsyncClient) -> Customer:
    """Somebody who agreed to texts on paper."""
    return await make_reader(session)


async def make_reader(session: AsyncSession, phone: str = ANNA, **more: Any) -> Customer:
    customer = await make_customer(session, phone=phone, **more)
    await session.execute(update(ContactPoint).where(ContactPoint.customer_id == customer.id).values(is_mobile=True))
    version = await make_notice_version(session)
    at = datetime(2026, 1, 10, 12, tzinfo=UTC)
    await make_consent(session, customer.id, channel=Channel.SMS, at=at, version=version)
    await session.commit()
    return customer


async def answers_to(session: AsyncSession, customer: Customer) -> list[str | None]:
    rows = await session.execute(
        select(Template.code)
        .join(Message, Message.template_id == Template.id)
        .where(Message.customer_id == customer.id, Message.channel == "SMS", Message.status == "queued")
        .order_by(Message.id)
    )
    return [row[0] for row in rows]


async def remind(session: AsyncSession, settings: Settings, customer: Customer) -> None:
    """Let a text about an appointment have gone out."""
    reminder = await make_template(
        session,
        settings,
        channel=Channel.SMS,
        template_class=TemplateClass.SERVICE,
        body="{{ business.name }}: le ricordiamo l'appuntamento di domani alle 10.",
    )
    await make_plan(session, reminder, [customer.id])
    await session.execute(update(Message).values(status="sent", sent_at=clock.now()))
    await session.commit()


async def kept(session: AsyncSession) -> list[InboundText]:
    found = await session.scalars(
        select(InboundText).order_by(InboundText.id).execution_options(populate_existing=True)
    )
    return list(found)


async def tasks(session: AsyncSession) -> list[str]:
    return list(await session.scalars(select(Task.kind).where(Task.state == "open").order_by(Task.kind)))


@pytest.mark.parametrize("words", ["STOP", "Stop.", "stop grazie", "ARRÊT", "disiscrivimi per favore", "Fermà!"])
async def test_m_05_b_37_a_stop_is_obeyed_and_confirmed_once_also_at_night(
    phone: AsyncClient, session: AsyncSession, anna: Customer, words: str
) -> None:
    with clock.frozen(LATE):
        await text(phone, words, sid="SM1")
        await text(phone, "STOP", sid="SM2")

    assert (await answer(session, anna, SMS)).reason is Reason.OBJECTED
    assert await answers_to(session, anna) == ["sms-stopped"]
    assert [(each.kind, each.handled_as) for each in await kept(session)] == [("STOP", "obeyed")] * 2
    assert await tasks(session) == []


async def test_m_05_where_the_provider_has_answered_nobody_is_told_twice(
    phone: AsyncClient, session: AsyncSession, anna: Customer
) -> None:
    await text(phone, "STOP", OptOutType="STOP")

    assert (await answer(session, anna, SMS)).reason is Reason.OBJECTED
    assert await answers_to(session, anna) == []


@pytest.mark.parametrize("words", ["Fermate tutto", ""])
async def test_m_05_what_the_provider_took_for_a_stop_is_one_whatever_it_says(
    phone: AsyncClient, session: AsyncSession, anna: Customer, words: str
) -> None:
    await text(phone, words, OptOutType="STOP")

    assert (await answer(session, anna, SMS)).reason is Reason.OBJECTED
    assert [(each.kind, each.handled_as) for each in await kept(session)] == [("STOP", "obeyed")]


async def test_m_05_b_21_a_text_that_a_database_would_not_take_is_kept_without_what_it_hides(
    phone: AsyncClient, session: AsyncSession, anna: Customer
) -> None:
    await text(phone, "ST\x00OP\u202e", sid="SM1")
    nothing = await text(phone, "\u200e", sid="SM2")

    assert nothing.status_code == 200
    assert (await answer(session, anna, SMS)).reason is Reason.OBJECTED
    assert [(each.text, each.handled_as) for each in await kept(session)] == [("STOP", "obeyed"), ("", "nothing")]


async def test_m_05_a_stop_that_the_ledger_refuses_keeps_the_number_off_every_list_and_is_read(
    phone: AsyncClient, session: AsyncSession, client: AsyncClient, anna: Customer
) -> None:
    anna.birth_on = date(2999, 1, 1)
    await session.commit()

    told = await text(phone, "STOP")

    assert told.status_code == 200
    assert (Channel.SMS, ANNA) in await consents.suppressed_among(session, [(Channel.SMS, ANNA)])
    assert await tasks(session) == ["text_from_nobody"]
    [listed] = (await client.get("/v1/inbound-texts", params={"is_open": "true"})).json()["items"]
    assert (listed["kind"], listed["text"]) == ("STOP", "STOP")


async def test_m_05_an_answer_that_cannot_be_given_takes_no_objection_back(
    phone: AsyncClient, session: AsyncSession, anna: Customer
) -> None:
    await session.execute(update(Template).values(channel=Channel.EMAIL))
    await session.commit()

    told = await text(phone, "STOP")

    assert told.status_code == 200
    assert (await answer(session, anna, SMS)).reason is Reason.OBJECTED


@pytest.mark.parametrize("words", ["Non-stop party?", "stop ordine", "annulla la prenotazione", "Avete il 42?"])
async def test_m_05_b_37_what_may_mean_something_else_waits_for_a_person(
    phone: AsyncClient, session: AsyncSession, anna: Customer, words: str
) -> None:
    await text(phone, words)

    [text_kept] = await kept(session)
    assert text_kept.handled_at is None
    assert (await answer(session, anna, SMS)).verdict is Verdict.ALLOW
    assert await answers_to(session, anna) == []


async def test_m_05_a_call_for_help_is_answered_once_a_day(
    phone: AsyncClient, session: AsyncSession, anna: Customer
) -> None:
    for number in range(3):
        await text(phone, "AIUTO", sid=f"SM{number}")

    assert await answers_to(session, anna) == ["sms-help"]
    assert (await answer(session, anna, SMS)).verdict is Verdict.ALLOW
    assert {each.handled_as for each in await kept(session)} == {"answered"}


async def test_m_05_a_start_renews_a_yes_whose_words_we_hold(
    phone: AsyncClient, session: AsyncSession, anna: Customer
) -> None:
    await text(phone, "STOP", sid="SM1")
    await text(phone, "START", sid="SM2")

    newest = (await events_of(session, anna))[-1]
    assert (newest.action, newest.method, newest.is_proven) == ("GRANT", "SMS_KEYWORD", True)
    assert newest.notice_version_id is not None
    assert (await answer(session, anna, SMS)).verdict is Verdict.ALLOW


async def test_m_05_a_start_without_words_to_agree_to_only_asks(phone: AsyncClient, session: AsyncSession) -> None:
    bruno = await make_customer(session, phone=ANNA)
    await session.execute(update(ContactPoint).values(is_mobile=True))
    await session.commit()

    await text(phone, "ISCRIVI")

    assert [each.action for each in await events_of(session, bruno)] == ["GRANT_PENDING"]
    assert (await answer(session, bruno, SMS)).verdict is Verdict.DENY
    assert [each.handled_as for each in await kept(session)] == ["consent_asked"]


async def test_m_05_a_start_from_a_number_of_two_people_is_for_a_person_to_read(
    phone: AsyncClient, session: AsyncSession, anna: Customer
) -> None:
    bruno = await make_reader(session, given_name="Bruno")
    await text(phone, "STOP", sid="SM1")

    await text(phone, "START", sid="SM2")

    assert [(await answer(session, each, SMS)).reason for each in (anna, bruno)] == [Reason.OBJECTED] * 2
    assert [each.handled_as for each in await kept(session)] == ["obeyed", None]
    assert await tasks(session) == ["reply_to_read"] * 2


async def test_m_05_a_start_renews_no_yes_that_was_given_for_another_number(
    phone: AsyncClient, session: AsyncSession, anna: Customer
) -> None:
    await session.execute(update(ContactPoint).values(valid_to=clock.now(), is_primary=False))
    await make_contact_point(session, anna.id, kind=ContactKind.PHONE, value="+393337654321", is_mobile=True)
    await session.commit()

    await text(phone, "START", number="+393337654321")

    assert (await events_of(session, anna))[-1].action == "GRANT_PENDING"


async def test_m_05_a_yes_after_a_reminder_confirms_the_appointment_and_agrees_to_nothing(
    phone: AsyncClient, session: AsyncSession, anna: Customer, settings: Settings, client: AsyncClient
) -> None:
    await text(phone, "STOP", sid="SM1")
    await remind(session, settings, anna)

    await text(phone, "Yes!", sid="SM2", OptOutType="START")

    assert (await answer(session, anna, SMS)).reason is Reason.OBJECTED
    [listed] = (await client.get("/v1/inbound-texts", params={"is_open": "true"})).json()["items"]
    assert (listed["kind"], listed["suggestion"]) == ("HUMAN", None)


async def test_m_05_cancel_after_a_reminder_stops_and_lets_staff_look_at_the_appointment(
    phone: AsyncClient, session: AsyncSession, anna: Customer, settings: Settings
) -> None:
    await remind(session, settings, anna)

    await text(phone, "Annulla")

    assert (await answer(session, anna, SMS)).reason is Reason.OBJECTED
    assert await tasks(session) == ["appointment_reply"]


async def test_m_05_cancel_without_a_reminder_is_only_a_stop(
    phone: AsyncClient, session: AsyncSession, anna: Customer
) -> None:
    await text(phone, "CANCEL")

    assert (await answer(session, anna, SMS)).reason is Reason.OBJECTED
    assert await tasks(session) == []


async def test_b_15_m_05_a_number_of_two_people_stops_for_both(
    phone: AsyncClient, session: AsyncSession, anna: Customer
) -> None:
    bruno = await make_reader(session, given_name="Bruno")

    await text(phone, "STOP")

    assert [(await answer(session, each, SMS)).reason for each in (anna, bruno)] == [Reason.OBJECTED] * 2
    assert len(await answers_to(session, anna)) + len(await answers_to(session, bruno)) == 1


async def test_m_05_a_number_of_nobody_is_listed_and_a_stop_from_it_is_kept_for_later(
    phone: AsyncClient, session: AsyncSession
) -> None:
    await text(phone, "STOP")

    [text_kept] = await kept(session)
    assert (text_kept.customer_id, text_kept.handled_at) == (None, None)
    assert await tasks(session) == ["text_from_nobody"]
    later = await make_reader(session)
    assert (await answer(session, later, SMS)).reason is Reason.SUPPRESSED

    await text(phone, "START", sid="SM2")

    assert await consents.suppressed_among(session, [(Channel.SMS, ANNA)]) == {}


async def test_m_12_a_wrong_person_is_for_a_person_to_decide_and_takes_the_number_off_the_card(
    phone: AsyncClient, session: AsyncSession, client: AsyncClient, anna: Customer
) -> None:
    await text(phone, "Buongiorno, ha sbagliato numero")
    [listed] = (await client.get("/v1/inbound-texts", params={"is_open": "true"})).json()["items"]
    assert (listed["suggestion"], listed["kind"], listed["customer_name"]) == ("wrong_person", "HUMAN", "Anna Rossi")

    done = await client.put(f"/v1/inbound-texts/{listed['id']}/handling", json={"outcome": "wrong_person"})
    again = await client.put(f"/v1/inbound-texts/{listed['id']}/handling", json={"outcome": "wrong_person"})
    other = await client.put(f"/v1/inbound-texts/{listed['id']}/handling", json={"outcome": "nothing"})

    assert (done.json()["handled_as"], done.json()["is_open"]) == ("wrong_person", False)
    assert (again.status_code, other.status_code, other.json()["code"]) == (200, 409, "inbound-text-handled")
    assert [each.action for each in await events_of(session, anna)] == ["GRANT", "INVALIDATE"]
    states = await session.scalars(select(ConsentState.standing).where(ConsentState.customer_id == anna.id))
    assert list(states) == ["UNPROVEN"]
    points = await session.scalars(
        select(ContactPoint.valid_to)
        .where(ContactPoint.customer_id == anna.id)
        .execution_options(populate_existing=True)
    )
    assert all(list(points))
    assert await tasks(session) == []


async def test_m_12_a_no_outlives_the_number(
    phone: AsyncClient, session: AsyncSession, client: AsyncClient, anna: Customer
) -> None:
    await text(phone, "STOP", sid="SM1")
    await text(phone, "Wrong number!", sid="SM2")
    [listed] = (await client.get("/v1/inbound-texts", params={"is_open": "true"})).json()["items"]

    await client.put(f"/v1/inbound-texts/{listed['id']}/handling", json={"outcome": "wrong_person"})

    assert [each.action for each in await events_of(session, anna)] == ["GRANT", "OBJECT"]


async def test_m_05_what_a_person_reads_as_a_no_is_one(
    phone: AsyncClient, session: AsyncSession, client: AsyncClient, anna: Customer
) -> None:
    await text(phone, "basta con questi messaggi la sera tardi")
    [listed] = (await client.get("/v1/inbound-texts")).json()["items"]
    assert listed["suggestion"] == "objection"
    assert await tasks(session) == ["reply_to_read"]

    await client.put(f"/v1/inbound-texts/{listed['id']}/handling", json={"outcome": "objection"})

    assert (await answer(session, anna, SMS)).reason is Reason.OBJECTED
    assert await tasks(session) == []


async def test_b_36_dealing_with_a_text_leaves_what_else_its_person_wrote_to_be_read(
    phone: AsyncClient, session: AsyncSession, client: AsyncClient, anna: Customer
) -> None:
    mail = ReplyCreate(channel=Channel.EMAIL, text="basta con tutta questa posta", received_at=clock.now())
    earlier = await consents.record_reply(session, anna.id, mail, actor=Actor.system("test"))
    await session.commit()
    await text(phone, "non so se voglio ancora ricevere i vostri SMS")
    [listed] = (await client.get("/v1/inbound-texts")).json()["items"]

    await client.put(f"/v1/inbound-texts/{listed['id']}/handling", json={"outcome": "nothing"})

    waiting = await session.scalars(select(Task.key).where(Task.state == "open"))
    assert waiting.all() == [f"reply:{earlier.id}"]


async def test_a_text_is_told_forgotten_and_goes_along_with_its_person(
    phone: AsyncClient, session: AsyncSession, anna: Customer
) -> None:
    await text(phone, "Grazie mille")
    other = await make_customer(session)

    moved = await text_person.rehome(session, anna.id, into=other.id)
    assert [each["text"] for each in await text_person.export(session, other.id)] == ["Grazie mille"]
    await text_person.rehome_back(session, anna.id, out_of=other.id, moved=moved)
    await text_person.erase(session, anna.id)

    assert await kept(session) == []


async def test_a_text_from_before_the_card_is_forgotten_with_the_card(
    phone: AsyncClient, session: AsyncSession
) -> None:
    await text(phone, "Salve")
    later = await make_customer(session, phone=ANNA)

    await text_person.erase(session, later.id)

    assert await kept(session) == []


async def test_the_list_is_filtered_and_a_stranger_may_not_read_it(
    phone: AsyncClient, session: AsyncSession, client: AsyncClient, anna: Customer
) -> None:
    await text(phone, "STOP", sid="SM1")
    await text(phone, "Grazie mille", sid="SM2")

    of_kind = await client.get("/v1/inbound-texts", params={"kind": "STOP", "customer_id": str(anna.id)})
    closed = await client.get("/v1/inbound-texts", params={"is_open": "false"})
    unknown = await client.put(f"/v1/inbound-texts/{UUID(int=3)}/handling", json={"outcome": "nothing"})

    assert [each["text"] for each in of_kind.json()["items"]] == ["STOP"]
    assert [each["text"] for each in closed.json()["items"]] == ["STOP"]
    assert (unknown.status_code, unknown.json()["code"]) == (404, "inbound-text-not-found")
    assert (await phone.get("/v1/inbound-texts")).status_code == 401
