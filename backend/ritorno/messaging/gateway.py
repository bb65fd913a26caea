"""The account texts leave by, as `RITORNO_SMS_URL` names it; empty means that none do."""

from typing import NamedTuple
from urllib.parse import unquote, urlsplit

from ritorno.kit.config import Settings

_SCHEMES = {"twilio": "https", "twilio+http": "http"}


class SmsAccount(NamedTuple):
    """An account at Twilio, or at a gateway that speaks as Twilio does."""

    sid: str
    token: str
    api: str
    """Where it is spoken to: `https://api.twilio.com`."""


def sms_account(settings: Settings) -> SmsAccount | None:
    """Return the account of `twilio://ACCOUNT:TOKEN@api.twilio.com`, or of `twilio+http://…` without TLS."""
    url = settings.sms_url.get_secret_value()
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in _SCHEMES or not parts.username or not parts.password or not parts.hostname:
        raise ValueError("RITORNO_SMS_URL must read twilio://ACCOUNT:TOKEN@HOST")
    host = parts.netloc.rpartition("@")[2]
    return SmsAccount(unquote(parts.username), unquote(parts.password), f"{_SCHEMES[parts.scheme]}://{host}")
