"""The rights of the person over their own requests (STYLE §2): told, their words forgotten, moved with the card."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import clock, rehoming
from ritorno.kit.rehoming import Keys, Moved
from ritorno.privacy.models import PrivacyPack, PrivacyRequest
from ritorno.privacy.rules import PackState

_REHOMED = (PrivacyRequest, PrivacyPack)
_IN_THE_MAKING = (PackState.WAITING, PackState.RUNNING)


async def export(session: AsyncSession, customer_id: UUID) -> list[dict[str, Any]]:
    """Return what a person asked of us and what we answered."""
    statement = select(PrivacyRequest).where(PrivacyRequest.customer_id == customer_id).order_by(PrivacyRequest.id)
    return [
        {
            "kind": request.kind,
            "channel": request.channel,
            "received_on": request.received_on.isoformat(),
            "wish": request.wish,
            "due_on": request.due_on.isoformat(),
            "extended_on": request.extended_on.isoformat() if request.extended_on else None,
            "extension_reason": request.extension_reason,
            "identity_method": request.identity_method,
            "state": request.state,
            "outcome": request.outcome,
            "answer_reason": request.answer_reason,
            "closed_at": request.closed_at.isoformat() if request.closed_at else None,
        }
        for request in (await session.scalars(statement)).all()
    ]


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget the words of a person's requests and end the time of their packs; that they asked, when, and what we
    answered stays (C-24, C-29).
    """
    await session.execute(
        update(PrivacyRequest)
        .where(PrivacyRequest.customer_id == customer_id)
        .values(claimed_identity=None, wish=None, pause_reason=None)
    )
    await _forget_packs(session, [customer_id])


async def _forget_packs(session: AsyncSession, customer_ids: Collection[UUID]) -> None:
    """End the time of these people's packs; a run that makes one finds that it is not its own any more."""
    theirs = update(PrivacyPack).where(PrivacyPack.customer_id.in_(customer_ids))
    now = clock.now()
    await session.execute(theirs.where(PrivacyPack.expires_at > now).values(expires_at=now))
    await session.execute(
        theirs.where(PrivacyPack.state.in_(_IN_THE_MAKING)).values(state=PackState.EXPIRED, run_id=None)
    )


async def rehome(session: AsyncSession, customer_id: UUID, *, into: UUID) -> Moved:
    """Let the living card answer for the requests of a merged one."""
    return await rehoming.rehome(session, _REHOMED, customer_id, into=into)


async def rehome_back(session: AsyncSession, customer_id: UUID, *, out_of: UUID, moved: Mapping[str, Keys]) -> None:
    """Give a card that is separated again its requests; a pack of both is nobody's to take any more."""
    await _forget_packs(session, [customer_id, out_of])
    await rehoming.rehome_back(session, _REHOMED, customer_id, out_of=out_of, moved=moved)
