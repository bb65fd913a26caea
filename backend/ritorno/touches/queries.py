"""Reads of touches: their own rows, and what people did in the window, by arm as assigned."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, bindparam, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.messaging.models import Message, QueuedMessage
from ritorno.messaging.rules import QueueState
from ritorno.touches.errors import TouchNotFound
from ritorno.touches.models import Touch
from ritorno.touches.states import TouchState
from ritorno.touches.statistics import Spend


async def get_touch(session: AsyncSession, touch_id: UUID, *, for_update: bool = False) -> Touch:
    touch = await session.get(Touch, touch_id, with_for_update=for_update or None)
    if touch is None:
        raise TouchNotFound()
    return touch


async def touches_of(session: AsyncSession, subject_id: UUID) -> Sequence[Touch]:
    """Return the touches of one campaign or recall, oldest first."""
    return (
        await session.scalars(select(Touch).where(Touch.subject_id == subject_id).order_by(Touch.starts_at, Touch.id))
    ).all()


async def statuses_of(session: AsyncSession, touch_ids: Collection[UUID]) -> dict[UUID | None, dict[str, int]]:
    """Return how many messages of each touch stand in each state."""
    statement = (
        select(Message.touch_id, Message.status, func.count())
        .where(Message.touch_id.in_(touch_ids))
        .group_by(Message.touch_id, Message.status)
    )
    found: dict[UUID | None, dict[str, int]] = {}
    for touch_id, status, count in await session.execute(statement):
        found.setdefault(touch_id, {})[status] = count
    return found


async def is_anything_queued(session: AsyncSession, touch_id: UUID) -> bool:
    """Return whether a message of the touch is still on its way out."""
    of_touch = select(QueuedMessage.message_id).where(QueuedMessage.touch_id == touch_id).limit(1)
    for is_queued in (QueuedMessage.state == QueueState.QUEUED, QueuedMessage.state != QueueState.QUEUED):
        # Each half has an index of its own.
        if (await session.execute(of_touch.where(is_queued))).first() is not None:
            return True
    return False


async def sent_since(session: AsyncSession, touch_ids: Collection[UUID], since: datetime) -> dict[UUID | None, int]:
    """Return how many messages of each touch were handed over after a moment."""
    statement = select(Message.touch_id, func.count()).where(Message.touch_id.in_(touch_ids), Message.sent_at > since)
    return {row[0]: row[1] for row in await session.execute(statement.group_by(Message.touch_id))}


async def planning_among(session: AsyncSession, touch_ids: Collection[UUID]) -> set[UUID]:
    """Return the touches whose audience is still being frozen."""
    statement = select(Touch.id).where(Touch.id.in_(touch_ids), Touch.state == TouchState.PLANNING)
    return set(await session.scalars(statement))


async def spends_before(session: AsyncSession, touch: Touch) -> list[tuple[int, bool]]:
    """Return what every eligible person spent in a window of the same length before the start, and whether they came
    at all.
    """
    rows = await session.execute(
        text(
            """
            select coalesce(sum(bought.total_minor), 0)::bigint,
                   coalesce(bool_or(bought.kind = 'SALE' and bought.total_minor > 0), false)
            from (select distinct customer_id from messages where touch_id = :touch_id and arm is not null) person
            left join transactions bought
              on bought.customer_id = person.customer_id
             and bought.occurred_at >= cast(:starts_at as timestamptz) - make_interval(days => :days)
             and bought.occurred_at < :starts_at
            group by person.customer_id
            """
        ).bindparams(touch_id=touch.id, starts_at=touch.starts_at, days=touch.window_days)
    )
    return [(spend, came) for spend, came in rows]


# ── by arm, as assigned ───────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class ArmFacts:
    """What one arm did in the window, whoever of it was really reached (intention to treat)."""

    people: int
    delivered: int
    visitors: int
    spend: Spend
    unsubscribed: int
    cost_minor: int


NOBODY = ArmFacts(0, 0, 0, Spend(0, 0, 0, 0, 0), 0, 0)

# Each person counts once, in the first window they were assigned in: a recall that comes back to the same people does
# not count them twice.
_PEOPLE = """
with person as (
    select distinct on (message.customer_id)
           message.customer_id, message.arm, touch.starts_at, touch.cap_minor, touch.id as touch_id,
           least(touch.closes_at, cast(:at as timestamptz)) as ends_at
    from messages message
    join touches touch on touch.id = message.touch_id
    where message.touch_id in :touches and message.arm is not null
    order by message.customer_id, touch.starts_at, message.id
), behaviour as (
    select person.customer_id, person.arm, person.touch_id, person.cap_minor, person.starts_at, person.ends_at,
           coalesce(sum(bought.total_minor), 0)::bigint as spend,
           min(bought.business_day) filter (where bought.kind = 'SALE' and bought.total_minor > 0) as first_on
    from person
    left join transactions bought
      on bought.customer_id = person.customer_id
     and bought.occurred_at >= person.starts_at and bought.occurred_at < person.ends_at
    group by person.customer_id, person.arm, person.touch_id, person.cap_minor, person.starts_at, person.ends_at
)
"""


def _over(statement: str, touches: Sequence[UUID], **values: Any) -> Any:
    return text(_PEOPLE + statement).bindparams(bindparam("touches", list(touches), expanding=True), **values)


async def arm_facts(session: AsyncSession, touches: Sequence[UUID], at: datetime) -> dict[str, ArmFacts]:
    """Return the sums of each arm over one touch, or over the touches of one recall."""
    if not touches:
        return {}
    rows = await session.execute(
        _over(
            """
            select behaviour.arm,
                   count(*),
                   count(*) filter (where message.status in ('sent', 'delivered')),
                   count(first_on),
                   count(*) filter (where spend > 0),
                   coalesce(sum(least(spend, coalesce(cap_minor, spend))), 0),
                   coalesce(sum(least(spend, coalesce(cap_minor, spend))::numeric ^ 2), 0),
                   coalesce(sum(spend), 0),
                   count(*) filter (where exists (
                       select 1 from consent_events said
                       where said.customer_id = behaviour.customer_id and said.action in ('WITHDRAW', 'OBJECT')
                         and said.purpose = 'MKT_OWN'
                         and said.occurred_at >= behaviour.starts_at and said.occurred_at < behaviour.ends_at
                   )),
                   coalesce(sum(message.cost_minor) filter (where message.sent_at is not null), 0)
            from behaviour
            join lateral (
                select status, cost_minor, sent_at from messages
                where touch_id = behaviour.touch_id and customer_id = behaviour.customer_id and arm is not null
                order by id limit 1
            ) message on true
            group by behaviour.arm
            """,
            touches,
            at=at,
        )
    )
    return {row[0]: _facts_of(row) for row in rows}


def _facts_of(row: Row[*tuple[Any, ...]]) -> ArmFacts:
    _, people, delivered, visitors, buyers, total, squares, uncapped, unsubscribed, cost = row
    spend = Spend(people, buyers, int(total), int(squares), int(uncapped))
    return ArmFacts(people, delivered, visitors, spend, unsubscribed, int(cost))


async def first_visits(
    session: AsyncSession, touches: Sequence[UUID], at: datetime, zone: str
) -> dict[str, dict[int, int]]:
    """Return, for each arm, how many people first came back on each day after the start."""
    rows = await session.execute(
        _over(
            """
            select arm, first_on - (starts_at at time zone :zone)::date as day, count(*)
            from behaviour where first_on is not null group by arm, day
            """,
            touches,
            at=at,
            zone=zone,
        )
    )
    found: dict[str, dict[int, int]] = {}
    for arm, day, people in rows:
        found.setdefault(arm, {})[max(day, 0)] = people
    return found


async def attributed(session: AsyncSession, touches: Sequence[UUID], at: datetime) -> tuple[int, int]:
    """Return the orders whose last message before them was one of these, and their money net of returns (X-05)."""
    row = (
        await session.execute(
            text(
                """
                select count(*) filter (where bought.kind = 'SALE' and bought.total_minor > 0),
                       coalesce(sum(bought.total_minor), 0)::bigint
                from messages message
                join touches touch on touch.id = message.touch_id
                join transactions bought
                  on bought.customer_id = message.customer_id
                 and bought.occurred_at >= message.sent_at
                 and bought.occurred_at < least(touch.closes_at, cast(:at as timestamptz))
                where message.touch_id in :touches and message.sent_at is not null
                  and not exists (
                      select 1 from messages later
                      where later.customer_id = message.customer_id and later.sent_at > message.sent_at
                        and later.sent_at <= bought.occurred_at and later.purpose = 'MKT_OWN'
                  )
                """
            ).bindparams(bindparam("touches", list(touches), expanding=True), at=at)
        )
    ).one()
    return row[0], row[1]
