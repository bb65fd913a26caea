"""What ended is counted once, by the hour, and a host that few share is nobody in particular."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import ContactPoint
from ritorno.deliverability import jobs
from ritorno.deliverability.counting import count_ended
from ritorno.deliverability.models import DeliveryHour, DoubtfulMessage
from ritorno.deliverability.queries import By, count_since
from ritorno.deliverability.rules import Counts
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message
from tests.factories.deliverability import count_from, make_returned
from tests.factories.messaging import make_business, make_plan, make_template
from tests.messaging.crowd import make_crowd

NOON = datetime(2026, 11, 20, 12, 20, tzinfo=UTC)
LINE = ("EMAIL", "MARKETING", "")


async def make_ended(session: AsyncSession, settings: Settings, *, at: datetime = NOON) -> Sequence[Message]:
    """Eight mails that ended in every way, to people of Gmail."""
    await make_business(session)
    await make_plan(session, await make_template(session, settings), await make_crowd(session, 8))
    messages = (await session.scalars(select(Message).order_by(Message.id))).all()
    fates = [
        *[("sent", None, "250 ok"), ("delivered", None, None), ("bounced", "HARD_BOUNCE", "550 5.1.1 nobody")],
        *[("failed", "REFUSED_BY_SERVER", "550 5.7.26 unauthenticated"), ("failed", "GAVE_UP", "451 4.2.0 later")],
        *[("skipped", "OBJECTED", None), ("unknown", None, "WORKER_LOST"), ("sent", None, "250 ok")],
    ]
    for message, (status, reason, detail) in zip(messages, fates, strict=True):
        message.status, message.reason, message.ended_at = status, reason, at
        message.sent_at = at if status in {"sent", "delivered"} else None
        put_off = [{"status": "queued", "at": at.isoformat(), "detail": "451 4.7.0 slow down"}]
        again = put_off if reason == "GAVE_UP" else []
        message.history = [*message.history, *again, {"status": status, "at": at.isoformat(), "detail": detail}]
    await session.execute(update(ContactPoint).values(value="someone@gmail.com"))
    await session.flush()
    return messages


async def test_what_ended_is_counted_once_whatever_became_of_it(session: AsyncSession, settings: Settings) -> None:
    await make_ended(session, settings)
    await count_from(session, NOON - timedelta(minutes=1))

    with clock.frozen(NOON + timedelta(minutes=1)):
        assert await count_ended(session) is False
        assert await count_ended(session) is False

    row = (await session.scalars(select(DeliveryHour))).one()
    assert (row.hour, row.channel, row.stream, row.receiver) == (
        *(NOON.replace(minute=0), "EMAIL", "MARKETING", "google"),
    )
    assert (row.sent, row.bounced, row.refused, row.refused_by_policy, row.deferred) == (3, 1, 2, 1, 1)


async def test_what_is_still_being_written_down_is_counted_later(session: AsyncSession, settings: Settings) -> None:
    await make_ended(session, settings)
    await count_from(session, NOON - timedelta(minutes=1))

    with clock.frozen(NOON + timedelta(seconds=10)):
        await count_ended(session)
    assert (await session.scalars(select(DeliveryHour))).all() == []
    with clock.frozen(NOON + timedelta(seconds=40)):
        await count_ended(session)
    assert (await session.scalars(select(DeliveryHour.sent))).all() == [3]


async def test_after_an_outage_the_past_is_counted_in_steps(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_ended(session, settings)
    await count_from(session, NOON - timedelta(days=1))
    await session.commit()

    with clock.frozen(NOON + timedelta(hours=30)):
        assert await count_ended(session) is True
        await jobs.watch(work, {})
        counts = await count_since(session, NOON - timedelta(days=2))

    assert counts[LINE].sent == 3


async def test_e_13_what_comes_back_later_was_not_delivered(session: AsyncSession, settings: Settings) -> None:
    messages = await make_ended(session, settings)
    await count_from(session, NOON - timedelta(minutes=1))
    later = NOON + timedelta(hours=2)
    for _ in range(2):
        await make_returned(session, messages[0], kind="bounce", at=later, blame="hard", status_code="5.1.1")
    await make_returned(session, messages[1], kind="bounce", at=later, blame="soft", status_code="5.2.2")
    await make_returned(session, messages[7], kind="complaint", at=later)
    messages[0].status = messages[1].status = "bounced"
    messages[0].reason, messages[1].reason = "HARD_BOUNCE", "SOFT_BOUNCE"
    await session.flush()

    with clock.frozen(NOON + timedelta(hours=3)):
        await count_ended(session)
        found = await count_since(session, NOON - timedelta(days=1), by=By.RECEIVER)

    counts = found["EMAIL", "MARKETING", "google"]
    assert counts == Counts(
        sent=3,
        bounced=1,
        refused=2,
        refused_by_policy=1,
        deferred=1,
        complained=1,
        returned=2,
        returned_hard=1,
    )
    assert (counts.delivered, counts.hard_bounced, counts.complaint_rate) == (1, 2, 1.0)


async def test_e_15_who_is_in_doubt_is_listed_until_somebody_says_what_happened(
    session: AsyncSession, settings: Settings
) -> None:
    messages = await make_ended(session, settings)
    await count_from(session, NOON - timedelta(minutes=1))
    with clock.frozen(NOON + timedelta(minutes=1)):
        await count_ended(session)
    assert (await session.scalars(select(DoubtfulMessage.message_id))).all() == [messages[6].id]

    messages[6].status = "delivered"
    await session.flush()
    with clock.frozen(NOON + timedelta(minutes=2)):
        await count_ended(session)

    assert (await session.scalars(select(DoubtfulMessage))).all() == []
