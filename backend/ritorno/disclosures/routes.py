"""Recipients, what they were given and what they must be told, over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from ritorno.accountability.errors import ProcessingNotRegistered
from ritorno.customers.errors import CustomerNotFound
from ritorno.customers.queries import get_customer
from ritorno.disclosures import queries, service, words
from ritorno.disclosures.errors import (
    DisclosureNoticeNotFound,
    RecipientNameTaken,
    RecipientNotFound,
    RecipientNotNamed,
)
from ritorno.disclosures.models import DisclosureNotice, Recipient
from ritorno.disclosures.rules import NoticeCause
from ritorno.disclosures.schemas import (
    DisclosureNoticeFilter,
    DisclosureNoticeRead,
    DisclosureRead,
    RecipientCreate,
    RecipientPatch,
    ThirdPartyRead,
)
from ritorno.identity.auth import language_of, require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import (
    IfMatch,
    ReadSession,
    WriteSession,
    idempotency_optional,
    make_router,
    problem_responses,
    require_version,
    set_version,
)
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor, Invalid, StaleVersion, VersionRequired

router = make_router(tag="disclosures")

Reader = Annotated[Actor, Depends(require("privacy:read"))]
Writer = Annotated[Actor, Depends(require("privacy:write"))]


@router.get("/recipients", responses=problem_responses(NotSignedIn, Forbidden))
async def list_recipients(session: ReadSession, actor: Reader) -> Page[ThirdPartyRead]:
    """Read the third parties by name: where each stands, and what it still lacks to be activated."""
    known = await queries.list_recipients(session)
    items = [await service.recipient_read(session, each) for each in known]
    return Page[ThirdPartyRead](items=items, total=len(items))


@router.post(
    "/recipients",
    status_code=201,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(RecipientNameTaken, Invalid, NotSignedIn, Forbidden),
)
async def add_recipient(
    session: WriteSession, actor: Writer, response: Response, body: RecipientCreate
) -> ThirdPartyRead:
    """Enter a third party. Next: a row of the register and a THIRD_PARTY notice that name it, then its activation."""
    row = await service.add_recipient(session, body, actor=actor)
    response.headers["Location"] = f"/v1/recipients/{row.id}"
    return await _told(session, row, response)


@router.get("/recipients/{recipient_id}", responses=problem_responses(RecipientNotFound, NotSignedIn, Forbidden))
async def get_recipient(session: ReadSession, actor: Reader, response: Response, recipient_id: UUID) -> ThirdPartyRead:
    """Read one third party."""
    return await _told(session, await queries.get_recipient(session, recipient_id), response)


@router.patch(
    "/recipients/{recipient_id}",
    responses=problem_responses(RecipientNotFound, VersionRequired, StaleVersion, Invalid, NotSignedIn, Forbidden),
)
async def change_recipient(
    session: WriteSession,
    actor: Writer,
    response: Response,
    recipient_id: UUID,
    body: RecipientPatch,
    if_match: IfMatch = None,
) -> ThirdPartyRead:
    """Change a third party; what people consented to is fixed once it was active."""
    row = await queries.get_recipient(session, recipient_id, lock=True)
    require_version(if_match, row.version)
    return await _told(session, await service.change_recipient(session, row, body, actor=actor), response)


@router.put(
    "/recipients/{recipient_id}/activation",
    responses=problem_responses(RecipientNotFound, ProcessingNotRegistered, RecipientNotNamed, NotSignedIn, Forbidden),
)
async def activate_recipient(
    session: WriteSession, actor: Writer, response: Response, recipient_id: UUID
) -> ThirdPartyRead:
    """Let a third party be given data (C-19, C-34)."""
    row = await queries.get_recipient(session, recipient_id, lock=True)
    return await _told(session, await service.activate(session, row, actor=actor), response)


@router.delete(
    "/recipients/{recipient_id}/activation", responses=problem_responses(RecipientNotFound, NotSignedIn, Forbidden)
)
async def end_recipient(session: WriteSession, actor: Writer, response: Response, recipient_id: UUID) -> ThirdPartyRead:
    """Give a third party nothing more."""
    row = await queries.get_recipient(session, recipient_id, lock=True)
    return await _told(session, await service.end(session, row, actor=actor), response)


async def _told(session: ReadSession, row: Recipient, response: Response) -> ThirdPartyRead:
    set_version(response, row.version)
    return await service.recipient_read(session, await queries.get_known(session, row.id))


@router.get(
    "/customers/{customer_id}/disclosures", responses=problem_responses(CustomerNotFound, NotSignedIn, Forbidden)
)
async def list_customer_disclosures(session: ReadSession, actor: Reader, customer_id: UUID) -> Page[DisclosureRead]:
    """Read to whom a person's data were given, when, which, and on which consent (art. 15(1)(c))."""
    await get_customer(session, customer_id)
    items = [
        DisclosureRead(
            handover_id=given.handover.id,
            recipient_id=given.recipient.id,
            recipient_name=given.recipient.name,
            export_id=given.handover.export_id,
            fields=given.handover.fields,
            disclosed_at=given.handover.made_at,
            disclosed_by=given.handover.made_by,
            consent_event_id=given.disclosure.consent_event_id,
        )
        for given in await queries.disclosures_of(session, customer_id)
    ]
    return Page[DisclosureRead](items=items, total=len(items))


@router.get("/disclosure-notices", responses=problem_responses(BadCursor, NotSignedIn, Forbidden))
async def list_disclosure_notices(
    session: ReadSession,
    request: Request,
    actor: Reader,
    wanted: Annotated[DisclosureNoticeFilter, Query()],
) -> Page[DisclosureNoticeRead]:
    """Read what recipients must be told, or were, the newest first (art. 19)."""
    page: Page[Any] = await queries.list_notices(session, wanted, wanted.page)
    language = language_of(request, actor)
    page.items = [_notice(notice, recipient, language) for notice, recipient, *_ in page.items]
    return page


@router.put(
    "/disclosure-notices/{notice_id}/settlement",
    responses=problem_responses(DisclosureNoticeNotFound, NotSignedIn, Forbidden),
)
async def settle_disclosure_notice(
    session: WriteSession, request: Request, actor: Writer, notice_id: UUID
) -> DisclosureNoticeRead:
    """Say that the recipient was told by other means than our mail."""
    row = await service.settle(session, await queries.get_notice(session, notice_id, lock=True), actor=actor)
    return _notice(row, await queries.get_recipient(session, row.recipient_id), language_of(request, actor))


def _notice(row: DisclosureNotice, recipient: Recipient, language: str) -> DisclosureNoticeRead:
    own = {column.key: getattr(row, column.key) for column in DisclosureNotice.__table__.columns}
    subject, text = words.letter(NoticeCause(row.cause), row.customer_id, row.created_at.date(), language)
    named = {"recipient_name": recipient.name, "privacy_contact": recipient.privacy_contact}
    named |= {"subject": subject, "text": text}
    return DisclosureNoticeRead.model_validate(own | named)
