"""What servers report: that a mail failed and why (RFC 3464, and the many ways before it), or that somebody complained
(RFC 5965).
"""

import re
from dataclasses import dataclass
from email.message import Message

from ritorno.inbound.phrases import without_returned
from ritorno.kit.schemas import clean_text
from ritorno.messaging.refusals import ENHANCED, Blame, blame_of_reply

Parts = list["Message[str, str]"]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a mail did not arrive."""

    status: str | None
    diagnostic: str
    blame: Blame


_FAILED = re.compile(r"^action:[ \t]*failed", re.IGNORECASE | re.MULTILINE)
_ACTION = re.compile(r"^action:", re.IGNORECASE | re.MULTILINE)
_FIELD = r"^{name}:[ \t]*(.{{0,2000}}(?:\n[ \t].{{0,2000}}){{0,50}})"
_STATUS = re.compile(_FIELD.format(name="status"), re.IGNORECASE | re.MULTILINE)
_DIAGNOSTIC = re.compile(_FIELD.format(name="diagnostic-code"), re.IGNORECASE | re.MULTILINE)


def delivery_failure(parts: Parts) -> Failure | None:
    """Return why the first recipient failed; None of a report that none did, or not yet."""
    told = [block for part in parts if "delivery-status" in part.get_content_type() for block in _blocks(part)]
    failed = [block for block in told if _FAILED.search(block)]
    failed = failed or [block for block in told if not _ACTION.search(block) and _STATUS.search(block)]
    if not failed:
        return None
    status, diagnostic = (found[1] if (found := field.search(failed[0])) else "" for field in (_STATUS, _DIAGNOSTIC))
    return _failure(status, diagnostic)


def _blocks(part: "Message[str, str]") -> list[str]:
    """Return the groups of fields of a report, one a recipient; some servers send them as text or encoded."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [
            "\n".join([*(f"{name}: {value}" for name, value in each.items()), "", *_inner(each)])
            for each in payload
            if isinstance(each, Message)
        ]
    content = part.get_payload(decode=True)
    text = content.decode("utf-8", "replace") if isinstance(content, bytes) else ""
    return re.split(r"\n\s*\n", text.replace("\r\n", "\n"))


def _inner(block: "Message[str, str]") -> list[str]:
    """Return further groups inside one, as `message/global-delivery-status` is read by the parser."""
    payload = block.get_payload()
    return [payload] if isinstance(payload, str) else []


def text_failure(text: str) -> Failure:
    """Return why a mail failed, from the words of a server that reports in words alone."""
    said = without_returned(text)[:20_000]
    line = next((line for line in said.splitlines() if _CODE.search(line) or ENHANCED.search(line)), "")
    start = said.find(line) if line else 0
    return _failure("", said[start : start + 1000])


_CODE = re.compile(r"(?<![\d.])[45]\d\d[ -]")
_ADDRESS = re.compile(r"[^\s<>]{1,100}@[^\s<>]{1,255}")


def _failure(status: str, diagnostic: str) -> Failure:
    told = [*ENHANCED.finditer(status), *ENHANCED.finditer(diagnostic)]
    found = next((each for each in told if each[2] != "0"), None) or next(iter(told), None)
    words = _ADDRESS.sub("…", clean_text(diagnostic.encode("utf-8", "replace").decode()))
    return Failure(found[0] if found else None, " ".join(words.split())[:300], blame_of_reply(diagnostic, status))


_NEEDED = ("Feedback-Type", "User-Agent", "Version")


def complaint_type(message: "Message[str, str]", parts: Parts) -> str | None:
    """Return the kind of feedback a mail reports; None where it is no such report, or one without its fields (E-14)."""
    if message.get_content_type() != "multipart/report":
        return None
    for part in parts:
        payload = part.get_payload()
        if part.get_content_type() != "message/feedback-report" or not isinstance(payload, list):
            continue
        fields = payload[0]
        if isinstance(fields, Message) and all(name in fields for name in _NEEDED):
            return str(fields["Feedback-Type"]).strip().lower()
    return None
