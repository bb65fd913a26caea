"""What may come of a call, when somebody is best called, and when a call nobody answered is made again.

Hours are compared in the wall time of the person. Every moment proposed lies inside the openings given, which are the
legal ones (D-T9).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from ritorno.consents.rules import Opening

LEASE = timedelta(minutes=15)
"""How long a person stays with an operator whose screen says nothing any more."""
MOST_ATTEMPTS = 3
PAUSE = timedelta(hours=4)
"""Between two calls that nobody answered."""
AHEAD = timedelta(days=14)
"""How far a call may be put off."""


class CallOutcome(StrEnum):
    REACHED = "REACHED"
    NO_ANSWER = "NO_ANSWER"
    BUSY = "BUSY"
    VOICEMAIL = "VOICEMAIL"
    WRONG_NUMBER = "WRONG_NUMBER"
    CALL_BACK = "CALL_BACK"
    OBJECTED = "OBJECTED"
    DECEASED = "DECEASED"
    ASKED_SOURCE = "ASKED_SOURCE"
    """The person wants to know where we have the number from: a request for access (art. 15)."""


class CallResult(StrEnum):
    """What a person who was reached said."""

    INTERESTED = "INTERESTED"
    BOOKED = "BOOKED"
    NOT_INTERESTED = "NOT_INTERESTED"


class ObjectionScope(StrEnum):
    """What somebody no longer wants: calls, or any of our marketing."""

    CALLS = "CALLS"
    EVERYTHING = "EVERYTHING"


UNANSWERED = frozenset({CallOutcome.NO_ANSWER, CallOutcome.BUSY, CallOutcome.VOICEMAIL})
SPOKEN = frozenset({CallOutcome.REACHED, CallOutcome.OBJECTED, CallOutcome.ASKED_SOURCE, CallOutcome.CALL_BACK})
"""The person themselves was on the line."""


# ── when to call ──────────────────────────────────────────────────────────────────────────────────────────────────────


class Band(StrEnum):
    MORNING = "MORNING"
    AFTERNOON = "AFTERNOON"
    EVENING = "EVENING"


_BEGINS = {Band.MORNING: time(0), Band.AFTERNOON: time(13), Band.EVENING: time(17)}


class Slot(NamedTuple):
    """A part of a day of the week; Monday is 0, and no day means any."""

    weekday: int | None
    band: Band


class BestReason(StrEnum):
    ANSWERED = "ANSWERED"
    VISITS = "VISITS"
    OPEN = "OPEN"
    """Nothing is known of the person's hours: the first moment the law leaves open."""


class BestTime(NamedTuple):
    """A moment to call, and why this one."""

    at: datetime
    reason: BestReason
    slot: Slot


def slot_of(at: datetime, zone: str) -> Slot:
    """Return the part of the week an instant falls in."""
    local = at.astimezone(ZoneInfo(zone))
    return Slot(local.weekday(), _band_of(local.time()))


def _band_of(hour: time) -> Band:
    return next(band for band, begins in reversed(_BEGINS.items()) if hour >= begins)


SEEN_ENOUGH = 3
"""Fewer visits than this make no habit."""


def habit_of(visits: Mapping[Slot, int]) -> Slot | None:
    """Return when somebody usually comes: a part of one day for a third of the visits, else of any day for half."""
    total = sum(visits.values())
    if total < SEEN_ENOUGH:
        return None
    slot, times = max(visits.items(), key=lambda item: (item[1], item[0]))
    if times >= SEEN_ENOUGH and times * 3 >= total:
        return slot
    bands: Counter[Band] = Counter()
    for each, count in visits.items():
        bands[each.band] += count
    band, times = max(bands.items(), key=lambda item: (item[1], item[0]))
    return Slot(None, band) if times * 2 >= total else None


def best_time(
    openings: Sequence[Opening],
    zone: str,
    *,
    answered: Iterable[datetime] = (),
    visits: Iterable[datetime] = (),
    missed: Iterable[datetime] = (),
) -> BestTime | None:
    """Return the next good moment: the part of the day in which calls were answered, else in which the person usually
    comes, else the first one open; never the same part of the same day in which a call was missed.
    """
    tried = [_part(each, zone) for each in missed]
    moments = [each for each in _moments(openings, zone) if _part(each[0], zone) not in tried]
    heard = Counter(slot_of(each, zone).band for each in answered)
    if heard:
        band = max(heard.items(), key=lambda item: (item[1], item[0]))[0]
        if found := _first(moments, Slot(None, band)):
            return BestTime(found, BestReason.ANSWERED, Slot(None, band))
    habit = habit_of(Counter(slot_of(each, zone) for each in visits))
    if habit is not None and (found := _first(moments, habit)):
        return BestTime(found, BestReason.VISITS, habit)
    bands = {band for _, band in tried}
    fresh = [each for each in moments if each[1].band not in bands] or moments
    return BestTime(fresh[0][0], BestReason.OPEN, fresh[0][1]) if fresh else None


def _part(at: datetime, zone: str) -> tuple[date, Band]:
    local = at.astimezone(ZoneInfo(zone))
    return local.date(), _band_of(local.time())


def _moments(openings: Sequence[Opening], zone: str) -> Iterator[tuple[datetime, Slot]]:
    """Yield the first moment of each part of a day that is open."""
    place = ZoneInfo(zone)
    for opening in openings:
        yield opening.opens_at, slot_of(opening.opens_at, zone)
        local = opening.opens_at.astimezone(place)
        for band, begins in _BEGINS.items():
            at = datetime.combine(local.date(), begins, place)
            if opening.opens_at < at < opening.closes_at:
                yield at.astimezone(opening.opens_at.tzinfo), Slot(local.weekday(), band)


def _first(moments: Iterable[tuple[datetime, Slot]], wanted: Slot) -> datetime | None:
    return next(
        (at for at, slot in moments if slot.band is wanted.band and wanted.weekday in {None, slot.weekday}), None
    )


def next_attempt(
    tried: Sequence[datetime],
    openings: Sequence[Opening],
    zone: str,
    *,
    answered: Iterable[datetime] = (),
    visits: Iterable[datetime] = (),
) -> datetime | None:
    """Return when a call that nobody answered is made again, or None when it was tried often enough.

    `tried` holds every call so far; the next one waits for `PAUSE` and falls into another part of the day or another
    day.
    """
    if len(tried) >= MOST_ATTEMPTS:
        return None
    rested = max(tried) + PAUSE
    later = [each._replace(opens_at=max(each.opens_at, rested)) for each in openings if each.closes_at > rested]
    best = best_time(later, zone, answered=answered, visits=visits, missed=tried)
    return best.at if best is not None else None
