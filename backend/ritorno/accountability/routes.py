"""The register of processing, processors, terms and incidents over HTTP."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response

from ritorno.accountability import queries, service, words
from ritorno.accountability.errors import (
    ActivityCodeTaken,
    ActivityEnded,
    ActivityNotFound,
    IncidentClosed,
    IncidentNotFound,
    ProcessorNameTaken,
    ProcessorNotFound,
    SilenceNotAllowed,
)
from ritorno.accountability.models import ProcessingActivity, Processor
from ritorno.accountability.schemas import (
    Bilingual,
    IncidentCreate,
    IncidentEventRead,
    IncidentPatch,
    IncidentRead,
    ProcessingActivityCreate,
    ProcessingActivityEnd,
    ProcessingActivityPatch,
    ProcessingActivityRead,
    ProcessingActivityVersionRead,
    ProcessorCreate,
    ProcessorPatch,
    ProcessorRead,
    TermsAccept,
    TermsRead,
)
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
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

router = make_router(tag="accountability")

Reader = Annotated[Actor, Depends(require("privacy:read"))]
Writer = Annotated[Actor, Depends(require("privacy:write"))]

_Idempotent = Depends(idempotency_optional)


# ── the register ──────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/processing-activities", responses=problem_responses(NotSignedIn, Forbidden))
async def list_processing_activities(session: ReadSession, actor: Reader) -> Page[ProcessingActivityRead]:
    """Read the register of processing (art. 30): own processing first, then what is done for others."""
    rows = await queries.list_activities(session)
    processors = await queries.list_processors(session)
    return Page[ProcessingActivityRead](items=[_activity(row, processors) for row in rows], total=len(rows))


@router.post(
    "/processing-activities",
    status_code=201,
    dependencies=[_Idempotent],
    responses=problem_responses(ActivityCodeTaken, Invalid, NotSignedIn, Forbidden),
)
async def add_processing_activity(
    session: WriteSession, actor: Writer, response: Response, body: ProcessingActivityCreate
) -> ProcessingActivityRead:
    """Write a row into the register; from then on what it names may be activated (C-34)."""
    row = await service.add_activity(session, body, actor=actor)
    response.headers["Location"] = f"/v1/processing-activities/{row.id}"
    return await _told(session, row, response)


@router.patch(
    "/processing-activities/{activity_id}",
    responses=problem_responses(
        ActivityNotFound, ActivityEnded, VersionRequired, StaleVersion, Invalid, NotSignedIn, Forbidden
    ),
)
async def change_processing_activity(
    session: WriteSession,
    actor: Writer,
    response: Response,
    activity_id: UUID,
    body: ProcessingActivityPatch,
    if_match: IfMatch = None,
) -> ProcessingActivityRead:
    """Change a row; how it stood stays readable in its versions."""
    row = await queries.get_activity(session, activity_id, lock=True)
    require_version(if_match, row.version)
    return await _told(session, await service.change_activity(session, row, body, actor=actor), response)


@router.post(
    "/processing-activities/{activity_id}/endings",
    responses=problem_responses(
        ActivityNotFound, ActivityEnded, VersionRequired, StaleVersion, Invalid, NotSignedIn, Forbidden
    ),
)
async def end_processing_activity(
    session: WriteSession,
    actor: Writer,
    response: Response,
    activity_id: UUID,
    body: ProcessingActivityEnd,
    if_match: IfMatch = None,
) -> ProcessingActivityRead:
    """End a processing; its row stays in the register."""
    row = await queries.get_activity(session, activity_id, lock=True)
    require_version(if_match, row.version)
    return await _told(session, await service.end_activity(session, row, body.ended_on, actor=actor), response)


@router.get(
    "/processing-activities/{activity_id}/versions",
    responses=problem_responses(ActivityNotFound, NotSignedIn, Forbidden),
)
async def list_processing_activity_versions(
    session: ReadSession, actor: Reader, activity_id: UUID
) -> Page[ProcessingActivityVersionRead]:
    """Read how a row has stood, the newest first."""
    rows = await queries.list_versions(session, activity_id)
    return Page[ProcessingActivityVersionRead].model_validate({"items": rows, "total": len(rows)})


async def _told(session: WriteSession, row: ProcessingActivity, response: Response) -> ProcessingActivityRead:
    set_version(response, row.version)
    return _activity(row, await queries.list_processors(session))


def _activity(row: ProcessingActivity, processors: Any) -> ProcessingActivityRead:
    own = {column.key: getattr(row, column.key) for column in ProcessingActivity.__table__.columns}
    serving = [each.name for each in processors if row.code in each.activities and each.ended_on is None]
    return ProcessingActivityRead.model_validate(own | {"processors": serving})


# ── processors and terms ──────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/processors", responses=problem_responses(NotSignedIn, Forbidden))
async def list_processors(session: ReadSession, actor: Reader) -> Page[ProcessorRead]:
    """Read who processes for the business, where, and on what agreement (C-36)."""
    rows = await queries.list_processors(session)
    return Page[ProcessorRead].model_validate({"items": rows, "total": len(rows)})


@router.post(
    "/processors",
    status_code=201,
    response_model=ProcessorRead,
    dependencies=[_Idempotent],
    responses=problem_responses(ProcessorNameTaken, Invalid, NotSignedIn, Forbidden),
)
async def add_processor(session: WriteSession, actor: Writer, response: Response, body: ProcessorCreate) -> Processor:
    """Enter a processor; outside the EEA it needs a transfer tool (art. 44-46)."""
    row = await service.add_processor(session, body, actor=actor)
    response.headers["Location"] = f"/v1/processors/{row.id}"
    set_version(response, row.version)
    return row


@router.patch(
    "/processors/{processor_id}",
    response_model=ProcessorRead,
    responses=problem_responses(ProcessorNotFound, VersionRequired, StaleVersion, Invalid, NotSignedIn, Forbidden),
)
async def change_processor(
    session: WriteSession,
    actor: Writer,
    response: Response,
    processor_id: UUID,
    body: ProcessorPatch,
    if_match: IfMatch = None,
) -> Processor:
    """Change a processor: its agreement, its sub-processors, its last day."""
    row = await queries.get_processor(session, processor_id, lock=True)
    require_version(if_match, row.version)
    row = await service.change_processor(session, row, body, actor=actor)
    set_version(response, row.version)
    return row


@router.get("/processing-terms", responses=problem_responses(NotSignedIn, Forbidden))
async def get_processing_terms(session: ReadSession, actor: Reader) -> TermsRead:
    """Read what the operator of this installation undertakes (art. 28), and whether it was accepted (C-01)."""
    return await _terms(session)


@router.post(
    "/processing-terms/acceptances", status_code=201, responses=problem_responses(Invalid, NotSignedIn, Forbidden)
)
async def accept_processing_terms(session: WriteSession, actor: Writer, body: TermsAccept) -> TermsRead:
    """Accept the terms in force for the business."""
    await service.accept_terms(session, body, actor=actor)
    return await _terms(session)


async def _terms(session: ReadSession) -> TermsRead:
    found = await queries.find_terms_acceptance(session)
    digest = words.terms_sha256()
    return TermsRead(
        version=words.TERMS_VERSION,
        text_sha256=digest,
        text=Bilingual.model_validate(words.terms()),
        is_accepted=found is not None and found.text_sha256 == digest,
        accepted_on=found.accepted_on if found else None,
        accepted_by=found.accepted_by if found else None,
    )


# ── incidents ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@router.get("/incidents", responses=problem_responses(BadCursor, NotSignedIn, Forbidden))
async def list_incidents(session: ReadSession, actor: Reader, paging: Paging) -> Page[IncidentRead]:
    """Read the log of breaches (art. 33(5)), the newest first."""
    page: Page[Any] = await queries.list_incidents(session, paging)
    page.items = [await service.incident_read(session, row) for row in page.items]
    return page


@router.post(
    "/incidents",
    status_code=201,
    dependencies=[_Idempotent],
    responses=problem_responses(Invalid, NotSignedIn, Forbidden),
)
async def open_incident(session: WriteSession, actor: Writer, response: Response, body: IncidentCreate) -> IncidentRead:
    """Write down a breach; its 72 hours run from the moment somebody became aware of it."""
    row = await service.open_incident(session, body, actor=actor)
    response.headers["Location"] = f"/v1/incidents/{row.id}"
    set_version(response, row.version)
    return await service.incident_read(session, row)


@router.get("/incidents/{incident_id}", responses=problem_responses(IncidentNotFound, NotSignedIn, Forbidden))
async def get_incident(session: ReadSession, actor: Reader, response: Response, incident_id: UUID) -> IncidentRead:
    """Read one incident as it is known now."""
    row = await queries.get_incident(session, incident_id)
    set_version(response, row.version)
    return await service.incident_read(session, row)


@router.patch(
    "/incidents/{incident_id}",
    responses=problem_responses(
        IncidentNotFound,
        IncidentClosed,
        SilenceNotAllowed,
        VersionRequired,
        StaleVersion,
        Invalid,
        NotSignedIn,
        Forbidden,
    ),
)
async def change_incident(
    session: WriteSession,
    actor: Writer,
    response: Response,
    incident_id: UUID,
    body: IncidentPatch,
    if_match: IfMatch = None,
) -> IncidentRead:
    """Add what is known, decide, or say who was told and when."""
    row = await queries.get_incident(session, incident_id, lock=True)
    require_version(if_match, row.version)
    row = await service.change_incident(session, row, body, actor=actor)
    set_version(response, row.version)
    return await service.incident_read(session, row)


@router.put(
    "/incidents/{incident_id}/closure",
    responses=problem_responses(IncidentNotFound, SilenceNotAllowed, NotSignedIn, Forbidden),
)
async def close_incident(session: WriteSession, actor: Writer, response: Response, incident_id: UUID) -> IncidentRead:
    """Close an incident when everybody who must be told was told."""
    row = await queries.get_incident(session, incident_id, lock=True)
    row = await service.close_incident(session, row, actor=actor)
    set_version(response, row.version)
    return await service.incident_read(session, row)


@router.get("/incidents/{incident_id}/events", responses=problem_responses(IncidentNotFound, NotSignedIn, Forbidden))
async def list_incident_events(session: ReadSession, actor: Reader, incident_id: UUID) -> Page[IncidentEventRead]:
    """Read everything that was written about an incident, in order."""
    rows = await queries.list_incident_events(session, incident_id)
    return Page[IncidentEventRead].model_validate({"items": rows, "total": len(rows)})
