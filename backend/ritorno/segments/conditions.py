"""Each condition in SQL: purchases as sets of ids read from the covering indexes, everything else as a test of one
person.

Null counts as no. Every value travels as a parameter, never as text.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Select, and_, distinct, false, func, not_, or_, select, true
from sqlalchemy.orm import aliased

from ritorno.catalog.models import Product
from ritorno.customers.models import ContactPoint, Customer, CustomerInterest, CustomerTag
from ritorno.kit.money import to_minor
from ritorno.scores.models import CustomerScore
from ritorno.segments.rules import MOST_DAYS, birthday_keys, births_aged
from ritorno.segments.schemas import Bought, ChoiceIs, DateIs, MoneyIs, NumberIs
from ritorno.transactions.models import Profile, Transaction, TransactionLine

Ids = Select[UUID] | CompoundSelect[UUID]


@dataclass(frozen=True, slots=True)
class Moment:
    """When the question is asked: the instant, the business day it falls on, the currency amounts are in."""

    at: datetime
    on: date
    currency: str
    below: Mapping[UUID, tuple[UUID, ...]] = field(default_factory=dict)
    """Each named category with those under it, read beforehand: a literal list keeps the covering index in the plan."""
    profiled_since: datetime | None = None
    """Older purchases say nothing of anybody any more (C-30)."""


# ── purchases ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def bought(node: Bought, moment: Moment) -> Ids:
    """Return who bought a thing often and well enough: distinct purchases, money net of returns."""
    lines: Any = Transaction if node.thing is None else TransactionLine
    where = in_window(lines, moment)
    if node.days is not None:
        where.append(lines.occurred_at > moment.at - timedelta(days=node.days))
    if node.category_id is not None:
        where.append(TransactionLine.category_id.in_(moment.below.get(node.category_id, (node.category_id,))))
    elif node.product_id is not None:
        where.append(TransactionLine.product_id == node.product_id)
    elif node.brand_id is not None:
        where.append(TransactionLine.product_id.in_(select(Product.id).where(Product.brand_id == node.brand_id)))
    sold = lines.total_minor > 0
    if node.spent_at_least is None and node.at_least == 1:
        return select(lines.customer_id).where(*where, sold).distinct()
    receipt = Transaction.id if node.thing is None else TransactionLine.transaction_id
    having = [func.count(distinct(receipt)).filter(sold) >= node.at_least]
    if node.spent_at_least is not None:
        having.append(func.sum(lines.total_minor) >= to_minor(node.spent_at_least, moment.currency))
    return select(lines.customer_id).where(*where).group_by(lines.customer_id).having(and_(*having))


def in_window(lines: Any, moment: Moment) -> list[ColumnElement[bool]]:
    """Return the conditions under which a receipt or line speaks of somebody: it is theirs, past, and not too old."""
    where = [lines.customer_id.is_not(None), lines.occurred_at <= moment.at]
    if moment.profiled_since is not None:
        where.append(lines.occurred_at >= moment.profiled_since)
    return where


def spent_in_a_year(node: MoneyIs, moment: Moment) -> tuple[Ids, bool]:
    """Return who spent inside the bounds; when nothing spent lies inside them too, return whom to leave out instead."""
    low, high = node.bounds_in(moment.currency)
    spent = func.sum(Transaction.total_minor)
    year: Any = select(Transaction.customer_id).where(
        *in_window(Transaction, moment), Transaction.occurred_at > moment.at - timedelta(days=365)
    )
    by_person = year.group_by(Transaction.customer_id)
    zero_is_inside = (low is None or low <= 0) and (high is None or high >= 0)
    if not zero_is_inside:
        return by_person.having(within(spent, low, high)), True
    return by_person.having(not_(within(spent, low, high))), False


# ── the card, the profile and the scores
# ───────────────────────────────────────────────────────────────────────────────


def number(node: NumberIs, moment: Moment) -> ColumnElement[bool]:
    low, high = node.bounds
    match node.field:
        case "age":
            return within(Customer.birth_on, *births_aged(low, high, moment.on))
        case "birthday_in_days":
            return Customer.birthday.in_(birthday_keys(moment.on, low or 0, high))
        case "last_purchase_days":
            return within(Profile.last_day, *_ago(low, high, moment.on))
        case "overdue_days":
            # "At most 5 days late" speaks of people who are late, so today is where it begins.
            return within(CustomerScore.due_on, *_ago(low or 0, high, moment.on))
        case "visits":
            return within(func.coalesce(Profile.visit_days, 0), low, high)
        case "top_percent":
            return and_(Profile.revenue_minor > 0, *_among_the_best(low, high))


def _among_the_best(low: int | None, high: int | None) -> list[ColumnElement[bool]]:
    def spend_at(percent: int) -> Any:
        others = aliased(Profile)
        share = func.percentile_disc(min(percent, 100) / 100).within_group(others.revenue_minor.desc())
        return select(share).where(others.revenue_minor > 0).scalar_subquery()

    found: list[ColumnElement[bool]] = []
    if high is not None:
        found.append(Profile.revenue_minor >= spend_at(high) if high > 0 else false())
    if low is not None and low > 0:
        found.append(Profile.revenue_minor <= spend_at(low))
    return found


def days_of(node: DateIs, on: date) -> tuple[date | None, date | None]:
    match node.value:
        case (first, last):
            return first, last
        case int(days):
            return on - timedelta(days=days), on
        case day:
            return (None, day - timedelta(days=1)) if node.op == "before" else (day + timedelta(days=1), None)


def choice(node: ChoiceIs, moment: Moment) -> ColumnElement[bool]:
    values = node.value
    match node.field:
        case "birth_month":
            months = {moment.on.month if value == "current" else int(value) for value in values}
            return or_(*[Customer.birthday.between(month * 100 + 1, month * 100 + 31) for month in sorted(months)])
        case "store":
            return Customer.home_store_id.in_([UUID(value) for value in values])
        case "stage":
            return func.coalesce(CustomerScore.stage, "none").in_(values)
        case "tag":
            return Customer.id.in_(select(CustomerTag.customer_id).where(CustomerTag.tag.in_(values)))
        case "interest":
            return Customer.id.in_(select(CustomerInterest.customer_id).where(CustomerInterest.label.in_(values)))
        case "contact":
            return Customer.id.in_(
                select(ContactPoint.customer_id).where(
                    ContactPoint.kind.in_(values),
                    ContactPoint.valid_to.is_(None),
                    ContactPoint.invalid_at.is_(None),
                    ContactPoint.hard_bounced_at.is_(None),
                )
            )
        case "city" | "gender" | "language" | "source" | "spending_capacity":
            column = {
                "city": Customer.city,
                "gender": Customer.gender,
                "language": Customer.language,
                "source": Customer.acquisition_source,
                "spending_capacity": Customer.spending_capacity,
            }[node.field]
            return column.in_(values)


def within(value: Any, low: Any, high: Any) -> ColumnElement[bool]:
    bounds: list[ColumnElement[bool]] = []
    if low is not None:
        bounds.append(value >= low)
    if high is not None:
        bounds.append(value <= high)
    return and_(true(), *bounds)


def _ago(low: int | None, high: int | None, on: date) -> tuple[date | None, date | None]:
    """Return the days that lie between `low` and `high` days before a day."""
    return (
        None if high is None else on - timedelta(days=min(high, MOST_DAYS)),
        None if low is None else on - timedelta(days=min(low, MOST_DAYS)),
    )
