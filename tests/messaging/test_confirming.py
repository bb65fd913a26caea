"""Double opt-in (C-12): a press confirms, opening never does; a code of six digits lives ten minutes and five tries."""

import asyncio
import re
from datetime import timedelta
from email import message_from_bytes, policy
from uuid import UUID, uuid4

import pytest
from httpx import ASGITransport, AsyncClient
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.app import create_app
from ritorno.consents import service as consents
from ritorno.consents import tokens
from ritorno.consents.models import ConsentEvent, ConsentState, RecipientState
from ritorno.consents.rules import Action, Ask, Channel, Method, Purpose, SuppressionReason, Verdict, decide
from ritorno.consents.schemas import ReplyCreate
from ritorno.consents.tokens import Use
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.rules import ContactLevel
from ritorno.identity.rules import Role
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.db import make_engine, make_sessions
from ritorno.messaging import confirming, permissions, service
from ritorno.messaging.codes import code_of
from ritorno.messaging.dispatch import Dispatch
from ritorno.messaging.errors import TemplateNotReady
from ritorno.messaging.jobs import ask_confirmation
from ritorno.messaging.models import CapturedMessage, Confirmation, Message, Template
from tests.conftest import ClientAs, Sessions, TokenClient
from tests.factories.consents import make_consent, make_notice_version
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business
from tests.factories.transactions import make_transaction

ACTOR = Actor.system("tests")
DAY = timedelta(days=1)


@pytest.fixture
async def shop(session: AsyncSession, settings: Settings) -> None:
    await make_business(session)
    await service.seed_templates(session, settings=settings)
    await session.commit()


async def signed_up(session: AsyncSession, *, channel: Channel = Channel.EMAIL, **columns: object) -> Customer:
    """Make somebody who ticked a box on the web a moment ago."""
    contact = {"email": "anna@example.it"} if channel is Channel.EMAIL else {"phone": "+393331234567"}
    customer = await make_customer(session, level=ContactLevel.UNVERIFIED, **contact, **columns)
    await make_consent(
        session, customer.id, channel=channel, action=Action.GRANT, method=Method.WEB, at=clock.now(), evidence=[]
    )
    await session.commit()
    return customer


async def point_of(session: AsyncSession, customer: Customer) -> ContactPoint:
    found = await session.scalars(
        select(ContactPoint).where(ContactPoint.customer_id == customer.id).execution_options(populate_existing=True)
    )
    return found.one()


async def asked(session: AsyncSession, customer: Customer, channel: Channel = Channel.EMAIL) -> Confirmation:
    point = await point_of(session, customer)
    row = await confirming.ask(
        session, customer_id=customer.id, contact_point_id=point.id, channel=channel, actor=ACTOR
    )
    await session.commit()
    return row


def link_to(settings: Settings, row: Confirmation) -> str:
    return "/confirm/" + tokens.write(settings, Use.CONFIRM, row.message_id, row.contact_point_id, row.customer_id)


async def standing(session: AsyncSession, customer: Customer, channel: Channel = Channel.EMAIL) -> str | None:
    return await session.scalar(
        select(ConsentState.standing).where(
            ConsentState.customer_id == customer.id,
            ConsentState.purpose == Purpose.MKT_OWN,
            ConsentState.channel == channel,
        )
    )


async def count(session: AsyncSession, table: type) -> int:
    return await session.scalar(select(func.count()).select_from(table)) or 0


