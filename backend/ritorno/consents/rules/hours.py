"""When a channel may be used (D-07, D-T9, M-08, B-29, B-30): windows by weekday, holidays, and any time zone.

Windows are compared in local wall time and answered as instants, so the night the clocks change needs no special case.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ritorno.consents.rules.ledger import Ages
from ritorno.consents.rules.terms import Channel

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
    """Public holidays of a country: (month, day, first year) and days counted from Easter Sunday."""

    fixed: tuple[tuple[int, int, int], ...]
    easter_offsets: tuple[int, ...]


class Cap(NamedTuple):
    """At most this many messages in any `days` days (G16)."""

    most: int
    days: int


class RulePack(NamedTuple):
    """The dated numbers of one country, read from `rulepack/` and passed to the gate as a value."""

    country: str
    from_on: date
    zones: tuple[str, ...]
    holidays: Holidays
    hours: tuple[tuple[Channel, Hours], ...]
    caps: tuple[tuple[Channel, Cap], ...]
    cap_all: Cap
    longest_wait: timedelta
    soft_optin_months: int
    rpo_days: int
    ages: Ages

    def hours_of(self, channel: Channel) -> Hours | None:
        """Return the windows of a channel, None when it may be used at any hour."""
        return next((hours for name, hours in self.hours if name is channel), None)

    def cap_of(self, channel: Channel) -> Cap | None:
        """Return the channel's own cap, None when only the overall one binds."""
        return next((cap for name, cap in self.caps if name is channel), None)


_LOOK_AHEAD = 60


@lru_cache(maxsize=4096)
def next_open(at: datetime, hours: Hours, holidays: Holidays, zones: tuple[str, ...]) -> datetime:
    """Return `at` itself when every zone's window is open then, otherwise the first later instant when all are."""
    moment = at
    for _ in range(_LOOK_AHEAD):
        latest = max(_next_open_in(moment, hours, holidays, zone) for zone in zones)
        if latest == moment:
            return moment
        moment = latest
    raise ValueError("the windows of these zones never overlap")


def is_holiday(day: date, holidays: Holidays) -> bool:
    """Tell whether a day is a public holiday."""
    if any(day.month == month and day.day == number and day.year >= since for month, number, since in holidays.fixed):
        return True
    return (day - easter(day.year)).days in holidays.easter_offsets


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


def _next_open_in(at: datetime, hours: Hours, holidays: Holidays, zone: str) -> datetime:
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
    raise ValueError("this channel has no open day")


def _window_of(day: date, hours: Hours, holidays: Holidays) -> Window | None:
    if is_holiday(day, holidays):
        return hours.holiday
    if day.weekday() == 6:
        return hours.sunday
    if hours.eve and is_holiday(day + timedelta(days=1), holidays):
        return hours.eve
    return hours.saturday if day.weekday() == 5 else hours.weekday
