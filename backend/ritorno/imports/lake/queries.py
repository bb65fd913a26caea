"""What a load asks of PostgreSQL."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.models import AssessmentRecord
from ritorno.consents.rules import AssessmentKind
from ritorno.imports.lake import rules
from ritorno.imports.lake.models import LakeLoad
from ritorno.kit import clock
from ritorno.stores.queries import get_business
from ritorno.transactions.models import PurchaseWindow

# One step down an index for each store, because no index orders all transactions by time.
_FIRST = text("""
    select min(first.business_day) from (select id from stores) store (id)
    cross join lateral (
        select business_day from transactions t where t.store_id = store.id order by occurred_at limit 1
    ) first
""")
_FIRST_WITHOUT_STORE = text("select business_day from transactions where store_id is null order by occurred_at limit 1")


async def first_recorded_day(session: AsyncSession) -> date | None:
    """Return the day of the oldest transaction, which archives must stay before."""
    found = [await session.scalar(_FIRST), await session.scalar(_FIRST_WITHOUT_STORE)]
    return min((day for day in found if day), default=None)


async def window_start(session: AsyncSession) -> date:
    """Return the first day whose purchases may still be traced to a person: as the last night of retention left it,
    and before there was one 24 months back, or as an assessment of retention says (C-30).
    """
    zone = (await get_business(session)).timezone
    traced: datetime | None = await session.scalar(select(PurchaseWindow.traced_since))
    if traced is not None:
        return traced.astimezone(ZoneInfo(zone)).date()
    months = await session.scalar(
        select(AssessmentRecord.months)
        .where(AssessmentRecord.kind == AssessmentKind.RETENTION)
        .order_by(AssessmentRecord.signed_on.desc(), AssessmentRecord.recorded_at.desc())
        .limit(1)
    )
    return rules.window_start(clock.today(zone), months or rules.WINDOW_MONTHS)


async def profiled_start(session: AsyncSession) -> date:
    """Return the first day whose purchases may still say what somebody likes; never one before the window."""
    traced = await window_start(session)
    profiled: datetime | None = await session.scalar(select(PurchaseWindow.profiled_since))
    if profiled is None:
        return traced
    return max(traced, profiled.astimezone(ZoneInfo((await get_business(session)).timezone)).date())


async def find_load(session: AsyncSession, sha256: str, dataset: str) -> LakeLoad | None:
    return await session.scalar(select(LakeLoad).where(LakeLoad.sha256 == sha256, LakeLoad.dataset == dataset))
