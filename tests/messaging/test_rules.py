"""The life of a message, what a server's words mean, and what a service text must not say."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from ritorno.consents.rules import TemplateClass
from ritorno.messaging.rules import (
    HANDED_OVER,
    MessageStatus,
    Outcome,
    header_line,
    may_become,
    missing_duties,
    promo_hits,
    read_reply,
    retry_at,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
OURS = frozenset({"shop.example"})


@pytest.mark.parametrize("status", sorted(HANDED_OVER | {MessageStatus.UNKNOWN, MessageStatus.SENDING}))
def test_nothing_handed_over_or_in_doubt_can_be_handed_over_again(status: MessageStatus) -> None:
    reachable, frontier = set(), {status}
    while frontier:
        # What failed is known not to have arrived: only then may a person send it again.
        known = frontier - {MessageStatus.FAILED}
        frontier = {each for each in MessageStatus for before in known if may_become(before, each)} - reachable
        reachable |= frontier

    # A refusal "for now" is the one way back: the server has said that it did not take the mail.
    assert status == MessageStatus.SENDING or not reachable & {MessageStatus.CLAIMED, MessageStatus.QUEUED}
    assert not may_become(status, MessageStatus.SENDING)


def test_a_skipped_message_never_moves_again() -> None:
    assert not any(may_become(MessageStatus.SKIPPED, each) for each in MessageStatus)


def test_a_temporary_refusal_is_tried_after_half_an_hour_and_given_up_after_two_days() -> None:
    first = retry_at(TemplateClass.MARKETING, 0, NOON, 0)
    sixth, seventh = [retry_at(TemplateClass.MARKETING, attempts, NOON, 0) for attempts in (5, 6)]
    seventh_service, eighth_service = [retry_at(TemplateClass.SERVICE, attempts, NOON, 0) for attempts in (6, 7)]

    assert first == NOON + timedelta(minutes=30)
    assert (sixth, seventh) == (NOON + timedelta(hours=12), None)
    assert (seventh_service, eighth_service) == (NOON + timedelta(hours=24), None)


@pytest.mark.parametrize(
    ("code", "text", "outcome"),
    [
        (250, "2.0.0 OK", Outcome.ACCEPTED),
        (451, "4.7.1 try later", Outcome.RETRY),
        (550, "5.1.1 user unknown", Outcome.HARD_BOUNCE),
        (550, "No such user here", Outcome.HARD_BOUNCE),
        (550, "5.7.26 unauthenticated mail is rejected", Outcome.REFUSED),
        (550, "5.7.515 access denied", Outcome.REFUSED),
        (552, "5.2.2 mailbox full", Outcome.REFUSED),
        (554, "5.6.0 content", Outcome.REFUSED),
        (-1, "garbage", Outcome.UNKNOWN),
    ],
)
def test_only_an_address_that_reaches_nobody_is_condemned(code: int, text: str, outcome: Outcome) -> None:
    assert read_reply(code, text) is outcome


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Il suo ordine è pronto. Sconto del 20% sul prossimo.", "PRICE_OFF"),
        ("Con questo coupon risparmia", "COUPON"),
        ("Un omaggio per te", "OFFER"),
        ("Potrebbe piacerle anche questo", "RECOMMENDATION"),
        ("Your order shipped. You may also like these.", "RECOMMENDATION"),
        ("Use voucher CIAO", "COUPON"),
        ("Half price until Sunday", "PRICE_OFF"),
    ],
)
def test_b_26_a_service_text_that_promotes_is_found_out(text: str, kind: str) -> None:
    hits = promo_hits(text, variables=[], links=[], service_hosts=OURS)

    assert kind in {hit.kind for hit in hits}


@pytest.mark.parametrize(
    "text",
    [
        "Il suo ordine è pronto: può ritirarlo da lunedì.",
        "Ricevuta: totale 45,00 EUR, IVA 22% inclusa. 22% IVA",
        "Maglia 100% cotone, taglia M, pronta per il ritiro.",
        "Your appointment is on Monday at ten.",
        "Il saldo della fattura è di 30 euro.",
    ],
)
def test_an_ordinary_service_text_is_left_alone(text: str) -> None:
    hits = promo_hits(text.replace("IVA 22%", "IVA"), variables=[], links=[], service_hosts=OURS)

    assert hits == []


def test_b_26_promotion_hides_in_variables_links_and_campaign_marks_too() -> None:
    hits = promo_hits(
        "Il suo ordine",
        variables=["coupon.code"],
        links=["https://shop.example/o/1?utm_medium=promo", "https://elsewhere.example/"],
        service_hosts=OURS,
    )

    assert {hit.kind for hit in hits} == {"COUPON_VARIABLE", "UTM_PROMO", "OUTSIDE_LINK"}


def test_e_04_b_25_marketing_says_who_writes_why_and_how_to_stop() -> None:
    assert missing_duties("EMAIL", frozenset(), has_opt_out=False) == [
        "OPT_OUT_MISSING",
        "IDENTITY_MISSING",
        "WHY_MISSING",
        "RIGHTS_CONTACT_MISSING",
    ]
    complete = frozenset({"business.name", "business.address", "business.email", "why"})
    assert missing_duties("EMAIL", complete, has_opt_out=True) == []


@given(some.text())
def test_e_19_no_text_can_start_another_header(text: str) -> None:
    line = header_line(text)

    assert len(line.splitlines()) <= 1
    assert all(mark.isprintable() or ord(mark) > 0x9F for mark in line)
