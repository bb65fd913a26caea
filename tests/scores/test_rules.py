"""The rhythm formulas: the vectors of MODELS §1.2, the edges of §1.4, the stages of §4, and properties that hold for
any unit.
"""

from datetime import date, timedelta
from math import isfinite, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ritorno.scores import rules
from ritorno.scores.rules import Parameters, ReasonKind, Rhythm, Stage
from ritorno.scores.words import reason_sentence

VECTOR = Parameters(mu=3.2, sigma=0.9, tau=0.7, a=0.4, b=2.4)
FOUR_GAPS = log(28 * 31 * 29 * 35)
TODAY = date(2026, 11, 21)

parameters = st.builds(
    Parameters,
    mu=st.floats(-1, 8),
    sigma=st.floats(0.083, 4.4),
    tau=st.floats(0.05, 4.4),
    a=st.floats(0.001, 100),
    b=st.floats(0.01, 100),
)
gap_lists = st.lists(st.integers(1, 36_500), max_size=40)


def rhythm_from(gaps: list[int], fitted: Parameters, pace: float = 0.0) -> Rhythm:
    found = rules.rhythm_of(len(gaps) + 1, sum(log(gap) for gap in gaps), fitted, pace)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("gaps", "log_gaps", "elapsed", "m", "s", "due", "likely", "wide", "alive", "next_mid", "in_30"),
    [
        (0, 0.0, 0, 3.2, 0.6841, 24.5325, (11.570, 52.017), (5.457, 110.292), 0.8571, 24.5325, 0.4962),
        (0, 0.0, 60, 3.2, 0.6841, 24.5325, (11.570, 52.017), (5.457, 110.292), 0.5586, 105.9153, 0.2164),
        (1, log(30), 10, 3.2758, 0.6336, 26.4653, (13.193, 53.089), (6.577, 106.496), 0.8734, 33.7096, 0.5094),
        (4, FOUR_GAPS, 20, 3.3572, 0.5858, 28.7096, (15.084, 54.643), (7.925, 104.001), 0.9110, 44.6537, 0.5180),
        (4, FOUR_GAPS, 120, 3.3572, 0.5858, 28.7096, (15.084, 54.643), (7.925, 104.001), 0.5600, 185.395, 0.1670),
    ],
)
def test_the_vectors_of_the_published_page_are_reproduced(
    gaps: int,
    log_gaps: float,
    elapsed: int,
    m: float,
    s: float,
    due: float,
    likely: tuple[float, float],
    wide: tuple[float, float],
    alive: float,
    next_mid: float,
    in_30: float,
) -> None:
    rhythm = rules.rhythm_of(gaps + 1, log_gaps, VECTOR)

    assert rhythm is not None
    assert rhythm.m == pytest.approx(m, abs=5e-5)
    assert rhythm.s == pytest.approx(s, abs=5e-5)
    assert rules.quantile(rhythm, 0.5) == pytest.approx(due, abs=5e-5)
    assert (rules.quantile(rhythm, 0.25), rules.quantile(rhythm, 0.75)) == pytest.approx(likely, abs=5e-4)
    assert (rules.quantile(rhythm, 0.1), rules.quantile(rhythm, 0.9)) == pytest.approx(wide, abs=5e-4)
    assert rules.p_alive(rhythm, elapsed) == pytest.approx(alive, abs=5e-5)
    assert rules.days_to_next(rhythm, elapsed) == pytest.approx(next_mid, abs=5e-4)
    assert rules.p_returns_within(rhythm, elapsed, 30) == pytest.approx(in_30, abs=5e-5)


def test_the_calendar_is_counted_from_the_last_purchase() -> None:
    rhythm = rules.rhythm_of(5, FOUR_GAPS, VECTOR)
    assert rhythm is not None

    seen = rules.outlook(rhythm, TODAY - timedelta(days=20), TODAY)

    assert (seen.due_on, seen.likely_from, seen.likely_to) == (
        date(2026, 11, 30),
        date(2026, 11, 16),
        date(2026, 12, 26),
    )
    assert (seen.wide_from, seen.wide_to) == (date(2026, 11, 9), date(2027, 2, 13))
    assert seen.next_on == date(2026, 12, 16)
    assert seen.stage is Stage.ACTIVE
    assert not seen.is_future


def test_somebody_who_never_bought_has_no_rhythm() -> None:
    assert rules.rhythm_of(0, 0.0, VECTOR) is None
    assert rules.stage_of(None, 0) is Stage.NONE


def test_a_purchase_dated_tomorrow_counts_as_today_and_is_flagged() -> None:
    rhythm = rhythm_from([30], VECTOR)

    tomorrow = rules.outlook(rhythm, TODAY + timedelta(days=1), TODAY)
    today = rules.outlook(rhythm, TODAY, TODAY)

    assert tomorrow.is_future
    assert tomorrow.p_alive == today.p_alive
    assert tomorrow.stage is today.stage


def test_the_next_date_is_never_given_once_somebody_is_probably_lost() -> None:
    rhythm = rhythm_from([7, 7, 7], VECTOR)

    seen = rules.outlook(rhythm, TODAY - timedelta(days=400), TODAY)

    assert seen.p_alive < 0.40
    assert seen.next_on is None


