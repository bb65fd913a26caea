"""The clocks: from which day something is kept, and who may change how long."""

from datetime import UTC, date, datetime

import pytest

from ritorno.retention.rules import (
    DEFAULTS,
    Clock,
    Period,
    Relationship,
    ended_at,
    is_ordered,
    needs_assessment,
    start_of,
)


@pytest.mark.parametrize(
    ("period", "today", "first"),
    [
        (Period(months=12), date(2026, 11, 24), date(2025, 11, 24)),
        (Period(months=24), date(2026, 11, 24), date(2024, 11, 24)),
        (Period(months=12), date(2028, 2, 29), date(2027, 2, 28)),
        (Period(months=1), date(2026, 3, 31), date(2026, 2, 28)),
        (Period(days=90), date(2026, 3, 31), date(2025, 12, 31)),
        (Period(), date(2026, 3, 31), None),
    ],
)
def test_c_31_a_period_ends_on_the_same_day_of_an_earlier_month(
    period: Period, today: date, first: date | None
) -> None:
    assert start_of(period, today) == first


def test_c_30_the_defaults_are_those_of_the_authority() -> None:
    assert DEFAULTS[Clock.PURCHASES_PROFILED] == Period(months=12)
    assert DEFAULTS[Clock.PURCHASES_TRACED] == Period(months=24)
    assert DEFAULTS[Clock.MESSAGES] == DEFAULTS[Clock.AUDIT] == Period(months=24)
    assert DEFAULTS[Clock.SUPPRESSIONS] == Period()


def test_c_30_longer_than_the_default_needs_an_assessment_that_says_so() -> None:
    assert needs_assessment(Clock.PURCHASES_TRACED, 36, None)
    assert needs_assessment(Clock.PURCHASES_TRACED, 48, 36)
    assert not needs_assessment(Clock.PURCHASES_TRACED, 36, 36)
    assert not needs_assessment(Clock.PURCHASES_TRACED, 12, None)
    assert not needs_assessment(Clock.MESSAGES, 36, None)


def test_c_30_what_is_nobodys_cannot_be_profiled() -> None:
    assert is_ordered(Period(months=12), Period(months=24))
    assert not is_ordered(Period(months=25), Period(months=24))


LAST = datetime(2020, 5, 1, tzinfo=UTC)
ERASED = datetime(2021, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("relationship", "ended"),
    [
        (Relationship(None, has_consent=False, is_held=False, last_at=LAST), LAST),
        (Relationship(None, has_consent=True, is_held=False, last_at=LAST), None),
        (Relationship(None, has_consent=False, is_held=True, last_at=LAST), None),
        (Relationship(ERASED, has_consent=False, is_held=False, last_at=LAST), ERASED),
        (Relationship(ERASED, has_consent=False, is_held=True, last_at=LAST), None),
        (Relationship(LAST, has_consent=False, is_held=False, last_at=ERASED), ERASED),
    ],
)
def test_c_31_a_relationship_ends_with_its_last_word_unless_a_yes_or_a_dispute_stands(
    relationship: Relationship, ended: datetime | None
) -> None:
    assert ended_at(relationship) == ended
