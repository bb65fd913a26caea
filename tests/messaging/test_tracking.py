"""Openings and clicks: of those who allow it, told apart from machines, and never of anybody else (E-20…E-23)."""

from collections.abc import Sequence
from datetime import timedelta
from email import message_from_bytes, policy
from uuid import UUID, uuid4

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from httpx import AsyncClient
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Action, Purpose, TemplateClass
from ritorno.customers.models import Customer
from ritorno.embedded import Services
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.db import unit_of_work
from ritorno.kit.problems import Invalid
from ritorno.messaging import queries, service
from ritorno.messaging.dispatch import Dispatch
from ritorno.messaging.envelopes import read_envelope, read_mailto_unsubscribe
from ritorno.messaging.letters import ask_again, open_desk
from ritorno.messaging.mime import Letter
from ritorno.messaging.models import Message, Template
from ritorno.messaging.schemas import TemplatePatch
from ritorno.messaging.tracking import measuring
from ritorno.messaging.tracking.models import MeasuredMessage, MessageEvent
from ritorno.messaging.tracking.queries import Measured, measured
from ritorno.messaging.tracking.tokens import click_token, open_token
from ritorno.messaging.views import message_read
from tests.conftest import Sessions, settings_for
from tests.factories.consents import STAFF, make_consent
from tests.factories.customers import make_customer
from tests.factories.messaging import MJML, make_business, make_plan, make_template
from tests.messaging.crowd import Sink, listening

SHOP, COFFEE, NEWS = LINKS = (
    "https://bottega.example/",
    "https://bottega.example/caffe?da=email&n=1",
    "https://news.example/a",
)
LINKED = MJML.replace(
    "la aspettiamo.</mj-text>",
    f'la aspettiamo <a href="{SHOP}">in bottega</a>, per <a href="{COFFEE.replace("&", "&amp;")}">un caffè</a>'
    f' o <a href="{NEWS}">due novità</a>. <a href="http://vecchio.example/">Il vecchio sito</a></mj-text>',
)
READER = {"User-Agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.0 Safari"}
BOTH = (Purpose.TRACK_OPEN, Purpose.TRACK_CLICK)


@pytest.fixture
async def template(session: AsyncSession, settings: Settings) -> Template:
    await make_business(session)
    return await make_template(session, settings, body=LINKED, is_measured=True)


async def make_reader(
    session: AsyncSession, *allowed: Purpose, email: str = "anna@shop.example", **columns: str
) -> Customer:
    """Make somebody who agreed to be measured in these ways."""
    customer = await make_customer(session, email=email, **columns)
    for purpose in allowed:
        await make_consent(session, customer.id, purpose=purpose, channel=None)
    return customer


async def write(
    session: AsyncSession, settings: Settings, template: Template, people: Sequence[Customer], touch_id: UUID
) -> list[Letter]:
    """Write to these people as the road does, and have it sent an hour ago."""
    await make_plan(session, template, [person.id for person in people], touch_id=touch_id)
    claimed = await queries.waiting_of(session, [person.id for person in people])
    asked = await ask_again(session, claimed, at=clock.now())
    desk = await open_desk(session, settings, asked)
    await measuring.keep_measured(session, desk.measured(asked))
    letters = [desk.write(each, at=clock.now()) for each in asked]
    await session.execute(
        update(Message)
        .where(Message.touch_id == touch_id)
        .values(status="sent", sent_at=clock.now() - timedelta(hours=1))
    )
    await session.commit()
    assert all(isinstance(letter, Letter) for letter in letters)
    return [letter for letter in letters if isinstance(letter, Letter)]


async def write_to(session: AsyncSession, settings: Settings, template: Template, person: Customer) -> Letter:
    return (await write(session, settings, template, [person], uuid4()))[0]


def parts_of(letter: Letter) -> tuple[str, str]:
    """Return the HTML and the text of a letter."""
    mail = message_from_bytes(letter.raw, policy=policy.default)
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert text is not None
    return html.get_content(), text.get_content()


async def happened(session: AsyncSession, *, kind: str | None = None) -> list[tuple[str, int | None, bool]]:
    statement = select(MessageEvent.kind, MessageEvent.link_index, MessageEvent.is_machine).order_by(MessageEvent.id)
    rows = (await session.execute(statement)).all()
    return [(row[0], row[1], row[2]) for row in rows if kind in {None, row[0]}]


