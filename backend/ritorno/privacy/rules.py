"""Requests of people about their data: their kinds and states, and the clock of C-27, in plain values.

The clock counts days of the shop's calendar. A due day that falls on a holiday is not moved.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

TARGET_DAYS = 20
"""When we mean to answer; the law allows a month."""
EXTENSION_MONTHS = 2
ALERT_DAYS = (10, 5, 1)
"""How many days before the due day a person is reminded (C-29)."""
PAUSE_ASKS_AFTER = 7
"""Days after which a paused clock asks whether the doubt about the person is still real."""
PACK_DAYS = 7
"""How long a pack is kept, and its link works (C-28)."""
LINK_DAYS = 7
"""How long the link that confirms who asks can be pressed."""


class RequestKind(StrEnum):
    ACCESS = "ACCESS"
    PORTABILITY = "PORTABILITY"
    RECTIFICATION = "RECTIFICATION"
    ERASURE = "ERASURE"
    RESTRICTION = "RESTRICTION"
    OBJECTION = "OBJECTION"


class RequestChannel(StrEnum):
    """How it reached us; the clock runs from any of them (C-27)."""

    DESK = "DESK"
    EMAIL = "EMAIL"
    PEC = "PEC"
    LETTER = "LETTER"
    PHONE = "PHONE"
    WEB = "WEB"
    SMS = "SMS"


class RequestState(StrEnum):
    RECEIVED = "received"
    IDENTITY_PENDING = "identity_pending"
    IN_PROGRESS = "in_progress"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    """The person took it back."""


OPEN = frozenset({RequestState.RECEIVED, RequestState.IDENTITY_PENDING, RequestState.IN_PROGRESS})
BEFORE_IDENTITY = frozenset({RequestState.RECEIVED, RequestState.IDENTITY_PENDING})


class Outcome(StrEnum):
    GRANTED = "GRANTED"
    PARTLY = "PARTLY"
    REFUSED = "REFUSED"


class IdentityMethod(StrEnum):
    """How we know who asks; a copy of a document is never kept, and seeing one is the last resort (C-28)."""

    LINK_TO_STORED_CONTACT = "LINK_TO_STORED_CONTACT"
    CALL_TO_STORED_PHONE = "CALL_TO_STORED_PHONE"
    KNOWN_IN_PERSON = "KNOWN_IN_PERSON"
    CARD_AND_PURCHASE = "CARD_AND_PURCHASE"
    """They hold the card and know what was bought with it."""
    SIGNED_PEC = "SIGNED_PEC"
    DOCUMENT_SEEN = "DOCUMENT_SEEN"


class RequestEventKind(StrEnum):
    """What happened to a request, in the order it can."""

    RECEIVED = "received"
    IDENTITY_ASKED = "identity_asked"
    IDENTITY_CONFIRMED = "identity_confirmed"
    PAUSED = "paused"
    RESUMED = "resumed"
    EXTENDED = "extended"
    ASSIGNED = "assigned"
    PACK_ASKED = "pack_asked"
    PACK_SENT = "pack_sent"
    PACK_FETCHED = "pack_fetched"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class PackKind(StrEnum):
    ACCESS = "ACCESS"
    PORTABILITY = "PORTABILITY"


PACK_OF: dict[str, PackKind] = {
    RequestKind.ACCESS: PackKind.ACCESS,
    RequestKind.PORTABILITY: PackKind.PORTABILITY,
}


class PackState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    """The file is gone: its seven days are over."""


# ── the clock ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class DueRule(StrEnum):
    """Which of the two terms of C-27 came first."""

    SAME_DAY_NEXT_MONTH = "SAME_DAY_NEXT_MONTH"
    THIRTY_DAYS = "THIRTY_DAYS"


def add_months(day: date, months: int) -> date:
    """Return the same day of a later month, the last one when that month is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, monthrange(year, month)[1]))


def first_term(received_on: date) -> tuple[date, DueRule]:
    """Return the last day to answer and which term set it: a month or thirty days, whichever ends first."""
    month, days = add_months(received_on, 1), received_on + timedelta(days=30)
    return (month, DueRule.SAME_DAY_NEXT_MONTH) if month <= days else (days, DueRule.THIRTY_DAYS)


def due_day(received_on: date, *, paused_days: int = 0, is_extended: bool = False) -> date:
    """Return the last day to answer: the first term, the days it stood still, and the one extension (C-27)."""
    due = first_term(received_on)[0] + timedelta(days=paused_days)
    return add_months(due, EXTENSION_MONTHS) if is_extended else due


@dataclass(frozen=True, slots=True)
class Clock:
    """Where the time of a request stands on one day."""

    due_on: date
    target_on: date
    rule: DueRule
    days_left: int
    """Negative once the due day is over; 0 on the day itself."""
    share_left: float
    """From 1, just received, to 0, due or late: what the ring on the screen shows."""
    is_overdue: bool
    is_paused: bool


def read_clock(
    received_on: date, *, today: date, paused_days: int = 0, paused_on: date | None = None, is_extended: bool = False
) -> Clock:
    """Return the clock of an open request on a day; while it stands still, the due day moves with the calendar."""
    standing = max((today - paused_on).days, 0) if paused_on is not None else 0
    due = due_day(received_on, paused_days=paused_days + standing, is_extended=is_extended)
    whole, left = max((due - received_on).days, 1), (due - today).days
    return Clock(
        due_on=due,
        target_on=min(received_on + timedelta(days=TARGET_DAYS + paused_days + standing), due),
        rule=first_term(received_on)[1],
        days_left=left,
        share_left=min(max(left / whole, 0.0), 1.0),
        is_overdue=left < 0,
        is_paused=paused_on is not None,
    )


def may_extend(received_on: date, *, today: date, paused_days: int, is_extended: bool) -> bool:
    """Tell whether the term can still be extended: once, and only while the first one runs."""
    return not is_extended and today <= due_day(received_on, paused_days=paused_days)


def alert_due(due_on: date, today: date) -> int | None:
    """Return the reminder whose day has come, the nearest to the due day; a night that was missed is made up for."""
    left = (due_on - today).days
    return min((days for days in ALERT_DAYS if left <= days), default=None)
