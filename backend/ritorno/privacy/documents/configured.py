"""What is really configured and in use: the facts every document is composed from, read in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import queries as accountability
from ritorno.accountability.models import IncidentRecord, ProcessingActivity, Processor, TermsAcceptance
from ritorno.accountability.rulepack import Values, values_on
from ritorno.consents import queries as consents
from ritorno.consents.queries import NoticeTexts
from ritorno.consents.rulepack import rule_pack
from ritorno.disclosures import queries as disclosures
from ritorno.disclosures.queries import Known
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.retention.rules import DEFAULTS
from ritorno.stores import queries as stores
from ritorno.stores.models import Business


class Staff(NamedTuple):
    """One person who may see data."""

    name: str
    role: str
    has_second_factor: bool


class Counts(NamedTuple):
    """How many people each delicate processing concerns."""

    people: int
    minors: int
    profiled: int
    tracked: int
    special: int
    spending: int
    disclosed: int
    sources: int


class Guards(NamedTuple):
    """What the installation can say of its own protection."""

    is_https: bool
    has_own_role: bool
    """The application is not the owner of its tables, so it cannot change ledgers."""
    is_superuser: bool
    mail_leaves: bool


@dataclass(frozen=True, slots=True)
class Configured:
    """Everything at one moment."""

    today: date
    business: Business
    values: Values
    activities: Sequence[ProcessingActivity]
    """The whole register, rows that have ended included."""
    processors: Sequence[Processor]
    terms: TermsAcceptance | None
    incidents: Sequence[IncidentRecord]
    recipients: Sequence[Known]
    notices: Sequence[NoticeTexts]
    rpo_days: int | None
    """How long an answer of the opposition register counts, where the country has one."""
    channels: Sequence[str]
    """Channels with a sender that is ready."""
    periods: dict[str, str]
    """Clock of retention → ISO 8601 duration in force; empty where nothing runs out."""
    staff: Sequence[Staff]
    counts: Counts
    guards: Guards

    def in_force(self, side: str = "CONTROLLER") -> list[ProcessingActivity]:
        """Return the rows of a side that have not ended."""
        return [
            row for row in self.activities if row.side == side and (row.ended_on is None or row.ended_on >= self.today)
        ]

    @property
    def active_recipients(self) -> list[Known]:
        """Return the third parties that may be given data now."""
        return [each for each in self.recipients if each.recipient.activated_at and not each.recipient.ended_at]

    @property
    def active_processors(self) -> list[Processor]:
        return [each for each in self.processors if each.ended_on is None or each.ended_on >= self.today]


async def load(session: AsyncSession, settings: Settings) -> Configured:
    """Read everything."""
    business = await stores.get_business(session)
    today = clock.today(business.timezone)
    return Configured(
        today=today,
        business=business,
        values=values_on(today),
        activities=await accountability.list_activities(session),
        processors=await accountability.list_processors(session),
        terms=await accountability.find_terms_acceptance(session),
        incidents=await accountability.every_incident(session),
        recipients=await disclosures.list_recipients(session),
        notices=await consents.list_notices(session),
        rpo_days=rule_pack(business.country, today).rpo_days,
        channels=[row.channel for row in await session.execute(text(_CHANNELS))],
        periods=await _periods(session),
        staff=[Staff(*row) for row in await session.execute(text(_STAFF))],
        counts=Counts(*(await session.execute(text(_COUNTS))).one()),
        guards=await _guards(session, settings),
    )


async def _periods(session: AsyncSession) -> dict[str, str]:
    rows = await session.execute(text("select clock, months from retention_periods"))
    changed = {row.clock: row.months for row in rows}
    found = {}
    for each, period in DEFAULTS.items():
        months = changed.get(each.value, period.months)
        found[each.value] = f"P{months}M" if months else f"P{period.days}D" if period.days else ""
    return found


async def _guards(session: AsyncSession, settings: Settings) -> Guards:
    return Guards(
        is_https=settings.is_https,
        has_own_role=settings.migration_url != settings.database_url,
        is_superuser=bool(await session.scalar(text(_SUPERUSER))),
        mail_leaves=not settings.captures_mail,
    )


_CHANNELS = "select distinct channel from senders where is_ready order by channel"
_STAFF = "select name, role, totp_secret is not null from users where is_active order by role, name"
_COUNTS = """
    select
        (select count(*) from customers where erased_at is null and merged_into_id is null),
        (select count(*) from customers where erased_at is null and merged_into_id is null
            and (is_minor_flagged or birth_on > current_date - interval '18 years')),
        (select count(*) from consent_states where purpose = 'PROFILING' and standing = 'GRANTED'),
        (select count(distinct customer_id) from consent_states
            where purpose in ('TRACK_OPEN', 'TRACK_CLICK') and standing = 'GRANTED'),
        (select count(*) from consent_states where purpose = 'SPECIAL_CAT' and standing = 'GRANTED'),
        (select count(*) from customers where spending_capacity is not null and erased_at is null),
        (select count(distinct d.customer_id) from disclosures d join handovers h on h.id = d.handover_id),
        (select count(distinct source) from identifiers where kind = 'EXTERNAL')
"""
_SUPERUSER = "select rolsuper from pg_roles where rolname = current_user"
