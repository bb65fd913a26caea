"""The rows of the decision table (RULES §2), one test for each, by its id."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from ritorno.consents.rules import (
    Ask,
    Assessment,
    AssessmentKind,
    Channel,
    Contract,
    Decision,
    Facts,
    Family,
    LegalBasis,
    Method,
    Party,
    Purpose,
    Readiness,
    Reason,
    RegisterCheck,
    Sent,
    ServiceKind,
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
    CONTACTS,
    EMAIL,
    LETTER,
    PACK,
    PHONE,
    READY,
    RECALL,
    SERVICE,
    SOFT,
    ask,
    checked,
    consenting,
    said,
    somebody,
    state,
)

CALL, LETTERS = ask(Channel.PHONE_OPERATOR), ask(Channel.POST)
GONE = AT - timedelta(days=1)
LIA = Assessment(uuid4(), date(2026, 1, 1))


def yes(decision: Decision) -> tuple[LegalBasis, str]:
    assert decision.verdict is Verdict.ALLOW, decision
    return decision.basis, decision.rule_id


# ── gates ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("known", [{}, READY | {Channel.EMAIL: Readiness(False, AT)}])
def test_g_1_a_channel_not_known_to_be_ready_sends_nothing_and_a_recall_goes_to_a_person(
    known: dict[Channel, Readiness],
) -> None:
    facts = consenting(readiness=known)

    assert said(decide(facts, ask(), AT)) == (Verdict.DENY, Reason.SENDER_NOT_READY, "G1")
    assert said(decide(facts, SERVICE, AT)) == (Verdict.DENY, Reason.SENDER_NOT_READY, "G1")
    assert said(decide(facts, RECALL, AT)) == (Verdict.REVIEW, Reason.SENDER_NOT_READY, "G1")


def test_g_2_who_was_erased_or_never_was_is_written_to_by_nobody() -> None:
    for facts in (somebody(exists=False), somebody(erased_at=GONE)):
        for question in (ask(), SERVICE, RECALL):
            assert said(decide(facts, question, AT))[:2] == (Verdict.DENY, Reason.ERASED)


def test_g_3_after_a_death_only_a_person_decides_what_heirs_are_written() -> None:
    facts = consenting(deceased_at=GONE)

    assert said(decide(facts, ask(), AT)) == (Verdict.DENY, Reason.DECEASED, "G3")
    assert said(decide(facts, SERVICE, AT)) == (Verdict.DENY, Reason.DECEASED, "G3")
    assert said(decide(facts, replace(SERVICE, to_heirs=True), AT)) == (Verdict.REVIEW, Reason.DECEASED, "G3")
    assert decide(facts, RECALL, AT).verdict is Verdict.REVIEW
    assert decide(facts, ask(to_heirs=True), AT).verdict is Verdict.DENY


def test_g_4_a_restricted_card_serves_only_by_consent() -> None:
    agreed = {(Purpose.SERVICE, Channel.EMAIL): state(Standing.GRANTED)}

    assert said(decide(consenting(restricted_at=GONE), ask(), AT)) == (Verdict.DENY, Reason.RESTRICTED, "G4")
    assert decide(somebody(restricted_at=GONE, states=agreed), SERVICE, AT).verdict is Verdict.ALLOW
    assert said(decide(somebody(restricted_at=GONE), RECALL, AT)) == (Verdict.REVIEW, Reason.RESTRICTED, "G4")


def test_g_6_a_dead_address_stops_every_message() -> None:
    dead = {Channel.EMAIL: EMAIL._replace(hard_bounced_at=GONE)}
    hashed = Suppression(uuid4(), SuppressionReason.HARD_BOUNCE, SuppressionScope.MARKETING, GONE)
    remembered = {Channel.EMAIL: EMAIL._replace(suppressions=(hashed,))}

    for contacts in (dead, remembered):
        for question in (ask(), SERVICE, RECALL):
            refused = decide(consenting(contacts=contacts), question, AT)
            assert said(refused) == (Verdict.DENY, Reason.HARD_BOUNCE, "G6")


def test_g_7_a_complaint_stops_offers_on_that_channel_alone() -> None:
    complained = {**CONTACTS, Channel.EMAIL: EMAIL._replace(complained_at=GONE)}
    both = {(Purpose.MKT_OWN, channel): state(Standing.GRANTED) for channel in (Channel.EMAIL, Channel.SMS)}
    facts = somebody(contacts=complained, states=both)

    assert said(decide(facts, ask(), AT)) == (Verdict.DENY, Reason.COMPLAINT, "G7")
    assert decide(facts, ask(Channel.SMS), AT).verdict is Verdict.ALLOW
    assert decide(facts, SERVICE, AT).verdict is Verdict.ALLOW


def test_g_12_d_01_who_was_never_asked_is_not_written_to() -> None:
    for channel in CONTACTS:
        for purpose in (Purpose.MKT_OWN, Purpose.MARKET_RESEARCH):
            assert decide(somebody(), ask(channel, purpose), AT).verdict is Verdict.DENY


def test_g_13_a_text_is_sent_only_as_what_it_was_written() -> None:
    for question in (ask(template_class=TemplateClass.SERVICE), replace(RECALL, has_promo=True)):
        assert said(decide(consenting(), question, AT)) == (Verdict.DENY, Reason.TEMPLATE_MISMATCH, "G13")
    sold = replace(SERVICE, template_class=TemplateClass.MARKETING)
    assert said(decide(consenting(), sold, AT)) == (Verdict.DENY, Reason.PROMO_IN_SERVICE, "D-S6")


def test_g_8_a_stop_on_everything_stops_service_and_never_a_safety_recall() -> None:
    listed = Suppression(uuid4(), SuppressionReason.MANUAL, SuppressionScope.ALL, GONE)
    facts = somebody(contacts={Channel.EMAIL: EMAIL._replace(suppressions=(listed,))})

    assert said(decide(facts, SERVICE, AT)) == (Verdict.DENY, Reason.SUPPRESSED, "G8")
    assert decide(facts, RECALL, AT).verdict is Verdict.ALLOW


def test_g_11_c_17_below_fourteen_nothing_and_until_eighteen_only_their_own_yes_online() -> None:
    online = state(Standing.GRANTED, method=Method.EMAIL_LINK, party=Party.SUBJECT)
    sure = {Channel.EMAIL: EMAIL}
    own = {(Purpose.MKT_OWN, Channel.EMAIL): online, (Purpose.PROFILING, None): online}
    paper = {(Purpose.MKT_OWN, Channel.EMAIL): state(Standing.GRANTED)}
    child, teen = date(2013, 11, 18), date(2012, 11, 17)

    assert decide(somebody(born_on=child, states=own), ask(), AT).reason is Reason.MINOR
    assert decide(somebody(born_on=teen, states=own, contacts=sure), ask(), AT).verdict is Verdict.ALLOW
    assert decide(somebody(born_on=teen, states=paper), ask(), AT).reason is Reason.MINOR
    assert decide(somebody(born_on=teen, states=own), ask(uses_purchases=True), AT).reason is Reason.MINOR
    assert decide(somebody(born_on=teen, soft_optin=SOFT), ask(), AT).reason is Reason.MINOR
    assert decide(somebody(is_minor_flagged=True, states=own), ask(), AT).reason is Reason.MINOR
    assert decide(somebody(born_on=child), SERVICE, AT).verdict is Verdict.ALLOW
    assert decide(somebody(born_on=child), RECALL, AT).verdict is Verdict.ALLOW


def test_g_14_an_energy_supplier_calls_and_texts_only_with_consent() -> None:
    """Since 19 June 2026; a soft opt-in by mail stays, and other trades are not touched."""
    directory = checked(RegisterCheck(uuid4(), GONE, None), source="directory")
    weighed = somebody(sector="energy", assessments={AssessmentKind.LIA_PHONE: LIA}, **directory)
    agreed = consenting(Channel.PHONE_OPERATOR, sector="energy", **checked(RegisterCheck(uuid4(), GONE, None)))

    assert said(decide(weighed, CALL, AT)) == (Verdict.DENY, Reason.SECTOR_RULE, "G14")
    assert decide(replace(weighed, sector=None), CALL, AT).verdict is Verdict.ALLOW
    assert decide(agreed, CALL, AT).verdict is Verdict.ALLOW
    assert decide(somebody(sector="energy", soft_optin=SOFT), ask(), AT).verdict is Verdict.ALLOW


def test_g_16_the_cap_counts_offers_and_not_what_was_asked_for() -> None:
    offers = tuple(Sent(Channel.SMS, AT - timedelta(days=6)) for _ in range(1))
    wanted = tuple(Sent(Channel.SMS, AT - timedelta(days=6), is_requested=True) for _ in range(3))

    assert decide(consenting(Channel.SMS, sent=offers), ask(Channel.SMS), AT).reason is Reason.FREQ_CAP
    assert decide(consenting(Channel.SMS, sent=wanted), ask(Channel.SMS), AT).verdict is Verdict.ALLOW


# ── mail and texts ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_d_e1_a_proven_consent_carries_mail() -> None:
    assert yes(decide(consenting(), ask(), AT)) == (LegalBasis.CONSENT, "D-E1")


def test_d_e2_a_sale_of_something_similar_carries_mail() -> None:
    assert yes(decide(somebody(soft_optin=SOFT), ask(), AT)) == (LegalBasis.SOFT_OPTIN, "D-E2")


def test_d_e3_other_goods_and_goods_of_others_do_not() -> None:
    facts = somebody(soft_optin=SOFT)

    garden = Ask(Purpose.MKT_OWN, Channel.EMAIL, similarity_group="garden")
    assert decide(facts, garden, AT).reason is Reason.NOT_SIMILAR
    assert said(decide(facts, ask(is_own_product=False), AT)) == (Verdict.DENY, Reason.NOT_OWN_PRODUCT, "D-E3")


def test_d_e4_an_enquiry_is_no_sale_in_italy_and_is_one_where_the_country_says_so() -> None:
    asked = somebody(last_purchase_at=None, purchases={}, enquiries={"hair": AT - timedelta(days=9)}, soft_optin=SOFT)
    there = replace(asked, pack=PACK._replace(counts_enquiries=True))

    assert said(decide(asked, ask(), AT)) == (Verdict.DENY, Reason.NO_SALE, "D-E4")
    assert yes(decide(there, ask(), AT)) == (LegalBasis.SOFT_OPTIN, "D-E2")
    assert decide(there, replace(ask(), similarity_group="garden"), AT).reason is Reason.NOT_SIMILAR


@pytest.mark.parametrize("source", ["bought", "scraped", "business_card", "register", "pec_register"])
def test_d_e5_an_address_the_person_never_gave_carries_nothing(source: str) -> None:
    facts = somebody(contacts={Channel.EMAIL: EMAIL._replace(source=source)}, soft_optin=SOFT)

    assert said(decide(facts, ask(), AT)) == (Verdict.DENY, Reason.NO_CONSENT, "D-E5")


def test_d_e6_a_notice_without_a_way_out_carries_nothing() -> None:
    facts = somebody(soft_optin=SOFT._replace(offers_opt_out=False))

    assert said(decide(facts, ask(), AT)) == (Verdict.DENY, Reason.NOTICE_MISSING, "D-E6")


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.WHATSAPP, Channel.PUSH, Channel.FAX])
def test_d_m1_d_m2_texts_need_the_consent_of_their_own_channel(channel: Channel) -> None:
    contacts = {**CONTACTS, channel: PHONE}

    assert yes(decide(consenting(channel, contacts=contacts), ask(channel), AT)) == (LegalBasis.CONSENT, "D-M1")
    refused = decide(somebody(contacts=contacts, soft_optin=SOFT), ask(channel), AT)
    assert said(refused) == (Verdict.DENY, Reason.SOFT_OPTIN_EMAIL_ONLY, "D-M2")


# ── telephone ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def callable_(check: RegisterCheck | None, *, channel: Channel = Channel.PHONE_OPERATOR, **known: object) -> Facts:
    return consenting(channel, **checked(check, channel), **known)


def test_d_t1_a_consent_and_a_clear_register_carry_a_call() -> None:
    assert yes(decide(callable_(RegisterCheck(uuid4(), GONE, None)), CALL, AT)) == (LegalBasis.CONSENT, "D-T1")


def test_d_t2_d_t3_the_register_revokes_what_was_said_before_and_doubts_what_was_said_after() -> None:
    listed_later = RegisterCheck(uuid4(), GONE, AT - timedelta(days=50))
    listed_before = RegisterCheck(uuid4(), GONE, AT - timedelta(days=200))

    assert said(decide(callable_(listed_later), CALL, AT)) == (Verdict.DENY, Reason.RPO_REVOKED, "D-T2")
    assert said(decide(callable_(listed_before), CALL, AT)) == (Verdict.REVIEW, Reason.RPO_LATER_CONSENT, "D-T3")


def test_d_t4_a_consent_within_a_contract_outlives_the_register_for_thirty_days() -> None:
    listed = RegisterCheck(uuid4(), GONE, AT - timedelta(days=50))
    contract = Contract(uuid4(), AT - timedelta(days=150))
    ended = contract._replace(ended_at=AT - timedelta(days=29))

    assert yes(decide(callable_(listed, contract=contract), CALL, AT)) == (LegalBasis.CONSENT, "D-T4")
    assert yes(decide(callable_(listed, contract=ended), CALL, AT)) == (LegalBasis.CONSENT, "D-T4")
    over = ended._replace(ended_at=AT - timedelta(days=30))
    younger = contract._replace(since=AT - timedelta(days=90))
    for no_longer in (over, younger):
        assert decide(callable_(listed, contract=no_longer), CALL, AT).rule_id == "D-T2"
    assert decide(callable_(listed, contract=contract), replace(CALL, is_own_product=False), AT).rule_id == "D-T2"


def test_d_t5_a_number_of_the_directory_is_weighed_by_a_person_once_and_then_by_the_signed_assessment() -> None:
    clear, listed = RegisterCheck(uuid4(), GONE, None), RegisterCheck(uuid4(), GONE, AT - timedelta(days=50))
    public = somebody(**checked(clear, source="directory"))
    signed = replace(public, assessments={AssessmentKind.LIA_PHONE: LIA})

    assert said(decide(public, CALL, AT)) == (Verdict.REVIEW, Reason.LIA_MISSING, "D-T5")
    assert yes(decide(signed, CALL, AT)) == (LegalBasis.LEGITIMATE_INTEREST, "D-T5")
    other = replace(public, assessments={AssessmentKind.LIA_POST: LIA})
    assert decide(other, CALL, AT).verdict is Verdict.REVIEW
    assert said(decide(replace(signed, **checked(listed, source="directory")), CALL, AT))[:2] == (
        Verdict.DENY,
        Reason.RPO_REVOKED,
    )
    assert decide(replace(signed, **checked(None, source="directory")), CALL, AT).reason is Reason.RPO_STALE


def test_d_t6_a_number_the_customer_gave_carries_no_call_by_itself() -> None:
    facts = somebody(assessments={AssessmentKind.LIA_PHONE: LIA}, **checked(RegisterCheck(uuid4(), GONE, None)))

    assert said(decide(facts, CALL, AT)) == (Verdict.DENY, Reason.NO_CONSENT, "D-T6")


def test_d_t7_an_answer_of_the_register_holds_to_the_fifteenth_day() -> None:
    to_the_minute = RegisterCheck(uuid4(), AT - timedelta(days=15), None)
    stale = to_the_minute._replace(checked_at=to_the_minute.checked_at - timedelta(seconds=1))

    assert decide(callable_(to_the_minute), CALL, AT).verdict is Verdict.ALLOW
    assert said(decide(callable_(stale), CALL, AT)) == (Verdict.DENY, Reason.RPO_STALE, "D-T7")
    assert said(decide(callable_(None), CALL, AT)) == (Verdict.DENY, Reason.RPO_STALE, "D-T7")


def test_d_t8_a_machine_calls_only_with_its_own_consent_and_a_clear_register() -> None:
    machine = Channel.PHONE_AUTO
    clear = RegisterCheck(uuid4(), GONE, None)
    by_operator = consenting(Channel.PHONE_OPERATOR, **checked(clear, machine))

    assert yes(decide(callable_(clear, channel=machine), ask(machine), AT)) == (LegalBasis.CONSENT, "D-T8")
    assert said(decide(by_operator, ask(machine), AT)) == (Verdict.DENY, Reason.NO_CONSENT, "D-T8")
    assert decide(callable_(None, channel=machine), ask(machine), AT).reason is Reason.RPO_STALE


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-17T20:00", "2026-11-18T09:00"),
        ("2026-11-21T09:30", "2026-11-21T10:00"),
        ("2026-11-21T19:05", "2026-11-23T09:00"),
        ("2026-12-07T19:00", "2026-12-09T09:00"),  # the eve, then the Immaculate Conception
        ("2026-10-03T19:30", "2026-10-05T09:00"),  # St Francis falls on a Sunday
    ],
)
def test_d_t9_calls_keep_the_hours_of_the_code_of_conduct(at: str, until: str) -> None:
    rome = AT.tzinfo
    moment = datetime.fromisoformat(at).replace(tzinfo=rome)
    facts = callable_(RegisterCheck(uuid4(), moment - timedelta(days=1), None))

    decision = decide(facts, CALL, moment)

    assert said(decision) == (Verdict.DEFER, Reason.QUIET_HOURS, "D-T9")
    assert decision.until == datetime.fromisoformat(until).replace(tzinfo=rome)


def test_d_t10_a_consent_to_calls_in_france_lasts_a_year() -> None:
    french = PACK._replace(phone_consent_months=12, rpo_days=None)
    known = {"pack": french, "contacts": CONTACTS}
    old = somebody(
        states={(Purpose.MKT_OWN, Channel.PHONE_OPERATOR): state(Standing.GRANTED, since=AT - timedelta(days=366))},
        **known,
    )

    assert decide(consenting(Channel.PHONE_OPERATOR, **known), CALL, AT).verdict is Verdict.ALLOW
    assert said(decide(old, CALL, AT)) == (Verdict.DENY, Reason.CONSENT_EXPIRED_FR, "D-T10")
    assert said(decide(somebody(**known), CALL, AT)) == (Verdict.DENY, Reason.CONSENT_EXPIRED_FR, "D-T10")


# ── letters ───────────────────────────────────────────────────────────────────────────────────────────────────────────

SIGNED = {AssessmentKind.LIA_POST: LIA}


def test_d_p1_d_p2_a_letter_goes_to_informed_customers_under_a_signed_assessment() -> None:
    assert yes(decide(somebody(assessments=SIGNED), LETTERS, AT)) == (LegalBasis.LEGITIMATE_INTEREST, "D-P1")
    assert said(decide(somebody(), LETTERS, AT)) == (Verdict.DENY, Reason.LIA_MISSING, "D-P1")
    assert decide(somebody(assessments=SIGNED, is_informed=False), LETTERS, AT).reason is Reason.NOTICE_MISSING
    prospect = somebody(assessments=SIGNED, last_purchase_at=None)
    assert said(decide(prospect, LETTERS, AT)) == (Verdict.DENY, Reason.NO_BASIS, "D-P2")
    bought = somebody(assessments=SIGNED, contacts={Channel.POST: LETTER._replace(source="bought")})
    assert said(decide(bought, LETTERS, AT)) == (Verdict.DENY, Reason.NO_BASIS, "D-P2")


def test_d_p3_an_address_of_the_directory_needs_a_clear_postal_register() -> None:
    def addressed(check: RegisterCheck | None) -> Facts:
        return somebody(assessments=SIGNED, **checked(check, Channel.POST, source="directory"))

    fresh = RegisterCheck(uuid4(), AT - timedelta(days=30), None)
    stale = fresh._replace(checked_at=AT - timedelta(days=31))
    listed = fresh._replace(first_listed_at=AT - timedelta(days=90))

    assert yes(decide(addressed(fresh), LETTERS, AT)) == (LegalBasis.LEGITIMATE_INTEREST, "D-P3")
    for check in (None, stale, listed):
        assert said(decide(addressed(check), LETTERS, AT)) == (Verdict.DENY, Reason.RPO_POST, "D-P3")
    assert decide(replace(addressed(fresh), assessments={}), LETTERS, AT).reason is Reason.LIA_MISSING


def test_d_p4_mail_that_came_back_is_not_sent_again() -> None:
    facts = somebody(assessments=SIGNED, contacts={Channel.POST: LETTER._replace(invalid_at=GONE)})

    assert said(decide(facts, LETTERS, AT)) == (Verdict.DENY, Reason.BAD_CONTACT_POINT, "D-P4")


# ── third parties ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_d_r1_c_19_data_go_only_to_the_third_party_that_was_named() -> None:
    named, another = uuid4(), uuid4()
    agreed = somebody(third_party={named: state(Standing.GRANTED)})

    def to(recipient: object) -> Ask:
        return Ask(Purpose.THIRD_PARTY, None, recipient=recipient)  # type: ignore[arg-type]

    assert yes(decide(agreed, to(named), AT)) == (LegalBasis.CONSENT, "D-R1")
    assert said(decide(agreed, to(another), AT)) == (Verdict.DENY, Reason.NO_THIRD_PARTY, "D-R1")
    assert decide(agreed, to(None), AT).reason is Reason.NO_THIRD_PARTY
    # A yes to whomever we like is no yes (C-05), and a no to all of them closes every door.
    to_all = somebody(states={(Purpose.THIRD_PARTY, None): state(Standing.GRANTED)})
    assert decide(to_all, to(named), AT).reason is Reason.NO_THIRD_PARTY
    closed = replace(agreed, states={(Purpose.THIRD_PARTY, None): state(Standing.WITHDRAWN, since=GONE)})
    assert decide(closed, to(named), AT).reason is Reason.WITHDRAWN
    left = somebody(third_party={named: state(Standing.WITHDRAWN)})
    assert (decide(left, to(named), AT).reason, decide(left, to(named), AT).family) == (
        Reason.WITHDRAWN,
        Family.SAID_NO,
    )


# ── service ───────────────────────────────────────────────────────────────────────────────────────────────────────────

NO_TO_ALL = {(Purpose.MKT_OWN, channel): state(Standing.OBJECTED) for channel in Channel}


def service(kind: ServiceKind, **more: object) -> Ask:
    return Ask(Purpose.SERVICE, Channel.EMAIL, TemplateClass.SERVICE, service_kind=kind, **more)  # type: ignore[arg-type]


def test_d_s1_d_s4_d_s5_what_is_owed_is_written_even_to_whoever_objected() -> None:
    facts = somebody(states=NO_TO_ALL)

    assert yes(decide(facts, service(ServiceKind.ORDER), AT)) == (LegalBasis.CONTRACT, "D-S1")
    assert yes(decide(facts, service(ServiceKind.AFTER_SALES), AT)) == (LegalBasis.CONTRACT, "D-S4")
    assert yes(decide(facts, Ask(Purpose.LOYALTY, Channel.EMAIL), AT)) == (LegalBasis.CONTRACT, "D-S5")


def test_d_s2_what_somebody_asked_for_is_written_a_few_times_and_then_no_more() -> None:
    wanted = service(ServiceKind.REQUESTED)
    sent = tuple(Sent(Channel.EMAIL, AT - timedelta(days=days), is_requested=True) for days in (1, 8, 20))

    assert yes(decide(somebody(states=NO_TO_ALL), wanted, AT)) == (LegalBasis.PRECONTRACT, "D-S2")
    assert said(decide(somebody(sent=sent), wanted, AT)) == (Verdict.DENY, Reason.FREQ_CAP, "D-S2")
    assert decide(somebody(sent=sent[1:]), wanted, AT).verdict is Verdict.ALLOW


def test_d_s3_a_safety_recall_ignores_the_clock_and_the_cap() -> None:
    night = AT.replace(hour=3)
    sent = tuple(Sent(Channel.SMS, AT - timedelta(days=1)) for _ in range(9))
    facts = somebody(states=NO_TO_ALL, sent=sent)

    for channel in CONTACTS:
        recall = Ask(Purpose.LEGAL_SAFETY, channel)
        assert yes(decide(facts, recall, night)) == (LegalBasis.LEGAL_OBLIGATION, "D-S3")


def test_d_s6_a_service_text_that_sells_is_refused() -> None:
    assert said(decide(consenting(), service(ServiceKind.ORDER, has_promo=True), AT)) == (
        Verdict.DENY,
        Reason.PROMO_IN_SERVICE,
        "D-S6",
    )


def test_d_s7_a_survey_is_research_whatever_it_calls_itself() -> None:
    survey = Ask(Purpose.SERVICE, Channel.EMAIL, service_kind=ServiceKind.SURVEY)
    agreed = consenting(purpose=Purpose.MARKET_RESEARCH)

    assert said(decide(somebody(), survey, AT)) == (Verdict.DENY, Reason.NO_CONSENT, "D-S7")
    assert yes(decide(agreed, survey, AT)) == (LegalBasis.CONSENT, "D-S7")
    assert decide(agreed, service(ServiceKind.SURVEY), AT).reason is Reason.TEMPLATE_MISMATCH


def test_d_s8_a_wish_a_cart_and_a_win_back_are_marketing_and_the_last_two_profile() -> None:
    for kind in (ServiceKind.WISH, ServiceKind.CART, ServiceKind.WIN_BACK):
        question = Ask(Purpose.SERVICE, Channel.EMAIL, similarity_group="hair", service_kind=kind)
        assert question.purpose is Purpose.MKT_OWN
        assert decide(somebody(states=NO_TO_ALL), question, AT).reason is Reason.OBJECTED
        expected = None if kind is ServiceKind.WISH else Reason.NO_PROFILING
        assert decide(consenting(), question, AT).reason is expected


def test_d_s9_an_answer_about_ones_own_data_passes_every_gate_but_the_address() -> None:
    answer = service(ServiceKind.RIGHTS)
    listed = Suppression(uuid4(), SuppressionReason.MANUAL, SuppressionScope.ALL, GONE)
    facts = somebody(
        restricted_at=GONE, states=NO_TO_ALL, contacts={Channel.EMAIL: EMAIL._replace(suppressions=(listed,))}
    )

    assert yes(decide(facts, answer, AT)) == (LegalBasis.LEGAL_OBLIGATION, "D-S9")
    assert decide(somebody(contacts={}), answer, AT).rule_id == "G5"
    dead = {Channel.EMAIL: EMAIL._replace(hard_bounced_at=GONE)}
    assert decide(somebody(contacts=dead), answer, AT).rule_id == "G6"


def test_d_s9_calling_an_offer_a_right_opens_nothing() -> None:
    offer = Ask(Purpose.MKT_OWN, Channel.EMAIL, similarity_group="hair", service_kind=ServiceKind.RIGHTS)

    assert offer.service_kind is None
    assert decide(somebody(states=NO_TO_ALL, restricted_at=GONE), offer, AT).verdict is Verdict.DENY


# ── shared addresses ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_d_11_on_a_shared_address_the_strictest_answer_holds_for_offers_and_none_for_service() -> None:
    restricted = somebody(restricted_at=GONE)
    capped = consenting(sent=tuple(Sent(Channel.EMAIL, AT - timedelta(days=days)) for days in (2, 6)))
    of_two = consenting(contacts={Channel.EMAIL: EMAIL._replace(shared_with=(capped,))})
    of_three = consenting(contacts={Channel.EMAIL: EMAIL._replace(shared_with=(capped, restricted))})

    assert said(decide(of_two, ask(), AT)) == (Verdict.DEFER, Reason.FREQ_CAP, "D-11")
    assert said(decide(of_three, ask(), AT)) == (Verdict.DENY, Reason.RESTRICTED, "D-11")
    assert decide(of_three, SERVICE, AT).verdict is Verdict.ALLOW


def test_d_s1_a_code_that_proves_an_address_is_urgent_and_goes_to_nobody_dead_or_frozen() -> None:
    code = Ask(Purpose.SERVICE, Channel.SMS, TemplateClass.SERVICE, service_kind=ServiceKind.CODE)
    night = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)

    assert yes(decide(somebody(), code, night)) == (LegalBasis.CONTRACT, "D-S1")
    assert decide(somebody(deceased_at=AT), code, night).reason is Reason.DECEASED
    assert decide(somebody(restricted_at=AT), code, night).reason is Reason.RESTRICTED
