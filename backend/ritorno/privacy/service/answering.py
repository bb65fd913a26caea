"""The end of a request: what was granted is done in the same unit of work, what was not has its reason (art. 12)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.queries import get_customer
from ritorno.erasures import service as erasures
from ritorno.erasures.queries import restrictions_of
from ritorno.erasures.rules import RestrictionGround
from ritorno.erasures.schemas import RestrictionCreate
from ritorno.identity.errors import Forbidden
from ritorno.kit.actor import Actor
from ritorno.kit.problems import FieldError, Invalid
from ritorno.privacy import queries
from ritorno.privacy.errors import IdentityMissing, PackNotReady, ReasonMissing
from ritorno.privacy.models import PrivacyRequest
from ritorno.privacy.rules import (
    BEFORE_IDENTITY,
    PACK_OF,
    Outcome,
    PackState,
    RequestEventKind,
    RequestKind,
    RequestState,
)
from ritorno.privacy.schemas import RequestAnswer
from ritorno.privacy.service.identifying import stored_contact_of
from ritorno.privacy.service.noting import close, lock_open, note
from ritorno.privacy.service.person import erase
from ritorno.privacy.service.receiving import object_to_marketing
from ritorno.privacy.service.writing import Occasion, write_link


async def answer(session: AsyncSession, request_id: UUID, body: RequestAnswer, *, actor: Actor) -> PrivacyRequest:
    """Close a request with its outcome and do what was granted; nobody unknown is granted anything (B-49)."""
    request = await lock_open(session, request_id)
    if body.outcome != Outcome.GRANTED and body.reason is None:
        raise ReasonMissing()
    if body.outcome != Outcome.REFUSED:
        if request.state in BEFORE_IDENTITY:
            raise IdentityMissing()
        await _refuse_without_pack(session, request)
    message_id = None
    if body.letter == "email":
        if request.kind == RequestKind.ERASURE and body.outcome != Outcome.REFUSED:
            raise Invalid(errors=[FieldError("letter", "no-address-left", "An erased card has no address: print it.")])
        if request.customer_id is None or request.identified_at is None:
            raise IdentityMissing()
        contact = await stored_contact_of(session, request)
        message_id = await write_link(session, request.customer_id, contact, Occasion.ANSWER, actor=actor)
    if body.outcome != Outcome.REFUSED and request.customer_id is not None:
        await _do(session, request, body, actor=actor)
    request.outcome, request.answer_reason = body.outcome, body.reason
    await close(session, request, RequestState.ANSWERED, actor=actor)
    await note(
        session,
        request,
        RequestEventKind.ANSWERED,
        actor=actor,
        message_id=message_id,
        outcome=body.outcome,
        letter=body.letter,
    )
    return request


async def _refuse_without_pack(session: AsyncSession, request: PrivacyRequest) -> None:
    """Access is not given by saying so: of whom we hold data, a pack was built."""
    if request.kind not in PACK_OF or request.customer_id is None:
        return
    packs = await queries.packs_of(session, request.id)
    if not any(pack.state in {PackState.DONE, PackState.EXPIRED} and pack.finished_at for pack in packs):
        raise PackNotReady("Build the pack before you grant access.")


async def _do(session: AsyncSession, request: PrivacyRequest, body: RequestAnswer, *, actor: Actor) -> None:
    """Do what was granted. Access and portability are the pack; a correction is made on the card."""
    assert request.customer_id is not None
    if request.kind == RequestKind.ERASURE and not actor.may("privacy:erase"):
        raise Forbidden("This needs privacy:erase.", needs="privacy:erase")
    if (await get_customer(session, request.customer_id, lock=True)).erased_at is not None:
        return  # Somebody was quicker: there is nothing left to erase, to freeze or to write to.
    match request.kind:
        case RequestKind.ERASURE:
            customer_id = request.customer_id
            await erasures.erase_customer(session, customer_id=customer_id, request_id=request.id, actor=actor)
            await erase(session, customer_id)
            # The erasure has let go of every object this unit of work had read.
            await session.refresh(request)
        case RequestKind.RESTRICTION:
            await _restrict(session, request, body.restriction_ground, actor=actor)
        case RequestKind.OBJECTION:
            await object_to_marketing(session, request, actor=actor)


async def _restrict(session: AsyncSession, request: PrivacyRequest, ground: RestrictionGround, *, actor: Actor) -> None:
    assert request.customer_id is not None
    standing = await restrictions_of(session, request.customer_id)
    if not any(each.lifted_at is None for each in standing):
        body = RestrictionCreate(ground=ground, asked_on=request.received_on)
        await erasures.restrict(session, request.customer_id, body, actor=actor)


async def take_back(session: AsyncSession, request_id: UUID, *, actor: Actor) -> PrivacyRequest:
    """Close a request that the person took back."""
    request = await lock_open(session, request_id)
    await close(session, request, RequestState.WITHDRAWN, actor=actor)
    await note(session, request, RequestEventKind.WITHDRAWN, actor=actor)
    return request