# ── what is written ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("is_measured", [True, False])
async def test_e_20_e_22_without_both_a_template_that_asks_and_a_person_who_allows_links_lead_where_they_say(
    session: AsyncSession, settings: Settings, template: Template, is_measured: bool
) -> None:
    template.is_measured = is_measured
    anna = await make_reader(session, *(() if is_measured else BOTH))

    html, text = parts_of(await write_to(session, settings, template, anna))

    assert "/c/" not in html + text
    assert "/o/" not in html
    assert f'href="{COFFEE.replace("&", "&amp;")}"' in html
    assert COFFEE in text
    assert (await session.scalars(select(MeasuredMessage))).all() == []


async def test_e_22_each_web_link_of_who_allows_clicks_is_measured_and_none_of_ours(
    session: AsyncSession, settings: Settings, template: Template
) -> None:
    letter = await write_to(session, settings, template, await make_reader(session, Purpose.TRACK_CLICK))

    html, text = parts_of(letter)
    own = [f"http://testserver/c/{click_token(settings, letter.message_id, index)}" for index in range(3)]
    assert all(f'href="{address}"' in html and address in text for address in own)
    assert all(link not in html + text for link in LINKS)
    assert (html.count("/c/"), text.count("/c/"), html.count("/o/")) == (3, 3, 0)
    assert html.count("http://testserver/u/") == text.count("http://testserver/u/") == 1
    assert html.count("http://testserver/p/") == 1
    assert 'href="http://vecchio.example/"' in html


async def test_e_20_the_picture_is_in_the_mail_of_who_allows_openings_and_names_nobody(
    session: AsyncSession, settings: Settings, template: Template
) -> None:
    anna = await make_reader(session, Purpose.TRACK_OPEN)

    letter = await write_to(session, settings, template, anna)

    html, text = parts_of(letter)
    token = open_token(settings, letter.message_id)
    assert html.count(f'src="http://testserver/o/{token}.gif"') == 1
    assert "/c/" not in html + text
    assert str(anna.id) not in html
    assert len(token) == 36


async def test_e_20_a_service_mail_carries_no_picture_and_its_template_cannot_ask(
    session: AsyncSession, settings: Settings, template: Template
) -> None:
    notice = await make_template(session, settings, template_class=TemplateClass.SERVICE)
    letter = await write_to(session, settings, notice, await make_reader(session, *BOTH))

    assert "/o/" not in parts_of(letter)[0]
    with pytest.raises(Invalid):
        await service.edit_template(session, notice, TemplatePatch(is_measured=True), settings=settings, actor=STAFF)
    session.expire(notice)
    became = TemplatePatch(template_class=TemplateClass.SERVICE, purpose=Purpose.SERVICE)
    edited, _ = await service.edit_template(session, template, became, settings=settings, actor=STAFF)
    assert edited.is_measured is False


async def test_d_11_a_shared_mailbox_is_measured_only_when_everybody_in_it_allows_it(
    session: AsyncSession, settings: Settings, template: Template
) -> None:
    anna = await make_reader(session, *BOTH)
    await make_reader(session, Purpose.TRACK_OPEN, given_name="Bruno")

    html, _ = parts_of(await write_to(session, settings, template, anna))

    assert ("/o/" in html, "/c/" in html) == (True, False)


async def test_what_staff_look_at_opens_nothing(session: AsyncSession, settings: Settings, template: Template) -> None:
    letter = await write_to(session, settings, template, await make_reader(session, *BOTH))
    message = await session.get_one(Message, letter.message_id)

    shown = await message_read(session, message, settings=settings, language="it", may_see_address=True)

    assert shown.html is not None
    assert "/o/" not in shown.html


# ── what comes back ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_e_22_a_measured_link_leads_on_and_tells_nobody_where_from(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, template: Template
) -> None:
    letter = await write_to(session, settings, template, await make_reader(session, Purpose.TRACK_CLICK))

    answer = await anonymous.get(f"/c/{click_token(settings, letter.message_id, 1)}", headers=READER)

    assert (answer.status_code, answer.headers["location"]) == (302, COFFEE)
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert "set-cookie" not in answer.headers
    assert await happened(session) == [("click", 1, False)]


