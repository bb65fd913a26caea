"""The dry run: what tonight would remove, counted by the conditions the night itself uses (C-31)."""

from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import clock as time
from ritorno.kit.db import driver
from ritorno.messaging.confirming import find_unconfirmed
from ritorno.retention import ledgers, queries
from ritorno.retention.clocks import STATEMENTS, moment_of
from ritorno.retention.rules import Clock, start_of
from ritorno.retention.schemas import ClockCountRead, RetentionPreviewRead
from ritorno.stores.queries import get_business


async def preview(session: AsyncSession) -> RetentionPreviewRead:
    """Return what each clock would let go of if the night were now."""
    zone = (await get_business(session)).timezone
    today = time.today(zone)
    periods = await queries.periods(session)
    connection = await driver(session)
    clocks: list[ClockCountRead] = []
    for clock in Clock:
        since = start_of(periods[clock], today)
        count, oldest = 0, None
        if clock is Clock.PENDING_CONFIRMATIONS:
            count = sum(len(each) for each in await find_unconfirmed(session, now=time.now()))
        elif clock is Clock.CONSENT_PROOF and since is not None:
            count, oldest = await ledgers.count_consents(session, moment_of(since, zone))
        elif clock in STATEMENTS and since is not None:
            count, oldest = await connection.fetchrow(STATEMENTS[clock].counted, moment_of(since, zone))
        clocks.append(ClockCountRead(clock=clock, kept_since=since, count=count, oldest_on=_day(oldest, zone)))
    return RetentionPreviewRead(day=today, clocks=clocks)


def _day(moment: object, zone: str) -> date | None:
    return moment.astimezone(ZoneInfo(zone)).date() if hasattr(moment, "astimezone") else None
