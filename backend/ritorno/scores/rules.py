"""The rhythm of a customer, pure: log-logistic gaps shrunk toward the category, with dropout (MODELS §1.2, §1.4, §4).

A unit is a customer, or a customer within one category. It is described by its purchase days alone: how many, the sum
of the logs of the gaps between them, and the last one. `scoring.py` says the same in SQL, and a test holds the two
together.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import exp, floor, log, sqrt

PACE_WEIGHT = 0.8
"""How much of a customer's pace in the shop carries over to a category: maximum likelihood gave .6 to 1.0."""
WIDTH = 0.6
"""Lets the 50 and 80 % windows agree with those of a log-normal of the same deviation."""
LAPSED_BELOW = 0.40
LOST_BELOW = 0.15
MOST_DAYS = 36_500
STEEPEST = 700.0


class Stage(StrEnum):
    """Where a customer stands in their own rhythm, so that it means the same in every shop and season."""

    NONE = "none"
    NEW = "new"
    ACTIVE = "active"
    DUE = "due"
    LATE = "late"
    AT_RISK = "at_risk"
    LOST = "lost"


class ReasonKind(StrEnum):
    """Which sentence explains a due date."""

    RHYTHM = "rhythm"
    FIRST_PURCHASE = "first_purchase"
    PROBABLY_LOST = "probably_lost"


@dataclass(frozen=True, slots=True)
class Parameters:
    """One fitted set: log-median, spread within and between units, and the beta of dropout."""

    mu: float
    sigma: float
    tau: float
    a: float
    b: float


@dataclass(frozen=True, slots=True)
class Rhythm:
    """What is believed of one unit: `m` its log-median gap, `s` the width, `q` the chance it never returns, `x` its
    gaps so far.
    """

    m: float
    s: float
    q: float
    x: int


