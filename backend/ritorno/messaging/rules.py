"""The life of a message (DESIGN §6), when a refused one is tried again (E-16), and what a template must and must not
say (D-05, D-06, B-25).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from re import IGNORECASE, Pattern
from re import compile as pattern
from urllib.parse import parse_qs, urlsplit

from ritorno.consents.rules import Reason, TemplateClass
from ritorno.messaging.refusals import ENHANCED, Blame, blame


class Arm(StrEnum):
    TREATED = "TREATED"
    CONTROL = "CONTROL"


class MessageStatus(StrEnum):
    """`claimed` is told by the queue row alone: a claim that dies leaves no trace on the message."""

    PLANNED = "planned"
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    FAILED = "failed"
    SKIPPED = "skipped"
    CONTROL = "control"
    DEFERRED = "deferred"
    CANCELLED = "cancelled"
    UNKNOWN = "unknown"


class QueueState(StrEnum):
    QUEUED = "queued"
    CLAIMED = "claimed"
    SENDING = "sending"
    PACED = "paced"
    """Its receiver asked us to slow down: it stands in that receiver's line until there is a token (E-17)."""


class TemplateStatus(StrEnum):
    DRAFT = "draft"
    READY = "ready"


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class Ending(StrEnum):
    """Why a message ended badly, beside the gate's own reasons (D-09)."""

    SHARED_ADDRESS = "SHARED_ADDRESS"
    """Somebody else of this touch holds the same address: one copy (D-11)."""
    UNFIT_ADDRESS = "UNFIT_ADDRESS"
    TEMPLATE_BROKEN = "TEMPLATE_BROKEN"
    """The words of this one person broke a limit of the template language."""
    GAVE_UP = "GAVE_UP"
    """Refused for now, too many times (E-16)."""
    REFUSED_BY_SERVER = "REFUSED_BY_SERVER"
    HARD_BOUNCE = "HARD_BOUNCE"
    SOFT_BOUNCE = "SOFT_BOUNCE"
    UNDELIVERED = "UNDELIVERED"
    """The network took the text and did not deliver it (M-10)."""
    STOPPED_AT_PROVIDER = "STOPPED_AT_PROVIDER"
    """The number told the provider to stop, which takes nothing for it any more (M-10)."""
    TOO_MANY_PARTS = "TOO_MANY_PARTS"
    """For this one person the text would be longer than the shop pays for (M-04)."""
    RETURNED = "RETURNED"
    """The post brought the letter back (D-P4)."""
    NOT_RECEIVED = "NOT_RECEIVED"
    """A person said so of a message in doubt."""


MAY_GO_AGAIN = frozenset({Ending.GAVE_UP, Ending.REFUSED_BY_SERVER, Ending.NOT_RECEIVED})
"""Failures after which a person may send once more: the address is not to blame, and nobody has it (DESIGN §6)."""


