"""Fits the hyper-parameters of the rhythm by maximum a posteriori likelihood (MODELS §1.3): shop, then all
categories, then each.

The open gap (the silence since the last purchase) is part of the likelihood: completed gaps alone are biased short.
Arrays in, numbers out; nothing here knows the database. The gradient is analytic, so that three hundred categories
take seconds.
"""

from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.special import digamma, expit, gammaln, logit

from ritorno.scores.rules import PACE_WEIGHT, STEEPEST, WIDTH, Parameters

Floats = NDArray[np.float64]

FEWEST_GAPS = 30
"""Below this many gaps in the whole shop the defaults speak."""
BOUNDS = ((-1.0, 8.0), (-2.5, 1.5), (-3.0, 1.5), (-7.0, 3.0), (-2.0, 5.0))


@dataclass(frozen=True, slots=True)
class Units:
    """The purchase days of many units as parallel arrays: gaps, sum and sum of squares of their logs, silence, pace
    in the shop.
    """

    gaps: Floats
    log_gaps: Floats
    log_gaps_squared: Floats
    elapsed: Floats
    pace: Floats

    def __len__(self) -> int:
        return len(self.gaps)

    def between(self, start: int, end: int) -> "Units":
        """Return a run of the units."""
        run = slice(start, end)
        return Units(self.gaps[run], self.log_gaps[run], self.log_gaps_squared[run], self.elapsed[run], self.pace[run])


@dataclass(frozen=True, slots=True)
class Prior:
    """Independent normals on (mu, ln sigma, ln tau, logit pi, ln k), where pi = a/(a+b) and k = a+b."""

    mean: tuple[float, float, float, float, float]
    sd: tuple[float, float, float, float, float]


WEAK = Prior((3.0, 0.0, -0.5, -2.0, 1.0), (3.0, 1.0, 1.0, 2.0, 1.5))
AROUND_POOLED = (0.5, 0.2, 0.3, 0.7, 1.0)
AROUND_USUAL_INTERVAL = 0.5
EMPTY_SHOP = Parameters(mu=log(45), sigma=0.9, tau=0.7, a=0.15 * 3, b=0.85 * 3)


def fit_whole(units: Units) -> Parameters:
    """Fit the shop, or all categories pooled; with too few gaps return the defaults of an empty shop."""
    if units.gaps.sum() < FEWEST_GAPS:
        return EMPTY_SHOP
    return fit(units, WEAK)


def fit_category(units: Units, pooled: Parameters, usual_interval_days: float | None = None) -> Parameters:
    """Fit one category with its prior around all categories, so that a rare one falls back smoothly and none needs a
    minimum.

    A usual interval set by the owner is the prior's centre instead of the other categories' log-median.
    """
    mean = to_free(pooled)
    sd = AROUND_POOLED
    if usual_interval_days:
        mean = (log(usual_interval_days), *mean[1:])
        sd = (AROUND_USUAL_INTERVAL, *sd[1:])
    return fit(units, Prior(mean, sd))


def fit(units: Units, prior: Prior) -> Parameters:
    """Return the parameters of highest posterior density, inside `BOUNDS`: free (a, b) run away and cancel to
    garbage.
    """
    start = np.clip(np.array(prior.mean), [low for low, _ in BOUNDS], [high for _, high in BOUNDS])
    if len(units) == 0:
        return from_free(start)
    tallies = _Tallies(units)
    from scipy.optimize import minimize  # noqa: PLC0415 – twenty megabytes of each process, and only this fit needs it

    found = minimize(_cost, start, args=(units, tallies, prior), jac=True, method="L-BFGS-B", bounds=BOUNDS)
    return from_free(found.x if np.all(np.isfinite(found.x)) else start)


def to_free(parameters: Parameters) -> tuple[float, float, float, float, float]:
    """Return the coordinates the search moves in."""
    k = parameters.a + parameters.b
    return (parameters.mu, log(parameters.sigma), log(parameters.tau), float(logit(parameters.a / k)), log(k))


def from_free(free: Floats) -> Parameters:
    """Return the parameters at a point of the search."""
    mu, log_sigma, log_tau, logit_pi, log_k = (float(value) for value in free)
    k, pi = np.exp(log_k), float(expit(logit_pi))
    return Parameters(mu, float(np.exp(log_sigma)), float(np.exp(log_tau)), float(pi * k), float((1 - pi) * k))


