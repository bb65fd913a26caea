"""What the post brings back: the letter did not arrive, and its address is not used again (D-P4)."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.messaging import service as messaging
from ritorno.postal import queries
from ritorno.postal.models import LetterPiece
from ritorno.postal.rules import PieceState, ReturnOutcome, ReturnReason, read_code

_TASKS = {ReturnReason.DECEASED: "death_to_check", ReturnReason.REFUSED: "letter_refused"}
"""What staff are asked to do; for every other reason, to ask for the right address."""


async def record_returns(
    session: AsyncSession, codes: Sequence[str], reason: ReturnReason, *, actor: Actor
) -> list[ReturnOutcome]:
    """Note letters that came back, and return what became of each code, in their order.

    A code read twice is noted once, with its first reason.
    """
    read = [read_code(text) for text in codes]
    pieces = await queries.pieces_by_code(session, {code for code in read if code is not None})
    outcomes = []
    for code in read:
        if code is None:
            outcomes.append(ReturnOutcome.MISREAD)
        elif (piece := pieces.get(code)) is None:
            outcomes.append(ReturnOutcome.NOT_OURS)
        else:
            outcomes.append(await _note(session, piece, reason, actor=actor))
    return outcomes


async def _note(session: AsyncSession, piece: LetterPiece, reason: ReturnReason, *, actor: Actor) -> ReturnOutcome:
    if piece.state == PieceState.RETURNED:
        return ReturnOutcome.ALREADY_NOTED
    if piece.state != PieceState.POSTED:
        return ReturnOutcome.NOT_POSTED
    now = clock.now()
    piece.state, piece.returned_at, piece.return_reason = PieceState.RETURNED, now, reason
    await session.flush()
    await messaging.record_return(session, piece.message_id, because=reason.upper(), at=now, actor=actor)
    await activity.open_task(
        session,
        kind=_TASKS.get(reason, "address_returned"),
        key=f"letter-returned:{piece.id}",
        subject="customer",
        subject_id=piece.customer_id,
    )
    await activity.record(
        session,
        actor,
        "letter.returned",
        subject="customer",
        subject_id=piece.customer_id,
        details={"message_id": str(piece.message_id), "reason": reason},
    )
    return ReturnOutcome.NOTED
