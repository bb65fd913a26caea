"""When a silence is worth a word."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from ritorno.recalls.rules import is_missed

LAST = date(2026, 10, 1)


def after(days: int) -> date:
    return LAST + timedelta(days=days)


def test_nobody_is_written_to_while_most_would_still_come_by_themselves() -> None:
    assert not is_missed(LAST, after(40), after(39))
    assert is_missed(LAST, after(40), after(40))


def test_a_silence_twice_as_long_as_the_window_is_no_longer_this_one() -> None:
    assert is_missed(LAST, after(40), after(80))
    assert not is_missed(LAST, after(40), after(81))


def test_a_daily_shopper_is_not_missed_within_the_week() -> None:
    assert not is_missed(LAST, after(4), after(6))
    assert is_missed(LAST, after(4), after(7))


@given(st.integers(1, 400), st.integers(0, 900))
def test_a_week_of_silence_comes_before_every_recall(window: int, away: int) -> None:
    if is_missed(LAST, after(window), after(away)):
        assert 7 <= away <= 2 * window
        assert away >= window
