"""What a purchase or a return is, and when it counts as a visit (MODELS §1.2): plain functions of plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from math import log
from typing import NamedTuple


class TransactionKind(StrEnum):
    SALE = "SALE"
    RETURN = "RETURN"


class Line(NamedTuple):
    """One product on a receipt, in thousandths of a unit and in minor units; the total is authoritative."""

    sku: str
    quantity_milli: int
    discount_minor: int
    total_minor: int
    name: str | None = None
    category: str | None = None
    brand: str | None = None


class Revision(NamedTuple):
    """How new a source says its news is; either may be unknown."""

    version: int | None
    updated_at: datetime | None


def is_older(news: Revision, known: Revision) -> bool:
    """Tell whether news must not overwrite what is known (B-41, S-23); where nothing is counted the last word wins."""
    if news.version is not None and known.version is not None:
        return news.version < known.version
    if news.updated_at is not None and known.updated_at is not None:
        return news.updated_at < known.updated_at
    return False


def kind_of(stated: TransactionKind | None, totals: Iterable[int], *, has_original: bool) -> TransactionKind:
    """Return what a source stated, else a return when it names an original or gives back money only."""
    if stated is not None:
        return stated
    amounts = list(totals)
    gives_back = all(amount <= 0 for amount in amounts) and sum(amounts) < 0
    return TransactionKind.RETURN if has_original or gives_back else TransactionKind.SALE


def is_visit(kind: str, total_minor: int) -> bool:
    """Tell whether a transaction makes its day a visit: somebody came and paid something."""
    return kind == TransactionKind.SALE and total_minor > 0


@dataclass(slots=True)
class Sums:
    """The running sums of a customer, or of a customer in one category, over some transactions."""

    purchases: int = 0
    returns: int = 0
    revenue_minor: int = 0
    first_at: datetime | None = None
    last_at: datetime | None = None
    visit_days: int = 0
    first_day: date | None = None
    last_day: date | None = None
    sl: float = 0.0
    sl2: float = 0.0


class Part(NamedTuple):
    """What one transaction brings to a customer, or to a customer in one category."""

    is_sale: bool
    occurred_at: datetime
    day: date
    total_minor: int
    counts: bool
    """Whether its day is a visit; in a category, if the transaction makes one and the category's share is positive."""


def sum_up(parts: list[Part]) -> Sums:
    """Return the sums over some transactions, whatever their order; a day counts once."""
    if len(parts) == 1:
        is_sale, at, day, total, counts = parts[0]
        return Sums(
            int(is_sale),
            int(not is_sale),
            total,
            at if is_sale else None,
            at if is_sale else None,
            int(counts),
            day if counts else None,
            day if counts else None,
        )
    instants = [part.occurred_at for part in parts if part.is_sale]
    days = sorted({part.day for part in parts if part.counts})
    logs = [log((after - before).days) for before, after in pairwise(days)]
    return Sums(
        purchases=len(instants),
        returns=len(parts) - len(instants),
        revenue_minor=sum(part.total_minor for part in parts),
        first_at=min(instants, default=None),
        last_at=max(instants, default=None),
        visit_days=len(days),
        first_day=days[0] if days else None,
        last_day=days[-1] if days else None,
        sl=sum(logs),
        sl2=sum(each * each for each in logs),
    )
