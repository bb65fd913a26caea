"""Money and curves of a touch, from sums the database made (X-09, X-14, MODELS §6). Amounts are minor units, whole
numbers.

Bootstrap and BCa are not used: with few buyers in the small arm they raise the most false alarms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

import numpy as np
from scipy.special import stdtrit

from ritorno.touches.rules import ALPHA, Difference, wilson

FEWEST_CONTROL_BUYERS = 20
CAP_QUANTILE = 0.999
CAP_MATTERS_ABOVE = 0.05


class NoInterval(StrEnum):
    """Why an amount is shown without its interval."""

    FEW_CONTROL_BUYERS = "few_control_buyers"
    ARM_TOO_SMALL = "arm_too_small"
    NO_VARIANCE = "no_variance"


@dataclass(frozen=True, slots=True)
class Spend:
    """What one arm spent, as assigned: `total` and `squares` of each person's spend after the cap, zeros included.

    In SQL: count(*), count(*) filter (where spend > 0), sum(least(spend, cap)), sum(least(spend, cap)^2), sum(spend).
    """

    people: int
    buyers: int
    total: int
    squares: int
    uncapped_total: int

    @classmethod
    def of(cls, spends: Sequence[int], cap: int | None = None) -> "Spend":
        """Add up the spends of single people."""
        capped = [spend if cap is None else min(spend, cap) for spend in spends]
        return cls(
            people=len(capped),
            buyers=sum(spend > 0 for spend in capped),
            total=sum(capped),
            squares=sum(spend * spend for spend in capped),
            uncapped_total=sum(spends),
        )

    @property
    def mean(self) -> float:
        return self.total / self.people if self.people else 0.0

    @property
    def variance(self) -> float:
        """The sample variance, exact up to the last division because the sums are whole numbers."""
        if self.people < 2:
            return 0.0
        return (self.people * self.squares - self.total * self.total) / (self.people * (self.people - 1))


@dataclass(frozen=True, slots=True)
class MoneyDifference:
    """Spend per person, treated minus control, after the cap; `without` says why there is no interval."""

    estimate: float
    interval: Difference | None
    without: NoInterval | None
    uncapped_estimate: float | None
    """Shown beside, without interval, when the cap takes away more than a twentieth of the spend."""


def cap_for(spends_before: Sequence[int]) -> int | None:
    """Return the cap of spends: the 99.9 percentile of the period before, over all eligible people, fixed before
    sending.

    None when almost nobody bought before: a cap of zero would erase every effect.
    """
    if not len(spends_before):
        return None
    cap = int(np.quantile(np.asarray(spends_before, dtype=np.int64), CAP_QUANTILE, method="higher"))
    return cap if cap > 0 else None


def money_difference(treated: Spend, control: Spend) -> MoneyDifference | None:
    """Return the difference of mean spend with the larger of Welch's and the pooled standard error (X-09).

    None when an arm has nobody. Below 20 buyers among the controls the amount is shown without an interval.
    """
    if not treated.people or not control.people:
        return None
    estimate = treated.mean - control.mean
    spent = treated.uncapped_total + control.uncapped_total
    lost = spent - treated.total - control.total
    uncapped = None
    if spent > 0 and lost > CAP_MATTERS_ABOVE * spent:
        uncapped = treated.uncapped_total / treated.people - control.uncapped_total / control.people
    without = _why_without(treated, control)
    interval = None if without else _interval(estimate, treated, control)
    return MoneyDifference(estimate, interval, without, uncapped)


def _why_without(treated: Spend, control: Spend) -> NoInterval | None:
    if treated.people < 2 or control.people < 2:
        return NoInterval.ARM_TOO_SMALL
    if control.buyers < FEWEST_CONTROL_BUYERS:
        return NoInterval.FEW_CONTROL_BUYERS
    return NoInterval.NO_VARIANCE if treated.variance + control.variance == 0 else None


def _interval(estimate: float, treated: Spend, control: Spend) -> Difference:
    one, two = treated.variance / treated.people, control.variance / control.people
    freedom = treated.people + control.people - 2
    pooled = ((treated.people - 1) * treated.variance + (control.people - 1) * control.variance) / freedom
    error = sqrt(pooled * (1 / treated.people + 1 / control.people))
    if sqrt(one + two) > error:
        error = sqrt(one + two)
        freedom_welch = (one + two) ** 2 / (one**2 / (treated.people - 1) + two**2 / (control.people - 1))
        reach = float(stdtrit(freedom_welch, 1 - ALPHA / 2)) * error
    else:
        reach = float(stdtrit(freedom, 1 - ALPHA / 2)) * error
    return Difference(estimate, estimate - reach, estimate + reach)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """The share of each arm that has come back by the end of a day after the send, with Wilson bands."""

    day: int
    treated: float
    control: float
    treated_low: float
    treated_high: float
    control_low: float
    control_high: float


def cumulative_curve(
    treated_people: int,
    treated_first_on: Mapping[int, int],
    control_people: int,
    control_first_on: Mapping[int, int],
    days: int,
) -> list[CurvePoint]:
    """Return one point a day; the maps count the people of an arm whose first purchase fell on that day (0 = the send).

    Empty when an arm has nobody: there is nothing to compare.
    """
    if not treated_people or not control_people:
        return []
    points, treated, control = [], 0, 0
    for day in range(days + 1):
        treated += treated_first_on.get(day, 0)
        control += control_first_on.get(day, 0)
        one, two = wilson(treated, treated_people), wilson(control, control_people)
        points.append(
            CurvePoint(day, treated / treated_people, control / control_people, one.low, one.high, two.low, two.high)
        )
    return points
