"""Scores in the database: the SQL says what the rules say, twice changes nothing, and who is due is a plain read."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from math import exp
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog.models import Category
from ritorno.scores import queries, rules, service
from ritorno.scores.models import CategoryScore, CustomerScore, FitLevel, RhythmFit
from ritorno.scores.rules import Parameters, ReasonKind, Stage
from ritorno.scores.scoring import VALUE_HORIZON_DAYS
from ritorno.scores.words import reason_sentence
from ritorno.transactions.models import CategoryProfile, Profile
from tests.factories.scores import make_category, make_habit, make_visitor, sums_of

TODAY = date(2026, 11, 21)


def every(days: int, times: int, last: date) -> list[date]:
    """Return `times` visits, `days` apart, the last one on `last`."""
    return [last - timedelta(days=days * step) for step in range(times)]


def around(days: float, times: int, last: date, draw: random.Random) -> list[date]:
    """Return visits whose gaps vary around `days`, as those of people do."""
    visits = [last]
    for _ in range(times - 1):
        visits.append(visits[-1] - timedelta(days=max(round(days * exp(0.4 * draw.gauss(0, 1))), 1)))
    return visits


@dataclass
class Shop:
    coffee: Category
    colour: Category
    regular: UUID
    newcomer: UUID
    gone: UUID
    tomorrow: UUID


@pytest.fixture
async def shop(session: AsyncSession) -> Shop:
    """A shop of sixty customers who come every three weeks or so, and four whose story is told."""
    coffee, colour = await make_category(session, "Coffee"), await make_category(session, "Colour")
    draw = random.Random(4)
    for _ in range(60):
        last, own = TODAY - timedelta(days=draw.randrange(0, 90)), draw.randrange(8, 40)
        visits = around(own, draw.randrange(1, 9), last, draw)
        customer = await make_visitor(session, visits, revenue_minor=draw.randrange(0, 90_000))
        await make_habit(session, customer.id, draw.choice([coffee, colour]), visits[: draw.randrange(1, 9)])
    visits = around(9, 12, TODAY - timedelta(days=14), draw)
    regular = await make_visitor(session, visits, revenue_minor=12_000)
    await make_habit(session, regular.id, coffee, visits)
    await make_habit(session, regular.id, colour, [TODAY - timedelta(days=14)])
    newcomer = await make_visitor(session, [TODAY - timedelta(days=30)])
    gone = await make_visitor(session, around(9, 12, TODAY - timedelta(days=900), draw))
    tomorrow = await make_visitor(session, [TODAY + timedelta(days=1), TODAY - timedelta(days=20)])
    await service.refresh(session, TODAY)
    return Shop(coffee, colour, regular.id, newcomer.id, gone.id, tomorrow.id)


async def fit_of(session: AsyncSession, level: FitLevel, category_id: UUID | None = None) -> Parameters:
    fit = (
        await session.scalars(
            select(RhythmFit).where(RhythmFit.level == level, RhythmFit.category_id.is_not_distinct_from(category_id))
        )
    ).one()
    return Parameters(fit.mu, fit.sigma, fit.tau, fit.a, fit.b)


def assert_said_by_the_rules(
    score: CustomerScore | CategoryScore, profile: Profile | CategoryProfile, fitted: Parameters, pace: float = 0.0
) -> None:
    rhythm = rules.rhythm_of(profile.visit_days, profile.sl, fitted, pace)
    assert rhythm is not None
    assert profile.last_day is not None
    assert (score.m, score.s, score.q, score.x) == pytest.approx((rhythm.m, rhythm.s, rhythm.q, rhythm.x), abs=1e-9)
    seen = rules.outlook(rhythm, profile.last_day, TODAY)
    dates = (score.due_on, score.likely_from, score.likely_to, score.lapsed_on, score.next_on)
    assert dates == (seen.due_on, seen.likely_from, seen.likely_to, seen.lapsed_on, seen.next_on)
    assert score.p_alive == pytest.approx(seen.p_alive, abs=1e-9)
    stays_out = rules.p_stays_out(rhythm, (TODAY - profile.last_day).days, VALUE_HORIZON_DAYS)
    at_stake = max(profile.revenue_minor, 0) / profile.visit_days * stays_out
    assert score.expected_value_minor == pytest.approx(at_stake, abs=0.51)
    if isinstance(score, CustomerScore):
        assert score.stage == seen.stage


async def test_the_statement_says_what_the_rules_say(session: AsyncSession, shop: Shop) -> None:
    whole = await fit_of(session, FitLevel.SHOP)
    found = await session.execute(
        select(CustomerScore, Profile).join(Profile, Profile.customer_id == CustomerScore.customer_id)
    )
    pairs = found.all()
    for score, profile in pairs:
        assert_said_by_the_rules(score, profile, whole)
    pace = {score.customer_id: score.m - whole.mu for score, _ in pairs}
    for category in (shop.coffee, shop.colour):
        fitted = await fit_of(session, FitLevel.CATEGORY, category.id)
        key = (CategoryProfile.customer_id == CategoryScore.customer_id) & (
            CategoryProfile.category_id == CategoryScore.category_id
        )
        in_category = select(CategoryScore, CategoryProfile).join(CategoryProfile, key)
        rows = await session.execute(in_category.where(CategoryScore.category_id == category.id))
        for category_score, category_profile in rows:
            assert_said_by_the_rules(category_score, category_profile, fitted, pace[category_score.customer_id])

    assert len(pairs) == 64
    assert {score.stage for score, _ in pairs} >= {Stage.NEW, Stage.ACTIVE, Stage.DUE, Stage.LATE}


async def test_the_extremes_are_clipped_alike(session: AsyncSession, shop: Shop) -> None:
    steady = await make_visitor(session, every(1, 400, TODAY - timedelta(days=4_000)))
    slow = await make_visitor(session, every(9_000, 3, TODAY))
    returned = await make_visitor(session, [TODAY], revenue_minor=-500)

    await service.rescore(session, [steady.id, slow.id, returned.id], TODAY)

    whole = await fit_of(session, FitLevel.SHOP)
    for customer_id in (steady.id, slow.id, returned.id):
        score = await queries.find_score(session, customer_id)
        assert score is not None
        assert_said_by_the_rules(score, await session.get_one(Profile, customer_id), whole)


async def snapshot(session: AsyncSession) -> tuple[list[Any], list[Any]]:
    """Return every row with the id of the unit of work that wrote it: equal snapshots mean that nothing was written."""
    xmin = text("xmin")
    customers = await session.execute(
        select(*CustomerScore.__table__.columns, xmin).order_by(CustomerScore.customer_id)
    )
    categories = await session.execute(
        select(*CategoryScore.__table__.columns, xmin).order_by(CategoryScore.customer_id, CategoryScore.category_id)
    )
    return list(customers.all()), list(categories.all())


async def test_a_second_refresh_of_a_day_changes_nothing(session: AsyncSession, shop: Shop) -> None:
    before = await snapshot(session)

    await service.refresh(session, TODAY)

    assert await snapshot(session) == before


async def test_a_stage_remembers_the_day_it_began(session: AsyncSession, shop: Shop) -> None:
    first = await queries.find_score(session, shop.newcomer)
    assert first is not None
    assert (first.stage, first.stage_since) == (Stage.NEW, TODAY)

    await service.rescore(session, [shop.newcomer], TODAY + timedelta(days=1))
    session.expire_all()
    second = await queries.find_score(session, shop.newcomer)
    assert second is not None
    assert (second.stage, second.stage_since, second.as_of) == (Stage.NEW, TODAY, TODAY + timedelta(days=1))

    far = TODAY + timedelta(days=4_000)
    await service.rescore(session, [shop.newcomer], far)
    session.expire_all()
    third = await queries.find_score(session, shop.newcomer)
    assert third is not None
    assert (third.stage, third.stage_since) == (Stage.LOST, far)
    assert third.next_on is None


async def test_somebody_whose_purchases_were_cancelled_loses_their_scores(session: AsyncSession, shop: Shop) -> None:
    nothing = sums_of([], 0)
    await session.execute(update(Profile).where(Profile.customer_id == shop.regular).values(**nothing))
    await session.execute(update(CategoryProfile).where(CategoryProfile.customer_id == shop.regular).values(**nothing))

    await service.rescore(session, [shop.regular], TODAY)

    session.expire_all()
    assert await queries.find_score(session, shop.regular) is None
    assert await queries.list_category_scores(session, shop.regular) == []


async def test_a_category_born_today_borrows_the_pooled_fit(session: AsyncSession, shop: Shop) -> None:
    tea = await make_category(session, "Tea")
    await make_habit(session, shop.regular, tea, [TODAY])

    await service.rescore(session, [shop.regular], TODAY)

    whole, pooled = await fit_of(session, FitLevel.SHOP), await fit_of(session, FitLevel.POOLED)
    score = await session.get_one(CategoryScore, (shop.regular, tea.id))
    profile = await session.get_one(CategoryProfile, (shop.regular, tea.id))
    customer = await session.get_one(CustomerScore, shop.regular)
    await session.refresh(customer)
    assert_said_by_the_rules(score, profile, pooled, customer.m - whole.mu)


async def test_a_new_fit_takes_the_place_of_the_old(session: AsyncSession, shop: Shop) -> None:
    await session.execute(delete(CategoryProfile).where(CategoryProfile.category_id == shop.colour.id))

    for _ in range(2):
        await service.fit(session, TODAY + timedelta(days=1))

    fits = (await session.scalars(select(RhythmFit).execution_options(populate_existing=True))).all()
    assert {(fit.level, fit.category_id) for fit in fits} == {
        (FitLevel.SHOP, None),
        (FitLevel.POOLED, None),
        (FitLevel.CATEGORY, shop.coffee.id),
    }
    assert {fit.as_of for fit in fits} == {TODAY + timedelta(days=1)}
    assert len(fits) == 3


async def test_an_empty_shop_is_fitted_with_the_defaults(session: AsyncSession) -> None:
    await service.refresh(session, TODAY)

    assert (await fit_of(session, FitLevel.SHOP)).mu == pytest.approx(3.8067, abs=1e-4)
    assert await queries.due_on(session, TODAY) == []


async def test_who_is_due_comes_with_a_reason(session: AsyncSession, shop: Shop) -> None:
    due = {candidate.customer_id: candidate for candidate in await queries.due_on(session, TODAY)}

    found = due[shop.regular]

    assert found.category_name == "Coffee"
    assert found.is_overdue is (found.likely_to <= TODAY)
    assert found.due_on <= TODAY
    assert found.last_on == TODAY - timedelta(days=14)
    assert found.reason.kind is ReasonKind.RHYTHM
    every_days = found.reason.every_days
    assert reason_sentence(found.reason, "en") == f"buys coffee about every {every_days} days, last time 14 days ago"
    assert shop.gone not in due
    assert shop.tomorrow not in due


async def test_a_category_that_is_no_reason_to_write_never_names_one(session: AsyncSession, shop: Shop) -> None:
    shop.coffee.is_recallable = False
    await session.flush()

    await service.refresh(session, TODAY)

    session.expire_all()
    found = await queries.due_on(session, TODAY, customer_ids=[shop.regular])
    assert [candidate.category_name for candidate in found] == [None]
    assert reason_sentence(found[0].reason, "it").startswith("torna circa ogni ")


async def test_the_due_are_ordered_by_what_is_at_stake_and_counted_alike(session: AsyncSession, shop: Shop) -> None:
    everybody = await queries.due_on(session, TODAY)
    first = await queries.due_on(session, TODAY, limit=3)

    values = [candidate.expected_value_minor for candidate in everybody]
    assert values == sorted(values, reverse=True)
    assert first == everybody[:3]
    assert await queries.count_due(session, TODAY) == len(everybody)


async def test_a_recall_of_one_category_looks_at_that_rhythm_alone(session: AsyncSession, shop: Shop) -> None:
    due = await queries.due_on(session, TODAY, category_id=shop.coffee.id)

    assert shop.regular in {candidate.customer_id for candidate in due}
    assert {candidate.category_id for candidate in due} == {shop.coffee.id}
    assert await queries.count_due(session, TODAY, category_id=shop.coffee.id) == len(due)


async def test_those_who_become_due_later_are_counted_by_day(session: AsyncSession, shop: Shop) -> None:
    days = await queries.count_becoming_due(session, TODAY, 7)

    assert list(days) == [TODAY + timedelta(days=step) for step in range(1, 8)]
    for day, count in days.items():
        assert count == await queries.count_due(session, day, since=day)


async def test_a_batch_of_customers_can_be_asked_alone(session: AsyncSession, shop: Shop) -> None:
    found = await queries.due_on(session, TODAY, customer_ids=[shop.regular, shop.gone])

    assert [candidate.customer_id for candidate in found] == [shop.regular]
    assert set(await queries.scores_of(session, [shop.regular, shop.gone])) == {shop.regular, shop.gone}
