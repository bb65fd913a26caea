"""Who is asking: the address we already had is asked first, a person of the staff otherwise (C-28, B-49)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.problems import FieldError, Invalid
from ritorno.privacy import queries
from ritorno.privacy.errors import IdentityKnown, NoStoredContact
from ritorno.privacy.models import PrivacyRequest
from ritorno.privacy.queries import StoredContact
from ritorno.privacy.rules import BEFORE_IDENTITY, IdentityMethod, RequestEventKind, RequestKind, RequestState
from ritorno.privacy.schemas import IdentityStatement
from ritorno.privacy.service.noting import lock_open, note
from ritorno.privacy.service.receiving import object_to_marketing, refuse_gone
from ritorno.privacy.service.timing import run_on
from ritorno.privacy.service.writing import Occasion, write_link


async def identify(session: AsyncSession, request_id: UUID, body: IdentityStatement, *, actor: Actor) -> PrivacyRequest:
    """Say how we know who asks, or send the link and wait; saying the same again changes nothing."""
    request = await lock_open(session, request_id)
    if request.state not in BEFORE_IDENTITY:
        if body.method == request.identity_method and body.customer_id in (None, request.customer_id):
            return request
        raise IdentityKnown()
    if body.customer_id is not None and body.customer_id != request.customer_id:
        await refuse_gone(session, body.customer_id)
        request.customer_id = body.customer_id
    if body.method == IdentityMethod.LINK_TO_STORED_CONTACT:
        return await _ask_the_stored_address(session, request, actor=actor)
    await _confirm(session, request, body.method, actor=actor)
    return request


async def _ask_the_stored_address(session: AsyncSession, request: PrivacyRequest, *, actor: Actor) -> PrivacyRequest:
    if request.customer_id is None:
        raise Invalid(errors=[FieldError("customer_id", "missing", "A link needs the card whose address it goes to.")])
    contact = await stored_contact_of(session, request)
    message_id = await write_link(session, request.customer_id, contact, Occasion.IDENTITY, actor=actor)
    request.state = RequestState.IDENTITY_PENDING
    await note(session, request, RequestEventKind.IDENTITY_ASKED, actor=actor, message_id=message_id)
    return request


async def stored_contact_of(session: AsyncSession, request: PrivacyRequest) -> StoredContact:
    """Return the address that proves who asks: verified, known before the request, read by nobody else."""
    assert request.customer_id is not None
    contact = await queries.stored_contact(session, request.customer_id, known_since=request.created_at)
    if contact is None:
        raise NoStoredContact()
    if contact.is_shared:
        raise NoStoredContact("The stored address belongs to more than one person.")
    return contact


async def confirm_link(session: AsyncSession, request_id: UUID) -> PrivacyRequest:
    """Take the person's press at the stored address as the proof of who asks; pressing again changes nothing."""
    request = await queries.get_request(session, request_id, lock=True)
    if request.state in BEFORE_IDENTITY:
        await _confirm(session, request, IdentityMethod.LINK_TO_STORED_CONTACT, actor=SUBJECT)
    return request


SUBJECT = Actor("subject", None, "")


async def _confirm(session: AsyncSession, request: PrivacyRequest, method: IdentityMethod, *, actor: Actor) -> None:
    await run_on(session, request, actor=actor)
    request.identity_method, request.identified_at = method, clock.now()
    request.state = RequestState.IN_PROGRESS
    await note(session, request, RequestEventKind.IDENTITY_CONFIRMED, actor=actor, method=method)
    if request.kind == RequestKind.OBJECTION and request.customer_id is not None:
        await object_to_marketing(session, request, actor=actor)
