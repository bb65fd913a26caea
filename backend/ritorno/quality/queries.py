"""Reads of quality: the facts of thousands of cards in three statements, the totals in one."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple
from uuid import UUID

import asyncpg
from sqlalchemy import ColumnElement, Row, Uuid, any_, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import Job
from ritorno.customers.models import Customer, DuplicatePair
from ritorno.customers.rules import PairState
from ritorno.kit.db import driver
from ritorno.quality.models import NO_STORE, CardQuality, QualityDay, QualityRank, QualitySweep, QualityTotal
from ritorno.quality.rules import DEFAULT_RANKS, Answer, Facts, Measure, QualityField, Rank, Reach, Said


class CardFacts(NamedTuple):
    """A card that exists: what is measured of it, and where it is counted."""

    facts: Facts
    store_id: UUID | None
    source: str | None
    is_counted: bool


# A point that bounced or is known to be wrong reaches nobody; the best of a kind is the one a message would use.
_CARDS = """
    with points as (
        select p.customer_id,
            max(p.reach) filter (where p.kind = 'EMAIL') as email,
            max(p.reach) filter (where p.kind = 'PHONE') as phone,
            bool_or(p.kind = 'PHONE' and p.is_mobile and p.reach > 1) as has_mobile,
            bool_or(p.kind = 'POSTAL' and p.reach > 1) as has_address,
            bool_or(p.kind <> 'POSTAL' and p.hard_bounced_at is not null) as has_bounced,
            max(p.confirmed_at) as confirmed_at
        from (
            select customer_id, kind, is_mobile, hard_bounced_at,
                case when invalid_at is not null or hard_bounced_at is not null then 1
                    when level = 'UNVERIFIED' then 2 else 3 end as reach,
                case when level = 'CONFIRMED' and pg_input_is_valid(level_evidence ->> 'at', 'timestamptz')
                    then (level_evidence ->> 'at')::timestamptz end as confirmed_at
            from contact_points where customer_id = any($1::uuid[]) and valid_to is null
        ) p group by p.customer_id
    )
    select c.id, c.home_store_id, c.acquisition_source, c.birth_on, c.is_minor_flagged,
        c.subject_type = 'COMPANY' as is_company, c.version > 1 as is_changed,
        coalesce(c.given_name, '') <> '' as has_given_name, coalesce(c.family_name, '') <> '' as has_family_name,
        c.gender is not null as has_gender,
        (c.created_at at time zone $2)::date as created_on,
        coalesce(c.first_contact_on,
            case when c.acquisition_source is distinct from 'FILE' then (c.created_at at time zone $2)::date end
        ) as begun_on,
        c.erased_at is null and c.deceased_at is null and c.restricted_at is null and c.merged_into_id is null
            as is_counted,
        p.email, p.phone, coalesce(p.has_mobile, false) as has_mobile, coalesce(p.has_address, false) as has_address,
        coalesce(p.has_bounced, false) as has_bounced, (p.confirmed_at at time zone $2)::date as point_confirmed_on,
        exists (select from identifiers i
                where i.customer_id = c.id and i.kind = 'CARD' and i.valid_to is null) as has_card,
        k.confirmed_on as staff_confirmed_on
    from unnest($1::uuid[]) w (id)
    join customers c on c.id = w.id
    left join points p on p.customer_id = c.id
    left join card_confirmations k on k.customer_id = c.id
"""

_ANSWERS = """
    select customer_id, purpose, channel, standing, (since at time zone $2)::date as said_on
    from consent_states
    where customer_id = any($1::uuid[]) and (purpose = 'MKT_OWN' or purpose = 'PROFILING')
