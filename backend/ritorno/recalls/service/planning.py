"""Planning a day: every active recall once, one message per person, and an occasion kept for each (DESIGN §7)."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents.rules import Facts, Reason, Verdict, decide
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.ids import uuid7
from ritorno.messaging import permissions
from ritorno.messaging import service as messaging
from ritorno.messaging.models import Message
from ritorno.messaging.rules import MessageStatus, TemplateStatus
from ritorno.recalls import planner, queries, rules
from ritorno.recalls.models import Recall, RecallOccasion, RecallRun
from ritorno.recalls.planner import Day, Wish
from ritorno.recalls.queries import Named
from ritorno.recalls.rules import Claim, RecallKind
from ritorno.segments import queries as segments
from ritorno.segments.queries import among
from ritorno.stores import queries as stores
from ritorno.touches import queries as touch_queries
from ritorno.touches import service as touches
from ritorno.touches.audience import Person
from ritorno.touches.models import Touch
from ritorno.touches.service import BATCH, Opening
from ritorno.touches.states import TouchKind


@dataclass(slots=True)
class _Bid:
    """One recall's turn in a day: its run, its wishes, and what the gate says to each."""

    named: Named
    run: RecallRun
    wishes: list[Wish]
    facts: dict[UUID, Facts]
    uses_purchases: bool


async def day_of(session: AsyncSession, on: date, at: datetime | None = None) -> Day:
    """Return a day to plan: today as of now, any other as of the morning of that day."""
    business = await stores.get_business(session)
    zone = ZoneInfo(business.timezone)
    if at is None:
        now = clock.now()
        at = now if now.astimezone(zone).date() == on else datetime.combine(on, rules.RUNS_AT, zone)
    return Day(on, at, zone, business.language)


async def run_day(
    session: AsyncSession, on: date, actor: Actor, *, at: datetime | None = None
) -> dict[str, Counter[str]]:
    """Plan every active recall for a day, once: what ran already is left alone. Returns, by recall, how many of each
    outcome.

    The day is planned whole in one unit of work, because one message per person is decided over all recalls: a crash
    leaves nothing.
    """
    day = await day_of(session, on, at)
    bids = []
    for named in await queries.active_recalls(session):
        bid = await _open(session, named, day)
        if bid is not None:
            bids.append(bid)
    best = rules.winners(claim for bid in bids for claim in _claims(bid, day))
    outcomes = {}
    for bid in bids:
        outcomes[bid.named.recall.name] = await _plan(session, bid, best, day)
        await activity.record(
            session,
            actor,
            "recall.planned",
            subject="recall",
            subject_id=bid.named.recall.id,
            details={"on": on.isoformat(), "counts": dict(outcomes[bid.named.recall.name])},
        )
    return outcomes


async def _open(session: AsyncSession, named: Named, day: Day) -> _Bid | None:
    """Claim a recall's day; None when it is taken, or when its template cannot be sent (B-25)."""
    if named.template.status != TemplateStatus.READY:
        await activity.open_task(
            session,
            kind="recall_template_broken",
            key=f"recall_template_broken:{named.recall.id}:{named.template.version}",
            subject="recall",
            subject_id=named.recall.id,
        )
        return None
    claimed = (
        insert(RecallRun)
        .values(id=uuid7(), recall_id=named.recall.id, on_date=day.on, counts={}, created_at=clock.now())
        .on_conflict_do_nothing()
        .returning(RecallRun.id)
    )
    run_id = await session.scalar(claimed)
    if run_id is None:
        return None
    wished = await planner.wishes(session, named, day)
    uses_purchases = await uses_purchases_of(session, named)
    facts = await permissions.load_facts(session, {wish.customer_id for wish in wished}, at=day.at)
    return _Bid(named, await session.get_one(RecallRun, run_id), wished, facts, uses_purchases)


async def uses_purchases_of(session: AsyncSession, named: Named) -> bool:
    """Return whether a recall is profiling (C-18): a rhythm is, a wish that uses the birth date alone is not (D-S8)."""
    if named.recall.kind == RecallKind.RHYTHM or named.template.uses_purchases:
        return True
    if named.recall.eligibility_segment_id is None:
        return False
    return (await segments.get_segment(session, named.recall.eligibility_segment_id)).uses_purchases