# ── by mail ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_12_a_yes_on_the_web_is_asked_about_once_in_a_mail_that_promotes_nothing(
    clean_sessions: Sessions, clean_settings: Settings
) -> None:
    """C-12, D-S9: service class, no pixel, no way out to press, no link to a page of choices; the job runs twice."""
    work = Work(clean_settings, clean_sessions, ACTOR)
    async with work.session() as session:
        await make_business(session)
        await service.seed_templates(session, settings=clean_settings)
        customer = await make_customer(session, email="anna@example.it", level=ContactLevel.UNVERIFIED)
        await make_consent(session, customer.id, method=Method.WEB, at=clock.now(), evidence=[])

    for _ in range(2):
        await ask_confirmation(work, {"customer_ids": [str(customer.id)]})
    await Dispatch(clean_settings, clean_sessions).run()

    async with clean_sessions() as session:
        [captured] = (await session.scalars(select(CapturedMessage))).all()
        [message] = (await session.scalars(select(Message))).all()
    mail = message_from_bytes(captured.raw, policy=policy.default)
    html, words = (mail.get_body((kind,)).get_content() for kind in ("html", "plain"))  # type: ignore[union-attr]
    assert (message.template_class, message.purpose, message.status) == ("SERVICE", "SERVICE", "sent")
    assert mail["List-Unsubscribe"] is None
    assert "<img" not in html
    links = set(re.findall(r'href="([^"]+)"', html))
    assert [link.startswith("http://testserver/confirm/v1.") for link in links] == [True]
    assert links.pop() in words
    assert "/p/" not in words


async def test_c_12_where_nobody_can_be_asked_the_job_fails_instead_of_passing_over_them(
    session: AsyncSession, shop: None
) -> None:
    customer = await signed_up(session)
    await session.execute(update(Template).where(Template.code == "confirm-address").values(status="draft"))

    with pytest.raises(TemplateNotReady):
        await confirming.ask_where_waiting(session, [customer.id], actor=ACTOR)


async def test_c_12_one_who_may_not_be_asked_spoils_nobody_elses_mail_and_is_in_the_log(
    session: AsyncSession, shop: None, capsys: pytest.CaptureFixture[str]
) -> None:
    gone, here = await signed_up(session), await signed_up(session, given_name="Bice")
    await session.execute(update(Customer).where(Customer.id == gone.id).values(deceased_at=clock.now()))
    await session.execute(
        update(ContactPoint)
        .where(ContactPoint.customer_id == here.id)
        .values(value="bice@example.it", match_key="bice@example.it")
    )

    asked_count = await confirming.ask_where_waiting(session, [gone.id, here.id], actor=ACTOR)

    told = "".join(capsys.readouterr())
    assert asked_count == 1
    assert "confirmation.not_asked" in told
    assert str(gone.id) in told
    assert "anna@" not in told


async def test_c_12_a_scanner_that_opens_the_link_confirms_nothing(
    shop: None, session: AsyncSession, settings: Settings, anonymous: AsyncClient
) -> None:
    customer = await signed_up(session)
    link = link_to(settings, await asked(session, customer))

    for number in range(50):
        answer = await anonymous.request("HEAD" if number % 5 == 0 else "GET", link)
        assert answer.status_code == 200

    assert await standing(session, customer) == "PENDING"
    assert (await point_of(session, customer)).level == "UNVERIFIED"


async def test_c_12_the_press_confirms_the_address_and_says_the_yes_that_waited(
    shop: None, session: AsyncSession, settings: Settings, anonymous: AsyncClient
) -> None:
    customer = await signed_up(session)
    [waited] = (await session.scalars(select(ConsentEvent))).all()
    row = await asked(session, customer)
    link = link_to(settings, row)

    page = await anonymous.get(link)
    pressed = await anonymous.post(link, data={"confirm": "1"})

    said = (await session.scalars(select(ConsentEvent).order_by(ConsentEvent.seq.desc()).limit(1))).one()
    assert "Informativa" in page.text
    assert "Grazie, è confermato." in pressed.text
    assert (said.action, said.method, said.party, said.is_proven) == ("GRANT", "EMAIL_LINK", "SUBJECT", True)
    assert said.evidence == [{"type": "email_link", "uri": f"message:{row.message_id}"}]
    assert (said.notice_version_id, said.text_sha256) == (waited.notice_version_id, waited.text_sha256)
    assert (said.actor_kind, said.contact_point_id) == ("subject", row.contact_point_id)
    assert await standing(session, customer) == "GRANTED"
    assert (await point_of(session, customer)).level == "CONFIRMED"


