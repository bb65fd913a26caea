"""What holds of every answer of the gate, whatever is known and whatever is asked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from ritorno.consents import words
from ritorno.consents.rules import (
    ANY_GROUP,
    Action,
    Ask,
    Assessment,
    AssessmentKind,
    Contact,
    Fact,
    Facts,
    Family,
    LegalBasis,
    Level,
    Method,
    Party,
    Purpose,
    Sent,
    Standing,
    State,
    TemplateClass,
    Verdict,
    decide,
)
from tests.factories.gate import (
    AT,
    CONTACTS,
    EMAIL_ID,
    PACK,
    SOFT,
    state,
)

# The machine that runs this may be busy: many cases, and no clock on any of them.
thorough = settings(max_examples=60, deadline=None)

_moments = st.integers(0, 2_500_000).map(lambda minutes: datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
_past = st.integers(0, 2000).map(lambda hours: AT - timedelta(hours=hours))
_maybe_past = st.none() | _past
_states = st.builds(
    state,
    st.sampled_from(Standing),
    since=_past,
    method=st.sampled_from([Method.POS_PAPER, Method.IMPORT, Method.EMAIL_LINK]),
    party=st.sampled_from([Party.SUBJECT, Party.STAFF]),
)
_keys = st.sampled_from(
    [
        *((purpose, each) for purpose in (Purpose.MKT_OWN, Purpose.MARKET_RESEARCH) for each in CONTACTS),
        (Purpose.PROFILING, None),
    ]
)
_contacts = st.builds(
    Contact,
    id=st.just(EMAIL_ID),
    level=st.sampled_from(Level),
    source=st.sampled_from(["till", "scraped"]),
    invalid_at=_maybe_past,
    hard_bounced_at=_maybe_past,
    complained_at=_maybe_past,
    suppressions=st.just(()),
    shared_with=st.just(()),
)
_people = st.builds(
    Facts,
    customer_id=st.just(UUID(int=1)),
    business_zone=st.just("Europe/Rome"),
    erased_at=st.none(),
    unavailable=st.just(frozenset()),
    pack=st.just(PACK),
    exists=st.booleans(),
    deceased_at=_maybe_past,
    restricted_at=_maybe_past,
    born_on=st.sampled_from([None, date(1970, 5, 1), date(2010, 5, 1), date(2015, 5, 1)]),
    is_minor_flagged=st.booleans(),
    zone=st.none() | st.sampled_from(["Europe/Rome", "America/New_York", "Asia/Kolkata"]),
    contacts=_contacts.map(lambda contact: dict.fromkeys(CONTACTS, contact)),
    states=st.dictionaries(_keys, _states, max_size=4),
    is_informed=st.booleans(),
    last_purchase_at=_maybe_past,
    purchases=st.dictionaries(st.just("hair"), _past),
    soft_optin=st.none() | st.just(SOFT),
    assessments=st.dictionaries(
        st.sampled_from([AssessmentKind.LIA_POST, AssessmentKind.LIA_PHONE]),
        st.just(Assessment(UUID(int=2), date(2026, 1, 1))),
    ),
    sent=st.lists(st.builds(Sent, st.sampled_from([*CONTACTS]), _past), max_size=3).map(tuple),
)
_asks = st.builds(
    Ask,
    is_own_product=st.just(True),
    to_heirs=st.just(False),
    purpose=st.sampled_from(
        [Purpose.MKT_OWN, Purpose.MARKET_RESEARCH, Purpose.SERVICE, Purpose.LEGAL_SAFETY, Purpose.PROFILING]
    ),
    channel=st.sampled_from([*CONTACTS]),
    template_class=st.none() | st.sampled_from(TemplateClass),
    similarity_group=st.sampled_from(["hair", "garden", ANY_GROUP, None]),
    uses_purchases=st.booleans(),
    has_promo=st.booleans(),
    is_urgent=st.booleans(),
)


@thorough
@given(_people, _asks, _moments)
def test_the_same_question_has_the_same_answer_and_says_why(facts: Facts, question: Ask, at: datetime) -> None:
    decision = decide(facts, question, at)

    assert decide(facts, question, at) == decision
    assert (decision.reason is None) == decision.is_allowed == (decision.family is Family.ALLOWED)
    assert (decision.basis is not LegalBasis.NONE) == decision.is_allowed
    assert (decision.verdict is Verdict.DEFER) <= (decision.until is not None and decision.until > at)
    assert decision.rule_id
    assert decision.snapshot()["verdict"] == decision.verdict
    for language in ("it", "en"):
        told = words.explain(decision, language=language, zone="Europe/Rome", channel=question.channel)
        assert told.sentence
        assert decision.is_allowed or told.remedy
        assert "{" not in told.sentence + told.remedy


@thorough
@given(_people, _asks, _moments, st.sampled_from([Action.WITHDRAW, Action.OBJECT, Action.DENY]))
def test_one_more_no_never_opens_a_door(facts: Facts, question: Ask, at: datetime, no: Action) -> None:
    standing_of = {
        Action.WITHDRAW: Standing.WITHDRAWN, Action.OBJECT: Standing.OBJECTED, Action.DENY: Standing.REFUSED
    }  # fmt: skip
    said_no = State(standing_of[no], at, uuid4(), Method.ORAL, Party.STAFF)
    key = question.key if question.purpose is not Purpose.MARKET_RESEARCH else (Purpose.MKT_OWN, question.channel)

    before = decide(facts, question, at)
    after = decide(replace(facts, states=dict(facts.states) | {key: said_no}), question, at)

    if before.verdict is Verdict.DENY:
        assert after.verdict is Verdict.DENY
    if question.purpose in (Purpose.MKT_OWN, Purpose.PROFILING):
        assert after.verdict is Verdict.DENY


@thorough
@given(_people, _asks, _moments, st.sets(st.sampled_from(Fact), min_size=1) | st.just(set(Fact)))
def test_losing_a_fact_never_opens_a_door(facts: Facts, question: Ask, at: datetime, lost: set[Fact]) -> None:
    """D-04: fail closed."""
    before = decide(facts, question, at)
    after = decide(replace(facts, unavailable=frozenset(lost)), question, at)

    assert after.verdict is not Verdict.ALLOW or before.verdict is Verdict.ALLOW
    if set(Fact) == lost:
        assert after.verdict is not Verdict.ALLOW
        assert after.verdict is Verdict.DENY or question.purpose is Purpose.LEGAL_SAFETY
