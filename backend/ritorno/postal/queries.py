"""Every read of letters: what waits, batches with their numbers, pieces as they stand, codes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, column, func, select, table
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import Job
from ritorno.consents.rules import Channel, TemplateClass
from ritorno.kit.db import driver
from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.messaging.handoff import HELD_TOUCH
from ritorno.messaging.models import Message, QueuedMessage
from ritorno.messaging.rules import MessageStatus, QueueState
from ritorno.postal.errors import LetterBatchNotFound
from ritorno.postal.models import LetterBatch, LetterPart, LetterPiece
from ritorno.postal.rules import PAUSED, BatchState, PieceState
from ritorno.postal.schemas import LetterPieceFilter

_TOUCHES = table("touches", column("id"), column("name"))
"""The name of a touch stands in a domain above; its name alone is read here, never its model."""

# ── what waits ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Waiting(NamedTuple):
    """What waits of one touch, or of none."""

    touch_id: UUID | None
    touch_name: str | None
    free_count: int
    held_count: int
    oldest_at: datetime
    cost_minor: int


async def list_waiting(session: AsyncSession, *, now: datetime) -> list[Waiting]:
    """Return the letters that are due and in no batch, by touch, the oldest first."""
    connection = await driver(session)
    rows = await connection.fetch(
        f"""
        select waiting.touch_id, touches.name, free, held, oldest_at, cost_minor from (
            select queued.touch_id,
                count(*) filter (where not {HELD_TOUCH}) as free, count(*) filter (where {HELD_TOUCH}) as held,
                min(message.planned_at) as oldest_at,
                coalesce(sum(message.cost_minor) filter (where not {HELD_TOUCH}), 0)::bigint as cost_minor
            from message_queue queued join messages message on message.id = queued.message_id
            where queued.channel = $2 and queued.state = 'queued' and queued.due_at <= $1
            group by queued.touch_id
        ) waiting left join touches on touches.id = waiting.touch_id
        order by oldest_at
        """,
        now,
        Channel.POST,
    )
    return [Waiting(*row) for row in rows]


# ── batches ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def get_batch(session: AsyncSession, batch_id: UUID, *, lock: bool = False) -> LetterBatch:
    batch = await session.get(LetterBatch, batch_id, with_for_update=lock or None, populate_existing=lock)
    if batch is None:
        raise LetterBatchNotFound()
    return batch


async def list_batches(session: AsyncSession, query: PageQuery) -> Page[LetterBatch]:
    return await paginate(
        session,
        select(LetterBatch),
        key=[LetterBatch.created_at, LetterBatch.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )


async def touch_names(session: AsyncSession, touch_ids: Collection[UUID]) -> dict[UUID, str]:
    rows = await session.execute(select(_TOUCHES.c.id, _TOUCHES.c.name).where(_TOUCHES.c.id.in_(touch_ids)))
    return {row[0]: row[1] for row in rows}


async def jobs_of(session: AsyncSession, batches: Sequence[LetterBatch]) -> dict[UUID, Job]:
    """Return how far the making of each batch is."""
    wanted = [batch.job_id for batch in batches if batch.job_id is not None]
    return {job.id: job for job in await session.scalars(select(Job).where(Job.id.in_(wanted)))}


# ── pieces ────────────────────────────────────────────────────────────────────────────────────────────────────────────

# A piece whose queue row is gone goes nowhere, whether or not somebody has written it down yet (C-14).
_is_ours = and_(
    QueuedMessage.worker == LetterPiece.batch_id, QueuedMessage.state.in_([QueueState.CLAIMED, QueueState.SENDING])
)
_is_lost = and_(
    LetterPiece.state == PieceState.READY,
    LetterBatch.state.in_([BatchState.PREPARING, BatchState.PREPARED]),
    QueuedMessage.message_id.is_(None),
)
_standing: ColumnElement[str] = case((_is_lost, PieceState.DROPPED), else_=LetterPiece.state)
_reason: ColumnElement[str | None] = case(
    (and_(_is_lost, Message.status == MessageStatus.CANCELLED), "CANCELLED"),
    (_is_lost, func.coalesce(Message.reason, PAUSED)),
    else_=LetterPiece.reason,
)
_must_be_removed = and_(
    LetterPiece.was_printed, LetterBatch.state == BatchState.PREPARED, _standing == PieceState.DROPPED
)


class Standing(NamedTuple):
    """A piece as it stands at this moment."""

    piece: LetterPiece
    state: str
    reason: str | None
    must_be_removed: bool


def _standing_pieces(batch_ids: Collection[UUID], *columns: Any) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(LetterPiece)
        .join(LetterBatch, LetterBatch.id == LetterPiece.batch_id)
        .join(Message, Message.id == LetterPiece.message_id)
        .outerjoin(QueuedMessage, and_(QueuedMessage.message_id == LetterPiece.message_id, _is_ours))
        .where(LetterPiece.batch_id.in_(batch_ids))
    )


async def list_pieces(session: AsyncSession, batch_id: UUID, asked: LetterPieceFilter) -> Page[Standing]:
    """Return the pieces of a batch by their number, each as it stands."""
    await get_batch(session, batch_id)
    statement = _standing_pieces([batch_id], LetterPiece, _standing, _reason, _must_be_removed)
    if asked.state is not None:
        statement = statement.where(_standing == asked.state)
    page: Page[Any] = await paginate(session, statement, key=[LetterPiece.number], query=asked.page, cast=[int])
    page.items = [Standing(*row[:4]) for row in page.items]
    return page


class Tally(NamedTuple):
    """The numbers of a batch."""

    made: int = 0
    dropped: int = 0
    returned: int = 0
    pages: int = 0
    cost_minor: int = 0


async def tallies(session: AsyncSession, batch_ids: Collection[UUID]) -> dict[UUID, Tally]:
    """Return the numbers of each batch; pages and cost are of what goes out."""
    lives = _standing != PieceState.DROPPED
    statement = _standing_pieces(
        batch_ids,
        LetterPiece.batch_id,
        func.count(),
        func.count().filter(~lives),
        func.count().filter(_standing == PieceState.RETURNED),
        func.coalesce(func.sum(LetterPiece.pages).filter(lives), 0),
        func.coalesce(func.sum(LetterPiece.cost_minor).filter(lives), 0),
    ).group_by(LetterPiece.batch_id)
    return {row[0]: Tally(*(int(number) for number in row[1:])) for row in await session.execute(statement)}


async def numbers_to_remove(session: AsyncSession, batch_ids: Collection[UUID]) -> dict[UUID, list[int]]:
    """Return the printed pieces that may not leave any more, of batches not yet posted."""
    statement = _standing_pieces(batch_ids, LetterPiece.batch_id, LetterPiece.number).where(_must_be_removed)
    found: dict[UUID, list[int]] = {}
    for batch_id, number in await session.execute(statement.order_by(LetterPiece.number)):
        found.setdefault(batch_id, []).append(number)
    return found


async def pieces_of_part(session: AsyncSession, batch_id: UUID, part: int) -> Sequence[LetterPiece]:
    """Return the pieces of a part that were not dropped."""
    statement = select(LetterPiece).where(
        LetterPiece.batch_id == batch_id, LetterPiece.part == part, LetterPiece.state != PieceState.DROPPED
    )
    return (await session.scalars(statement.order_by(LetterPiece.number))).all()


async def parts_of(session: AsyncSession, batch_id: UUID) -> Sequence[LetterPart]:
    statement = select(LetterPart).where(LetterPart.batch_id == batch_id).order_by(LetterPart.number)
    return (await session.scalars(statement)).all()


async def awaiting_post(session: AsyncSession, customer_ids: Collection[UUID]) -> set[UUID]:
    """Return those to whom an offer lies in a batch that was not posted yet."""
    statement = (
        select(LetterPiece.customer_id)
        .join(QueuedMessage, and_(QueuedMessage.message_id == LetterPiece.message_id, _is_ours))
        .where(
            LetterPiece.customer_id.in_(customer_ids),
            LetterPiece.state == PieceState.READY,
            QueuedMessage.stream == TemplateClass.MARKETING,
        )
    )
    return set(await session.scalars(statement))


async def pieces_by_code(session: AsyncSession, codes: Collection[str]) -> dict[str, LetterPiece]:
    """Return the pieces with these codes, locked in the order of their ids."""
    statement = select(LetterPiece).where(LetterPiece.code.in_(codes)).order_by(LetterPiece.id).with_for_update()
    return {piece.code: piece for piece in await session.scalars(statement)}
