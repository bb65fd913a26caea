"""Signing keys and network checks of senders, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import AppSettings, WriteSession, make_router, problem_responses
from ritorno.kit.problems import Invalid
from ritorno.messaging import queries, service, views
from ritorno.messaging.errors import SenderNotFound, SigningKeyNotFound, SigningKeyUnfit
from ritorno.messaging.schemas import SenderRead, SigningKeyCreate, SigningKeyRead

router = make_router(tag="messages")

Writer = Annotated[Actor, Depends(require("messages:write"))]
_GUARD = (NotSignedIn, Forbidden)


@router.post(
    "/senders/{sender_id}/signing-key",
    status_code=201,
    response_model=SigningKeyRead,
    responses=problem_responses(*_GUARD, SenderNotFound, SigningKeyUnfit, Invalid),
)
async def make_signing_key(
    session: WriteSession,
    settings: AppSettings,
    sender_id: UUID,
    body: SigningKeyCreate,
    actor: Writer,
    response: Response,
) -> SigningKeyRead:
    """Make a key for the mail of one sender, or take the owner's, and show the record to publish. It signs from the
    moment its record is found; until then the key before it does (E-07).
    """
    sender = await queries.get_sender(session, sender_id, for_update=True)
    key = await service.make_signing_key(session, sender, body, settings=settings, actor=actor)
    response.headers["Location"] = f"/v1/senders/{sender.id}"
    return views.signing_key_read(key)


@router.delete(
    "/senders/{sender_id}/signing-key",
    status_code=204,
    responses=problem_responses(*_GUARD, SenderNotFound, SigningKeyNotFound),
)
async def retire_signing_key(session: WriteSession, sender_id: UUID, actor: Writer) -> None:
    """Stop signing the mail of one sender; its private keys are gone for good."""
    sender = await queries.get_sender(session, sender_id, for_update=True)
    await service.retire_signing_key(session, sender, actor=actor)


@router.post(
    "/senders/{sender_id}/checks", response_model=SenderRead, responses=problem_responses(*_GUARD, SenderNotFound)
)
async def check_sender(request: Request, settings: AppSettings, sender_id: UUID, actor: Writer) -> SenderRead:
    """Ask the network about the domain of one sender now (E-07)."""
    sessions = request.app.state.sessions
    await service.check_senders(sessions, settings, [sender_id])
    async with sessions() as session:
        sender = await queries.get_sender(session, sender_id)
        return views.sender_read(sender, await queries.signing_keys(session, [sender.id]))


@router.put(
    "/senders/{sender_id}/warm-up",
    response_model=SenderRead,
    responses=problem_responses(*_GUARD, SenderNotFound, Invalid),
)
async def start_sender_warm_up(session: WriteSession, sender_id: UUID, actor: Writer) -> SenderRead:
    """Make the domain of a sender known little by little: fifty people on the first day, twice as many each day that
    goes well, the engaged first (E-18).
    """
    sender = await queries.get_sender(session, sender_id, for_update=True)
    await service.start_warmup(session, sender, actor=actor)
    return views.sender_read(sender, await queries.signing_keys(session, [sender.id]))


@router.delete("/senders/{sender_id}/warm-up", status_code=204, responses=problem_responses(*_GUARD, SenderNotFound))
async def stop_sender_warm_up(session: WriteSession, sender_id: UUID, actor: Writer) -> None:
    """Let a sender write freely."""
    sender = await queries.get_sender(session, sender_id, for_update=True)
    await service.stop_warmup(session, sender, actor=actor)
