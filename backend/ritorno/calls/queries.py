"""Every read of the telephone: what waits, what was said before, what is known of the person on the line."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.calls.errors import CallNotFound
from ritorno.calls.models import Call, CallNote, OpenCall
from ritorno.calls.rules import SPOKEN, UNANSWERED, Slot, habit_of, slot_of
from ritorno.calls.schemas import CallBackDue, CallBand, CallsOfTouch, CallsWaiting, EarlierCall, LastPurchase
from ritorno.customers.queries import groups_of
from ritorno.kit import clock
from ritorno.kit.db import driver
from ritorno.messaging.handoff import HELD_TOUCH
from ritorno.messaging.models import Message
from ritorno.messaging.queries import day_bounds
from ritorno.stores.queries import get_business

# ── what waits ────────────────────────────────────────────────────────────────────────────────────────────────────────

IS_FREE = "(queued.state = 'queued' or (queued.state = 'claimed' and queued.lease_until < $1))"
"""Nobody is calling them: a lease that ended gives a person back, whether or not anything has swept it up."""

WANTS_CALL = """exists (
    select from calls made where made.message_id = queued.message_id and made.outcome = 'CALL_BACK')"""
"""The person asked to be called again."""

_WAITING = f"""
select queued.touch_id, touch.name as touch_name, touch.kind as touch_kind, touch.subject_id,
    count(*) as waiting_count,
    count(*) filter (where {IS_FREE} and queued.due_at <= $1 and not {HELD_TOUCH}) as due_count,
    count(*) filter (where {IS_FREE} and queued.due_at > $1 and not {HELD_TOUCH}) as later_count,
    count(*) filter (where {HELD_TOUCH}) as paused_count,
    count(*) filter (where {IS_FREE} and message.reason = 'RPO_STALE') as unchecked_count,
    count(*) filter (where queued.state = 'claimed' and queued.lease_until >= $1) as in_hand_count,
    min(queued.due_at) filter (where {IS_FREE} and queued.due_at <= $1) as oldest_due_at,
    min(queued.due_at) filter (where {IS_FREE} and queued.due_at > $1) as next_due_at
from message_queue queued
join messages message on message.id = queued.message_id
left join touches touch on touch.id = queued.touch_id
where queued.channel = 'PHONE_OPERATOR' and (queued.state = 'queued' or queued.state = 'claimed')
group by queued.touch_id, touch.name, touch.kind, touch.subject_id
order by due_count desc, touch.name
"""

_ENDED = """
select touch_id, count(*) as ended, count(*) filter (where status in ('sent', 'delivered')) as reached
from messages where touch_id = any($1::uuid[]) and status in ('sent', 'delivered', 'bounced', 'failed')
group by touch_id
"""

_ANSWERED = """
select message.touch_id, date_trunc('hour', made.started_at) as hour, count(*) as times
from calls made join messages message on message.id = made.message_id
where message.touch_id = any($1::uuid[]) and made.outcome = any($2::text[])
group by message.touch_id, hour
"""

_CALLBACKS = f"""
select queued.message_id, queued.touch_id, message.customer_id, queued.due_at,
    concat_ws(' ', person.given_name, person.family_name) as customer_name
