"""When a message leaves: in the hours that are open, while it makes sense, again when it failed; and in which words."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.models import ConsentState
from ritorno.consents.rules import Channel, Purpose, ServiceKind, Standing, TemplateClass
from ritorno.customers.models import ContactPoint, Customer
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.db import unit_of_work
from ritorno.messaging import service
from ritorno.messaging.dispatch import Dispatch
from ritorno.messaging.models import CapturedMessage, Message, QueuedMessage, Sender, Template
from ritorno.messaging.schemas import TemplateCreate, TemplatePatch, TemplateTextWrite
from ritorno.stores.models import Business
from tests.conftest import Sessions
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer
from tests.factories.messaging import MJML, make_business, make_plan, make_template
from tests.messaging.crowd import Moody, address, make_crowd

ROME = ZoneInfo("Europe/Rome")
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=ROME)
STAFF = Actor.system("tests")
SMS = "{{ business.name }}: la aspettiamo. Basta SMS: {{ unsubscribe_url }}"


async def _messages(sessions: Sessions) -> Sequence[Message]:
    async with sessions() as session:
        return (await session.scalars(select(Message).order_by(Message.id))).all()


async def _next_due(sessions: Sessions) -> datetime | None:
    async with sessions() as session:
        return (await session.scalars(select(QueuedMessage.due_at))).one_or_none()


async def _plan(
    sessions: Sessions, settings: Settings, size: int, *, template_class: TemplateClass = TemplateClass.MARKETING
) -> UUID:
    touch_id = uuid4()
    async with unit_of_work(sessions) as session:
        await make_business(session)
        template = await make_template(session, settings, template_class=template_class)
        await make_plan(session, template, await make_crowd(session, size), touch_id=touch_id)
    return touch_id


async def _make_reader(session: AsyncSession, at: datetime) -> Customer:
    """Make somebody who agreed to texts long before."""
    customer = await make_customer(session, phone="+393401234567")
    await session.execute(update(ContactPoint).values(is_mobile=True, valid_from=at - timedelta(days=200)))
    await make_consent(session, customer.id, channel=Channel.SMS, at=at - timedelta(days=90))
    return customer


# ── the hours that are open ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("written_at", "business_zone", "leaves_at"),
    [
        pytest.param("2026-03-29T02:30", "Europe/Rome", "2026-03-30T09:00", id="an hour that does not exist"),
        pytest.param("2026-10-25T02:30", "Europe/Rome", "2026-10-26T09:00", id="an hour that comes twice"),
        pytest.param("2026-11-22T12:00", "Europe/Rome", "2026-11-23T09:00", id="a Sunday"),
        pytest.param("2026-10-04T12:00", "Europe/Rome", "2026-10-05T09:00", id="Saint Francis"),
        # B-30: where the person lives is not known, so the hour must be open in both places.
        pytest.param("2026-11-24T09:30", "Europe/London", "2026-11-24T10:00", id="a shop in London"),
    ],
)
async def test_b_29_b_30_a_text_at_a_closed_hour_leaves_at_the_next_open_one_exactly_once(
    clean_sessions: Sessions, clean_settings: Settings, written_at: str, business_zone: str, leaves_at: str
) -> None:
    at, opens = (datetime.fromisoformat(each).replace(tzinfo=ROME) for each in (written_at, leaves_at))
    with clock.frozen(at):
        async with unit_of_work(clean_sessions) as session:
            await make_business(session)
            await session.execute(update(Business).values(timezone=business_zone))
            await session.execute(update(Sender).values(is_ready=True))
            template = await make_template(session, clean_settings, channel=Channel.SMS, subject="", body=SMS)
            customer = await _make_reader(session, at)
            await service.write_to_customer(
                session, customer_id=customer.id, template_id=template.id, channel=Channel.SMS, actor=STAFF
            )

    handed_over = []
    for moment in (at, opens - timedelta(seconds=1), opens, opens, opens + timedelta(days=7)):
        with clock.frozen(moment):
            handed_over.append(await Dispatch(clean_settings, clean_sessions).run())

    (message,) = await _messages(clean_sessions)
    assert handed_over == [0, 0, 1, 0, 0]
    assert (message.status, message.sent_at) == ("sent", opens)


async def test_b_29_what_was_planned_for_an_open_hour_and_comes_too_late_for_it_waits_for_the_next(
    clean_sessions: Sessions, clean_settings: Settings
) -> None:
    """The worker was away until the evening: the gate is asked at the hand-off, not at the plan alone."""
    with clock.frozen(TUESDAY):
        async with unit_of_work(clean_sessions) as session:
            await make_business(session)
            await session.execute(update(Sender).values(is_ready=True))
            template = await make_template(session, clean_settings, channel=Channel.SMS, subject="", body=SMS)
            customer = await _make_reader(session, TUESDAY)
            await make_plan(session, template, [customer.id], touch_id=uuid4())

    with clock.frozen(TUESDAY.replace(hour=22)):
        evening = await Dispatch(clean_settings, clean_sessions).run()
    (deferred,) = await _messages(clean_sessions)
    with clock.frozen(TUESDAY.replace(hour=9) + timedelta(days=1)):
        morning = await Dispatch(clean_settings, clean_sessions).run()

    assert (evening, deferred.status, morning) == (0, "deferred", 1)
    assert await _next_due(clean_sessions) is None


# ── again, and too late ───────────────────────────────────────────────────────────────────────────────────────────────


async def _until_settled(sessions: Sessions, settings: Settings) -> list[datetime]:
    """Run the road at each moment something is due, and return the moments."""
    moments = []
    while (due_at := await _next_due(sessions)) is not None:
        with clock.frozen(due_at):
            await Dispatch(settings, sessions).run()
        moments.append(due_at)
    return moments


async def test_e_16_a_refusal_for_now_climbs_the_ladder_and_then_gives_up(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    server, settings = moody
    server.at_address = {address(0): "451 4.3.2 later"}
    with clock.frozen(TUESDAY):
        await _plan(clean_sessions, settings, 1)

    moments = await _until_settled(clean_sessions, settings)

    (message,) = await _messages(clean_sessions)
    hours = [(following - moment) / timedelta(hours=1) for moment, following in pairwise(moments)]
    assert (message.status, message.reason) == ("failed", "GAVE_UP")
    assert all(0.8 * step <= hour <= 1.2 * step for step, hour in zip((0.5, 1, 2, 4, 8, 12), hours, strict=True))
    assert moments[-1] - moments[0] < timedelta(hours=48)


async def test_e_16_a_code_is_tried_by_seconds_and_never_after_its_ten_minutes(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    server, settings = moody
    server.at_address = {address(0): "451 4.3.2 later"}
    with clock.frozen(TUESDAY):
        async with unit_of_work(clean_sessions) as session:
            await make_business(session)
            template = await make_template(session, settings, template_class=TemplateClass.SERVICE)
            template.service_kind = ServiceKind.CODE
            await make_plan(session, template, await make_crowd(session, 1))

    moments = await _until_settled(clean_sessions, settings)

    (message,) = await _messages(clean_sessions)
    assert (message.status, message.reason) == ("failed", "GAVE_UP")
    assert len(moments) >= 6
    assert moments[1] - moments[0] <= timedelta(seconds=12)
    assert moments[-1] < TUESDAY + timedelta(minutes=10)


async def test_what_no_longer_makes_sense_is_dropped_with_its_reason(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    """A worker that was away does not send a wish the next day, nor a code after its time (DESIGN §7)."""
    _, settings = moody
    with clock.frozen(TUESDAY):
        async with unit_of_work(clean_sessions) as session:
            await make_business(session)
            template = await make_template(session, settings)
            early, late = await make_crowd(session, 2)
            await make_plan(session, template, [early], touch_id=uuid4(), expires_at=TUESDAY + timedelta(hours=3))
            await make_plan(session, template, [late], touch_id=uuid4(), expires_at=TUESDAY + timedelta(hours=1))

    with clock.frozen(TUESDAY + timedelta(hours=1)):
        sent = await Dispatch(settings, clean_sessions).run()

    told = {message.customer_id: (message.status, message.reason) for message in await _messages(clean_sessions)}
    assert (sent, told) == (1, {early: ("sent", None), late: ("skipped", "TOO_LATE")})


# ── once more ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_only_who_may_still_be_reached_is_written_to_again(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    """Never what is in doubt (E-15) and never a dead address; the second mail is another mail."""
    server, settings = moody
    server.at_address = {address(0): "550 5.7.26 not authenticated", address(1): "550 5.1.1 user unknown"}
    server.hang_up_on = address(2)
    touch_id = await _plan(clean_sessions, settings, 4)
    await Dispatch(settings, clean_sessions).run()
    server.at_address, server.hang_up_on = {}, None

    async with unit_of_work(clean_sessions) as session:
        again = await service.send_again(session, touch_id)
        twice = await service.send_again(session, touch_id)
    await Dispatch(settings, clean_sessions).run()

    messages = await _messages(clean_sessions)
    assert (again, twice) == (1, 0)
    assert sorted(message.status for message in messages) == ["bounced", "sent", "sent", "unknown"]
    resent = next(message for message in messages if message.resends)
    assert f"<1.{resent.id}@bottega.example>" in server.message_ids
    assert set(server.received.values()) == {1}


async def test_what_a_person_marked_as_not_received_goes_again_through_the_gate(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    server, settings = moody
    server.hang_up_on = address(0)
    touch_id = await _plan(clean_sessions, settings, 1)
    await Dispatch(settings, clean_sessions).run()
    server.hang_up_on = None
    async with unit_of_work(clean_sessions) as session:
        message = (await session.scalars(select(Message))).one()
        await service.resolve(session, message, was_received=False, actor=STAFF)
        await session.execute(update(ConsentState).values(standing=Standing.WITHDRAWN))

    async with unit_of_work(clean_sessions) as session:
        again = await service.send_again(session, touch_id)
    await Dispatch(settings, clean_sessions).run()

    (message,) = await _messages(clean_sessions)
    assert (again, message.status, message.reason) == (1, "skipped", "WITHDRAWN")
    assert server.total == 1


# ── in which words ────────────────────────────────────────────────────────────────────────────────────────────────────


async def _in_two_languages(sessions: Sessions, settings: Settings, **text: str) -> Template:
    async with unit_of_work(sessions) as session:
        await make_business(session)
        template, _ = await service.create_template(
            session,
            TemplateCreate(
                name="Promemoria",
                channel=Channel.EMAIL,
                template_class=TemplateClass.MARKETING,
                purpose=Purpose.MKT_OWN,
                similarity_group=None,
                texts=[
                    TemplateTextWrite(language=language, subject=subject, body=text.get("body", MJML))
                    for language, subject in (("it", "La aspettiamo"), ("en", "See you soon"))
                ],
            ),
            settings=settings,
            actor=STAFF,
        )
    return template


async def test_b_24_nobody_reads_braces_and_everybody_reads_their_own_language(
    clean_sessions: Sessions, clean_settings: Settings
) -> None:
    """A value that is missing is its default, or the person is left out; a language we do not write is the shop's."""
    template = await _in_two_languages(clean_sessions, clean_settings)
    strict = await _in_two_languages(clean_sessions, clean_settings, body=MJML.replace(" | default: 'cliente'", ""))
    touches = [uuid4(), uuid4()]
    async with unit_of_work(clean_sessions) as session:
        spoken = {"it": "it", "en": "en", "fr": "it"}
        people = [
            (await make_customer(session, given_name=None, email=f"{each}@shop.example", language=each)).id
            for each in spoken
        ]
        for each in people:
            await make_consent(session, each, at=clock.now() - timedelta(days=90))
        await make_plan(session, template, people, touch_id=touches[0])
        await make_plan(session, strict, people, touch_id=touches[1])

    await Dispatch(clean_settings, clean_sessions).run()

    async with clean_sessions() as session:
        captured = {row.to_address: row for row in await session.scalars(select(CapturedMessage))}
    left_out = [message for message in await _messages(clean_sessions) if message.touch_id == touches[1]]
    assert {each.partition("@")[0]: row.subject for each, row in captured.items()} == {
        language: {"it": "La aspettiamo", "en": "See you soon"}[words] for language, words in spoken.items()
    }
    assert {(message.status, message.reason) for message in left_out} == {("skipped", "MERGE_MISSING")}
    assert all(b"{{" not in row.raw and b"}}" not in row.raw for row in captured.values())


async def test_b_27_a_text_edited_while_it_is_sent_changes_nothing_that_leaves(
    clean_sessions: Sessions, clean_settings: Settings
) -> None:
    await _plan(clean_sessions, clean_settings, 6)
    async with unit_of_work(clean_sessions) as session:
        template = (await session.scalars(select(Template))).one()
        changed = TemplatePatch(texts=[TemplateTextWrite(language="it", subject="Tutt'altro", body=MJML)])
        await service.edit_template(session, template, changed, settings=clean_settings, actor=STAFF)

    await Dispatch(clean_settings, clean_sessions).run()

    async with clean_sessions() as session:
        subjects = set(await session.scalars(select(CapturedMessage.subject)))
    assert subjects == {"Perché non passa a trovarci"}
