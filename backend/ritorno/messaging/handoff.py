"""The statements that move work in flight: claim, mark, record, expire. Each changes a whole group (DATABASE G).

The queue row decides who may act: a message is handed over only by the worker that turned its row from `claimed` to
`sending`, and that turn is committed before the first byte leaves. So a death in between leaves a row that says so,
and nobody hands it over again.

Whoever needs several queue rows locks them in the order of their ids, or skips the locked ones: a pause and a lane can
wait for each other, never both at once.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, Decision
from ritorno.kit.db import driver
from ritorno.messaging.rules import MessageStatus

_STATE = "jsonb_build_array(jsonb_build_object('status', {status}, 'at', $2::timestamptz, 'detail', {detail}))"


class Claimed(NamedTuple):
    """One message this worker may hand over, with what the gate and the text need."""

    id: UUID
    customer_id: UUID
    contact_point_id: UUID | None
    channel: str
    purpose: str
    service_kind: str | None
    template_class: str
    similarity_group: str | None
    uses_purchases: bool
    template_id: UUID
    template_version: int
    language: str
    values: dict[str, Any]
    due_at: datetime
    attempts: int


BY_HAND = frozenset({Channel.POST, Channel.PHONE_OPERATOR})
"""A person carries these out of the house: a batch of letters and a call list claim them, never the road."""

_CLAIM = """
with due as (
    select message_id from message_queue where state = 'queued' and due_at <= $1 and channel <> all($5::text[])
    order by priority, due_at, message_id limit $4 for update skip locked
), mine as (
    update message_queue queued set state = 'claimed', worker = $2, lease_until = $3
    from due where queued.message_id = due.message_id returning queued.message_id, queued.attempts
)
select message.id, message.customer_id, message.contact_point_id, message.channel, message.purpose,
    message.service_kind, message.template_class, message.similarity_group, message.uses_purchases, message.template_id,
    message.template_version, message.language, message.values, message.due_at, mine.attempts
from mine join messages message on message.id = mine.message_id
order by message.id
"""


async def claim(session: AsyncSession, worker: UUID, *, now: datetime, lease: timedelta, limit: int) -> list[Claimed]:
    """Take what is due, skipping what others are taking; the lease says until when."""
    connection = await driver(session)
    rows = await connection.fetch(_CLAIM, now, worker, now + lease, limit, sorted(BY_HAND))
    return [Claimed(*row) for row in rows]


_MARK = f"""
with held as (
    select message_id from message_queue
    where message_id = any($1::uuid[]) and worker = $3 and state = 'claimed' order by message_id for update
), mine as (
    update message_queue queued set state = 'sending', lease_until = $4
    from held where queued.message_id = held.message_id returning queued.message_id
)
update messages message set status = 'sending', reason = null, handoff_decision = told.decision,
    history = message.history || {_STATE.format(status="'sending'", detail="null")}
from mine join unnest($1::uuid[], $5::jsonb[]) told(id, decision) on told.id = mine.message_id
where message.id = mine.message_id
returning message.id
"""


async def mark_sending(
    session: AsyncSession, worker: UUID, told: dict[UUID, Decision], *, now: datetime, lease: timedelta
) -> set[UUID]:
    """Say that these are about to leave; return those still ours after a pause, a withdrawal or a lost lease."""
    connection = await driver(session)
    decisions = [orjson.dumps(decision.snapshot()).decode() for decision in told.values()]
    return {row[0] for row in await connection.fetch(_MARK, list(told), now, worker, now + lease, decisions)}


class Ended(NamedTuple):
    """A message that goes no further, with why, in the order of the update."""

    id: UUID
    status: MessageStatus
    reason: str | None
    detail: str | None
    decision: Decision | None = None


_END = f"""
with held as (
    select message_id from message_queue
    where message_id = any($1::uuid[]) and state = any($8::text[]) and (worker = $9 or $9 is null)
    order by message_id for update
), gone as (
    delete from message_queue queued using held where queued.message_id = held.message_id returning queued.message_id
)
update messages message set status = told.status, reason = told.reason,
    sent_at = case when told.status = 'sent' then $2 else message.sent_at end,
    cost_minor = case when told.status in ('skipped', 'failed') then 0 else message.cost_minor end,
    handoff_decision = coalesce(told.decision, message.handoff_decision),
    history = message.history || {_STATE.format(status="told.status", detail="told.detail")}
