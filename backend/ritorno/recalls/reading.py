"""Recalls put into words and figures for the screens."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import clock
from ritorno.kit.money import MoneyRead
from ritorno.kit.pages import Page, PageQuery
from ritorno.messaging.rules import MessageStatus
from ritorno.recalls import planner, queries, rules, service
from ritorno.recalls.errors import PeriodTooLong
from ritorno.recalls.models import Recall, RecallRun
from ritorno.recalls.queries import Named
from ritorno.recalls.rehearsing import rehearse_period
from ritorno.recalls.rules import RecallKind
from ritorno.recalls.schemas import (
    RecallRead,
    RecallReasonRead,
    RecallRehearsalRead,
    RecallRehearsalRequest,
    RecallRunRead,
    WeekRead,
)
from ritorno.stores import queries as stores
from ritorno.touches import queries as touch_queries
from ritorno.touches.results import Measured, measure
from ritorno.touches.schemas import ResultsRead
from ritorno.touches.wording import reason_sentence

LONGEST = timedelta(days=366)


async def recalls_read(session: AsyncSession, found: Sequence[Named]) -> list[RecallRead]:
    """Return recalls with their next run, how many it would plan, and what became of the last one."""
    business = await stores.get_business(session)
    local = clock.now().astimezone(ZoneInfo(business.timezone))
    today = local.date()
    runs = await queries.latest_runs(session, [each.recall.id for each in found])
    statuses = await touch_queries.statuses_of(session, {run.touch_id for run in runs.values() if run.touch_id})
    shown = []
    for named in found:
        run = runs.get(named.recall.id)
        next_on = rules.next_run_on(today, local.time(), ran_today=run is not None and run.on_date == today)
        wished = await planner.wishes(session, named, await service.day_of(session, next_on))
        shown.append(_read(named, next_on, sum(not wish.is_too_late for wish in wished), _last_run(run, statuses)))
    return shown


def _read(named: Named, next_on: date, due_count: int, last_run: RecallRunRead | None) -> RecallRead:
    recall = named.recall
    return RecallRead(
        id=recall.id,
        kind=RecallKind(recall.kind),
        name=recall.name,
        is_active=recall.is_active,
        template_id=recall.template_id,
        template_name=named.template.name,
        channel=named.template.channel,
        category_id=recall.category_id,
        category_name=named.category_name,
        control_share=recall.control_share,
        window_days=recall.window_days,
        cooldown_days=recall.cooldown_days,
        lead_days=recall.lead_days,
        send_from=recall.send_from,
        send_until=recall.send_until,
        eligibility_segment_id=recall.eligibility_segment_id,
        version=recall.version,
        next_run_on=next_on,
        due_count=due_count,
        last_run=last_run,
    )


def _last_run(run: RecallRun | None, statuses: Mapping[UUID | None, Mapping[str, int]]) -> RecallRunRead | None:
    return None if run is None else run_read(run, statuses.get(run.touch_id, {}))


def run_read(run: RecallRun, counts: Mapping[str, int]) -> RecallRunRead:
    """Return a run with its messages as they stand now; a message sent stays sent when it bounces."""

    def count(*statuses: MessageStatus) -> int:
        return sum(counts.get(status, 0) for status in statuses)

    return RecallRunRead(
        on=run.on_date,
        touch_id=run.touch_id,
        planned=sum(counts.values()),
        sent=count(MessageStatus.SENT, MessageStatus.DELIVERED, MessageStatus.BOUNCED),
        skipped=count(MessageStatus.SKIPPED),
        control=count(MessageStatus.CONTROL),
        waiting=count(MessageStatus.QUEUED, MessageStatus.CLAIMED, MessageStatus.SENDING, MessageStatus.DEFERRED),
    )


async def list_runs(session: AsyncSession, recall_id: UUID, query: PageQuery) -> Page[RecallRunRead]:
    """Return the runs of a recall, newest first."""
    page: Page[Any] = await queries.list_runs(session, recall_id, query)
    statuses = await touch_queries.statuses_of(session, {run.touch_id for run in page.items if run.touch_id})
    page.items = [run_read(run, statuses.get(run.touch_id, {})) for run in page.items]
    return page


async def rehearse_recall(
    session: AsyncSession, named: Named, asked: RecallRehearsalRequest, *, language: str, at: datetime
) -> RecallRehearsalRead:
    """Return what a recall would have done on a day or over a period."""
    first, last = (asked.on, asked.on) if asked.on else (asked.from_, asked.until)
    if first is None or last is None:
        raise ValueError("the schema asks for a day or a period")
    if last - first > LONGEST:
        raise PeriodTooLong()
    business = await stores.get_business(session)
    uses_purchases = await service.uses_purchases_of(session, named)
    period = await rehearse_period(session, named, first, last, uses_purchases=uses_purchases, at=at)
    found = period.outcomes
    return RecallRehearsalRead(
        from_on=first,
        until_on=last,
        occasions=len(period.occasions),
        people=found.audience,
        will_receive=found.will_receive,
        control=found.control,
        deferred=found.deferred,
        denied=found.denied,
        held_back=period.held_back,
        cost=MoneyRead.of(found.cost_minor, business.currency),
        by_reason=[
            RecallReasonRead(reason=reason, family=family, count=count, sentence=reason_sentence(reason, language))
            for (reason, family), count in found.by_reason.most_common()
        ],
        weeks=[WeekRead(week_on=week_on, messages=messages) for week_on, messages in period.weeks.items()],
    )


async def results_of(session: AsyncSession, recall: Recall, *, language: str, at: datetime) -> ResultsRead:
    """Return what a recall earned over all its runs."""
    touches = await queries.touches_of(session, recall.id)
    return await measure(session, Measured(recall.name, "recall", touches, recall.id), language=language, at=at)
