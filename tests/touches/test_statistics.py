"""Money and curves of a touch (X-09, MODELS §6): who gets an interval, that it is the right one, and how often it
cries wolf.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ritorno.touches import statistics
from ritorno.touches.rules import Difference
from ritorno.touches.statistics import NoInterval, Spend

spends = st.lists(st.integers(0, 10_000_000), min_size=2, max_size=60)


def shop(draw: np.random.Generator, people: int, lift: float = 1.0) -> list[int]:
    """Return spends of which one in twenty is not zero, with the long tail of real baskets."""
    buys = draw.random(people) < 0.05
    return [int(spend) for spend in buys * draw.lognormal(8, 1, people) * lift]


def test_the_sums_of_the_database_give_mean_and_variance() -> None:
    spend = Spend.of([0, 0, 1_250, 4_000], cap=3_000)

    assert (spend.people, spend.buyers, spend.total, spend.uncapped_total) == (4, 2, 4_250, 5_250)
    assert spend.mean == 1_062.5
    assert spend.variance == pytest.approx(np.var([0, 0, 1_250, 3_000], ddof=1))


@given(spends)
def test_the_variance_loses_nothing_to_rounding(values: list[int]) -> None:
    assert Spend.of(values).variance == pytest.approx(float(np.var(values, ddof=1)), rel=1e-9, abs=1e-6)


def test_the_cap_is_the_last_thousandth_of_the_period_before() -> None:
    assert statistics.cap_for(list(range(1, 10_001))) == 9_991
    assert statistics.cap_for([0] * 5_000 + [9_999]) is None
    assert statistics.cap_for([]) is None


@pytest.mark.parametrize("spread_of_treated", [1, 30])
def test_the_interval_uses_the_larger_of_the_two_errors(spread_of_treated: int) -> None:
    draw = np.random.default_rng(5)
    treated = [int(value) for value in 5_000 + draw.normal(0, 10 * spread_of_treated, 400)]
    control = [int(value) for value in 5_000 + draw.normal(0, 100, 60)]

    found = statistics.money_difference(Spend.of(treated), Spend.of(control))

    welch = stats.ttest_ind(treated, control, equal_var=False).confidence_interval()
    pooled = stats.ttest_ind(treated, control, equal_var=True).confidence_interval()
    widest = max((welch, pooled), key=lambda ends: ends.high - ends.low)
    assert found is not None
    assert found.interval is not None
    assert (found.interval.low, found.interval.high) == pytest.approx((widest.low, widest.high))


@pytest.mark.parametrize(
    ("treated", "control", "why"),
    [
        ([100] * 500, [100] * 19 + [0] * 100, NoInterval.FEW_CONTROL_BUYERS),
        ([100] * 500, [100] * 50, NoInterval.NO_VARIANCE),
        ([100] * 500, [100], NoInterval.ARM_TOO_SMALL),
    ],
)
def test_no_interval_is_given_where_it_would_lie(treated: list[int], control: list[int], why: NoInterval) -> None:
    found = statistics.money_difference(Spend.of(treated), Spend.of(control))

    assert found is not None
    assert found.interval is None
    assert found.without is why


def test_twenty_control_buyers_are_enough_for_an_interval() -> None:
    found = statistics.money_difference(Spend.of([100, 0] * 250), Spend.of([100] * 20 + [0] * 100))

    assert found is not None
    assert found.without is None
    assert found.interval is not None
    assert found.interval.low < found.estimate < found.interval.high


def test_an_empty_arm_gives_no_amount() -> None:
    assert statistics.money_difference(Spend.of([]), Spend.of([1, 2])) is None


def test_the_uncapped_amount_stands_beside_only_when_the_cap_takes_much() -> None:
    control = Spend.of([1_000] * 30 + [0] * 70, cap=2_000)
    hardly = statistics.money_difference(Spend.of([1_000] * 300 + [0] * 700, cap=2_000), control)
    much = statistics.money_difference(Spend.of([1_000] * 300 + [90_000] + [0] * 700, cap=2_000), control)

    assert hardly is not None
    assert hardly.uncapped_estimate is None
    assert much is not None
    assert much.uncapped_estimate is not None
    assert much.uncapped_estimate > much.estimate


def test_a_difference_per_person_becomes_people_or_money() -> None:
    found = Difference(0.026, 0.010, 0.041).times(16_500)

    assert (found.estimate, found.low, found.high) == pytest.approx((429, 165, 676.5))


def test_false_alarms_about_money_stay_under_one_in_twenty_with_a_small_control() -> None:
    draw = np.random.default_rng(20_261_121)
    cap = statistics.cap_for(shop(draw, 10_000))
    runs = 300

    found = [
        statistics.money_difference(Spend.of(shop(draw, 9_000), cap), Spend.of(shop(draw, 1_000), cap))
        for _ in range(runs)
    ]

    intervals = [difference.interval for difference in found if difference is not None and difference.interval]
    assert len(intervals) > 0.95 * runs
    assert sum(interval.excludes_zero for interval in intervals) / len(intervals) <= 0.05


def test_a_real_effect_lies_inside_the_interval_most_of_the_time() -> None:
    draw = np.random.default_rng(11)
    cap = statistics.cap_for(shop(draw, 10_000))
    truth = np.mean([Spend.of(shop(draw, 50_000, lift=1.25), cap).mean for _ in range(8)]) - np.mean(
        [Spend.of(shop(draw, 50_000), cap).mean for _ in range(8)]
    )

    held = 0
    for _ in range(100):
        found = statistics.money_difference(
            Spend.of(shop(draw, 9_000, lift=1.25), cap), Spend.of(shop(draw, 1_000), cap)
        )
        assert found is not None
        held += found.interval is None or bool(found.interval.low <= truth <= found.interval.high)

    assert held >= 93


def test_the_curve_counts_everybody_once_and_never_falls() -> None:
    curve = statistics.cumulative_curve(900, {0: 9, 2: 18}, 100, {1: 1, 9: 5}, days=3)

    assert [point.day for point in curve] == [0, 1, 2, 3]
    assert [point.treated for point in curve] == pytest.approx([0.01, 0.01, 0.03, 0.03])
    assert [point.control for point in curve] == pytest.approx([0, 0.01, 0.01, 0.01])
    assert all(point.control_low <= point.control <= point.control_high for point in curve)
    assert all(point.treated_low <= point.treated <= point.treated_high for point in curve)


def test_no_curve_is_drawn_without_a_control() -> None:
    assert statistics.cumulative_curve(900, {0: 9}, 0, {}, days=3) == []
