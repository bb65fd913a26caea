"""Who has a reason to be written to on a day: the wishes of each recall, before the gate and before arbitration.

Deterministic: the same day on the same data gives the same wishes, in the same order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import Customer
from ritorno.kit.dates import day_and_month
from ritorno.recalls import queries, rules
from ritorno.recalls.models import Recall
from ritorno.recalls.queries import Named
from ritorno.recalls.rules import RecallKind
from ritorno.scores import queries as scores
from ritorno.scores.models import CustomerScore
from ritorno.scores.queries import Candidate
from ritorno.scores.words import reason_sentence
from ritorno.segments import queries as segments
from ritorno.segments.compiler import ALIVE
from ritorno.segments.rules import birthdays_kept
from ritorno.segments.schemas import read_tree

BATCH = 5_000
MOST_MISSED_DAYS = 7
"""How far back a wish missed in an outage is still told as missed; older ones are no news."""


@dataclass(frozen=True, slots=True)
class Wish:
    """One recall's wish to write to one person."""

    customer_id: UUID
    occasion: str
    value_minor: int
    values: dict[str, str | None]
    label: str | None
    kept_on: date
    is_too_late: bool = False
    rhythm: Candidate | None = None


@dataclass(frozen=True, slots=True)
class Day:
    """The day that is planned: the instant it is planned at, and the zone of the business."""

    on: date
    at: datetime
    zone: ZoneInfo
    language: str

    @property
    def local_time(self) -> time:
        """Return the wall time of planning; a day planned beforehand begins at midnight, a past one is planned in its
        morning.
        """
        local = self.at.astimezone(self.zone)
        return local.time() if local.date() == self.on else time(0)


async def wishes(session: AsyncSession, named: Named, day: Day, *, again: bool = False) -> list[Wish]:
    """Return whom a recall wants to write to on a day, most valuable first.

    With `again`, also those it planned before but did not reach: a person at the counter may still do what a message
    could not.
    """
    found = await (
        _birthdays(session, named, day) if named.recall.kind == RecallKind.BIRTHDAY else _rhythms(session, named, day)
    )
    return await _still_wanted(session, named.recall, found, day, again=again)


async def _birthdays(session: AsyncSession, named: Named, day: Day) -> list[Wish]:
    kept = day.on + timedelta(days=named.recall.lead_days)
    days = [kept, *await _missed(session, named.recall, kept, day)]
    found = []
    for each in days:
        statement = (
            select(Customer.id, Customer.language, CustomerScore.expected_value_minor)
            .outerjoin(CustomerScore, CustomerScore.customer_id == Customer.id)
            .where(Customer.birthday.in_(birthdays_kept(each)), *ALIVE)
            .order_by(Customer.id)
        )
        late = rules.birthday_is_too_late(each, kept, day.local_time) if each != kept else False
        for customer_id, language, value in await session.execute(statement):
            found.append(
                Wish(
                    customer_id=customer_id,
                    occasion=rules.birthday_occasion(each),
                    value_minor=value or 0,
                    values={"birthday.on": day_and_month(each, language)},
                    label=None,
                    kept_on=each,
                    is_too_late=late,
                )
            )
    return found


async def _missed(session: AsyncSession, recall: Recall, kept: date, day: Day) -> list[date]:
    """Return the days no run looked at since the last one: what an outage left over."""
    ran = await queries.last_run_before(session, recall.id, day.on)
    began = recall.active_since.astimezone(day.zone).date() if recall.active_since else day.on
    gap = min((day.on - max(ran or began, began)).days - 1, MOST_MISSED_DAYS)
    return [kept - timedelta(days=ago) for ago in range(1, gap + 1)]


async def _rhythms(session: AsyncSession, named: Named, day: Day) -> list[Wish]:
    recall = named.recall
    on = day.on + timedelta(days=recall.lead_days)
    due = [
        each
        for batch in batched(await queries.windows_closed(session, on, recall.category_id))
        for each in await scores.due_on(session, on, category_id=recall.category_id, customer_ids=batch)
        if rules.is_missed(each.last_on, each.likely_to, on)
    ]
    alive = await _languages(session, [each.customer_id for each in due])
    return [
        Wish(
            customer_id=each.customer_id,
            occasion=rules.rhythm_occasion(recall.category_id, each.last_on),
            value_minor=each.expected_value_minor,
            values={
                "recall.reason": reason_sentence(each.reason, alive[each.customer_id]),
                "recall.category": each.category_name,
            },
            label=each.category_name,
            kept_on=each.due_on,
            rhythm=each,
        )
        for each in due
        if each.customer_id in alive
    ]


def batched(ids: list[UUID]) -> list[list[UUID]]:
    """Return ids in batches small enough for one statement."""
    return [ids[start : start + BATCH] for start in range(0, len(ids), BATCH)]


async def _languages(session: AsyncSession, customer_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return the language of those whose card is open."""
    rows = await session.execute(
        select(Customer.id, Customer.language).where(segments.among(Customer.id, customer_ids), *ALIVE)
    )
    return {row.id: row.language for row in rows}


async def _still_wanted(
    session: AsyncSession, recall: Recall, found: list[Wish], day: Day, *, again: bool
) -> list[Wish]:
    """Leave out who was planned already for this occasion, was reached too recently, was dismissed, or is not
    eligible.
    """
    if not found:
        return []
    ids = [wish.customer_id for wish in found]
    planned = await queries.planned_occasions(session, recall.id, ids, reached_only=again)
    reached = await queries.last_reached(session, recall.id, ids)
    dismissed = await queries.dismissed(session, recall.id, ids, day.on)
    eligible = await _eligible(session, recall, ids, day)
    return [
        wish
        for wish in found
        if (wish.customer_id, wish.occasion) not in planned
        and not rules.is_cooling(reached.get(wish.customer_id), day.on, recall.cooldown_days)
        and wish.customer_id not in dismissed
        and (eligible is None or wish.customer_id in eligible)
    ]


async def _eligible(session: AsyncSession, recall: Recall, ids: list[UUID], day: Day) -> set[UUID] | None:
    if recall.eligibility_segment_id is None:
        return None
    segment = await segments.get_segment(session, recall.eligibility_segment_id)
    tree = read_tree(segment.tree)
    moment = await segments.moment_of(session, tree, day.at)
    return await segments.members_among(session, tree, moment, ids)
