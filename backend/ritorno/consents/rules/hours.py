"""When a channel may be used (D-07, D-T9, M-08, B-29, B-30): windows by weekday, holidays, and any time zone.

Windows are compared in local wall time and answered as instants, so the night the clocks change needs no special case.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

Window = tuple[time, time]


class Hours(NamedTuple):
    """The windows of one channel; None is a day on which it is not used at all."""

    weekday: Window | None
    saturday: Window | None
    sunday: Window | None
    eve: Window | None
    """The day before a holiday, when narrower than its weekday; None leaves the weekday's own window."""
    holiday: Window | None
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
        window = _window_of(day, hours, holidays)
        if window is None:
            continue
        opens, closes = window
        if ahead or local.time() < opens:
            return datetime.combine(day, opens, place).astimezone(UTC)
        if local.time() < closes:
            return at
    return None


def _window_of(day: date, hours: Hours, holidays: Holidays) -> Window | None:
    if is_holiday(day, holidays):
        return hours.holiday
    if day.weekday() == 6:
        return hours.sunday
    window = hours.saturday if day.weekday() == 5 else hours.weekday
    if hours.eve and is_holiday(day + timedelta(days=1), holidays):
        return overlap(window, hours.eve)
    return window


def overlap(one: Window | None, other: Window | None) -> Window | None:
    """Return when both windows are open, None when that is never; a day without a window stays without."""
    if one is None or other is None:
        return None
    opens, closes = max(one[0], other[0]), min(one[1], other[1])
    return (opens, closes) if opens < closes else None


def overlap_hours(one: Hours, other: Hours) -> Hours:
    """Return the windows that obey both; the rule named is that of the first."""
    eve = overlap(one.eve, other.eve) if one.eve and other.eve else one.eve or other.eve
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
