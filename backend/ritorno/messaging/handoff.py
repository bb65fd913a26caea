"""The statements that move work in flight: claim, mark, record, expire. Each changes a whole group (DATABASE G).

The queue row decides who may act: a message is handed over only by the worker that turned its row from `claimed` to
`sending`, and that turn is committed before the first byte leaves. So a death in between leaves a row that says so,
and nobody hands it over again.

Whoever needs several queue rows locks them in the order of their ids, or skips the locked ones: a pause and a lane can
wait for each other, never both at once.
"""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, Decision
from ritorno.kit.db import driver
from ritorno.messaging.planning import BULK
from ritorno.messaging.rules import MessageStatus, QueueState

_STATE = "jsonb_build_array(jsonb_build_object('status', {status}, 'at', $2::timestamptz, 'detail', {detail}))"


HELD_TOUCH = """(
    exists (select from touch_holds held where held.touch_id = queued.touch_id)
    or exists (
        select from stream_holds held
        where held.channel = queued.channel and held.stream = queued.stream and held.lifted_at is null
    )
)"""
"""Whether a row of the queue may not go on now, because its touch or its whole stream is paused."""


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
    receiver: str = ""
    expires_at: datetime | None = None
    resends: int = 0


class Line(NamedTuple):
    """One stream of one channel (E-09)."""

    channel: str
    stream: str


def line_of(message: Claimed) -> Line:
    """Return the line a message goes out on."""
    return Line(message.channel, message.template_class)


BY_HAND = frozenset({Channel.POST, Channel.PHONE_OPERATOR})
"""A person carries these out of the house: a batch of letters and a call list claim them, never the road."""


def _fair(state: str, line: str, taken: str) -> str:
    """Return the statement that takes a fair share for each touch of what is due, one person's messages first.

    The touches in flight are found by jumping from one to the next in the index, so what waits is never scanned; the
    jump after the last touch finds nothing, and stands for the messages to one person, which belong to no touch.
    """

    def rows(touch: str, columns: str, limit: str) -> str:
        return f"""
            select {columns} from message_queue queued
            where queued.state = '{state}' and {line.format("turn")} and {touch} and queued.due_at <= $1
            order by queued.priority, queued.due_at, queued.message_id limit {limit}
        """

    def heads(columns: str, limit: str, lock: str) -> str:
        of_touch = rows("queued.touch_id = turn.touch_id", columns, limit)
        of_nobody = rows("turn.touch_id is null and queued.touch_id is null", columns, limit)
        return f"select * from ({of_touch} {lock}) one union all select * from ({of_nobody} {lock}) other"

    def following(after: str) -> str:
        return f"""
            select queued.touch_id from message_queue queued
            where queued.state = '{state}' and {line.format("turn")} and {after}
            order by queued.touch_id limit 1
        """

    place = "queued.message_id, queued.channel, queued.stream, queued.receiver"
    return f"""
    with recursive turns as (
        select turn.channel, turn.stream, ({following("queued.touch_id is not null")}) as touch_id
        from unnest($5::text[], $6::text[]) turn(channel, stream)
        union all
        select turn.channel, turn.stream, ({following("queued.touch_id > turn.touch_id")})
        from turns turn where turn.touch_id is not null
    ), due as (
        select turn.*, least(head.priority, {BULK}) as tier
        from turns turn cross join lateral ({heads("queued.priority", "1", "")}) head
        where not exists (select from touch_holds held where held.touch_id = turn.touch_id)
    ), shares as (
        select due.*, greatest(1, $4::int / count(*) over ()) as share
        from due where tier = (select min(tier) from due) order by random() limit $4
    ), picked as (
        select mine.* from shares turn cross join lateral (
            {heads(place, "turn.share", "for update skip locked")}
        ) mine
    ), taken as (
        {taken}
    )
    select taken.state, message.id, message.customer_id, message.contact_point_id, message.channel, message.purpose,
        message.service_kind, message.template_class, message.similarity_group, message.uses_purchases,
        message.template_id, message.template_version, message.language, message.values, message.due_at, taken.attempts,
        taken.receiver, message.expires_at, message.resends
    from taken join messages message on message.id = taken.message_id
    order by message.id
    """


_RETURNING = "queued.message_id, queued.attempts, queued.receiver, queued.state"

_CLAIM = _fair(
    "queued",
    "queued.channel = {0}.channel and queued.stream = {0}.stream",
    f"""
    update message_queue queued set
        state = case when pace.receiver is null then 'claimed' else 'paced' end,
        worker = case when pace.receiver is null then $2::uuid end,
        lease_until = case when pace.receiver is null then $3::timestamptz end
    from picked left join send_paces pace
        on pace.channel = picked.channel and pace.stream = picked.stream and pace.receiver = picked.receiver
    where queued.message_id = picked.message_id returning {_RETURNING}
    """,
)

