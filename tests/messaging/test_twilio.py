"""The provider over real connections: every answer has its place, and a lost one is looked up, never asked again."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from ritorno.kit.config import Settings
from ritorno.messaging.gateway import SmsAccount, sms_account
from ritorno.messaging.mime import Letter
from ritorno.messaging.rules import Outcome
from ritorno.messaging.transports.port import Receipt
from ritorno.messaging.transports.twilio import TwilioGateway
from tests.messaging.provider import ACCOUNT, TOKEN, Answer, Provider, providing, refused

ANNA, BRUNO = "+393331234567", "+393337654321"
FIRST, SECOND = UUID(int=1), UUID(int=2)


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    async with providing() as provider:
        yield provider


def letter(
    to: str = ANNA, *, name: UUID = FIRST, sender: str = "Bottega", text: str = "Bottega: ci vediamo?"
) -> Letter:
    return Letter(name, "SMS", sender, to, "", text.encode())


async def deliver(provider: Provider, *letters: Letter, patience: float = 5.0) -> list[Receipt]:
    account = SmsAccount(ACCOUNT, TOKEN, f"http://127.0.0.1:{provider.port}")
    gateway = TwilioGateway(
        account, "https://bottega.example", timeout=httpx.Timeout(patience), look_again_after=(0.0, 0.0)
    )
    try:
        return await gateway.deliver(letters)
    finally:
        await gateway.close()


@pytest.mark.parametrize(
    ("url", "api"),
    [
        ("twilio://AC123:12345@api.twilio.com", "https://api.twilio.com"),
        ("twilio+http://AC123:12345@127.0.0.1:8099", "http://127.0.0.1:8099"),
    ],
)
def test_the_account_is_read_from_one_setting(url: str, api: str) -> None:
    assert sms_account(Settings(sms_url=url)) == SmsAccount("AC123", "12345", api)


@pytest.mark.parametrize("url", ["https://api.twilio.com", "twilio://AC123@api.twilio.com", "twilio://a:b@"])
def test_a_setting_that_names_no_account_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match="RITORNO_SMS_URL"):
        sms_account(Settings(sms_url=url))


async def test_a_text_is_taken_with_the_address_of_its_receipt(provider: Provider) -> None:
    receipts = await deliver(provider, letter())

    assert receipts == [Receipt(FIRST, Outcome.ACCEPTED, "SM1 queued, 1 × GSM-7")]
    assert provider.asked == [
        {
            "To": ANNA,
            "From": "Bottega",
            "Body": "Bottega: ci vediamo?",
            "StatusCallback": f"https://bottega.example/v1/sms/twilio/receipts/{FIRST}",
        }
    ]


async def test_a_pool_of_numbers_is_named_as_one(provider: Provider) -> None:
    pool = "MG" + "0a" * 16

    await deliver(provider, letter(sender=pool))

    assert provider.asked[0]["MessagingServiceSid"] == pool
    assert "From" not in provider.asked[0]


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (refused(429, 20429), Outcome.RETRY),
        (refused(503, 20503), Outcome.RETRY),
        (refused(400, 21211), Outcome.HARD_BOUNCE),
        (refused(400, 21614), Outcome.HARD_BOUNCE),
        (refused(400, 21610), Outcome.STOPPED),
        (refused(400, 21617), Outcome.REFUSED),
        (refused(401, 20003), Outcome.UNREACHABLE),
        (refused(400, 21606), Outcome.UNREACHABLE),
        ((200, {}), Outcome.UNKNOWN),
    ],
)
async def test_m_10_every_answer_of_the_provider_has_its_place(
    provider: Provider, answer: Answer, outcome: Outcome
) -> None:
    provider.answers[ANNA] = answer

    [receipt] = await deliver(provider, letter())

    assert receipt.outcome is outcome
    assert len(provider.asked) == 1
    assert ANNA not in receipt.detail


async def test_one_refused_number_does_not_stop_the_others(provider: Provider) -> None:
    provider.answers[ANNA] = refused(400, 21610)

    receipts = await deliver(provider, letter(), letter(BRUNO, name=SECOND))

    assert [each.outcome for each in receipts] == [Outcome.STOPPED, Outcome.ACCEPTED]


async def test_a_provider_that_is_not_there_was_handed_nothing() -> None:
    async with providing() as provider:
        pass

    receipts = await deliver(provider, letter(), letter(BRUNO, name=SECOND))

    assert [each.outcome for each in receipts] == [Outcome.UNREACHABLE, Outcome.UNREACHABLE]


async def test_m_11_a_lost_answer_is_looked_up_and_the_text_found(provider: Provider) -> None:
    provider.answers[ANNA], provider.takes_before_hanging_up = None, True

    [receipt] = await deliver(provider, letter())

    assert receipt == Receipt(FIRST, Outcome.ACCEPTED, "SM1 queued, 1 × GSM-7")
    assert provider.looks[0]["To"] == ANNA
    assert len(provider.asked) == 1


async def test_m_11_a_text_that_is_not_found_stays_in_doubt_and_is_asked_once(provider: Provider) -> None:
    provider.answers[ANNA] = None

    receipts = await deliver(provider, letter(), letter(BRUNO, name=SECOND))

    assert [each.outcome for each in receipts] == [Outcome.UNKNOWN, Outcome.ACCEPTED]
    assert [each["To"] for each in provider.asked] == [ANNA, BRUNO]
    assert len(provider.looks) == 2


async def test_m_11_a_provider_that_falls_silent_leaves_one_in_doubt_and_the_rest_untouched(provider: Provider) -> None:
    provider.never_answers, provider.look_status = True, 503

    receipts = await deliver(provider, letter(), letter(BRUNO, name=SECOND), patience=0.05)

    assert [each.outcome for each in receipts] == [Outcome.UNKNOWN, Outcome.UNREACHABLE]
    assert len(provider.asked) == 1


async def test_m_11_other_words_or_an_older_text_are_not_mistaken_for_it(provider: Provider) -> None:
    provider.take({"To": ANNA, "Body": "Altro testo"}, "SM7")
    provider.take({"To": ANNA, "Body": "Bottega: ci vediamo?"}, "SM8")
    provider.listed[0]["date_created"] = "Mon, 02 Nov 2026 10:00:00 +0000"
    provider.take({"To": ANNA, "Body": "Bottega: ci vediamo?"}, "SM9")
    provider.listed[0]["direction"] = "inbound"
    provider.answers[ANNA] = None

    [receipt] = await deliver(provider, letter())

    assert receipt.outcome is Outcome.UNKNOWN


async def test_m_11_a_failure_in_front_of_the_provider_may_hide_that_it_took_the_text(provider: Provider) -> None:
    provider.answers[ANNA] = refused(502, 0)
    provider.take({"To": ANNA, "Body": "Bottega: ci vediamo?"}, "SM9")

    [receipt] = await deliver(provider, letter())

    assert receipt.outcome is Outcome.ACCEPTED
    assert receipt.detail.startswith("SM9")


async def test_m_11_a_failure_in_front_of_the_provider_is_never_tried_again_blindly(provider: Provider) -> None:
    """It is not listed yet, and may be a moment later."""
    provider.answers[ANNA] = refused(502, 0)

    [receipt] = await deliver(provider, letter())

    assert receipt.outcome is Outcome.UNKNOWN


async def test_m_11_a_failure_that_cannot_be_looked_up_leaves_the_text_in_doubt(provider: Provider) -> None:
    provider.answers[ANNA], provider.look_status = refused(503, 0), 503

    [receipt] = await deliver(provider, letter())

    assert receipt.outcome is Outcome.UNKNOWN
