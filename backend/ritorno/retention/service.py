"""Changing a clock: who approved it, why, and on which signed assessment (C-30, C-34)."""

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import service as accountability
from ritorno.activity import service as activity
from ritorno.kit import clock as time
from ritorno.kit.actor import Actor
from ritorno.retention import queries
from ritorno.retention.errors import PeriodFixed, PeriodNeedsAssessment, PeriodsOutOfOrder
from ritorno.retention.models import RetentionPeriod
from ritorno.retention.rules import DEFAULTS, FIXED, Clock, Period, is_ordered, needs_assessment
from ritorno.retention.schemas import RetentionPeriodPut


async def set_period(session: AsyncSession, clock: Clock, body: RetentionPeriodPut, *, actor: Actor) -> RetentionPeriod:
    """Keep one kind of data for another time, from tonight.

    Purchases are kept longer than the default only as long as a signed assessment says (C-30), and the register must
    say the new period before it is in force (C-34).
    """
    if clock in FIXED:
        raise PeriodFixed(clock=clock.value)
    assessment = await queries.find_assessment(session)
    if needs_assessment(clock, body.months, assessment.months if assessment else None):
        raise PeriodNeedsAssessment(clock=clock.value, default_months=DEFAULTS[clock].months)
    after = await queries.periods(session) | {clock: Period(months=body.months)}
    if not is_ordered(after[Clock.PURCHASES_PROFILED], after[Clock.PURCHASES_TRACED]):
        raise PeriodsOutOfOrder()
    if body.months != DEFAULTS[clock].months:
        await accountability.require_registered(session, retention=(clock.value, f"P{body.months}M"))
    row = await session.get(RetentionPeriod, clock.value, with_for_update=True)
    if row is None:
        row = RetentionPeriod(clock=clock)
        session.add(row)
    longer = body.months > (DEFAULTS[clock].months or 0)
    row.months, row.approver, row.reason = body.months, body.approver, body.reason
    row.assessment_id = assessment.id if assessment and longer else None
    row.changed_at, row.changed_by = time.now(), actor.name
    await session.flush()
    await activity.record(
        session,
        actor,
        "retention.changed",
        subject="retention",
        details={"clock": clock, "months": body.months, "assessment_id": str(row.assessment_id or "")},
    )
    return row