@dataclass(frozen=True, slots=True)
class Outlook:
    """A rhythm laid on the calendar, as seen on one day. The rhythm's dates stay put; `p_alive`, `next_on` and
    `stage` move.
    """

    due_on: date
    likely_from: date
    likely_to: date
    wide_from: date
    wide_to: date
    lapsed_on: date
    p_alive: float
    next_on: date | None
    stage: Stage
    is_future: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody is due, as values; `words.py` makes the sentence. `category` is None for the rhythm of the whole
    shop.
    """

    kind: ReasonKind
    category: str | None
    every_days: int
    days_ago: int


def rhythm_of(visit_days: int, log_gaps: float, parameters: Parameters, pace: float = 0.0) -> Rhythm | None:
    """Return the shrunken rhythm of a unit, or None when it never bought. `log_gaps` is the sum of ln(gap), in any
    order.

    `pace` is how far this customer's log-median in the shop lies from the shop's own; zero for the rhythm of the shop
    itself.
    """
    if visit_days < 1:
        return None
    gaps = visit_days - 1
    prior = parameters.mu + PACE_WEIGHT * pace
    variance = 1 / (gaps / parameters.sigma**2 + 1 / parameters.tau**2)
    return Rhythm(
        m=(log_gaps / parameters.sigma**2 + prior / parameters.tau**2) * variance,
        s=WIDTH * sqrt(parameters.sigma**2 + variance),
        q=parameters.a / (parameters.a + parameters.b + gaps),
        x=gaps,
    )


def pace_of(shop: Rhythm, parameters: Parameters) -> float:
    """Return how much slower (in logs) this customer is than the shop."""
    return shop.m - parameters.mu


def survival(rhythm: Rhythm, days: float) -> float:
    """Return P(gap > days | will return)."""
    if days <= 0:
        return 1.0
    return 1 / (1 + exp(_clipped((log(days) - rhythm.m) / rhythm.s)))


def quantile(rhythm: Rhythm, p: float) -> float:
    """Return the days by which a share `p` of the gaps of those who return has ended."""
    return min(exp(_clipped(rhythm.m + rhythm.s * log(p / (1 - p)))), float(MOST_DAYS))


def still_out(rhythm: Rhythm, elapsed: int) -> float:
    """Return P(not yet back after `elapsed` days | will return): the open gap, counted to the middle of the day."""
    return survival(rhythm, elapsed + 0.5) if elapsed > 0 else 1.0


def p_alive(rhythm: Rhythm, elapsed: int) -> float:
    """Return the chance that the unit will return at all, given `elapsed` days of silence."""
    returning = (1 - rhythm.q) * still_out(rhythm, elapsed)
    return returning / (rhythm.q + returning)


def p_returns_within(rhythm: Rhythm, elapsed: int, days: int) -> float:
    """Return the chance of a return in the next `days` days, given `elapsed` days of silence."""
    out = still_out(rhythm, elapsed)
    coming = max(out - survival(rhythm, max(elapsed, 0) + days + 0.5), 0.0)
    return (1 - rhythm.q) * coming / (rhythm.q + (1 - rhythm.q) * out)


def p_stays_out(rhythm: Rhythm, elapsed: int, days: int) -> float:
    """Return the chance that the unit is still ours and yet does not come by itself in the next `days` days."""
    later = survival(rhythm, max(elapsed, 0) + days + 0.5)
    return (1 - rhythm.q) * later / (rhythm.q + (1 - rhythm.q) * still_out(rhythm, elapsed))


def days_to_next(rhythm: Rhythm, elapsed: int) -> float:
    """Return the median day of return counted from the last purchase, given that it has not happened in `elapsed`
    days.
    """
    half = 0.5 * still_out(rhythm, elapsed)
    return min(exp(_clipped(rhythm.m + rhythm.s * log((1 - half) / half))), float(MOST_DAYS))


def days_to_lapse(rhythm: Rhythm) -> int:
    """Return the first day of silence on which the chance of a return is below `LAPSED_BELOW`: `p_alive` solved for
    the day.
    """
    odds = LAPSED_BELOW / (1 - LAPSED_BELOW) * rhythm.q / (1 - rhythm.q)
    if odds > 1:
        return 0
    if odds == 1:
        return 1
    days = exp(_clipped(rhythm.m + rhythm.s * log((1 - odds) / odds)))
    return max(floor(min(days, float(MOST_DAYS)) - 0.5) + 1, 1)


def stage_of(rhythm: Rhythm | None, elapsed: int) -> Stage:
    """Return the stage; the first that matches wins."""
    if rhythm is None:
        return Stage.NONE
    alive, out = p_alive(rhythm, elapsed), still_out(rhythm, elapsed)
    if alive < LOST_BELOW:
        return Stage.LOST
    if alive < LAPSED_BELOW:
        return Stage.AT_RISK
    if rhythm.x == 0:
        return Stage.NEW
    if out >= 0.5:
        return Stage.ACTIVE
    return Stage.DUE if out >= 0.25 else Stage.LATE


def outlook(rhythm: Rhythm, last_on: date, on: date) -> Outlook:
    """Lay the rhythm on the calendar as of `on`. A purchase dated after `on` counts as today's and is flagged (MODELS
    §1.4).
    """
    elapsed = max((on - last_on).days, 0)
    alive = p_alive(rhythm, elapsed)
    next_days = max(round(days_to_next(rhythm, elapsed)), elapsed + 1)
    return Outlook(
        due_on=days_after(last_on, round(quantile(rhythm, 0.5))),
        likely_from=days_after(last_on, round(quantile(rhythm, 0.25))),
        likely_to=days_after(last_on, round(quantile(rhythm, 0.75))),
        wide_from=days_after(last_on, round(quantile(rhythm, 0.1))),
        wide_to=days_after(last_on, round(quantile(rhythm, 0.9))),
        lapsed_on=days_after(last_on, days_to_lapse(rhythm)),
        p_alive=alive,
        next_on=days_after(last_on, next_days) if alive >= LAPSED_BELOW else None,
        stage=stage_of(rhythm, elapsed),
        is_future=last_on > on,
    )


def reason_for(rhythm: Rhythm, last_on: date, on: date, category: str | None = None) -> Reason:
    """Return why the unit is due, or that it is probably lost; a single purchase says that it speaks for its
    category.
    """
    elapsed = max((on - last_on).days, 0)
    if p_alive(rhythm, elapsed) < LAPSED_BELOW:
        kind = ReasonKind.PROBABLY_LOST
    elif rhythm.x == 0:
        kind = ReasonKind.FIRST_PURCHASE
    else:
        kind = ReasonKind.RHYTHM
    return Reason(kind, category, max(round(quantile(rhythm, 0.5)), 1), elapsed)


def days_after(day: date, days: int) -> date:
    """Return the day `days` later, or the last day a calendar has."""
    return date.max if days > (date.max - day).days else day + timedelta(days=days)


def _clipped(exponent: float) -> float:
    return min(max(exponent, -STEEPEST), STEEPEST)
