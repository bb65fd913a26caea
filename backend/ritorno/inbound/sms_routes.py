"""What a text-message provider tells us, and the texts a person has to read (M-05, M-09, M-10, M-12)."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from ritorno.activity import service as activity
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.identity.rules import Role
from ritorno.inbound import receipts, text_queries, texts, twilio
from ritorno.inbound.text_errors import BadSignature, InboundTextHandled, InboundTextNotFound
from ritorno.inbound.text_schemas import InboundTextFilter, InboundTextHandlingPut, InboundTextRead
from ritorno.kit.actor import Actor
from ritorno.kit.http import AppSettings, WriteSession, make_router, problem_responses
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor, Invalid

router = make_router(tag="inbound")

Reader = Annotated[Actor, Depends(require("messages:read"))]
Writer = Annotated[Actor, Depends(require("consents:write"))]
_GUARD = (NotSignedIn, Forbidden)
_SILENCE = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'
"""The provider says nothing by itself: what we answer goes the normal road."""


@router.post(
    "/sms/twilio/inbound",
    response_class=Response,
    responses={200: {"content": {"text/xml": {}}}, **problem_responses(BadSignature)},
)
async def receive_twilio_text(request: Request, session: WriteSession, settings: AppSettings) -> Response:
    """Hear a text somebody sent to one of our numbers; public, and only with the provider's signature (M-09)."""
    await texts.receive(session, await twilio.read_signed(request, settings))
    return Response(_SILENCE, media_type="text/xml")


@router.post(
    "/sms/twilio/receipts/{message_id}",
    status_code=204,
    response_class=Response,
    responses=problem_responses(BadSignature, Invalid),
)
async def receive_twilio_receipt(
    request: Request, session: WriteSession, settings: AppSettings, message_id: UUID
) -> Response:
    """Hear how far one of our texts came; news that is late or told twice changes nothing (M-10)."""
    await receipts.receive(session, message_id, await twilio.read_signed(request, settings))
    return Response(status_code=204)


@router.get(
    "/inbound-texts",
    response_model=Page[InboundTextRead],
    responses=problem_responses(*_GUARD, BadCursor, Invalid),
)
async def list_inbound_texts(
    session: WriteSession, asked: Annotated[InboundTextFilter, Query()], actor: Reader
) -> Page[InboundTextRead]:
    """List the texts people sent us, newest first; `is_open=true` is what a person still has to read."""
    page = await text_queries.list_texts(session, asked)
    await activity.record_view(session, actor, "inbound_texts.listed", asked.page, shown=len(page.items))
    items = [text_queries.text_read(row, may_see_number=actor.role != Role.CASHIER) for row in page.items]
    return Page[InboundTextRead](**{**page.model_dump(exclude={"items"}), "items": items})


@router.put(
    "/inbound-texts/{inbound_text_id}/handling",
    response_model=InboundTextRead,
    responses=problem_responses(*_GUARD, InboundTextNotFound, InboundTextHandled, Invalid),
)
async def handle_inbound_text(
    session: WriteSession, inbound_text_id: UUID, body: InboundTextHandlingPut, actor: Writer
) -> InboundTextRead:
    """Say what a person read in a text: a no counts from when it was sent; a wrong person's number is let go (M-12)."""
    await texts.handle(session, inbound_text_id, body.outcome, actor=actor)
    row = await text_queries.get_row(session, inbound_text_id)
    return text_queries.text_read(row, may_see_number=actor.role != Role.CASHIER)
