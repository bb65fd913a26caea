"""Pure arithmetic of pace: who takes a mail in, when they ask us to slow down, how fast we may go, and how many a young
domain writes in a day.
"""

from datetime import date, datetime, timedelta
from re import compile as pattern
from typing import NamedTuple

# ── receivers (E-17) ──────────────────────────────────────────────────────────────────────────────────────────────────

_GROUPS: dict[str, tuple[str, ...]] = {
    "google": ("gmail.com", "googlemail.com"),
    "microsoft": (
        *("outlook.com", "outlook.it", "outlook.fr", "outlook.de", "outlook.es"),
        *("hotmail.com", "hotmail.it", "hotmail.fr", "hotmail.de", "hotmail.es", "hotmail.co.uk"),
        *("live.com", "live.it", "live.fr", "live.co.uk", "msn.com"),
    ),
    "yahoo": (
        *("yahoo.com", "yahoo.it", "yahoo.fr", "yahoo.de", "yahoo.es", "yahoo.co.uk", "ymail.com", "rocketmail.com"),
        *("aol.com", "aol.it", "aim.com", "myyahoo.com"),
    ),
    "libero": ("libero.it", "inwind.it", "iol.it", "blu.it", "giallo.it", "virgilio.it"),
    "tim": ("tim.it", "alice.it", "tin.it", "telecomitalia.it"),
    "aruba": ("aruba.it", "technet.it", "pec.it", "arubapec.it"),
    "apple": ("icloud.com", "me.com", "mac.com", "privaterelay.appleid.com"),
    "tiscali": ("tiscali.it", "tiscalinet.it"),
    "fastweb": ("fastwebnet.it", "fastwebmail.it"),
    "gmx": ("gmx.com", "gmx.de", "gmx.net", "web.de", "mail.com"),
    "proton": ("proton.me", "protonmail.com", "pm.me"),
    "register": ("register.it", "legalmail.it"),
}
_GROUP_OF = {domain: group for group, domains in _GROUPS.items() for domain in domains}

_PER_CONNECTION = {"yahoo": 20}


def receiver_of(address: str) -> str:
    """Return whose servers take in the mail of an address: a known host, else the domain itself."""
    domain = address.rpartition("@")[2].casefold()
    return _GROUP_OF.get(domain, domain)


def most_per_connection(receiver: str) -> int | None:
    """Return how many mails this receiver wants at most over one connection."""
    return _PER_CONNECTION.get(receiver)


_SLOW_DOWN = pattern(r"^421\b|^4\d\d\b.*?\b4\.7\.\d{1,3}\b")


def asks_to_slow_down(reply: str) -> bool:
    """Tell whether a server's reply means: too much, too fast."""
    return _SLOW_DOWN.match(reply) is not None


# ── the bucket (E-17) ─────────────────────────────────────────────────────────────────────────────────────────────────

FASTEST = 1_200.0
"""Mails a minute at which a limit stops being one; the first refusal halves this."""
SLOWEST = 1.0
BURST = timedelta(seconds=10)
"""A quiet line may send this much at once: the road looks at it every few seconds."""
ONE_SIGNAL = timedelta(minutes=1)
"""Refusals closer together than this are one: all lanes hear the same no."""
CLEAN = timedelta(minutes=10)
GROWTH = 1.1


class Pace(NamedTuple):
    """How fast one stream may write to one receiver."""

    per_minute: float
    tokens: float
    updated_at: datetime
    clean_since: datetime


def burst_of(per_minute: float) -> float:
    """Return how many tokens a bucket holds: at least one, or nothing would ever leave."""
    return max(1.0, per_minute * (BURST / timedelta(minutes=1)))


def slowed(pace: Pace | None, now: datetime) -> Pace:
    """Return the pace after a receiver asked to slow down: half, once for refusals that come together."""
    if pace is None:
        return Pace(FASTEST / 2, 0.0, now, now)
    if now - pace.clean_since < ONE_SIGNAL:
        return pace._replace(tokens=0.0, updated_at=max(now, pace.updated_at))
    return Pace(max(SLOWEST, pace.per_minute / 2), 0.0, now, now)


def refilled(pace: Pace, now: datetime) -> Pace | None:
    """Return the pace with the tokens and the growth that time has brought; None when it is fast enough to forget."""
    steps = max(0, (now - pace.clean_since) // CLEAN)
    per_minute = pace.per_minute * GROWTH**steps
    if per_minute >= FASTEST:
        return None
    minutes = max(0.0, (now - pace.updated_at) / timedelta(minutes=1))
    # Time before the growth counts at the pace of that time: never more than was allowed.
    tokens = min(burst_of(pace.per_minute), pace.tokens + pace.per_minute * minutes)
    return Pace(per_minute, tokens, max(now, pace.updated_at), pace.clean_since + steps * CLEAN)


# ── a young domain (E-18) ─────────────────────────────────────────────────────────────────────────────────────────────

FIRST_DAY = 50
WARM = 200_000
"""A domain that may write so many in a day is known."""
MOST_DEFERRED, MOST_COMPLAINTS = 0.05, 0.001
FEW = 20
"""Below so many mails a share of deferrals says nothing."""


class Warmup(NamedTuple):
    """The day of a sender that is made known little by little."""

    day: date
    allowance: int
    sent: int
    deferred: int


def is_troubled(sent: int, deferred: int, complaints: int) -> bool:
    """Tell whether a day went badly: too many were put off, or complained."""
    return sent > 0 and ((sent >= FEW and deferred / sent > MOST_DEFERRED) or complaints / sent > MOST_COMPLAINTS)


def warmup_on(warmup: Warmup | None, today: date, *, complaints: int) -> Warmup | None:
    """Return the state of a warm-up today; None when the domain is known.

    Twice as many each day something was sent and went well; a day that went badly, or without a mail, is repeated.
    """
    if warmup is None:
        return Warmup(today, FIRST_DAY, 0, 0)
    if today <= warmup.day:
        return warmup
    went_well = warmup.sent > 0 and not is_troubled(warmup.sent, warmup.deferred, complaints)
    allowance = warmup.allowance * 2 if went_well else warmup.allowance
    return None if allowance > WARM else Warmup(today, allowance, 0, 0)


def left_of(warmup: Warmup, *, complaints: int) -> int:
    """Return how many more may be written today."""
    if is_troubled(warmup.sent, warmup.deferred, complaints):
        return 0
    return max(0, warmup.allowance - warmup.sent)


_ENGAGED = tuple(timedelta(days=days) for days in (30, 90, 180, 365))


def rank(last_seen_at: datetime | None, now: datetime) -> int:
    """Return how late in the line somebody stands while a domain is made known: 0 for who was there of late."""
    if last_seen_at is None:
        return len(_ENGAGED)
    return sum(now - last_seen_at > bound for bound in _ENGAGED)
