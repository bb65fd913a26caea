"""Reads of recalls, their runs and occasions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog.models import Category
from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.messaging.models import Template
from ritorno.recalls.errors import RecallNotFound
from ritorno.recalls.models import Recall, RecallDismissal, RecallOccasion, RecallRun
from ritorno.recalls.rules import RecallKind
from ritorno.scores import queries as scores
from ritorno.scores.models import CategoryScore, CustomerScore
from ritorno.segments.queries import among
from ritorno.touches.models import Touch


@dataclass(frozen=True, slots=True)
class Named:
    """A recall with its template and the name of its category."""

    recall: Recall
    template: Template
    category_name: str | None


def _named() -> Select[Recall, Template, str]:
    return (
        select(Recall, Template, Category.name)
        .join(Template, Template.id == Recall.template_id)
        .outerjoin(Category, Category.id == Recall.category_id)
    )


async def get_recall(session: AsyncSession, recall_id: UUID, *, for_update: bool = False) -> Recall:
    recall = await session.get(Recall, recall_id, with_for_update=for_update or None)
    if recall is None:
        raise RecallNotFound()
    return recall


async def get_named(session: AsyncSession, recall_id: UUID) -> Named:
    row = (await session.execute(_named().where(Recall.id == recall_id))).first()
    if row is None:
        raise RecallNotFound()
    return Named(row[0], row[1], row[2])


async def list_recalls(session: AsyncSession, query: PageQuery) -> Page[Named]:
    page: Page[Any] = await paginate(
        session, _named(), key=[Recall.kind, Recall.name, Recall.id], query=query, cast=[str, str, UUID]
    )
    page.items = [Named(*row[:3]) for row in page.items]
    return page


async def active_recalls(session: AsyncSession) -> Sequence[Named]:
    """Return the recalls that write by themselves, in a fixed order."""
    rows = await session.execute(_named().where(Recall.is_active).order_by(Recall.id))
    return [Named(row[0], row[1], row[2]) for row in rows]


async def recalls_to_show(session: AsyncSession) -> Sequence[Named]:
    """Return the recalls whose people Today shows: the active ones, and of a kind that is switched off altogether the
    first.
    """
    rows = [
        Named(row[0], row[1], row[2])
        for row in await session.execute(_named().order_by(Recall.is_active.desc(), Recall.id))
    ]
    shown = [each for each in rows if each.recall.is_active]
    for kind in RecallKind:
        if not any(each.recall.kind == kind for each in shown):
            shown.extend([each for each in rows if each.recall.kind == kind][:1])
    return shown


# ── runs ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def has_run(session: AsyncSession, recall_id: UUID, on: date) -> bool:
    statement = select(RecallRun.id).where(RecallRun.recall_id == recall_id, RecallRun.on_date == on)
    return (await session.execute(statement)).first() is not None


async def last_run_before(session: AsyncSession, recall_id: UUID, on: date) -> date | None:
    statement = select(func.max(RecallRun.on_date)).where(RecallRun.recall_id == recall_id, RecallRun.on_date < on)
    found: date | None = await session.scalar(statement)
    return found


async def list_runs(session: AsyncSession, recall_id: UUID, query: PageQuery) -> Page[RecallRun]:
    statement = select(RecallRun).where(RecallRun.recall_id == recall_id)
    return await paginate(
        session,
        statement,
        key=[RecallRun.on_date, RecallRun.id],
        query=query,
        descending=True,
        cast=[date.fromisoformat, UUID],
    )


async def latest_runs(session: AsyncSession, recall_ids: Collection[UUID]) -> dict[UUID, RecallRun]:
    """Return the last run of each recall that ever ran."""
    statement = (
        select(RecallRun)
        .where(RecallRun.recall_id.in_(recall_ids))
        .ext(distinct_on(RecallRun.recall_id))
        .order_by(RecallRun.recall_id, RecallRun.on_date.desc())
    )
    return {run.recall_id: run for run in await session.scalars(statement)}


async def touches_of(session: AsyncSession, recall_id: UUID) -> Sequence[Touch]:
    """Return the touches of every run, oldest first."""
    statement = (
        select(Touch)
        .join(RecallRun, RecallRun.touch_id == Touch.id)
        .where(RecallRun.recall_id == recall_id)
        .order_by(Touch.starts_at, Touch.id)
    )
    return (await session.scalars(statement)).all()


async def windows_closed(session: AsyncSession, on: date, category_id: UUID | None) -> list[UUID]:
    """Return who is due and whose likely window has closed by a day: few of those due, so that only they are read
    whole.

    The window is that of the category which names the reason, where there is one, as in `scores.due_on`.
    """
    due = scores.due_customers(on, category_id=category_id).subquery()
    if category_id is not None:
        own = select(CategoryScore.customer_id).join(due, due.c.customer_id == CategoryScore.customer_id)
        own = own.where(CategoryScore.category_id == category_id, CategoryScore.likely_to <= on)
        return list(await session.scalars(own))
    statement = (
        select(CustomerScore.customer_id)
        .join(due, due.c.customer_id == CustomerScore.customer_id)
        .outerjoin(
            CategoryScore,
            and_(
                CategoryScore.customer_id == CustomerScore.customer_id,
                CategoryScore.category_id == CustomerScore.due_category_id,
                CategoryScore.due_on <= on,
                CategoryScore.lapsed_on > on,
            ),
        )
        .where(func.coalesce(CategoryScore.likely_to, CustomerScore.likely_to) <= on)
    )
    return list(await session.scalars(statement))


# ── occasions and dismissals ──────────────────────────────────────────────────────────────────────────────────────────


async def planned_occasions(
    session: AsyncSession, recall_id: UUID, customer_ids: Collection[UUID], *, reached_only: bool
) -> set[tuple[UUID, str]]:
    """Return every (customer, occasion) of these people that was planned already, or that already reached them."""
    statement = select(RecallOccasion.customer_id, RecallOccasion.occasion).where(
        RecallOccasion.recall_id == recall_id, among(RecallOccasion.customer_id, customer_ids)
    )
    if reached_only:
        statement = statement.where(RecallOccasion.was_reached)
    return {(row.customer_id, row.occasion) for row in await session.execute(statement)}


async def last_reached(session: AsyncSession, recall_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, date]:
    """Return the last day this recall reached each person, or held them out."""
    statement = (
        select(RecallOccasion.customer_id, func.max(RecallOccasion.on_date))
        .where(
            RecallOccasion.recall_id == recall_id,
            among(RecallOccasion.customer_id, customer_ids),
            RecallOccasion.was_reached,
        )
        .group_by(RecallOccasion.customer_id)
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def dismissed(session: AsyncSession, recall_id: UUID, customer_ids: Collection[UUID], on: date) -> set[UUID]:
    """Return who is not to be recalled for this reason on a day."""
    statement = select(RecallDismissal.customer_id).where(
        RecallDismissal.recall_id == recall_id,
        among(RecallDismissal.customer_id, customer_ids),
        or_(RecallDismissal.until.is_(None), RecallDismissal.until > on),
    )
    return set(await session.scalars(statement))
