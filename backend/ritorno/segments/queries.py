"""Reads of segments: who is in one, how many, and the names its sentence needs.

The compiler's statement knows everything but permissions; those are asked of the gate, a keyset batch at a time, so
that no second copy of its rules exists.
"""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Uuid, func, literal, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog.models import Brand, Category, Product
from ritorno.consents.rules import ANY_GROUP, Ask, Channel, Facts, Purpose, decide
from ritorno.customers.models import Customer, CustomerInterest, CustomerTag
from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.messaging import permissions
from ritorno.segments.compiler import Compiled, compile_tree, conditions, needs_profiling
from ritorno.segments.conditions import Moment
from ritorno.segments.errors import ConditionPointsNowhere, SegmentNotFound
from ritorno.segments.models import Segment
from ritorno.segments.residual import holds
from ritorno.segments.schemas import Bought, ChoiceIs, Permission
from ritorno.segments.wording import Words
from ritorno.stores import queries as stores
from ritorno.stores.models import Store
from ritorno.transactions.models import PurchaseWindow

BATCH = 5_000
MOST_CHOICES = 500
SURVEYED_UP_TO = 20_000
"""Above this many people a preview says how many they are, and leaves the gate's counts to a rehearsal."""
REACH = (Channel.EMAIL, Channel.SMS, Channel.POST)


async def get_segment(session: AsyncSession, segment_id: UUID) -> Segment:
    segment = await session.get(Segment, segment_id)
    if segment is None or segment.removed_at is not None:
        raise SegmentNotFound()
    return segment


async def list_segments(session: AsyncSession, query: PageQuery) -> Page[Segment]:
    statement = select(Segment).where(Segment.removed_at.is_(None))
    return await paginate(session, statement, key=[Segment.name, Segment.id], query=query, cast=[str, UUID])


async def moment_of(session: AsyncSession, tree: Any, at: datetime) -> Moment:
    """Return what the compiler needs to know of a moment: the business day, and which categories lie below the named
    ones.
    """
    business = await stores.get_business(session)
    named = {node.category_id for node in conditions(tree) if isinstance(node, Bought) and node.category_id}
    below: dict[UUID, tuple[UUID, ...]] = {}
    for category_id in sorted(named):
        start = select(Category.id).where(Category.id == category_id).cte(recursive=True)
        under = start.union(select(Category.id).join(start, Category.parent_id == start.c.id))
        below[category_id] = tuple((await session.scalars(select(under.c.id))).all())
    since = await session.scalar(select(PurchaseWindow.profiled_since))
    return Moment(at, at.astimezone(ZoneInfo(business.timezone)).date(), business.currency, below, since)


async def words_for(session: AsyncSession, trees: Sequence[Any], language: str) -> Words:
    """Return the words to say these trees with, names of categories, products, brands and stores included."""
    business = await stores.get_business(session)
    return Words("en" if language.startswith("en") else "it", business.currency, await _names(session, trees))


async def check_things(session: AsyncSession, tree: Any) -> None:
    """Refuse a tree that names a thing which does not exist."""
    known = await _names(session, [tree])
    if not known.keys() >= _things(tree):
        raise ConditionPointsNowhere()


def _things(tree: Any) -> set[UUID]:
    found: set[UUID] = set()
    for node in conditions(tree):
        if isinstance(node, Bought) and node.thing:
            found.add(node.thing)
        if isinstance(node, ChoiceIs) and node.field == "store":
            found.update(UUID(value) for value in node.value)
    return found


async def _names(session: AsyncSession, trees: Sequence[Any]) -> dict[UUID, str]:
    wanted = {thing for tree in trees for thing in _things(tree)}
    if not wanted:
        return {}
    sources = [select(table.id, table.name).where(table.id.in_(wanted)) for table in (Category, Product, Brand, Store)]
    return {thing: name for source in sources for thing, name in (await session.execute(source))}


async def own_choices(session: AsyncSession) -> dict[str, list[tuple[str, str]]]:
    """Return the values that are the shop's own, as (value, words): its stores, and the tags, interests and towns on
    its cards.
    """
    stores_found = await session.execute(select(Store.id, Store.name).order_by(Store.name))
    found = {"store": [(str(store_id), name) for store_id, name in stores_found]}
    columns = {"tag": CustomerTag.tag, "interest": CustomerInterest.label, "city": Customer.city}
    for key, column in columns.items():
        statement = select(column).where(column.is_not(None)).group_by(column).order_by(column).limit(MOST_CHOICES)
        found[key] = [(value, value) for value in await session.scalars(statement) if value]
    return found


# ── who ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Batch:
    """Some members in id order, the facts the gate knows of them when they were needed, and where the next batch
    begins.
    """

    members: list[UUID]
    facts: dict[UUID, Facts]
    last: UUID