async def test_e_22_b_55_an_altered_link_leads_nowhere_and_a_destination_in_the_address_is_ignored(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, template: Template
) -> None:
    letter = await write_to(session, settings, template, await make_reader(session, *BOTH))
    token = click_token(settings, letter.message_id, 0)
    forged = token[:21] + ("A" if token[21] != "A" else "B") + token[22:]
    spoilt = (forged, token[:-1], token + "A", "x", open_token(settings, letter.message_id))

    for wrong in (*spoilt, click_token(settings, letter.message_id, 3), click_token(settings, uuid4(), 0)):
        answer = await anonymous.get(f"/c/{wrong}", params={"url": "https://evil.example/"}, headers=READER)
        assert (answer.status_code, answer.headers.get("location")) == (404, None)
    lured = await anonymous.get(f"/c/{token}", params={"url": "https://evil.example/"}, headers=READER)

    assert lured.headers["location"] == SHOP
    assert await happened(session) == [("click", 0, False)]


async def test_e_21_after_the_withdrawal_an_old_mail_shows_its_picture_and_logs_nothing(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, template: Template
) -> None:
    anna = await make_reader(session, *BOTH)
    letter = await write_to(session, settings, template, anna)
    picture = f"/o/{open_token(settings, letter.message_id)}.gif"
    await anonymous.get(picture, headers=READER)
    for purpose in BOTH:
        await make_consent(
            session, anna.id, purpose=purpose, channel=None, action=Action.WITHDRAW, at=clock.now(), evidence=[]
        )
    await session.commit()

    seen = await anonymous.get(picture, headers=READER)
    led = await anonymous.get(f"/c/{click_token(settings, letter.message_id, 2)}", headers=READER)

    assert (seen.status_code, seen.headers["content-type"]) == (200, "image/gif")
    assert seen.content.startswith(b"GIF89a")
    assert led.headers["location"] == NEWS
    assert await happened(session) == [("open", None, False)]


async def test_e_23_b_54_an_opening_nobody_allowed_is_dropped_and_apples_proxy_is_a_machine(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, template: Template
) -> None:
    anna = await make_reader(session, Purpose.TRACK_OPEN)
    silent = await make_reader(session, email="bruno@shop.example")
    letters = {person.id: await write_to(session, settings, template, person) for person in (anna, silent)}

    for letter in letters.values():
        for agent in ({"User-Agent": "Mozilla/5.0"}, READER):
            answer = await anonymous.get(f"/o/{open_token(settings, letter.message_id)}.gif", headers=agent)
            assert answer.status_code == 200
    forged = await anonymous.get("/o/AAAA.gif")

    assert forged.content.startswith(b"GIF89a")
    assert await happened(session) == [("open", None, True), ("open", None, False)]


async def test_e_23_who_follows_every_link_within_seconds_is_a_machine_from_the_first(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, template: Template
) -> None:
    anna = await make_reader(session, *BOTH)
    touch_id = uuid4()
    [letter] = await write(session, settings, template, [anna], touch_id)

    for index in range(3):
        await anonymous.get(f"/c/{click_token(settings, letter.message_id, index)}", headers=READER)

    assert [is_machine for _, _, is_machine in await happened(session)] == [False, False, True]
    assert await measured(session, [touch_id]) == Measured(1, 0, 1, 0)


async def test_e_23_a_head_request_leads_on_and_is_a_machine(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, template: Template
) -> None:
    letter = await write_to(session, settings, template, await make_reader(session, *BOTH))

    answer = await anonymous.head(f"/c/{click_token(settings, letter.message_id, 0)}", headers=READER)

    assert answer.headers["location"] == SHOP
    assert await happened(session) == [("click", 0, True)]


async def test_what_is_kept_of_one_message_has_an_end(
    session: AsyncSession,
    settings: Settings,
    anonymous: AsyncClient,
    template: Template,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measuring, "MOST_EVENTS", 2)
    letter = await write_to(session, settings, template, await make_reader(session, *BOTH))

    for _ in range(4):
        answer = await anonymous.get(f"/c/{click_token(settings, letter.message_id, 0)}", headers=READER)
        assert answer.status_code == 302

    assert len(await happened(session)) == 2


