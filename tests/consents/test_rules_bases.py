"""Which basis carries a contact, and how strictly a shared address, an age or a service text is judged."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest

from ritorno.consents.rules import (
    ANY_GROUP,
    Ask,
    Assessment,
    AssessmentKind,
    Channel,
    Family,
    LegalBasis,
    Method,
    Party,
    Purpose,
    Reason,
    RegisterCheck,
    Standing,
    State,
    StateKey,
    TemplateClass,
    Verdict,
    decide,
)
from tests.factories.gate import (
    AT,
    EMAIL,
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
    lia = {AssessmentKind.LIA_POST: Assessment(uuid4(), date(2026, 1, 1))}
    unsigned = {AssessmentKind.LIA_POST: Assessment(uuid4(), date(2027, 1, 1))}
    post = ask(Channel.POST)

    allowed = decide(somebody(assessments=lia), post, AT)
    assert (allowed.verdict, allowed.basis, allowed.rule_id) == (Verdict.ALLOW, LegalBasis.LEGITIMATE_INTEREST, "D-P1")
    assert decide(somebody(), post, AT).reason is Reason.LIA_MISSING
    assert decide(somebody(assessments=unsigned), post, AT).reason is Reason.LIA_MISSING
    assert decide(somebody(assessments=lia, is_informed=False), post, AT).reason is Reason.NOTICE_MISSING
    assert said(decide(somebody(assessments=lia, last_purchase_at=None), post, AT))[1:] == (Reason.NO_BASIS, "D-P2")


def test_a_call_needs_consent_and_a_fresh_register_check() -> None:
    """D-T6, D-T7, D-T3."""
    call = ask(Channel.PHONE_OPERATOR)
    later = RegisterCheck(uuid4(), AT - timedelta(days=1), AT - timedelta(days=200))

    assert said(decide(somebody(), call, AT)) == (Verdict.DENY, Reason.NO_CONSENT, "D-T6")
    assert said(decide(consenting(Channel.PHONE_OPERATOR), call, AT)) == (Verdict.DENY, Reason.RPO_STALE, "D-T7")
    assert decide(consenting(Channel.PHONE_OPERATOR, **checked(later)), call, AT).family is Family.REVIEW


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
    facts = consenting(deceased_at=AT - timedelta(days=1))

    assert decide(facts, SERVICE, AT).verdict is Verdict.DENY
    assert decide(facts, replace(SERVICE, to_heirs=True), AT).verdict is Verdict.REVIEW
    assert decide(facts, RECALL, AT).verdict is Verdict.REVIEW


def test_on_a_shared_address_the_strictest_answer_wins_and_service_is_not_shared() -> None:
    """D-11."""
    other = somebody(states={(Purpose.MKT_OWN, Channel.EMAIL): state(Standing.OBJECTED)})
    facts = consenting(contacts={Channel.EMAIL: EMAIL._replace(shared_with=(consenting(), other))})

    assert said(decide(facts, ask(), AT)) == (Verdict.DENY, Reason.OBJECTED, "D-11")
    assert decide(facts, SERVICE, AT).is_allowed
