"""Generated documents over HTTP: made, dated, versioned; and the gaps between the register and what is in use."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from ritorno.accountability import queries as accountability
from ritorno.accountability.errors import DocumentNotFound
from ritorno.accountability.schemas import DocumentCreate, DocumentFilter, DocumentRead
from ritorno.identity.auth import language_of, require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import (
    AppSettings,
    ReadSession,
    WriteSession,
    created,
    file_answer,
    make_router,
    problem_responses,
)
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor, Invalid
from ritorno.privacy.documents import gaps, printing
from ritorno.privacy.documents.schemas import GapsRead

router = make_router(tag="privacy")

Reader = Annotated[Actor, Depends(require("privacy:read"))]
Writer = Annotated[Actor, Depends(require("privacy:write"))]


@router.get("/processing-activities/gaps", responses=problem_responses(NotSignedIn, Forbidden))
async def list_processing_gaps(
    session: ReadSession, request: Request, settings: AppSettings, actor: Reader
) -> GapsRead:
    """Read what is in use but not registered, and what is registered but not used (C-34)."""
    return await gaps.find(session, settings, language=language_of(request, actor))


@router.get("/documents", responses=problem_responses(BadCursor, NotSignedIn, Forbidden))
async def list_documents(
    session: ReadSession, actor: Reader, wanted: Annotated[DocumentFilter, Query()]
) -> Page[DocumentRead]:
    """Read the documents that were made, every version, the newest first."""
    page: Page[Any] = await accountability.list_documents(session, wanted, wanted.page)
    page.items = [printing.document_read(row) for row in page.items]
    return page


@router.post(
    "/documents",
    responses=problem_responses(Invalid, NotSignedIn, Forbidden) | created(DocumentRead),
)
async def make_document(
    session: WriteSession, settings: AppSettings, response: Response, actor: Writer, body: DocumentCreate
) -> DocumentRead:
    """Print a document from what is configured now: 201 with the next version, or 200 with the newest when nothing
    has changed since.
    """
    row, is_new = await printing.make(session, settings, body, actor=actor)
    response.status_code = 201 if is_new else 200
    response.headers["Location"] = f"/v1/documents/{row.id}"
    return printing.document_read(row)


@router.get(
    "/documents/{document_id}/file",
    response_class=Response,
    responses=problem_responses(DocumentNotFound, NotSignedIn, Forbidden)
    | file_answer("The document, a tagged PDF or a CSV."),
)
async def download_document(session: ReadSession, settings: AppSettings, actor: Reader, document_id: UUID) -> Response:
    """Fetch one version, as it was printed."""
    row = await accountability.get_document(session, document_id)
    content = await printing.read(settings, row)
    return Response(
        content,
        media_type=printing.MEDIA_TYPES[row.format],
        headers={"Content-Disposition": f'inline; filename="{printing.file_name(row)}"'},
    )
