"""Texts on their way out: who may get one and when, from whom, how long, at what cost, and what the provider says."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient
from pydantic import SecretStr
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.campaigns import service as campaigns
from ritorno.consents.rules import Ask, Channel, Purpose, Reason, TemplateClass, Verdict
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.normalising import Phone, Refused, normalise_phone
from ritorno.embedded import Services
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.db import unit_of_work
from ritorno.messaging import queries, service
from ritorno.messaging.checks import Draft, Severity, read
from ritorno.messaging.dispatch import Dispatch, Pace
from ritorno.messaging.models import Message, Sender
from ritorno.messaging.schemas import SenderPatch
from ritorno.messaging.senders import captured_channels, readiness
from ritorno.messaging.short_links import like_a_short_link, read_short, short_unsubscribe
from tests.conftest import Sessions, settings_for
from tests.consents.asking import answer, events_of
from tests.factories.campaigns import OWNER, make_campaign
from tests.factories.consents import make_consent, make_notice_version
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business, make_plan, make_template
from tests.messaging.provider import Provider, providing, refused

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
SMS = Ask(Purpose.MKT_OWN, Channel.SMS)
WORDS = (
    "{{ business.name }}: {{ customer.given_name | default: 'Buongiorno' }}, ci vediamo? STOP: {{ unsubscribe_url }}"
)


async def make_reader(session: AsyncSession, number: int = 0, *, is_mobile: bool = True, **more: object) -> Customer:
    """Make somebody who agreed to texts."""
    phone = f"+3933312345{number:02}" if is_mobile else f"+3906123456{number:02}"
    customer = await make_customer(session, phone=phone, **more)
    points = update(ContactPoint).where(ContactPoint.customer_id == customer.id)
    await session.execute(points.values(is_mobile=is_mobile))
    await make_consent(session, customer.id, channel=Channel.SMS, at=NOON - timedelta(days=90))
    return customer


def of_shop(settings: Settings, url: str) -> Settings:
    return settings.model_copy(update={"sms_url": SecretStr(url)})


# ── to whom, and when ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("given", "phone"),
    [
        ("333 1234567", Phone("+393331234567", True)),
        ("0039 333 1234567", Phone("+393331234567", True)),
        ("+39 06 12345678", Phone("+390612345678", False)),
    ],
)
def test_m_01_numbers_are_kept_in_e164_and_a_landline_is_known_as_one(given: str, phone: Phone) -> None:
    assert normalise_phone(given, "IT") == phone


@pytest.mark.parametrize("given", ["+39 6 12345678", "chiami Anna", "+39 333 1234567 12345678", "892424", "12345"])
def test_m_01_b_16_b_17_what_is_no_recipient_is_refused(given: str) -> None:
    with pytest.raises(Refused):
        normalise_phone(given, "IT")


async def test_m_01_a_landline_gets_no_text(session: AsyncSession) -> None:
    customer = await make_reader(session, is_mobile=False)

    assert (await answer(session, customer, SMS, NOON)).reason is Reason.BAD_CONTACT_POINT


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (datetime(2026, 11, 24, 7, 59, tzinfo=UTC), datetime(2026, 11, 24, 8, tzinfo=UTC)),
        (datetime(2026, 11, 24, 19, 30, tzinfo=UTC), datetime(2026, 11, 25, 8, tzinfo=UTC)),
        (datetime(2026, 11, 28, 19, 30, tzinfo=UTC), datetime(2026, 11, 30, 8, tzinfo=UTC)),
        (datetime(2026, 12, 8, 11, tzinfo=UTC), datetime(2026, 12, 9, 8, tzinfo=UTC)),
    ],
    ids=["too early", "the evening", "Saturday evening", "a holiday"],
)
async def test_m_08_marketing_waits_for_the_hours_of_texts(
    session: AsyncSession, at: datetime, until: datetime
) -> None:
    customer = await make_reader(session)

    decision = await answer(session, customer, SMS, at)

    assert (decision.verdict, decision.reason, decision.until) == (Verdict.DEFER, Reason.QUIET_HOURS, until)
    assert (await answer(session, customer, SMS, NOON)).verdict is Verdict.ALLOW


# ── from whom ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("address", "is_valid"),
    [
        ("Bottega", True), ("Caffe 24", True), ("A1B", True), ("AB", False), ("Bottega Caffe", False),
        ("12345", False), ("Caffè", False), ("Bottega!", False), ("+393399999999", True), ("393399999999", False),
        ("MG" + "0a" * 16, True),
    ],
)  # fmt: skip
def test_m_07_a_sender_is_a_short_name_or_a_number_of_ours(address: str, is_valid: bool) -> None:
    sender = Sender(channel="SMS", stream="MARKETING", name="Bottega", address=address, reply_to=None)

    assert {check.code: check.ok for check in readiness(sender)}["ALIAS_VALID"] is is_valid


async def open_checks(session: AsyncSession) -> set[str]:
    row = next(row for row in await queries.list_readiness(session) if row.channel == Channel.SMS)
    return {check["code"] for check in row.checks if not check["ok"]}


async def test_m_07_a_name_must_stand_in_the_register_before_it_really_writes(
    session: AsyncSession, settings: Settings
) -> None:
    await make_business(session)
    real = of_shop(settings, "twilio://AC1:2@api.twilio.com")
    senders = [each for each in await queries.list_senders(session) if each.channel == Channel.SMS]

    await service.refresh_readiness(session, settings)
    customer = await make_reader(session)
    captured = await answer(session, customer, SMS, NOON)
    await service.refresh_readiness(session, real)
    missing = await open_checks(session)
    for sender in senders:
        await service.change_sender(
            session, sender, SenderPatch(registered_on=date(2026, 3, 2)), settings=real, actor=OWNER
        )

    assert captured.verdict is Verdict.ALLOW
    assert "ALIAS_REGISTERED" in missing
    assert "ALIAS_REGISTERED" not in await open_checks(session)


async def test_m_07_another_name_has_to_be_confirmed_again(session: AsyncSession, settings: Settings) -> None:
    await make_business(session)
    real = of_shop(settings, "twilio://AC1:2@api.twilio.com")
    sender = await queries.find_sender(session, Channel.SMS, TemplateClass.SERVICE)
    assert sender is not None
    sender.registered_on = date(2026, 3, 2)

    await service.change_sender(session, sender, SenderPatch(address="+393399999999"), settings=real, actor=OWNER)

    assert sender.registered_on is None
    assert "NUMBER_ASSIGNED" in await open_checks(session)


def test_a_named_provider_makes_the_channel_real(settings: Settings) -> None:
    assert Channel.SMS in captured_channels(settings)
    assert Channel.SMS not in captured_channels(of_shop(settings, "twilio://AC1:2@api.twilio.com"))


def findings(body: str) -> dict[str, Severity]:
    found = read(
        Draft("it", "", body),
        channel=Channel.SMS,
        template_class=TemplateClass.MARKETING,
        service_hosts=frozenset(),
        purpose=Purpose.MKT_OWN,
    )
    return {finding.code: finding.severity for finding in found.findings}


def test_m_06_reply_stop_alone_is_no_way_out_of_a_name() -> None:
    assert findings("{{ business.name }}: ci vediamo? Rispondi STOP") == {
        "OPT_OUT_MISSING": Severity.ERROR,
        "REPLY_NEEDS_NUMBER": Severity.WARNING,
    }
    assert findings("{{ business.name }}: ci vediamo? Basta: {{ unsubscribe_url }}") == {}


async def test_m_06_the_link_of_a_text_is_short_and_leads_to_the_way_out(
    session: AsyncSession, anonymous: AsyncClient, settings: Settings
) -> None:
    customer = await make_reader(session)
    await session.commit()
    [point_id] = await session.scalars(select(ContactPoint.id).where(ContactPoint.customer_id == customer.id))
    link = short_unsubscribe(settings, point_id)
    path = link.removeprefix(settings.public_url)

    led = await anonymous.get(path)
    await anonymous.post(led.headers["location"])
    forged = await anonymous.get(path[:-1] + ("A" if path[-1] != "A" else "B"))

    assert len(link) == len(like_a_short_link(settings.public_url)) == len(settings.public_url) + 39
    assert (led.status_code, forged.status_code) == (303, 404)
    assert [event.action for event in await events_of(session, customer)][-1] in {"WITHDRAW", "OBJECT"}
    assert (await answer(session, customer, SMS, NOON + timedelta(days=30))).verdict is Verdict.DENY


async def test_b_05_the_short_link_of_somebody_forgotten_is_answered_all_the_same(
    anonymous: AsyncClient, settings: Settings
) -> None:
    path = short_unsubscribe(settings, uuid4()).removeprefix(settings.public_url)

    led = await anonymous.get(path)

    assert (await anonymous.get(led.headers["location"])).status_code == 200
    assert (await anonymous.post(led.headers["location"])).status_code == 200


def test_b_04_an_old_short_link_works_under_a_new_key(settings: Settings) -> None:
    def keyed(key: str, *old: str) -> Settings:
        return settings.model_copy(update={"secret_key": SecretStr(key), "old_secret_keys": SecretStr(",".join(old))})

    name = short_unsubscribe(keyed("the secret of the first year"), UUID(int=7)).rpartition("/")[2]

    assert read_short(keyed("the secret of the second", "the secret of the first year"), name) == UUID(int=7)
    assert read_short(keyed("the secret of the second"), name) is None


# ── how long, and at what cost ────────────────────────────────────────────────────────────────────────────────────────


def test_m_03_m_04_a_template_warns_of_dear_characters_and_of_length() -> None:
    found = findings("{{ business.name }}: È ora… " + "parola " * 60 + "{{ unsubscribe_url }}")

    assert found == {"SMS_UNICODE": Severity.WARNING, "TOO_MANY_PARTS": Severity.WARNING}


async def test_m_04_the_preview_tells_parts_cost_and_what_makes_them_dear(
    session: AsyncSession, client: AsyncClient
) -> None:
    await make_business(session)
    await session.commit()
    text = {"language": "it", "body": "{{ business.name }}: È ora! {{ unsubscribe_url }}"}
    asked = {
        "channel": "SMS", "template_class": "MARKETING", "purpose": "MKT_OWN", "language": "it", "texts": [text],
    }  # fmt: skip

    told = (await client.post("/v1/templates/previews", json=asked)).json()["parts"]

    assert told == {
        "characters": len("Bottega Caffè: È ora! http://testserver/s/") + 36,
        "alphabet": "UCS-2",
        "parts": 2,
        "max_parts": 3,
        "cost": {"amount": "0.14", "currency": "EUR"},
        "odd_characters": [{"character": "È", "count": 1, "replacement": "E'"}],
    }


async def make_lengths(session: AsyncSession, settings: Settings) -> UUID:
    """Make a campaign to three people of whom one needs one part, one two and one five."""
    await make_business(session)
    body = WORDS.replace("ci vediamo?", "{{ customer.family_name }}")
    template = await make_template(session, settings, channel=Channel.SMS, subject="", body=body)
    for number, length in enumerate((4, 150, 600)):
        await make_reader(session, number, family_name="b" * length)
    return (await make_campaign(session, settings, template=template, control_share="0")).id


async def test_m_04_a_rehearsal_counts_parts_on_merged_words_and_leaves_out_whom_it_costs_too_much(
    session: AsyncSession, settings: Settings, client: AsyncClient
) -> None:
    campaign_id = await make_lengths(session, settings)
    await session.commit()

    with clock.frozen(NOON):
        told = (await client.post(f"/v1/campaigns/{campaign_id}/rehearsals")).json()

    assert told["parts"] == {"total": 3, "min": 1, "max": 2}
    assert told["cost"] == {"amount": "0.21", "currency": "EUR"}
    assert (told["will_receive"], told["denied"]) == (2, 1)
    assert [(each["reason"], each["family"]) for each in told["by_reason"]] == [("TOO_MANY_PARTS", "to_fix")]


async def test_m_04_a_mail_campaign_has_no_parts(session: AsyncSession, settings: Settings) -> None:
    rehearsal = await campaigns.rehearse_campaign(session, await make_campaign(session, settings), at=NOON)

    assert (rehearsal.parts, rehearsal.min_parts, rehearsal.max_parts) == (None, None, None)


# ── out of the house ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
async def road(clean_database: Services) -> AsyncIterator[tuple[Provider, Settings]]:
    async with providing() as provider:
        yield provider, settings_for(clean_database, sms_url=provider.url)


async def test_m_04_m_10_m_11_texts_leave_once_cost_what_they_are_and_every_answer_has_its_place(
    clean_sessions: Sessions, road: tuple[Provider, Settings]
) -> None:
    provider, settings = road
    provider.answers = {
        "+393331234501": refused(400, 21610),
        "+393331234502": refused(400, 21211),
        "+393331234503": None,
    }
    with clock.frozen(NOON):
        async with unit_of_work(clean_sessions) as session:
            await make_business(session)
            await make_notice_version(session)
            template = await make_template(session, settings, channel=Channel.SMS, subject="", body=WORDS)
            people = [(await make_reader(session, number)).id for number in range(5)]
            await make_plan(session, template, people, touch_id=uuid4())
            # The card grew after the plan was made: what is billed are the words that leave.
            longer = {"customer": {"given_name": "A" * 160}}
            await session.execute(update(Message).where(Message.customer_id == people[4]).values(values=longer))
        await Dispatch(settings, clean_sessions, pace=Pace(lanes=1)).run()
        again = await Dispatch(settings, clean_sessions, pace=Pace(lanes=1)).run()

    async with clean_sessions() as session:
        found = {each.customer_id: each for each in await session.scalars(select(Message))}
        objected = [event.action for event in await events_of(session, await session.get_one(Customer, people[1]))]
    rows = [found[each] for each in people]
    assert [(each.status, each.reason, each.cost_minor) for each in rows] == [
        ("sent", None, 7),
        ("failed", "STOPPED_AT_PROVIDER", 0),
        ("bounced", "HARD_BOUNCE", 7),
        ("unknown", None, 7),
        ("sent", None, 14),
    ]
    assert objected == ["GRANT", "OBJECT"]
    assert again == 0
    assert sorted(each["To"] for each in provider.asked) == [f"+39333123450{number}" for number in range(5)]
    assert {each["StatusCallback"].rpartition("/")[2] for each in provider.asked} == {str(each.id) for each in rows}
    assert all(each["Body"] == each["Body"].strip() for each in provider.asked)
