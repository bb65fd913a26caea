"""The unsubscribe page: what a scanner, a mail program, a person and a stranger each get (E-02…E-05, B-01…B-05)."""

from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient
from pydantic import SecretStr
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import tokens
from ritorno.consents.models import ConsentEvent
from ritorno.consents.public_answers import BAD_TOKENS_A_MINUTE
from ritorno.customers.models import ContactPoint, Customer
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.stores.models import Business
from tests.factories.consents import make_consent, make_soft_optin
from tests.factories.customers import make_customer

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
async def customer(session: AsyncSession) -> Customer:
    customer = await make_customer(session, email="a@example.it", phone="+393331234567", language="it")
    await make_consent(session, customer.id)
    business = await session.get_one(Business, 1)
    business.name, business.address, business.email = "Bottega <Rossi>", "Via Roma 1, Bologna", "ciao@bottega.example"
    await session.commit()
    return customer


async def point_of(session: AsyncSession, customer: Customer, kind: str = "EMAIL") -> UUID:
    found = await session.scalars(
        select(ContactPoint.id).where(ContactPoint.customer_id == customer.id, ContactPoint.kind == kind)
    )
    return found.one()


async def link_to(session: AsyncSession, settings: Settings, customer: Customer, kind: str = "EMAIL") -> str:
    point_id = await point_of(session, customer, kind)
    return "/u/" + tokens.unsubscribe_token(settings, uuid4(), point_id, customer.id)


async def said_no(session: AsyncSession, customer: Customer) -> list[str]:
    rows = await session.execute(
        select(ConsentEvent.action, ConsentEvent.channel)
        .where(ConsentEvent.customer_id == customer.id, ConsentEvent.action.in_(("WITHDRAW", "OBJECT")))
        .order_by(ConsentEvent.seq)
    )
    return [f"{action} {channel}" for action, channel in rows]


async def test_e_03_b_01_opening_the_link_fifty_times_changes_nothing(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, customer: Customer
) -> None:
    link = await link_to(session, settings, customer)

    for number in range(50):
        method = "HEAD" if number % 5 == 0 else "GET"
        answer = await anonymous.request(method, link, headers={"User-Agent": "Barracuda Sentinel (scanner)"})
        assert answer.status_code == 200

    assert await said_no(session, customer) == []


async def test_the_page_says_who_writes_and_why_and_needs_nothing_of_the_browser(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, customer: Customer
) -> None:
    """UX §4.18, D-06: no script, no cookie, 30 kB at most, not indexed, no referrer; a name is never markup."""
    answer = await anonymous.get(await link_to(session, settings, customer))

    page = answer.text
    assert "Non vuole più ricevere le nostre email?" in page
    assert "Bottega &lt;Rossi&gt;" in page
    assert "Via Roma 1, Bologna" in page
    assert "perché ha dato il consenso" in page
    assert "<script" not in page
    assert 'lang="it"' in page
    assert len(answer.content) < 30_000
    assert "set-cookie" not in answer.headers
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "noindex" in answer.headers["x-robots-tag"]


async def test_the_page_speaks_the_language_of_the_person(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, customer: Customer
) -> None:
    customer = await session.get_one(Customer, customer.id)
    customer.language = "en"
    await session.commit()

    page = (await anonymous.get(await link_to(session, settings, customer))).text

    assert "Would you like to stop our emails?" in page


@pytest.mark.parametrize("encoding", ["form", "multipart"])
async def test_e_02_b_02_one_click_unsubscribes_and_a_repeat_appends_nothing(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, customer: Customer, encoding: str
) -> None:
    """RFC 8058: either kind of form, 200 with a short body, never a redirect, no cookie and no token of ours."""
    link = await link_to(session, settings, customer)

    for _ in range(2):
        if encoding == "form":
            answer = await anonymous.post(link, data=ONE_CLICK)
        else:
            answer = await anonymous.post(link, files={"List-Unsubscribe": (None, "One-Click")})
        assert (answer.status_code, answer.text) == (200, "OK")

    assert await said_no(session, customer) == ["WITHDRAW EMAIL"]


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"--nothing"])
async def test_e_02_a_body_nobody_can_read_unsubscribes_all_the_same(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, customer: Customer, body: bytes
) -> None:
    answer = await anonymous.post(
        await link_to(session, settings, customer),
        content=body,
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )

    assert answer.status_code == 200
    assert await said_no(session, customer) == ["WITHDRAW EMAIL"]


