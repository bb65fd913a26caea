"""What holds of every answer of the gate, whatever is known and whatever is asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ritorno.consents import words
from ritorno.consents.rulepack import pack_for
from ritorno.consents.rules import (
    ANY_GROUP,
    FOR_ALL_CHANNELS,
    Ask,
    Assessment,
    AssessmentKind,
    Channel,
    Contact,
    Contract,
    Fact,
    Facts,
    Family,
    LegalBasis,
    Level,
    Method,
    Party,
    Passage,
    Purpose,
    Readiness,
    RegisterCheck,
    Sent,
    ServiceKind,
    Standing,
    State,
    StateKey,
    Suppression,
    SuppressionReason,
    SuppressionScope,
    TemplateClass,
    Verdict,
    decide,
    explain,
)
from ritorno.consents.rules.gates import gates_of
from tests.factories.gate import AT, CONTACTS, EMAIL_ID, PACK, READY, SOFT, state

# The machine that runs this may be busy: many cases, and no clock on any of them.
thorough = settings(max_examples=100, deadline=None)

RECIPIENT = UUID(int=9)
LIA = Assessment(UUID(int=2), date(2026, 1, 1))
REACHED = [*CONTACTS, Channel.PHONE_AUTO, Channel.WHATSAPP]
PURPOSES = [each for each in Purpose if each is not Purpose.STATS_AGG]

_moments = st.integers(0, 2_500_000).map(
    lambda minutes: datetime(2023, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
) | st.integers(0, 30_000).map(lambda minutes: AT + timedelta(minutes=minutes))
_past = st.integers(0, 2000).map(lambda hours: AT - timedelta(hours=hours))
_rarely = st.integers(0, 9).flatmap(lambda roll: _past if roll == 0 else st.none())
_states = st.builds(
    state,
    st.sampled_from([*Standing, *[Standing.GRANTED] * 6]),
    since=_past,
    method=st.sampled_from([Method.POS_PAPER, Method.IMPORT, Method.EMAIL_LINK]),
    party=st.sampled_from([Party.SUBJECT, Party.STAFF]),
)
_keys = st.sampled_from(
    [
        *product((Purpose.MKT_OWN, Purpose.MARKET_RESEARCH, Purpose.SERVICE), REACHED),
        *((purpose, None) for purpose in FOR_ALL_CHANNELS),
    ]
)
_checks = st.none() | st.builds(RegisterCheck, st.just(UUID(int=3)), _past, st.none() | _past)
_suppressions = st.builds(
    Suppression, st.just(UUID(int=5)), st.sampled_from(SuppressionReason), st.sampled_from(SuppressionScope), _past
)
_contacts = st.builds(
    Contact,
    id=st.just(EMAIL_ID),
    level=st.sampled_from([*Level, Level.CONFIRMED]),
    source=st.sampled_from(["till", "till", "directory", "scraped"]),
    invalid_at=_rarely,
    hard_bounced_at=_rarely,
    complained_at=_rarely,
    suppressions=st.lists(_suppressions, max_size=1).map(lambda found: tuple(found[:1])) | st.just(()),
    shared_with=st.just(()),
    register=_checks,
    states=st.none(),
    pack=st.none() | st.sampled_from([pack_for(country, "IT", AT.date()) for country in ("FR", "GB", "DE", None)]),
)
_messy = st.builds(
    Facts,
    customer_id=st.just(UUID(int=1)),
    pack=st.just(PACK),
    sector=st.sampled_from([None, None, "energy"]),
    business_zone=st.just("Europe/Rome"),
    exists=st.integers(0, 9).map(bool),
    is_merged=st.just(False),
    erased_at=st.none(),
    deceased_at=_rarely,
    restricted_at=_rarely,
    born_on=st.sampled_from([None, date(1970, 5, 1), date(2010, 5, 1), date(2015, 5, 1)]),
    is_minor_flagged=st.integers(0, 9).map(lambda roll: roll == 0),
    zone=st.none() | st.sampled_from(["Europe/Rome", "America/New_York", "Asia/Kolkata"]),
    contacts=st.dictionaries(st.sampled_from(REACHED), _contacts, min_size=3),
    states=st.dictionaries(_keys, _states, max_size=9),
    third_party=st.dictionaries(st.just(RECIPIENT), _states),
    readiness=st.integers(0, 9).map(lambda roll: READY if roll else {Channel.EMAIL: Readiness(False)}),
    is_informed=st.booleans(),
    last_purchase_at=st.none() | _past,
    purchases=st.dictionaries(st.just("hair"), _past),
    enquiries=st.dictionaries(st.just("hair"), _past),
    soft_optin=st.none() | st.just(SOFT),
    assessments=st.dictionaries(st.sampled_from([AssessmentKind.LIA_POST, AssessmentKind.LIA_PHONE]), st.just(LIA)),
    contract=st.none() | st.builds(Contract, st.just(UUID(int=6)), _past, st.none() | _past),
    sent=st.lists(st.builds(Sent, st.sampled_from(REACHED), _past, st.booleans()), max_size=4).map(tuple),
    unavailable=st.just(frozenset()),
)
_good = st.builds(
    Contact,
    id=st.just(EMAIL_ID),
    level=st.just(Level.CONFIRMED),
    source=st.sampled_from(["till", "directory"]),
    invalid_at=st.none(),
    hard_bounced_at=st.none(),
    complained_at=st.none(),
    suppressions=st.just(()),
    shared_with=st.just(()),
    register=_checks,
    states=st.none(),
    pack=st.none() | st.sampled_from([pack_for(country, "IT", AT.date()) for country in ("FR", "GB")]),
)
_granted = st.builds(state, st.just(Standing.GRANTED), since=_past, method=st.just(Method.POS_PAPER))
_willing = st.builds(
    Facts,
    customer_id=st.just(UUID(int=1)),
    pack=st.just(PACK),
    contacts=_good.map(lambda contact: dict.fromkeys(Channel, contact)),
    states=st.dictionaries(_keys, _granted, min_size=6),
    third_party=st.dictionaries(st.just(RECIPIENT), _granted),
    readiness=st.just(READY),
    is_informed=st.just(True),
    last_purchase_at=_past,
    purchases=st.fixed_dictionaries({"hair": _past}),
    soft_optin=st.none() | st.just(SOFT),
    assessments=st.just(dict.fromkeys(AssessmentKind, LIA)),
    contract=st.none() | st.builds(Contract, st.just(UUID(int=6)), _past, st.none() | _past),
    sent=st.lists(st.builds(Sent, st.sampled_from(REACHED), _past, st.booleans()), max_size=2).map(tuple),
)
_people = st.one_of(_messy, _willing, _willing)
"""Half of the cases are people who may be reached, so that there are doors which one more no could open or shut."""
_asks = st.builds(
    Ask,
    purpose=st.sampled_from([*PURPOSES, Purpose.MKT_OWN, Purpose.MKT_OWN]),
    channel=st.sampled_from(REACHED),
    template_class=st.sampled_from([None, None, None, *TemplateClass]),
    similarity_group=st.sampled_from(["hair", "garden", ANY_GROUP, None]),
    is_own_product=st.integers(0, 4).map(bool),
    uses_purchases=st.integers(0, 4).map(lambda roll: roll == 0),
    has_promo=st.integers(0, 4).map(lambda roll: roll == 0),
    is_urgent=st.booleans(),
    to_heirs=st.booleans(),
    service_kind=st.sampled_from([None, None, None, *ServiceKind]),
    recipient=st.none() | st.just(RECIPIENT),
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
        assert all(words.label_of(each, language, "Europe/Rome") for each in decision.evidence)


@thorough
@given(_people, _asks, _moments)
def test_d_02_the_steps_told_are_the_gates_in_order_and_lead_to_the_answer(
    facts: Facts, question: Ask, at: datetime
) -> None:
    decision, steps = explain(facts, question, at)

    assert decision == decide(facts, question, at)
    denied = [step.found for step in steps if step.passage is Passage.DENIED and step.found is not None]
    if decision.verdict is Verdict.DENY:
        assert denied[0].reason is decision.reason
    else:
        assert denied == []
    if decision.is_allowed:
        assert all(step.passage in (Passage.PASSED, Passage.NOT_ASKED) for step in steps)
    if decision.verdict is Verdict.REVIEW:
        assert any(step.passage is Passage.REVIEW for step in steps)
    if decision.verdict is Verdict.DEFER:
        assert any(step.passage is Passage.DEFERRED for step in steps)


# ── one more no ───────────────────────────────────────────────────────────────────────────────────────────────────────

Change = Callable[[Facts, datetime], Facts]


def _on_contacts(**marks: object) -> Change:
    def change(facts: Facts, at: datetime) -> Facts:
        found = {name: value if value is not True else at for name, value in marks.items()}
        contacts = {channel: each._replace(**found) for channel, each in facts.contacts.items()}  # type: ignore[arg-type]
        return replace(facts, contacts=contacts)

    return change


def _saying(standing: Standing) -> Change:
    def change(facts: Facts, at: datetime) -> Facts:
        said = State(standing, at, uuid4(), Method.ORAL, Party.STAFF)
        everything: dict[StateKey, State] = {(purpose, None): said for purpose in FOR_ALL_CHANNELS}
        everything |= dict.fromkeys(product((Purpose.MKT_OWN, Purpose.MARKET_RESEARCH), REACHED), said)
        return replace(
            facts, states=dict(facts.states) | everything, third_party=dict.fromkeys(facts.third_party, said)
        )

    return change


def _listed(facts: Facts, at: datetime) -> Facts:
    def contact(each: Contact) -> Contact:
        check = each.register
        listed = check and check._replace(first_listed_at=min(check.first_listed_at or at, check.checked_at))
        return each._replace(register=listed)

    return replace(facts, contacts={channel: contact(each) for channel, each in facts.contacts.items()})


def _suppressed(scope: SuppressionScope) -> Change:
    def change(facts: Facts, at: datetime) -> Facts:
        listed = Suppression(uuid4(), SuppressionReason.MANUAL, scope, at)
        contacts = {
            channel: each._replace(suppressions=(*each.suppressions, listed))
            for channel, each in facts.contacts.items()
        }
        return replace(facts, contacts=contacts)

    return change


NOES: dict[str, Change] = {
    "withdrawn": _saying(Standing.WITHDRAWN),
    "objected": _saying(Standing.OBJECTED),
    "refused": _saying(Standing.REFUSED),
    "complained": _on_contacts(complained_at=True),
    "bounced": _on_contacts(hard_bounced_at=True),
    "invalid": _on_contacts(invalid_at=True),
    "suppressed": _suppressed(SuppressionScope.MARKETING),
    "suppressed everywhere": _suppressed(SuppressionScope.ALL),
    "listed": _listed,
    "restricted": lambda facts, at: replace(facts, restricted_at=at),
    "deceased": lambda facts, at: replace(facts, deceased_at=at),
    "not ready": lambda facts, at: replace(facts, readiness={}),
    "in the sector": lambda facts, at: replace(facts, sector="energy"),
    "one more sent": lambda facts, at: replace(facts, sent=(*facts.sent, Sent(Channel.EMAIL, at))),
}


@thorough
@given(_people, _asks, _moments, st.sampled_from(sorted(NOES)))
def test_one_more_no_never_opens_a_door(facts: Facts, question: Ask, at: datetime, no: str) -> None:
    """A withdrawal, an objection, a suppression, a complaint, a listing: after it nothing is allowed that was not."""
    before, after = decide(facts, question, at), decide(NOES[no](facts, at), question, at)

    assert not after.is_allowed or before.is_allowed
    if before.verdict is Verdict.DENY:
        assert after.verdict is Verdict.DENY


@thorough
@given(_people, _asks, _moments, st.sampled_from(["withdrawn", "objected", "refused"]))
def test_a_no_to_everything_leaves_only_what_is_owed(facts: Facts, question: Ask, at: datetime, no: str) -> None:
    decision = decide(NOES[no](facts, at), question, at)

    if question.is_marketing or question.purpose in FOR_ALL_CHANNELS:
        assert decision.verdict is Verdict.DENY


# ── a fact that could not be loaded ───────────────────────────────────────────────────────────────────────────────────


@thorough
@given(_people, _asks, _moments, st.sets(st.sampled_from(Fact), min_size=1) | st.just(set(Fact)))
def test_d_04_losing_a_fact_never_opens_a_door(facts: Facts, question: Ask, at: datetime, lost: set[Fact]) -> None:
    before = decide(facts, question, at)
    after = decide(replace(facts, unavailable=frozenset(lost)), question, at)

    assert not after.is_allowed or before.is_allowed
    if set(Fact) == lost:
        assert after.verdict is Verdict.DENY or question.purpose is Purpose.LEGAL_SAFETY
        assert not after.is_allowed


def _open_to_all() -> Facts:
    """Somebody who said yes to everything, whom every question may reach."""
    granted = state(Standing.GRANTED)
    reached = dict.fromkeys(
        Channel,
        Contact(EMAIL_ID, Level.CONFIRMED, "till", register=RegisterCheck(UUID(int=3), AT - timedelta(days=1), None)),
    )
    return Facts(
        customer_id=UUID(int=1),
        pack=PACK,
        contacts=reached,
        states=dict.fromkeys([*product(Purpose, Channel), *((each, None) for each in FOR_ALL_CHANNELS)], granted),
        third_party={RECIPIENT: granted},
        readiness=READY,
        assessments=dict.fromkeys(AssessmentKind, LIA),
    )


_QUESTIONS = [
    *(Ask(purpose, channel) for purpose, channel in product(Purpose, Channel) if purpose not in FOR_ALL_CHANNELS),
    *(Ask(Purpose.SERVICE, Channel.EMAIL, service_kind=kind) for kind in ServiceKind),
    *(Ask(purpose, None, recipient=RECIPIENT) for purpose in sorted(FOR_ALL_CHANNELS)),
]


@pytest.mark.parametrize("question", _QUESTIONS, ids=lambda ask: f"{ask.purpose}-{ask.channel}-{ask.service_kind}")
def test_d_04_every_fact_a_question_rests_on_closes_it_when_it_fails(question: Ask) -> None:
    """For each purpose and channel: what is read and could not be loaded refuses, safety goes to a person."""
    facts = _open_to_all()
    waits = {Fact.MESSAGES} if question.is_marketing else set()
    rests_on = set().union(*(gate.reads for gate in gates_of(question).table)) | waits

    assert decide(facts, replace(question, uses_purchases=False), AT).is_allowed or question.uses_purchases
    for fact in Fact:
        lost = decide(replace(facts, unavailable=frozenset({fact})), question, AT)
        if fact in rests_on:
            closed = Verdict.REVIEW if question.purpose is Purpose.LEGAL_SAFETY else Verdict.DENY
            assert lost.verdict is closed, fact
        else:
            assert lost == decide(facts, question, AT), fact


def test_every_fact_is_read_by_some_question() -> None:
    read = {fact for question in _QUESTIONS for gate in gates_of(question).table for fact in gate.reads}

    assert read == set(Fact)


# ── shared contacts ───────────────────────────────────────────────────────────────────────────────────────────────────


@thorough
@given(_people, _people, _asks, _moments)
def test_d_11_a_shared_contact_is_as_open_as_its_strictest_holder(
    one: Facts, other: Facts, question: Ask, at: datetime
) -> None:
    alone = decide(one, question, at)
    channel = question.channel
    if channel is None or channel not in one.contacts or channel not in other.contacts:
        return
    theirs = replace(other, contacts={channel: other.contacts[channel]})
    shared = one.contacts[channel]._replace(shared_with=(theirs,))

    together = decide(replace(one, contacts={**one.contacts, channel: shared}), question, at)

    if question.is_marketing:
        assert together.is_allowed == (alone.is_allowed and decide(theirs, question, at).is_allowed)
    else:
        assert together == alone
