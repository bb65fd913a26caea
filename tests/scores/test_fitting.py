"""The fit of MODELS §1.3 on customers whose rhythm we planted, and on shops with hardly anything to fit."""

from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime

from ritorno.scores import fitting, rules
from ritorno.scores.fitting import EMPTY_SHOP, Units
from ritorno.scores.rules import Parameters

PLANTED = Parameters(mu=log(25), sigma=0.6, tau=0.5, a=0.6, b=5.4)


def shoppers(planted: Parameters, people: int, days: int = 720, seed: int = 1) -> Units:
    """Return customers who came once at a random day, then again by the planted rhythm, until they dropped out."""
    draw = np.random.default_rng(seed)
    rows = []
    for _ in range(people):
        own = planted.mu + planted.tau * draw.standard_normal()
        leaves = draw.beta(planted.a, planted.b)
        day, gaps = float(draw.integers(0, days)), []
        while draw.random() >= leaves:
            gap = max(round(exp(own + planted.sigma * draw.standard_normal())), 1)
            if day + gap > days:
                break
            day += gap
            gaps.append(log(gap))
        rows.append((len(gaps), sum(gaps), sum(value**2 for value in gaps), days - day, 0.0))
    return Units(*(np.array(column, dtype=np.float64) for column in zip(*rows, strict=True)))


def nobody() -> Units:
    return Units(*(np.zeros(0) for _ in range(5)))


def test_the_planted_rhythm_is_found_again() -> None:
    found = fitting.fit_whole(shoppers(PLANTED, 4_000))

    assert exp(found.mu) == pytest.approx(25, rel=0.08)
    assert found.sigma == pytest.approx(PLANTED.sigma, rel=0.08)
    assert found.tau == pytest.approx(PLANTED.tau, rel=0.12)
    assert found.a / (found.a + found.b) == pytest.approx(0.1, abs=0.04)


def test_the_predicted_returns_are_the_ones_that_happen() -> None:
    """Calibration: of those with a chance of one half to come within 30 days, about one half comes."""
    days, horizon = 720, 30
    draw = np.random.default_rng(3)
    fitted = fitting.fit_whole(shoppers(PLANTED, 3_000, days, seed=3))
    expected, happened, people = 0.0, 0, 3_000
    for _ in range(people):
        own = PLANTED.mu + PLANTED.tau * draw.standard_normal()
        leaves = draw.beta(PLANTED.a, PLANTED.b)
        day, seen, logs = int(draw.integers(0, days)), 0, 0.0
        comes_back = None
        while draw.random() >= leaves:
            gap = max(round(exp(own + PLANTED.sigma * draw.standard_normal())), 1)
            if day + gap > days:
                comes_back = day + gap
                break
            day, seen, logs = day + gap, seen + 1, logs + log(gap)
        rhythm = rules.rhythm_of(seen + 1, logs, fitted)
        assert rhythm is not None
        expected += rules.p_returns_within(rhythm, days - day, horizon)
        happened += comes_back is not None and comes_back <= days + horizon

    assert expected / people == pytest.approx(happened / people, abs=0.04)


def test_shrunken_medians_beat_the_plain_mean_of_few_gaps() -> None:
    """The point of the model: with one or two gaps, a customer's own average is a worse guess than the shrunken one."""
    draw = np.random.default_rng(8)
    fitted = fitting.fit_whole(shoppers(PLANTED, 3_000, seed=8))
    own_error, shrunken_error = [], []
    for _ in range(3_000):
        own = PLANTED.mu + PLANTED.tau * draw.standard_normal()
        gaps = [max(round(exp(own + PLANTED.sigma * draw.standard_normal())), 1) for _ in range(draw.integers(1, 3))]
        rhythm = rules.rhythm_of(len(gaps) + 1, sum(log(gap) for gap in gaps), fitted)
        assert rhythm is not None
        own_error.append(abs(log(sum(gaps) / len(gaps)) - own))
        shrunken_error.append(abs(rhythm.m - own))

    assert np.mean(shrunken_error) < 0.8 * np.mean(own_error)


def test_the_gradient_is_that_of_the_likelihood() -> None:
    units = shoppers(PLANTED, 400)
    tallies = fitting._Tallies(units)
    point = np.array([3.0, -0.2, -0.6, -1.5, 0.8])

    _, slope = fitting._cost(point, units, tallies, fitting.WEAK)

    by_steps = approx_fprime(point, lambda at: fitting._cost(at, units, tallies, fitting.WEAK)[0], 1e-6)
    assert slope == pytest.approx(by_steps, abs=1e-4)


def test_a_shop_with_hardly_any_return_gets_the_defaults() -> None:
    few = shoppers(PLANTED, 5, days=60)

    assert few.gaps.sum() < 30
    assert fitting.fit_whole(few) == EMPTY_SHOP
    assert fitting.fit_whole(nobody()) == EMPTY_SHOP


def test_a_category_nobody_bought_is_like_all_the_others() -> None:
    assert fitting.fit_category(nobody(), PLANTED).mu == pytest.approx(PLANTED.mu)


def test_the_owners_usual_interval_speaks_until_purchases_do() -> None:
    empty = fitting.fit_category(nobody(), PLANTED, usual_interval_days=60)
    rare = fitting.fit_category(shoppers(PLANTED, 8), PLANTED, usual_interval_days=60)
    common = fitting.fit_category(shoppers(PLANTED, 2_000), PLANTED, usual_interval_days=60)

    assert exp(empty.mu) == pytest.approx(60)
    assert abs(rare.mu - log(60)) < abs(common.mu - log(60))
    assert exp(common.mu) == pytest.approx(25, rel=0.1)


def test_everybody_on_the_same_interval_stays_within_bounds() -> None:
    same = np.full(200, 5.0)
    units = Units(same, same * log(7), same * log(7) ** 2, np.full(200, 3.0), np.zeros(200))

    found = fitting.fit_whole(units)

    assert exp(found.mu) == pytest.approx(7, rel=0.05)
    assert found.sigma == pytest.approx(exp(-2.5))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.floats(0, 8), st.floats(0, 3), st.integers(0, 36_500), st.floats(-4, 4)),
        min_size=1,
        max_size=40,
    )
)
def test_any_shop_yields_parameters_that_can_be_used(
    rows: list[tuple[int, float, float, int, float]],
) -> None:
    units = Units(
        gaps=np.array([float(x) for x, *_ in rows]),
        log_gaps=np.array([x * mean for x, mean, *_ in rows]),
        log_gaps_squared=np.array([x * (mean**2 + spread) for x, mean, spread, *_ in rows]),
        elapsed=np.array([float(elapsed) for *_, elapsed, _ in rows]),
        pace=np.array([pace for *_, pace in rows]),
    )

    for found in (fitting.fit_whole(units), fitting.fit_category(units, PLANTED)):
        assert np.isfinite([found.mu, found.sigma, found.tau, found.a, found.b]).all()
        assert min(found.sigma, found.tau, found.a, found.b) > 0
