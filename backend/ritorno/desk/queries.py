"""Reads that compose several domains for one screen: a handful of indexed statements each, whatever the size of the
shop.
"""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Date, cast, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import Task
from ritorno.activity.rules import TaskState
from ritorno.catalog.models import Category
from ritorno.customers import queries as customers
from ritorno.customers.models import Customer, CustomerNote, CustomerTag
from ritorno.customers.rules import full_name
from ritorno.desk.gate import email_answers
from ritorno.desk.rules import CustomerSort, TimelineKind
from ritorno.desk.schemas import (
    CardRead,
    CustomerFilter,
    CustomerRow,
    LaneRead,
    LastNoteRead,
    ProfileRead,
    RunRead,
    ScoreRead,
    TimelineEntry,
    TodayRead,
)
from ritorno.kit import clock
from ritorno.kit.db import driver
from ritorno.kit.money import MoneyRead
from ritorno.kit.pages import Page, PageQuery, decode_cursor, encode_cursor, paginate
from ritorno.quality import queries as quality
from ritorno.scores import queries as scores
from ritorno.scores import words
from ritorno.scores.models import CustomerScore
from ritorno.stores import queries as stores
from ritorno.transactions.models import CategoryProfile, Profile

LANES = 4
DRAWN_MONTHS = 24

# ── the list ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def list_customer_rows(
    session: AsyncSession, query: PageQuery, wanted: CustomerFilter, *, language: str
) -> Page[CustomerRow]:
    """Return a page of people with what the list shows of each: two statements and one question to the gate per
    page.
    """
    statement = select(Customer).where(Customer.erased_at.is_(None), Customer.merged_into_id.is_(None))
    if wanted.city is not None:
        statement = statement.where(Customer.city == wanted.city)
    if wanted.store_id is not None:
        statement = statement.where(Customer.home_store_id == wanted.store_id)
    if wanted.tag is not None:
        statement = statement.join(CustomerTag, CustomerTag.customer_id == Customer.id).where(
            CustomerTag.tag == wanted.tag
        )
    if wanted.stage is not None or wanted.due:
        statement = statement.join(CustomerScore, CustomerScore.customer_id == Customer.id)
        business = await stores.get_business(session)
        today = clock.today(business.timezone)
        if wanted.stage is not None:
            statement = statement.where(CustomerScore.stage == wanted.stage)
        if wanted.due:
            statement = statement.where(CustomerScore.due_on <= today, CustomerScore.lapsed_on > today)
    if wanted.source is not None:
        statement = statement.where(Customer.acquisition_source == wanted.source)
    if wanted.quality:
        statement = statement.where(
            await quality.cards_of(session, wanted.quality, store_id=wanted.store_id, source=wanted.source)
        )
    key: list[Any] = [Customer.search_name, Customer.id]
    turn: list[Any] = [str, UUID]
    if wanted.sort is CustomerSort.CREATED:
        key, turn = [Customer.created_at, Customer.id], [datetime.fromisoformat, UUID]
    elif wanted.sort is CustomerSort.REVENUE:
        statement = statement.join(Profile, Profile.customer_id == Customer.id)
        key, turn = [Profile.revenue_minor, Profile.customer_id], [int, UUID]
    elif wanted.sort is CustomerSort.LAST_PURCHASE:
        statement = statement.join(Profile, Profile.customer_id == Customer.id).where(Profile.last_day.is_not(None))
        key, turn = [Profile.last_day, Profile.customer_id], [date.fromisoformat, UUID]
    page = await paginate(
        session, statement, key=key, query=query, descending=wanted.sort is not CustomerSort.NAME, cast=turn
    )
    page.items = await _rows(session, page.items, language)
    return page


_RECENT = """
    select w.id as customer_id, p.visit_days, p.last_day, year.revenue_minor, recent.days
    from unnest($1::uuid[]) as w (id)
    left join profiles p on p.customer_id = w.id
    cross join lateral (
        select coalesce(sum(t.total_minor), 0)::bigint as revenue_minor from transactions t
        where t.customer_id = w.id and t.occurred_at > $2
    ) year
    cross join lateral (
        select array_agg(d.business_day) as days from (
            select distinct t.business_day from transactions t
            where t.customer_id = w.id and t.kind = 'SALE' and t.total_minor > 0
            order by t.business_day desc limit 8
        ) d
    ) recent
"""


