"""The person's own page (UX §4.18): what each kind of link lets its reader see and do, and what is written down."""

import asyncio
import re
from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from httpx import ASGITransport, AsyncClient
from pydantic import SecretStr
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry
from ritorno.app import create_app
from ritorno.consents import tokens
from ritorno.consents.models import ConsentEvent, Notice
from ritorno.consents.public_answers import PRESSES_A_MINUTE
from ritorno.consents.rules import Action, Channel, Method, Purpose
from ritorno.consents.tokens import Use
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.rules import ContactLevel
from ritorno.disclosures.models import Disclosure, Handover, Recipient
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.db import make_engine, make_sessions
from ritorno.messaging import queries as messages
from ritorno.messaging import service as messaging
from ritorno.messaging.codes import code_of
from ritorno.messaging.models import Confirmation, Message
from ritorno.privacy.models import PrivacyRequest
from tests.conftest import Services, Sessions, TokenClient, settings_for
from tests.factories.consents import make_consent, make_notice_version, make_soft_optin
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business

ACTOR = Actor.system("tests")
PURPOSES = (Purpose.MKT_OWN, Purpose.PROFILING, Purpose.MARKET_RESEARCH)


@pytest.fixture
async def shop(session: AsyncSession, settings: Settings) -> None:
    await make_business(session)
    await messaging.seed_templates(session, settings=settings)
    for purpose in PURPOSES:
        await make_notice_version(session, purpose=purpose)
    await session.commit()


@pytest.fixture
async def anna(shop: None, session: AsyncSession) -> Customer:
    customer = await make_customer(
        session,
        email="anna@example.it",
        phone="+393331234567",
        address={"street": "Via Po 1", "city": "Torino", "postal_code": "10121"},
        birth_on=date(1984, 5, 12),
    )
    await session.commit()
    return customer


async def point_of(session: AsyncSession, customer: Customer, kind: str = "EMAIL") -> ContactPoint:
    found = await session.scalars(
        select(ContactPoint)
        .where(ContactPoint.customer_id == customer.id, ContactPoint.kind == kind, ContactPoint.valid_to.is_(None))
        .order_by(ContactPoint.is_primary.desc())
        .execution_options(populate_existing=True)
    )
    return found.all()[0]


async def foot_link(session: AsyncSession, settings: Settings, customer: Customer, kind: str = "EMAIL") -> str:
    """Return the link at the foot of any message."""
    point = await point_of(session, customer, kind)
    return "/p/" + tokens.write(settings, Use.CHOICES, uuid4(), point.id, customer.id)


async def fresh_link(session: AsyncSession, settings: Settings, customer: Customer) -> str:
    """Return the link of a mail the person asked for."""
    template = await messages.get_template_by_code(session, "preferences-link")
    message = await messaging.write_to_customer(
        session, customer_id=customer.id, template_id=template.id, channel=Channel.EMAIL, actor=ACTOR
    )
    await session.commit()
    point = await point_of(session, customer)
    return "/p/" + tokens.write(settings, Use.CHOICES, message.id, point.id, customer.id)


def paper_link(settings: Settings, customer: Customer) -> str:
    return "/p/" + tokens.write_for_paper(settings, customer.id)


async def said(session: AsyncSession, customer: Customer) -> list[str]:
    rows = await session.execute(
        select(ConsentEvent.action, ConsentEvent.purpose, ConsentEvent.channel, ConsentEvent.method)
        .where(ConsentEvent.customer_id == customer.id)
        .order_by(ConsentEvent.seq)
    )
    return [" ".join(str(part) for part in row if part) for row in rows]


async def sent_links(session: AsyncSession, customer: Customer) -> int:
    return (
        await session.scalar(select(func.count()).select_from(Message).where(Message.customer_id == customer.id)) or 0
    )


