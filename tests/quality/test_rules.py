"""What a card scores, what it is counted as, and the one thing worth asking: decisions on plain values."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ritorno.quality.rules import (
    BANDS,
    DEFAULT_RANKS,
    FIELDS_OF,
    PART_OF,
    Answer,
    Facts,
    Measure,
    Part,
    QualityField,
    Question,
    Rank,
    Reach,
    Said,
    Why,
    add_months,
    freshness,
    measures_of,
    missing_fields,
    next_question,
    part_score,
    recheck_on,
    whole_score,
)

TODAY = date(2026, 11, 24)
CONSENTS = FIELDS_OF[Part.CONSENT]
PLAIN = [each for each in QualityField if each not in {*CONSENTS, QualityField.EMAIL, QualityField.PHONE}]

days = st.dates(date(2015, 1, 1), date(2030, 1, 1))
answers = st.dictionaries(st.sampled_from(CONSENTS), st.builds(Answer, st.sampled_from(Said), days))
cards = st.builds(
    Facts,
    filled=st.frozensets(st.sampled_from(PLAIN)),
    email=st.sampled_from(Reach),
    phone=st.sampled_from(Reach),
    has_mobile=st.booleans(),
    has_bounced=st.booleans(),
    answers=answers,
    is_company=st.booleans(),
    is_minor_flagged=st.booleans(),
    birth_on=st.none() | st.dates(date(1930, 1, 1), date(2026, 1, 1)),
    created_on=days,
    is_changed=st.booleans(),
    confirmed_on=st.none() | days,
)
rankings = st.fixed_dictionaries({each: st.sampled_from(Rank) for each in QualityField})

COMPLETE = Facts(
    filled=frozenset(PLAIN),
    email=Reach.REACHED,
    phone=Reach.REACHED,
    has_mobile=True,
    answers={each: Answer(Said.YES, TODAY) for each in CONSENTS},
    created_on=TODAY,
    confirmed_on=TODAY,
)


def without(*fields: QualityField, **more: object) -> Facts:
    card = replace(COMPLETE, filled=COMPLETE.filled - set(fields), **more)  # type: ignore[arg-type]
    return replace(card, answers={each: said for each, said in card.answers.items() if each not in fields})


# ── the score ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(cards, rankings, days)
def test_a_score_and_its_parts_lie_between_0_and_100(card: Facts, ranks: dict[QualityField, Rank], today: date) -> None:
    assert 0 <= whole_score(card, ranks, today) <= 100
    assert all(0 <= part_score(card, ranks, part, today) <= 100 for part in Part)


@given(cards, rankings, days, st.sampled_from(QualityField))
def test_filling_a_field_never_lowers_a_score(
    card: Facts, ranks: dict[QualityField, Rank], today: date, wanted: QualityField
) -> None:
    if wanted in CONSENTS:
        fuller = replace(card, answers={**card.answers, wanted: Answer(Said.NO, today)})
    elif wanted in {QualityField.EMAIL, QualityField.PHONE}:
        fuller = replace(card, **{wanted.value: Reach.REACHED})
    else:
        fuller = replace(card, filled=card.filled | {wanted})

    assert whole_score(fuller, ranks, today) >= whole_score(card, ranks, today)
    assert part_score(fuller, ranks, PART_OF[wanted], today) >= part_score(card, ranks, PART_OF[wanted], today)


@given(cards, rankings, days)
def test_a_confirmation_today_never_lowers_a_score(card: Facts, ranks: dict[QualityField, Rank], today: date) -> None:
    confirmed = replace(card, confirmed_on=today)

    assert whole_score(confirmed, ranks, today) >= whole_score(card, ranks, today)


def test_a_card_with_everything_confirmed_today_scores_100_and_an_empty_one_0() -> None:
    assert whole_score(COMPLETE, DEFAULT_RANKS, TODAY) == 100
    assert whole_score(Facts(), DEFAULT_RANKS, TODAY) == 0


def test_every_field_has_one_part_and_a_default_rank() -> None:
    assert set(PART_OF) == set(QualityField) == set(DEFAULT_RANKS)
    assert sum(len(fields) for fields in FIELDS_OF.values()) == len(QualityField)


def test_a_consent_that_was_asked_counts_whatever_the_answer() -> None:
    asked = {each: Answer(Said.CLOSED, TODAY) for each in CONSENTS}

    assert part_score(Facts(answers=asked), DEFAULT_RANKS, Part.CONSENT, TODAY) == 100


def test_an_essential_field_weighs_more_than_a_useful_one_and_an_unused_one_nothing() -> None:
    def lost_with(rank: Rank) -> int:
        return whole_score(without(QualityField.GENDER), DEFAULT_RANKS | {QualityField.GENDER: rank}, TODAY)

    assert lost_with(Rank.ESSENTIAL) < lost_with(Rank.USEFUL) < lost_with(Rank.EXTRA) < lost_with(Rank.UNUSED) == 100


def test_an_unverified_address_counts_for_less_than_one_that_reaches_and_a_bounced_one_for_nothing() -> None:
    scores = [whole_score(replace(COMPLETE, email=reach), DEFAULT_RANKS, TODAY) for reach in Reach]

    assert scores[0] == scores[1] < scores[2] < scores[3]


def test_a_company_is_not_asked_when_it_was_born() -> None:
    company = without(QualityField.GIVEN_NAME, QualityField.BIRTH_ON, QualityField.GENDER, is_company=True)

    assert whole_score(company, DEFAULT_RANKS, TODAY) == 100
    assert next_question(company, DEFAULT_RANKS, TODAY) is None
    assert Measure.COMPANY in measures_of(company, 100, TODAY)


@pytest.mark.parametrize(
    ("months", "points"), [(0, 100), (11, 100), (12, 75), (18, 50), (24, 25), (35, 25), (36, 0), (400, 0)]
)
def test_freshness_falls_in_steps_to_nothing_after_three_years(months: int, points: int) -> None:
    assert freshness(add_months(TODAY, -months), TODAY) == points


def test_what_was_never_confirmed_is_not_fresh() -> None:
    assert freshness(None, TODAY) == 0


# ── what is counted ───────────────────────────────────────────────────────────────────────────────────────────────────


@given(cards, rankings, days)
def test_a_card_is_in_one_band_and_in_the_list_of_each_field_it_misses(
    card: Facts, ranks: dict[QualityField, Rank], today: date
) -> None:
    found = measures_of(card, whole_score(card, ranks, today), today)

    assert len(found & {band for _, band in BANDS}) == 1
    assert {each for each in QualityField if f"missing_{each}" in found} == missing_fields(card)


def test_a_card_nobody_touched_for_a_year_is_counted_as_never_updated() -> None:
    card = replace(COMPLETE, created_on=add_months(TODAY, -12))

    assert Measure.NEVER_UPDATED in measures_of(card, 100, TODAY)
    assert Measure.NEVER_UPDATED not in measures_of(card, 100, TODAY - timedelta(days=1))
    assert Measure.NEVER_UPDATED not in measures_of(replace(card, is_changed=True), 100, TODAY)


# ── what to ask ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_complete_and_fresh_card_has_nothing_to_ask() -> None:
    assert next_question(COMPLETE, DEFAULT_RANKS, TODAY) is None


def test_the_essential_is_asked_before_the_useful_and_an_unused_field_never() -> None:
    card = without(QualityField.BIRTH_ON, QualityField.FAMILY_NAME)

    assert next_question(card, DEFAULT_RANKS, TODAY) == Question(QualityField.FAMILY_NAME, Why.MISSING)
    without_name = DEFAULT_RANKS | {QualityField.FAMILY_NAME: Rank.UNUSED}
    assert next_question(card, without_name, TODAY) == Question(QualityField.BIRTH_ON, Why.MISSING)


def test_an_address_that_bounced_is_asked_first() -> None:
    card = without(QualityField.FAMILY_NAME, phone=Reach.BOUNCED)

    assert next_question(card, DEFAULT_RANKS, TODAY) == Question(QualityField.PHONE, Why.BOUNCED)


def test_whether_all_of_it_still_holds_is_asked_after_the_essential_and_before_the_rest() -> None:
    stale = without(QualityField.BIRTH_ON, confirmed_on=add_months(TODAY, -24))

    assert next_question(stale, DEFAULT_RANKS, TODAY) == Question(None, Why.STALE)
    assert next_question(replace(stale, email=Reach.ABSENT), DEFAULT_RANKS, TODAY) == Question(
        QualityField.EMAIL, Why.MISSING
    )


def test_a_consent_is_not_asked_for_an_address_that_is_not_there() -> None:
    card = without(QualityField.CONSENT_SMS, QualityField.CONSENT_POST, QualityField.ADDRESS, has_mobile=False)

    assert next_question(card, DEFAULT_RANKS, TODAY) == Question(QualityField.ADDRESS, Why.MISSING)
    unwanted = DEFAULT_RANKS | {QualityField.ADDRESS: Rank.UNUSED}
    assert next_question(card, unwanted, TODAY) is None


def test_a_no_to_one_channel_is_no_invitation_to_ask_for_another_for_a_year() -> None:
    card = without(QualityField.CONSENT_SMS)
    card = replace(card, answers={**card.answers, QualityField.CONSENT_EMAIL: Answer(Said.NO, TODAY)})

    assert next_question(card, DEFAULT_RANKS, TODAY) is None
    a_year_later = add_months(TODAY, 12)
    fresh = replace(card, confirmed_on=a_year_later)
    assert next_question(fresh, DEFAULT_RANKS, a_year_later) == Question(QualityField.CONSENT_SMS, Why.MISSING)


def test_a_refusal_is_asked_again_after_a_year_when_nothing_else_is_missing() -> None:
    card = replace(COMPLETE, answers={**COMPLETE.answers, QualityField.PROFILING: Answer(Said.NO, TODAY)})

    assert next_question(card, DEFAULT_RANKS, add_months(TODAY, 12) - timedelta(days=1)) is None
    assert next_question(card, DEFAULT_RANKS, add_months(TODAY, 12)) == Question(
        QualityField.PROFILING, Why.REFUSED_LONG_AGO
    )


@given(days)
def test_an_objection_closes_every_question_of_marketing_for_good(today: date) -> None:
    card = without(*CONSENTS, confirmed_on=today)
    card = replace(card, answers={QualityField.CONSENT_POST: Answer(Said.CLOSED, date(2015, 1, 1))})

    assert next_question(card, DEFAULT_RANKS, today) == Question(QualityField.PROFILING, Why.MISSING)


@given(cards, rankings, days)
def test_no_consent_is_asked_of_a_minor(card: Facts, ranks: dict[QualityField, Rank], today: date) -> None:
    """C-17: at the counter there is no valid yes below 18."""
    asked = next_question(replace(card, is_minor_flagged=True), ranks, today)

    assert asked is None or asked.field not in CONSENTS


@given(cards, rankings, days)
def test_what_is_asked_is_wanted_and_needs_asking(card: Facts, ranks: dict[QualityField, Rank], today: date) -> None:
    asked = next_question(card, ranks, today)

    if asked is not None and asked.field is not None:
        assert ranks[asked.field] is not Rank.UNUSED
        assert asked.field in missing_fields(card) or asked.why in {Why.UNCONFIRMED, Why.REFUSED_LONG_AGO}


# ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@given(cards, rankings, days, st.integers(1, 1500))
def test_nothing_said_of_a_card_changes_before_its_recheck_day(
    card: Facts, ranks: dict[QualityField, Rank], today: date, later: int
) -> None:
    recheck = recheck_on(card, today)
    day = today + timedelta(days=later)
    if recheck is not None:
        assert recheck > today
        day = min(day, recheck - timedelta(days=1))

    before, after = whole_score(card, ranks, today), whole_score(card, ranks, day)

    assert before == after
    assert measures_of(card, before, today) == measures_of(card, after, day)
    assert next_question(card, ranks, today) == next_question(card, ranks, day)


def test_a_month_later_is_the_last_day_of_a_shorter_month() -> None:
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert add_months(date(9999, 6, 1), 12) == date.max
