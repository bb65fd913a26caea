"""E-01, E-07: a mail that arrives carries a signature that holds, over everything a mail program acts upon."""

from datetime import UTC, datetime
from uuid import uuid4

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from dkim.util import parse_tag_value

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.db import unit_of_work
from ritorno.messaging import queries, service, signing
from ritorno.messaging.dispatch import Dispatch
from ritorno.messaging.mime import Letter
from ritorno.messaging.models import SenderKey
from ritorno.messaging.schemas import SigningKeyCreate
from ritorno.messaging.signing import Signer, UnfitKey, make_pair, read_pair, record_name, record_value
from tests.conftest import Sessions
from tests.factories.consents import STAFF
from tests.factories.messaging import make_business, make_plan, make_template
from tests.messaging.crowd import Sink, listening, make_crowd

AT = datetime(2026, 3, 1, 10, tzinfo=UTC)


def make_key(settings: Settings) -> SenderKey:
    pair = make_pair()
    return SenderKey(
        domain="bottega.example",
        selector="uno",
        private_key=signing.seal(settings, pair),
        public_key=pair.public,
    )


def verifies(raw: bytes, key: SenderKey) -> bool:
    """Ask dkimpy, which knows nothing of how we sign, with the record as the DNS would give it."""
    published = {f"{record_name(key)}.": record_value(key)}
    return bool(dkim.verify(raw, dnsfunc=lambda name, timeout=5: published.get(name.decode(), "").encode()))


def signed_names(raw: bytes) -> list[str]:
    headers, _ = dkim.rfc822_parse(raw)
    value = next(value for name, value in headers if name == b"DKIM-Signature")
    return parse_tag_value(value)[b"h"].decode().replace(" ", "").replace("\r\n", "").split(":")


async def make_signed(sessions: Sessions, settings: Settings, template_class: TemplateClass) -> SenderKey:
    """Plan one mail of a stream whose key is active."""
    async with unit_of_work(sessions) as session:
        await make_business(session)
        template = await make_template(session, settings, template_class=template_class)
        await make_plan(session, template, await make_crowd(session, 1), touch_id=uuid4())
        sender = await queries.find_sender(session, Channel.EMAIL, template_class)
        assert sender is not None
        key = await service.make_signing_key(session, sender, SigningKeyCreate(), settings=settings, actor=STAFF)
        key.active_since = clock.now()
    return key


async def test_e_01_a_delivered_mail_is_signed_and_names_both_unsubscribe_headers(
    clean_sessions: Sessions, clean_settings: Settings
) -> None:
    """RFC 8058 §3.1: without a signature over both, the one-click address may not be trusted."""
    sink = Sink()
    async with listening(sink) as url:
        settings = clean_settings.model_copy(update={"smtp_url": type(clean_settings.smtp_url)(url)})
        key = await make_signed(clean_sessions, settings, TemplateClass.MARKETING)
        assert await Dispatch(settings, clean_sessions).run() == 1

    raw = sink.raw[0]
    assert raw.startswith(b"DKIM-Signature:")
    assert verifies(raw, key)
    assert not verifies(raw.replace(b"List-Unsubscribe=One-Click", b"List-Unsubscribe=Two-Clicks"), key)
    assert {"list-unsubscribe", "list-unsubscribe-post"} <= set(signed_names(raw))
    assert {"from", "to", "subject", "date", "message-id", "reply-to", "mime-version", "content-type"} <= set(
        signed_names(raw)
    )


def a_letter(raw: bytes, *, channel: str = "EMAIL") -> Letter:
    fields = {"message_id": uuid4(), "channel": channel, "sender": "", "to": "", "subject": "", "raw": raw}
    return Letter(**fields)  # type: ignore[arg-type]


MAIL = b"From: Bottega <ciao@bottega.example>\r\nTo: anna@example.it\r\nSubject: Ciao\r\n\r\nCiao  Anna\r\n\r\n"


async def test_e_01_only_the_address_of_the_key_is_signed_for(settings: Settings) -> None:
    key = make_key(settings)
    signer = Signer(settings, {"ciao@bottega.example": key})
    other = MAIL.replace(b"ciao@bottega", b"altri@bottega")

    ours, theirs, text = await signer.sign([a_letter(MAIL), a_letter(other), a_letter(MAIL, channel="SMS")], at=AT)

    assert verifies(ours.raw, key)
    assert (theirs.raw, text.raw) == (other, MAIL)
    assert (await Signer(settings, {"ciao@altrove.example": key}).sign([a_letter(MAIL)], at=AT))[0].raw == MAIL


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b"Subject: Ciao", b"Subject: Addio"),
        (b"Ciao  Anna", b"Ciao Anna"),
        (b"To: anna@", b"Reply-To: evil@example.it\r\nTo: anna@"),
        (b"To: anna@", b"From: evil@example.it\r\nTo: anna@"),
        (b"To: anna@", b"List-Unsubscribe: <https://evil.example>\r\nTo: anna@"),
    ],
    ids=["subject", "body", "reply-to added", "second from", "unsubscribe added"],
)
async def test_e_01_nothing_that_is_acted_upon_can_be_changed_or_added(
    settings: Settings, was: bytes, becomes: bytes
) -> None:
    key = make_key(settings)
    letter = (await Signer(settings, {"ciao@bottega.example": key}).sign([a_letter(MAIL)], at=AT))[0]
    head, _, rest = letter.raw.partition(b"From: ")

    assert was in b"From: " + rest
    assert not verifies(head + (b"From: " + rest).replace(was, becomes), key)


async def test_a_line_of_the_signature_is_never_too_long(settings: Settings) -> None:
    key = make_key(settings)
    letter = (await Signer(settings, {"ciao@bottega.example": key}).sign([a_letter(MAIL)], at=AT))[0]

    assert max(len(line) for line in letter.raw.split(b"\r\n")) <= 78


def test_e_07_a_key_is_rsa_and_long_enough() -> None:

    def pem(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> str:
        return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    good = make_pair()
    assert read_pair(good.private_pem) == good
    for unfit in (
        pem(rsa.generate_private_key(public_exponent=65537, key_size=1024)),
        pem(ed25519.Ed25519PrivateKey.generate()),
        "nothing",
    ):
        with pytest.raises(UnfitKey):
            read_pair(unfit)
