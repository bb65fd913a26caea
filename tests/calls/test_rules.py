"""When somebody is called: inside the legal hours, where they were found before, never twice in one part of a day."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ritorno.calls.rules import (
    MOST_ATTEMPTS,
    PAUSE,
    Band,
    BestReason,
    Slot,
    best_time,
    habit_of,
    next_attempt,
    slot_of,
)
from ritorno.consents.rulepack import rule_pack
from ritorno.consents.rules import Channel, Opening, openings

ROME = "Europe/Rome"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo(ROME)).astimezone(UTC)  # a Tuesday
COUNTRIES = st.sampled_from(["IT", "FR", "GB"])


def ahead(at: datetime = NOW, country: str = "IT") -> list[Opening]:
    pack = rule_pack(country, date(2026, 11, 24))
    hours = pack.hours_of(Channel.PHONE_OPERATOR)
    assert hours is not None
    return openings(at, hours, pack.holidays, (ROME,), until=at + timedelta(days=14))


def rome(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(ROME)).astimezone(UTC)


VISITS = [rome(f"2026-{day}T10:30") for day in ("11-17", "11-10", "11-03", "10-27")]  # Tuesday mornings


def test_who_is_known_for_nothing_is_called_at_the_first_moment_the_law_leaves_open() -> None:
    best = best_time(ahead(), ROME)

    assert best is not None
    assert (best.at, best.reason) == (NOW, BestReason.OPEN)


def test_who_comes_on_tuesday_mornings_is_called_on_a_tuesday_morning() -> None:
    later = rome("2026-11-25T10:00")

    best = best_time(ahead(later), ROME, visits=VISITS)

    assert best is not None
    assert (best.reason, best.slot) == (BestReason.VISITS, Slot(1, Band.MORNING))
    assert best.at == rome("2026-12-01T09:00")


def test_an_answer_on_the_telephone_says_more_than_visits_to_the_shop() -> None:
    best = best_time(ahead(), ROME, answered=[rome("2026-10-01T18:20")], visits=VISITS)

    assert best is not None
    assert (best.at, best.reason) == (rome("2026-11-24T17:00"), BestReason.ANSWERED)


def test_a_few_visits_make_no_habit_and_scattered_ones_none_either() -> None:
    assert habit_of({Slot(1, Band.MORNING): 2}) is None
    assert habit_of({Slot(day, Band.EVENING): 1 for day in range(4)}) == Slot(None, Band.EVENING)
    assert habit_of({Slot(day, band): 1 for day in range(6) for band in Band}) is None


@pytest.mark.parametrize(
    ("tried", "again"),
    [
        (["2026-11-24T10:00"], "2026-11-24T14:00"),  # four hours later, another part of the day
        (["2026-11-24T13:30"], "2026-11-24T17:30"),
        (["2026-11-24T19:30"], "2026-11-25T09:00"),
        (["2026-11-24T10:00", "2026-11-24T14:00"], "2026-11-24T18:00"),
        (["2026-11-28T18:00"], "2026-11-30T09:00"),  # a Saturday evening: Sunday is shut
    ],
)
def test_d_t9_a_call_nobody_answered_is_made_again_at_another_hour(tried: list[str], again: str) -> None:
    moments = [rome(each) for each in tried]

    assert next_attempt(moments, ahead(moments[-1]), ROME) == rome(again)


def test_a_call_is_made_three_times_and_then_no_more() -> None:
    tried = [NOW + timedelta(days=day) for day in range(MOST_ATTEMPTS)]

    assert next_attempt(tried, ahead(tried[-1]), ROME) is None


MOMENTS = st.integers(0, 60 * 24 * 20).map(lambda minutes: NOW + timedelta(minutes=minutes))
PAST = st.lists(st.integers(1, 60 * 24 * 200).map(lambda minutes: NOW - timedelta(minutes=minutes)), max_size=6)


@settings(max_examples=80, deadline=None)
@given(MOMENTS, PAST, PAST, COUNTRIES)
def test_d_t9_the_best_moment_is_never_outside_the_hours_nor_past(
    at: datetime, answered: list[datetime], visits: list[datetime], country: str
) -> None:
    """Whatever is known of a person, the law's hours come first."""
    allowed = ahead(at, country)

    best = best_time(allowed, ROME, answered=answered, visits=visits)

    assert best is not None
    assert best.at >= at
    assert any(each.opens_at <= best.at < each.closes_at for each in allowed)
    assert best.slot.band is slot_of(best.at, ROME).band


@settings(max_examples=80, deadline=None)
@given(MOMENTS, PAST, COUNTRIES)
def test_d_t9_attempts_rest_four_hours_and_never_share_a_part_of_a_day(
    first: datetime, visits: list[datetime], country: str
) -> None:
    tried = [first]
    while (again := next_attempt(tried, ahead(tried[-1], country), ROME, visits=visits)) is not None:
        assert again >= tried[-1] + PAUSE
        assert any(each.opens_at <= again < each.closes_at for each in ahead(tried[-1], country))
        tried.append(again)
    parts = {(each.astimezone(ZoneInfo(ROME)).date(), slot_of(each, ROME).band) for each in tried}

    assert len(tried) == len(parts) == MOST_ATTEMPTS
