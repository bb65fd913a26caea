"""Calling our webhooks as the provider does."""

from collections.abc import Mapping
from urllib.parse import urlencode

from httpx import AsyncClient, Response
from pydantic import SecretStr

from ritorno.inbound.twilio import signature_of
from ritorno.kit.config import Settings

TOKEN = "12345"
OURS, ANNA = "+393399999999", "+393331234567"
SITE = "http://testserver"
INBOUND = "/v1/sms/twilio/inbound"


def with_provider(settings: Settings) -> Settings:
    return settings.model_copy(update={"sms_url": SecretStr(f"twilio://AC123:{TOKEN}@api.twilio.com")})


async def call(client: AsyncClient, path: str, fields: Mapping[str, str], *, token: str = TOKEN) -> Response:
    """Post a form that carries its signature."""
    signature = signature_of(token, SITE + path, fields.items())
    headers = {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    return await client.post(path, content=urlencode(fields), headers=headers)


async def text(client: AsyncClient, words: str, *, sid: str = "SM1", number: str = ANNA, **more: str) -> Response:
    """Let somebody text us."""
    return await call(client, INBOUND, {"MessageSid": sid, "From": number, "To": OURS, "Body": words, **more})


async def receipt(client: AsyncClient, message_id: object, status: str, code: str = "") -> Response:
    """Let the network tell how far a text came."""
    fields = {"MessageSid": "SM9", "MessageStatus": status, **({"ErrorCode": code} if code else {})}
    return await call(client, f"/v1/sms/twilio/receipts/{message_id}", fields)
