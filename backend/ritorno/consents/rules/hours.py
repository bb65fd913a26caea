"""When a channel may be used (D-07, D-T9, M-08, B-29, B-30): windows by weekday, holidays, and any time zone.

Windows are compared in local wall time and answered as instants, so the night the clocks change needs no special case.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

Window = tuple[time, time]
Windows = tuple[Window, ...]
"""Of one day, in order and apart from each other; none on a day without any."""


class Hours(NamedTuple):
    """The windows of one channel."""

    weekday: Windows
    saturday: Windows
    sunday: Windows
    eve: Windows | None
    """The day before a holiday, when narrower than its weekday; None leaves the weekday's own windows."""
    holiday: Windows
    rule: str


class Holidays(NamedTuple):
    """Public holidays of a country: (month, day, first year), days counted from Easter Sunday, and (month, weekday,
    which of the month) such as the first Monday of May; -1 is the last.
    """

    fixed: tuple[tuple[int, int, int], ...]
    easter_offsets: tuple[int, ...]
    weekdays: tuple[tuple[int, int, int], ...] = ()


class Cap(NamedTuple):
    """At most this many messages in any `days` days (G16)."""

    most: int
    days: int


_LOOK_AHEAD = 60


@lru_cache(maxsize=4096)
def next_open(at: datetime, hours: Hours, holidays: Holidays, zones: tuple[str, ...]) -> datetime | None:
    """Return `at` itself when every zone's window is open then, otherwise the first later instant when all are; None
    when they never are.
    """
    moment = at
    for _ in range(_LOOK_AHEAD):
        opens = [_next_open_in(moment, hours, holidays, zone) for zone in zones]
        latest = max((each for each in opens if each is not None), default=None)
        if latest is None or None in opens:
            return None
        if latest == moment:
            return moment
        moment = latest
    return None


class Opening(NamedTuple):
    """A stretch of time in which a channel may be used."""

    opens_at: datetime
    closes_at: datetime


def openings(
    at: datetime, hours: Hours, holidays: Holidays, zones: tuple[str, ...], *, until: datetime
) -> list[Opening]:
    """Return when every zone's windows are open between two moments, the present stretch first; it begins at `at`."""
    found: list[Opening] = []
    moment = at
    while (opens := next_open(moment, hours, holidays, zones)) is not None and opens < until:
        moment = min(_closes_in(opens, hours, holidays, zone) for zone in zones)
        found.append(Opening(opens, moment))
    return found


def _closes_in(at: datetime, hours: Hours, holidays: Holidays, zone: str) -> datetime:
    """Return when the window that is open at a moment closes."""
    place = ZoneInfo(zone)
    local = at.astimezone(place)
    closes = next(
        closes for opens, closes in _windows_of(local.date(), hours, holidays) if opens <= local.time() < closes
    )
    return datetime.combine(local.date(), closes, place).astimezone(UTC)


def is_holiday(day: date, holidays: Holidays) -> bool:
    """Tell whether a day is a public holiday."""
    if any(day.month == month and day.day == number and day.year >= since for month, number, since in holidays.fixed):
        return True
    if (day - easter(day.year)).days in holidays.easter_offsets:
        return True
    return any(
        day.month == month and day.weekday() == weekday and _is_nth(day, nth)
        for month, weekday, nth in holidays.weekdays
    )


def _is_nth(day: date, nth: int) -> bool:
    if nth < 0:
        return (day + timedelta(days=7)).month != day.month
    return (day.day - 1) // 7 + 1 == nth


@lru_cache(maxsize=64)
def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (the anonymous algorithm of 1876)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    weekday = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * weekday) // 451
    month, day = divmod(h + weekday - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _next_open_in(at: datetime, hours: Hours, holidays: Holidays, zone: str) -> datetime | None:
    place = ZoneInfo(zone)
    local = at.astimezone(place)
    for ahead in range(_LOOK_AHEAD):
        day = local.date() + timedelta(days=ahead)
        for opens, closes in _windows_of(day, hours, holidays):
            if ahead or local.time() < opens:
                return datetime.combine(day, opens, place).astimezone(UTC)
            if local.time() < closes:
                return at
    return None


def _windows_of(day: date, hours: Hours, holidays: Holidays) -> Windows:
    if is_holiday(day, holidays):
        return hours.holiday
    if day.weekday() == 6:
        return hours.sunday
    windows = hours.saturday if day.weekday() == 5 else hours.weekday
    if hours.eve is not None and is_holiday(day + timedelta(days=1), holidays):
        return overlap(windows, hours.eve)
    return windows


def overlap(some: Windows, others: Windows) -> Windows:
    """Return when both are open."""
    shared = ((max(one[0], other[0]), min(one[1], other[1])) for one in some for other in others)
    return tuple((opens, closes) for opens, closes in shared if opens < closes)


def overlap_hours(one: Hours, other: Hours) -> Hours:
    """Return the windows that obey both; the rule named is that of the first."""
    narrower = [eve for eve in (one.eve, other.eve) if eve is not None]
    eve = overlap(narrower[0], narrower[-1]) if narrower else None
    return Hours(
        overlap(one.weekday, other.weekday),
        overlap(one.saturday, other.saturday),
        overlap(one.sunday, other.sunday),
        eve,
        overlap(one.holiday, other.holiday),
        one.rule,
    )


def join_holidays(all_of: Iterable[Holidays]) -> Holidays:
    """Return the days that are a holiday in any of the countries."""
    sets = tuple(all_of)
    return Holidays(
        tuple(sorted({day for each in sets for day in each.fixed})),
        tuple(sorted({offset for each in sets for offset in each.easter_offsets})),
        tuple(sorted({day for each in sets for day in each.weekdays})),
    )
