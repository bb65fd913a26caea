"""Imports over HTTP. A file is streamed to disk; whatever takes longer than a look at it runs in a worker."""

from typing import Annotated
from urllib.parse import unquote
from uuid import UUID

from fastapi import Depends, Header, Path, Query, Request, Response, status
from fastapi.responses import StreamingResponse

from ritorno.activity import service as activity
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.imports import queries, service, uploading
from ritorno.imports.errors import (
    FileUnreadable,
    ImportFileGone,
    ImportMappingNotFound,
    ImportNotFound,
    ImportNotReady,
    MappingIncomplete,
)
from ritorno.imports.rules import FIELDS, ImportKind, ImportOutcome
from ritorno.imports.schemas import (
    FieldsRead,
    ImportFieldRead,
    ImportPatch,
    ImportPreview,
    ImportRead,
    ImportRowRead,
    ImportSummary,
    MappingName,
    MappingRead,
    MappingsRead,
    MappingWrite,
)
from ritorno.kit.actor import Actor
from ritorno.kit.http import (
    AppSettings,
    IfMatch,
    Paging,
    ReadSession,
    WriteSession,
    idempotency_required,
    make_router,
    problem_responses,
    require_version,
    set_version,
)
from ritorno.kit.idempotency import InFlight, KeyMissing, KeyReused
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor, Invalid, StaleVersion, TooLarge, VersionRequired

router = make_router(tag="imports")

Reader = Annotated[Actor, Depends(require("imports:read"))]
Writer = Annotated[Actor, Depends(require("imports:write"))]
_REFUSALS = (NotSignedIn, Forbidden, ImportNotFound)
_KEYED = (KeyMissing, KeyReused, InFlight)


@router.post(
    "/imports",
    status_code=status.HTTP_201_CREATED,
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
    responses=problem_responses(NotSignedIn, Forbidden, TooLarge, FileUnreadable, Invalid),
)
async def upload_import(
    request: Request,
    session: WriteSession,
    settings: AppSettings,
    actor: Writer,
    response: Response,
    file_name: Annotated[
        str,
        Header(alias="X-File-Name", max_length=1000, description="The name of the file, percent-encoded UTF-8."),
    ],
    kind: Annotated[ImportKind | None, Query(description="Guessed from the headers where it is not said.")] = None,
) -> ImportRead:
    """Send a file as the body: CSV, XLSX or ODS, zipped or not. It is kept as a draft; nothing changes yet."""
    received = await uploading.receive(request.stream(), unquote(file_name), settings)
    row = await service.open_import(session, received, kind=kind, settings=settings, actor=actor)
    response.headers["Location"] = f"/v1/imports/{row.id}"
    set_version(response, row.version)
    return await queries.read_import(session, row)


@router.get("/imports", responses=problem_responses(NotSignedIn, Forbidden, BadCursor, Invalid))
async def list_imports(session: ReadSession, actor: Reader, paging: Paging) -> Page[ImportSummary]:
    """Read the imports, newest first."""
    return await queries.list_imports(session, paging)


@router.get("/imports/{import_id}", responses=problem_responses(*_REFUSALS))
async def get_import(import_id: UUID, session: ReadSession, actor: Reader, response: Response) -> ImportRead:
    """Read one import with its progress; the ETag is its version."""
    row = await queries.get_import(session, import_id)
    set_version(response, row.version)
    return await queries.read_import(session, row)


@router.get("/imports/{import_id}/preview", responses=problem_responses(*_REFUSALS, FileUnreadable, ImportFileGone))
async def preview_import(import_id: UUID, session: ReadSession, settings: AppSettings, actor: Writer) -> ImportPreview:
    """Look at the beginning of the file: how it was understood, its columns, and what each seems to be."""
    return await service.preview(session, await queries.get_import(session, import_id), settings)


@router.patch(
    "/imports/{import_id}",
    responses=problem_responses(
        *_REFUSALS, ImportNotReady, FileUnreadable, ImportFileGone, StaleVersion, VersionRequired, Invalid
    ),
)
async def change_import(
    import_id: UUID,
    body: ImportPatch,
    session: WriteSession,
    settings: AppSettings,
    actor: Writer,
    response: Response,
    if_match: IfMatch = None,
) -> ImportRead:
    """Decide what the columns become; a rehearsal that was made before counts no more."""
    row = await queries.get_import(session, import_id, lock=True)
    require_version(if_match, row.version)
    await service.change_import(session, row, body, settings=settings)
    set_version(response, row.version)
    return await queries.read_import(session, row)


@router.delete(
    "/imports/{import_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(*_REFUSALS, ImportNotReady),
)
async def discard_import(import_id: UUID, session: WriteSession, settings: AppSettings, actor: Writer) -> None:
    """Throw a draft away with its file. What was applied stays in the history."""
    await service.discard(session, import_id, settings=settings, actor=actor)