async def test_c_12_a_link_works_once_and_a_second_press_adds_nothing(
    shop: None, session: AsyncSession, settings: Settings, anonymous: AsyncClient
) -> None:
    """A yes taken back stays taken back, whoever finds the old mail."""
    customer = await signed_up(session)
    link = link_to(settings, await asked(session, customer))
    await anonymous.post(link)
    await consents.withdraw(
        session, customer_id=customer.id, purpose=Purpose.MKT_OWN, channel=Channel.EMAIL, occurred_at=None,
        method=Method.ORAL, actor=ACTOR,
    )  # fmt: skip
    await session.commit()
    before = await count(session, ConsentEvent)

    again = await anonymous.post(link)

    assert (again.status_code, await count(session, ConsentEvent)) == (200, before)
    assert await standing(session, customer) == "WITHDRAWN"


async def test_c_12_two_presses_at_once_say_one_yes(clean_sessions: Sessions, clean_settings: Settings) -> None:
    work = Work(clean_settings, clean_sessions, ACTOR)
    async with work.session() as session:
        await make_business(session)
        await service.seed_templates(session, settings=clean_settings)
        customer = await make_customer(session, email="anna@example.it", level=ContactLevel.UNVERIFIED)
        await make_consent(session, customer.id, method=Method.WEB, at=clock.now(), evidence=[])
        point = await point_of(session, customer)
        row = await confirming.ask(
            session, customer_id=customer.id, contact_point_id=point.id, channel=Channel.EMAIL, actor=ACTOR
        )
    app = create_app(clean_settings)
    engine = make_engine(clean_settings.database_url)
    app.state.sessions = app.state.read_sessions = make_sessions(engine)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as browser:
        answers = await asyncio.gather(*(browser.post(link_to(clean_settings, row)) for _ in range(8)))
    await engine.dispose()

    assert {answer.status_code for answer in answers} == {200}
    async with clean_sessions() as session:
        grants = await session.scalar(
            select(func.count()).select_from(ConsentEvent).where(ConsentEvent.action == "GRANT")
        )
    assert grants == 1


async def test_c_12_after_72_hours_the_link_confirms_nothing_and_offers_a_new_one(
    shop: None, session: AsyncSession, settings: Settings, anonymous: AsyncClient
) -> None:
    customer = await signed_up(session)
    row = await asked(session, customer)
    link = link_to(settings, row)
    row.asked_at -= timedelta(hours=72)
    row.expires_at -= timedelta(hours=72)
    await session.commit()

    late = await anonymous.post(link, data={"confirm": "1"})
    again = await anonymous.post(link, data={"again": "1"})
    too_soon = await anonymous.post(link, data={"again": "1"})

    assert "è scaduto" in late.text
    assert "Le abbiamo scritto." in again.text
    assert "già scritto" in too_soon.text
    assert await standing(session, customer) == "PENDING"
    assert await count(session, Confirmation) == 2


async def test_c_12_one_address_is_asked_three_times_a_day_whoevers_card_it_is_on(
    shop: None, session: AsyncSession, token_client: TokenClient
) -> None:
    desk = await token_client(["consents:write"])
    now = clock.now()
    first, second = await signed_up(session), await signed_up(session)
    answers = []
    for number, customer in enumerate([first, second, first, second]):
        with clock.frozen(now + timedelta(minutes=5 * number)):
            point = await point_of(session, customer)
            body = {"contact_point_id": str(point.id), "channel": "EMAIL"}
            answers.append(await desk.post(f"/v1/customers/{customer.id}/address-confirmations", json=body))

    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert answers[-1].json()["code"] == "confirmation-too-often"
    assert int(answers[-1].headers["retry-after"]) > 80_000
    assert answers[0].json()["confirmed_at"] is None
    listed = (await desk.get(f"/v1/customers/{first.id}/address-confirmations")).json()
    assert [each["channel"] for each in listed] == ["EMAIL", "EMAIL"]


async def test_b_03_every_wrong_confirmation_link_gets_the_same_page(
    shop: None, session: AsyncSession, settings: Settings, anonymous: AsyncClient
) -> None:
    """Edited, cut short, for another use, of a message that asked nothing."""
    customer = await signed_up(session)
    row = await asked(session, customer)
    genuine = link_to(settings, row)
    ids = (row.message_id, row.contact_point_id, row.customer_id)
    wrong = [
        genuine[:-6],
        genuine[:-1] + ("A" if genuine[-1] != "A" else "E"),
        "/confirm/" + tokens.unsubscribe_token(settings, *ids),
        "/confirm/" + tokens.write(settings, Use.CHOICES, *ids),
        "/confirm/" + tokens.write(settings, Use.CONFIRM, uuid4(), *ids[1:]),
        "/confirm/nonsense",
    ]

    answers = [await anonymous.request(method, link) for link in wrong for method in ("GET", "POST")]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert await standing(session, customer) == "PENDING"