class CheckState(StrEnum):
    """What one condition of a sender's readiness came to."""

    OK = "ok"
    WARNING = "warning"
    """Worth mending; nothing waits for it."""
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It could not be looked up, which condemns nobody."""


class HoldReason(StrEnum):
    """Why a stream waits (E-08, B-33)."""

    COMPLAINTS = "COMPLAINTS"
    BOUNCES = "BOUNCES"
    REFUSED_BY_POLICY = "REFUSED_BY_POLICY"
    """One receiver refuses whatever comes from our domain."""
    BY_HAND = "BY_HAND"


WAITING = frozenset({MessageStatus.PLANNED, MessageStatus.QUEUED, MessageStatus.DEFERRED})
"""States in which nothing has been handed over, so a withdrawal or a cancellation still wins."""

MENDABLE = frozenset({Reason.RPO_STALE, Reason.CHECK_UNAVAILABLE, Reason.SENDER_NOT_READY})
"""What staff can put right: whoever waits to be called goes on waiting."""

HANDED_OVER = frozenset({MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.BOUNCED})

_NEXT: dict[MessageStatus, frozenset[MessageStatus]] = {
    MessageStatus.PLANNED: frozenset(
        {
            MessageStatus.QUEUED,
            MessageStatus.SKIPPED,
            MessageStatus.DEFERRED,
            MessageStatus.CONTROL,
            MessageStatus.CANCELLED,
        }
    ),
    MessageStatus.QUEUED: frozenset(
        {
            MessageStatus.CLAIMED,
            MessageStatus.SKIPPED,
            MessageStatus.DEFERRED,
            MessageStatus.CANCELLED,
            MessageStatus.FAILED,
        }
    ),
    MessageStatus.DEFERRED: frozenset(
        {
            MessageStatus.QUEUED,
            MessageStatus.CLAIMED,
            MessageStatus.SKIPPED,
            MessageStatus.CANCELLED,
        }
    ),
    MessageStatus.CLAIMED: frozenset(
        {
            MessageStatus.QUEUED,
            MessageStatus.SENDING,
            MessageStatus.SKIPPED,
            MessageStatus.DEFERRED,
            MessageStatus.CANCELLED,
            MessageStatus.FAILED,
        }
    ),
    MessageStatus.SENDING: frozenset(
        {
            MessageStatus.SENT,
            MessageStatus.QUEUED,
            MessageStatus.BOUNCED,
            MessageStatus.FAILED,
            MessageStatus.UNKNOWN,
        }
    ),
    # A worker thought dead may still come back and say what it saw; a person may say what the customer saw.
    MessageStatus.UNKNOWN: frozenset(
        {
            MessageStatus.SENT,
            MessageStatus.DELIVERED,
            MessageStatus.BOUNCED,
            MessageStatus.FAILED,
        }
    ),
    MessageStatus.SENT: frozenset({MessageStatus.DELIVERED, MessageStatus.BOUNCED}),
    # Only by a person, and only for the reasons of MAY_GO_AGAIN.
    MessageStatus.FAILED: frozenset({MessageStatus.QUEUED}),
    # A bounce may arrive days after the server said yes (E-13).
    MessageStatus.DELIVERED: frozenset({MessageStatus.BOUNCED}),
}


def may_become(status: MessageStatus, following: MessageStatus) -> bool:
    """Tell whether a message in one state may enter another; states without a way out are final."""
    return following in _NEXT.get(status, frozenset())


# ── trying again (E-16) ───────────────────────────────────────────────────────────────────────────────────────────────

_LADDER = tuple(timedelta(minutes=minutes) for minutes in (30, 60, 120, 240, 480, 720, 1440))
_GIVE_UP = {TemplateClass.MARKETING: timedelta(hours=48), TemplateClass.SERVICE: timedelta(hours=72)}
_CODE_LADDER = tuple(timedelta(seconds=seconds) for seconds in (10, 20, 30, 60, 120, 240))

CODE_LIVES = timedelta(minutes=10)
"""A one-time code that comes later is no use to anybody."""

SETTLED_AFTER = timedelta(hours=24)
"""A message that did not bounce for this long was delivered, and its address reaches somebody (C-13, E-13)."""


def retry_at(
    template_class: TemplateClass,
    attempts: int,
    now: datetime,
    jitter: float,
    *,
    is_code: bool = False,
    expires_at: datetime | None = None,
) -> datetime | None:
    """Return when a temporary refusal is tried again, or None when it is time to give up; `jitter` lies in [-1, 1].

    Time is counted from the first attempt, not from the plan: a message that was deferred has its whole ladder.
    """
    ladder = _CODE_LADDER if is_code else _LADDER
    give_up = CODE_LIVES if is_code else _GIVE_UP[template_class]
    if attempts >= len(ladder) or sum(ladder[: attempts + 1], timedelta()) > give_up:
        return None
    following = now + ladder[attempts] * (1 + 0.2 * jitter)
    return None if expires_at is not None and following >= expires_at else following


# ── what a service template must not say (D-05, B-26, D-S6) ───────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class PromoHit:
    """One place where a text promotes something."""

    kind: str
    fragment: str
    line: int


_PROMO: tuple[tuple[str, Pattern[str]], ...] = (
    (
        "PRICE_OFF",
        pattern(
            r"(?:[-−–]\s?)?\b\d{1,2}(?:[.,]\d)?\s?%(?!\s*(?:iva|vat|cotone|cotton|lana|wool|seta|silk|lino|linen))",
            IGNORECASE,
        ),
    ),
    (
        "PRICE_OFF",
        pattern(
            r"\b(?:scont[oiae]\w*|ribass\w+|sald[oi] (?:estiv|invernal|di fine)\w*|i saldi|sottocosto|"
            r"prezz[oi] special[ei]|"
            r"discount\w*|price[- ]off|money off|half price|clearance|special (?:price|offer)s?|on sale)\b",
            IGNORECASE,
        ),
    ),
    (
        "OFFER",
        pattern(
            r"\b(?:offert[ae] (?:speciale|esclusiva|per (?:te|lei|voi)|valid\w+|limitat\w+)|in offerta|"
            r"promo(?:zion\w+)?|"
            r"omaggio|in regalo|un regalo|due per uno|2x1|3x2|approfitt\w+|promo(?:tion\w*)?|free gift|"
            r"buy one get one|limited[- ]time|don['’]t miss)\b",
            IGNORECASE,
        ),
    ),
    (
        "COUPON",
        pattern(
            r"\b(?:coupon\w*|voucher\w*|buon[oi] (?:sconto|acquisto|regalo)|codice (?:sconto|promo\w*)|promo code)\b",
            IGNORECASE,
        ),
    ),
    (
        "RECOMMENDATION",
        pattern(
            r"(?:potrebbe(?:ro)? (?:anche )?(?:piacer|interessar)|consigliat[oiae] per|ti consigliamo|le consigliamo|"
            r"scopri (?:anche|la nuova)|"
            r"scopra (?:anche|la nuova)|you (?:may|might) also like|recommended for you|customers also bought|"
            r"new arrivals|novità della)",
            IGNORECASE,
        ),
    ),
)
_COUPON_VARIABLES = ("coupon", "offer", "voucher", "discount", "recommendation")


def promo_hits(
    text: str, *, variables: Iterable[str], links: Iterable[str], service_hosts: frozenset[str]
) -> list[PromoHit]:
    """Return every promotion found in a text that calls itself a service message (D-05).

    `text` is what a person reads; `links` are the addresses it points to; `service_hosts` are the hosts of our own
    service pages.
    """
    found = [
        PromoHit(kind, match.group(0).strip(), text.count("\n", 0, match.start()) + 1)
        for kind, known in _PROMO
        for match in known.finditer(text)
    ]
    found += [PromoHit("COUPON_VARIABLE", name, 0) for name in variables if name.split(".")[0] in _COUPON_VARIABLES]
    for link in links:
        parts = urlsplit(link)
        if "promo" in (medium.casefold() for medium in parse_qs(parts.query).get("utm_medium", [])):
            found.append(PromoHit("UTM_PROMO", link, 0))
        if parts.scheme in {"http", "https"} and (parts.hostname or "") not in service_hosts:
            found.append(PromoHit("OUTSIDE_LINK", link, 0))
    return found


# ── what a recall must say (D-S3) ─────────────────────────────────────────────────────────────────────────────────────

_RECALL_HEADLINE = pattern(r"richiamo\b.{0,40}\bsicurezza|product safety recall", IGNORECASE)
_SOFTENED = pattern(
    r"\b(?:volontari\w+|precauzional\w+|cautelativ\w+|discrezional\w+|in (?:rari|casi particolari)|"
    r"voluntar\w+|precautionary|discretionary|in (?:rare|specific) (?:situations|cases))\b",
    IGNORECASE,
)


def recall_faults(headline: str, text: str) -> list[tuple[str, str]]:
    """Return what is wrong with a safety recall: its headline must say so, and no word may make it sound smaller."""
    missing = [] if _RECALL_HEADLINE.search(headline) else [("RECALL_HEADLINE", headline.strip())]
    softened = [("RECALL_SOFTENED", found.group(0)) for found in _SOFTENED.finditer(f"{headline}\n{text}")]
    return missing + softened


# ── what a marketing template must say (D-06, B-25) ───────────────────────────────────────────────────────────────────

IDENTITY = frozenset({"business.name", "business.address"})
WHY = "why"
RIGHTS_CONTACT = frozenset({"business.email", "business.phone"})


def missing_duties(channel: str, variables: frozenset[str], *, has_opt_out: bool) -> list[str]:
    """Return the codes of what a marketing text leaves out; a letter or a call may name its way out in words."""
    missing = []
    if not has_opt_out:
        missing.append("OPT_OUT_MISSING")
    if channel == "SMS":
        # An SMS has room for a name and a way out; the rest stands behind its link.
        return missing if "business.name" in variables else [*missing, "IDENTITY_MISSING"]
    if channel == "PHONE_OPERATOR":
        return missing if "business.name" in variables else [*missing, "IDENTITY_MISSING"]
    if not variables >= IDENTITY:
        missing.append("IDENTITY_MISSING")
    if WHY not in variables:
        missing.append("WHY_MISSING")
    if not variables & RIGHTS_CONTACT:
        missing.append("RIGHTS_CONTACT_MISSING")
    return missing


# ── one line of a header (S-17, E-19) ─────────────────────────────────────────────────────────────────────────────────

_BREAKS = pattern(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def header_line(value: str) -> str:
    """Return the text fit for one header: no line break, no control character can start another header (S-17)."""
    return " ".join(_BREAKS.sub(" ", value).split())


# ── what a mail server's answer means (E-11, B-33, B-34) ──────────────────────────────────────────────────────────────


class Outcome(StrEnum):
    """What became of one letter handed to a transport."""

    ACCEPTED = "accepted"
    RETRY = "retry"
    """Refused for now."""
    HARD_BOUNCE = "hard_bounce"
    """This address reaches nobody."""
    REFUSED = "refused"
    """Refused for good, and the address is not to blame."""
    STOPPED = "stopped"
    """The provider takes nothing for this number, because the person told it to stop (M-10)."""
    UNREACHABLE = "unreachable"
    """Nothing was handed over: the server could not be spoken to."""
    UNKNOWN = "unknown"
    """The connection broke after the text had left: only a person may say what happened."""


def read_reply(code: int, text: str) -> Outcome:
    """Return what an SMTP reply means; refusals for policy, size or content never condemn an address (B-33)."""
    if 200 <= code < 300:
        return Outcome.ACCEPTED
    if 400 <= code < 500:
        return Outcome.RETRY
    if not 500 <= code < 600:
        return Outcome.UNKNOWN
    enhanced = ENHANCED.search(text)
    if enhanced is not None and enhanced[1] == "4":
        return Outcome.RETRY
    return Outcome.HARD_BOUNCE if blame(code, None, text) is Blame.HARD else Outcome.REFUSED