@router.post(
    "/imports/{import_id}/rehearsals",
    status_code=status.HTTP_202_ACCEPTED,
    responses=problem_responses(*_REFUSALS, ImportNotReady, MappingIncomplete, ImportFileGone),
)
async def rehearse_import(import_id: UUID, session: WriteSession, actor: Writer) -> ImportRead:
    """Find out exactly what would happen, without changing anything; watch the import for progress and counts."""
    return await queries.read_import(session, await service.rehearse(session, import_id, actor=actor))


@router.post(
    "/imports/{import_id}/applications",
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[Depends(idempotency_required)],
    responses=problem_responses(*_REFUSALS, *_KEYED, ImportNotReady, MappingIncomplete, ImportFileGone),
)
async def apply_import(import_id: UUID, session: WriteSession, actor: Writer) -> ImportRead:
    """Do it, in a worker. History triggers no message. An application that stopped goes on from where it was."""
    return await queries.read_import(session, await service.apply(session, import_id, actor=actor))


@router.post(
    "/imports/{import_id}/reversals",
    status_code=status.HTTP_202_ACCEPTED,
    dependencies=[Depends(idempotency_required)],
    responses=problem_responses(*_REFUSALS, *_KEYED, ImportNotReady),
)
async def undo_import(import_id: UUID, session: WriteSession, actor: Writer) -> ImportRead:
    """Take the whole import back: what it made vanishes, what it changed returns; what was changed again later stays
    and is listed.
    """
    return await queries.read_import(session, await service.undo(session, import_id, actor=actor))


@router.get("/imports/{import_id}/rows", responses=problem_responses(*_REFUSALS, BadCursor, Invalid))
async def list_import_rows(
    import_id: UUID,
    session: ReadSession,
    actor: Reader,
    paging: Paging,
    outcome: ImportOutcome | None = None,
    kept: Annotated[bool, Query(description="Only rows that undoing left as they are.")] = False,
) -> Page[ImportRowRead]:
    """Read what rows do or did, each with its reasons. After a rehearsal: all that would be rejected, and examples."""
    await queries.get_import(session, import_id)
    return await queries.list_rows(session, import_id, paging, outcome=outcome, kept=kept)


@router.get(
    "/imports/{import_id}/rejected-rows",
    response_class=StreamingResponse,
    responses=problem_responses(*_REFUSALS, ImportFileGone)
    | {200: {"content": {"text/csv": {"schema": {"type": "string", "format": "binary"}}}}},
)
async def download_rejected_rows(
    import_id: UUID, request: Request, session: WriteSession, settings: AppSettings, actor: Writer
) -> StreamingResponse:
    """Download the rejected rows as they were, each with its reasons, ready to be mended and sent again alone. That
    somebody took them is recorded (S-16), which is why this read may write.
    """
    row = await queries.get_import(session, import_id)
    await activity.record_read(session, actor, "rejected_rows.downloaded", subject="import", subject_id=row.id)
    stream = await service.rejected_rows(row, request.app.state.read_sessions, settings, language=actor.language)
    return StreamingResponse(
        stream,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="rejected.csv"'},
    )


@router.get("/import-fields", responses=problem_responses(NotSignedIn, Forbidden, Invalid))
async def list_import_fields(kind: ImportKind, actor: Reader) -> FieldsRead:
    """Read what a column of such a file may become, and what each field may do to a value that is there."""
    return FieldsRead(items=[ImportFieldRead.model_validate(field) for field in FIELDS[kind]])


@router.get("/import-mappings", responses=problem_responses(NotSignedIn, Forbidden))
async def list_import_mappings(session: ReadSession, actor: Reader) -> MappingsRead:
    """Read the mappings kept under a name."""
    return MappingsRead(items=[MappingRead.model_validate(row) for row in await queries.list_mappings(session)])


@router.put("/import-mappings/{name}", responses=problem_responses(NotSignedIn, Forbidden, Invalid))
async def put_import_mapping(
    name: Annotated[MappingName, Path()], body: MappingWrite, session: WriteSession, actor: Writer
) -> MappingRead:
    """Keep a mapping for the next file of this kind, and for nightly drops and the command line."""
    return MappingRead.model_validate(await service.put_mapping(session, name, body, actor=actor))


@router.delete(
    "/import-mappings/{name}",
    status_code=status.HTTP_204_NO_CONTENT,
    responses=problem_responses(NotSignedIn, Forbidden, ImportMappingNotFound, Invalid),
)
async def forget_import_mapping(name: Annotated[MappingName, Path()], session: WriteSession, actor: Writer) -> None:
    """Forget a mapping; imports made with it keep their own copy."""
    await service.forget_mapping(session, name)
