"""When a reason falls due, and which one wins."""

from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ritorno.recalls.rules import (
    Claim,
    RecallKind,
    birthday_expires,
    birthday_is_too_late,
    birthday_occasion,
    celebrated_on,
    is_cooling,
    is_dismissed,
    next_run_on,
    winners,
)
from ritorno.segments.rules import birthday_keys, birthdays_kept


def test_the_29th_of_february_is_kept_on_the_28th_in_common_years() -> None:
    born = date(2004, 2, 29)

    assert celebrated_on(born, 2026) == date(2026, 2, 28)
    assert celebrated_on(born, 2028) == date(2028, 2, 29)
    assert birthdays_kept(date(2026, 2, 28)) == [228, 229]
    assert birthdays_kept(date(2028, 2, 28)) == [228]
    assert birthdays_kept(date(2028, 2, 29)) == [229]


@given(born=st.dates(date(1900, 1, 1), date(2010, 12, 31)), year=st.integers(2011, 2099))
def test_everybody_has_exactly_one_birthday_a_year(born: date, year: int) -> None:
    kept = celebrated_on(born, year)

    assert born.month * 100 + born.day in birthdays_kept(kept)
    assert kept.year == year


@given(on=st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_the_year_ahead_holds_every_birthday(on: date) -> None:
    assert len(birthday_keys(on, 0, None)) == 366


@pytest.mark.parametrize(
    ("kept", "hour", "too_late"),
    [
        (date(2026, 11, 21), time(23, 0), False),
        (date(2026, 11, 20), time(11, 59), False),
        (date(2026, 11, 20), time(12, 0), True),
        (date(2026, 11, 19), time(0, 1), True),
    ],
)
def test_yesterdays_birthday_is_wished_until_noon_and_then_dropped(kept: date, hour: time, too_late: bool) -> None:
    assert birthday_is_too_late(kept, date(2026, 11, 21), hour) is too_late


@pytest.mark.parametrize(
    ("kept", "expires"),
    [
        (date(2026, 11, 20), "2026-11-21T11:00:00+00:00"),
        (date(2026, 3, 28), "2026-03-29T10:00:00+00:00"),
        (date(2026, 12, 31), "2027-01-01T11:00:00+00:00"),
    ],
)
def test_a_wish_expires_at_noon_of_the_next_day_by_the_wall_clock(kept: date, expires: str) -> None:
    """B-29: also on the day the clocks change."""
    assert birthday_expires(kept, ZoneInfo("Europe/Rome")) == datetime.fromisoformat(expires)


def test_one_wish_a_year() -> None:
    assert birthday_occasion(date(2026, 2, 28)) == "birthday:2026"


def test_a_cooldown_counts_days_since_the_same_recall_last_reached_the_person() -> None:
    assert is_cooling(date(2026, 11, 1), date(2026, 11, 21), 30)
    assert not is_cooling(date(2026, 10, 22), date(2026, 11, 21), 30)
    assert not is_cooling(None, date(2026, 11, 21), 30)


def test_a_dismissal_without_an_end_holds_for_ever() -> None:
    assert is_dismissed(None, date(2099, 1, 1))
    assert is_dismissed(date(2026, 11, 22), date(2026, 11, 21))
    assert not is_dismissed(date(2026, 11, 21), date(2026, 11, 21))


def test_a_recall_switched_on_after_the_daily_run_waits_for_tomorrows() -> None:
    today = date(2026, 11, 21)

    assert next_run_on(today, time(8, 59), ran_today=False) == today
    assert next_run_on(today, time(9, 0), ran_today=False) == date(2026, 11, 22)
    assert next_run_on(today, time(8, 0), ran_today=True) == date(2026, 11, 22)


def claim(recall: int, value: int, kind: RecallKind = RecallKind.RHYTHM) -> Claim:
    return Claim(UUID(int=recall), UUID(int=99), kind, f"occasion-{recall}", value)


def test_the_most_valuable_reason_wins_and_a_birthday_breaks_a_tie_because_it_cannot_wait() -> None:
    assert winners([claim(1, 500), claim(2, 900)])[UUID(int=99)].recall_id == UUID(int=2)
    assert winners([claim(9, 900), claim(2, 900, RecallKind.BIRTHDAY)])[UUID(int=99)].recall_id == UUID(int=2)


@given(st.permutations([claim(1, 500), claim(2, 900), claim(3, 900), claim(4, 10, RecallKind.BIRTHDAY)]))
def test_the_order_in_which_reasons_arrive_changes_nothing(claims: list[Claim]) -> None:
    assert winners(claims)[UUID(int=99)].recall_id == UUID(int=3)
