"""A batch from the wish to the letter box: asked for, made in the background, posted or given up."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.activity.models import Job
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.messaging import handoff
from ritorno.messaging.handoff import Ended
from ritorno.messaging.models import CapturedMessage
from ritorno.messaging.rules import MessageStatus
from ritorno.postal import queries
from ritorno.postal.errors import LetterBatchNotReady, LetterBatchPosted, LettersToRemove
from ritorno.postal.models import LetterBatch, LetterPiece
from ritorno.postal.rules import GIVEN_UP, BatchState, PieceState
from ritorno.postal.schemas import LetterBatchCreate
from ritorno.postal.service.printing import lock_ours, require_terms, review, turn_to_neighbours
from ritorno.stores.queries import get_business

_HANDING_OVER = timedelta(minutes=5)


async def request_batch(session: AsyncSession, body: LetterBatchCreate, *, actor: Actor) -> LetterBatch:
    """Ask for a batch; a worker takes the letters from the queue and makes the pages."""
    await require_terms(session)
    batch = LetterBatch(
        touch_id=body.touch_id,
        message_id=body.message_id,
        is_single=body.only_single,
        size=1 if body.message_id is not None else body.size,
        window_side=body.window_side,
        is_duplex=body.is_duplex,
        left_out={},
        currency=(await get_business(session)).currency,
        created_at=clock.now(),
        created_by=actor.name,
    )
    session.add(batch)
    await session.flush()
    await outbox.publish(session, "letter_batch.requested", {"batch_id": batch.id})
    await _record(session, actor, "letter_batch.requested", batch)
    return batch


async def finish(session: AsyncSession, batch_id: UUID) -> None:
    """Say that the pages are there; a batch nobody was left for ends here."""
    batch = await queries.get_batch(session, batch_id, lock=True)
    if batch.state != BatchState.PREPARING:
        return
    now = clock.now()
    has_pieces = await session.scalar(select(LetterPiece.id).where(LetterPiece.batch_id == batch_id).limit(1))
    if has_pieces is None:
        batch.state, batch.cancelled_at = BatchState.CANCELLED, now
    else:
        batch.state, batch.prepared_at = BatchState.PREPARED, now
    if batch.job_id is not None:
        await activity.finish_job(session, batch.job_id)


async def fail(session: AsyncSession, batch_id: UUID, failure: str) -> None:
    """Say that the pages could not be made; the batch can be given up, and its letters prepared again."""
    batch = await queries.get_batch(session, batch_id, lock=True)
    if batch.state == BatchState.PREPARING and batch.job_id is not None:
        await activity.finish_job(session, batch.job_id, failure=failure)


async def post_batch(session: AsyncSession, batch_id: UUID, removed: set[int], *, actor: Actor) -> LetterBatch:
    """Note that the pile was given to the post; posting it again changes nothing.

    The gate is asked one last time. What was printed and may not leave any more must have been taken out by hand:
    LettersToRemove names it until `removed` does.
    """
    batch = await queries.get_batch(session, batch_id, lock=True)
    if batch.state == BatchState.POSTED:
        return batch
    if batch.state != BatchState.PREPARED or batch.printed_at is None:
        raise LetterBatchNotReady(f"This batch is {batch.state} and was not printed yet.", state=batch.state)
    now = clock.now()
    allowed = await review(session, batch, now=now)
    to_remove = (await queries.numbers_to_remove(session, [batch_id])).get(batch_id, [])
    if not removed.issuperset(to_remove):
        raise LettersToRemove(numbers=to_remove)
    marked = await handoff.mark_sending(session, batch_id, allowed, now=now, lease=_HANDING_OVER)
    if marked != allowed.keys():
        # A pause is a row of its own and may come between the review and here.
        raise LetterBatchNotReady("Something was paused at this very moment: try again.", state=batch.state)
    await handoff.end_sent(session, [Ended(each, MessageStatus.SENT, None, None) for each in marked], now=now)
    await (await driver(session)).execute(
        """
        with gone as (
            update letter_pieces set state = 'posted' where batch_id = $1 and state = 'ready'
            returning message_id, cost_minor
        )
        update messages message set cost_minor = gone.cost_minor from gone where message.id = gone.message_id
        """,
        batch_id,
    )
    batch.state, batch.posted_at, batch.posted_by = BatchState.POSTED, now, actor.name
    await _record(session, actor, "letter_batch.posted", batch, posted=len(marked), removed=len(to_remove))
    return batch


async def cancel_batch(session: AsyncSession, batch_id: UUID, *, actor: Actor) -> None:
    """Give a batch up before it was posted: its letters wait again; giving it up again changes nothing."""
    batch = await queries.get_batch(session, batch_id, lock=True)
    if batch.state == BatchState.CANCELLED:
        return
    if batch.state == BatchState.POSTED:
        raise LetterBatchPosted()
    now = clock.now()
    await lock_ours(session, batch_id)
    await handoff.release(session, batch_id)
    mine = select(LetterPiece.message_id).where(LetterPiece.batch_id == batch_id, LetterPiece.state == PieceState.READY)
    await turn_to_neighbours(session, batch_id, list(await session.scalars(mine)), now=now)
    await session.execute(delete(CapturedMessage).where(CapturedMessage.message_id.in_(mine)))
    await session.execute(
        update(LetterPiece)
        .where(LetterPiece.batch_id == batch_id, LetterPiece.state == PieceState.READY)
        .values(state=PieceState.DROPPED, reason=GIVEN_UP)
        .execution_options(synchronize_session=False)
    )
    batch.state, batch.cancelled_at = BatchState.CANCELLED, now
    if batch.job_id is not None and await session.get(Job, batch.job_id) is not None:
        await activity.finish_job(session, batch.job_id)
    await _record(session, actor, "letter_batch.cancelled", batch)


async def _record(session: AsyncSession, actor: Actor, action: str, batch: LetterBatch, **numbers: int) -> None:
    await activity.record(
        session,
        actor,
        action,
        subject="letter_batch",
        subject_id=batch.id,
        details={"touch_id": str(batch.touch_id) if batch.touch_id else None, "size": batch.size, **numbers},
    )