def _claims(bid: _Bid, day: Day) -> list[Claim]:
    """Return the wishes that could really be sent: who may not be written to for one reason may be for another."""
    ask = messaging.ask_for(bid.named.template, uses_purchases=bid.uses_purchases)
    may = {Verdict.ALLOW, Verdict.DEFER}
    return [
        Claim(bid.named.recall.id, wish.customer_id, RecallKind(bid.named.recall.kind), wish.occasion, wish.value_minor)
        for wish in bid.wishes
        if not wish.is_too_late and decide(bid.facts[wish.customer_id], ask, day.at).verdict in may
    ]


async def _plan(session: AsyncSession, bid: _Bid, best: dict[UUID, Claim], day: Day) -> Counter[str]:
    if not bid.wishes:
        return Counter()
    recall = bid.named.recall
    touch = await touches.open_touch(
        session,
        Opening(
            kind=TouchKind.RECALL,
            subject_id=bid.run.id,
            name=recall.name,
            template=bid.named.template,
            uses_purchases=bid.uses_purchases,
            occasion="",
            control_share=recall.control_share,
            salt=recall.salt,
            window_days=recall.window_days,
        ),
        at=due_at(recall, day),
    )
    bid.run.touch_id = touch.id
    people = [_person(wish, bid, best, day) for wish in bid.wishes]
    counted: Counter[str] = Counter()
    for start in range(0, len(people), BATCH):
        counted += await touches.plan_people(session, touch, people[start : start + BATCH], at=day.at)
    await _keep_occasions(session, bid, touch, day)
    await touches.finish_planning(session, await touch_queries.get_touch(session, touch.id), at=day.at)
    bid.run.counts = dict(counted)
    return counted


def _person(wish: Wish, bid: _Bid, best: dict[UUID, Claim], day: Day) -> Person:
    winner = best.get(wish.customer_id)
    skip = None
    if wish.is_too_late:
        skip = Reason.TOO_LATE
    elif winner is not None and (winner.recall_id, winner.occasion) != (bid.named.recall.id, wish.occasion):
        skip = Reason.ARBITRATED
    is_wish = bid.named.recall.kind == RecallKind.BIRTHDAY
    return Person(
        wish.customer_id,
        occasion=wish.occasion,
        values=wish.values,
        skip=skip,
        expires_at=rules.birthday_expires(wish.kept_on, day.zone) if is_wish else None,
    )


def due_at(recall: Recall, day: Day) -> datetime:
    """Return when a day's messages may leave: now inside the hours, else when they next open. Wall time, so a DST
    night moves nothing.
    """
    opens, closes = rules.hours_of(day.on, recall.send_from, recall.send_until)
    opens, closes = opens.replace(tzinfo=day.zone), closes.replace(tzinfo=day.zone)
    if day.at < opens:
        return opens
    if day.at < closes:
        return day.at
    next_day, _ = rules.hours_of(day.on + timedelta(days=1), recall.send_from, recall.send_until)
    return next_day.replace(tzinfo=day.zone)


async def _keep_occasions(session: AsyncSession, bid: _Bid, touch: Touch, day: Day) -> None:
    """Remember what was planned, so that it is never planned again; who only lost to another recall today may be
    planned tomorrow.
    """
    rows = await session.execute(
        select(Message.customer_id, Message.occasion, Message.status).where(
            Message.touch_id == touch.id,
            among(Message.customer_id, [wish.customer_id for wish in bid.wishes]),
            Message.reason.is_distinct_from(Reason.ARBITRATED),
        )
    )
    kept = [
        {
            "recall_id": bid.named.recall.id,
            "customer_id": row.customer_id,
            "occasion": row.occasion,
            "run_id": bid.run.id,
            "on_date": day.on,
            "was_reached": row.status in {MessageStatus.QUEUED, MessageStatus.DEFERRED, MessageStatus.CONTROL},
        }
        for row in rows
    ]
    for start in range(0, len(kept), BATCH):
        await session.execute(insert(RecallOccasion).values(kept[start : start + BATCH]).on_conflict_do_nothing())
