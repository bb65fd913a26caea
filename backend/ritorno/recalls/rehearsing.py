"""The time machine: whom a recall would have written to in a past period, from the purchases as they were on each day
(UX §4.8).

A rhythm is laid out again after every visit with today's fitted parameters, so "due on that day" is what the planner
would have seen.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from math import log
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import Customer
from ritorno.recalls import rules
from ritorno.recalls.models import Recall
from ritorno.recalls.queries import Named
from ritorno.recalls.rules import RecallKind
from ritorno.scores.models import FitLevel, RhythmFit
from ritorno.scores.rules import Parameters, days_after, days_to_lapse, quantile, rhythm_of
from ritorno.segments.compiler import ALIVE
from ritorno.touches.audience import Person, Split
from ritorno.touches.rehearsing import Rehearsed, count_outcomes
from ritorno.transactions.models import PurchaseWindow, Transaction, TransactionLine


@dataclass(frozen=True, slots=True)
class Occasion:
    """One day on which a person would have been written to."""

    customer_id: UUID
    on: date


@dataclass(frozen=True, slots=True)
class Period:
    """The occasions of a period, without those the cooldown holds back, and what today's gate would say to their
    people.
    """

    occasions: list[Occasion]
    held_back: int
    outcomes: Rehearsed

    @property
    def weeks(self) -> dict[date, int]:
        """Return how many in each week, by its Monday."""
        counted = Counter(each.on - timedelta(days=each.on.weekday()) for each in self.occasions)
        return dict(sorted(counted.items()))


async def rehearse_period(
    session: AsyncSession, named: Named, first: date, last: date, *, uses_purchases: bool, at: datetime
) -> Period:
    """Go through a period and write nothing."""
    recall = named.recall
    found = await (
        _birthdays(session, recall, first, last)
        if recall.kind == RecallKind.BIRTHDAY
        else _rhythms(session, recall, first, last)
    )
    kept = list(_after_cooldown(found, recall.cooldown_days))
    people = [Person(customer_id) for customer_id in sorted({each.customer_id for each in kept})]
    split = Split(recall.salt, recall.control_share)
    outcomes = await count_outcomes(session, named.template, people, split, uses_purchases=uses_purchases, at=at)
    return Period(kept, len(found) - len(kept), outcomes)


def _after_cooldown(found: Iterable[Occasion], cooldown_days: int) -> Iterator[Occasion]:
    for _, own in groupby(
        sorted(found, key=lambda each: (each.customer_id, each.on)), key=lambda each: each.customer_id
    ):
        last: date | None = None
        for each in own:
            if not rules.is_cooling(last, each.on, cooldown_days):
                last = each.on
                yield each


async def _birthdays(session: AsyncSession, recall: Recall, first: date, last: date) -> list[Occasion]:
    rows = await session.execute(select(Customer.id, Customer.birth_on).where(Customer.birth_on.is_not(None), *ALIVE))
    lead = timedelta(days=recall.lead_days)
    return [
        Occasion(row.id, on)
        for row in rows
        for year in range((first + lead).year, (last + lead).year + 1)
        if row.birth_on.year <= year and first <= (on := rules.celebrated_on(row.birth_on, year) - lead) <= last
    ]


async def _rhythms(session: AsyncSession, recall: Recall, first: date, last: date) -> list[Occasion]:
    parameters = await _parameters(session, recall.category_id)
    if parameters is None:
        return []
    since = await session.scalar(select(PurchaseWindow.profiled_since))
    visits = func.array_agg(aggregate_order_by(Transaction.business_day.distinct(), Transaction.business_day))
    statement = (
        select(Transaction.customer_id, visits.label("days"))
        .join(Customer, Customer.id == Transaction.customer_id)
        .where(Transaction.kind == "SALE", Transaction.total_minor > 0, Transaction.business_day <= last, *ALIVE)
        .group_by(Transaction.customer_id)
    )
    if since is not None:
        statement = statement.where(Transaction.occurred_at >= since)
    if recall.category_id is not None:
        statement = statement.join(TransactionLine, TransactionLine.transaction_id == Transaction.id).where(
            TransactionLine.category_id == recall.category_id, TransactionLine.total_minor > 0
        )
    return [
        Occasion(row.customer_id, on)
        for row in await session.execute(statement)
        for on in _missed_days(row.days, parameters, recall.lead_days, first, last)
    ]


def _missed_days(days: list[date], parameters: Parameters, lead_days: int, first: date, last: date) -> Iterator[date]:
    """Yield the days of the period on which a silence began to be one, unless the next visit had ended it by then."""
    log_gaps = 0.0
    for number, day in enumerate(days):
        if number:
            log_gaps += log((day - days[number - 1]).days)
        back = days[number + 1] if number + 1 < len(days) else date.max
        if back - day <= rules.SHORTEST_SILENCE - timedelta(days=lead_days):
            continue
        rhythm = rhythm_of(number + 1, log_gaps, parameters)
        if rhythm is None:
            continue
        window_ends = days_after(day, round(quantile(rhythm, 0.75)))
        missed_on = rules.missed_from(day, window_ends) - timedelta(days=lead_days)
        if first <= missed_on <= last and missed_on < back and missed_on < days_after(day, days_to_lapse(rhythm)):
            yield missed_on


async def _parameters(session: AsyncSession, category_id: UUID | None) -> Parameters | None:
    """Return what was fitted for the category, else for all pooled; without a category, for the shop."""
    levels = [FitLevel.SHOP] if category_id is None else [FitLevel.CATEGORY, FitLevel.POOLED]
    for level in levels:
        statement = select(RhythmFit).where(RhythmFit.level == level)
        if level is FitLevel.CATEGORY:
            statement = statement.where(RhythmFit.category_id == category_id)
        fit = (await session.scalars(statement)).first()
        if fit is not None:
            return Parameters(fit.mu, fit.sigma, fit.tau, fit.a, fit.b)
    return None