_CLAIM_PACED = _fair(
    "paced",
    "queued.channel = {0}.channel and queued.stream = {0}.stream and queued.receiver = $7",
    f"""
    update message_queue queued set state = 'claimed', worker = $2, lease_until = $3
    from picked where queued.message_id = picked.message_id returning {_RETURNING}
    """,
)


class Claim(NamedTuple):
    """What one claim took, and how many it only moved into the line of their receiver."""

    messages: list[Claimed]
    set_aside: int


async def claim(
    session: AsyncSession, worker: UUID, *, lines: Sequence[Line], now: datetime, lease: timedelta, limit: int
) -> Claim:
    """Take a fair share of what is due on these lines, skipping what others are taking; the lease says until when.

    What goes to a receiver with a pace is set aside: its own line gives it back as tokens come.
    """
    connection = await driver(session)
    rows = await connection.fetch(_CLAIM, now, worker, now + lease, limit, *_columns(lines))
    messages = [Claimed(*row[1:]) for row in rows if row[0] == QueueState.CLAIMED]
    return Claim(messages, len(rows) - len(messages))


async def claim_paced(
    session: AsyncSession, worker: UUID, line: Line, receiver: str, *, now: datetime, lease: timedelta, limit: int
) -> list[Claimed]:
    """Take what the tokens of one receiver allow from its line."""
    connection = await driver(session)
    rows = await connection.fetch(_CLAIM_PACED, now, worker, now + lease, limit, *_columns([line]), receiver)
    return [Claimed(*row[1:]) for row in rows]


async def release_paced(session: AsyncSession, line: Line, receiver: str) -> None:
    """Give the line of a receiver back to the road: it has no limit any more."""
    connection = await driver(session)
    await connection.execute(
        """
        update message_queue set state = 'queued' where message_id in (
            select message_id from message_queue
            where state = 'paced' and channel = $1 and stream = $2 and receiver = $3 for update skip locked
        )
        """,
        *line,
        receiver,
    )


def _columns(lines: Sequence[Line]) -> tuple[list[str], list[str]]:
    return [line.channel for line in lines], [line.stream for line in lines]


_MARK = f"""
with held as (
    select message_id from message_queue queued
    where message_id = any($1::uuid[]) and worker = $3 and state = 'claimed'
        and not {HELD_TOUCH}
    order by message_id for update
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


async def record_costs(session: AsyncSession, costs: dict[UUID, int]) -> None:
    """Note what messages cost by the words they really leave with (M-04)."""
    if costs:
        connection = await driver(session)
        await connection.execute(
            """
            update messages message set cost_minor = told.cost
            from unnest($1::uuid[], $2::bigint[]) told(id, cost)
            where message.id = told.id and message.cost_minor <> told.cost
            """,
            list(costs),
            list(costs.values()),
        )


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
    sent_at = case when told.status = 'sent' then $2 else message.sent_at end, ended_at = $2,
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
    """Take messages out of the queue from before a hand-over; without a worker, whoever holds them loses them."""
    return await _end(session, ended, now=now, states=["queued", "claimed", "paced"], worker=worker, also=[])


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


async def release(session: AsyncSession, worker: UUID, message_ids: Collection[UUID] | None = None) -> None:
    """Give back, untouched, what this worker holds and has not begun to hand over: these, or everything."""
    connection = await driver(session)
    await connection.execute(
        """
        update message_queue set state = 'queued', worker = null, lease_until = null where message_id in (
            select message_id from message_queue where worker = $1 and state = 'claimed'
                and ($2::uuid[] is null or message_id = any($2))
            for update skip locked
        )
        """,
        worker,
        None if message_ids is None else list(message_ids),
    )


_GIVE_UP = f"""
with dead as (
    delete from message_queue where message_id in (
        select message_id from message_queue
        where worker is not null and state = 'sending' and lease_until < $2 for update skip locked
    ) returning message_id
)
update messages message set status = 'unknown', ended_at = $2,
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
            select message_id from message_queue
            where worker is not null and state = 'claimed' and lease_until < $1 for update skip locked
        )
        """,
        now,
    )
    # A claim may set messages aside for a pace that another worker is just forgetting.
    await connection.execute(
        """
        update message_queue set state = 'queued' where message_id in (
            select message_id from message_queue queued
            where queued.state = 'paced' and not exists (
                select from send_paces pace where pace.channel = queued.channel and pace.stream = queued.stream
                    and pace.receiver = queued.receiver
            ) for update skip locked
        )
        """
    )
    return [InDoubt(*row) for row in await connection.fetch(_GIVE_UP, "WORKER_LOST", now)]
