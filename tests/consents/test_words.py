"""The gate in words: every reason has a sentence and a remedy, in both languages."""

from dataclasses import fields
from datetime import UTC, datetime

import pytest

from ritorno.consents import words
from ritorno.consents.rules import (
    Channel,
    Facts,
    Family,
    Level,
    Purpose,
    Reason,
    Standing,
    decide,
    family_of,
)
from tests.factories.gate import (
    AT,
    EMAIL,
    ask,
    consenting,
    somebody,
    state,
)


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


def test_an_address_that_is_only_unproven_is_not_called_wrong() -> None:
    """C-13: BAD_CONTACT_POINT for want of certainty has its own sentence."""
    unproven = {Channel.EMAIL: EMAIL._replace(level=Level.UNVERIFIED)}

    told = words.explain(decide(consenting(contacts=unproven), ask(), AT), language="en", zone="Europe/Rome")

    assert told == ("Not yet certain that the contact is theirs", "Verify the contact with the person")


def test_a_decision_has_no_field_for_a_person() -> None:
    """D-01: kept with the message for 24 months, ids only."""
    snapshot = decide(consenting(), ask(), AT).snapshot()

    assert set(snapshot) == {"verdict", "family", "reason", "rule_id", "basis", "evidence", "also", "until", "since"}
    assert {field.name for field in fields(Facts)} >= {"unavailable"}
