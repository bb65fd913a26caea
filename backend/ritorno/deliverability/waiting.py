"""What waits, since when and why: nothing does so unseen for longer than its reason is a good one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents.rules import Channel
from ritorno.deliverability.rules import WaitKind, WaitReason, patience
from ritorno.kit import clock
from ritorno.kit.db import driver
from ritorno.messaging.handoff import BY_HAND

_MOVING = timedelta(minutes=10)
"""A line on which something ended so lately is being worked on, however long it is."""

# The queue may hold a million rows: it is summed first, and only the sums are joined.
_QUEUE = """
with piles as (
    select channel, stream, touch_id, state, due_at > $1 as is_early, attempts > 0 as is_again,
        coalesce(lease_until <= $1, false) as is_lost,
        case when state = 'paced' then receiver end as receiver, count(*)::int as size, min(due_at) as oldest
    from message_queue group by 1, 2, 3, 4, 5, 6, 7, 8
), moving as (
    select distinct channel, stream from message_queue where worker is not null and lease_until > $1
    union
    select distinct channel, template_class from messages where ended_at > $1 - $2::interval
)
select pile.channel, pile.stream, pile.touch_id, touch.name, pile.receiver,
    case
        when pile.channel = any($3::text[]) then 'by_hand'
        when pile.state in ('claimed', 'sending') and not pile.is_lost then 'in_progress'
        when hold.id is not null then 'stream_held'
        when paused.touch_id is not null then 'touch_paused'
        when pile.state = 'paced' then 'receiver_slow'
        when pile.is_early and pile.is_again then 'retry'
        when pile.is_early then 'later'
        when sender.warmup_started_on is not null then 'warm_up'
        when moving.channel is not null then 'in_progress'
        else 'no_worker'
    end,
    sum(pile.size)::int, min(pile.oldest), min(pile.oldest) filter (where pile.is_early), min(hold.since)
from piles pile
left join stream_holds hold
    on hold.channel = pile.channel and hold.stream = pile.stream and hold.lifted_at is null
left join touch_holds paused on paused.touch_id = pile.touch_id
left join senders sender on sender.channel = pile.channel and sender.stream = pile.stream
left join moving on moving.channel = pile.channel and moving.stream = pile.stream
left join touches touch on touch.id = pile.touch_id
group by 1, 2, 3, 4, 5, 6
"""

_DOUBTFUL = """
select message.channel, message.template_class, message.touch_id, touch.name, count(*)::int, min(doubtful.since)
from doubtful_messages doubtful join messages message on message.id = doubtful.message_id
left join touches touch on touch.id = message.touch_id
where message.status = 'unknown' group by 1, 2, 3, 4
"""

_JOBS = """
select state, count(*)::int, min(event.occurred_at), min(delivery.next_at)
from outbox_deliveries delivery join outbox_events event on event.id = delivery.event_id
where delivery.state = 'failed' or (delivery.state = 'open' and delivery.worker is null and delivery.next_at <= $1)
group by 1
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Work that waits for one reason."""

    kind: WaitKind
    reason: WaitReason
    count: int
    oldest_at: datetime
    channel: str | None = None
    stream: str | None = None
    touch_id: UUID | None = None
    touch_name: str | None = None
    receiver: str | None = None
    next_at: datetime | None = None
    is_stuck: bool = False


async def list_waiting(session: AsyncSession) -> list[Waiting]:
    """Return everything that waits, what is stuck first and then the oldest."""
    now = clock.now()
    connection = await driver(session)
    found = [_queued(*row, now=now) for row in await connection.fetch(_QUEUE, now, _MOVING, sorted(BY_HAND))]
    for channel, stream, touch_id, name, count, oldest in await connection.fetch(_DOUBTFUL):
        found.append(
            _judged(WaitKind.IN_DOUBT, WaitReason.BY_HAND, count, oldest, now, channel, stream, touch_id, name)
        )
    for state, count, oldest, since in await connection.fetch(_JOBS, now):
        if state == "failed":
            found.append(_judged(WaitKind.FAILED_JOBS, WaitReason.FAILED, count, oldest, now))
        else:
            found.append(_judged(WaitKind.JOBS, WaitReason.NO_WORKER, count, since, now))
    return sorted(found, key=lambda each: (not each.is_stuck, each.oldest_at))


def _queued(
    channel: str,
    stream: str,
    touch_id: UUID | None,
    name: str | None,
    receiver: str | None,
    reason: str,
    count: int,
    oldest: datetime,
    following: datetime | None,
    held_since: datetime | None,
    *,
    now: datetime,
) -> Waiting:
    kind = {Channel.POST: WaitKind.LETTERS, Channel.PHONE_OPERATOR: WaitKind.CALLS}.get(
        Channel(channel), WaitKind.MESSAGES
    )
    why = WaitReason(reason)
    # What is held waits since the hold, not since the day it was planned for.
    since = max(oldest, held_since) if held_since is not None and why is WaitReason.STREAM_HELD else oldest
    next_at = following if why in {WaitReason.RETRY, WaitReason.LATER} else None
    return _judged(kind, why, count, since, now, channel, stream, touch_id, name, receiver, next_at)


def _judged(
    kind: WaitKind,
    reason: WaitReason,
    count: int,
    oldest: datetime,
    now: datetime,
    channel: str | None = None,
    stream: str | None = None,
    touch_id: UUID | None = None,
    touch_name: str | None = None,
    receiver: str | None = None,
    next_at: datetime | None = None,
) -> Waiting:
    most = patience(kind, reason)
    is_stuck = most is not None and now - oldest >= most
    return Waiting(kind, reason, count, oldest, channel, stream, touch_id, touch_name, receiver, next_at, is_stuck)


def has_worker(waiting: Sequence[Waiting]) -> bool:
    """Tell whether what is due is taken up."""
    return not any(each.reason is WaitReason.NO_WORKER and each.is_stuck for each in waiting)


_HAS_ITS_TASK = frozenset({WaitReason.STREAM_HELD, WaitReason.FAILED})


async def ask_for_hands(session: AsyncSession) -> None:
    """Open a task for each kind of stuck work, once a day; a held stream and a failed job have theirs."""
    today = clock.now().date()
    for each in await list_waiting(session):
        if each.is_stuck and each.reason not in _HAS_ITS_TASK:
            await activity.open_task(
                session,
                kind="work_stuck",
                key=f"work-stuck:{each.kind}:{each.reason}:{each.channel}:{each.stream}:{today}",
                subject="deliverability",
                details={
                    "kind": each.kind,
                    "reason": each.reason,
                    "channel": each.channel,
                    "stream": each.stream,
                    "count": each.count,
                },
            )
