"""Requests and their packs over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from fastapi.responses import FileResponse

from ritorno.customers.errors import CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.identity.auth import language_of, refuse_without_step_up, require
from ritorno.identity.errors import Forbidden, NotSignedIn, StepUpRequired, UserNotFound
from ritorno.kit.actor import Actor
from ritorno.kit.http import (
    AppSettings,
    ReadSession,
    WriteSession,
    file_answer,
    idempotency_required,
    make_router,
    problem_responses,
)
from ritorno.kit.idempotency import InFlight, KeyMissing, KeyReused
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor, Invalid
from ritorno.messaging.errors import ContactRefused, TemplateNotFound
from ritorno.privacy import letters, queries, reading, service
from ritorno.privacy.errors import (
    ExtensionRefused,
    IdentityKnown,
    IdentityMissing,
    NoStoredContact,
    PackExpired,
    PackNotAsked,
    PackNotFound,
    PackNotReady,
    ReasonMissing,
    RequestClosed,
    RequestNotFound,
)
from ritorno.privacy.schemas import (
    ExtensionStatement,
    HandlerStatement,
    IdentityStatement,
    PackCreate,
    PackRead,
    PauseStatement,
    PrivacyRequestCreate,
    PrivacyRequestFilter,
    PrivacyRequestRead,
    PrivacyRequestRow,
    RequestAnswer,
    RequestSummary,
)

router = make_router(tag="privacy")

Reader = Annotated[Actor, Depends(require("privacy:read"))]
Writer = Annotated[Actor, Depends(require("privacy:write"))]
Receiver = Annotated[Actor, Depends(require("privacy:receive"))]

_GUARD = (NotSignedIn, Forbidden)


# ── requests ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.post(
    "/privacy-requests",
    status_code=201,
    dependencies=[Depends(idempotency_required)],
    responses=problem_responses(
        *_GUARD, Invalid, CustomerNotFound, CustomerMerged, CustomerErased, KeyMissing, KeyReused, InFlight
    ),
)
async def receive_privacy_request(
    session: WriteSession, request: Request, response: Response, body: PrivacyRequestCreate, actor: Receiver
) -> PrivacyRequestRead:
    """Write down a request as it reached us, at any counter; its clock runs from that day."""
    received = await service.receive_request(session, **body.model_dump(), actor=actor)
    response.headers["Location"] = f"/v1/privacy-requests/{received.id}"
    return await reading.request_read(session, received, language=language_of(request, actor))


@router.get("/privacy-requests", responses=problem_responses(*_GUARD, BadCursor, Invalid))
async def list_privacy_requests(
    session: ReadSession, request: Request, asked: Annotated[PrivacyRequestFilter, Query()], actor: Reader
) -> Page[PrivacyRequestRow]:
    """List requests, by default those due first first."""
    return await reading.list_requests(session, asked, asked.page, language=language_of(request, actor))


@router.get("/privacy-requests/summary", responses=problem_responses(*_GUARD))
async def get_privacy_request_summary(session: ReadSession, actor: Reader) -> RequestSummary:
    """Count what is open, late and due soon (C-29)."""
    return await reading.summary(session)


@router.get("/privacy-requests/{request_id}", responses=problem_responses(*_GUARD, RequestNotFound))
async def get_privacy_request(
    session: ReadSession, request: Request, request_id: UUID, actor: Reader
) -> PrivacyRequestRead:
    """Read a request: its clock with the rule that set it, everything done so far, its packs."""
    found = await queries.get_request(session, request_id)
    return await reading.request_read(session, found, language=language_of(request, actor))


@router.put(
    "/privacy-requests/{request_id}/identity",
    responses=problem_responses(
        *_GUARD, Invalid, RequestNotFound, RequestClosed, IdentityKnown, NoStoredContact, ContactRefused,
        CustomerNotFound, CustomerMerged, CustomerErased, TemplateNotFound,
    ),
)  # fmt: skip
async def put_privacy_request_identity(
    session: WriteSession, request: Request, request_id: UUID, body: IdentityStatement, actor: Writer
) -> PrivacyRequestRead:
    """Say how we know who asks, or write to the stored address and let the person press there (C-28)."""
    changed = await service.identify(session, request_id, body, actor=actor)
    return await reading.request_read(session, changed, language=language_of(request, actor))


@router.put(
    "/privacy-requests/{request_id}/extension",
    responses=problem_responses(*_GUARD, Invalid, RequestNotFound, RequestClosed, ExtensionRefused),
)
async def put_privacy_request_extension(
    session: WriteSession, request: Request, request_id: UUID, body: ExtensionStatement, actor: Writer
) -> PrivacyRequestRead:
    """Take two more months, once; the letter that tells the person why is at `letter`."""
    changed = await service.extend(session, request_id, reason=body.reason, actor=actor)
    return await reading.request_read(session, changed, language=language_of(request, actor))


@router.put(
    "/privacy-requests/{request_id}/pause",
    responses=problem_responses(*_GUARD, Invalid, RequestNotFound, RequestClosed, IdentityKnown),
)
async def put_privacy_request_pause(
    session: WriteSession, request: Request, request_id: UUID, body: PauseStatement, actor: Writer
) -> PrivacyRequestRead:
    """Let the clock stand still while there is a real doubt about who asks, and only then."""
    changed = await service.pause(session, request_id, reason=body.reason, actor=actor)
    return await reading.request_read(session, changed, language=language_of(request, actor))


@router.delete(
    "/privacy-requests/{request_id}/pause", responses=problem_responses(*_GUARD, RequestNotFound, RequestClosed)
)
async def delete_privacy_request_pause(
    session: WriteSession, request: Request, request_id: UUID, actor: Writer
) -> PrivacyRequestRead:
    """Let the clock run on; the days it stood still are added to the term."""
    changed = await service.resume(session, request_id, actor=actor)
    return await reading.request_read(session, changed, language=language_of(request, actor))


@router.put(
    "/privacy-requests/{request_id}/handler",
    responses=problem_responses(*_GUARD, Invalid, RequestNotFound, RequestClosed, UserNotFound),
)
async def put_privacy_request_handler(
    session: WriteSession, request: Request, request_id: UUID, body: HandlerStatement, actor: Writer
) -> PrivacyRequestRead:
    """Say who looks after it."""
    changed = await service.assign(session, request_id, user_id=body.user_id, actor=actor)
    return await reading.request_read(session, changed, language=language_of(request, actor))


@router.put(
    "/privacy-requests/{request_id}/answer",
    responses=problem_responses(
        *_GUARD, StepUpRequired, Invalid, RequestNotFound, RequestClosed, IdentityMissing, ReasonMissing, PackNotReady,
        NoStoredContact, ContactRefused, TemplateNotFound,
    ),
)  # fmt: skip
async def put_privacy_request_answer(
    session: WriteSession, request: Request, request_id: UUID, body: RequestAnswer, actor: Writer
) -> PrivacyRequestRead:
    """Close a request with its outcome. Granting an erasure, a restriction or an objection does it in the same unit of
    work; an erasure also needs `privacy:erase`.
    """
    refuse_without_step_up(request, actor)
    changed = await service.answer(session, request_id, body, actor=actor)
    return await reading.request_read(session, changed, language=language_of(request, actor))


@router.put(
    "/privacy-requests/{request_id}/withdrawal", responses=problem_responses(*_GUARD, RequestNotFound, RequestClosed)
)
async def put_privacy_request_withdrawal(
    session: WriteSession, request: Request, request_id: UUID, actor: Writer
) -> PrivacyRequestRead:
    """Close a request that the person took back."""
    changed = await service.take_back(session, request_id, actor=actor)
    return await reading.request_read(session, changed, language=language_of(request, actor))


@router.get(
    "/privacy-requests/{request_id}/letter",
    response_class=Response,
    responses=problem_responses(*_GUARD, RequestNotFound) | file_answer("The letter, a tagged PDF."),
)
async def get_privacy_request_letter(session: ReadSession, request_id: UUID, actor: Reader) -> Response:
    """Print the letter of this moment in the person's language: received, extended, or the answer."""
    printed = await letters.print_letter(session, await queries.get_request(session, request_id))
    return Response(
        printed.pdf,
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{printed.name}"'},
    )