async def test_c_25_a_confirmed_yes_takes_the_address_off_the_list_of_those_who_left(
    shop: None, session: AsyncSession, settings: Settings, anonymous: AsyncClient
) -> None:
    customer = await signed_up(session)
    for reason in (SuppressionReason.UNSUB, SuppressionReason.COMPLAINT):
        await consents.suppress(session, channel=Channel.EMAIL, match_key="anna@example.it", reason=reason, actor=ACTOR)
    row = await asked(session, customer)

    await anonymous.post(link_to(settings, row))

    rows = await session.execute(text("select reason from suppressions where lifted_at is null"))
    assert [each[0] for each in rows] == ["COMPLAINT"]


async def test_c_25_a_confirmed_yes_to_letters_leaves_the_mail_address_on_the_list(
    shop: None, session: AsyncSession, settings: Settings, anonymous: AsyncClient
) -> None:
    customer = await make_customer(session, email="anna@example.it", level=ContactLevel.UNVERIFIED)
    await make_consent(session, customer.id, channel=Channel.POST, method=Method.WEB, at=clock.now())
    await consents.suppress(
        session, channel=Channel.EMAIL, match_key="anna@example.it", reason=SuppressionReason.UNSUB, actor=ACTOR
    )
    await session.commit()

    await anonymous.post(link_to(settings, await asked(session, customer)))

    assert await standing(session, customer, Channel.POST) == "GRANTED"
    assert await consents.suppressed_among(session, [(Channel.EMAIL, "anna@example.it")])


_NOES = {
    "click": lambda session, customer: consents.unsubscribe(
        session,
        customer_id=customer.id,
        contact_point_id=uuid4(),
        message_id=uuid4(),
        channels=[Channel.EMAIL],
        method=Method.EMAIL_LINK,
    ),
    "withdrawal": lambda session, customer: consents.withdraw(
        session,
        customer_id=customer.id,
        purpose=Purpose.MKT_OWN,
        channel=None,
        occurred_at=None,
        method=Method.ORAL,
        actor=ACTOR,
    ),
    "objection": lambda session, customer: consents.object_(
        session,
        customer_id=customer.id,
        scope="all",
        received_on=clock.today("Europe/Rome"),
        method=Method.ORAL,
        actor=ACTOR,
    ),
    "reply": lambda session, customer: consents.record_reply(
        session, customer.id, ReplyCreate(channel=Channel.EMAIL, text="STOP", received_at=clock.now()), actor=ACTOR
    ),
}


@pytest.mark.parametrize("no", _NOES)
async def test_c_14_a_no_ends_the_yes_that_still_waited_even_where_an_older_no_stands(
    shop: None, session: AsyncSession, settings: Settings, anonymous: AsyncClient, no: str
) -> None:
    customer = await make_customer(session, email="anna@example.it", level=ContactLevel.UNVERIFIED)
    await make_consent(session, customer.id, action=Action.OBJECT, at=clock.now() - DAY)
    token = Actor("token", uuid4(), "Web shop", frozenset({"consents:write"}))
    await make_consent(session, customer.id, method=Method.WEB, at=clock.now() - DAY / 2, actor=token)
    await session.commit()
    link = link_to(settings, await asked(session, customer))

    await _NOES[no](session, customer)
    await _NOES[no](session, customer)
    await session.commit()
    assert (await anonymous.post(link)).status_code == 200

    assert await standing(session, customer) == "OBJECTED"
    said = await session.scalars(
        select(ConsentEvent.action)
        .where(ConsentEvent.purpose == Purpose.MKT_OWN, ConsentEvent.channel == Channel.EMAIL)
        .order_by(ConsentEvent.seq)
    )
    assert len(said.all()) == 3


