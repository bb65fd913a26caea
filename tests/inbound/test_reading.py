"""What a mail says of itself, in the shapes servers and people give it; and no mail is too strange to be read."""

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ritorno.inbound import reading
from ritorno.inbound.attributing import attribute
from ritorno.inbound.phrases import own_words
from ritorno.inbound.rules import MailKind
from ritorno.kit.config import Settings
from ritorno.messaging.envelopes import envelope_sender
from ritorno.messaging.refusals import Blame
from tests.inbound.samples import NAMES, SHOP, about, sample

MESSAGE = UUID("01920000-0000-7000-8000-00000000abcd")
SHOP_SETTINGS = Settings(secret_key="k" * 20, bounce_address=SHOP, public_url="https://bottega.example")  # type: ignore[arg-type]
FORGED = "bounces+" + "a" * 42 + "@bottega.example"


@pytest.mark.parametrize(
    ("name", "blame", "status"),
    [
        ("postfix_unknown", Blame.HARD, "5.1.1"),
        ("outlook_rejected", Blame.HARD, "5.1.10"),
        ("exim_words", Blame.HARD, None),
        ("postfix_no_domain", Blame.SOFT, "5.4.4"),
        ("gmail_full", Blame.SOFT, "5.2.2"),
        ("qmail_words", Blame.SOFT, "5.2.2"),
        ("words_without_code", Blame.SOFT, None),
        ("gmail_unauthenticated", Blame.OURS, "5.7.26"),
    ],
)
def test_e_11_b_34_a_bounce_is_read_in_every_shape_with_its_code_and_whose_fault_it_is(
    name: str, blame: Blame, status: str | None
) -> None:
    mail = reading.read(sample(name))

    assert mail.kind is MailKind.BOUNCE
    assert mail.failure is not None
    assert (mail.failure.blame, mail.failure.status) == (blame, status)
    assert "@" not in mail.failure.diagnostic


def test_e_11_a_server_that_goes_on_trying_reports_no_failure() -> None:
    assert reading.read(sample("postfix_delayed")).kind is MailKind.NOTICE
    late = sample("exim_words").replace(b"Mail delivery failed: returning", b"Warning: message delayed 24 hours: not")

    assert reading.read(late).kind is MailKind.NOTICE


@pytest.mark.parametrize("name", ["absence_it", "absence_outlook", "absence_precedence"])
def test_b_35_an_absence_is_no_reply_whatever_it_says(name: str) -> None:
    assert reading.read(sample(name)).kind is MailKind.AUTO_REPLY


@pytest.mark.parametrize("change", [
    (b"Subject: R: La aspettiamo", b"Subject: Re: In ferie con il 20% di sconto"),
    (b"Subject: R: La aspettiamo", b"Subject: In ferie con il 20% di sconto"),
    (b"Message-ID", b"X-Auto-Response-Suppress: All\r\nMessage-ID"),
    (b"Message-ID", b"Precedence: bulk\r\nMessage-ID"),
], ids=["answered", "fresh", "exchange", "bulk"])  # fmt: skip
def test_b_36_what_only_looks_like_an_absence_is_a_reply_once_it_asks_for_something(
    change: tuple[bytes, bytes],
) -> None:
    assert reading.read(sample("reply_stop").replace(*change)).kind is MailKind.REPLY


def test_b_36_an_answer_about_holidays_is_no_absence() -> None:
    asked = sample("reply_question").replace(b"Subject: Re: ", b"Subject: Re: In ferie: ")

    assert reading.read(asked).kind is MailKind.REPLY


def test_b_35_an_absence_is_one_by_its_subject_alone() -> None:
    away = sample("reply_question").replace(b"Subject: Re: ", b"Subject: Fuori ufficio: ")

    assert reading.read(away).kind is MailKind.AUTO_REPLY


def test_b_36_a_subject_that_nobody_can_decode_spoils_no_mail() -> None:
    odd = sample("reply_stop").replace(b"Subject: R: La aspettiamo", b"Subject: =?utf-8?b?A?=")

    assert reading.read(odd).kind is MailKind.REPLY


def test_b_35_a_mail_from_nobody_is_no_reply() -> None:
    silent = sample("reply_stop").replace(b"Return-Path: <anna@altrove.example>", b"Return-Path: <>")

    assert reading.read(silent).kind is MailKind.AUTO_REPLY