# ── packs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.post(
    "/privacy-requests/{request_id}/packs",
    status_code=202,
    dependencies=[Depends(idempotency_required)],
    responses=problem_responses(
        *_GUARD, Invalid, RequestNotFound, IdentityMissing, PackNotAsked, KeyMissing, KeyReused, InFlight
    ),
)
async def build_privacy_pack(
    session: WriteSession, response: Response, request_id: UUID, body: PackCreate, actor: Writer
) -> PackRead:
    """Ask for the ZIP of a request for access or portability; a worker builds it. While one waits, it is the answer."""
    pack = await service.ask_for_pack(session, request_id, language=body.language, actor=actor)
    response.headers["Location"] = f"/v1/privacy-packs/{pack.id}"
    return reading.pack_read(pack)


@router.get("/privacy-packs/{pack_id}", responses=problem_responses(*_GUARD, PackNotFound))
async def get_privacy_pack(session: ReadSession, pack_id: UUID, actor: Reader) -> PackRead:
    """Read how far a pack is, and what is in it."""
    return reading.pack_read(await queries.get_pack(session, pack_id))


@router.get(
    "/privacy-packs/{pack_id}/file",
    response_class=FileResponse,
    responses=problem_responses(*_GUARD, StepUpRequired, PackNotFound, PackNotReady, PackExpired)
    | file_answer("The pack, a ZIP."),
)
async def download_privacy_pack(
    session: WriteSession, request: Request, pack_id: UUID, settings: AppSettings, actor: Writer
) -> FileResponse:
    """Take the pack to hand it over on paper or a stick. That somebody took it is recorded (S-16)."""
    refuse_without_step_up(request, actor)
    fetched = await service.fetch_pack(session, pack_id, settings, actor=actor)
    return FileResponse(
        fetched.path, media_type="application/zip", filename=fetched.name, content_disposition_type="attachment"
    )


@router.put(
    "/privacy-packs/{pack_id}/delivery",
    responses=problem_responses(
        *_GUARD,
        StepUpRequired,
        PackNotFound,
        PackNotReady,
        PackExpired,
        NoStoredContact,
        ContactRefused,
        TemplateNotFound,
    ),
)
async def deliver_privacy_pack(session: WriteSession, request: Request, pack_id: UUID, actor: Writer) -> PackRead:
    """Send the person a link to the pack, at the address we know is theirs; it works for seven days (C-28)."""
    refuse_without_step_up(request, actor)
    return reading.pack_read(await service.deliver_pack(session, pack_id, actor=actor))
