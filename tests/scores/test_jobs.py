"""The nightly job and the one after a purchase, each run twice (STYLE §4)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.scores import jobs, queries, service
from ritorno.scores.rules import Stage
from ritorno.transactions.models import Profile
from tests.factories.scores import make_visitor, sums_of


async def test_the_nightly_refresh_may_run_twice(
    session: AsyncSession, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    on = date(2026, 11, 21)
    people = [await make_visitor(session, [on - timedelta(days=20 + step)]) for step in range(5)]
    await session.commit()

    for _ in range(2):
        await jobs.refresh(work, {"on": on.isoformat()})

    scores = await queries.scores_of(session, [customer.id for customer in people])
    assert len(scores) == 5
    assert {score.as_of for score in scores.values()} == {on}
    assert {score.stage for score in scores.values()} == {Stage.NEW}


async def test_who_came_back_today_is_no_longer_due(session: AsyncSession, work: Work) -> None:
    today = clock.today("Europe/Rome")
    visits = [today - timedelta(days=20 + 9 * step + 3 * (step % 3)) for step in range(40)]
    customer = await make_visitor(session, visits)
    await session.commit()
    await jobs.refresh(work, {})
    assert [found.customer_id for found in await queries.due_on(session, today)] == [customer.id]

    back = sums_of([*visits, today], 12_000)
    await session.execute(update(Profile).where(Profile.customer_id == customer.id).values(**back))
    await session.commit()
    for _ in range(2):
        await jobs.rescore(work, {"customer_ids": [str(customer.id)]})

    assert await queries.due_on(session, today) == []