async def _rows(session: AsyncSession, people: list[Customer], language: str) -> list[CustomerRow]:
    ids = [person.id for person in people]
    business = await stores.get_business(session)
    connection = await driver(session)
    recent = {
        row["customer_id"]: row for row in await connection.fetch(_RECENT, ids, clock.now() - timedelta(days=365))
    }
    found = await scores.scores_of(session, ids)
    answers = await email_answers(session, ids, language)
    rows = []
    for person in people:
        seen, score = recent[person.id], found.get(person.id)
        rows.append(
            CustomerRow(
                id=person.id,
                full_name=full_name(person.given_name, person.family_name),
                city=person.city,
                last_purchase_on=seen["last_day"],
                revenue_12m=MoneyRead.of(seen["revenue_minor"], business.currency),
                visit_days=seen["visit_days"] or 0,
                stage=score.stage if score else None,
                due_on=score.due_on if score else None,
                likely_from=score.likely_from if score else None,
                likely_to=score.likely_to if score else None,
                recent_visits=sorted(seen["days"] or []),
                email_permission=answers[person.id],
            )
        )
    return rows


# ── the card ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def get_card(session: AsyncSession, customer_id: UUID, *, language: str) -> CardRead:
    """Return what the card shows before anything is opened on it."""
    customer = await customers.get_card(session, customer_id)
    business = await stores.get_business(session)
    today = clock.today(business.timezone)
    profile = await session.get(Profile, customer_id)
    note = (
        await session.scalars(
            select(CustomerNote)
            .where(CustomerNote.customer_id == customer_id)
            .order_by(CustomerNote.created_at.desc(), CustomerNote.id.desc())
            .limit(1)
        )
    ).first()
    return CardRead(
        customer=customer,
        profile=await _profile(session, profile, business.currency, business.timezone) if profile else None,
        score=await _score(session, customer_id, today, language),
        visits=await _visits(session, customer_id, today),
        top_categories=await _lanes(session, customer_id, business.currency, today),
        last_note=LastNoteRead.model_validate(note) if note else None,
    )


async def _profile(session: AsyncSession, profile: Profile, currency: str, zone: str) -> ProfileRead:
    connection = await driver(session)
    year = await connection.fetchrow(
        """select coalesce(sum(total_minor), 0)::bigint as revenue_minor,
                  count(distinct business_day) filter (where kind = 'SALE' and total_minor > 0) as visits
           from transactions where customer_id = $1 and occurred_at > $2""",
        profile.customer_id,
        clock.now() - timedelta(days=365),
    )
    last = await connection.fetchval(
        """select total_minor from transactions where customer_id = $1 and kind = 'SALE'
           order by occurred_at desc, id desc limit 1""",
        profile.customer_id,
    )
    assert year is not None
    return ProfileRead(
        purchases=profile.purchases,
        returns=profile.returns,
        revenue=MoneyRead.of(profile.revenue_minor, currency),
        mean_basket=MoneyRead.of(round(profile.revenue_minor / profile.purchases), currency)
        if profile.purchases
        else None,
        first_purchase_on=_day(profile.first_at, zone),
        last_purchase_on=profile.last_day or _day(profile.last_at, zone),
        last_amount=MoneyRead.of(last, currency) if last is not None else None,
        visit_days=profile.visit_days,
        revenue_12m=MoneyRead.of(year["revenue_minor"], currency),
        visits_12m=year["visits"],
    )


def _day(at: datetime | None, zone: str) -> date | None:
    return at.astimezone(ZoneInfo(zone)).date() if at else None


async def _score(session: AsyncSession, customer_id: UUID, today: date, language: str) -> ScoreRead | None:
    score = await scores.find_score(session, customer_id)
    if score is None:
        return None
    name = None
    unit: Any = score
    if score.due_category_id is not None:
        category = await session.get(Category, score.due_category_id)
        name = category.name if category else None
        of_category = [
            each
            for each in await scores.list_category_scores(session, customer_id)
            if each.category_id == score.due_category_id
        ]
        unit = of_category[0] if of_category else score
    return ScoreRead(
        stage=score.stage,
        stage_since=score.stage_since,
        due_on=unit.due_on,
        likely_from=unit.likely_from,
        likely_to=unit.likely_to,
        p_alive=score.p_alive,
        next_on=score.next_on,
        due_category_name=name if unit is not score else None,
        reason=words.reason_sentence(scores.reason_of(unit, today, name if unit is not score else None), language),
        as_of=score.as_of,
    )


