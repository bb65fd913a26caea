"""Batches and pieces put together for the screens."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import Job
from ritorno.activity.rules import JobState
from ritorno.kit.money import MoneyRead
from ritorno.postal import queries
from ritorno.postal.models import LetterBatch
from ritorno.postal.queries import Standing, Tally, Waiting
from ritorno.postal.rules import MAX_PIECES, BatchState, PieceState, ReturnReason, Window, show_code
from ritorno.postal.schemas import (
    LeftOutLetters,
    LetterBatchRead,
    LetterPieceRow,
    WaitingLettersRead,
    WaitingLettersRow,
)
from ritorno.postal.sheets import lines_of
from ritorno.stores.models import Business


def waiting_read(rows: Sequence[Waiting], currency: str) -> WaitingLettersRead:
    """Return what waits, by campaign or recall."""
    free = [row for row in rows if row.free_count]
    return WaitingLettersRead(
        items=[
            WaitingLettersRow(
                touch_id=row.touch_id,
                touch_name=row.touch_name,
                count=row.free_count,
                oldest_at=row.oldest_at,
                cost=MoneyRead.of(row.cost_minor, currency),
            )
            for row in free
        ],
        count=sum(row.free_count for row in free),
        cost=MoneyRead.of(sum(row.cost_minor for row in free), currency),
        held_count=sum(row.held_count for row in rows),
        max_pieces=MAX_PIECES,
    )


async def batches_read(session: AsyncSession, batches: Sequence[LetterBatch]) -> list[LetterBatchRead]:
    """Return batches with their numbers, each read once for all."""
    ids = [batch.id for batch in batches]
    tallies = await queries.tallies(session, ids)
    to_remove = await queries.numbers_to_remove(session, ids)
    names = await queries.touch_names(session, {batch.touch_id for batch in batches if batch.touch_id})
    jobs = await queries.jobs_of(session, batches)
    return [
        _batch_read(
            batch,
            tallies.get(batch.id, Tally()),
            to_remove.get(batch.id, []),
            names.get(batch.touch_id) if batch.touch_id else None,
            jobs.get(batch.job_id) if batch.job_id else None,
        )
        for batch in batches
    ]


def _batch_read(
    batch: LetterBatch, tally: Tally, to_remove: list[int], touch_name: str | None, job: Job | None
) -> LetterBatchRead:
    left_out = sorted(batch.left_out.items(), key=lambda item: (-item[1], item[0]))
    return LetterBatchRead(
        id=batch.id,
        state=BatchState(batch.state),
        touch_id=batch.touch_id,
        touch_name=touch_name,
        message_id=batch.message_id,
        only_single=batch.is_single,
        window_side=Window(batch.window_side),
        is_duplex=batch.is_duplex,
        asked_count=tally.made + sum(batch.left_out.values()),
        left_out=[LeftOutLetters(reason=reason, count=count) for reason, count in left_out],
        pieces_count=tally.made,
        live_count=tally.made - tally.dropped,
        dropped_count=tally.dropped,
        to_remove=to_remove,
        returned_count=tally.returned,
        pages_count=tally.pages,
        cost=MoneyRead.of(tally.cost_minor, batch.currency),
        progress=_progress(batch, job),
        failure=job.failure if job is not None and job.state == JobState.FAILED else None,
        created_at=batch.created_at,
        created_by=batch.created_by,
        prepared_at=batch.prepared_at,
        printed_at=batch.printed_at,
        posted_at=batch.posted_at,
        posted_by=batch.posted_by,
        cancelled_at=batch.cancelled_at,
        has_files=batch.state == BatchState.PREPARED,
    )


def _progress(batch: LetterBatch, job: Job | None) -> float | None:
    if batch.state != BatchState.PREPARING or job is None:
        return None
    return min(job.done / job.total, 1.0) if job.total else 0.0


def piece_row(standing: Standing, business: Business) -> LetterPieceRow:
    """Return a piece as it stands."""
    piece = standing.piece
    return LetterPieceRow(
        id=piece.id,
        number=piece.number,
        code=show_code(piece.code),
        message_id=piece.message_id,
        customer_id=piece.customer_id,
        name=piece.recipient["name"] if piece.recipient else None,
        lines=lines_of(piece, business)[1:],
        pages=piece.pages,
        state=PieceState(standing.state),
        reason=standing.reason,
        must_be_removed=standing.must_be_removed,
        returned_at=piece.returned_at,
        return_reason=ReturnReason(piece.return_reason) if piece.return_reason else None,
    )
