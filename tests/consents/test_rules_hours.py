"""When a message may leave: hours, holidays, zones and caps."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from ritorno.consents.rulepack import rule_pack
from ritorno.consents.rules import (
    Ask,
    Channel,
    Family,
    Purpose,
    Reason,
    Sent,
    TemplateClass,
    Verdict,
    decide,
    next_open,
    openings,
)
from ritorno.consents.rules.hours import easter, is_holiday
from tests.factories.gate import (
    AT,
    PACK,
    ROME,
    ask,
    consenting,
    said,
    somebody,
)

SMS_HOURS = PACK.hours_of(Channel.SMS)
CALL_HOURS = PACK.hours_of(Channel.PHONE_OPERATOR)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-17T08:59", "2026-11-17T09:00"),
        ("2026-11-17T19:59", "2026-11-17T19:59"),
        ("2026-11-17T20:00", "2026-11-18T09:00"),
        ("2026-11-22T12:00", "2026-11-23T09:00"),  # Sunday
        ("2026-10-04T12:00", "2026-10-05T09:00"),  # St Francis, a holiday again from 2026
        ("2026-12-24T21:00", "2026-12-28T09:00"),  # Christmas, St Stephen, Sunday
        ("2026-03-29T02:30", "2026-03-30T09:00"),  # an hour that does not exist, on a Sunday
        ("2026-04-05T10:00", "2026-04-07T09:00"),  # Easter and its Monday
    ],
)
def test_text_messages_wait_for_the_next_open_hour(at: str, opens: str) -> None:
    """M-08, D-07, B-29."""
    assert SMS_HOURS is not None
    moment = datetime.fromisoformat(at).replace(tzinfo=ROME)

    found = next_open(moment.astimezone(UTC), SMS_HOURS, PACK.holidays, PACK.zones)

    assert found == datetime.fromisoformat(opens).replace(tzinfo=ROME)


def test_calls_are_shorter_on_saturdays_and_before_holidays() -> None:
    """D-T9."""
    assert CALL_HOURS is not None
    saturday = datetime(2026, 11, 21, 9, 30, tzinfo=ROME)
    eve = datetime(2026, 12, 7, 19, 30, tzinfo=ROME)  # the day before the Immaculate Conception, a Monday

    assert next_open(saturday, CALL_HOURS, PACK.holidays, PACK.zones) == saturday.replace(hour=10, minute=0)
    assert next_open(eve, CALL_HOURS, PACK.holidays, PACK.zones) == datetime(2026, 12, 9, 9, tzinfo=ROME)


@pytest.mark.parametrize(
    ("at", "opens"),
    [
        ("2026-11-24T09:30", "2026-11-24T10:00"),
        ("2026-11-24T12:59", "2026-11-24T12:59"),
        ("2026-11-24T13:00", "2026-11-24T14:00"),
        ("2026-11-27T20:00", "2026-11-30T10:00"),  # no Saturday
    ],
)
def test_d_t9_calls_to_france_pause_at_noon(at: str, opens: str) -> None:
    pack = rule_pack("FR", date(2026, 11, 24))
    hours = pack.hours_of(Channel.PHONE_OPERATOR)
    assert hours is not None
    moment = datetime.fromisoformat(at).replace(tzinfo=ROME).astimezone(UTC)

    assert next_open(moment, hours, pack.holidays, pack.zones) == datetime.fromisoformat(opens).replace(tzinfo=ROME)


def test_d_t9_the_openings_ahead_are_those_of_every_zone() -> None:
    """A Saturday afternoon, Sunday shut; London closes an hour later than Rome and opens an hour later too."""
    assert CALL_HOURS is not None
    at = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)

    found = openings(at, CALL_HOURS, PACK.holidays, ("Europe/Rome", "Europe/London"), until=at + timedelta(days=3))

    assert [(each.opens_at.isoformat()[8:16], each.closes_at.isoformat()[8:16]) for each in found] == [
        ("21T16:00", "21T18:00"),
        ("23T09:00", "23T19:00"),
        ("24T09:00", "24T19:00"),
    ]


def test_an_unknown_zone_waits_until_both_ends_are_open() -> None:
    """B-30: the business in London, the recipient somewhere in Italy."""
    facts = consenting(Channel.SMS, business_zone="Europe/London")
    at = datetime(2026, 11, 17, 8, 30, tzinfo=UTC)  # 9:30 in Rome, 8:30 in London

    assert decide(facts, ask(Channel.SMS), at).until == datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
    assert decide(replace(facts, zone="Europe/Rome"), ask(Channel.SMS), at).is_allowed


def test_g_15_mail_and_letters_have_no_hours_and_service_texts_do_unless_urgent() -> None:
    night = datetime(2026, 11, 17, 3, 0, tzinfo=ROME)
    text = Ask(Purpose.SERVICE, Channel.SMS, TemplateClass.SERVICE)

    assert decide(consenting(), ask(), night).is_allowed
    assert decide(somebody(), text, night).reason is Reason.QUIET_HOURS
    assert decide(somebody(), replace(text, is_urgent=True), night).is_allowed


def test_easter_and_the_holidays_of_saint_francis() -> None:
    assert [easter(year) for year in (2024, 2026, 2027)] == [date(2024, 3, 31), date(2026, 4, 5), date(2027, 3, 28)]
    assert not is_holiday(date(2025, 10, 4), PACK.holidays)
    assert is_holiday(date(2026, 10, 4), PACK.holidays)


def test_a_cap_that_frees_too_late_refuses_instead_of_waiting() -> None:
    """G16: DEFER up to 72 hours, then DENY; all channels together count too."""
    fresh = tuple(Sent(Channel.EMAIL, AT - timedelta(hours=hours)) for hours in (1, 2))
    mixed = tuple(Sent(Channel.POST, AT - timedelta(days=6, hours=hours)) for hours in (20, 21, 22, 23))

    refused = decide(consenting(sent=fresh), ask(), AT)
    assert said(refused) == (Verdict.DENY, Reason.FREQ_CAP, "G16")
    assert refused.family is Family.LATER
    assert decide(consenting(sent=mixed), ask(), AT).until == AT + timedelta(hours=1)


def test_a_cap_that_frees_at_night_waits_for_the_morning() -> None:
    night = datetime(2026, 11, 16, 23, 0, tzinfo=ROME)
    facts = consenting(Channel.SMS, sent=(Sent(Channel.SMS, night - timedelta(days=6)),))

    decision = decide(facts, ask(Channel.SMS), AT)

    assert (decision.reason, decision.until) == (Reason.FREQ_CAP, datetime(2026, 11, 18, 9, 0, tzinfo=ROME))
