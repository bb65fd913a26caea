"""What the lake decides without a database: the states of a load and the end of the retention window."""

from calendar import monthrange
from datetime import date
from enum import StrEnum

WINDOW_MONTHS = 24
"""How long a purchase may be traced to a person unless an assessment says longer (RULES C-30)."""


class LoadState(StrEnum):
    """Each state says what is left to do, so that a load killed half-way is finished by the next command."""

    PLACING = "PLACING"
    """Every file is written; some may still wait to be moved into the lake."""
    COUNTING = "COUNTING"
    """Every file is in the lake; the profiles may not know yet."""
    DONE = "DONE"
    REMOVING = "REMOVING"
    """Its files are being taken out."""


def window_start(today: date, months: int = WINDOW_MONTHS) -> date:
    """Return the first day whose purchases may still be traced to a person."""
    year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