async def test_x_03_people_are_counted_once_out_of_those_who_allow_it(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, template: Template
) -> None:
    people = [
        await make_reader(session, *allowed, email=f"p{number}@shop.example")
        for number, allowed in enumerate((BOTH, BOTH, (Purpose.TRACK_OPEN,), ()))
    ]
    touch_id = uuid4()
    letters = {
        (await session.get_one(Message, each.message_id)).customer_id: each
        for each in await write(session, settings, template, people, touch_id)
    }

    for _ in range(2):
        await anonymous.get(f"/o/{open_token(settings, letters[people[0].id].message_id)}.gif", headers=READER)
        await anonymous.get(f"/c/{click_token(settings, letters[people[1].id].message_id, 0)}", headers=READER)
    await anonymous.get(f"/o/{open_token(settings, letters[people[2].id].message_id)}.gif", headers=READER)

    assert await measured(session, [touch_id]) == Measured(3, 2, 2, 1)
    assert await measured(session, [uuid4()]) == Measured(0, 0, 0, 0)


async def test_c_24_a_person_is_told_what_was_measured_and_an_erasure_forgets_it(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, template: Template
) -> None:
    anna = await make_reader(session, *BOTH)
    letter = await write_to(session, settings, template, anna)
    await anonymous.get(f"/c/{click_token(settings, letter.message_id, 2)}", headers=READER)

    [told] = (await service.export(session, anna.id))["openings"]
    await service.erase(session, anna.id)

    assert (told["act"], told["link"], told["by_a_machine"]) == ("followed", NEWS, False)
    assert await happened(session) == []
    assert (await session.scalars(select(MeasuredMessage))).all() == []


async def test_an_event_is_never_rewritten(
    session: AsyncSession, settings: Settings, anonymous: AsyncClient, template: Template
) -> None:
    letter = await write_to(session, settings, template, await make_reader(session, *BOTH))
    await anonymous.get(f"/c/{click_token(settings, letter.message_id, 2)}", headers=READER)

    with pytest.raises(DBAPIError, match=r"permission denied|append-only"):
        await session.execute(update(MessageEvent).values(is_machine=True))


# ── the whole road ────────────────────────────────────────────────────────────────────────────────────────────────────


class Postbox(Sink):
    """A mail server that also remembers where each mail would come back to."""

    def __init__(self) -> None:
        super().__init__()
        self.senders: list[str] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        self.senders.append(envelope.mail_from or "")
        return await super().handle_DATA(server, session, envelope)


async def test_e_01_e_10_e_20_a_mail_leaves_with_its_own_ways_back_and_measured_only_for_who_allows_it(
    clean_sessions: Sessions, clean_database: Services
) -> None:
    postbox = Postbox()
    async with listening(postbox) as url:
        settings = settings_for(clean_database, smtp_url=url, bounce_address="rimbalzi@bottega.example")
        async with unit_of_work(clean_sessions) as session:
            await make_business(session)
            template = await make_template(session, settings, body=LINKED, is_measured=True)
            people = [
                await make_reader(session, *BOTH),
                await make_reader(session, email="bruno@shop.example"),
            ]
            for person in people:
                await make_consent(session, person.id)
            await make_plan(session, template, [person.id for person in people], touch_id=uuid4())
        await Dispatch(settings, clean_sessions).run()

    mails = {mail["To"]: mail for mail in (message_from_bytes(raw, policy=policy.default) for raw in postbox.raw)}
    named = {read_envelope(settings, sender) for sender in postbox.senders}
    async with clean_sessions() as session:
        ids = set(await session.scalars(select(Message.id)))
        followed = (await session.scalars(select(MeasuredMessage))).all()
    page, mailbox = mails["anna@shop.example"]["List-Unsubscribe"].split(", ")
    assert named == ids
    assert page.startswith("<http://testserver/u/")
    assert read_mailto_unsubscribe(settings, mailbox.removeprefix("<mailto:").partition("?")[0]) in ids
    assert {address: "/c/" in str(mail.get_body(("plain",))) for address, mail in mails.items()} == {
        "anna@shop.example": True,
        "bruno@shop.example": False,
    }
    assert [(row.opens, row.clicks) for row in followed] == [(True, True)]