async def test_c_19_a_no_to_all_third_parties_ends_the_yes_that_waited_for_one(
    shop: None, session: AsyncSession, settings: Settings, anonymous: AsyncClient
) -> None:
    customer = await make_customer(session, email="anna@example.it", level=ContactLevel.UNVERIFIED)
    third = {"purpose": Purpose.THIRD_PARTY, "channel": None}
    await make_consent(session, customer.id, method=Method.WEB, at=clock.now() - DAY, **third)
    await session.commit()
    link = link_to(settings, await asked(session, customer))

    await _NOES["objection"](session, customer)
    await session.commit()
    await anonymous.post(link)

    assert (await session.scalars(select(RecipientState.standing))).all() == ["OBJECTED"]


async def test_c_23_a_yes_said_for_another_address_waits_for_that_one(
    shop: None, session: AsyncSession, settings: Settings, anonymous: AsyncClient
) -> None:
    customer = await signed_up(session)
    await session.execute(
        text("update contact_points set valid_to = now(), is_primary = false where customer_id = :id"),
        {"id": customer.id},
    )
    newer = ContactPoint(
        customer_id=customer.id, kind="EMAIL", value="nuova@example.it", match_key="nuova@example.it",
        is_primary=True, source="tests",
    )  # fmt: skip
    session.add(newer)
    await session.flush()
    row = await confirming.ask(
        session, customer_id=customer.id, contact_point_id=newer.id, channel=Channel.EMAIL, actor=ACTOR
    )
    await session.commit()

    await anonymous.post(link_to(settings, row))

    assert await standing(session, customer) == "PENDING"


async def test_staff_who_read_the_message_cannot_press_its_link(
    shop: None, session: AsyncSession, settings: Settings, token_client: TokenClient
) -> None:
    """The words of a stored message are made again with examples: a genuine link would speak as the person."""
    customer = await signed_up(session)
    row = await asked(session, customer)
    staff = await token_client(["messages:read"])

    shown = (await staff.get(f"/v1/messages/{row.message_id}")).json()

    assert "https://bottega.example/confirm/esempio" in shown["text"]
    assert "/confirm/v1." not in shown["text"] + shown["html"]


# ── by code ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def enter(desk: AsyncClient, row: Confirmation, code: str) -> str:
    path = f"/v1/customers/{row.customer_id}/address-confirmations/{row.id}/codes"
    answer = await desk.post(path, json={"code": code})
    assert answer.status_code == 200, answer.text
    outcome: str = answer.json()["outcome"]
    return outcome


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


async def test_c_12_the_code_read_out_at_the_desk_confirms_the_number_and_the_yes(
    shop: None, session: AsyncSession, settings: Settings, token_client: TokenClient
) -> None:
    desk = await token_client(["consents:write"])
    customer = await signed_up(session, channel=Channel.SMS)
    row = await asked(session, customer, Channel.SMS)
    code = code_of(settings, row.message_id)

    outcomes = [await enter(desk, row, each) for each in (wrong(code), code, code, wrong(code))]

    said = (await session.scalars(select(ConsentEvent).order_by(ConsentEvent.seq.desc()).limit(1))).one()
    assert outcomes == ["wrong", "confirmed", "confirmed", "wrong"]
    assert (said.action, said.is_proven, said.actor_kind) == ("GRANT", True, "token")
    assert said.evidence == [{"type": "sms_code", "uri": f"message:{row.message_id}"}]
    assert await standing(session, customer, Channel.SMS) == "GRANTED"
    assert (await point_of(session, customer)).level == "CONFIRMED"


async def test_c_17_a_sixteen_year_old_says_yes_to_texts_with_the_code(
    shop: None, session: AsyncSession, settings: Settings, client_as: ClientAs
) -> None:
    desk = await client_as(Role.CASHIER)
    youth = await signed_up(session, channel=Channel.SMS, birth_on=clock.now().date() - timedelta(days=16 * 366))
    row = await asked(session, youth, Channel.SMS)

    assert await enter(desk, row, code_of(settings, row.message_id)) == "confirmed"

    said = (await session.scalars(select(ConsentEvent).order_by(ConsentEvent.seq.desc()).limit(1))).one()
    assert (said.action, said.party, said.is_proven) == ("GRANT", "SUBJECT", True)
    at = clock.now().replace(hour=11)
    facts = (await permissions.load_facts(session, [youth.id], at=clock.now()))[youth.id]
    assert decide(facts, Ask(Purpose.MKT_OWN, Channel.SMS), at).verdict is Verdict.ALLOW