class _Tallies:
    """What does not change during a search: how many units have x gaps, the mean log gap and its squares within a
    unit.
    """

    def __init__(self, units: Units) -> None:
        self.distinct, counts = np.unique(units.gaps, return_counts=True)
        self.counts = counts.astype(np.float64)
        self.repeats = units.gaps > 0
        self.x = units.gaps[self.repeats]
        self.mean_log = units.log_gaps[self.repeats] / self.x
        self.within = np.maximum(units.log_gaps_squared[self.repeats] - self.x * self.mean_log**2, 0.0)
        self.pace = units.pace[self.repeats]
        self.log_open = np.log(units.elapsed + 0.5)
        self.is_open = units.elapsed > 0


def _cost(free: Floats, units: Units, tallies: _Tallies, prior: Prior) -> tuple[float, Floats]:
    """Return minus the log posterior per unit, and its gradient."""
    value, slope = _log_gaps_part(free, tallies)
    for part, part_slope in (_survived_part(free, tallies), _open_part(free, units, tallies)):
        value += part
        slope = slope + part_slope
    away = (free - np.array(prior.mean)) / np.array(prior.sd)
    value -= 0.5 * float(away @ away)
    slope = slope - away / np.array(prior.sd)
    return -value / len(units), -slope / len(units)


def _log_gaps_part(free: Floats, tallies: _Tallies) -> tuple[float, Floats]:
    """The completed gaps: normal logs around a unit's own centre, itself normal around the prior centre."""
    mu, log_sigma = free[0], free[1]
    spread, between = np.exp(2 * log_sigma), np.exp(2 * free[2])
    x, within = tallies.x, tallies.within
    total = spread + x * between
    off = tallies.mean_log - (mu + PACE_WEIGHT * tallies.pace)
    shift = x * off**2 / total
    value = -(x - 1).sum() * log_sigma - 0.5 * (np.log(total) + within / spread + shift).sum()
    by_mu = (x * off / total).sum()
    by_spread = (-(x - 1) / (2 * spread) - 0.5 / total + within / (2 * spread**2) + shift / (2 * total)).sum()
    by_between = (-0.5 * x / total + x * shift / (2 * total)).sum()
    return float(value), np.array([by_mu, 2 * spread * by_spread, 2 * between * by_between, 0.0, 0.0])


def _survived_part(free: Floats, tallies: _Tallies) -> tuple[float, Floats]:
    """Not having dropped out at any of x returns: beta-geometric."""
    k, pi = np.exp(free[4]), expit(free[3])
    a, b, x, counts = pi * k, (1 - pi) * k, tallies.distinct, tallies.counts
    value = counts @ (gammaln(b + x) - gammaln(b) - gammaln(k + x) + gammaln(k))
    by_both = counts @ (digamma(k) - digamma(k + x))
    by_b = by_both + counts @ (digamma(b + x) - digamma(b))
    return float(value), np.array([0.0, 0.0, 0.0, (by_both - by_b) * k * pi * (1 - pi), by_both * a + by_b * b])


def _open_part(free: Floats, units: Units, tallies: _Tallies) -> tuple[float, Floats]:
    """The silence since the last purchase: gone for good, or a gap not yet over."""
    spread, between = np.exp(2 * free[1]), np.exp(2 * free[2])
    k, pi = np.exp(free[4]), expit(free[3])
    x, precision, prior_precision = units.gaps, 1 / spread, 1 / between
    centre = free[0] + PACE_WEIGHT * units.pace
    variance = 1 / (x * precision + prior_precision)
    m = (units.log_gaps * precision + centre * prior_precision) * variance
    s = WIDTH * np.sqrt(spread + variance)
    steep = np.clip((tallies.log_open - m) / s, -STEEPEST, STEEPEST)
    out = np.where(tallies.is_open, expit(-steep), 1.0)
    gone = pi * k / (k + x)
    seen = gone + (1 - gone) * out
    by_gone = (1 - out) / seen
    # d ln(seen) / d steep: zero where no silence was observed, because there out does not depend on the rhythm.
    by_steep = np.where(tallies.is_open, -(1 - gone) * out * (1 - out) / seen, 0.0)
    by_m, by_s = -by_steep / s, -by_steep * steep / s
    s_slope = WIDTH**2 / (2 * s)
    slope = np.array(
        [
            (by_m * prior_precision * variance).sum(),
            (
                by_m * -2 * precision * variance * (units.log_gaps - x * m)
                + by_s * s_slope * (2 * spread + 2 * precision * variance**2 * x)
            ).sum(),
            (
                by_m * -2 * prior_precision * variance * (centre - m)
                + by_s * s_slope * 2 * prior_precision * variance**2
            ).sum(),
            (by_gone * pi * (1 - pi) * k / (k + x)).sum(),
            (by_gone * pi * k * x / (k + x) ** 2).sum(),
        ]
    )
    return float(np.log(seen).sum()), slope
