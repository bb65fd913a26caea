"""Saved filters over HTTP, and the preview behind the builder."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response

from ritorno.customers import queries as customers
from ritorno.identity.auth import language_of, require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.http import (
    IfMatch,
    Paging,
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
from ritorno.segments import queries, service
from ritorno.segments.errors import ConditionPointsNowhere, SegmentNotFound
from ritorno.segments.schemas import (
    MemberRead,
    MembershipRead,
    PresetsRead,
    SegmentCreate,
    SegmentFieldsRead,
    SegmentPatch,
    SegmentPreviewRead,
    SegmentPreviewRequest,
    SegmentRead,
)

router = make_router(tag="segments")

Reader = Annotated[Actor, Depends(require("segments:read"))]
Writer = Annotated[Actor, Depends(require("segments:write"))]


@router.get("/segment-fields", responses=problem_responses(NotSignedIn, Forbidden))
async def list_segment_fields(session: ReadSession, request: Request, actor: Reader) -> SegmentFieldsRead:
    """List everything a segment may ask, with its operators and choices."""
    return await service.fields_read(session, language=language_of(request, actor))


@router.get("/segments", responses=problem_responses(NotSignedIn, Forbidden, BadCursor))
async def list_segments(session: ReadSession, paging: Paging, request: Request, actor: Reader) -> Page[SegmentRead]:
    """List saved filters by name, each as a sentence."""
    page: Page[Any] = await queries.list_segments(session, paging)
    page.items = await service.segments_read(session, page.items, language=language_of(request, actor))
    return page


@router.get("/segments/presets", responses=problem_responses(NotSignedIn, Forbidden))
async def list_segment_presets(session: ReadSession, request: Request, actor: Reader) -> PresetsRead:
    """List the filters to start from."""
    return PresetsRead(items=await service.presets_read(session, language=language_of(request, actor)))


@router.post("/segments/preview", responses=problem_responses(NotSignedIn, Forbidden, Invalid, ConditionPointsNowhere))
async def preview_segment(
    session: ReadSession, request: Request, body: SegmentPreviewRequest, actor: Reader
) -> SegmentPreviewRead:
    """Count exactly whom a filter chooses, without saving it, and show some of them with the reason."""
    return await service.preview(session, body.tree, language=language_of(request, actor), at=clock.now())


@router.post(
    "/segments",
    status_code=201,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(NotSignedIn, Forbidden, Invalid, ConditionPointsNowhere),
)
async def create_segment(
    session: WriteSession, request: Request, response: Response, body: SegmentCreate, actor: Writer
) -> SegmentRead:
    """Save a filter."""
    segment = await service.create_segment(session, body, actor=actor)
    response.headers["Location"] = f"/v1/segments/{segment.id}"
    set_version(response, segment.version)
    return (await service.segments_read(session, [segment], language=language_of(request, actor)))[0]


@router.get("/segments/{segment_id}", responses=problem_responses(NotSignedIn, Forbidden, SegmentNotFound))
async def get_segment(
    session: ReadSession, request: Request, response: Response, segment_id: UUID, actor: Reader
) -> SegmentRead:
    """Read one saved filter."""
    segment = await queries.get_segment(session, segment_id)
    set_version(response, segment.version)
    return (await service.segments_read(session, [segment], language=language_of(request, actor)))[0]


@router.patch(
    "/segments/{segment_id}",
    responses=problem_responses(
        NotSignedIn, Forbidden, SegmentNotFound, VersionRequired, StaleVersion, Invalid, ConditionPointsNowhere
    ),
)
async def change_segment(
    session: WriteSession,
    request: Request,
    response: Response,
    segment_id: UUID,
    body: SegmentPatch,
    actor: Writer,
    if_match: IfMatch = None,
) -> SegmentRead:
    """Change a saved filter."""
    segment = await queries.get_segment(session, segment_id)
    require_version(if_match, segment.version)
    segment = await service.edit_segment(session, segment, body, actor=actor)
    set_version(response, segment.version)
    return (await service.segments_read(session, [segment], language=language_of(request, actor)))[0]


@router.delete(
    "/segments/{segment_id}",
    status_code=204,
    responses=problem_responses(NotSignedIn, Forbidden, SegmentNotFound, VersionRequired, StaleVersion),
)
async def remove_segment(session: WriteSession, segment_id: UUID, actor: Writer, if_match: IfMatch = None) -> None:
    """Take a filter off the list; what already used it is kept."""
    segment = await queries.get_segment(session, segment_id)
    require_version(if_match, segment.version)
    await service.remove_segment(session, segment, actor=actor)


@router.get(
    "/segments/{segment_id}/members", responses=problem_responses(NotSignedIn, Forbidden, SegmentNotFound, BadCursor)
)
async def list_segment_members(
    session: ReadSession, paging: Paging, request: Request, segment_id: UUID, actor: Reader
) -> Page[MemberRead]:
    """List the people of a segment, each with the reason."""
    segment = await queries.get_segment(session, segment_id)
    return await service.list_members(session, segment, paging, language=language_of(request, actor), at=clock.now())


@router.get(
    "/segments/{segment_id}/members/{customer_id}",
    responses=problem_responses(NotSignedIn, Forbidden, SegmentNotFound),
)
async def get_segment_membership(
    session: ReadSession, request: Request, segment_id: UUID, customer_id: UUID, actor: Reader
) -> MembershipRead:
    """Tell whether one person is in a segment, and why."""
    segment = await queries.get_segment(session, segment_id)
    await customers.get_customer(session, customer_id)
    found = await service.membership(
        session, segment, customer_id, language=language_of(request, actor), at=clock.now()
    )
    return MembershipRead(is_member=found.is_member, because=found.because)