async def test_c_16_the_code_of_who_objected_counts_whoever_types_it(
    shop: None, session: AsyncSession, settings: Settings, client_as: ClientAs
) -> None:
    """B-52 is about staff who overturn an objection; this yes is the person's own."""
    desk = await client_as(Role.CASHIER)
    customer = await make_customer(session, phone="+393331234567", level=ContactLevel.UNVERIFIED)
    await make_consent(session, customer.id, channel=Channel.SMS, action=Action.OBJECT, at=clock.now() - DAY)
    token = Actor("token", uuid4(), "Web shop", frozenset({"consents:write"}))
    await make_consent(session, customer.id, channel=Channel.SMS, method=Method.WEB, at=clock.now(), actor=token)
    await session.commit()
    row = await asked(session, customer, Channel.SMS)
    assert await standing(session, customer, Channel.SMS) == "OBJECTED"

    assert await enter(desk, row, code_of(settings, row.message_id)) == "confirmed"

    assert await standing(session, customer, Channel.SMS) == "GRANTED"


async def test_c_12_five_wrong_codes_are_the_end_even_of_the_right_one(
    shop: None, session: AsyncSession, settings: Settings, token_client: TokenClient
) -> None:
    desk = await token_client(["consents:write"])
    row = await asked(session, await signed_up(session, channel=Channel.SMS), Channel.SMS)
    code = code_of(settings, row.message_id)

    outcomes = [await enter(desk, row, wrong(code)) for _ in range(5)]

    assert outcomes == ["wrong"] * 4 + ["spent"]
    assert await enter(desk, row, code) == "spent"


async def test_c_12_a_code_dies_after_ten_minutes_or_when_a_newer_one_is_sent(
    shop: None, session: AsyncSession, settings: Settings, token_client: TokenClient
) -> None:
    desk = await token_client(["consents:write"])
    customer = await signed_up(session, channel=Channel.SMS)
    now = clock.now()
    first = await asked(session, customer, Channel.SMS)
    with clock.frozen(now + timedelta(minutes=2)):
        second = await asked(session, customer, Channel.SMS)
        replaced = await enter(desk, first, code_of(settings, first.message_id))
    with clock.frozen(now + timedelta(minutes=13)):
        late = await enter(desk, second, code_of(settings, second.message_id))

    assert (replaced, late) == ("expired", "expired")
    assert code_of(settings, first.message_id) != code_of(settings, second.message_id)


async def test_c_12_the_code_leaves_at_once_as_one_short_text_that_staff_find_among_the_messages(
    clean_sessions: Sessions, clean_settings: Settings
) -> None:
    """M-02, M-03: one part of GSM-7; at night too, because somebody is waiting for it."""
    work = Work(clean_settings, clean_sessions, ACTOR)
    midnight = clock.now().replace(hour=1, minute=0)
    async with work.session() as session:
        await make_business(session)
        await service.seed_templates(session, settings=clean_settings)
        customer = await make_customer(session, phone="+393331234567", level=ContactLevel.UNVERIFIED)
        point = await point_of(session, customer)
        with clock.frozen(midnight):
            row = await confirming.ask(
                session, customer_id=customer.id, contact_point_id=point.id, channel=Channel.SMS, actor=ACTOR
            )

    with clock.frozen(midnight):
        await Dispatch(clean_settings, clean_sessions).run()

    async with clean_sessions() as session:
        [captured] = (await session.scalars(select(CapturedMessage))).all()
        [message] = (await session.scalars(select(Message))).all()
    words = captured.raw.decode()
    assert message.history[-1]["detail"] == "captured, 1 × GSM-7"
    assert code_of(clean_settings, row.message_id) in words
    assert "Bottega" in words


