"""E-08, B-33: a stream that does harm waits by itself, with a task, until a person says what was done."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry, Task
from ritorno.activity.rules import TaskState
from ritorno.consents.models import Suppression
from ritorno.consents.rules import Channel, TemplateClass
from ritorno.customers.models import ContactPoint
from ritorno.deliverability import service
from ritorno.deliverability.errors import StreamNotHeld
from ritorno.deliverability.watching import hold_where_needed
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.messaging import queries
from ritorno.messaging.models import Message, Sender, StreamHold
from ritorno.messaging.rules import HoldReason
from tests.factories.consents import STAFF
from tests.factories.deliverability import make_hour, make_returned
from tests.factories.messaging import make_business, make_plan, make_template
from tests.messaging.crowd import make_crowd

NOON = datetime(2026, 11, 20, 12, 20, tzinfo=UTC)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
async def sent(session: AsyncSession, settings: Settings) -> list[Message]:
    """Four marketing mails that were handed over at eleven."""
    await make_business(session)
    await make_plan(session, await make_template(session, settings), await make_crowd(session, 4))
    messages = list((await session.scalars(select(Message))).all())
    for message in messages:
        message.status, message.sent_at, message.ended_at = "sent", NOON - timedelta(hours=1), NOON - timedelta(hours=1)
    await session.flush()
    return messages


async def held(session: AsyncSession) -> list[tuple[str, str, str]]:
    return [(hold.channel, hold.stream, hold.reason) for hold in await queries.open_holds(session)]


async def complain(session: AsyncSession, messages: list[Message]) -> None:
    for message in messages:
        await make_returned(session, message, kind="complaint", at=clock.now() - timedelta(minutes=5))


async def test_e_08_two_complaints_in_a_thousand_hold_the_marketing_stream_and_ask_for_hands(
    session: AsyncSession, sent: list[Message]
) -> None:
    await make_hour(session, NOON - timedelta(hours=2), sent=1_000)
    await complain(session, sent[:1])
    await hold_where_needed(session)
    assert await held(session) == []

    await complain(session, sent[1:2])
    await hold_where_needed(session)
    await hold_where_needed(session)

    assert await held(session) == [("EMAIL", "MARKETING", "COMPLAINTS")]
    hold = (await queries.open_holds(session))[0]
    assert hold.details == {"count": 2, "of": 1000, "rate": 0.002, "limit": 0.002, "hours": 24}
    tasks = (await session.scalars(select(Task).where(Task.kind == "stream_held"))).all()
    assert [(task.subject_id, task.state) for task in tasks] == [(hold.id, TaskState.OPEN)]


@pytest.mark.parametrize(("blast", "is_held"), [(1_001, False), (1_000, True)])
async def test_e_08_complaints_of_the_day_after_are_held_against_what_was_sent_the_day_before(
    session: AsyncSession, sent: list[Message], blast: int, is_held: bool
) -> None:
    yesterday = NOON - timedelta(hours=26)
    await make_hour(session, yesterday, sent=blast)
    await make_hour(session, NOON - timedelta(hours=2), sent=5)
    for message in sent:
        message.sent_at = message.ended_at = yesterday
    await session.flush()

    await complain(session, sent[:3])
    await hold_where_needed(session)

    assert bool(await held(session)) is is_held


async def test_e_08_what_is_older_than_a_day_holds_nothing(session: AsyncSession, sent: list[Message]) -> None:
    await make_hour(session, NOON - timedelta(hours=26), sent=1_000)
    for message in sent:
        await make_returned(session, message, kind="complaint", at=NOON - timedelta(hours=26))

    await hold_where_needed(session)

    assert await held(session) == []


async def test_e_08_dead_addresses_hold_the_stream_and_service_goes_on(
    session: AsyncSession, sent: list[Message]
) -> None:
    await make_hour(session, NOON - timedelta(hours=1), sent=190, bounced=10)
    await make_hour(session, NOON - timedelta(hours=1), stream="SERVICE", sent=100, bounced=100)

    await hold_where_needed(session)

    assert await held(session) == [("EMAIL", "MARKETING", "BOUNCES")]


@pytest.mark.parametrize("stream", ["MARKETING", "SERVICE"])
async def test_b_33_a_receiver_that_refuses_our_domain_holds_the_stream_and_suppresses_nobody(
    session: AsyncSession, stream: str
) -> None:
    told = {"refused": 12, "refused_by_policy": 12, "stream": stream}
    await make_hour(session, NOON, receiver="google", **told)
    await make_hour(session, NOON, sent=500, stream=stream)

    await hold_where_needed(session)

    assert await held(session) == [("EMAIL", stream, "REFUSED_BY_POLICY")]
    assert (await queries.open_holds(session))[0].details["receiver"] == "google"
    assert (await session.scalars(select(Suppression))).all() == []


async def test_b_33_refusals_that_come_back_as_mail_count_as_those_at_the_door(
    session: AsyncSession, sent: list[Message]
) -> None:
    """A provider between us and the receiver takes everything in, and tells of the refusal later."""
    await make_hour(session, NOON, receiver="google", sent=8, refused=8, refused_by_policy=8)
    await session.execute(update(ContactPoint).values(value="someone@gmail.com"))
    for message in sent[:2]:
        await make_returned(session, message, kind="bounce", at=NOON, blame="ours", status_code="5.2.3")
    await hold_where_needed(session)
    assert await held(session) == []

    for message in sent[:2]:
        await make_returned(session, message, kind="bounce", at=NOON, blame="ours", status_code="5.7.26")
    await hold_where_needed(session)

    assert await held(session) == [("EMAIL", "MARKETING", "REFUSED_BY_POLICY")]


async def test_e_08_lifting_says_what_was_done_is_audited_and_closes_the_task(
    session: AsyncSession, sent: list[Message]
) -> None:
    await make_hour(session, NOON - timedelta(hours=2), sent=1_000)
    await complain(session, sent[:3])
    await hold_where_needed(session)

    hold = await service.lift(
        session, Channel.EMAIL, TemplateClass.MARKETING, because="Tolta la vecchia lista", actor=STAFF
    )

    assert (hold.lifted_by, hold.lifted_because) == (STAFF.name, "Tolta la vecchia lista")
    task = (await session.scalars(select(Task).where(Task.kind == "stream_held"))).one()
    assert task.state == TaskState.DONE
    acts = (await session.scalars(select(AuditEntry.action).where(AuditEntry.subject_id == hold.id))).all()
    assert sorted(acts) == ["stream.held", "stream.released"]
    with pytest.raises(StreamNotHeld):
        await service.lift(session, Channel.EMAIL, TemplateClass.MARKETING, because="Ancora", actor=STAFF)


async def test_e_08_what_happened_before_a_hold_was_lifted_is_not_held_against_the_stream_again(
    session: AsyncSession, sent: list[Message]
) -> None:
    await make_hour(session, NOON - timedelta(hours=2), sent=1_000)
    await complain(session, sent)
    await hold_where_needed(session)
    await service.lift(session, Channel.EMAIL, TemplateClass.MARKETING, because="Tolta la lista", actor=STAFF)

    await hold_where_needed(session)
    assert await held(session) == []

    with clock.frozen(NOON + timedelta(hours=3)):
        for message in sent:
            message.sent_at = NOON + timedelta(hours=2)
        await make_hour(session, NOON + timedelta(hours=2), sent=1_000)
        await complain(session, sent[:3])
        await hold_where_needed(session)
        assert await held(session) == [("EMAIL", "MARKETING", "COMPLAINTS")]


async def test_a_stream_held_by_hand_keeps_its_first_reason(session: AsyncSession, sent: list[Message]) -> None:
    first = await service.hold_by_hand(
        session, Channel.EMAIL, TemplateClass.MARKETING, note="Listino sbagliato", actor=STAFF
    )
    again = await service.hold_by_hand(session, Channel.EMAIL, TemplateClass.MARKETING, note="Altro", actor=STAFF)

    assert (again.id, again.reason, again.details) == (first.id, HoldReason.BY_HAND, {"note": "Listino sbagliato"})
    assert len((await session.scalars(select(StreamHold))).all()) == 1


async def test_e_07_five_thousand_a_day_to_one_receiver_make_a_large_sender_for_ever(session: AsyncSession) -> None:
    await make_business(session)
    await make_hour(session, NOON - timedelta(hours=3), receiver="google", sent=2_500)
    await make_hour(session, NOON - timedelta(hours=2), receiver="google", sent=2_499, stream="SERVICE")

    async def since() -> set[datetime | None]:
        return set((await session.scalars(select(Sender.bulk_since).where(Sender.channel == Channel.EMAIL))).all())

    await hold_where_needed(session)
    assert await since() == {None}
    await make_hour(session, NOON - timedelta(hours=1), receiver="google", sent=1)
    await hold_where_needed(session)
    assert await since() == {NOON}
    with clock.frozen(NOON + timedelta(days=40)):
        await hold_where_needed(session)
    assert await since() == {NOON}
