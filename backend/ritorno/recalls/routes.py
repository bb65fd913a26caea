"""Recalls over HTTP: setting them up, who is due today, the time machine, and what they earned."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from ritorno.catalog.errors import CategoryNotFound
from ritorno.customers import queries as customers
from ritorno.customers.errors import CustomerMerged, CustomerNotFound
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
from ritorno.messaging.errors import TemplateNotFound
from ritorno.recalls import due, queries, reading, service
from ritorno.recalls.errors import PeriodTooLong, RecallNotFound
from ritorno.recalls.models import Recall
from ritorno.recalls.schemas import (
    DismissalRequest,
    DueListRead,
    RecallCreate,
    RecallPatch,
    RecallRead,
    RecallRehearsalRead,
    RecallRehearsalRequest,
    RecallRunRead,
)
from ritorno.segments.errors import SegmentNotFound
from ritorno.stores import queries as stores
from ritorno.touches.schemas import ResultsRead

router = make_router(tag="recalls")

Reader = Annotated[Actor, Depends(require("recalls:read"))]
Writer = Annotated[Actor, Depends(require("recalls:write"))]
Measurer = Annotated[Actor, Depends(require("results:read"))]


async def _read(session: ReadSession, recall: Recall, response: Response) -> RecallRead:
    await session.flush()
    set_version(response, recall.version)
    return (await reading.recalls_read(session, [await queries.get_named(session, recall.id)]))[0]


@router.get("/recalls", responses=problem_responses(NotSignedIn, Forbidden, BadCursor))
async def list_recalls(session: ReadSession, paging: Paging, actor: Reader) -> Page[RecallRead]:
    """List recalls by kind, with their next run and their last."""
    page: Page[Any] = await queries.list_recalls(session, paging)
    page.items = await reading.recalls_read(session, page.items)
    return page


@router.post(
    "/recalls",
    status_code=201,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(NotSignedIn, Forbidden, Invalid, TemplateNotFound, CategoryNotFound, SegmentNotFound),
)
async def create_recall(session: WriteSession, response: Response, body: RecallCreate, actor: Writer) -> RecallRead:
    """Set up a recall; it writes to nobody until it is switched on."""
    recall = await service.create_recall(session, body, actor=actor)
    response.headers["Location"] = f"/v1/recalls/{recall.id}"
    return await _read(session, recall, response)


@router.get("/recalls/due", responses=problem_responses(NotSignedIn, Forbidden))
async def list_due(
    session: ReadSession,
    request: Request,
    actor: Reader,
    on: date | None = None,
    store_id: UUID | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> DueListRead:
    """Tell who should be called back on a day, with the reason, the permission and the one act each row offers."""
    business = await stores.get_business(session)
    day = on or clock.today(business.timezone)
    return await due.list_due(session, day, store_id=store_id, limit=limit, language=language_of(request, actor))


@router.post(
    "/recalls/due/dismissals",
    status_code=204,
    responses=problem_responses(NotSignedIn, Forbidden, RecallNotFound, CustomerNotFound, CustomerMerged, Invalid),
)
async def dismiss_due(session: WriteSession, body: DismissalRequest, actor: Writer) -> None:
    """Put somebody off: until a day, or never again for this reason."""
    await customers.get_customer(session, body.customer_id)
    await service.dismiss(
        session, recall_id=body.recall_id, customer_id=body.customer_id, until=body.until, actor=actor
    )


@router.get("/recalls/{recall_id}", responses=problem_responses(NotSignedIn, Forbidden, RecallNotFound))
async def get_recall(session: ReadSession, response: Response, recall_id: UUID, actor: Reader) -> RecallRead:
    """Read one recall."""
    return await _read(session, await queries.get_recall(session, recall_id), response)


@router.patch(
    "/recalls/{recall_id}",
    responses=problem_responses(
        NotSignedIn,
        Forbidden,
        RecallNotFound,
        VersionRequired,
        StaleVersion,
        Invalid,
        TemplateNotFound,
        CategoryNotFound,
        SegmentNotFound,
    ),
)
async def change_recall(
    session: WriteSession,
    response: Response,
    recall_id: UUID,
    body: RecallPatch,
    actor: Writer,
    if_match: IfMatch = None,
) -> RecallRead:
    """Change a recall from its next run on."""
    recall = await queries.get_recall(session, recall_id, for_update=True)
    require_version(if_match, recall.version)
    return await _read(session, await service.edit_recall(session, recall, body, actor=actor), response)


@router.put("/recalls/{recall_id}/activation", responses=problem_responses(NotSignedIn, Forbidden, RecallNotFound))
async def activate_recall(session: WriteSession, response: Response, recall_id: UUID, actor: Writer) -> RecallRead:
    """Switch it on; it first writes at the next run."""
    recall = await queries.get_recall(session, recall_id, for_update=True)
    return await _read(session, await service.switch(session, recall, on=True, actor=actor), response)


@router.delete("/recalls/{recall_id}/activation", responses=problem_responses(NotSignedIn, Forbidden, RecallNotFound))
async def deactivate_recall(session: WriteSession, response: Response, recall_id: UUID, actor: Writer) -> RecallRead:
    """Switch it off."""
    recall = await queries.get_recall(session, recall_id, for_update=True)
    return await _read(session, await service.switch(session, recall, on=False, actor=actor), response)


@router.post(
    "/recalls/{recall_id}/rehearsals",
    responses=problem_responses(NotSignedIn, Forbidden, RecallNotFound, Invalid, PeriodTooLong),
)
async def rehearse_recall(
    session: ReadSession, request: Request, recall_id: UUID, body: RecallRehearsalRequest, actor: Reader
) -> RecallRehearsalRead:
    """Try a recall on a day or over a past period; nothing is written."""
    named = await queries.get_named(session, recall_id)
    return await reading.rehearse_recall(session, named, body, language=language_of(request, actor), at=clock.now())


@router.get("/recalls/{recall_id}/runs", responses=problem_responses(NotSignedIn, Forbidden, RecallNotFound, BadCursor))
async def list_recall_runs(session: ReadSession, paging: Paging, recall_id: UUID, actor: Reader) -> Page[RecallRunRead]:
    """List the runs of a recall, newest first."""
    recall = await queries.get_recall(session, recall_id)
    return await reading.list_runs(session, recall.id, paging)


@router.get("/recalls/{recall_id}/results", responses=problem_responses(NotSignedIn, Forbidden, RecallNotFound))
async def get_recall_results(session: ReadSession, request: Request, recall_id: UUID, actor: Measurer) -> ResultsRead:
    """Read what a recall earned against its control group, over the runs whose window has closed."""
    recall = await queries.get_recall(session, recall_id)
    return await reading.results_of(session, recall, language=language_of(request, actor), at=clock.now())
