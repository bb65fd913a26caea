"""What a purchase or a return is, and when it counts as a visit (MODELS §1.2): plain functions of plain values."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple


class TransactionKind(StrEnum):
    SALE = "SALE"
    RETURN = "RETURN"


class HoldKind(StrEnum):
    """Why documents of a person may not be let go of yet (B-51)."""

    TAX = "TAX"
    DISPUTE = "DISPUTE"
    WARRANTY = "WARRANTY"


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