"""
_FIELD_OF = {
    ("MKT_OWN", "EMAIL"): QualityField.CONSENT_EMAIL,
    ("MKT_OWN", "SMS"): QualityField.CONSENT_SMS,
    ("MKT_OWN", "PHONE_OPERATOR"): QualityField.CONSENT_PHONE,
    ("MKT_OWN", "POST"): QualityField.CONSENT_POST,
    ("PROFILING", ""): QualityField.PROFILING,
}
_SAID = {
    "GRANTED": Said.YES,
    "PENDING": Said.PENDING,
    "REFUSED": Said.NO,
    "WITHDRAWN": Said.CLOSED,
    "OBJECTED": Said.CLOSED,
}
"""A yes without proof, or one that lapsed, answers nothing: it is worth asking again."""
_REACH = {None: Reach.ABSENT, 1: Reach.BOUNCED, 2: Reach.UNVERIFIED, 3: Reach.REACHED}
_PLAIN = (
    ("has_family_name", QualityField.FAMILY_NAME),
    ("has_given_name", QualityField.GIVEN_NAME),
    ("has_card", QualityField.CARD_NUMBER),
    ("has_address", QualityField.ADDRESS),
    ("birth_on", QualityField.BIRTH_ON),
    ("has_gender", QualityField.GENDER),
    ("home_store_id", QualityField.HOME_STORE),
    ("acquisition_source", QualityField.SOURCE),
)


async def facts_of(session: AsyncSession, customer_ids: Collection[UUID], zone: str) -> dict[UUID, CardFacts]:
    """Return the facts of the cards that exist, in two statements whatever their number."""
    connection = await driver(session)
    ids = list(customer_ids)
    answers: defaultdict[UUID, dict[QualityField, Answer]] = defaultdict(dict)
    for customer_id, purpose, channel, standing, said_on in await connection.fetch(_ANSWERS, ids, zone):
        asked, said = _FIELD_OF.get((purpose, channel)), _SAID.get(standing)
        if asked is not None and said is not None:
            answers[customer_id][asked] = Answer(said, said_on)
    return {row["id"]: _card(row, answers[row["id"]]) for row in await connection.fetch(_CARDS, ids, zone)}


def _card(row: asyncpg.Record, answers: dict[QualityField, Answer]) -> CardFacts:
    confirmations = [
        row["begun_on"],
        row["staff_confirmed_on"],
        row["point_confirmed_on"],
        *(answer.on for answer in answers.values() if answer.said is Said.YES),
    ]
    facts = Facts(
        filled=frozenset(filled for name, filled in _PLAIN if row[name]),
        email=_REACH[row["email"]],
        phone=_REACH[row["phone"]],
        has_mobile=row["has_mobile"],
        has_bounced=row["has_bounced"],
        answers=answers,
        is_company=row["is_company"],
        is_minor_flagged=row["is_minor_flagged"],
        birth_on=row["birth_on"],
        created_on=row["created_on"],
        is_changed=row["is_changed"] or row["staff_confirmed_on"] is not None,
        confirmed_on=max((day for day in confirmations if day is not None), default=None),
    )
    return CardFacts(facts, row["home_store_id"], row["acquisition_source"], row["is_counted"])


async def get_ranks(session: AsyncSession) -> dict[QualityField, Rank]:
    """Return the rank of every field."""
    stated = await session.execute(select(QualityRank.field, QualityRank.rank))
    return DEFAULT_RANKS | {QualityField(each): Rank(rank) for each, rank in stated}


# ── walking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def next_cards(session: AsyncSession, after: UUID | None, limit: int) -> list[UUID]:
    """Return the next cards by id, counted or not; empty at the end."""
    chosen = select(Customer.id).order_by(Customer.id).limit(limit)
    return list(await session.scalars(chosen.where(Customer.id > after) if after else chosen))


async def cards_to_recheck(session: AsyncSession, today: date, limit: int) -> list[UUID]:
    """Return cards of which time alone changed something by this day."""
    due = select(CardQuality.customer_id).where(CardQuality.recheck_on <= today)
    return list(await session.scalars(due.order_by(CardQuality.recheck_on).limit(limit)))


async def count_cards(session: AsyncSession) -> int:
    """Return how many cards there are, counted or not."""
    return await session.scalar(select(func.count()).select_from(Customer)) or 0


async def find_sweep(session: AsyncSession, *, lock: bool = False) -> QualitySweep | None:
    """Return the walk over every card, running or done; None before the first."""
    return await session.get(QualitySweep, 1, with_for_update=lock, populate_existing=lock)


async def find_running_job(session: AsyncSession) -> Job | None:
    """Return the progress of the walk while it runs."""
    return await session.scalar(
        select(Job).join(QualitySweep, QualitySweep.job_id == Job.id).where(QualitySweep.finished_at.is_(None))
    )


# ── listing ───────────────────────────────────────────────────────────────────────────────────────────────────────────

RARE = 5_000
"""Up to so many cards a list begins from the cards themselves; above, every screenful of names holds some of them."""


async def cards_of(
    session: AsyncSession, measures: Collection[Measure], *, store_id: UUID | None, source: str | None
) -> ColumnElement[bool]:
    """Return the condition that a customer is among the cards behind a number; with several measures, in all of them.

    PostgreSQL guesses how many those are, and where it guesses thousands and there is nobody, walks the names of
    everybody to find that out. The totals know: where there are few, their ids are named.
    """
    if store_id is None and Measure.MISSING_HOME_STORE in measures:
        store_id = NO_STORE
    if source is None and Measure.MISSING_SOURCE in measures:
        source = ""
    counted = select(QualityTotal.measure, func.sum(QualityTotal.value)).where(QualityTotal.measure.in_(measures))
    if store_id is not None:
        counted = counted.where(QualityTotal.store_id == store_id)
    if source is not None:
        counted = counted.where(QualityTotal.source == source)
    totals = dict((await session.execute(counted.group_by(QualityTotal.measure))).all())
    behind = select(CardQuality.customer_id).where(CardQuality.measures.contains(measures))
    if min(totals.get(each, 0) for each in measures) > RARE:
        return Customer.id.in_(behind)
    if store_id is not None:
        behind = behind.where(CardQuality.store_id == (None if store_id == NO_STORE else store_id))
    if source is not None:
        behind = behind.where(CardQuality.source == (source or None))
    ids = list(await session.scalars(behind))
    return Customer.id == any_(cast(ids, ARRAY(Uuid)))


# ── counting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def list_totals(session: AsyncSession) -> Sequence[Row[UUID, str, str, int]]:
    """Return (store, source, measure, value): some thousands of rows, whatever the number of cards."""
    found = await session.execute(
        select(QualityTotal.store_id, QualityTotal.source, QualityTotal.measure, QualityTotal.value).where(
            QualityTotal.value != 0
        )
    )
    return found.all()


async def list_history(session: AsyncSession, since: date) -> dict[date, dict[str, int]]:
    """Return the last day kept of each week since a day, oldest first."""
    week = func.date_trunc("week", QualityDay.day)
    last = select(func.max(QualityDay.day)).where(QualityDay.day >= since).group_by(week)
    found = await session.execute(
        select(QualityDay.day, QualityDay.measure, QualityDay.value)
        .where(QualityDay.day.in_(last))
        .order_by(QualityDay.day)
    )
    days: dict[date, dict[str, int]] = {}
    for day, measure, value in found:
        days.setdefault(day, {})[measure] = value
    return days


async def count_probable_duplicates(session: AsyncSession) -> int:
    """Return how many pairs of cards wait for somebody to say whether they are one person."""
    waiting = select(func.count()).select_from(DuplicatePair).where(DuplicatePair.state == PairState.OPEN)
    return await session.scalar(waiting) or 0
