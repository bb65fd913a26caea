"""The daily run, run twice."""

from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message, QueuedMessage
from ritorno.recalls import jobs
from ritorno.recalls.rules import RecallKind
from tests.factories.recalls import make_due, make_recall


async def test_the_morning_run_plans_today_once_however_often_it_runs(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_recall(session, settings, RecallKind.RHYTHM)
    await make_due(session)
    await session.commit()

    with clock.frozen(datetime(2026, 11, 21, 8, 0, tzinfo=UTC)):
        await jobs.plan_day(work, {})
        await jobs.plan_day(work, {})

    messages = (await session.scalars(select(Message))).all()
    assert [(each.status, each.values["customer"]["given_name"]) for each in messages] == [("queued", "Anna")]
    assert len((await session.scalars(select(QueuedMessage))).all()) == 1


async def test_a_recall_that_is_off_writes_to_nobody(session: AsyncSession, settings: Settings, work: Work) -> None:
    recall = await make_recall(session, settings, RecallKind.RHYTHM)
    recall.is_active = False
    await make_due(session)
    await session.commit()

    with clock.frozen(datetime(2026, 11, 21, 8, 0, tzinfo=UTC)):
        await jobs.plan_day(work, {})

    assert (await session.scalars(select(Message))).all() == []