@pytest.mark.parametrize(("name", "words"), [
    ("reply_stop", "Non scrivetemi più, grazie"),
    ("reply_question", "Siete aperti domenica?"),
    ("stranger", "Ho cambiato indirizzo, mi cancellate dalla lista?"),
])  # fmt: skip
def test_b_36_a_reply_is_what_somebody_wrote_above_the_mail_they_answer(name: str, words: str) -> None:
    mail = reading.read(sample(name))

    assert mail.kind is MailKind.REPLY
    assert own_words(mail.text) == words


def test_b_36_words_in_a_page_are_words_too() -> None:
    html = sample("reply_stop").replace(b"text/plain", b"text/html").replace(b"grazie\r\n", b"grazie<blockquote>Ciao")

    assert own_words(reading.read(html).text) == "Non scrivetemi più, grazie"


def test_a_mail_that_names_our_message_is_a_guess_and_no_proof() -> None:
    mail = reading.read(sample("stranger"))

    assert mail.answers == (UUID("0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee"),)
    assert attribute(SHOP_SETTINGS, mail, None) == (MailKind.UNATTRIBUTED, None)


# ── whose it is ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("name", "kind"), [
    ("postfix_unknown", MailKind.BOUNCE), ("exim_words", MailKind.BOUNCE), ("qmail_words", MailKind.BOUNCE),
    ("postfix_delayed", MailKind.NOTICE), ("absence_it", MailKind.AUTO_REPLY), ("reply_stop", MailKind.REPLY),
    ("unsubscribe", MailKind.UNSUBSCRIBE), ("arf_abuse", MailKind.COMPLAINT),
    ("arf_headers_only", MailKind.COMPLAINT), ("arf_not_spam", MailKind.NOTICE),
])  # fmt: skip
def test_e_10_e_14_a_mail_is_about_the_message_whose_token_it_carries(name: str, kind: MailKind) -> None:
    mail = reading.read(about(name, SHOP_SETTINGS, MESSAGE))

    assert attribute(SHOP_SETTINGS, mail, None) == (kind, MESSAGE)


def test_e_10_the_recipient_of_the_envelope_counts_where_headers_lost_it() -> None:
    mail = reading.read(sample("postfix_unknown", TOKEN="elsewhere@bottega.example"))
    told = envelope_sender(SHOP_SETTINGS, MESSAGE, "")

    assert attribute(SHOP_SETTINGS, mail, None).kind is MailKind.UNATTRIBUTED
    assert attribute(SHOP_SETTINGS, mail, f"<{told.upper()}>") == (MailKind.BOUNCE, MESSAGE)


def test_e_01_an_unsubscription_counts_whoever_sends_it() -> None:
    raw = about("unsubscribe", SHOP_SETTINGS, MESSAGE).replace(b"anna@altrove", b"postmaster@altrove")

    assert attribute(SHOP_SETTINGS, reading.read(raw), None) == (MailKind.UNSUBSCRIBE, MESSAGE)


@pytest.mark.parametrize("mark", ["RETURNPATH", "LINK", "MAILTO"])
def test_e_14_any_token_of_ours_in_the_returned_headers_is_enough(mark: str) -> None:
    genuine = about("arf_abuse", SHOP_SETTINGS, MESSAGE).decode().splitlines()
    bare = sample("arf_abuse", RETURNPATH="x@y.example", LINK="https://y.example", MAILTO="z@y.example")
    line = {"RETURNPATH": "Return-Path: <b", "LINK": "List-Unsub", "MAILTO": "List-Unsub"}[mark]
    header = next(each for each in genuine if each.startswith(line))
    only = bare.replace(b"Return-Path: <x@y.example>", header.encode())

    assert attribute(SHOP_SETTINGS, reading.read(only), None) == (MailKind.COMPLAINT, MESSAGE)


def test_e_14_a_report_without_its_fields_is_no_complaint() -> None:
    mail = reading.read(about("arf_without_version", SHOP_SETTINGS, MESSAGE))

    assert mail.kind is not MailKind.COMPLAINT


@pytest.mark.parametrize("name", ["postfix_unknown", "exim_words", "arf_abuse", "arf_headers_only"])
def test_b_32_a_report_with_a_token_that_is_not_ours_is_forged(name: str) -> None:
    link = "https://bottega.example/u/v1.k1.AAAA.BBBBBBBBBBBBBBBBBBBBBBBB"
    mail = reading.read(sample(name, TOKEN=FORGED, RETURNPATH=FORGED, MAILTO=FORGED, LINK=link))

    assert attribute(SHOP_SETTINGS, mail, None) == (MailKind.FORGED, None)