async def iter_members(
    session: AsyncSession,
    tree: Any,
    moment: Moment,
    *,
    after: UUID | None = None,
    size: int = BATCH,
    with_facts: bool = False,
) -> AsyncIterator[Batch]:
    """Yield the members in batches of candidates by id, so that a crash resumes after the last; a batch may hold no
    member.
    """
    compiled = compile_tree(tree, moment)
    await _prepare(session)
    while True:
        statement = compiled.statement.order_by(Customer.id).limit(size)
        if after is not None:
            statement = statement.where(Customer.id > after)
        rows = (await session.execute(statement)).all()
        if not rows:
            return
        after = rows[-1][0]
        facts: dict[UUID, Facts] = {}
        if with_facts or compiled.residual is not None:
            facts = await permissions.load_facts(session, [row[0] for row in rows], at=moment.at)
        yield Batch(_admitted(compiled, rows, facts, moment), facts, after)
        if len(rows) < size:
            return


def among(column: Any, ids: Collection[UUID]) -> ColumnElement[bool]:
    """Return `column = any(ids)` with one parameter, however many ids there are."""
    return cast(ColumnElement[bool], column == func.any(literal(list(ids), ARRAY(Uuid()))))


async def members_among(session: AsyncSession, tree: Any, moment: Moment, customer_ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these people are members."""
    compiled = compile_tree(tree, moment)
    rows = (await session.execute(compiled.statement.where(among(Customer.id, customer_ids)))).all()
    facts: dict[UUID, Facts] = {}
    if compiled.residual is not None:
        facts = await permissions.load_facts(session, [row[0] for row in rows], at=moment.at)
    return set(_admitted(compiled, rows, facts, moment))


def _admitted(compiled: Compiled, rows: Sequence[Any], facts: dict[UUID, Facts], moment: Moment) -> list[UUID]:
    if compiled.residual is None:
        return [row[0] for row in rows]
    members = []
    for row in rows:
        known = facts[row[0]]
        answers = tuple(permission_holds(permission, known, moment) for permission in compiled.permissions)
        if holds(compiled.residual, tuple(row[1:]), answers):
            members.append(row[0])
    return members


def permission_holds(permission: Permission, facts: Facts, moment: Moment) -> bool:
    """Return whether the gate's answer is of the family the condition names."""
    return family_of(permission, facts, moment) == permission.family


def family_of(permission: Permission, facts: Facts, moment: Moment) -> str:
    """Return the family of the gate's answer to a permission condition."""
    ask = Ask(Purpose(permission.purpose), Channel(permission.channel), similarity_group=ANY_GROUP)
    return str(decide(facts, ask, moment.at).family)


async def _prepare(session: AsyncSession) -> None:
    # Measured: 4 MB of work memory doubles the time of the large aggregates (DATABASE E).
    await session.execute(text("select set_config('work_mem', '64MB', true)"))


async def count_members(session: AsyncSession, tree: Any, moment: Moment) -> int:
    """Return the exact number of members."""
    compiled = compile_tree(tree, moment)
    if compiled.residual is not None:
        return sum([len(batch.members) async for batch in iter_members(session, tree, moment)])
    await _prepare(session)
    return await session.scalar(select(func.count()).select_from(compiled.statement.subquery())) or 0


@dataclass(slots=True)
class Survey:
    """How many a filter chooses, the first of them, and what the gate would say to writing to them."""

    count: int
    first: list[UUID]
    lost_to_profiling: int | None
    reach: dict[str, int] | None


async def survey(session: AsyncSession, tree: Any, moment: Moment, *, sample: int) -> Survey:
    """Count exactly, and for a segment of ordinary size ask the gate whom it could reach and who is lost to C-18."""
    profiling = needs_profiling(tree)
    compiled = compile_tree(tree, moment)
    found = Survey(0, [], 0, dict.fromkeys(REACH, 0))
    if compiled.residual is None:
        found.count = await count_members(session, tree, moment)
        if found.count > SURVEYED_UP_TO:
            first = compiled.statement.order_by(Customer.id).limit(sample)
            return Survey(found.count, [row[0] for row in await session.execute(first)], None, None)
    found.count = 0
    async for batch in iter_members(session, tree, moment, with_facts=True):
        found.count += len(batch.members)
        found.first.extend(batch.members[: max(sample - len(found.first), 0)])
        _ask_around(found, batch, profiling, moment)
    return found


def _ask_around(found: Survey, batch: Batch, profiling: bool, moment: Moment) -> None:
    lost, reach = found.lost_to_profiling or 0, found.reach or {}
    for customer_id in batch.members:
        facts = batch.facts[customer_id]
        if profiling and not decide(facts, Ask(Purpose.PROFILING, None), moment.at).is_allowed:
            lost += 1
        for channel in REACH:
            ask = Ask(Purpose.MKT_OWN, channel, similarity_group=ANY_GROUP, uses_purchases=profiling)
            if decide(facts, ask, moment.at).family == "allowed":
                reach[channel] += 1
    found.lost_to_profiling = lost
