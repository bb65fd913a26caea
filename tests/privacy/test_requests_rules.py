"""The clock of a request in plain values (C-27, B-50)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ritorno.privacy.rules import (
    DueRule,
    add_months,
    alert_due,
    due_day,
    first_term,
    may_extend,
    read_clock,
)

DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))
PAUSES = st.integers(0, 60)


def test_c_27_a_month_clamped_to_its_end_or_thirty_days_whichever_ends_first() -> None:
    assert first_term(date(2027, 1, 31)) == (date(2027, 2, 28), DueRule.SAME_DAY_NEXT_MONTH)
    assert first_term(date(2026, 12, 31)) == (date(2027, 1, 30), DueRule.THIRTY_DAYS)


@pytest.mark.parametrize(("received", "due"), [((2027, 1, 31), (2027, 2, 28)), ((2028, 1, 31), (2028, 2, 29))])
def test_b_50_what_came_on_the_last_of_january_is_due_on_the_last_of_february(
    received: tuple[int, int, int], due: tuple[int, int, int]
) -> None:
    assert due_day(date(*received)) == date(*due)


@given(DAYS)
def test_c_27_the_first_term_is_never_longer_than_a_month_or_thirty_days(received_on: date) -> None:
    due, _ = first_term(received_on)

    assert due <= received_on + timedelta(days=30)
    assert due <= add_months(received_on, 1)
    assert due >= received_on + timedelta(days=28)


@given(DAYS)
def test_c_27_who_asks_later_is_never_answered_earlier(received_on: date) -> None:
    assert due_day(received_on) <= due_day(received_on + timedelta(days=1))


@given(DAYS)
def test_c_27_an_extended_term_ends_within_three_months_of_the_receipt(received_on: date) -> None:
    extended = due_day(received_on, is_extended=True)

    assert due_day(received_on) + timedelta(days=56) < extended <= add_months(received_on, 3)


@given(DAYS, PAUSES, st.booleans())
def test_c_27_a_pause_moves_the_first_term_by_its_days_and_by_no_more(received_on: date, days: int, ext: bool) -> None:
    assert due_day(received_on, paused_days=days) == due_day(received_on) + timedelta(days=days)
    assert due_day(received_on, paused_days=days, is_extended=ext) >= due_day(received_on, is_extended=ext)


@given(DAYS, st.integers(0, 29), st.integers(0, 90))
def test_c_27_while_the_clock_stands_still_the_days_left_do_not_change(
    received_on: date, before: int, standing: int
) -> None:
    paused_on = received_on + timedelta(days=before)
    at_start = read_clock(received_on, today=paused_on, paused_on=paused_on)

    later = read_clock(received_on, today=paused_on + timedelta(days=standing), paused_on=paused_on)
    resumed = read_clock(received_on, today=paused_on + timedelta(days=standing), paused_days=standing)

    assert later.days_left == at_start.days_left == resumed.days_left
    assert later.is_paused
    assert not resumed.is_paused


@given(DAYS, st.integers(-5, 150), PAUSES, st.booleans())
def test_c_27_the_ring_and_the_days_tell_the_same_clock(
    received_on: date, age: int, paused_days: int, is_extended: bool
) -> None:
    told = read_clock(
        received_on, today=received_on + timedelta(days=age), paused_days=paused_days, is_extended=is_extended
    )

    assert 0 <= told.share_left <= 1
    assert told.is_overdue == (told.days_left < 0)
    assert not (told.is_overdue and told.share_left)
    assert told.target_on <= told.due_on


def test_c_27_the_term_is_extended_once_and_only_while_the_first_one_runs() -> None:
    received_on, last = date(2027, 1, 31), date(2027, 2, 28)

    assert may_extend(received_on, today=last, paused_days=0, is_extended=False)
    assert not may_extend(received_on, today=last + timedelta(days=1), paused_days=0, is_extended=False)
    assert may_extend(received_on, today=last + timedelta(days=1), paused_days=3, is_extended=False)
    assert not may_extend(received_on, today=last, paused_days=0, is_extended=True)


def test_c_29_reminders_fall_due_ten_five_and_one_days_before_and_a_missed_night_is_made_up_for() -> None:
    due = date(2027, 3, 31)

    told = [alert_due(due, due - timedelta(days=days)) for days in (11, 10, 6, 5, 2, 1, 0, -3)]

    assert told == [None, 10, 10, 5, 5, 1, 1, 1]