from message_queue queued
join messages message on message.id = queued.message_id
join customers person on person.id = message.customer_id
where queued.channel = 'PHONE_OPERATOR' and {IS_FREE} and queued.due_at < $2 and {WANTS_CALL}
order by queued.due_at limit 50
"""


async def waiting(session: AsyncSession, operator_id: UUID | None) -> CallsWaiting:
    """Return what waits to be called, by touch and in all, and who asked to be called again today."""
    connection = await driver(session)
    now, zone = clock.now(), (await get_business(session)).timezone
    _, ends = day_bounds(clock.today(zone), zone)
    rows = await connection.fetch(_WAITING, now)
    touch_ids = [row["touch_id"] for row in rows if row["touch_id"] is not None]
    ended = {row["touch_id"]: row for row in await connection.fetch(_ENDED, touch_ids)}
    answered: dict[UUID, Counter[Slot]] = {}
    for touch_id, hour, times in await connection.fetch(_ANSWERED, touch_ids, sorted(SPOKEN)):
        answered.setdefault(touch_id, Counter())[slot_of(hour, zone)] += times
    touches = [
        CallsOfTouch(
            **row,
            ended_count=ended[row["touch_id"]]["ended"] if row["touch_id"] in ended else 0,
            reached_count=ended[row["touch_id"]]["reached"] if row["touch_id"] in ended else 0,
            best=_band(habit_of(answered.get(row["touch_id"], {}))),
        )
        for row in rows
    ]
    mine = await find_open_call(session, operator_id) if operator_id is not None else None
    if mine is not None and (await hold_of(session, mine.message_id, mine.operator_id)).lease_until is None:
        mine = None
    return CallsWaiting(
        open_call_id=mine.message_id if mine is not None else None,
        waiting_count=sum(each.waiting_count for each in touches),
        due_count=sum(each.due_count for each in touches),
        later_count=sum(each.later_count for each in touches),
        oldest_due_at=min((each.oldest_due_at for each in touches if each.oldest_due_at), default=None),
        next_due_at=min((each.next_due_at for each in touches if each.next_due_at), default=None),
        callbacks=[CallBackDue(**row) for row in await connection.fetch(_CALLBACKS, now, ends)],
        touches=touches,
    )


def _band(slot: Slot | None) -> CallBand | None:
    return CallBand(weekday=slot.weekday, band=slot.band) if slot is not None else None


async def next_due_at(session: AsyncSession, touch_id: UUID | None) -> datetime | None:
    """Return when somebody becomes due again."""
    found: datetime | None = await (await driver(session)).fetchval(
        f"""select min(queued.due_at) from message_queue queued
            where queued.channel = 'PHONE_OPERATOR' and {IS_FREE} and queued.due_at > $1 and not {HELD_TOUCH}
              and ($2::uuid is null or queued.touch_id = $2)""",
        clock.now(),
        touch_id,
    )
    return found


# ── one call ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def find_open_call(session: AsyncSession, operator_id: UUID) -> OpenCall | None:
    """Return the call an operator has in hand, also when its message was stopped meanwhile: its screen has to say so.

    Whoever takes a person over takes the row over.
    """
    return (await session.scalars(select(OpenCall).where(OpenCall.operator_id == operator_id))).one_or_none()


async def get_open_call(session: AsyncSession, message_id: UUID, operator_id: UUID) -> OpenCall:
    """Return the call this operator has in hand, or CallNotFound."""
    found = await session.get(OpenCall, message_id)
    if found is None or found.operator_id != operator_id:
        raise CallNotFound()
    return found


class Hold(NamedTuple):
    """How an operator holds a person: until when, or why no longer."""

    lease_until: datetime | None
    is_paused: bool


async def hold_of(session: AsyncSession, message_id: UUID, operator_id: UUID) -> Hold:
    """Return until when a person stays with an operator; nothing when they went back to the list or are stopped."""
    row = await (await driver(session)).fetchrow(
        f"""select case when queued.worker = $2 and queued.state = 'claimed' and queued.lease_until >= $3
                then queued.lease_until end as lease_until,
               {HELD_TOUCH} as is_paused
           from message_queue queued where queued.message_id = $1""",
        message_id,
        operator_id,
        clock.now(),
    )
    return Hold(*row) if row is not None else Hold(None, is_paused=False)


class Heard(NamedTuple):
    """What earlier calls tell of a person: when somebody answered, and when nobody did for this message."""

    answered: list[datetime]
    missed: list[datetime]
    earlier: list[EarlierCall]


async def heard_of(session: AsyncSession, message: Message) -> Heard:
    """Return the calls made to a person, on every card that became theirs, newest first."""
    cards = [member.id for member in (await groups_of(session, [message.customer_id]))[message.customer_id]]
    statement = (
        select(Call, CallNote.body)
        .outerjoin(CallNote, CallNote.call_id == Call.id)
        .where(Call.customer_id.in_([message.customer_id, *cards]))
        .order_by(Call.ended_at.desc(), Call.id.desc())
        .limit(50)
    )
    rows = (await session.execute(statement)).all()
    return Heard(
        answered=[call.started_at for call, _ in rows if call.outcome in SPOKEN],
        missed=[call.started_at for call, _ in rows if call.message_id == message.id and call.outcome in UNANSWERED],
        earlier=[
            EarlierCall(
                ended_at=call.ended_at,
                operator_name=call.operator_name,
                outcome=call.outcome,
                result=call.result,
                note=note,
            )
            for call, note in rows[:5]
        ],
    )


async def count_calls(session: AsyncSession, message_id: UUID) -> int:
    return len((await session.scalars(select(Call.id).where(Call.message_id == message_id))).all())


async def visits_of(session: AsyncSession, customer_id: UUID) -> list[datetime]:
    """Return when a person came to the shop lately: receipts of a place with a door, not of a web shop."""
    rows: Sequence[tuple[datetime]] = await (await driver(session)).fetch(
        """select occurred_at from transactions
           where customer_id = $1 and kind = 'SALE' and total_minor > 0 and store_id is not null
           order by occurred_at desc limit 60""",
        customer_id,
    )
    return [row[0] for row in rows]


async def last_purchase_of(session: AsyncSession, customer_id: UUID) -> LastPurchase | None:
    """Return what was bought last: the day, and up to three products by what was paid for them."""
    connection = await driver(session)
    last = await connection.fetchrow(
        """select id, business_day from transactions where customer_id = $1 and kind = 'SALE' and total_minor > 0
           order by occurred_at desc, id desc limit 1""",
        customer_id,
    )
    if last is None:
        return None
    names = await connection.fetch(
        """select product.name from transaction_lines line join products product on product.id = line.product_id
           where line.transaction_id = $1 group by product.name order by sum(line.total_minor) desc, product.name
           limit 3""",
        last["id"],
    )
    return LastPurchase(bought_on=last["business_day"], products=[row["name"] for row in names])
