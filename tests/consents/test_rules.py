"""The gate and the fold as plain functions: RULES §2 row by row, then what must hold of every answer."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ritorno.consents import words
from ritorno.consents.rulepack import rule_pack
from ritorno.consents.rules import (
    ANY_GROUP,
    Action,
    Ask,
    Assessment,
    Channel,
    Contact,
    Decision,
    Entry,
    Fact,
    Facts,
    Family,
    LegalBasis,
    Level,
    Method,
    Party,
    Proof,
    Purpose,
    Reason,
    RegisterCheck,
    Sent,
    SoftOptin,
    Standing,
    State,
    StateKey,
    Suppression,
    SuppressionReason,
    SuppressionScope,
    TemplateClass,
    Verdict,
    action_to_record,
    decide,
    family_of,
    fold,
    is_proven,
    next_open,
    refuse_minor,
)
from ritorno.consents.rules.hours import easter, is_holiday

ROME = ZoneInfo("Europe/Rome")
AT = datetime(2026, 11, 17, 10, 0, tzinfo=ROME)  # a Tuesday morning
PACK = rule_pack("IT", AT.date())
EMAIL_ID = uuid4()

EMAIL = Contact(EMAIL_ID, Level.DELIVERED_OK, "till")
PHONE = Contact(uuid4(), Level.DELIVERED_OK, "till")
LETTER = Contact(uuid4(), Level.UNVERIFIED, "till")
CONTACTS = {Channel.EMAIL: EMAIL, Channel.SMS: PHONE, Channel.PHONE_OPERATOR: PHONE, Channel.POST: LETTER}
SOFT = SoftOptin(uuid4(), EMAIL_ID, True, AT - timedelta(weeks=3))


def state(
    standing: Standing,
    *,
    since: datetime = AT - timedelta(days=100),
    method: Method = Method.POS_PAPER,
    party: Party = Party.STAFF,
) -> State:
    return State(standing, since, uuid4(), method, party)


def somebody(**known: object) -> Facts:
    """A customer who bought shampoo three weeks ago, was informed, and was never asked for anything."""
    defaults: dict[str, object] = {
        "customer_id": uuid4(),
        "pack": PACK,
        "contacts": CONTACTS,
        "is_informed": True,
        "last_purchase_at": AT - timedelta(weeks=3),
        "purchases": {"hair": AT - timedelta(weeks=3)},
    }
    return Facts(**(defaults | known))  # type: ignore[arg-type]


def consenting(channel: Channel = Channel.EMAIL, purpose: Purpose = Purpose.MKT_OWN, **known: object) -> Facts:
    return somebody(states={(purpose, channel): state(Standing.GRANTED)}, **known)


def ask(channel: Channel = Channel.EMAIL, purpose: Purpose = Purpose.MKT_OWN, **more: object) -> Ask:
    return Ask(purpose, channel, similarity_group="hair", **more)  # type: ignore[arg-type]


SERVICE = Ask(Purpose.SERVICE, Channel.EMAIL, TemplateClass.SERVICE)
RECALL = Ask(Purpose.LEGAL_SAFETY, Channel.EMAIL)


def said(decision: Decision) -> tuple[Verdict, Reason | None, str]:
    return decision.verdict, decision.reason, decision.rule_id


# ── the D-cases of RULES §2 ───────────────────────────────────────────────────────────────────────────────────────────


def test_case_a_a_buyer_who_was_told_may_be_mailed_about_similar_goods_and_not_texted() -> None:
    facts = somebody(soft_optin=SOFT)

    by_email, by_sms = decide(facts, ask(), AT), decide(facts, ask(Channel.SMS), AT)

    assert (by_email.verdict, by_email.basis, by_email.rule_id) == (Verdict.ALLOW, LegalBasis.SOFT_OPTIN, "D-E2")
    assert said(by_sms) == (Verdict.DENY, Reason.SOFT_OPTIN_EMAIL_ONLY, "D-M2")


def test_case_b_a_complaint_stops_the_newsletter_and_not_the_invoice() -> None:
    complained = EMAIL._replace(complained_at=AT - timedelta(days=1))
    facts = consenting(contacts={Channel.EMAIL: complained})

    assert said(decide(facts, ask(), AT)) == (Verdict.DENY, Reason.COMPLAINT, "G7")
    assert decide(facts, SERVICE, AT).verdict is Verdict.ALLOW


def test_case_c_a_consent_older_than_the_register_entry_is_revoked_by_it() -> None:
    consent = state(Standing.GRANTED, since=datetime(2026, 2, 1, tzinfo=UTC))
    check = RegisterCheck(uuid4(), datetime(2026, 3, 11, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC))
    facts = somebody(states={(Purpose.MKT_OWN, Channel.PHONE_OPERATOR): consent}, rpo=check)

    decision = decide(facts, ask(Channel.PHONE_OPERATOR), datetime(2026, 3, 12, 10, tzinfo=UTC))

    assert said(decision) == (Verdict.DENY, Reason.RPO_REVOKED, "D-T2")


def test_case_d_a_register_check_holds_fifteen_days() -> None:
    check = RegisterCheck(uuid4(), datetime(2026, 11, 1, 10, tzinfo=ROME), None)
    facts = consenting(Channel.PHONE_OPERATOR, rpo=check)

    on_17 = decide(facts, ask(Channel.PHONE_OPERATOR), AT)
    on_16 = decide(facts, ask(Channel.PHONE_OPERATOR), AT - timedelta(days=1))

    assert said(on_17) == (Verdict.DENY, Reason.RPO_STALE, "D-T7")
    assert (on_16.verdict, on_16.rule_id) == (Verdict.ALLOW, "D-T1")


def test_case_e_a_restricted_person_gets_no_shipping_notice_either() -> None:
    facts = somebody(restricted_at=AT - timedelta(days=2))

    assert said(decide(facts, SERVICE, AT)) == (Verdict.DENY, Reason.RESTRICTED, "G4")


def test_case_f_a_safety_recall_reaches_whoever_objected_to_all() -> None:
    facts = somebody(states={(Purpose.MKT_OWN, channel): state(Standing.OBJECTED) for channel in Channel})

    decision = decide(facts, RECALL, AT)

    assert (decision.verdict, decision.basis) == (Verdict.ALLOW, LegalBasis.LEGAL_OBLIGATION)


def test_case_g_a_call_on_saturday_evening_waits_for_monday() -> None:
    facts = consenting(Channel.PHONE_OPERATOR, rpo=RegisterCheck(uuid4(), datetime(2026, 11, 20, tzinfo=UTC), None))

    decision = decide(facts, ask(Channel.PHONE_OPERATOR), datetime(2026, 11, 21, 19, 5, tzinfo=ROME))

    assert said(decision) == (Verdict.DEFER, Reason.QUIET_HOURS, "D-T9")
    assert decision.until == datetime(2026, 11, 23, 9, 0, tzinfo=ROME)


def test_case_h_the_third_mail_of_a_week_waits_and_a_one_time_code_does_not() -> None:
    sent = tuple(Sent(Channel.EMAIL, AT - timedelta(days=days)) for days in (6, 2))
    facts = consenting(sent=sent)

    decision = decide(facts, ask(), AT)

    assert said(decision) == (Verdict.DEFER, Reason.FREQ_CAP, "G16")
    assert decision.until == AT + timedelta(days=1)
    assert (decision.sent_count, decision.days) == (2, 7)
    assert decide(facts, replace(SERVICE, is_urgent=True), AT).verdict is Verdict.ALLOW


@pytest.mark.parametrize("fact", list(Fact))
def test_case_i_what_could_not_be_checked_is_refused(fact: Fact) -> None:
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
}


# ── gate by gate ──────────────────────────────────────────────────────────────────────────────────────────────────────


GONE = AT - timedelta(days=1)
LISTED = Suppression(uuid4(), SuppressionReason.MANUAL, SuppressionScope.MARKETING, GONE)

GATES: list[tuple[str, dict[str, object], Reason]] = [
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
def test_a_consent_that_does_not_stand_refuses(standing: Standing, reason: Reason) -> None:
    facts = somebody(states={(Purpose.MKT_OWN, Channel.EMAIL): state(standing)})

    assert decide(facts, ask(), AT).reason is reason


def test_a_refusal_blocks_soft_opt_in_and_letters_and_a_missing_proof_blocks_neither_mail() -> None:
    """G10."""
    lia = Assessment(uuid4(), date(2026, 1, 1))
    refused = {(Purpose.MKT_OWN, channel): state(Standing.REFUSED) for channel in (Channel.EMAIL, Channel.POST)}
    unproven = {(Purpose.MKT_OWN, Channel.EMAIL): state(Standing.UNPROVEN)}

    assert decide(somebody(states=refused, soft_optin=SOFT), ask(), AT).reason is Reason.REFUSED
    assert decide(somebody(states=refused, assessment=lia), ask(Channel.POST), AT).reason is Reason.REFUSED
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
def test_how_sure_the_address_must_be_depends_on_how_the_yes_was_given(
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


# ── bases ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("known", "more", "reason", "rule"),
    [
        ({"purchases": {"garden": AT}}, {}, Reason.NOT_SIMILAR, "C-07"),
        ({}, {"is_own_product": False}, Reason.NOT_OWN_PRODUCT, "D-E3"),
        ({"last_purchase_at": None}, {}, Reason.NO_SALE, "D-E4"),
        ({"contacts": {Channel.EMAIL: EMAIL._replace(source="scraped")}}, {}, Reason.NO_CONSENT, "D-E5"),
        ({"soft_optin": SOFT._replace(offers_opt_out=False)}, {}, Reason.NOTICE_MISSING, "D-E6"),
        ({"soft_optin": SOFT._replace(contact_point_id=uuid4())}, {}, Reason.NO_BASIS, "G12"),
        ({"soft_optin": None}, {}, Reason.NO_BASIS, "G12"),
        ({"purchases": {"hair": datetime(2024, 11, 17, 9, tzinfo=UTC)}}, {}, Reason.NO_CONSENT, "C-06"),
    ],
)
def test_soft_opt_in_needs_all_its_conditions(
    known: dict[str, object], more: dict[str, object], reason: Reason, rule: str
) -> None:
    """C-06: all of them, D-E3 to D-E6; it lapses 24 months after the last similar purchase."""
    facts = somebody(**({"soft_optin": SOFT} | known))

    assert said(decide(facts, ask(**more), AT)) == (Verdict.DENY, reason, rule)


def test_soft_opt_in_holds_to_the_last_day_of_its_term() -> None:
    facts = somebody(soft_optin=SOFT, purchases={"hair": AT.replace(year=2024) + timedelta(minutes=1)})

    assert decide(facts, ask(), AT).basis is LegalBasis.SOFT_OPTIN
    assert decide(facts, Ask(Purpose.MKT_OWN, Channel.EMAIL, similarity_group=ANY_GROUP), AT).is_allowed
    assert decide(facts, Ask(Purpose.MKT_OWN, Channel.EMAIL), AT).reason is Reason.NOT_SIMILAR


def test_a_text_message_needs_its_own_consent() -> None:
    """D-M1, D-M2."""
    assert decide(consenting(Channel.SMS), ask(Channel.SMS), AT).rule_id == "D-M1"
    assert decide(somebody(last_purchase_at=None), ask(Channel.SMS), AT).reason is Reason.NO_BASIS


def test_a_letter_needs_a_customer_a_notice_and_a_signed_assessment() -> None:
    """D-P1, D-P2."""
    lia = Assessment(uuid4(), date(2026, 1, 1))
    post = ask(Channel.POST)

    allowed = decide(somebody(assessment=lia), post, AT)
    assert (allowed.verdict, allowed.basis, allowed.rule_id) == (Verdict.ALLOW, LegalBasis.LEGITIMATE_INTEREST, "D-P1")
    assert decide(somebody(), post, AT).reason is Reason.LIA_MISSING
    assert decide(somebody(assessment=lia._replace(signed_on=date(2027, 1, 1))), post, AT).reason is Reason.LIA_MISSING
    assert decide(somebody(assessment=lia, is_informed=False), post, AT).reason is Reason.NOTICE_MISSING
    assert said(decide(somebody(assessment=lia, last_purchase_at=None), post, AT))[1:] == (Reason.NO_BASIS, "D-P2")


def test_a_call_needs_consent_and_a_fresh_register_check() -> None:
    """D-T6, D-T7, D-T3."""
    call = ask(Channel.PHONE_OPERATOR)
    later = RegisterCheck(uuid4(), AT - timedelta(days=1), AT - timedelta(days=200))

    assert said(decide(somebody(), call, AT)) == (Verdict.DENY, Reason.NO_CONSENT, "D-T6")
    assert said(decide(consenting(Channel.PHONE_OPERATOR), call, AT)) == (Verdict.DENY, Reason.RPO_STALE, "D-T7")
    assert decide(consenting(Channel.PHONE_OPERATOR, rpo=later), call, AT).family is Family.REVIEW


def test_purchases_are_used_only_with_profiling() -> None:
    """C-18: MKT consent only, a segment over purchases: NO_PROFILING; said no and never asked look different."""
    profiled = somebody(
        states={
            (Purpose.MKT_OWN, Channel.EMAIL): state(Standing.GRANTED),
            (Purpose.PROFILING, None): state(Standing.GRANTED),
        }
    )
    withdrawn = replace(profiled, states=dict(profiled.states) | {(Purpose.PROFILING, None): state(Standing.WITHDRAWN)})
    using = ask(uses_purchases=True)

    assert decide(profiled, using, AT).is_allowed
    never, left = decide(consenting(), using, AT), decide(withdrawn, using, AT)
    assert (never.reason, never.family) == (Reason.NO_PROFILING, Family.NOT_ASKED)
    assert (left.reason, left.family) == (Reason.NO_PROFILING, Family.SAID_NO)


def test_a_service_message_goes_even_to_whoever_said_no_unless_it_sells() -> None:
    """D-S1, D-S4, D-S6, B-26."""
    facts = somebody(states={(Purpose.MKT_OWN, Channel.EMAIL): state(Standing.OBJECTED)})

    assert decide(facts, SERVICE, AT).rule_id == "D-S1"
    assert said(decide(facts, replace(SERVICE, has_promo=True), AT))[1:] == (Reason.PROMO_IN_SERVICE, "D-S6")
    assert decide(facts, replace(SERVICE, template_class=TemplateClass.MARKETING), AT).reason is Reason.PROMO_IN_SERVICE
    assert decide(consenting(), ask(template_class=TemplateClass.SERVICE), AT).reason is Reason.TEMPLATE_MISMATCH


def test_a_no_to_our_mail_stops_surveys_by_mail_until_a_newer_yes() -> None:
    """DESIGN §5: one event blocks own marketing and research."""
    survey = ask(purpose=Purpose.MARKET_RESEARCH)
    left = state(Standing.WITHDRAWN, since=AT - timedelta(days=10))
    states: dict[StateKey, State] = {
        (Purpose.MKT_OWN, Channel.EMAIL): left,
        (Purpose.MARKET_RESEARCH, Channel.EMAIL): state(Standing.GRANTED, since=AT - timedelta(days=20)),
    }
    newer = states | {(Purpose.MARKET_RESEARCH, Channel.EMAIL): state(Standing.GRANTED, since=AT - timedelta(days=1))}

    assert decide(somebody(states=states), survey, AT).reason is Reason.WITHDRAWN
    assert decide(somebody(states=newer), survey, AT).rule_id == "D-S7"
    assert decide(somebody(), survey, AT).reason is Reason.NO_CONSENT


def test_between_14_and_17_only_ones_own_online_yes_counts_and_never_with_purchases() -> None:
    """C-17, G11."""
    online = state(Standing.GRANTED, method=Method.EMAIL_LINK, party=Party.SUBJECT)
    own = {(Purpose.MKT_OWN, Channel.EMAIL): online, (Purpose.PROFILING, None): online}
    sixteen = date(2010, 11, 1)

    assert decide(somebody(born_on=sixteen, states=own), ask(), AT).is_allowed
    assert decide(consenting(born_on=sixteen), ask(), AT).reason is Reason.MINOR
    assert decide(somebody(born_on=sixteen, states=own), ask(uses_purchases=True), AT).reason is Reason.MINOR
    assert decide(somebody(born_on=sixteen, states=own), Ask(Purpose.PROFILING, None), AT).reason is Reason.MINOR
    assert decide(consenting(is_minor_flagged=True), ask(), AT).reason is Reason.MINOR
    assert decide(consenting(born_on=date(2008, 11, 17)), ask(), AT).is_allowed
    assert decide(consenting(born_on=date(2008, 11, 18)), ask(), AT).reason is Reason.MINOR


def test_the_deceased_get_nothing_and_their_heirs_a_person() -> None:
    facts = consenting(deceased_at=GONE)

    assert decide(facts, SERVICE, AT).verdict is Verdict.DENY
    assert decide(facts, replace(SERVICE, to_heirs=True), AT).verdict is Verdict.REVIEW
    assert decide(facts, RECALL, AT).verdict is Verdict.REVIEW


def test_on_a_shared_address_the_strictest_answer_wins_and_service_is_not_shared() -> None:
    """D-11."""
    other = somebody(states={(Purpose.MKT_OWN, Channel.EMAIL): state(Standing.OBJECTED)})
    facts = consenting(contacts={Channel.EMAIL: EMAIL._replace(shared_with=(consenting(), other))})

    assert said(decide(facts, ask(), AT)) == (Verdict.DENY, Reason.OBJECTED, "D-11")
    assert decide(facts, SERVICE, AT).is_allowed


# ── hours, holidays, caps ─────────────────────────────────────────────────────────────────────────────────────────────


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


def test_an_unknown_zone_waits_until_both_ends_are_open() -> None:
    """B-30: the business in London, the recipient somewhere in Italy."""
    facts = consenting(Channel.SMS, business_zone="Europe/London")
    at = datetime(2026, 11, 17, 8, 30, tzinfo=UTC)  # 9:30 in Rome, 8:30 in London

    assert decide(facts, ask(Channel.SMS), at).until == datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
    assert decide(replace(facts, zone="Europe/Rome"), ask(Channel.SMS), at).is_allowed


def test_mail_and_letters_have_no_hours_and_service_texts_do_unless_urgent() -> None:
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


# ── the fold ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def entry(action: Action, day: int, *, proven: bool = True, party: Party = Party.STAFF) -> Entry:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day)
    return Entry(uuid4(), Purpose.MKT_OWN, Channel.EMAIL, action, moment, proven, Method.POS_PAPER, party)


def standing(*entries: Entry) -> Standing | None:
    found = fold(entries).get((Purpose.MKT_OWN, Channel.EMAIL))
    return found.standing if found else None


def test_the_moment_counts_and_not_the_order_of_arrival() -> None:
    """C-10."""
    assert standing(entry(Action.WITHDRAW, 130), entry(Action.GRANT, 62)) is Standing.WITHDRAWN
    assert standing(entry(Action.GRANT, 131), entry(Action.WITHDRAW, 130)) is Standing.GRANTED


def test_on_a_tie_the_most_restrictive_wins() -> None:
    for no, expected in ((Action.WITHDRAW, Standing.WITHDRAWN), (Action.OBJECT, Standing.OBJECTED)):
        assert standing(entry(no, 1), entry(Action.GRANT, 1)) is expected
        assert standing(entry(Action.GRANT, 1), entry(no, 1)) is expected


def test_a_no_gives_way_only_to_a_proven_yes() -> None:
    """B-52, B-06, C-16: an unproven yes, a pending one, an expiry or an import after an objection change nothing."""
    objected = entry(Action.OBJECT, 1)

    assert standing(objected, entry(Action.GRANT, 2, proven=False)) is Standing.OBJECTED
    assert standing(objected, entry(Action.GRANT_PENDING, 2)) is Standing.OBJECTED
    assert standing(objected, entry(Action.EXPIRE, 2)) is Standing.OBJECTED
    assert standing(objected, entry(Action.GRANT, 2, party=Party.IMPORT)) is Standing.OBJECTED
    assert standing(objected, entry(Action.GRANT, 2, party=Party.SUBJECT)) is Standing.GRANTED


def test_a_yes_proves_itself_by_text_and_evidence() -> None:
    """C-11, C-13, B-06, B-09."""
    assert is_proven(Action.GRANT, Method.POS_PAPER, Proof(True, 1, 0))
    assert not is_proven(Action.GRANT, Method.POS_PAPER, Proof(True, 0, 1))
    assert not is_proven(Action.GRANT, Method.POS_PAPER, Proof(False, 1, 0))
    assert not is_proven(Action.GRANT, Method.IMPORT, Proof(True, 0, 0))
    assert is_proven(Action.GRANT, Method.API, Proof(True, 0, 1))
    assert not is_proven(Action.GRANT, Method.ORAL, Proof(True, 1, 1))
    assert is_proven(Action.DENY, Method.ORAL, Proof(False, 0, 0))


def test_a_yes_on_the_web_waits_for_its_confirmation() -> None:
    """C-12."""
    assert action_to_record(Action.GRANT, Method.WEB) is Action.GRANT_PENDING
    assert action_to_record(Action.GRANT, Method.POS_TABLET) is Action.GRANT
    assert action_to_record(Action.WITHDRAW, Method.WEB) is Action.WITHDRAW


def test_what_a_minor_may_say_yes_to() -> None:
    """B-19, C-17."""
    ages = PACK.ages
    assert refuse_minor(Purpose.MKT_OWN, Method.WEB, Party.SUBJECT, age=13, ages=ages) is Reason.MINOR
    assert refuse_minor(Purpose.MKT_OWN, Method.POS_PAPER, Party.PARENT, age=13, ages=ages) is None
    assert refuse_minor(Purpose.MKT_OWN, Method.WEB, Party.SUBJECT, age=14, ages=ages) is None
    assert refuse_minor(Purpose.MKT_OWN, Method.POS_PAPER, Party.STAFF, age=14, ages=ages) is Reason.MINOR
    assert refuse_minor(Purpose.PROFILING, Method.WEB, Party.SUBJECT, age=17, ages=ages) is Reason.MINOR
    assert refuse_minor(Purpose.MKT_OWN, Method.POS_PAPER, Party.STAFF, age=None, ages=ages) is None


# ── what holds of every answer ────────────────────────────────────────────────────────────────────────────────────────


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
    assessment=st.none() | st.just(Assessment(UUID(int=2), date(2026, 1, 1))),
    sent=st.lists(st.builds(Sent, st.sampled_from([*CONTACTS]), _past), max_size=3).map(tuple),
    rpo=st.none() | st.builds(RegisterCheck, st.just(UUID(int=3)), _past, _maybe_past),
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
        assert after.verdict is (Verdict.REVIEW if question.purpose is Purpose.LEGAL_SAFETY else Verdict.DENY)


_entries = st.builds(
    entry,
    st.sampled_from(Action),
    st.integers(0, 20),
    proven=st.booleans(),
    party=st.sampled_from(Party),
)


@thorough
@given(st.lists(_entries, max_size=12))
def test_the_order_of_arrival_never_matters(entries: list[Entry]) -> None:
    assert standing(*entries) is standing(*reversed(entries)) is standing(*sorted(entries))


@thorough
@given(st.lists(_entries, max_size=12), st.integers(0, 20), st.sampled_from([Action.WITHDRAW, Action.OBJECT]))
def test_a_no_on_top_always_stands(entries: list[Entry], day: int, no: Action) -> None:
    earlier = [each for each in entries if each.occurred_at <= entry(no, day).occurred_at]

    assert standing(*earlier, entry(no, day)) in {Standing.WITHDRAWN, Standing.OBJECTED}


# ── words ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_its_words_and_its_remedy_in_both_languages(reason: Reason) -> None:
    """D-09."""
    assert family_of(reason) in Family
    for language in ("it", "en"):
        assert words.sentence_of(reason, language)
        assert words.remedy_of(reason, language)
    assert words.sentence_of(reason, "it") != words.sentence_of(reason, "en")


def test_a_sentence_names_the_day_and_the_scope() -> None:
    since = datetime(2026, 10, 9, 8, tzinfo=UTC)
    left = somebody(states={(Purpose.MKT_OWN, Channel.EMAIL): state(Standing.WITHDRAWN, since=since)})
    objected = somebody(states={(Purpose.MKT_OWN, Channel.SMS): state(Standing.OBJECTED)})

    withdrawn = words.explain(decide(left, ask(), AT), language="it", zone="Europe/Rome")
    refused = words.explain(
        decide(objected, ask(Channel.SMS), AT), language="en", zone="Europe/Rome", channel=Channel.SMS
    )

    assert withdrawn == ("Ha ritirato il consenso il 9 ottobre 2026", "Solo un suo nuovo sì, con prova")
    assert refused.sentence == "Asked not to receive offers by SMS"


def test_a_decision_has_no_field_for_a_person() -> None:
    """D-01: kept with the message for 24 months, ids only."""
    snapshot = decide(consenting(), ask(), AT).snapshot()

    assert set(snapshot) == {"verdict", "family", "reason", "rule_id", "basis", "evidence", "also", "until", "since"}
    assert {field.name for field in fields(Facts)} >= {"unavailable"}
