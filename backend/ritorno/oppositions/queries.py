"""Reads of the register: the answers, how far they cover those who may be called, which numbers to ask about."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rulepack import HOME, rule_pack
from ritorno.customers.models import ContactPoint
from ritorno.kit import clock
from ritorno.kit.db import driver
from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.oppositions.models import OppositionCheck, OppositionUpload
from ritorno.oppositions.rules import RegisterKind
from ritorno.oppositions.schemas import OppositionCoverage, OppositionUploadRead
from ritorno.stores.queries import get_business

ASK_AGAIN_BEFORE = timedelta(days=3)
"""An answer that ends this soon is asked for again."""


def validity(kind: RegisterKind) -> timedelta:
    """Return how long an answer holds (D-T7, D-P3); the registers are Italian, whatever the country of the business."""
    pack = rule_pack(HOME, clock.now().date())
    days = pack.rpo_days if kind is RegisterKind.PHONE else pack.rpo_post_days
    return timedelta(days=days or 0)


async def list_uploads(session: AsyncSession, query: PageQuery) -> Page[OppositionUploadRead]:
    """Return the answers, newest upload first."""
    page = await paginate(
        session,
        select(OppositionUpload),
        key=[OppositionUpload.uploaded_at, OppositionUpload.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )
    page.items = [read_upload(upload) for upload in page.items]
    return page


def read_upload(upload: OppositionUpload) -> OppositionUploadRead:
    """Return an answer with the moment until which it holds."""
    expires_at = upload.answered_at + validity(RegisterKind(upload.kind))
    said = {name: getattr(upload, name) for name in OppositionUploadRead.model_fields if hasattr(upload, name)}
    return OppositionUploadRead(**said, expires_at=expires_at, is_expired=expires_at < clock.now())


_POINTS = {
    RegisterKind.PHONE: """
        select distinct p.id, p.match_key as number
        from consent_states s
        join customers c on c.id = s.customer_id
        join contact_points p on p.customer_id = s.customer_id and p.kind = 'PHONE' and p.valid_to is null
        where s.standing = 'GRANTED' and s.channel in ('PHONE_OPERATOR', 'PHONE_AUTO')
          and s.purpose in ('MKT_OWN', 'MARKET_RESEARCH')
          and (s.contact_point_id is null or s.contact_point_id = p.id)
          and c.merged_into_id is null and c.erased_at is null and c.deceased_at is null
    """,
    RegisterKind.POSTAL: """
        select distinct on (p.id) p.id, n.match_key as number
        from contact_points p
        join customers c on c.id = p.customer_id
        join contact_points n on n.customer_id = p.customer_id and n.kind = 'PHONE' and n.valid_to is null
        where p.kind = 'POSTAL' and p.source = 'directory' and p.valid_to is null
          and c.merged_into_id is null and c.erased_at is null and c.deceased_at is null
        order by p.id, n.is_primary desc
    """,
}
"""The addresses that need an answer, with the number to ask about: those with a live consent to be called, and those
taken from the phone directory.
"""

_NEWEST = """
    left join lateral (
        select checked_at, first_listed_at from opposition_checks o
        where o.contact_point_id = points.id order by checked_at desc limit 1
    ) answer on true
"""


async def coverage(session: AsyncSession) -> list[OppositionCoverage]:
    """Return how the addresses that need an answer stand towards each register."""
    connection = await driver(session)
    now, found = clock.now(), []
    for kind in RegisterKind:
        row = await connection.fetchrow(
            f"""
            with points as materialized ({_POINTS[kind]})
            select count(*) as with_consent_count,
                count(*) filter (where checked_at >= $1) as covered_count,
                count(*) filter (where checked_at < $1) as stale_count,
                count(*) filter (where checked_at is null) as never_count,
                count(*) filter (where first_listed_at is not null) as listed_count,
                (select max(answered_at) from opposition_uploads where kind = $2) as last_answered_at
            from points {_NEWEST}
            """,
            now - validity(kind),
            kind.value,
        )
        assert row is not None
        last = row["last_answered_at"]
        found.append(
            OppositionCoverage(
                **row,
                kind=kind,
                expires_at=last + validity(kind) if last else None,
                valid_days=validity(kind).days,
                age_days=(now - last).days if last else None,
            )
        )
    return found


async def numbers_to_ask(session: AsyncSession, kind: RegisterKind, *, is_due_only: bool) -> list[str]:
    """Return each number to ask about once, in order."""
    bound = clock.now() - validity(kind) + ASK_AGAIN_BEFORE if is_due_only else None
    rows = await (await driver(session)).fetch(
        f"""
        with points as materialized ({_POINTS[kind]})
        select distinct number from points {_NEWEST}
        where $1::timestamptz is null or checked_at is null or checked_at < $1
        order by number
        """,
        bound,
    )
    return [row["number"] for row in rows]


class Checked(NamedTuple):
    """What one answer says of one contact of a person."""

    contact: str
    kind: RegisterKind
    checked_at: datetime
    first_listed_at: datetime | None


async def checks_of(session: AsyncSession, customer_id: UUID) -> list[Checked]:
    """Return what the registers answered about a person's contacts, oldest first."""
    rows = await session.execute(
        select(ContactPoint.value, OppositionCheck.kind, OppositionCheck.checked_at, OppositionCheck.first_listed_at)
        .join(ContactPoint, ContactPoint.id == OppositionCheck.contact_point_id)
        .where(ContactPoint.customer_id == customer_id)
        .order_by(OppositionCheck.checked_at, ContactPoint.value)
    )
    return [Checked(value, RegisterKind(kind), checked_at, listed_at) for value, kind, checked_at, listed_at in rows]


async def business_place(session: AsyncSession) -> tuple[str, str]:
    """Return the zone in which days begin and the country whose numbers are written without prefix."""
    business = await get_business(session)
    return business.timezone, business.country
