"""Nothing waits unseen: everything that waits says why, and what has waited too long asks for hands."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import Task
from ritorno.consents.rules import Channel, TemplateClass
from ritorno.deliverability import jobs, service
from ritorno.deliverability.models import DoubtfulMessage
from ritorno.deliverability.waiting import Waiting, has_worker, list_waiting
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.outbox import OutboxDelivery, OutboxEvent
from ritorno.messaging.models import Message, QueuedMessage, Sender, TouchHold
from tests.factories.consents import STAFF
from tests.factories.messaging import make_business, make_plan, make_template
from tests.messaging.crowd import make_crowd

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
TOUCH = uuid4()


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[None]:
    with clock.frozen(NOON):
        yield


@pytest.fixture
async def queued(session: AsyncSession, settings: Settings) -> None:
    """Three marketing mails of a touch, due for an hour."""
    await make_business(session)
    template = await make_template(session, settings)
    await make_plan(session, template, await make_crowd(session, 3), touch_id=TOUCH, due_at=NOON - timedelta(hours=1))
    await session.commit()


async def told(session: AsyncSession) -> list[tuple[str, str, int, bool]]:
    return [(each.kind, each.reason, each.count, each.is_stuck) for each in await list_waiting(session)]


async def alter(session: AsyncSession, **values: object) -> None:
    await session.execute(update(QueuedMessage).values(**values))


async def only(session: AsyncSession) -> Waiting:
    (found,) = await list_waiting(session)
    return found


async def test_what_nobody_takes_up_is_stuck_after_ten_minutes(session: AsyncSession, queued: None) -> None:
    assert await told(session) == [("messages", "no_worker", 3, True)]
    found = await list_waiting(session)
    assert (found[0].touch_id, found[0].oldest_at, has_worker(found)) == (TOUCH, NOON - timedelta(hours=1), False)

    await alter(session, due_at=NOON - timedelta(minutes=9))

    assert await told(session) == [("messages", "no_worker", 3, False)]
    assert has_worker(await list_waiting(session))


async def test_a_long_line_that_moves_is_not_stuck(session: AsyncSession, queued: None) -> None:
    first = (await session.scalars(select(QueuedMessage.message_id).order_by(QueuedMessage.message_id))).first()
    claimed = update(QueuedMessage).where(QueuedMessage.message_id == first)
    await session.execute(claimed.values(state="claimed", worker=uuid4(), lease_until=NOON + timedelta(seconds=20)))
    assert await told(session) == [("messages", "in_progress", 3, False)]

    await alter(session, state="queued", worker=None, lease_until=None)
    await session.execute(update(Message).where(Message.id == first).values(ended_at=NOON - timedelta(minutes=2)))
    assert await told(session) == [("messages", "in_progress", 3, False)]


async def test_what_a_dead_worker_holds_is_taken_up_by_nobody(session: AsyncSession, queued: None) -> None:
    await alter(session, state="sending", worker=uuid4(), lease_until=NOON - timedelta(minutes=30))

    assert await told(session) == [("messages", "no_worker", 3, True)]


async def test_each_reason_is_told_by_its_name(session: AsyncSession, queued: None) -> None:
    session.add(TouchHold(touch_id=TOUCH, since=NOON))
    await session.flush()
    assert (await only(session)).reason == "touch_paused"

    await service.hold_by_hand(session, Channel.EMAIL, TemplateClass.MARKETING, note="Prova", actor=STAFF)
    found = await only(session)
    assert (found.reason, found.oldest_at, found.is_stuck) == ("stream_held", NOON, False)

    await service.lift(session, Channel.EMAIL, TemplateClass.MARKETING, because="Fatto", actor=STAFF)
    await session.delete(await session.get(TouchHold, TOUCH))
    await alter(session, state="paced", receiver="google")
    found = await only(session)
    assert (found.reason, found.receiver, found.is_stuck) == ("receiver_slow", "google", False)

    await alter(session, state="queued", attempts=1, due_at=NOON + timedelta(minutes=30))
    found = await only(session)
    assert (found.reason, found.next_at, found.is_stuck) == ("retry", NOON + timedelta(minutes=30), False)

    await alter(session, attempts=0)
    assert (await only(session)).reason == "later"

    await alter(session, due_at=NOON)
    await session.execute(update(Sender).values(warmup_started_on=NOON.date()))
    assert (await only(session)).reason == "warm_up"


async def test_letters_and_calls_wait_for_a_person(session: AsyncSession, queued: None) -> None:
    await alter(session, channel="POST", due_at=NOON - timedelta(days=8))
    assert await told(session) == [("letters", "by_hand", 3, True)]

    await alter(session, channel="PHONE_OPERATOR", due_at=NOON - timedelta(days=2))
    assert await told(session) == [("calls", "by_hand", 3, False)]


async def test_e_15_messages_in_doubt_and_jobs_that_failed_are_shown(session: AsyncSession, queued: None) -> None:
    await session.execute(update(Message).values(status="unknown"))
    session.add_all(
        DoubtfulMessage(message_id=each, since=NOON - timedelta(days=3))
        for each in (await session.scalars(select(Message.id))).all()
    )
    await session.execute(QueuedMessage.__table__.delete())
    event = OutboxEvent(name="tests.happened", payload={}, occurred_at=NOON - timedelta(hours=1))
    session.add(event)
    await session.flush()
    for state in ("failed", "open"):
        session.add(OutboxDelivery(event_id=event.id, job="x", state=state, next_at=NOON - timedelta(minutes=20)))
    await session.flush()

    assert set(await told(session)) >= {
        ("in_doubt", "by_hand", 3, True),
        ("failed_jobs", "failed", 1, True),
        ("jobs", "no_worker", 1, True),
    }


async def test_what_is_stuck_asks_for_hands_once_a_day(session: AsyncSession, queued: None, work: Work) -> None:
    async def asked() -> list[dict[str, object]]:
        return [task.details for task in await session.scalars(select(Task).where(Task.kind == "work_stuck"))]

    await jobs.tell_stuck(work, {})
    await jobs.tell_stuck(work, {})
    assert [(task["reason"], task["count"]) for task in await asked()] == [("no_worker", 3)]

    with clock.frozen(NOON + timedelta(days=1)):
        await jobs.tell_stuck(work, {})
    assert len(await asked()) == 2
