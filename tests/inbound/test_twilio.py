"""Only the provider may call, and what it says twice happens once (M-09, B-39)."""

import hashlib

import orjson
import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.models import Reply
from ritorno.inbound.text_models import InboundText
from ritorno.inbound.twilio import signature_of
from ritorno.kit.config import Settings
from tests.factories.customers import make_customer
from tests.inbound.calling import ANNA, INBOUND, OURS, SITE, TOKEN, call, text, with_provider


@pytest.fixture
async def phone(app: FastAPI, anonymous: AsyncClient, session: AsyncSession, settings: Settings) -> AsyncClient:
    app.state.settings = with_provider(settings)
    await make_customer(session, phone=ANNA)
    await session.commit()
    return anonymous


async def heard(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(InboundText)) or 0


def test_m_09_the_signature_is_the_one_the_provider_publishes() -> None:
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }

    made = signature_of("12345", "https://mycompany.com/myapp.php?foo=1&bar=2", fields.items())

    assert made == "RSOYDt4T1cUTdK1PDd93/VVr8B8="


async def test_m_09_a_signed_call_is_heard_and_answered_with_silence(phone: AsyncClient, session: AsyncSession) -> None:
    answer = await text(phone, "Grazie, a domani!")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8")
    assert answer.text.endswith("<Response></Response>")
    assert await heard(session) == 1


async def test_m_09_b_39_another_key_another_body_or_no_signature_does_nothing(
    phone: AsyncClient, session: AsyncSession
) -> None:
    fields = {"MessageSid": "SM1", "From": ANNA, "To": OURS, "Body": "STOP"}
    genuine = signature_of(TOKEN, SITE + INBOUND, fields.items())

    answers = [
        await call(phone, INBOUND, fields, token="54321"),
        await phone.post(INBOUND, data={**fields, "Body": "START"}, headers={"X-Twilio-Signature": genuine}),
        await phone.post(INBOUND, data=fields),
        await phone.post(INBOUND, data=fields, headers={b"X-Twilio-Signature": b"\xe8"}),
    ]

    assert [(each.status_code, each.json()["code"]) for each in answers] == [(403, "bad-signature")] * 4
    assert await heard(session) == 0


async def test_m_09_the_address_is_the_one_we_are_known_by_and_not_the_callers_host(
    phone: AsyncClient, session: AsyncSession
) -> None:
    fields = {"MessageSid": "SM1", "From": ANNA, "To": OURS, "Body": "ciao"}
    forged = signature_of(TOKEN, f"http://evil.example{INBOUND}", fields.items())
    genuine = signature_of(TOKEN, SITE + INBOUND, fields.items())

    answers = [
        await phone.post(INBOUND, data=fields, headers={"Host": "evil.example", "X-Twilio-Signature": each})
        for each in (forged, genuine)
    ]

    assert [each.status_code for each in answers] == [403, 200]


async def test_m_09_of_a_json_body_the_digest_is_checked_too(phone: AsyncClient, session: AsyncSession) -> None:
    body = orjson.dumps({"MessageSid": "SM1", "From": ANNA, "To": OURS, "Body": "ciao"})
    path = f"{INBOUND}?bodySHA256={hashlib.sha256(body).hexdigest()}"
    headers = {"X-Twilio-Signature": signature_of(TOKEN, SITE + path, []), "Content-Type": "application/json"}

    forged = await phone.post(path, content=body.replace(b"ciao", b"STOP"), headers=headers)
    genuine = await phone.post(path, content=body, headers=headers)

    assert (forged.status_code, genuine.status_code) == (403, 200)
    assert list(await session.scalars(select(InboundText.text))) == ["ciao"]


async def test_m_09_without_an_account_nobody_is_believed(
    app: FastAPI, anonymous: AsyncClient, settings: Settings
) -> None:
    assert (await text(anonymous, "STOP")).status_code == 403


async def test_b_39_the_same_text_told_twice_is_one_text(phone: AsyncClient, session: AsyncSession) -> None:
    answers = [await text(phone, "STOP"), await text(phone, "STOP")]

    assert [each.status_code for each in answers] == [200, 200]
    assert await heard(session) == 1
    assert await session.scalar(select(func.count()).select_from(Reply)) == 1
