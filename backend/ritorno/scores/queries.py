"""Reads of the scores: one customer's, and who is due on a day."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Row, Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog.models import Category
from ritorno.scores import rules
from ritorno.scores.models import CategoryScore, CustomerScore
from ritorno.scores.rules import Reason, Rhythm


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose return is due, with why; category, window and reason are those of what they would come back for.

    `last_on` is the last purchase in the rhythm that was asked: build an occasion key on it and on the recall's own
    category. A new fit may move `due_on` by a day and another category may come to name the reason; neither is news.
    """

    customer_id: UUID
    category_id: UUID | None
    category_name: str | None
    last_on: date
    due_on: date
    likely_from: date
    likely_to: date
    p_alive: float
    is_overdue: bool
    expected_value_minor: int
    reason: Reason


async def find_score(session: AsyncSession, customer_id: UUID) -> CustomerScore | None:
    """Return what is said of one customer; None for somebody who never bought, or not before the next scoring."""
    return await session.get(CustomerScore, customer_id)


async def scores_of(session: AsyncSession, customer_ids: Collection[UUID]) -> dict[UUID, CustomerScore]:
    """Return the scores of those who have one."""
    found = await session.scalars(select(CustomerScore).where(CustomerScore.customer_id.in_(customer_ids)))
    return {score.customer_id: score for score in found}


async def list_category_scores(session: AsyncSession, customer_id: UUID) -> list[CategoryScore]:
    """Return one customer's categories, the most bought first; a customer has hundreds at most, so there are no
    pages.
    """
    found = await session.scalars(
        select(CategoryScore)
        .where(CategoryScore.customer_id == customer_id)
        .order_by(CategoryScore.x.desc(), CategoryScore.last_on.desc(), CategoryScore.category_id)
    )
    return list(found)


def reason_of(score: CustomerScore | CategoryScore, on: date, category_name: str | None = None) -> Reason:
    """Return why this unit is due, as seen on a day; `words.reason_sentence` says it."""
    rhythm = Rhythm(score.m, score.s, score.q, score.x)
    return rules.reason_for(rhythm, score.last_on, on, category_name)


def due_customers(on: date, *, category_id: UUID | None = None, since: date | None = None) -> Select[UUID, int]:
    """Select (customer_id, expected_value_minor) of those due on a day, for callers who add their own conditions
    before they count or page.

    Due from the median of the rhythm until the return has become unlikely (`p_alive` below .40): the lapsed are no
    rhythm recall. With a category the person's rhythm in it decides, without one that of the whole shop. `since`
    keeps those who became due on that day or later.
    """
    score = CategoryScore if category_id else CustomerScore
    chosen = select(score.customer_id, score.expected_value_minor).where(score.due_on <= on, score.lapsed_on > on)
    if category_id:
        chosen = chosen.where(CategoryScore.category_id == category_id)
    return chosen.where(score.due_on >= since) if since else chosen


async def due_on(
    session: AsyncSession,
    on: date,
    *,
    category_id: UUID | None = None,
    since: date | None = None,
    customer_ids: Collection[UUID] | None = None,
    limit: int | None = None,
) -> list[Candidate]:
    """Return those due on a day, most at stake first; `customer_ids` keeps a caller's own batch, `limit` the first
    rows.

    In the rhythm of the whole shop the reason names the regular category that is due as well, if there is one, and
    shows its window.
    """
    due = due_customers(on, category_id=category_id, since=since)
    if customer_ids is not None:
        score = CategoryScore if category_id else CustomerScore
        due = due.where(score.customer_id.in_(customer_ids))
    by_value = due.subquery()
    chosen = select(CustomerScore, CategoryScore, Category.name, by_value.c.expected_value_minor).join(
        by_value, by_value.c.customer_id == CustomerScore.customer_id
    )
    named = category_id if category_id is not None else CustomerScore.due_category_id
    chosen = chosen.outerjoin(
        CategoryScore,
        and_(
            CategoryScore.customer_id == CustomerScore.customer_id,
            CategoryScore.category_id == named,
            CategoryScore.due_on <= on,
            CategoryScore.lapsed_on > on,
        ),
    ).outerjoin(Category, Category.id == CategoryScore.category_id)
    ordered = chosen.order_by(by_value.c.expected_value_minor.desc(), CustomerScore.customer_id)
    found = await session.execute(ordered.limit(limit) if limit is not None else ordered)
    return [_candidate(row, on, category_id) for row in found]


def _candidate(
    row: Row[CustomerScore, CategoryScore | None, str | None, int], on: date, asked: UUID | None
) -> Candidate:
    shop, in_category, category_name, value = row
    score = in_category or shop
    elapsed = max((on - score.last_on).days, 0)
    return Candidate(
        customer_id=score.customer_id,
        category_id=in_category.category_id if in_category else None,
        category_name=category_name,
        last_on=score.last_on if asked else shop.last_on,
        due_on=score.due_on,
        likely_from=score.likely_from,
        likely_to=score.likely_to,
        p_alive=rules.p_alive(Rhythm(score.m, score.s, score.q, score.x), elapsed),
        is_overdue=score.likely_to <= on,
        expected_value_minor=value,
        reason=reason_of(score, on, category_name),
    )


async def count_due(
    session: AsyncSession, on: date, *, category_id: UUID | None = None, since: date | None = None
) -> int:
    """Return how many are due on a day."""
    due = due_customers(on, category_id=category_id, since=since).subquery()
    return await session.scalar(select(func.count()).select_from(due)) or 0


async def count_becoming_due(session: AsyncSession, after: date, days: int) -> dict[date, int]:
    """Return how many become due, in the rhythm of the shop, on each of the days that follow; days without anybody
    are zero.
    """
    last = after + timedelta(days=days)
    found = await session.execute(
        select(CustomerScore.due_on, func.count())
        .where(
            CustomerScore.due_on > after, CustomerScore.due_on <= last, CustomerScore.lapsed_on > CustomerScore.due_on
        )
        .group_by(CustomerScore.due_on)
    )
    counts = dict(found.all())
    return {day: counts.get(day, 0) for day in (after + timedelta(days=step) for step in range(1, days + 1))}
