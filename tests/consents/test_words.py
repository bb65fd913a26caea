"""The gate in words: every reason has a sentence and a remedy, in both languages."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from ritorno.consents import words
from ritorno.consents.rules import (
    Channel,
    Decision,
    Facts,
    Family,
    LegalBasis,
    Level,
    Purpose,
    Reason,
    Standing,
    Verdict,
    decide,
    family_of,
)
from tests.factories.gate import (
    AT,
    EMAIL,
    LETTER,
    RECALL,
    ask,
    consenting,
    somebody,
    state,
)


@pytest.mark.parametrize("reason", list(Reason))
def test_d_09_every_reason_has_its_words_and_its_remedy_in_both_languages(reason: Reason) -> None:
    """D-09."""
    assert family_of(reason) in Family
    for language in ("it", "en"):
        assert words.sentence_of(reason, language)
        assert words.remedy_of(reason, language)
    assert words.sentence_of(reason, "it") != words.sentence_of(reason, "en")


@pytest.mark.parametrize("basis", [each for each in LegalBasis if each not in (LegalBasis.NONE, LegalBasis.VITAL)])
def test_d_09_every_basis_that_may_carry_a_contact_is_told_in_both_languages(basis: LegalBasis) -> None:
    yes = Decision(Verdict.ALLOW, Family.ALLOWED, None, "G12", basis)

    italian, english = (words.explain(yes, language=each, zone="Europe/Rome").sentence for each in ("it", "en"))
    assert italian != english
    assert (basis is LegalBasis.CONTRACT) == (english == "It is a service notice")


def test_d_09_a_remedy_is_the_one_that_works_for_this_question() -> None:
    gone = {Channel.EMAIL: EMAIL._replace(hard_bounced_at=AT)}
    returned = {Channel.POST: LETTER._replace(invalid_at=AT)}

    recall = words.explain(
        decide(somebody(contacts=gone), RECALL, AT), language="en", zone="Europe/Rome", purpose=Purpose.LEGAL_SAFETY
    )
    letter = words.explain(
        decide(somebody(contacts=returned), ask(Channel.POST), AT), language="en", zone="Europe/Rome"
    )

    assert recall.remedy == "Try another contact or another channel"
    assert letter == ("Their mail came back", "Ask for a new address")


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


def test_an_address_that_is_only_unproven_is_not_called_wrong() -> None:
    """C-13: BAD_CONTACT_POINT for want of certainty has its own sentence."""
    unproven = {Channel.EMAIL: EMAIL._replace(level=Level.UNVERIFIED)}

    told = words.explain(decide(consenting(contacts=unproven), ask(), AT), language="en", zone="Europe/Rome")

    assert told == ("Not yet certain that the contact is theirs", "Verify the contact with the person")


def test_d_01_a_decision_has_no_field_for_a_person() -> None:
    """D-01: kept with the message for 24 months, ids only."""
    snapshot = decide(consenting(), ask(), AT).snapshot()

    assert set(snapshot) == {"verdict", "family", "reason", "rule_id", "basis", "evidence", "also", "until", "since"}
    assert {field.name for field in fields(Facts)} >= {"unavailable"}
