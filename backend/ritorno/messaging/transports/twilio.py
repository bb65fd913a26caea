"""Texts over Twilio, or a gateway that speaks as it does.

The provider knows no key of ours that would make a second call harmless. So whenever an answer is lost, the text is
looked for among those it has taken, by number, words and time, before anything else is said of it; what is neither
found nor refused stays in doubt and is never handed over again (M-11). Our own reference travels in the address of
the receipt, so a text in doubt is settled by the first receipt that comes.
"""

import asyncio
import re
import ssl
from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any

import httpx

from ritorno.kit import clock
from ritorno.messaging.gateway import SmsAccount
from ritorno.messaging.mime import Letter
from ritorno.messaging.rules import Outcome
from ritorno.messaging.sms import count_parts
from ritorno.messaging.transports.port import Receipt, not_begun

TIMEOUT = httpx.Timeout(20.0, connect=10.0)
LOOK_AGAIN_AFTER = (0.0, 2.0)
"""Seconds before each look: a text may be listed a moment after it was taken."""
SKEW = timedelta(minutes=1)

_NO_SUCH_NUMBER = frozenset({21211, 21214, 21217, 21614})
_STOPPED = frozenset({21610})
_ACCOUNT = frozenset({20003, 20005, 20404, 21603, 21606, 21609, 21659, 21660, 21701, 21703, 30002})
"""The account, its number or our own address is refused: that says nothing about this text."""
_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")


@lru_cache(maxsize=1)
def _trusted() -> ssl.SSLContext:
    """Return who may vouch for the provider; reading the list takes longer than sending a text, so it is read once."""
    return ssl.create_default_context()


class TwilioGateway:
    """One line to the provider, kept open between groups."""

    def __init__(
        self,
        account: SmsAccount,
        public_url: str,
        *,
        timeout: httpx.Timeout = TIMEOUT,
        look_again_after: Sequence[float] = LOOK_AGAIN_AFTER,
    ) -> None:
        self._account = account
        self._public_url = public_url.rstrip("/")
        self._look_again_after = look_again_after
        self._http = httpx.AsyncClient(
            base_url=account.api,
            auth=(account.sid, account.token),
            timeout=timeout,
            trust_env=False,
            verify=_trusted(),
        )

    async def deliver(self, letters: Sequence[Letter], *, until: datetime | None = None) -> list[Receipt]:
        """Hand the texts over one by one; when the provider cannot be spoken to, the rest is untouched."""
        receipts: list[Receipt] = []
        for letter in letters:
            if until is not None and clock.now() > until:
                break
            receipt, is_lost = await self._hand_over(letter)
            receipts.append(receipt)
            if is_lost:
                break
        return receipts + not_begun(letters[len(receipts) :])

    async def close(self) -> None:
        await self._http.aclose()

    async def _hand_over(self, letter: Letter) -> tuple[Receipt, bool]:
        """Return the receipt, and whether the line is lost for those that follow."""
        began = clock.now()
        text = letter.raw.decode()
        try:
            answer = await self._http.post(self._texts, data=self._form(letter, text))
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as failure:
            return Receipt(letter.message_id, Outcome.UNREACHABLE, type(failure).__name__), True
        except httpx.HTTPError as failure:
            found = await self._look_up(letter.to, text, began)
            if isinstance(found, str):
                return self._accepted(letter, text, found), False
            # It may still be on its way in: not being listed is no proof that it will not leave.
            return Receipt(letter.message_id, Outcome.UNKNOWN, type(failure).__name__), found is None
        return await self._read(letter, text, began, answer)

    @property
    def _texts(self) -> str:
        return f"/2010-04-01/Accounts/{self._account.sid}/Messages.json"

    def _form(self, letter: Letter, text: str) -> dict[str, str]:
        sender = "MessagingServiceSid" if _SERVICE.fullmatch(letter.sender) else "From"
        callback = f"{self._public_url}/v1/sms/twilio/receipts/{letter.message_id}"
        return {"To": letter.to, sender: letter.sender, "Body": text, "StatusCallback": callback}

    async def _read(self, letter: Letter, text: str, began: datetime, answer: httpx.Response) -> tuple[Receipt, bool]:
        told = _json(answer)
        code = _code_of(told)
        words = f"{answer.status_code} {code or ''}".strip()
        if answer.is_success and told.get("sid"):
            return self._accepted(letter, text, f"{told['sid']} {told.get('status') or ''}".strip()), False
        if answer.is_server_error or answer.is_success:
            # What stands in front of the provider may have failed after the text was taken.
            found = await self._look_up(letter.to, text, began)
            if isinstance(found, str):
                return self._accepted(letter, text, found), False
            # Only the provider's own words say that it did not take it; whoever stands in front of it cannot know.
            was_refused = code != 0 and found is not None
            return Receipt(letter.message_id, Outcome.RETRY if was_refused else Outcome.UNKNOWN, words), found is None
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            return Receipt(letter.message_id, Outcome.RETRY, words), True
        if code in _ACCOUNT or (code == 0 and answer.status_code in {401, 403, 404}):
            return Receipt(letter.message_id, Outcome.UNREACHABLE, words), True
        return Receipt(letter.message_id, _refusal(code), words), False

    def _accepted(self, letter: Letter, text: str, told: str) -> Receipt:
        parts = count_parts(text)
        return Receipt(letter.message_id, Outcome.ACCEPTED, f"{told}, {parts.number} × {parts.alphabet}")

    async def _look_up(self, number: str, text: str, since: datetime) -> str | bool | None:
        """Return the provider's name of a text it has taken, False if it lists none, None if it does not say."""
        said: bool | None = None
        for pause in self._look_again_after:
            await asyncio.sleep(pause)
            try:
                answer = await self._http.get(self._texts, params={"To": number, "PageSize": "50"})
            except httpx.HTTPError:
                said = None
                continue
            if not answer.is_success:
                said = None
                continue
            said = False
            for each in _json(answer).get("messages") or []:
                if isinstance(each, dict) and _is_same(each, number, text, since):
                    return f"{each['sid']} {each.get('status') or ''}".strip()
        return said


def _refusal(code: int) -> Outcome:
    if code in _NO_SUCH_NUMBER:
        return Outcome.HARD_BOUNCE
    return Outcome.STOPPED if code in _STOPPED else Outcome.REFUSED


def _is_same(listed: dict[str, Any], number: str, text: str, since: datetime) -> bool:
    if listed.get("to") != number or not str(listed.get("direction") or "outbound").startswith("outbound"):
        return False
    if " ".join(str(listed.get("body")).split()) != " ".join(text.split()):
        return False
    try:
        made = parsedate_to_datetime(str(listed.get("date_created")))
    except ValueError:
        return False
    return made.tzinfo is not None and made >= since - SKEW and bool(listed.get("sid"))


def _code_of(told: dict[str, Any]) -> int:
    code = told.get("code")
    return code if isinstance(code, int) else 0


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        told = answer.json()
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}