@pytest.mark.parametrize(
    ("gaps", "elapsed", "stage"),
    [
        ([], 5, Stage.NEW),
        ([30, 30], 10, Stage.ACTIVE),
        ([30, 30], 40, Stage.DUE),
        ([30, 30], 70, Stage.LATE),
        ([30, 30], 250, Stage.AT_RISK),
        ([30, 30], 1_500, Stage.LOST),
        ([], 1_500, Stage.LOST),
    ],
)
def test_the_stage_follows_the_silence(gaps: list[int], elapsed: int, stage: Stage) -> None:
    assert rules.stage_of(rhythm_from(gaps, VECTOR), elapsed) is stage


def test_the_calendar_ends_with_the_last_day_it_has() -> None:
    rhythm = Rhythm(m=12.0, s=0.4, q=0.05, x=2)

    assert rules.outlook(rhythm, date(9990, 1, 1), date(9990, 1, 1)).due_on == date.max


def test_the_reason_names_the_habit_and_the_last_time() -> None:
    rhythm = Rhythm(m=log(9), s=0.4, q=0.05, x=6)

    reason = rules.reason_for(rhythm, TODAY - timedelta(days=14), TODAY, "Caffè")

    assert reason_sentence(reason, "it") == "compra caffè circa ogni 9 giorni, l'ultima volta 14 giorni fa"
    assert reason_sentence(reason, "en") == "buys caffè about every 9 days, last time 14 days ago"


def test_a_first_purchase_says_that_it_speaks_for_its_category() -> None:
    reason = rules.reason_for(rhythm_from([], VECTOR), TODAY - timedelta(days=1), TODAY, "COFFEE")

    assert reason.kind is ReasonKind.FIRST_PURCHASE
    assert (
        reason_sentence(reason, "en")
        == "first purchase of coffee yesterday; typical of the category: about every 25 days"
    )
    assert (
        reason_sentence(reason, "it") == "primo acquisto di coffee ieri; tipico della categoria: circa ogni 25 giorni"
    )


def test_the_reason_of_the_whole_shop_names_no_category() -> None:
    reason = rules.reason_for(Rhythm(m=0.0, s=0.4, q=0.05, x=6), TODAY, TODAY)

    assert reason_sentence(reason, "it") == "torna ogni giorno, l'ultima volta oggi"
    assert reason_sentence(reason, "en") == "comes back every day, last time today"


def test_somebody_silent_for_long_is_called_probably_lost() -> None:
    reason = rules.reason_for(Rhythm(m=log(9), s=0.4, q=0.2, x=6), TODAY - timedelta(days=300), TODAY, "DVD box")

    assert (
        reason_sentence(reason, "en")
        == "usually buys DVD box about every 9 days, last time 300 days ago: probably lost"
    )
    assert "probabilmente non torna più" in reason_sentence(reason, "it")


@given(gap_lists, parameters, st.randoms())
def test_the_order_of_the_gaps_does_not_matter(gaps: list[int], fitted: Parameters, random: object) -> None:
    shuffled = list(gaps)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert rhythm_from(shuffled, fitted).m == pytest.approx(rhythm_from(gaps, fitted).m, abs=1e-9)


@given(gap_lists, parameters, st.integers(0, 40_000), st.integers(1, 5_000))
def test_silence_never_raises_the_chance_of_a_return(
    gaps: list[int], fitted: Parameters, elapsed: int, more: int
) -> None:
    rhythm = rhythm_from(gaps, fitted)

    assert rules.p_alive(rhythm, elapsed + more) <= rules.p_alive(rhythm, elapsed)
    assert rules.p_returns_within(rhythm, elapsed, more) <= rules.p_returns_within(rhythm, elapsed, more + 1) + 1e-12


@given(gap_lists, parameters, st.floats(-5, 5), st.integers(-50, 100_000))
def test_every_figure_is_finite_and_in_order(gaps: list[int], fitted: Parameters, pace: float, elapsed: int) -> None:
    rhythm = rhythm_from(gaps, fitted, pace)

    seen = rules.outlook(rhythm, TODAY - timedelta(days=elapsed), TODAY)

    assert all(isfinite(value) for value in (rhythm.m, rhythm.s, rhythm.q, seen.p_alive))
    assert 0 <= seen.p_alive <= 1
    assert seen.wide_from <= seen.likely_from <= seen.due_on <= seen.likely_to <= seen.wide_to
    assert 0 <= rules.p_returns_within(rhythm, elapsed, 30) <= 1
    together = rules.p_returns_within(rhythm, elapsed, 30) + rules.p_stays_out(rhythm, elapsed, 30)
    assert together == pytest.approx(seen.p_alive, abs=1e-9)
    if seen.next_on is not None:
        assert seen.next_on > TODAY or seen.next_on == date.max or seen.is_future


@given(gap_lists, parameters)
def test_the_day_of_lapsing_is_the_first_below_the_threshold(gaps: list[int], fitted: Parameters) -> None:
    rhythm = rhythm_from(gaps, fitted)

    day = rules.days_to_lapse(rhythm)

    if day < rules.MOST_DAYS:
        assert rules.p_alive(rhythm, day) <= rules.LAPSED_BELOW + 1e-9
    if day > 0:
        assert rules.p_alive(rhythm, day - 1) >= rules.LAPSED_BELOW - 1e-9
