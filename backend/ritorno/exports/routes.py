"""Exports over HTTP: ask, watch, fetch, remove."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.responses import FileResponse

from ritorno.accountability.errors import ProcessingNotRegistered
from ritorno.disclosures.errors import RecipientInactive, RecipientNotFound
from ritorno.exports import queries, service
from ritorno.exports.errors import ExportExpired, ExportNotFound, ExportNotReady
from ritorno.exports.rules import COLUMNS, FILTERS, MEDIA_TYPES, PEOPLE, SCOPES, ExportKind, file_name
from ritorno.exports.schemas import ExportColumnRead, ExportCreate, ExportKindRead, ExportKindsRead, ExportRead
from ritorno.identity.auth import refuse_without_step_up, require
from ritorno.identity.errors import Forbidden, NotSignedIn, StepUpRequired
from ritorno.kit.actor import Actor
from ritorno.kit.http import (
    AppSettings,
    Paging,
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
from ritorno.segments.errors import SegmentNotFound

router = make_router(tag="exports")

Exporter = Annotated[Actor, Depends(require("exports:run"))]


@router.get("/export-kinds", responses=problem_responses(NotSignedIn, Forbidden))
async def list_export_kinds(actor: Exporter) -> ExportKindsRead:
    """Read what each kind of file may be filtered by and hold."""
    return ExportKindsRead(
        items=[
            ExportKindRead(
                kind=kind,
                filters=sorted(FILTERS[kind]),
                columns=[ExportColumnRead.model_validate(column) for column in COLUMNS[kind]],
                scopes=list(SCOPES[kind]),
                may_contact=kind in PEOPLE,
            )
            for kind in ExportKind
        ]
    )


@router.get("/exports", responses=problem_responses(NotSignedIn, Forbidden, BadCursor))
async def list_exports(session: ReadSession, paging: Paging, actor: Exporter) -> Page[ExportRead]:
    """List what was asked for, newest first; files that are gone stay in the list."""
    page: Page[Any] = await queries.list_exports(session, paging)
    page.items = [service.export_read(export) for export in page.items]
    return page


@router.post(
    "/exports",
    status_code=202,
    dependencies=[Depends(idempotency_required)],
    responses=problem_responses(
        NotSignedIn,
        Forbidden,
        StepUpRequired,
        Invalid,
        SegmentNotFound,
        RecipientNotFound,
        RecipientInactive,
        ProcessingNotRegistered,
        KeyMissing,
        KeyReused,
        InFlight,
    ),
)
async def request_export(
    session: WriteSession, request: Request, response: Response, body: ExportCreate, actor: Exporter
) -> ExportRead:
    """Ask for a file. For `CONTACT` and `DISCLOSURE` the gate is asked about each person while the file is made;
    `left_out` counts its refusals.
    """
    refuse_without_step_up(request, actor)
    export = await service.request_export(session, body, actor=actor)
    response.headers["Location"] = f"/v1/exports/{export.id}"
    return service.export_read(export)


@router.get("/exports/{export_id}", responses=problem_responses(NotSignedIn, Forbidden, ExportNotFound))
async def get_export(session: ReadSession, export_id: UUID, actor: Exporter) -> ExportRead:
    """Read one export: how far it is, how many rows it holds and how many were left out, and why."""
    return service.export_read(await queries.get_export(session, export_id))


@router.get(
    "/exports/{export_id}/file",
    response_class=FileResponse,
    responses=problem_responses(NotSignedIn, Forbidden, StepUpRequired, ExportNotFound, ExportNotReady, ExportExpired)
    | file_answer("The file, in the format that was asked for."),
)
async def download_export(
    session: WriteSession, request: Request, export_id: UUID, settings: AppSettings, actor: Exporter
) -> FileResponse:
    """Fetch the file. That somebody took it is recorded (S-16), which is why this read may write."""
    refuse_without_step_up(request, actor)
    export, path = await service.fetch(session, export_id, settings, actor=actor)
    return FileResponse(
        path,
        media_type=MEDIA_TYPES[export.format],
        filename=file_name(export.kind, export.format, export.created_at.date()),
        content_disposition_type="attachment",
    )


@router.delete(
    "/exports/{export_id}", status_code=204, responses=problem_responses(NotSignedIn, Forbidden, ExportNotFound)
)
async def remove_export(session: WriteSession, export_id: UUID, settings: AppSettings, actor: Exporter) -> None:
    """Remove the file at once; the row stays, because what left must stay known."""
    await service.remove(session, export_id, settings, actor=actor)
