"""Every change of saved segments, and the reads that measure one."""

from datetime import datetime
from time import perf_counter
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.customers.models import Customer
from ritorno.customers.rules import full_name
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.pages import Page, PageQuery, decode_cursor, encode_cursor
from ritorno.segments import queries
from ritorno.segments.compiler import needs_profiling
from ritorno.segments.conditions import Moment
from ritorno.segments.explaining import Membership, explain
from ritorno.segments.fields import FIELDS
from ritorno.segments.models import Segment
from ritorno.segments.presets import PRESETS
from ritorno.segments.schemas import (
    ChoiceRead,
    MemberRead,
    PresetRead,
    SegmentCreate,
    SegmentFieldRead,
    SegmentFieldsRead,
    SegmentPatch,
    SegmentPreviewRead,
    SegmentRead,
    read_tree,
    write_tree,
)
from ritorno.segments.wording import Words, sentence

SAMPLE = 8


async def create_segment(session: AsyncSession, body: SegmentCreate, *, actor: Actor) -> Segment:
    """Save a new filter and count it."""
    await queries.check_things(session, body.tree)
    now = clock.now()
    segment = Segment(name=body.name, tree=write_tree(body.tree), created_at=now, updated_at=now)
    await _measure(session, segment, body.tree, now)
    session.add(segment)
    await session.flush()
    await activity.record(session, actor, "segment.created", subject="segment", subject_id=segment.id)
    return segment


async def edit_segment(session: AsyncSession, segment: Segment, patch: SegmentPatch, *, actor: Actor) -> Segment:
    """Change a saved filter; the version moves, so that a rehearsal made on the old one no longer counts."""
    now = clock.now()
    if patch.name is not None:
        segment.name = patch.name
    if patch.tree is not None:
        await queries.check_things(session, patch.tree)
        segment.tree = write_tree(patch.tree)
        await _measure(session, segment, patch.tree, now)
    segment.version += 1
    segment.updated_at = now
    await session.flush()
    await activity.record(session, actor, "segment.edited", subject="segment", subject_id=segment.id)
    return segment


async def remove_segment(session: AsyncSession, segment: Segment, *, actor: Actor) -> None:
    """Take a filter off the list; campaigns that used it keep their audience and its sentence."""
    segment.removed_at = clock.now()
    await activity.record(session, actor, "segment.removed", subject="segment", subject_id=segment.id)


async def _measure(session: AsyncSession, segment: Segment, tree: Any, at: datetime) -> None:
    moment = await queries.moment_of(session, tree, at)
    segment.uses_purchases = needs_profiling(tree)
    segment.last_count = await queries.count_members(session, tree, moment)
    segment.counted_at = at


async def preview(session: AsyncSession, tree: Any, *, language: str, at: datetime) -> SegmentPreviewRead:
    """Return the exact count of a filter, its sentence, and some of its people with the reason each is in it."""
    started = perf_counter()
    await queries.check_things(session, tree)
    moment = await queries.moment_of(session, tree, at)
    words = await queries.words_for(session, [tree], language)
    found = await queries.survey(session, tree, moment, sample=SAMPLE)
    sample = await members_read(session, tree, moment, found.first, words)
    return SegmentPreviewRead(
        count=found.count,
        sentence=sentence(tree, words),
        uses_purchases=needs_profiling(tree),
        lost_to_profiling=found.lost_to_profiling,
        took_ms=round((perf_counter() - started) * 1000),
        sample=sample,
        reach=found.reach,
    )


async def members_read(
    session: AsyncSession, tree: Any, moment: Moment, ids: list[UUID], words: Words
) -> list[MemberRead]:
    """Return some members by name, in the given order, each with the reason."""
    told = await explain(session, tree, moment, ids, words)
    rows = await session.execute(
        select(Customer.id, Customer.given_name, Customer.family_name).where(Customer.id.in_(ids))
    )
    names = {customer_id: full_name(given, family) for customer_id, given, family in rows}
    return [
        MemberRead(customer_id=each, full_name=names[each], because=told[each].because) for each in ids if each in told
    ]


async def list_members(
    session: AsyncSession, segment: Segment, query: PageQuery, *, language: str, at: datetime
) -> Page[MemberRead]:
    """Return a page of members in the order of their cards; the total is exact and counted on the first page."""
    tree = read_tree(segment.tree)
    moment = await queries.moment_of(session, tree, at)
    words = await queries.words_for(session, [tree], language)
    after = UUID(decode_cursor(query.cursor)[0][0]) if query.cursor else None
    ids: list[UUID] = []
    async for batch in queries.iter_members(session, tree, moment, after=after, size=max(query.limit + 1, 500)):
        ids.extend(batch.members)
        if len(ids) > query.limit:
            break
    shown = ids[: query.limit]
    page = Page[MemberRead](items=await members_read(session, tree, moment, shown, words))
    if len(ids) > query.limit:
        page.next_cursor = encode_cursor([str(shown[-1])])
    if query.is_first:
        page.total = await queries.count_members(session, tree, moment)
    return page


async def membership(
    session: AsyncSession, segment: Segment, customer_id: UUID, *, language: str, at: datetime
) -> Membership:
    """Return whether one existing person is in a segment, and why."""
    tree = read_tree(segment.tree)
    moment = await queries.moment_of(session, tree, at)
    words = await queries.words_for(session, [tree], language)
    return (await explain(session, tree, moment, [customer_id], words))[customer_id]


async def segments_read(session: AsyncSession, segments: list[Segment], *, language: str) -> list[SegmentRead]:
    """Return saved filters with their sentences."""
    trees = [read_tree(segment.tree) for segment in segments]
    words = await queries.words_for(session, trees, language)
    return [
        SegmentRead(
            id=segment.id,
            name=segment.name,
            tree=tree,
            sentence=sentence(tree, words),
            uses_purchases=segment.uses_purchases,
            version=segment.version,
            last_count=segment.last_count,
            updated_at=segment.updated_at,
        )
        for segment, tree in zip(segments, trees, strict=True)
    ]


async def presets_read(session: AsyncSession, *, language: str) -> list[PresetRead]:
    """Return the filters to start from."""
    words = await queries.words_for(session, [], language)
    found = []
    for preset in PRESETS:
        tree = read_tree(preset.tree)
        found.append(
            PresetRead(
                key=preset.key,
                name=words.say(preset.it, preset.en),
                tree=tree,
                sentence=sentence(tree, words),
                uses_purchases=needs_profiling(tree),
            )
        )
    return found


async def fields_read(session: AsyncSession, *, language: str) -> SegmentFieldsRead:
    """Return the registry, with the choices that are the shop's own."""
    english = language.startswith("en")
    own = await queries.own_choices(session)
    items = []
    for field in FIELDS:
        known = [(value, en if english else it) for value, it, en in field.choices] or own.get(field.key)
        items.append(
            SegmentFieldRead(
                key=field.key,
                label=field.label("en" if english else "it"),
                kind=field.kind,
                operators=list(field.operators),
                choices=None if known is None else [ChoiceRead(value=value, label=label) for value, label in known],
                unit=field.unit,
                uses_purchases=field.needs_profiling,
            )
        )
    return SegmentFieldsRead(items=items)
