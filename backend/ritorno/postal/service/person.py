"""The rights of the person (STYLE §2): which letters were made, posted and came back; an erasure takes the address off
them.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import rehoming
from ritorno.kit.rehoming import Keys, Moved
from ritorno.postal.models import LetterBatch, LetterPart, LetterPiece
from ritorno.postal.rules import PieceState, Recipient, ReturnReason, address_lines, show_code


async def export(session: AsyncSession, customer_id: UUID) -> list[dict[str, Any]]:
    """Return the letters that were made for a person."""
    statement = (
        select(LetterPiece, LetterBatch.created_at, LetterBatch.posted_at)
        .join(LetterBatch, LetterBatch.id == LetterPiece.batch_id)
        .where(LetterPiece.customer_id == customer_id)
        .order_by(LetterPiece.id)
    )
    return [
        {
            "code": show_code(piece.code),
            "address": _address(piece),
            "prepared_at": created_at.isoformat(),
            "posted_at": posted_at.isoformat() if posted_at and piece.state != PieceState.DROPPED else None,
            "returned_at": piece.returned_at.isoformat() if piece.returned_at else None,
            "returned_because": _BECAUSE[piece.return_reason] if piece.return_reason else None,
        }
        for piece, created_at, posted_at in (await session.execute(statement)).all()
    ]


_BECAUSE: dict[str, str] = {
    ReturnReason.UNKNOWN: "ADDRESSEE_UNKNOWN",
    ReturnReason.MOVED: "ADDRESSEE_MOVED",
    ReturnReason.INCOMPLETE: "ADDRESS_INCOMPLETE",
    ReturnReason.REFUSED: "LETTER_REFUSED",
    ReturnReason.DECEASED: "ADDRESSEE_DECEASED",
}


def _address(piece: LetterPiece) -> str | None:
    """Return the address on one line; none once it was forgotten."""
    if piece.recipient is None:
        return None
    to = Recipient(**piece.recipient)
    return ", ".join(address_lines(to, home="", abroad=to.country))


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget the name and the address; the pages they stand on are thrown away by the job that follows."""
    parts = await session.execute(
        update(LetterPiece)
        .where(LetterPiece.customer_id == customer_id)
        .values(recipient=None, household=None)
        .returning(LetterPiece.batch_id, LetterPiece.part)
        .execution_options(synchronize_session=False)
    )
    for batch_id, number in parts.all():
        await session.execute(
            update(LetterPart)
            .where(LetterPart.batch_id == batch_id, LetterPart.number == number)
            .values(is_stale=True)
            .execution_options(synchronize_session=False)
        )


async def rehome(session: AsyncSession, customer_id: UUID, *, into: UUID) -> Moved:
    """Let what comes back of a merged card's letters be known on the living one."""
    return await rehoming.rehome(session, [LetterPiece], customer_id, into=into)


async def rehome_back(session: AsyncSession, customer_id: UUID, *, out_of: UUID, moved: Mapping[str, Keys]) -> None:
    """Give a card that is separated again its letters."""
    await rehoming.rehome_back(session, [LetterPiece], customer_id, out_of=out_of, moved=moved)
