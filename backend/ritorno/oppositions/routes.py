"""The opposition register over HTTP: upload an answer of the operator, see how old each is."""

from datetime import date
from typing import Annotated

from fastapi import Depends, Form, Request, Response, UploadFile, status

from ritorno.identity.auth import refuse_without_step_up, require
from ritorno.identity.errors import Forbidden, NotSignedIn, StepUpRequired
from ritorno.kit.actor import Actor
from ritorno.kit.http import (
    Paging,
    ReadSession,
    WriteSession,
    created,
    file_answer,
    make_router,
    problem_responses,
)
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor, Invalid, TooLarge
from ritorno.oppositions import queries, service
from ritorno.oppositions.errors import OppositionFileUnreadable
from ritorno.oppositions.rules import RegisterKind
from ritorno.oppositions.schemas import OppositionExtractCreate, OppositionSummary, OppositionUploadRead

router = make_router(tag="oppositions")

Reader = Annotated[Actor, Depends(require("privacy:read"))]
Writer = Annotated[Actor, Depends(require("privacy:write"))]


@router.post(
    "/opposition-uploads",
    responses=created(OppositionUploadRead)
    | problem_responses(NotSignedIn, Forbidden, TooLarge, OppositionFileUnreadable, Invalid),
)
async def upload_opposition_answer(
    session: WriteSession,
    actor: Writer,
    response: Response,
    file: UploadFile,
    answered_on: Annotated[date, Form(description="The day the operator answered, as its file or mail says.")],
    kind: Annotated[RegisterKind, Form()] = RegisterKind.PHONE,
) -> OppositionUploadRead:
    """Take in an answer of the operator: a CSV with a number, an outcome and, where given, a date of entry in each row.

    The same file for the same day is taken once: 200 then, 201 when it was new. Rows that cannot be read are told with
    their line, and cover nobody.
    """
    upload, is_new = await service.take_in(
        session, await file.read(), file_name=file.filename or "", kind=kind, answered_on=answered_on, actor=actor
    )
    if is_new:
        response.status_code = status.HTTP_201_CREATED
    return queries.read_upload(upload)


@router.get("/opposition-uploads", responses=problem_responses(NotSignedIn, Forbidden, BadCursor))
async def list_opposition_uploads(session: ReadSession, actor: Reader, paging: Paging) -> Page[OppositionUploadRead]:
    """List the answers, newest first, with their age and what they said."""
    return await queries.list_uploads(session, paging)


@router.get("/opposition-uploads/summary", responses=problem_responses(NotSignedIn, Forbidden))
async def get_opposition_summary(session: ReadSession, actor: Reader) -> OppositionSummary:
    """Tell, for each register, how many numbers with consent are covered, too old, never asked about, and listed."""
    return OppositionSummary(registers=await queries.coverage(session))


@router.post(
    "/opposition-extracts",
    response_class=Response,
    responses=problem_responses(NotSignedIn, Forbidden, StepUpRequired, Invalid)
    | file_answer("A CSV with one number in each row."),
)
async def extract_numbers_for_register(
    request: Request, session: WriteSession, actor: Writer, body: OppositionExtractCreate
) -> Response:
    """Read the numbers to ask the operator about: only those somebody consented to be called on.

    It is not a list of people to contact: whether a number may be called is the gate's to say, after the answer.
    """
    refuse_without_step_up(request, actor)
    content = await service.extract(session, kind=body.kind, numbers=body.numbers, actor=actor)
    return Response(
        content,
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="rpo.csv"', "Cache-Control": "no-store"},
    )
