"""How far a text came, and what a network's code says about a number (M-10)."""

from datetime import timedelta
from enum import StrEnum


class Handling(StrEnum):
    """What was done about a text somebody sent us."""

    OBEYED = "obeyed"
    """A stop: they are not written to any more."""
    ANSWERED = "answered"
    """They asked for help and were told who we are."""
    CONSENT_ASKED = "consent_asked"
    """They want to hear from us again."""
    NOTHING = "nothing"
    OBJECTION = "objection"
    """A person read it as a no."""
    WRONG_PERSON = "wrong_person"
    """The number is somebody else's today (M-12)."""


class ReceiptStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    EXPIRED = "expired"
    """The network said nothing for three days."""


EXPIRES_AFTER = timedelta(hours=72)
DEAD_WITHIN = timedelta(days=7)
"""Two answers within this time that nobody has the number: it is dead."""

_RANK = {ReceiptStatus.QUEUED: 0, ReceiptStatus.SENT: 1}
_FINAL = 2


def follows(present: ReceiptStatus | None, told: ReceiptStatus) -> bool:
    """Tell whether news moves a text forward: what comes late or twice is ignored, and the first end is the end.

    A network that was given up on may still speak.
    """
    if present is None:
        return True
    reached = _RANK[ReceiptStatus.SENT] if present is ReceiptStatus.EXPIRED else _RANK.get(present, _FINAL)
    return _RANK.get(told, _FINAL) > reached


_TOLD = {
    "accepted": ReceiptStatus.QUEUED,
    "scheduled": ReceiptStatus.QUEUED,
    "queued": ReceiptStatus.QUEUED,
    "sending": ReceiptStatus.QUEUED,
    "sent": ReceiptStatus.SENT,
    "delivered": ReceiptStatus.DELIVERED,
    "read": ReceiptStatus.DELIVERED,
    "undelivered": ReceiptStatus.UNDELIVERED,
    "failed": ReceiptStatus.FAILED,
    "canceled": ReceiptStatus.FAILED,
}


def read_status(word: str) -> ReceiptStatus | None:
    """Return what a provider's word means, None for one we do not know."""
    return _TOLD.get(word.casefold())


UNKNOWN_SUBSCRIBER = frozenset({"30003", "30005", "30006", "21211", "21614"})
"""Unreachable, unknown, a landline, no number, no mobile: nobody reads texts there."""
STOPPED = frozenset({"21610"})
"""The person told the provider to stop, so the provider takes nothing for them any more."""
