"""Reads of retention: the periods in force, and the nights."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.models import AssessmentRecord
from ritorno.consents.rules import AssessmentKind
from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.retention.models import RetentionPeriod, RetentionRun
from ritorno.retention.rules import DEFAULTS, FIXED, Clock, Period
from ritorno.retention.schemas import RetentionPeriodRead
from ritorno.retention.words import CLOCKS


async def periods(session: AsyncSession) -> dict[Clock, Period]:
    """Return how long everything is kept today."""
    chosen = {Clock(row.clock): Period(months=row.months) for row in await session.scalars(select(RetentionPeriod))}
    return {clock: chosen.get(clock, default) for clock, default in DEFAULTS.items()}


async def find_assessment(session: AsyncSession) -> AssessmentRecord | None:
    """Return the assessment of retention signed last (C-30)."""
    return await session.scalar(
        select(AssessmentRecord)
        .where(AssessmentRecord.kind == AssessmentKind.RETENTION)
        .order_by(AssessmentRecord.signed_on.desc(), AssessmentRecord.recorded_at.desc())
        .limit(1)
    )


async def list_periods(session: AsyncSession) -> list[RetentionPeriodRead]:
    chosen = {row.clock: row for row in await session.scalars(select(RetentionPeriod))}
    return [_read(clock, chosen.get(clock)) for clock in Clock]


async def get_period(session: AsyncSession, clock: Clock) -> RetentionPeriodRead:
    return _read(clock, await session.get(RetentionPeriod, clock.value))


def _read(clock: Clock, row: RetentionPeriod | None) -> RetentionPeriodRead:
    default = DEFAULTS[clock]
    return RetentionPeriodRead(
        clock=clock,
        months=row.months if row else default.months,
        days=None if row else default.days,
        is_default=row is None,
        is_fixed=clock in FIXED,
        because=CLOCKS[clock],
        approver=row.approver if row else None,
        reason=row.reason if row else None,
        assessment_id=row.assessment_id if row else None,
        changed_at=row.changed_at if row else None,
    )


async def list_runs(session: AsyncSession, query: PageQuery) -> Page[RetentionRun]:
    return await paginate(
        session,
        select(RetentionRun),
        key=[RetentionRun.day, RetentionRun.id],
        query=query,
        descending=True,
        cast=[date.fromisoformat, UUID],
    )


async def find_unfinished(session: AsyncSession) -> RetentionRun | None:
    """Return the night that was not finished, if there is one."""
    return await session.scalar(
        select(RetentionRun).where(RetentionRun.finished_at.is_(None)).order_by(RetentionRun.day).limit(1)
    )
