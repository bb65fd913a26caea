"""Is this call really Twilio's (M-09)? Its signature covers the address we are known by and all that was sent."""

import hashlib
import hmac
import re
from base64 import b64encode
from collections.abc import Iterable
from urllib.parse import parse_qsl

import orjson
from fastapi import Request

from ritorno.inbound.text_errors import BadSignature
from ritorno.kit.config import Settings
from ritorno.messaging.gateway import sms_account

Pairs = list[tuple[str, str]]


def signature_of(token: str, url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return HMAC-SHA1 over the address and the fields in the order of their names, as the header carries it."""
    said = url + "".join(name + value for name, value in sorted(set(pairs)))
    return b64encode(hmac.digest(token.encode(), said.encode(), "sha1")).decode()


async def read_signed(request: Request, settings: Settings) -> dict[str, str]:
    """Return the fields of a call that Twilio signed; BadSignature for any other, before anything is done."""
    account = sms_account(settings)
    if account is None:
        raise BadSignature()
    # The Host header is the caller's to choose; the address we gave the provider is not.
    query = request.url.query
    url = settings.public_url.rstrip("/") + request.url.path + (f"?{query}" if query else "")
    body = await request.body()
    is_json = request.headers.get("content-type", "").partition(";")[0].strip() == "application/json"
    pairs = [] if is_json else parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
    given = request.headers.get("x-twilio-signature", "")
    expected = signature_of(account.token, url, pairs)
    is_genuine = hmac.compare_digest(expected.encode(), given.encode())
    if is_json:
        told = request.query_params.get("bodySHA256", "")
        is_genuine &= hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), told.lower().encode())
    if not is_genuine:
        raise BadSignature()
    return _fields(body) if is_json else dict(pairs)


def _fields(body: bytes) -> dict[str, str]:
    try:
        told = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    return {name: str(value) for name, value in told.items() if value is not None} if isinstance(told, dict) else {}


_SID = re.compile(r"[A-Za-z0-9]{2,64}")


def is_sid(value: str) -> bool:
    """Tell whether this can be the provider's name of a text."""
    return _SID.fullmatch(value) is not None
