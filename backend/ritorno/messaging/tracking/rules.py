"""Who is measured, and which traffic is a machine's (E-20…E-23)."""

from datetime import datetime, timedelta
from enum import StrEnum
from re import IGNORECASE
from re import compile as pattern
from typing import NamedTuple

from ritorno.consents.rules import Ask, Channel, Facts, Purpose, decide


class EventKind(StrEnum):
    OPEN = "open"
    CLICK = "click"


class Measures(NamedTuple):
    """What may be measured of one message."""

    opens: bool = False
    clicks: bool = False


NOTHING = Measures()

_OPEN, _CLICK = Ask(Purpose.TRACK_OPEN, None), Ask(Purpose.TRACK_CLICK, None)
_ASKS = {EventKind.OPEN: _OPEN, EventKind.CLICK: _CLICK}


def measures_of(facts: Facts, at: datetime) -> Measures:
    """Return what this person lets us measure of a mail; on a shared address only what everybody on it does."""
    if _OPEN.key not in facts.states and _CLICK.key not in facts.states:
        return NOTHING
    return Measures(allows(facts, EventKind.OPEN, at), allows(facts, EventKind.CLICK, at))


def allows(facts: Facts, kind: EventKind, at: datetime) -> bool:
    """Put the question to the gate, for the person and for everybody who reads the same mailbox."""
    mailbox = facts.contacts.get(Channel.EMAIL)
    readers = (facts, *mailbox.shared_with) if mailbox is not None else (facts,)
    return all(decide(reader, _ASKS[kind], at).is_allowed for reader in readers)


TOO_SOON = timedelta(seconds=2)
"""Nobody reads a mail this soon after it left; what looks at it is on its way there."""
BURST = timedelta(seconds=10)
"""Whoever follows every link of a mail within it is looking for danger, not for a coffee machine."""

_SCANNERS = pattern(
    r"barracuda|proofpoint|mimecast|symantec|messagelabs|forcepoint|trendmicro|sophos|fireeye|cloudmark|ironport"
    r"|safelinks|defender|scanner|sandbox|linkcheck|urlcheck|preview|\bbot\b|bot/|crawler|spider|headless|phantomjs"
    r"|python|curl|wget|go-http-client|java/|okhttp|libwww",
    IGNORECASE,
)
_APPLE_PROXY = "mozilla/5.0"
"""All that Apple's mail proxy says of itself: it fetches every picture of every mail, read or not."""


def is_machine(method: str, user_agent: str, sent_at: datetime | None, at: datetime) -> bool:
    """Tell whether a request was made by no person, as far as it shows by itself (E-23)."""
    return (
        method != "GET"
        or sent_at is None
        or at - sent_at < TOO_SOON
        or user_agent.strip().lower() in {"", _APPLE_PROXY}
        or _SCANNERS.search(user_agent) is not None
    )
