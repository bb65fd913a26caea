"""When a reason to come back falls due, whom it may reach today, and which reason wins, as plain functions of plain
values.
"""

from calendar import isleap
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo


class RecallKind(StrEnum):
    """The reasons this installation knows."""

    RHYTHM = "rhythm"
    BIRTHDAY = "birthday"


NOON = time(12, 0)
"""Until this hour yesterday's birthday is still wished after an outage (DESIGN §7)."""


def celebrated_on(birth_on: date, year: int) -> date:
    """Return the day a birthday is kept in a year; 29 February is kept on 28 in common years (B-29 and DESIGN §7)."""
    if birth_on.month == 2 and birth_on.day == 29 and not isleap(year):
        return date(year, 2, 28)
    return birth_on.replace(year=year)


def birthdays_kept(on: date) -> list[tuple[int, int]]:
    """Return the (month, day) pairs of births kept on a day: two on 28 February of a common year."""
    kept = [(on.month, on.day)]
    if (on.month, on.day) == (2, 28) and not isleap(on.year):
        kept.append((2, 29))
    return kept


def birthday_occasion(kept_on: date) -> str:
    """Return the key that makes one wish a year."""
    return f"birthday:{kept_on.year}"


def rhythm_occasion(category_id: UUID | None, last_on: date) -> str:
    """Return the key that makes one recall for each silence: the recall's own category, and the purchase the silence
    follows.

    The due date would not do: a nightly fit may move it by a day, and the same silence would be written to again.
    """
    return f"rhythm:{category_id or 'shop'}:{last_on.isoformat()}"


SHORTEST_SILENCE = timedelta(days=7)
"""Nobody is missed before a week: a daily shopper's third day away is no reason to write."""


def missed_from(last_on: date, likely_to: date) -> date:
    """Return the first day on which a silence is worth a word."""
    return max(likely_to, last_on + SHORTEST_SILENCE)


def is_missed(last_on: date, likely_to: date, on: date) -> bool:
    """Return whether a silence is worth a word on a day: the likely window closed, and not for longer than it lasted.

    Before it closes most people come by themselves; long after, it is no longer this silence that a recall speaks of
    (docs/decisions, "A recall waits until somebody is missed").
    """
    return likely_to <= on <= likely_to + (likely_to - last_on) and on - last_on >= SHORTEST_SILENCE


def birthday_is_too_late(kept_on: date, on: date, local_time: time) -> bool:
    """Return whether a wish missed by an outage is dropped: yesterday's goes out until noon, older ones never."""
    late = (on - kept_on).days
    return late > 1 or (late == 1 and local_time >= NOON)


def birthday_expires(kept_on: date, zone: ZoneInfo) -> datetime:
    """Return the moment from which a wish is too late: noon of the day after."""
    return datetime.combine(kept_on + timedelta(days=1), NOON, zone)


@dataclass(frozen=True, slots=True)
class Claim:
    """One recall's wish to write to one person today, with what it is worth."""

    recall_id: UUID
    customer_id: UUID
    kind: RecallKind
    occasion: str
    value_minor: int


def winners(claims: Iterable[Claim]) -> dict[UUID, Claim]:
    """Return the one claim per person that may write today: the most valuable, then the one that cannot wait, then a
    fixed order.
    """
    best: dict[UUID, Claim] = {}
    for claim in claims:
        held = best.get(claim.customer_id)
        if held is None or _rank(claim) > _rank(held):
            best[claim.customer_id] = claim
    return best


def _rank(claim: Claim) -> tuple[int, bool, str, str]:
    return claim.value_minor, claim.kind is RecallKind.BIRTHDAY, str(claim.recall_id), claim.occasion


def is_cooling(last_on: date | None, on: date, cooldown_days: int) -> bool:
    """Return whether the same recall reached this person too recently."""
    return last_on is not None and (on - last_on).days < cooldown_days


def is_dismissed(until: date | None, on: date) -> bool:
    """Return whether a dismissal holds on a day; without an end it holds for ever."""
    return until is None or on < until


def hours_of(on: date, opens: time, closes: time) -> tuple[datetime, datetime]:
    """Return the naive local bounds of the send window on a day; the caller puts them in the business zone."""
    return datetime.combine(on, opens), datetime.combine(on, closes)


RUNS_AT = time(9, 0)
"""The hour of the daily run, and the one a day that is not today is planned as of."""


def next_run_on(today: date, local_time: time, *, ran_today: bool) -> date:
    """Return the day the planner runs next; who is switched on after the run waits for tomorrow's."""
    return today + timedelta(days=1) if ran_today or local_time >= RUNS_AT else today
