"""Whose fault a refusal is, from what a mail server says at once or days later (E-11, B-33, B-34)."""

from collections.abc import Collection
from datetime import date, timedelta
from enum import StrEnum
from re import IGNORECASE
from re import compile as pattern


class Blame(StrEnum):
    HARD = "hard"
    """This address reaches nobody."""
    SOFT = "soft"
    """Not now: full, busy, unreachable."""
    OURS = "ours"
    """Policy, size or content: the address is not to blame (B-33)."""


ENHANCED = pattern(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\d|\.\d)")
"""An enhanced status code (RFC 3463), and no address of a server."""
_HARD = frozenset({(1, 0), (1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1)})
_OURS = frozenset({6, 7})
"""Subjects: content, and policy or authentication."""
_USER_UNKNOWN = pattern(
    r"user unknown|unknown (?:user|recipient|mailbox|address)|no such (?:user|recipient|mailbox|person|address)|"
    r"(?:user|recipient|mailbox|address|account) (?:was )?not found|no mailbox here|"
    r"mailbox (?:unavailable|does not exist|is disabled)|not our customer|"
    r"(?:address|account|recipient|user|mailbox)(?: you tried to reach)? (?:does not|doesn['’]t) exist|"
    r"invalid (?:recipient|mailbox|address)|recipient (?:address )?rejected: (?:user|access denied)|"
    r"(?:utente|destinatario|casella) (?:sconosciut[oa]|inesistente)",
    IGNORECASE,
)
_UNKNOWN_CODES = frozenset({550, 551, 553})


def blame(code: int | None, status: str | None, text: str) -> Blame:
    """Return whose fault a refusal is: the enhanced code decides, and without one only a reply that says in words that
    nobody is there (x.0.0 says nothing; 5.4.4 is soft by itself: it takes two, a day apart).
    """
    told = (*ENHANCED.finditer(status or ""), *ENHANCED.finditer(text))
    found = next((each for each in told if each[2] != "0"), None)
    if found is None:
        return Blame.HARD if code in _UNKNOWN_CODES and _USER_UNKNOWN.search(text) else Blame.SOFT
    kind, subject, detail = (int(part) for part in found.groups())
    if kind == 4:
        return Blame.SOFT
    if (subject, detail) in _HARD:
        return Blame.HARD
    return Blame.OURS if subject in _OURS or (subject, detail) == (3, 4) else Blame.SOFT


_REPLY_CODE = pattern(r"(?<![\d.])([45]\d\d)(?=[ -])")


def blame_of_reply(reply: str, status: str | None = None) -> Blame:
    """Return whose fault a refusal is, from a server's whole reply; the first number like a code is its code."""
    code = _REPLY_CODE.search(reply)
    return blame(int(code[1]) if code else None, status, reply)


# ── patience (E-12, E-13) ─────────────────────────────────────────────────────────────────────────────────────────────

REVISES_WITHIN = timedelta(days=5)
"""How long after delivery a bounce still means that the message did not arrive."""
PATIENCE = timedelta(days=30)
REST = timedelta(days=180)
_SOFT_BOUNCES, _SOFT_DAYS = 5, 3

NO_SUCH_DOMAIN = "5.4.4"
ASK_AGAIN = timedelta(hours=24)
"""A domain that nobody finds twice, a day apart, does not exist (E-11)."""


def is_worn_out(days: Collection[date]) -> bool:
    """Tell whether an address failed softly too often; `days` has one entry for each failure of the last 30 days."""
    return len(days) >= _SOFT_BOUNCES and len(set(days)) >= _SOFT_DAYS