def test_b_32_a_token_of_another_installation_is_forged() -> None:
    other = SHOP_SETTINGS.model_copy(update={"secret_key": type(SHOP_SETTINGS.secret_key)("another" * 4)})
    mail = reading.read(about("postfix_unknown", other, MESSAGE))

    assert attribute(SHOP_SETTINGS, mail, None) == (MailKind.FORGED, None)


def test_b_36_words_are_never_thrown_away_for_a_bad_token() -> None:
    mail = reading.read(sample("reply_stop", TOKEN=FORGED))

    assert attribute(SHOP_SETTINGS, mail, None).kind is MailKind.UNATTRIBUTED


# ── whatever anybody sends ────────────────────────────────────────────────────────────────────────────────────────────


def test_the_same_mail_is_the_same_whichever_way_it_came() -> None:
    mail = about("postfix_unknown", SHOP_SETTINGS, MESSAGE)
    relayed = b"Received: from somewhere\r\nX-Spam: no\r\n" + mail.replace(b"Delivered-To", b"X-Original-To")
    on_disk = relayed.replace(b"\r\n", b"\n") + b"\n"

    assert reading.read(on_disk).digest == reading.read(mail).digest
    assert reading.read(sample("qmail_words")).digest != reading.read(mail).digest


HOSTILE = {
    "nothing": b"",
    "no headers": b"hello\r\n\r\nworld",
    "only nul": b"\x00" * 5000,
    "nul in every place": b"From: a\x00@b\r\nSubject: x\x00y\r\n\r\nbo\x00dy",
    "unknown charsets": b"Subject: =?klingon?b?4pyT?=\r\nContent-Type: text/plain; charset=klingon\r\n\r\n\xff\xfe",
    "broken charset parameter": b"Content-Type: text/plain; charset*=utf-99''%ff%fe\r\nA: b\r\n\r\nx",
    "nested parts": b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number) for number in range(3000)
    ),
    "mails in mails": b"Content-Type: message/rfc822\r\n\r\n" * 20_000,
    "a bomb of headers": b"X-A: b\r\n" * 120_000 + b"\r\n",
    "one endless header": b"To: " + b"(" * 900_000 + b"\r\n\r\nx",
    "endless address": b"To: " + b"a" * 900_000 + b"\r\n\r\nx",
    "many recipients": b"To: " + b"a@b, " * 180_000 + b"\r\n\r\nx",
    "many lines in parts": b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\n\r\n' + b"\n" * 900_000,
    "an endless quote": b"A: b\r\n\r\n" + b"On " + b"a " * 400_000,
    "an endless page": b"Content-Type: text/html\r\n\r\n" + b"<p" * 400_000,
    "far in the future": b"Date: Fri, 31 Dec 99999 23:59:59 +9999\r\n\r\nx",
    "a code in a million": b"From: mailer-daemon@x\r\n\r\n" + b"5.1.1.1 " * 120_000,
    "half a character": b"Subject: x\r\n\r\n" + b"\xed\xa0\x80",
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_no_mail_is_too_strange_to_be_read(name: str) -> None:
    mail = reading.read(HOSTILE[name])

    own_words(mail.text)
    attribute(SHOP_SETTINGS, mail, None)
    for kept in (mail.sender, mail.subject, mail.text, mail.failure.diagnostic if mail.failure else ""):
        assert "\x00" not in kept
        kept.encode()


@given(st.binary(max_size=3000))
@settings(max_examples=150, deadline=None)
def test_bytes_of_any_kind_are_read(raw: bytes) -> None:
    attribute(SHOP_SETTINGS, reading.read(raw), None)


@given(st.sampled_from(NAMES), st.data())
@settings(max_examples=200, deadline=None)
def test_a_mail_spoiled_on_its_way_is_read(name: str, data: st.DataObject) -> None:
    raw = bytearray(about(name, SHOP_SETTINGS, MESSAGE))
    for _ in range(data.draw(st.integers(1, 5))):
        place = data.draw(st.integers(0, len(raw) - 1))
        length = data.draw(st.integers(0, 300))
        raw[place : place + length] = data.draw(st.binary(max_size=30))
        raw = raw or bytearray(b"\n")

    mail = reading.read(bytes(raw))

    assert attribute(SHOP_SETTINGS, mail, None).message_id in {None, MESSAGE}
