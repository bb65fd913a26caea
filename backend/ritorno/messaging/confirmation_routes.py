"""Confirmation of an address over HTTP: send the mail or the code again, and enter a code at the desk (C-12)."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Response

from ritorno.customers.errors import ContactPointNotFound, CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import (
    AppSettings,
    ReadSession,
    WriteSession,
    idempotency_optional,
    make_router,
    problem_responses,
)
from ritorno.messaging import confirming, queries
from ritorno.messaging.errors import (
    AddressNotInUse,
    ConfirmationNotFound,
    ConfirmationTooOften,
    ContactRefused,
    TemplateNotReady,
)
from ritorno.messaging.models import Confirmation
from ritorno.messaging.schemas import CodeCreate, CodeRead, ConfirmationCreate, ConfirmationRead

router = make_router(tag="consents")

Reader = Annotated[Actor, Depends(require("consents:read"))]
Writer = Annotated[Actor, Depends(require("consents:write"))]
_GUARD = (NotSignedIn, Forbidden)


@router.get(
    "/customers/{customer_id}/address-confirmations",
    response_model=list[ConfirmationRead],
    responses=problem_responses(CustomerNotFound, CustomerMerged, *_GUARD),
)
async def list_confirmations(session: ReadSession, actor: Reader, customer_id: UUID) -> list[ConfirmationRead]:
    """List what a person was asked to confirm, newest first."""
    return [confirmation_read(row) for row in await queries.list_confirmations(session, customer_id)]


@router.post(
    "/customers/{customer_id}/address-confirmations",
    status_code=201,
    response_model=ConfirmationRead,
    responses=problem_responses(
        CustomerNotFound,
        CustomerMerged,
        CustomerErased,
        ContactPointNotFound,
        AddressNotInUse,
        ConfirmationTooOften,
        ContactRefused,
        TemplateNotReady,
        *_GUARD,
    ),
    dependencies=[Depends(idempotency_optional)],
)
async def ask_for_confirmation(
    session: WriteSession, response: Response, actor: Writer, customer_id: UUID, body: ConfirmationCreate
) -> ConfirmationRead:
    """Send the link or the code, the first time or again; at most three times a day to one address."""
    row = await confirming.ask(
        session, customer_id=customer_id, contact_point_id=body.contact_point_id, channel=body.channel, actor=actor
    )
    response.headers["Location"] = f"/v1/customers/{customer_id}/address-confirmations"
    return confirmation_read(row)


@router.post(
    "/customers/{customer_id}/address-confirmations/{confirmation_id}/codes",
    response_model=CodeRead,
    responses=problem_responses(CustomerNotFound, CustomerMerged, CustomerErased, ConfirmationNotFound, *_GUARD),
)
async def enter_confirmation_code(
    session: WriteSession,
    settings: AppSettings,
    actor: Writer,
    customer_id: UUID,
    confirmation_id: UUID,
    body: CodeCreate,
) -> CodeRead:
    """Enter the code the person reads out; a wrong one is counted and answered, five end the question."""
    row, outcome = await confirming.enter_code(
        session, settings, customer_id=customer_id, confirmation_id=confirmation_id, code=body.code, actor=actor
    )
    return CodeRead(outcome=outcome.value, confirmation=confirmation_read(row))


def confirmation_read(row: Confirmation) -> ConfirmationRead:
    return ConfirmationRead(
        id=row.id,
        contact_point_id=row.contact_point_id,
        channel=row.channel,
        message_id=row.message_id,
        asked_at=row.asked_at,
        expires_at=row.expires_at,
        tries_left=max(confirming.MAX_TRIES - row.tries, 0),
        confirmed_at=row.confirmed_at,
    )
