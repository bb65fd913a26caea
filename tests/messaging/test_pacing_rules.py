"""Who takes mail in, how fast it may come, and how a young domain is made known: plain arithmetic."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ritorno.consents.rules import TemplateClass
from ritorno.messaging.pacing import rules
from ritorno.messaging.pacing.rules import FASTEST, FIRST_DAY, Pace, Warmup
from ritorno.messaging.rules import CODE_LIVES, retry_at

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
SECONDS = st.lists(st.floats(0.1, 900), min_size=1, max_size=40)


@pytest.mark.parametrize(
    ("address", "receiver"),
    [
        ("anna@gmail.com", "google"),
        ("anna@GoogleMail.com", "google"),
        ("anna@hotmail.it", "microsoft"),
        ("anna@aol.com", "yahoo"),
        ("anna@virgilio.it", "libero"),
        ("anna@alice.it", "tim"),
        ("anna@pec.it", "aruba"),
        ("anna@icloud.com", "apple"),
        ("anna@bottega.example", "bottega.example"),
        ("senza-chiocciola", "senza-chiocciola"),
    ],
)
def test_e_17_a_receiver_is_the_host_behind_the_address(address: str, receiver: str) -> None:
    assert rules.receiver_of(address) == receiver


@pytest.mark.parametrize(
    ("reply", "asks"),
    [
        ("421 4.7.0 [TSS04] temporarily deferred", True),
        ("421 too many connections", True),
        ("451 4.7.650 The mail server has been temporarily rate limited", True),
        ("450 4.2.1 mailbox busy", False),
        ("452 4.2.2 mailbox full", False),
        ("550 5.7.26 not authenticated", False),
        ("250 2.0.0 OK 4.7.1", False),
        ("captured", False),
    ],
)
def test_e_17_only_some_replies_ask_to_slow_down(reply: str, asks: bool) -> None:
    assert rules.asks_to_slow_down(reply) is asks


@given(SECONDS, st.floats(1, FASTEST - 1))
def test_e_17_never_more_leaves_than_the_pace_and_one_burst(waits: list[float], per_minute: float) -> None:
    """However often somebody looks, and whatever each look takes."""
    pace, now, sent = Pace(per_minute, 0.0, NOON, NOON), NOON, 0
    for wait in waits:
        now += timedelta(seconds=wait)
        # Only the bucket is looked at here: no receiver stays clean for so long.
        found = rules.refilled(pace._replace(clean_since=now), now)
        assert found is not None
        taken = int(found.tokens)
        sent, pace = sent + taken, found._replace(tokens=found.tokens - taken)

    minutes = (now - NOON) / timedelta(minutes=1)
    assert sent <= per_minute * minutes + 1e-6
    assert 0 <= pace.tokens <= rules.burst_of(per_minute)


@given(st.lists(st.booleans(), max_size=30))
def test_e_17_no_line_starves_and_no_limit_stays_for_ever(refusals: list[bool]) -> None:
    """Whatever was refused, a token comes within a minute, and calm frees the line in the end."""
    pace, now = rules.slowed(None, NOON), NOON
    for refused in refusals:
        now += timedelta(minutes=2)
        found = rules.slowed(pace, now) if refused else rules.refilled(pace, now)
        if found is None:
            return
        pace = found
    later = rules.refilled(pace._replace(tokens=0.0, updated_at=now), now + timedelta(minutes=1, seconds=1))

    assert later is None or later.tokens >= 1
    assert rules.refilled(pace, now + timedelta(days=1)) is None


def test_e_17_half_on_a_refusal_once_and_a_tenth_more_every_ten_clean_minutes() -> None:
    first = rules.slowed(None, NOON)
    same_minute = rules.slowed(first, NOON + timedelta(seconds=30))
    second = rules.slowed(same_minute, NOON + timedelta(minutes=2))
    after_nine = rules.refilled(second, NOON + timedelta(minutes=11))
    after_ten = rules.refilled(second, NOON + timedelta(minutes=12))
    after_twenty = rules.refilled(second, NOON + timedelta(minutes=22))

    assert (first.per_minute, same_minute.per_minute, second.per_minute) == (600, 600, 300)
    rates = [round(pace.per_minute, 6) for pace in (after_nine, after_ten, after_twenty) if pace is not None]
    assert rates == [300, 330, 363]


def test_e_17_a_pace_never_falls_to_nothing() -> None:
    pace = rules.slowed(None, NOON)
    for minute in range(2, 60, 2):
        pace = rules.slowed(pace, NOON + timedelta(minutes=minute))

    assert pace.per_minute == rules.SLOWEST
    assert rules.most_per_connection("yahoo") == 20


def test_e_18_fifty_on_the_first_day_and_twice_as_many_on_each_good_one() -> None:
    today = date(2026, 11, 24)
    warmup = rules.warmup_on(None, today, complaints=0)
    allowances = []
    while warmup is not None:
        allowances.append(rules.left_of(warmup, complaints=0))
        full = warmup._replace(sent=warmup.allowance)
        assert rules.left_of(full, complaints=0) == 0
        warmup = rules.warmup_on(full, full.day + timedelta(days=1), complaints=0)

    assert allowances == [FIRST_DAY * 2**day for day in range(12)]


@pytest.mark.parametrize(
    ("deferred", "complaints", "goes_on"),
    [(5, 0, True), (6, 0, False), (0, 1, False)],
)
def test_e_18_a_day_that_went_badly_is_held_and_repeated(deferred: int, complaints: int, goes_on: bool) -> None:
    day = Warmup(date(2026, 11, 24), 200, 100, deferred)

    left = rules.left_of(day, complaints=complaints)
    tomorrow = rules.warmup_on(day, date(2026, 11, 25), complaints=complaints)

    assert left == (100 if goes_on else 0)
    assert tomorrow == Warmup(date(2026, 11, 25), 400 if goes_on else 200, 0, 0)


def test_e_18_the_engaged_stand_first() -> None:
    ages = [None, timedelta(days=400), timedelta(days=200), timedelta(days=100), timedelta(days=31), timedelta(days=1)]

    ranks = [rules.rank(None if age is None else NOON - age, NOON) for age in ages]

    assert ranks == [4, 4, 3, 2, 1, 0]


# ── trying again ──────────────────────────────────────────────────────────────────────────────────────────────────────


@given(st.sampled_from(TemplateClass), st.floats(-1, 1))
def test_e_16_every_ladder_ends_within_its_time(stream: TemplateClass, jitter: float) -> None:
    hours = {TemplateClass.MARKETING: 48, TemplateClass.SERVICE: 72}[stream]
    now, attempts = NOON, 0
    while (following := retry_at(stream, attempts, now, jitter)) is not None:
        assert following - now >= timedelta(minutes=24)
        now, attempts = following, attempts + 1

    assert attempts == {TemplateClass.MARKETING: 6, TemplateClass.SERVICE: 7}[stream]
    assert now - NOON <= timedelta(hours=hours)


@given(st.floats(-1, 1))
def test_e_16_a_code_is_tried_again_within_its_ten_minutes_or_not_at_all(jitter: float) -> None:
    now, attempts = NOON, 0
    while True:
        following = retry_at(TemplateClass.SERVICE, attempts, now, jitter, is_code=True, expires_at=NOON + CODE_LIVES)
        if following is None:
            break
        now, attempts = following, attempts + 1

    assert attempts >= 5
    assert now < NOON + CODE_LIVES
