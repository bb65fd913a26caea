"""The clocks of retention: how long each kind of data is kept unless somebody signed another period (C-30, C-31)."""

from calendar import monthrange
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Clock(StrEnum):
    """What runs out by itself, by what it keeps."""

    PURCHASES_PROFILED = "PURCHASES_PROFILED"
    """How long a purchase may say what somebody likes and when they come."""
    PURCHASES_TRACED = "PURCHASES_TRACED"
    """How long a purchase may be traced to a person at all."""
    MESSAGES = "MESSAGES"
    MESSAGE_CONTENTS = "MESSAGE_CONTENTS"
    AUDIT = "AUDIT"
    CONSENT_PROOF = "CONSENT_PROOF"
    """From the end of the relationship."""
    PENDING_CONFIRMATIONS = "PENDING_CONFIRMATIONS"
    FILES_OUT = "FILES_OUT"
    FILES_IN = "FILES_IN"
    WEBHOOK_PAYLOADS = "WEBHOOK_PAYLOADS"
    UNCLAIMED = "UNCLAIMED"
    """Receipts nobody was recognised in."""
    INACTIVE = "INACTIVE"
    """After this long without a purchase or a word, people are asked again."""
    INVOICES = "INVOICES"
    SUPPRESSIONS = "SUPPRESSIONS"
    REPLAYS = "REPLAYS"
    """Answers kept so that a repeated request gets the first one again."""


class Period(NamedTuple):
    """A length of time; both empty means as long as this installation lives."""

    months: int | None = None
    days: int | None = None


DEFAULTS: Mapping[Clock, Period] = {
    Clock.PURCHASES_PROFILED: Period(months=12),
    Clock.PURCHASES_TRACED: Period(months=24),
    Clock.MESSAGES: Period(months=24),
    Clock.MESSAGE_CONTENTS: Period(months=3),
    Clock.AUDIT: Period(months=24),
    Clock.CONSENT_PROOF: Period(months=60),
    Clock.PENDING_CONFIRMATIONS: Period(days=30),
    Clock.FILES_OUT: Period(days=7),
    Clock.FILES_IN: Period(days=90),
    Clock.WEBHOOK_PAYLOADS: Period(days=90),
    Clock.UNCLAIMED: Period(months=24),
    Clock.INACTIVE: Period(months=24),
    Clock.INVOICES: Period(months=120),
    Clock.SUPPRESSIONS: Period(),
    Clock.REPLAYS: Period(days=2),
}

FIXED = frozenset(
    {
        Clock.FILES_OUT,
        Clock.FILES_IN,
        Clock.PENDING_CONFIRMATIONS,
        Clock.INVOICES,
        Clock.SUPPRESSIONS,
        Clock.AUDIT,
        Clock.REPLAYS,
    }
)
"""Clocks of the law or of the product: nobody changes them."""

ASSESSED = frozenset({Clock.PURCHASES_PROFILED, Clock.PURCHASES_TRACED})
"""Longer than the default only with a signed assessment of retention (C-30)."""


def start_of(period: Period, today: date) -> date | None:
    """Return the first day that is still kept; None when nothing ever runs out."""
    if period.days is not None:
        return today - timedelta(days=period.days)
    if period.months is None:
        return None
    year, month = divmod(today.year * 12 + today.month - 1 - period.months, 12)
    return date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))


def needs_assessment(clock: Clock, months: int, assessed_months: int | None) -> bool:
    """Tell whether a period is longer than the default and than any assessment signed for it."""
    return clock in ASSESSED and months > max(DEFAULTS[clock].months or 0, assessed_months or 0)


def is_ordered(profiled: Period, traced: Period) -> bool:
    """A purchase that is nobody's any more cannot say what somebody likes."""
    return (profiled.months or 0) <= (traced.months or 0)


OWNERS = frozenset({Clock.CONSENT_PROOF, Clock.AUDIT})
"""Clocks of the two ledgers: only the owner of the tables may let anything of them go."""


class Relationship(NamedTuple):
    """What is known of how a person and the shop stand."""

    erased_at: datetime | None
    has_consent: bool
    """A yes is in force."""
    is_held: bool
    """The card is frozen, or something on it must be kept: a dispute may need the proof."""
    last_at: datetime
    """The last purchase, message, word or entry of the ledger; the birth of the card where there is none."""


def ended_at(relationship: Relationship) -> datetime | None:
    """Return when a relationship ended, from which the proof of its consents is kept (C-31); None while it lasts.

    A yes in force is a relationship however silent it is. An erasure ends one at once, and what was written after it
    counts from there.
    """
    if relationship.is_held:
        return None
    if relationship.erased_at is not None:
        return max(relationship.erased_at, relationship.last_at)
    return None if relationship.has_consent else relationship.last_at