async def test_e_02_after_the_press_the_rest_can_be_stopped_too(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, customer: Customer
) -> None:
    """C-15: the page offers texts, post and phone."""
    link = await link_to(session, settings, customer)

    after = await anonymous.post(link, data={"stop": "1"})
    assert "Fatto. Vale da subito." in after.text
    for words in ("Anche gli SMS", "Anche la posta", "Anche le telefonate", "Fermare tutto"):
        assert words in after.text
    everything = await anonymous.post(link, data={"also": "SMS,POST,PHONE_OPERATOR,NONSENSE"})

    assert "Non le arriveranno più offerte" in everything.text
    assert await said_no(session, customer) == [
        "WITHDRAW EMAIL",
        "OBJECT PHONE_OPERATOR",
        "OBJECT POST",
        "OBJECT SMS",
    ]
    assert "È già così" in (await anonymous.get(link)).text


async def test_the_link_of_a_text_message_stops_text_messages(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, customer: Customer
) -> None:
    """M-06."""
    link = await link_to(session, settings, customer, kind="PHONE")

    assert "nostri SMS" in (await anonymous.get(link)).text
    await anonymous.post(link, data=ONE_CLICK)

    assert await said_no(session, customer) == ["OBJECT SMS"]


async def test_a_buyer_who_never_consented_reads_why_and_objects(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, customer: Customer
) -> None:
    buyer = await make_customer(session, email="buyer@example.it")
    await make_soft_optin(session, buyer.id, await point_of(session, buyer))
    await session.commit()
    link = await link_to(session, settings, buyer)

    assert "perché ha comprato da" in (await anonymous.get(link)).text
    await anonymous.post(link, data=ONE_CLICK)

    assert await said_no(session, buyer) == ["OBJECT EMAIL"]


async def test_e_05_b_03_every_wrong_token_gets_the_same_page_and_changes_nothing(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, customer: Customer
) -> None:
    """Of another installation, edited, truncated, of another version, or no token at all."""
    genuine = await link_to(session, settings, customer)
    other = settings.model_copy(update={"secret_key": SecretStr("the secret of another installation")})
    foreign = await link_to(session, other, customer)
    version, kid, payload, signature = genuine.removeprefix("/u/").split(".")
    edited = f"/u/{version}.{kid}.{payload[:-2]}{'AA' if payload[-2:] != 'AA' else 'BB'}.{signature}"
    wrong = [foreign, edited, genuine[:-8], genuine.replace("/u/v1", "/u/v2"), "/u/nonsense", "/u/v1.a.b.c", "/u/ù"]

    answers = [await anonymous.request(method, link) for link in wrong for method in ("GET", "POST")]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.text for answer in answers}) == 1
    assert "ciao@bottega.example" in answers[0].text
    assert await said_no(session, customer) == []


async def test_b_03_whoever_tries_many_wrong_tokens_is_slowed_and_a_genuine_link_is_not(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, customer: Customer
) -> None:
    for _ in range(BAD_TOKENS_A_MINUTE):
        await anonymous.get("/u/nonsense")

    assert (await anonymous.get("/u/nonsense")).status_code == 429
    assert (await anonymous.post(await link_to(session, settings, customer), data=ONE_CLICK)).status_code == 200


async def test_e_05_b_04_a_link_of_three_years_ago_works_with_the_key_rotated_since(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, customer: Customer
) -> None:
    old = settings.model_copy(update={"secret_key": SecretStr("the key we had three years ago")})
    with clock.frozen(clock.now().replace(year=clock.now().year - 3, day=1)):
        link = await link_to(session, old, customer)
    rotated = settings.model_copy(update={"old_secret_keys": SecretStr("another, the key we had three years ago")})
    anonymous._transport.app.state.settings = rotated  # type: ignore[attr-defined]

    answer = await anonymous.post(link, data=ONE_CLICK)

    assert answer.status_code == 200
    assert await said_no(session, customer) == ["WITHDRAW EMAIL"]


async def test_b_05_an_erased_person_and_an_unknown_one_are_answered_alike(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, customer: Customer
) -> None:
    """200; nothing is appended for whoever is gone."""
    erased = await link_to(session, settings, customer)
    unknown = "/u/" + tokens.unsubscribe_token(settings, uuid4(), uuid4(), uuid4())
    await session.execute(text("update customers set erased_at = now() where id = :id"), {"id": customer.id})
    await session.commit()

    for link in (erased, unknown):
        assert (await anonymous.get(link)).status_code == 200
        assert (await anonymous.post(link, data=ONE_CLICK)).text == "OK"
        assert (await anonymous.post(link, data={"stop": "1"})).status_code == 200

    counted = await session.scalar(select(func.count()).select_from(ConsentEvent).where(ConsentEvent.action != "GRANT"))
    assert counted == 0


def test_e_05_a_token_carries_opaque_ids_only(settings: Settings) -> None:
    message, point, customer = uuid4(), uuid4(), uuid4()

    said = tokens.read_unsubscribe(settings, tokens.unsubscribe_token(settings, message, point, customer))

    assert said is not None
    assert said[:3] == (message, point, customer)
    assert abs((clock.now() - said.issued_at).total_seconds()) < 5
