"""When what comes back stops a stream (E-08, B-33), and how long work may wait before somebody is told: plain numbers
and plain functions.
"""

from dataclasses import dataclass, fields
from datetime import timedelta
from enum import StrEnum

from ritorno.messaging.rules import HoldReason

# ── what is counted ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Counts:
    """What became of some messages. Delivered means taken in by the receiver and not come back (E-13)."""

    sent: int = 0
    bounced: int = 0
    refused: int = 0
    refused_by_policy: int = 0
    deferred: int = 0
    complained: int = 0
    unsubscribed: int = 0
    returned: int = 0
    """Taken in first, bounced later (E-13)."""
    returned_hard: int = 0
    """Of those, because nobody is there."""

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    @property
    def handed_over(self) -> int:
        return self.sent + self.bounced + self.refused

    @property
    def delivered(self) -> int:
        return max(0, self.sent - self.returned)

    @property
    def hard_bounced(self) -> int:
        return self.bounced + self.returned_hard

    @property
    def complaint_rate(self) -> float | None:
        return share(self.complained, self.delivered)

    @property
    def bounce_rate(self) -> float | None:
        return share(self.hard_bounced, self.handed_over)

    @property
    def deferral_rate(self) -> float | None:
        return share(self.deferred, self.handed_over)

    @property
    def unsubscribe_rate(self) -> float | None:
        return share(self.unsubscribed, self.delivered)


def share(part: int, whole: int) -> float | None:
    """Return a part of a whole, None where there is nothing to divide."""
    return part / whole if whole else None


# ── when a stream is held (E-08, B-33) ────────────────────────────────────────────────────────────────────────────────

COMPLAINTS_TARGET, COMPLAINTS_24H, COMPLAINTS_DAY = 0.001, 0.002, 0.003
ENOUGH_DELIVERED = 1_000
"""Below this the share over 24 hours says little (E-08)."""
FEW_COMPLAINTS = 3
"""One person of a hundred who presses "spam" does not stop a small shop; three in a day do."""
BOUNCES, ENOUGH_HANDED_OVER = 0.05, 200
"""A list whose addresses are this bad was not kept by the person who gave them."""
POLICY_REFUSALS, POLICY_SHARE = 10, 0.5
"""One receiver that refuses this many of ours within an hour, and at least every second one, refuses our domain."""

BULK_A_DAY = 5_000
"""Mails in a day to one receiver from which it counts a domain among the large ones, for ever (E-07)."""


def must_hold(last_24h: Counts, today: Counts) -> tuple[HoldReason, dict[str, float]] | None:
    """Return why a stream must wait, with the numbers that say so (E-08); today's complaints are held against all that
    was sent on the days of the mails they are about.
    """
    rate = last_24h.complaint_rate
    if rate is not None and last_24h.delivered >= ENOUGH_DELIVERED and rate >= COMPLAINTS_24H:
        return HoldReason.COMPLAINTS, _told(last_24h.complained, last_24h.delivered, rate, COMPLAINTS_24H, hours=24)
    # Complaints about mail that nobody can count any more are too many.
    rate = 1.0 if today.complaint_rate is None else today.complaint_rate
    if today.complained >= FEW_COMPLAINTS and rate >= COMPLAINTS_DAY:
        return HoldReason.COMPLAINTS, _told(today.complained, today.delivered, rate, COMPLAINTS_DAY, hours=0)
    rate = last_24h.bounce_rate
    if rate is not None and last_24h.handed_over >= ENOUGH_HANDED_OVER and rate >= BOUNCES:
        return HoldReason.BOUNCES, _told(last_24h.hard_bounced, last_24h.handed_over, rate, BOUNCES, hours=24)
    return None


def is_refused_by_policy(last_hour: Counts) -> bool:
    """Tell whether one receiver refuses whatever comes from us (B-33)."""
    refused = last_hour.refused_by_policy
    return refused >= POLICY_REFUSALS and refused >= POLICY_SHARE * last_hour.handed_over


def _told(count: int, of: int, rate: float, limit: float, *, hours: int) -> dict[str, float]:
    return {"count": count, "of": of, "rate": round(rate, 5), "limit": limit, "hours": hours}


# ── what waits too long ───────────────────────────────────────────────────────────────────────────────────────────────


class WaitKind(StrEnum):
    """What is waiting."""

    MESSAGES = "messages"
    LETTERS = "letters"
    CALLS = "calls"
    IN_DOUBT = "in_doubt"
    """Nobody knows whether they arrived (E-15)."""
    JOBS = "jobs"
    FAILED_JOBS = "failed_jobs"


class WaitReason(StrEnum):
    """Why it waits."""

    STREAM_HELD = "stream_held"
    TOUCH_PAUSED = "touch_paused"
    RECEIVER_SLOW = "receiver_slow"
    WARM_UP = "warm_up"
    RETRY = "retry"
    """Refused for now; it is tried again at `next_at` (E-16)."""
    LATER = "later"
    """Its moment has not come."""
    IN_PROGRESS = "in_progress"
    NO_WORKER = "no_worker"
    BY_HAND = "by_hand"
    """A person prints, calls or answers."""
    FAILED = "failed"


PATIENCE: dict[WaitReason, timedelta] = {
    WaitReason.NO_WORKER: timedelta(minutes=10),
    WaitReason.STREAM_HELD: timedelta(hours=24),
    WaitReason.TOUCH_PAUSED: timedelta(days=7),
    WaitReason.RECEIVER_SLOW: timedelta(hours=24),
    WaitReason.WARM_UP: timedelta(days=7),
    WaitReason.FAILED: timedelta(0),
}
"""How long each reason is a good one; afterwards the work is stuck and somebody is told."""
PATIENCE_BY_HAND: dict[WaitKind, timedelta] = {
    WaitKind.LETTERS: timedelta(days=7),
    WaitKind.CALLS: timedelta(days=3),
    WaitKind.IN_DOUBT: timedelta(days=2),
}


def patience(kind: WaitKind, reason: WaitReason) -> timedelta | None:
    """Return how long this may wait before somebody is told; None where its moment is already set."""
    return PATIENCE_BY_HAND.get(kind) if reason is WaitReason.BY_HAND else PATIENCE.get(reason)