async def _visits(session: AsyncSession, customer_id: UUID, today: date) -> list[date]:
    connection = await driver(session)
    rows = await connection.fetch(
        """select distinct business_day from transactions
           where customer_id = $1 and kind = 'SALE' and total_minor > 0 and occurred_at > $2 order by business_day""",
        customer_id,
        _drawn_from(today),
    )
    return [row["business_day"] for row in rows]


def _drawn_from(today: date) -> datetime:
    return datetime.combine(today - timedelta(days=DRAWN_MONTHS * 30), datetime.min.time(), ZoneInfo("UTC"))


async def _lanes(session: AsyncSession, customer_id: UUID, currency: str, today: date) -> list[LaneRead]:
    top = (
        await session.execute(
            select(CategoryProfile, Category.name)
            .join(Category, Category.id == CategoryProfile.category_id)
            .where(CategoryProfile.customer_id == customer_id, CategoryProfile.visit_days > 0)
            .order_by(CategoryProfile.visit_days.desc(), CategoryProfile.revenue_minor.desc(), Category.id)
            .limit(LANES)
        )
    ).all()
    connection = await driver(session)
    rows = await connection.fetch(
        """select distinct l.category_id, t.business_day
           from transactions t join transaction_lines l on l.transaction_id = t.id
           where t.customer_id = $1 and t.occurred_at > $2 and t.kind = 'SALE' and l.total_minor > 0
             and l.category_id = any($3::uuid[])
           order by t.business_day""",
        customer_id,
        _drawn_from(today),
        [profile.category_id for profile, _ in top],
    )
    days: dict[UUID, list[date]] = {}
    for row in rows:
        days.setdefault(row["category_id"], []).append(row["business_day"])
    rhythm = {score.category_id: score for score in await scores.list_category_scores(session, customer_id)}
    lanes = []
    for profile, name in top:
        score = rhythm.get(profile.category_id)
        lanes.append(
            LaneRead(
                category_id=profile.category_id,
                name=name,
                visit_days=profile.visit_days,
                revenue=MoneyRead.of(profile.revenue_minor, currency),
                last_on=profile.last_day,
                due_on=score.due_on if score else None,
                likely_from=score.likely_from if score else None,
                likely_to=score.likely_to if score else None,
                visits=days.get(profile.category_id, []),
            )
        )
    return lanes


# ── the timeline ──────────────────────────────────────────────────────────────────────────────────────────────────────

# Each branch reads one index of its own table backwards from the cursor, so a long story costs as little as a short
# one.
_STORY = {
    TimelineKind.PURCHASES: """
        select case t.kind when 'SALE' then 'purchase' else 'return' end as kind, t.occurred_at as at, t.id, s.name
        as title,
               jsonb_build_object('channel', t.channel, 'lines', (select count(*) from transaction_lines l
                                                                  where l.transaction_id = t.id),
                                  'first', (select jsonb_agg(x.name) from (
                                      select p.name from transaction_lines l join products p on p.id = l.product_id
                                      where l.transaction_id = t.id order by l.line_no limit 3) x)) as detail,
               t.total_minor as amount_minor, null::text as status, null::text as reason
        from transactions t left join stores s on s.id = t.store_id
        where t.customer_id = $1 and (t.occurred_at, t.id) < ($2, $3)
        order by t.occurred_at desc, t.id desc limit $4""",
    TimelineKind.MESSAGES: """
        select 'message', m.planned_at, m.id, coalesce(o.name, tp.name),
               jsonb_build_object('channel', m.channel, 'touch_id', m.touch_id, 'sent_at', m.sent_at,
                                  'rule_id', coalesce(m.handoff_decision, m.decision) ->> 'rule_id'),
               null::bigint, m.status, m.reason
        from messages m left join touches o on o.id = m.touch_id left join templates tp on tp.id = m.template_id
        where m.customer_id = $1 and (m.planned_at, m.id) < ($2, $3) order by m.planned_at desc, m.id desc limit $4""",
    TimelineKind.NOTES: """
        select 'note', n.created_at, n.id, n.author_name, jsonb_build_object('body', n.body), null::bigint, null, null
        from customer_notes n
        where n.customer_id = $1 and (n.created_at, n.id) < ($2, $3) order by n.created_at desc, n.id desc limit $4""",
    TimelineKind.CONSENTS: """
        select 'consent', e.occurred_at, e.id, e.purpose,
               jsonb_build_object('purpose', e.purpose, 'channel', e.channel, 'action', e.action, 'method', e.method,
                                  'is_proven', e.is_proven),
               null::bigint, e.action, null
        from consent_events e
        where e.customer_id = any(array(
                with recursive cards (id) as (
                    select $1::uuid
                    union all
                    select m.loser_id from cards join merges m on m.winner_id = cards.id and m.unmerged_at is null)
                select id from cards))
            and (e.occurred_at, e.id) < ($2, $3)
        order by e.occurred_at desc, e.id desc limit $4""",
}
_LAST_ID = UUID(int=2**128 - 1)


