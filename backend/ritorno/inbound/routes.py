"""What comes back by mail, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Header, Query, Request, Response

from ritorno.activity import service as activity
from ritorno.customers.errors import CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.inbound import queries, service
from ritorno.inbound.errors import InboundMailHandled, InboundMailNotFound
from ritorno.inbound.rules import MailSource
from ritorno.inbound.schemas import InboundMailFilter, InboundMailHandlingPut, InboundMailRead, InboundMailRow
from ritorno.kit.actor import Actor
from ritorno.kit.http import AppSettings, WriteSession, created, make_router, problem_responses
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor, Invalid, TooLarge

router = make_router(tag="inbound")

Reader = Annotated[Actor, Depends(require("messages:read"))]
Writer = Annotated[Actor, Depends(require("messages:write"))]
_GUARD = (NotSignedIn, Forbidden)


@router.post(
    "/inbound-mails",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
    response_model=InboundMailRead,
    responses={**created(InboundMailRead), **problem_responses(*_GUARD, TooLarge)},
)
async def receive_inbound_mail(
    request: Request,
    session: WriteSession,
    settings: AppSettings,
    actor: Writer,
    response: Response,
    envelope_to: Annotated[
        str | None,
        Header(alias="X-Envelope-To", max_length=500, description="The recipient of the envelope, where it is known."),
    ] = None,
) -> InboundMailRead:
    """Take in a mail that came back, as it is; the same mail again changes nothing, whichever way it came first."""
    mail, is_new = await service.receive(
        session, settings, await request.body(), source=MailSource.WEBHOOK, recipient=envelope_to
    )
    response.status_code = 201 if is_new else 200
    response.headers["Location"] = f"/v1/inbound-mails/{mail.id}"
    return await queries.read_mail(session, mail)


@router.get("/inbound-mails", responses=problem_responses(*_GUARD, BadCursor, Invalid))
async def list_inbound_mails(
    session: WriteSession, asked: Annotated[InboundMailFilter, Query()], actor: Reader
) -> Page[InboundMailRow]:
    """List mail that came in, newest first: bounces, complaints, replies, and what a person must look at."""
    page = await queries.list_mails(session, asked)
    await activity.record_view(session, actor, "inbound_mails.listed", asked.page, shown=len(page.items))
    return page


@router.get("/inbound-mails/{mail_id}", responses=problem_responses(*_GUARD, InboundMailNotFound))
async def get_inbound_mail(session: WriteSession, mail_id: UUID, actor: Reader) -> InboundMailRead:
    """Show one mail; its words only while a person must look at them, and who read them is remembered."""
    mail = await queries.get_mail(session, mail_id)
    if mail.raw is not None:
        await activity.record_read(session, actor, "inbound_mail.read", subject="inbound_mail", subject_id=mail.id)
    return await queries.read_mail(session, mail)


@router.put(
    "/inbound-mails/{mail_id}/handling",
    responses=problem_responses(
        *_GUARD, InboundMailNotFound, InboundMailHandled, CustomerNotFound, CustomerMerged, CustomerErased, Invalid
    ),
)
async def handle_inbound_mail(
    session: WriteSession, mail_id: UUID, body: InboundMailHandlingPut, actor: Writer
) -> InboundMailRead:
    """Say what a mail is that nobody could attribute: whose address bounced, whose reply it is, or nothing; its words
    go with that.
    """
    mail = await queries.get_mail(session, mail_id, for_update=True)
    await service.handle(session, mail, body, actor=actor)
    return await queries.read_mail(session, mail)