async def test_a_code_cannot_be_sent_to_a_landline_or_an_address_not_in_use(
    shop: None, session: AsyncSession, token_client: TokenClient
) -> None:
    desk = await token_client(["consents:write"])
    customer = await make_customer(session, phone="+390511234567")
    point = await point_of(session, customer)
    point.is_mobile = False
    await session.commit()
    body = {"contact_point_id": str(point.id), "channel": "SMS"}

    refused = await desk.post(f"/v1/customers/{customer.id}/address-confirmations", json=body)
    unknown = await desk.post(
        f"/v1/customers/{customer.id}/address-confirmations", json={**body, "contact_point_id": str(uuid4())}
    )

    assert (refused.status_code, refused.json()["code"]) == (409, "address-not-in-use")
    assert unknown.status_code == 404


@pytest.mark.parametrize("scopes", [None, ["consents:read"]])
async def test_confirmations_need_their_scope(
    shop: None, session: AsyncSession, anonymous: AsyncClient, token_client: TokenClient, scopes: list[str] | None
) -> None:
    client = anonymous if scopes is None else await token_client(scopes)
    refusal = 401 if scopes is None else 403
    root = f"/v1/customers/{uuid4()}/address-confirmations"

    posted = await client.post(root, json={"contact_point_id": str(uuid4()), "channel": "EMAIL"})
    entered = await client.post(f"{root}/{uuid4()}/codes", json={"code": "123456"})
    listed = await client.get(root)

    assert (posted.status_code, entered.status_code) == (refusal, refusal)
    assert listed.status_code == (401 if scopes is None else 404)


# ── forgetting ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_31_what_nobody_confirmed_in_a_month_is_forgotten_and_a_sale_keeps_its_address(
    shop: None, session: AsyncSession
) -> None:
    """C-12: the yes lapses, the address goes, the empty card is named; a buyer's address stays; once."""
    then = clock.now() - timedelta(days=31)
    with clock.frozen(then):
        visitor = await signed_up(session)
        await asked(session, visitor)
    with clock.frozen(then + timedelta(minutes=5)):
        buyer = await signed_up(session)
        await asked(session, buyer)
        await make_transaction(session, buyer)
    recent = await signed_up(session)
    await session.execute(text("update customers set created_at = now() - interval '40 days'"))

    found = await confirming.forget_unconfirmed(session, now=clock.now(), actor=ACTOR)
    again = await confirming.forget_unconfirmed(session, now=clock.now(), actor=ACTOR)

    left: set[UUID] = set(await session.scalars(select(ContactPoint.customer_id)))
    assert [await standing(session, each) for each in (visitor, buyer, recent)] == ["LAPSED", "LAPSED", "PENDING"]
    assert left == {buyer.id, recent.id}
    assert found.customer_ids == [visitor.id]
    assert (again.yeses, again.contact_point_ids, again.customer_ids) == ([], [], [])


async def test_a_merge_takes_the_question_along(shop: None, session: AsyncSession) -> None:
    customer, other = await signed_up(session), await make_customer(session)
    row = await asked(session, customer)

    await service.rehome(session, customer.id, into=other.id)
    await session.refresh(row)

    assert row.customer_id == other.id


async def test_an_erasure_takes_the_question_away(shop: None, session: AsyncSession) -> None:
    customer = await signed_up(session)
    await asked(session, customer)

    await service.erase(session, customer.id)

    assert await count(session, Confirmation) == 0


async def test_a_text_in_force_is_found_by_the_person_whose_yes_waits(shop: None, session: AsyncSession) -> None:
    """Many people of one batch are asked; whoever has no address, or may not be written to, spoils nobody's mail."""
    version = await make_notice_version(session)
    people = [await make_customer(session, email=f"p{number}@example.it") for number in range(3)]
    people.append(await make_customer(session))
    for customer in people:
        await make_consent(session, customer.id, method=Method.WEB, at=clock.now(), evidence=[], version=version)
    await session.execute(
        text("update contact_points set hard_bounced_at = now() where customer_id = :id"), {"id": people[0].id}
    )

    sent = await confirming.ask_where_waiting(session, [each.id for each in people], actor=ACTOR)

    assert sent == 2
