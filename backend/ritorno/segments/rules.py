"""Days and ages as a segment means them, as plain functions of plain values."""

from calendar import isleap
from datetime import date, timedelta

MOST_DAYS = 36_500


def births_aged(low: int | None, high: int | None, on: date) -> tuple[date | None, date | None]:
    """Return the first and last birth date of people whose age in whole years lies in [low, high] on a day."""
    first = None if high is None else _years_before(on, high + 1)
    last = None if low is None else _years_before(on, low)
    return (None if first is None else first + timedelta(days=1)), last


def _years_before(on: date, years: int) -> date:
    year = max(on.year - years, 1)
    day = 28 if (on.month, on.day) == (2, 29) and not isleap(year) else on.day
    return date(year, on.month, day)


def birthdays_kept(on: date) -> list[int]:
    """Return the birthdays kept on a day, as month × 100 + day; 29 February on 28 in common years (DESIGN §7)."""
    kept = [on.month * 100 + on.day]
    if kept == [228] and not isleap(on.year):
        kept.append(229)
    return kept


def birthday_keys(on: date, low: int, high: int | None) -> list[int]:
    """Return the birthdays kept between `low` and `high` days from a day, at most a year ahead."""
    until = 365 if high is None else min(high, 365)
    keys = {key for ahead in range(min(low, 366), until + 1) for key in birthdays_kept(on + timedelta(days=ahead))}
    return sorted(keys)
