"""How a touch is measured, pure: who is held out, rates and their intervals, sizes, and the verdict (X-06 … X-14)."""

import hmac
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import ceil, erfc, sqrt
from statistics import NormalDist
from uuid import UUID

BUCKETS = 10_000
LEVEL = 0.95
ALPHA = 0.05
POWER = 0.80
SRM_BELOW = 0.001
"""A split this unlikely was not made by chance: the test is invalid (X-12)."""
SMALLEST_CELL = 10

_NORMAL = NormalDist()


class Verdict(StrEnum):
    """The six things the results may say; the words `worked` and `harmed` need an interval that excludes zero."""

    WORKED = "worked"
    HARMED = "harmed"
    NONE = "none"
    MORE = "more"
    INVALID = "invalid"
    OFF = "off"


@dataclass(frozen=True, slots=True)
class Interval:
    """The ends of a 95 % interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Difference:
    """Treated minus control, with its 95 % interval."""

    estimate: float
    low: float
    high: float

    @property
    def excludes_zero(self) -> bool:
        return self.low > 0 or self.high < 0

    def times(self, people: int) -> "Difference":
        """Return the same per `people`: a difference of rates becomes a number of persons, one of means an amount."""
        return Difference(self.estimate * people, self.low * people, self.high * people)


def is_control(salt: str, customer_id: UUID, control_share: Decimal) -> bool:
    """Return whether an eligible person is held out (X-06): a keyed hash, the same on every channel and every day.

    Ask the gate first: only people who may be written to are assigned, and they stay in their arm whatever happens.
    """
    digest = hmac.digest(salt.encode(), customer_id.bytes, "sha256")
    bucket = int.from_bytes(digest) % BUCKETS
    return bucket < control_share * BUCKETS


def wilson(successes: int, people: int, level: float = LEVEL) -> Interval:
    """Return the Wilson interval of one rate (X-08); nobody asked means nothing known."""
    if people == 0:
        return Interval(0.0, 1.0)
    z = _two_sided(1 - level)
    rate = successes / people
    middle = rate + z * z / (2 * people)
    reach = z * sqrt(rate * (1 - rate) / people + z * z / (4 * people * people))
    scale = 1 + z * z / people
    return Interval(
        0.0 if successes == 0 else max((middle - reach) / scale, 0.0),
        1.0 if successes == people else min((middle + reach) / scale, 1.0),
    )


def newcombe(treated: int, treated_people: int, control: int, control_people: int) -> Difference | None:
    """Return the difference of two rates with Newcombe's hybrid interval (X-08); None when an arm has nobody."""
    if not treated_people or not control_people:
        return None
    first, second = treated / treated_people, control / control_people
    one, two = wilson(treated, treated_people), wilson(control, control_people)
    return Difference(
        first - second,
        first - second - sqrt((first - one.low) ** 2 + (two.high - second) ** 2),
        first - second + sqrt((one.high - first) ** 2 + (second - two.low) ** 2),
    )


def people_needed(base: float, expected: float, control_share: float) -> int | None:
    """Return how many people, both arms together, show `expected` against `base` in four tests of five (X-07).

    None when there is nothing to tell apart, or no control group to tell it from.
    """
    if not 0 < control_share < 1 or base == expected or not (0 <= base <= 1 and 0 <= expected <= 1):
        return None
    return ceil(_control_needed(base, expected, control_share) / control_share)


def control_needed(base: float, expected: float, control_share: float) -> int | None:
    """Return how many of `people_needed` are held out; with a share of one half, the size per arm."""
    if people_needed(base, expected, control_share) is None:
        return None
    return ceil(_control_needed(base, expected, control_share))


def _control_needed(base: float, expected: float, control_share: float) -> float:
    ratio = (1 - control_share) / control_share
    pooled = base * control_share + expected * (1 - control_share)
    under_none = sqrt(pooled * (1 - pooled) * (1 + 1 / ratio))
    under_expected = sqrt(base * (1 - base) + expected * (1 - expected) / ratio)
    return ((_two_sided(ALPHA) * under_none + _NORMAL.inv_cdf(POWER) * under_expected) / (expected - base)) ** 2


def detectable_difference(people: int, base: float, control_share: float) -> float | None:
    """Return the smallest rise over `base` that this many people can show; None when not even everybody would do."""
    largest = 1 - base
    needed = people_needed(base, 1.0, control_share) if 0 <= base < 1 else None
    if needed is None or needed > people:
        return None
    smallest = 0.0
    for _ in range(50):
        middle = (smallest + largest) / 2
        enough = people_needed(base, base + middle, control_share)
        if enough is not None and enough <= people:
            largest = middle
        else:
            smallest = middle
    return largest


def split_p(treated_people: int, control_people: int, control_share: float) -> float | None:
    """Return the chi-square p of the split observed against the one planned (X-12); None when nothing was to be
    split.
    """
    people = treated_people + control_people
    if people == 0 or not 0 < control_share < 1:
        return None
    off = control_people - people * control_share
    return erfc(sqrt(off * off / (people * control_share * (1 - control_share)) / 2))


def verdict_of(
    *,
    control_share: float,
    srm_p: float | None,
    is_closed: bool,
    people: int,
    needed: int | None,
    difference: Difference | None,
) -> Verdict:
    """Return what may be said of the outcome chosen before the launch (X-11, X-12).

    No verdict before the window has closed and the planned size is reached; never a success on an interval with zero.
    """
    if control_share <= 0:
        return Verdict.OFF
    if srm_p is not None and srm_p < SRM_BELOW:
        return Verdict.INVALID
    if not is_closed or needed is None or people < needed or difference is None:
        return Verdict.MORE
    if not difference.excludes_zero:
        return Verdict.NONE
    return Verdict.WORKED if difference.estimate > 0 else Verdict.HARMED


def is_small_cell(people: int) -> bool:
    """Return whether a figure about so few people must stay hidden (X-14)."""
    return people < SMALLEST_CELL


def _two_sided(alpha: float) -> float:
    return _NORMAL.inv_cdf(1 - alpha / 2)
