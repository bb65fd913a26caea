"""The gate as a plain function: the D-cases of RULES §2, then the table gate by gate."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from ritorno.consents.rules import (
    Assessment,
    AssessmentKind,
    Channel,
    Fact,
    Family,
    LegalBasis,
    Level,
    Method,
    Purpose,
    Reason,
    RegisterCheck,
    Sent,
    Standing,
    Suppression,
    SuppressionReason,
    SuppressionScope,
    TemplateClass,
    Verdict,
    decide,
)
from tests.factories.gate import (
    AT,
    EMAIL,
    RECALL,
    ROME,
    SERVICE,
    SOFT,
    ask,
    checked,
    consenting,
    said,
    somebody,
    state,
)

# ── the D-cases of RULES §2 ───────────────────────────────────────────────────────────────────────────────────────────


def test_d_case_a_a_buyer_who_was_told_may_be_mailed_about_similar_goods_and_not_texted() -> None:
    facts = somebody(soft_optin=SOFT)

    by_email, by_sms = decide(facts, ask(), AT), decide(facts, ask(Channel.SMS), AT)

    assert (by_email.verdict, by_email.basis, by_email.rule_id) == (Verdict.ALLOW, LegalBasis.SOFT_OPTIN, "D-E2")
    assert said(by_sms) == (Verdict.DENY, Reason.SOFT_OPTIN_EMAIL_ONLY, "D-M2")


def test_d_case_b_a_complaint_stops_the_newsletter_and_not_the_invoice() -> None:
    complained = EMAIL._replace(complained_at=AT - timedelta(days=1))
    facts = consenting(contacts={Channel.EMAIL: complained})

    assert said(decide(facts, ask(), AT)) == (Verdict.DENY, Reason.COMPLAINT, "G7")
    assert decide(facts, SERVICE, AT).verdict is Verdict.ALLOW


def test_d_case_c_a_consent_older_than_the_register_entry_is_revoked_by_it() -> None:
    consent = state(Standing.GRANTED, since=datetime(2026, 2, 1, tzinfo=UTC))
    check = RegisterCheck(uuid4(), datetime(2026, 3, 11, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC))
    facts = somebody(states={(Purpose.MKT_OWN, Channel.PHONE_OPERATOR): consent}, **checked(check))

    decision = decide(facts, ask(Channel.PHONE_OPERATOR), datetime(2026, 3, 12, 10, tzinfo=UTC))

    assert said(decision) == (Verdict.DENY, Reason.RPO_REVOKED, "D-T2")


def test_d_case_d_a_register_check_holds_fifteen_days() -> None:
    check = RegisterCheck(uuid4(), datetime(2026, 11, 1, 10, tzinfo=ROME), None)
    facts = consenting(Channel.PHONE_OPERATOR, **checked(check))

    on_17 = decide(facts, ask(Channel.PHONE_OPERATOR), AT)
    on_16 = decide(facts, ask(Channel.PHONE_OPERATOR), AT - timedelta(days=1))

    assert said(on_17) == (Verdict.DENY, Reason.RPO_STALE, "D-T7")
    assert (on_16.verdict, on_16.rule_id) == (Verdict.ALLOW, "D-T1")


def test_d_case_e_a_restricted_person_gets_no_shipping_notice_either() -> None:
    facts = somebody(restricted_at=AT - timedelta(days=2))

    assert said(decide(facts, SERVICE, AT)) == (Verdict.DENY, Reason.RESTRICTED, "G4")


def test_d_case_f_a_safety_recall_reaches_whoever_objected_to_all() -> None:
    facts = somebody(states={(Purpose.MKT_OWN, channel): state(Standing.OBJECTED) for channel in Channel})

    decision = decide(facts, RECALL, AT)

    assert (decision.verdict, decision.basis) == (Verdict.ALLOW, LegalBasis.LEGAL_OBLIGATION)


def test_d_case_g_a_call_on_saturday_evening_waits_for_monday() -> None:
    facts = consenting(
        Channel.PHONE_OPERATOR, **checked(RegisterCheck(uuid4(), datetime(2026, 11, 20, tzinfo=UTC), None))
    )

    decision = decide(facts, ask(Channel.PHONE_OPERATOR), datetime(2026, 11, 21, 19, 5, tzinfo=ROME))

    assert said(decision) == (Verdict.DEFER, Reason.QUIET_HOURS, "D-T9")
    assert decision.until == datetime(2026, 11, 23, 9, 0, tzinfo=ROME)


def test_d_case_h_the_third_mail_of_a_week_waits_and_a_one_time_code_does_not() -> None:
    sent = tuple(Sent(Channel.EMAIL, AT - timedelta(days=days)) for days in (6, 2))
    facts = consenting(sent=sent)

    decision = decide(facts, ask(), AT)

    assert said(decision) == (Verdict.DEFER, Reason.FREQ_CAP, "G16")
    assert decision.until == AT + timedelta(days=1)
    assert (decision.sent_count, decision.days) == (2, 7)
    assert decide(facts, replace(SERVICE, is_urgent=True), AT).verdict is Verdict.ALLOW


@pytest.mark.parametrize("fact", list(Fact))
def test_d_case_i_what_could_not_be_checked_is_refused(fact: Fact) -> None:
    """D-04: never ALLOW; a safety recall goes to a person."""
    facts = replace(consenting(), unavailable=frozenset({fact}))

    marketing, recall = decide(facts, ask(), AT), decide(facts, RECALL, AT)

    assert (marketing.verdict is Verdict.DENY) == (fact in _READ_FOR_EMAIL)
    assert recall.verdict in {Verdict.ALLOW, Verdict.REVIEW}
    if marketing.verdict is Verdict.DENY:
        assert (marketing.reason, marketing.family) == (Reason.CHECK_UNAVAILABLE, Family.TO_FIX)


_READ_FOR_EMAIL = {
    Fact.PERSON,
    Fact.CONTACTS,
    Fact.STATES,
    Fact.SUPPRESSIONS,
    Fact.PURCHASES,
    Fact.SOFT_OPTIN,
    Fact.MESSAGES,
    Fact.READINESS,
}


# ── gate by gate ──────────────────────────────────────────────────────────────────────────────────────────────────────


GONE = AT - timedelta(days=1)
LISTED = Suppression(uuid4(), SuppressionReason.MANUAL, SuppressionScope.MARKETING, GONE)

GATES: list[tuple[str, dict[str, object], Reason]] = [
    ("G1", {"readiness": {}}, Reason.SENDER_NOT_READY),
    ("G2", {"exists": False}, Reason.ERASED),
    ("G3", {"deceased_at": GONE}, Reason.DECEASED),
    ("G4", {"restricted_at": GONE}, Reason.RESTRICTED),
    ("G5", {"contacts": {}}, Reason.BAD_CONTACT_POINT),
    ("G6", {"contacts": {Channel.EMAIL: EMAIL._replace(hard_bounced_at=GONE, invalid_at=GONE)}}, Reason.HARD_BOUNCE),
    ("G7", {"contacts": {Channel.EMAIL: EMAIL._replace(complained_at=GONE)}}, Reason.COMPLAINT),
    ("G8", {"contacts": {Channel.EMAIL: EMAIL._replace(suppressions=(LISTED,))}}, Reason.SUPPRESSED),
    ("G9", {"states": {(Purpose.MKT_OWN, Channel.EMAIL): state(Standing.OBJECTED)}}, Reason.OBJECTED),
    ("G10", {"states": {(Purpose.MKT_OWN, Channel.EMAIL): state(Standing.REFUSED)}}, Reason.REFUSED),
    ("G11", {"born_on": date(2014, 1, 1)}, Reason.MINOR),
    ("D-E4", {"last_purchase_at": None}, Reason.NO_SALE),
]


@pytest.mark.parametrize(("rule", "known", "reason"), GATES)
def test_each_gate_refuses_with_its_own_reason(rule: str, known: dict[str, object], reason: Reason) -> None:
    assert said(decide(somebody(**known), ask(), AT)) == (Verdict.DENY, reason, rule)


def test_the_first_refusal_is_the_reason_and_later_ones_follow_in_order() -> None:
    """D-02."""
    worst = EMAIL._replace(hard_bounced_at=GONE, complained_at=GONE, suppressions=(LISTED,))
    facts = somebody(
        deceased_at=GONE,
        restricted_at=GONE,
        contacts={Channel.EMAIL: worst},
        states={(Purpose.MKT_OWN, Channel.EMAIL): state(Standing.OBJECTED)},
        born_on=date(2014, 1, 1),
    )

    decision = decide(facts, ask(uses_purchases=True, template_class=TemplateClass.SERVICE), AT)

    assert decision.reason is Reason.DECEASED
    assert decision.also == (
        Reason.RESTRICTED,
        Reason.HARD_BOUNCE,
        Reason.COMPLAINT,
        Reason.SUPPRESSED,
        Reason.OBJECTED,
        Reason.MINOR,
        Reason.NO_PROFILING,
        Reason.TEMPLATE_MISMATCH,
    )


@pytest.mark.parametrize(
    ("standing", "reason"),
    [
        (Standing.WITHDRAWN, Reason.WITHDRAWN),
        (Standing.REFUSED, Reason.REFUSED),
        (Standing.PENDING, Reason.CONSENT_PENDING),
        (Standing.UNPROVEN, Reason.UNPROVEN),
        (Standing.OBJECTED, Reason.OBJECTED),
    ],
)
def test_g_9_g_10_a_consent_that_does_not_stand_refuses(standing: Standing, reason: Reason) -> None:
    facts = somebody(states={(Purpose.MKT_OWN, Channel.EMAIL): state(standing)})

    assert decide(facts, ask(), AT).reason is reason


def test_g_10_a_refusal_blocks_soft_opt_in_and_letters_and_a_missing_proof_blocks_neither_mail() -> None:
    """G10."""
    lia = Assessment(uuid4(), date(2026, 1, 1))
    refused = {(Purpose.MKT_OWN, channel): state(Standing.REFUSED) for channel in (Channel.EMAIL, Channel.POST)}
    unproven = {(Purpose.MKT_OWN, Channel.EMAIL): state(Standing.UNPROVEN)}

    assert decide(somebody(states=refused, soft_optin=SOFT), ask(), AT).reason is Reason.REFUSED
    assert (
        decide(somebody(states=refused, assessments={AssessmentKind.LIA_POST: lia}), ask(Channel.POST), AT).reason
        is Reason.REFUSED
    )
    assert decide(somebody(states=unproven, soft_optin=SOFT), ask(), AT).basis is LegalBasis.SOFT_OPTIN


@pytest.mark.parametrize(
    ("method", "level", "verdict"),
    [
        (Method.POS_PAPER, Level.UNVERIFIED, Verdict.DENY),
        (Method.POS_PAPER, Level.DELIVERED_OK, Verdict.ALLOW),
        (Method.API, Level.DELIVERED_OK, Verdict.ALLOW),
        (Method.IMPORT, Level.DELIVERED_OK, Verdict.DENY),
        (Method.IMPORT, Level.CONFIRMED, Verdict.ALLOW),
    ],
)
def test_g_5_c_13_how_sure_the_address_must_be_depends_on_how_the_yes_was_given(
    method: Method, level: Level, verdict: Verdict
) -> None:
    """C-13."""
    facts = somebody(
        states={(Purpose.MKT_OWN, Channel.EMAIL): state(Standing.GRANTED, method=method)},
        contacts={Channel.EMAIL: EMAIL._replace(level=level)},
    )

    assert decide(facts, ask(), AT).verdict is verdict
    assert decide(facts, SERVICE, AT).verdict is Verdict.ALLOW


def test_a_suppression_stops_service_only_when_its_scope_is_everything() -> None:
    everything = LISTED._replace(scope=SuppressionScope.ALL)
    marketing = somebody(contacts={Channel.EMAIL: EMAIL._replace(suppressions=(LISTED,))})
    total = somebody(contacts={Channel.EMAIL: EMAIL._replace(suppressions=(everything,))})

    assert decide(marketing, SERVICE, AT).verdict is Verdict.ALLOW
    assert decide(total, SERVICE, AT).reason is Reason.SUPPRESSED


def test_an_erased_address_that_comes_back_is_named_so() -> None:
    """C-24, B-07."""
    erased = Suppression(uuid4(), SuppressionReason.ERASED, SuppressionScope.MARKETING, GONE)

    decision = decide(consenting(contacts={Channel.EMAIL: EMAIL._replace(suppressions=(erased,))}), ask(), AT)

    assert (decision.reason, decision.family) == (Reason.SUPPRESSED_ERASED, Family.SAID_NO)