async def list_timeline(
    session: AsyncSession, customer_id: UUID, kind: TimelineKind, query: PageQuery
) -> Page[TimelineEntry]:
    """Return one person's story, newest first: purchases, messages sent and refused, notes, consents."""
    await customers.get_customer(session, customer_id)
    business = await stores.get_business(session)
    at, last_id = datetime.max.replace(tzinfo=ZoneInfo("UTC"), year=9998), _LAST_ID
    if query.cursor:
        values, _ = decode_cursor(query.cursor)
        at, last_id = datetime.fromisoformat(values[0]), UUID(values[1])
    branches = list(_STORY.values()) if kind is TimelineKind.ALL else [_STORY[kind]]
    union = " union all ".join(f"({branch})" for branch in branches)
    connection = await driver(session)
    rows = await connection.fetch(
        f"select * from ({union}) as story (kind, at, id, title, detail, amount_minor, status, reason) "
        "order by at desc, id desc limit $4",
        customer_id,
        at,
        last_id,
        query.limit + 1,
    )
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    return Page(
        items=[
            TimelineEntry(
                kind=row["kind"],
                at=row["at"],
                subject_id=row["id"],
                title=row["title"],
                detail=_object(row["detail"]),
                amount=MoneyRead.of(row["amount_minor"], business.currency)
                if row["amount_minor"] is not None
                else None,
                status=row["status"],
                reason=row["reason"],
            )
            for row in rows
        ],
        next_cursor=encode_cursor([rows[-1]["at"], rows[-1]["id"]]) if more else None,
    )


# ── today ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def get_today(session: AsyncSession) -> TodayRead:
    """Return what ran by itself in the last day, and how much waits for a person; who is due is asked of recalls."""
    business = await stores.get_business(session)
    connection = await driver(session)
    runs = await connection.fetch(
        """select t.id as touch_id, t.kind, t.name,
                  count(*) filter (where m.status in ('sent', 'delivered')) as sent,
                  count(*) filter (where m.status in ('skipped', 'failed', 'bounced', 'cancelled')) as skipped,
                  count(*) filter (where m.status = 'control') as control,
                  count(*) filter (
                      where m.status in ('planned', 'queued', 'claimed', 'sending', 'deferred')) as waiting,
                  count(*) filter (where m.status = 'unknown') as unknown
           from touches t join messages m on m.touch_id = t.id
           where t.starts_at > $1 and m.planned_at > $1
           group by t.id order by t.starts_at desc limit 10""",
        clock.now() - timedelta(hours=24),
    )
    open_tasks = await session.scalar(select(func.count()).where(Task.state == TaskState.OPEN)) or 0
    living = (Customer.erased_at.is_(None), Customer.merged_into_id.is_(None))
    some = select(Customer.id).where(*living).limit(10_001).subquery()
    known = await session.scalar(select(func.count()).select_from(some)) or 0
    first = await session.scalar(select(cast(func.min(Customer.created_at), Date)))
    return TodayRead(
        on=clock.today(business.timezone),
        runs=[RunRead.model_validate(dict(row)) for row in runs],
        open_tasks=open_tasks,
        customers=known,
        first_customer_on=first,
    )


def _object(value: Any) -> dict[str, Any]:
    """Return a jsonb value as the driver hands it over: SQLAlchemy's codec leaves it as text."""
    return orjson.loads(value) if isinstance(value, str | bytes) else dict(value)