# ── who may see what ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_page_needs_nothing_of_the_browser_and_shows_no_data_from_the_foot_of_a_message(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    """UX §4.18: no script, no cookie, 30 kB, not indexed, no referrer; messages are passed on, data is not."""
    answer = await anonymous.get(await foot_link(session, settings, anna))

    page = answer.text
    assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
    assert len(answer.content) < 30_000
    assert "<script" not in page
    assert 'lang="it"' in page
    assert "noindex" in answer.headers["x-robots-tag"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "Le sue preferenze" in page
    assert "Informativa" in page
    assert "Bottega Caffè" in page
    for secret in ("Anna", "Rossi", "anna@example.it", "3331234567", "Via Po", "1984"):
        assert secret not in page


async def test_the_link_one_asks_for_shows_the_data_for_a_day(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    link = await fresh_link(session, settings, anna)

    today = (await anonymous.get(link)).text
    with clock.frozen(clock.now() + timedelta(hours=25)):
        tomorrow = (await anonymous.get(link)).text

    for known in ("Anna", "Rossi", "anna@example.it", "+393331234567", "Via Po 1", "1984-05-12"):
        assert known in today
    assert "Anna" not in tomorrow
    assert 'name="MKT_OWN.EMAIL"' in tomorrow


@pytest.mark.parametrize("kind", ["paper", "old", "ended"])
async def test_e_05_a_printed_code_or_an_old_link_opens_the_page_and_only_writes_to_the_address_on_file(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer, kind: str
) -> None:
    """After thirty days a new link is mailed; the page tells its reader nothing of the person."""
    if kind == "paper":
        link = paper_link(settings, anna)
    else:
        with clock.frozen(clock.now() - timedelta(days=31 if kind == "old" else 1)):
            link = await foot_link(session, settings, anna)
    if kind == "ended":
        other = ContactPoint(
            customer_id=anna.id, kind="EMAIL", value="b@example.it", match_key="b@example.it", source="tests",
            level=ContactLevel.CONFIRMED,
        )  # fmt: skip
        (await point_of(session, anna)).valid_to = clock.now()
        session.add(other)
        await session.commit()

    page = (await anonymous.get(link)).text
    ignored = await anonymous.post(link, data={"act": "choose", "MKT_OWN.EMAIL": "yes"})
    stopped = await anonymous.post(link, data={"act": "stop"})
    asked = [await anonymous.post(link, data={"act": "link"}) for _ in range(5)]

    assert "Mandatemi un collegamento" in page
    assert "Anna" not in page
    assert "MKT_OWN" not in page
    assert (ignored.status_code, stopped.status_code, await said(session, anna)) == (200, 200, [])
    assert len({answer.text for answer in asked}) == 1
    assert await sent_links(session, anna) == 3


async def test_an_unverified_address_is_never_sent_the_way_to_the_data(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    """It may be a stranger's: the answer reads the same, nothing leaves, and nothing is shown."""
    (await point_of(session, anna)).level = ContactLevel.UNVERIFIED
    await session.commit()
    link = await foot_link(session, settings, anna)

    answer = await anonymous.post(link, data={"act": "link"})

    assert "tra poco arriva il collegamento" in unescape(answer.text)
    assert await sent_links(session, anna) == 0
    assert "anna@example.it" not in (await anonymous.get(await fresh_link(session, settings, anna))).text


async def test_b_03_every_wrong_link_gets_the_same_page(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    genuine = await foot_link(session, settings, anna)
    other = settings.model_copy(update={"secret_key": SecretStr("the secret of another installation")})
    ids = (uuid4(), (await point_of(session, anna)).id, anna.id)
    wrong = [
        await foot_link(session, other, anna),
        genuine[:-8],
        genuine.replace("/p/v1", "/p/v2"),
        "/p/" + tokens.unsubscribe_token(settings, *ids),
        "/p/" + tokens.write(settings, Use.CONFIRM, *ids),
        "/p/" + tokens.write_for_paper(settings, uuid4()),
        "/p/nonsense",
    ]

    answers = [await anonymous.request(method, link) for link in wrong for method in ("GET", "POST")]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1


async def test_b_04_a_link_works_with_the_key_rotated_since(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    old = settings.model_copy(update={"secret_key": SecretStr("the key we had three years ago")})
    with clock.frozen(clock.now() - timedelta(days=1100)):
        link = await foot_link(session, old, anna)
    rotated = settings.model_copy(update={"old_secret_keys": SecretStr("another, the key we had three years ago")})
    anonymous._transport.app.state.settings = rotated  # type: ignore[attr-defined]

    assert "Mandatemi un collegamento" in (await anonymous.get(link)).text


async def test_b_01_opening_the_page_fifty_times_changes_nothing(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    link = await fresh_link(session, settings, anna)
    before = await session.scalar(select(func.count()).select_from(AuditEntry))

    for number in range(50):
        assert (await anonymous.request("HEAD" if number % 5 == 0 else "GET", link)).status_code == 200

    assert await said(session, anna) == []
    assert await session.scalar(select(func.count()).select_from(AuditEntry)) == before


@pytest.mark.parametrize(
    ("column", "heading"),
    [("erased_at", "Non abbiamo più i suoi dati"), ("deceased_at", "Non scriviamo più a questa persona")],
)
async def test_b_05_the_page_of_somebody_gone_is_closed_and_answers_all_the_same(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer, column: str, heading: str
) -> None:
    link = await foot_link(session, settings, anna)
    await session.execute(text(f"update customers set {column} = now() where id = :id"), {"id": anna.id})
    await session.commit()
    session.expire(anna)
    await session.refresh(anna)

    answers = [await anonymous.get(link), await anonymous.post(link, data={"act": "stop"})]

    assert {answer.status_code for answer in answers} == {200}
    assert all(heading in answer.text for answer in answers)
    assert await said(session, anna) == []


async def test_the_link_of_a_merged_card_leads_to_the_card_that_is_left(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    link = await foot_link(session, settings, anna)
    winner = await make_customer(session, given_name="Anna Maria", language="en")
    await session.execute(
        text("update contact_points set customer_id = :winner where customer_id = :loser"),
        {"winner": winner.id, "loser": anna.id},
    )
    await session.execute(
        text("update customers set merged_into_id = :winner where id = :loser"),
        {"winner": winner.id, "loser": anna.id},
    )
    await session.commit()

    page = await anonymous.post(link, data={"act": "choose", "MKT_OWN.EMAIL": "no"})

    assert "Saved." in page.text
    assert await said(session, winner) == ["DENY MKT_OWN EMAIL EMAIL_LINK"]


# ── choices ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_12_a_yes_from_the_confirmed_address_counts_at_once_with_the_text_that_stood_beside_it(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    link = await foot_link(session, settings, anna)

    page = await anonymous.post(link, data={"act": "choose", "MKT_OWN.EMAIL": "yes", "PROFILING": "yes"})

    entries = (await session.scalars(select(ConsentEvent).where(ConsentEvent.customer_id == anna.id))).all()
    assert "Salvato." in page.text
    assert sorted(await said(session, anna)) == ["GRANT MKT_OWN EMAIL EMAIL_LINK", "GRANT PROFILING EMAIL_LINK"]
    assert all(each.is_proven and each.text_sha256 and each.party == "SUBJECT" for each in entries)
    assert all(each.text_sha256 in page.text for each in entries if each.text_sha256)


@pytest.mark.parametrize("doubt", ["unconfirmed", "old"])
async def test_c_13_any_other_yes_waits_for_the_press_in_a_mail(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer, doubt: str
) -> None:
    with clock.frozen(clock.now() - timedelta(days=4 if doubt == "old" else 0)):
        link = await foot_link(session, settings, anna)
    if doubt == "unconfirmed":
        (await point_of(session, anna)).level = ContactLevel.DELIVERED_OK
        await session.commit()

    page = await anonymous.post(link, data={"act": "choose", "MKT_OWN.EMAIL": "yes"})

    assert "Il sì vale dopo la conferma." in page.text
    assert await said(session, anna) == ["GRANT_PENDING MKT_OWN EMAIL WEB"]


async def test_c_12_a_yes_to_texts_waits_for_the_code_that_is_typed_on_the_page(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    (await point_of(session, anna, "PHONE")).level = ContactLevel.DELIVERED_OK
    await session.commit()
    link = await foot_link(session, settings, anna)

    asked = await anonymous.post(link, data={"act": "choose", "MKT_OWN.SMS": "yes"})
    [row] = (await session.scalars(select(Confirmation))).all()
    code = code_of(settings, row.message_id)
    unreadable = await anonymous.post(link, data={"act": "code", "code": "12 34"})
    wrong = await anonymous.post(link, data={"act": "code", "code": f"{(int(code) + 1) % 10**6:06d}"})
    right = await anonymous.post(link, data={"act": "code", "code": code})

    assert "scriva qui sotto il codice" in asked.text
    assert 'aria-invalid="true"' in unreadable.text
    assert "Il codice non è giusto." in wrong.text
    assert "il numero è confermato" in right.text
    assert [each.partition(" ")[0] for each in await said(session, anna)] == ["GRANT_PENDING", "GRANT"]
    assert (await point_of(session, anna, "PHONE")).level == "CONFIRMED"


async def test_c_14_a_no_is_as_easy_as_a_yes_and_saying_it_again_adds_nothing(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    await make_consent(session, anna.id)
    await session.commit()
    link = await foot_link(session, settings, anna)

    for _ in range(2):
        page = await anonymous.post(link, data={"act": "choose", "MKT_OWN.EMAIL": "no", "MKT_OWN.POST": "no"})

    assert "non è cambiato nulla" in page.text
    assert sorted(await said(session, anna))[:2] == ["DENY MKT_OWN POST EMAIL_LINK", "GRANT MKT_OWN EMAIL POS_PAPER"]
    assert (await said(session, anna)).count("WITHDRAW MKT_OWN EMAIL EMAIL_LINK") == 1


async def test_e_04_e_21_the_picture_alone_can_be_stopped(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    await make_consent(session, anna.id)
    for purpose in (Purpose.TRACK_OPEN, Purpose.TRACK_CLICK):
        await make_consent(session, anna.id, purpose=purpose, channel=None)
    await session.commit()

    await anonymous.post(await foot_link(session, settings, anna), data={"act": "choose", "TRACK_OPEN": "no"})

    assert [each for each in await said(session, anna) if each.startswith("WITHDRAW")] == [
        "WITHDRAW TRACK_OPEN EMAIL_LINK"
    ]


async def test_c_15_one_press_stops_everything(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    await make_consent(session, anna.id)
    await session.commit()
    link = await foot_link(session, settings, anna)

    pages = [await anonymous.post(link, data={"act": "stop"}) for _ in range(2)]

    closed = {each for each in await said(session, anna) if each.startswith("OBJECT")}
    assert all("Abbiamo fermato tutto" in page.text for page in pages)
    for purpose in ("MKT_OWN EMAIL", "MKT_OWN PHONE_OPERATOR", "PROFILING", "THIRD_PARTY", "TRACK_OPEN"):
        assert f"OBJECT {purpose} EMAIL_LINK" in closed
    assert "OBJECT MARKET_RESEARCH EMAIL EMAIL_LINK" in closed
    assert len(await said(session, anna)) == len(closed) + 1


async def test_nothing_is_ticked_that_the_person_did_not_say_and_a_soft_optin_is_told(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    await make_soft_optin(session, anna.id, (await point_of(session, anna)).id)
    await session.commit()

    page = (await anonymous.get(await foot_link(session, settings, anna))).text

    assert " checked" not in page
    assert "finché non dice no" in page


async def test_c_17_a_child_can_say_no_and_ask_but_not_yes(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    """C-17: under 14 no yes at all; 14–17 none to profiling. A yes that is sent all the same is not stored."""
    today = clock.now().date()
    anna.birth_on = date(today.year - 12, 1, 1)
    await session.commit()
    link = await foot_link(session, settings, anna)

    child = (await anonymous.post(link, data={"act": "choose", "MKT_OWN.EMAIL": "yes", "PROFILING": "yes"})).text
    anna.birth_on = date(today.year - 15, 1, 1)
    await session.commit()
    teen = (await anonymous.post(link, data={"act": "choose", "MKT_OWN.EMAIL": "yes", "PROFILING": "yes"})).text

    assert 'value="yes"' not in child
    assert "con un genitore" in child
    assert 'name="MKT_OWN.EMAIL" value="yes"' in teen
    assert 'name="PROFILING" value="yes"' not in teen
    assert await said(session, anna) == ["GRANT MKT_OWN EMAIL EMAIL_LINK"]


async def test_c_26_a_restricted_card_takes_a_no_and_no_yes(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    await make_consent(session, anna.id)
    anna.restricted_at = clock.now()
    await session.commit()
    link = await foot_link(session, settings, anna)

    await anonymous.post(link, data={"act": "choose", "MKT_OWN.SMS": "yes", "MKT_OWN.EMAIL": "no"})

    assert (await said(session, anna))[1:] == ["WITHDRAW MKT_OWN EMAIL EMAIL_LINK"]


async def test_the_newest_text_in_the_reader_s_language_stands_beside_the_choice(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    await make_notice_version(session, purpose=Purpose.MKT_OWN, effective_from=clock.now() + timedelta(days=1))
    newest = await make_notice_version(
        session, purpose=Purpose.MKT_OWN, effective_from=clock.now() - timedelta(hours=1)
    )
    await session.commit()
    link = await foot_link(session, settings, anna)

    await anonymous.post(link, data={"act": "choose", "MKT_OWN.EMAIL": "yes"})

    [entry] = (await session.scalars(select(ConsentEvent).where(ConsentEvent.customer_id == anna.id))).all()
    assert entry.notice_version_id == newest.id


# ── data ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_23_a_corrected_mail_address_waits_beside_the_old_one_until_it_answers(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    """The consent does not move by itself; the press in the mail ends the old address."""
    link = await fresh_link(session, settings, anna)

    page = await anonymous.post(link, data={"act": "data", "email": "Nuova@Example.it", "given_name": "Annamaria"})
    [row] = (await session.scalars(select(Confirmation))).all()
    mine = select(ContactPoint).where(ContactPoint.customer_id == anna.id, ContactPoint.kind == "EMAIL")
    before = {each.value: (each.level, each.is_primary) for each in await session.scalars(mine)}
    confirm = tokens.write(settings, Use.CONFIRM, row.message_id, row.contact_point_id, anna.id)
    await anonymous.post(f"/confirm/{confirm}")

    current = await point_of(session, anna)
    await session.refresh(anna)
    audited = await session.scalars(select(AuditEntry.actor_kind).where(AuditEntry.action == "customer.changed"))
    assert "le abbiamo scritto per confermare" in page.text
    assert before == {"anna@example.it": ("CONFIRMED", False), "Nuova@example.it": ("UNVERIFIED", True)}
    assert (current.value, current.level, current.source) == ("Nuova@example.it", "CONFIRMED", "self")
    assert anna.given_name == "Annamaria"
    assert set(audited) == {"subject"}
    assert (await session.scalars(mine.where(ContactPoint.valid_to.is_(None)))).all() == [current]


async def test_what_cannot_be_read_is_told_beside_its_field_and_nothing_is_changed(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    """Errors beside the fields, a summary on top that leads to them, and what was typed stays."""
    link = await fresh_link(session, settings, anna)
    typed = {
        "act": "data",
        "given_name": "Annamaria",
        "birth_on": "31/02/2030",
        "email": "anna@",
        "phone": "12",
        "street": "",
        "city": "Torino",
    }

    answer = await anonymous.post(link, data=typed)

    page = unescape(answer.text)
    await session.refresh(anna)
    assert answer.status_code == 200
    assert "<title>Errore: " in page
    assert page.index('role="alert"') < page.index('id="email"')
    for field in ("birth_on", "email", "phone", "street"):
        assert f'href="#{field}"' in page
        assert re.search(rf'id="{field}"[^>]*aria-invalid="true"', page)
        assert f'id="{field}-fault"' in page
    assert 'value="anna@"' in page
    assert anna.given_name == "Anna"


async def test_c_17_a_minor_does_not_grow_up_by_typing_another_year(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    born = date(clock.now().year - 13, 1, 1)
    anna.birth_on = born
    await session.commit()

    await anonymous.post(
        await fresh_link(session, settings, anna), data={"act": "data", "birth_on": "1980-01-01", "given_name": "Ada"}
    )

    await session.refresh(anna)
    assert (anna.birth_on, anna.given_name) == (born, "Ada")


async def test_the_address_and_the_language_are_corrected_at_once(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    link = await fresh_link(session, settings, anna)

    page = await anonymous.post(
        link,
        data={"act": "data", "language": "en", "street": "Via Dora 2", "city": "Torino", "postal_code": "10122",
              "country": "IT", "province": "", "phone": ""},
    )  # fmt: skip

    await session.refresh(anna)
    assert "Saved." in page.text
    assert (anna.language, (await point_of(session, anna, "POSTAL")).address["street"]) == ("en", "Via Dora 2")  # type: ignore[index]
    phones = await session.scalars(
        select(ContactPoint.id).where(ContactPoint.kind == "PHONE", ContactPoint.valid_to.is_(None))
    )
    assert phones.all() == []


# ── requests, machines, paper ─────────────────────────────────────────────────────────────────────────────────────────


async def test_c_29_a_request_from_the_page_reaches_the_desk_once_with_its_clock(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    """B-49 the other way round: whoever came over the stored address is known, from the foot of a message not yet."""
    foot, fresh = await foot_link(session, settings, anna), await fresh_link(session, settings, anna)

    for _ in range(2):
        page = await anonymous.post(foot, data={"act": "ask", "request": "ERASURE"})
    await anonymous.post(fresh, data={"act": "ask", "request": "ACCESS"})
    await anonymous.post(fresh, data={"act": "ask", "request": "EVERYTHING"})

    rows = (await session.scalars(select(PrivacyRequest).order_by(PrivacyRequest.id))).all()
    assert "Richiesta ricevuta. Risponderemo entro il" in page.text
    assert [(row.kind, row.channel, row.identity_method) for row in rows] == [
        ("ERASURE", "WEB", None),
        ("ACCESS", "WEB", "LINK_TO_STORED_CONTACT"),
    ]
    assert {row.received_on for row in rows} == {clock.today("Europe/Rome")}


async def test_many_presses_at_once_ask_once_and_send_three_links(
    clean_sessions: Sessions, clean_database: Services
) -> None:
    clean_settings = settings_for(clean_database)
    async with clean_sessions() as session, session.begin():
        await make_business(session)
        await messaging.seed_templates(session, settings=clean_settings)
        customer = await make_customer(session, email="anna@example.it")
        foot = await foot_link(session, clean_settings, customer)
    app = create_app(clean_settings)
    engine = make_engine(clean_settings.database_url)
    app.state.sessions = app.state.read_sessions = make_sessions(engine)
    async with AsyncClient(transport=ASGITransport(app), base_url="http://testserver") as browser:
        presses = [{"act": "ask", "request": "ACCESS"}, {"act": "link"}] * 6
        answers = await asyncio.gather(*(browser.post(foot, data=each) for each in presses))
    await engine.dispose()

    assert {answer.status_code for answer in answers} == {200}
    async with clean_sessions() as session:
        assert await session.scalar(select(func.count()).select_from(PrivacyRequest)) == 1
        assert await sent_links(session, customer) == 3


async def test_a_machine_that_fills_in_every_field_changes_nothing(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    link = await fresh_link(session, settings, anna)

    answer = await anonymous.post(link, data={"act": "stop", "website": "https://spam.example"})

    assert (answer.status_code, await said(session, anna)) == (200, [])


async def test_whoever_presses_without_end_is_slowed(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    link = await foot_link(session, settings, anna)

    statuses = [(await anonymous.post(link, data={"act": "none"})).status_code for _ in range(PRESSES_A_MINUTE + 1)]

    assert statuses == [200] * PRESSES_A_MINUTE + [429]
    assert (await anonymous.get(link)).status_code == 200


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"--nothing"])
async def test_a_body_nobody_can_read_shows_the_page(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer, body: bytes
) -> None:
    answer = await anonymous.post(
        await foot_link(session, settings, anna),
        content=body,
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )

    assert (answer.status_code, await said(session, anna)) == (200, [])


async def test_b_21_a_name_is_never_markup(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    anna.given_name = '<script>alert(1)</script>" onfocus="x'
    await session.commit()

    page = (await anonymous.get(await fresh_link(session, settings, anna))).text

    assert "<script" not in page
    assert '" onfocus="x' not in page


async def test_e_04_e_05_every_mail_leads_to_the_page_and_the_way_out_leads_there_too(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    """The unsubscribe link can only unsubscribe, so the page it leads to changes nothing by itself."""
    point = await point_of(session, anna)
    out = "/u/" + tokens.unsubscribe_token(settings, uuid4(), point.id, anna.id)

    after = await anonymous.post(out, data={"stop": "1"})
    link = re.search(r'href="(/p/[^"]+)"', after.text)

    assert link is not None
    assert "Mandatemi un collegamento" in (await anonymous.get(link.group(1))).text


async def test_the_paper_form_is_a_tagged_pdf_with_the_texts_and_a_code(
    session: AsyncSession, anna: Customer, token_client: TokenClient
) -> None:
    desk = await token_client(["consents:read"])

    answers = [
        await desk.get(f"/v1/customers/{anna.id}/paper-form", params={"language": each}) for each in ("it", "en")
    ]
    stranger = await desk.get(f"/v1/customers/{uuid4()}/paper-form")
    refused = await (await token_client(["customers:read"])).get(f"/v1/customers/{anna.id}/paper-form")

    assert [(each.status_code, each.content[:5]) for each in answers] == [(200, b"%PDF-")] * 2
    assert answers[0].headers["content-type"] == "application/pdf"
    assert b"/MarkInfo" in answers[0].content
    assert (stranger.status_code, refused.status_code) == (404, 403)


async def test_the_page_prints_as_the_form_with_empty_boxes_and_the_hash_of_every_text(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    version = await make_notice_version(session, purpose=Purpose.TRACK_OPEN)
    await make_consent(session, anna.id, action=Action.GRANT, method=Method.POS_PAPER)
    await session.commit()

    page = (await anonymous.get(await foot_link(session, settings, anna))).text

    assert "@media print" in page
    assert version.text_sha256 in page
    for line in ("Nome e cognome", "Data", "Firma", "Ricevuto da"):
        assert f'<p class="line"><span>{line}</span></p>' in page


async def test_c_05_each_third_party_is_a_choice_of_its_own_and_whoever_has_the_data_is_named(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, anna: Customer
) -> None:
    """C-19: one named recipient, one text, one yes; a no to it says nothing of the others."""
    recipients = []
    for name in ("Vini Rossi", "Assicura"):
        recipient = Recipient(
            name=name, category="shop", merchandise_category="wine", country="IT", privacy_contact="p@example.it",
            stated_use="offers", activated_at=clock.now(), created_at=clock.now(),
        )  # fmt: skip
        session.add(recipient)
        await session.flush()
        version = await make_notice_version(session, purpose=Purpose.THIRD_PARTY)
        notice = await session.get_one(Notice, version.notice_id)
        notice.recipient_id, notice.recipient_name, notice.merchandise = recipient.id, name, "wine"
        recipients.append(recipient)
    handover = Handover(
        id=uuid4(), recipient_id=recipients[0].id, export_id=uuid4(), fields=["email"], people_count=1,
        made_at=clock.now(), made_by="tests",
    )  # fmt: skip
    session.add_all([handover, Disclosure(handover_id=handover.id, customer_id=anna.id)])
    await session.commit()
    link = await fresh_link(session, settings, anna)

    first = await anonymous.post(link, data={"act": "choose", f"THIRD_PARTY.{recipients[0].id}": "yes"})
    await anonymous.post(link, data={"act": "choose", f"THIRD_PARTY.{recipients[1].id}": "no"})

    entries = await session.execute(
        select(ConsentEvent.action, ConsentEvent.recipient_id, ConsentEvent.is_proven).order_by(ConsentEvent.seq)
    )
    assert [tuple(row) for row in entries] == [("GRANT", recipients[0].id, True), ("DENY", recipients[1].id, True)]
    assert "Dare i miei dati a Vini Rossi" in first.text
    assert "<li>Vini Rossi</li>" in first.text
    assert "<li>Assicura</li>" not in first.text
    assert re.search(rf'name="THIRD_PARTY.{recipients[0].id}" value="yes" checked', first.text)