from unnest($1::uuid[], $3::text[], $4::text[], $5::text[], $6::jsonb[]) told(id, status, reason, detail, decision)
where message.id = told.id and (message.id in (select message_id from gone) or message.status = any($7::text[]))
returning message.id
"""


async def end_unsent(
    session: AsyncSession, ended: Sequence[Ended], *, now: datetime, worker: UUID | None = None
) -> set[UUID]:
    """Take messages out of the queue that were not handed over; without a worker, whoever holds them loses them."""
    return await _end(session, ended, now=now, states=["queued", "claimed", "held"], worker=worker, also=[])


async def end_sent(session: AsyncSession, ended: Sequence[Ended], *, now: datetime) -> set[UUID]:
    """Record what became of messages handed over; a worker thought dead knows better than the sweep."""
    return await _end(session, ended, now=now, states=["sending"], worker=None, also=["unknown"])


async def _end(
    session: AsyncSession,
    ended: Sequence[Ended],
    *,
    now: datetime,
    states: list[str],
    worker: UUID | None,
    also: list[str],
) -> set[UUID]:
    if not ended:
        return set()
    connection = await driver(session)
    rows = await connection.fetch(
        _END,
        [each.id for each in ended],
        now,
        [each.status for each in ended],
        [each.reason for each in ended],
        [each.detail for each in ended],
        [orjson.dumps(each.decision.snapshot()).decode() if each.decision else None for each in ended],
        also,
        states,
        worker,
    )
    return {row[0] for row in rows}


class Postponed(NamedTuple):
    """A message that waits for another moment."""

    id: UUID
    status: MessageStatus
    due_at: datetime
    reason: str | None
    detail: str | None
    is_attempt: bool


_POSTPONE = f"""
with held as (
    select message_id from message_queue
    where message_id = any($1::uuid[]) and worker = $8 and state in ('claimed', 'sending')
    order by message_id for update
), back as (
    update message_queue queued set state = 'queued', worker = null, lease_until = null, due_at = told.due_at,
        attempts = queued.attempts + told.is_attempt::int
    from held join unnest($1::uuid[], $4::timestamptz[], $7::bool[]) told(id, due_at, is_attempt)
        on told.id = held.message_id
    where queued.message_id = held.message_id returning queued.message_id
)
update messages message set status = told.status, reason = told.reason,
    history = message.history || {_STATE.format(status="told.status", detail="told.detail")}
from back join unnest($1::uuid[], $3::text[], $5::text[], $6::text[]) told(id, status, reason, detail)
    on told.id = back.message_id
where message.id = back.message_id
"""


async def postpone(session: AsyncSession, worker: UUID, postponed: Sequence[Postponed], *, now: datetime) -> None:
    """Give messages back to the queue for another moment."""
    if not postponed:
        return
    connection = await driver(session)
    await connection.execute(
        _POSTPONE,
        [each.id for each in postponed],
        now,
        [each.status for each in postponed],
        [each.due_at for each in postponed],
        [each.reason for each in postponed],
        [each.detail for each in postponed],
        [each.is_attempt for each in postponed],
        worker,
    )


async def keep(session: AsyncSession, worker: UUID, *, now: datetime, lease: timedelta) -> None:
    """Say that this worker lives: everything it holds stays its own for another lease."""
    connection = await driver(session)
    await connection.execute(
        """
        update message_queue set lease_until = $2 where message_id in (
            select message_id from message_queue where worker = $1 and state in ('claimed', 'sending')
            for update skip locked
        )
        """,
        worker,
        now + lease,
    )


async def release(session: AsyncSession, worker: UUID) -> None:
    """Give back, untouched, everything this worker still holds and has not begun to hand over."""
    connection = await driver(session)
    await connection.execute(
        """
        update message_queue set state = 'queued', worker = null, lease_until = null where message_id in (
            select message_id from message_queue where worker = $1 and state = 'claimed' for update skip locked
        )
        """,
        worker,
    )


_GIVE_UP = f"""
with dead as (
    delete from message_queue where message_id in (
        select message_id from message_queue where state = 'sending' and lease_until < $2 for update skip locked
    ) returning message_id
)
update messages message set status = 'unknown',
    history = message.history || {_STATE.format(status="'unknown'", detail="$1::text")}
from dead where message.id = dead.message_id returning message.id, message.customer_id, message.template_class
"""


class InDoubt(NamedTuple):
    """A message that was being handed over when its worker died."""

    id: UUID
    customer_id: UUID
    template_class: str


async def expire_leases(session: AsyncSession, *, now: datetime) -> list[InDoubt]:
    """Requeue what a dead worker had only claimed; return what it was handing over, never sent again (E-15)."""
    connection = await driver(session)
    await connection.execute(
        """
        update message_queue set state = 'queued', worker = null, lease_until = null where message_id in (
            select message_id from message_queue where state = 'claimed' and lease_until < $1 for update skip locked
        )
        """,
        now,
    )
    return [InDoubt(*row) for row in await connection.fetch(_GIVE_UP, "WORKER_LOST", now)]
