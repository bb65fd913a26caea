"""Batches of letters, over HTTP: what waits, what is prepared, printed, posted, and what the post brings back."""

import csv
from collections.abc import Iterator
from io import StringIO
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from fastapi.responses import StreamingResponse

from ritorno.activity import service as activity
from ritorno.identity.auth import refuse_without_step_up, require
from ritorno.identity.errors import Forbidden, NotSignedIn, StepUpRequired
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.http import (
    AppSettings,
    Paging,
    ReadSession,
    WriteSession,
    file_answer,
    idempotency_optional,
    make_router,
    problem_responses,
)
from ritorno.kit.idempotency import InFlight, KeyReused
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor, Invalid
from ritorno.kit.spreadsheets import neutral
from ritorno.postal import making, queries, service, views
from ritorno.postal.errors import (
    LetterBatchNotFound,
    LetterBatchNotReady,
    LetterBatchPosted,
    LettersToRemove,
    PostNotReady,
)
from ritorno.postal.rules import show_code
from ritorno.postal.schemas import (
    LetterBatchCreate,
    LetterBatchRead,
    LetterPieceFilter,
    LetterPieceRow,
    LetterPostingPut,
    LetterReturnCreate,
    LetterReturnRow,
    LetterReturnsRead,
    WaitingLettersRead,
)
from ritorno.postal.words import CSV_COLUMNS
from ritorno.stores.queries import get_business

router = make_router(tag="letters")

Reader = Annotated[Actor, Depends(require("messages:read"))]
Writer = Annotated[Actor, Depends(require("messages:write"))]
_GUARD = (NotSignedIn, Forbidden)


@router.get("/letters/waiting", responses=problem_responses(*_GUARD))
async def count_waiting_letters(session: ReadSession, actor: Reader) -> WaitingLettersRead:
    """Count the letters that are due and in no batch, by campaign or recall, the oldest first."""
    business = await get_business(session)
    return views.waiting_read(await queries.list_waiting(session, now=clock.now()), business.currency)


@router.get("/letter-batches", responses=problem_responses(*_GUARD, BadCursor))
async def list_letter_batches(session: ReadSession, paging: Paging, actor: Reader) -> Page[LetterBatchRead]:
    """List batches, newest first."""
    page: Page[Any] = await queries.list_batches(session, paging)
    page.items = await views.batches_read(session, page.items)
    return page


@router.post(
    "/letter-batches",
    status_code=202,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(*_GUARD, Invalid, PostNotReady, KeyReused, InFlight),
)
async def prepare_letter_batch(
    session: WriteSession, response: Response, body: LetterBatchCreate, actor: Writer
) -> LetterBatchRead:
    """Prepare a batch in the background: the gate is asked about every letter that waits, who passes becomes a piece,
    and `left_out` counts the others by reason.
    """
    batch = await service.request_batch(session, body, actor=actor)
    response.headers["Location"] = f"/v1/letter-batches/{batch.id}"
    [read] = await views.batches_read(session, [batch])
    return read


@router.get("/letter-batches/{batch_id}", responses=problem_responses(*_GUARD, LetterBatchNotFound))
async def get_letter_batch(session: ReadSession, batch_id: UUID, actor: Reader) -> LetterBatchRead:
    """Read one batch: how far it is, what it costs, and which printed pieces may not leave any more."""
    [read] = await views.batches_read(session, [await queries.get_batch(session, batch_id)])
    return read


@router.get(
    "/letter-batches/{batch_id}/pieces", responses=problem_responses(*_GUARD, LetterBatchNotFound, Invalid, BadCursor)
)
async def list_letter_pieces(
    session: WriteSession, batch_id: UUID, asked: Annotated[LetterPieceFilter, Query()], actor: Reader
) -> Page[LetterPieceRow]:
    """List the pieces of a batch by their number. Who looks at many people at once is remembered, which is why this
    read may write.
    """
    page: Page[Any] = await queries.list_pieces(session, batch_id, asked)
    business = await get_business(session)
    page.items = [views.piece_row(standing, business) for standing in page.items]
    await activity.record_view(session, actor, "letter.listed", asked.page, shown=len(page.items), of=batch_id)
    return page


@router.get(
    "/letter-batches/{batch_id}/pdf",
    response_class=StreamingResponse,
    responses=problem_responses(*_GUARD, StepUpRequired, LetterBatchNotFound, LetterBatchNotReady, PostNotReady)
    | file_answer("All the pages in one PDF, ready to be printed."),
)
async def download_letter_pages(
    request: Request, settings: AppSettings, batch_id: UUID, actor: Writer
) -> StreamingResponse:
    """Fetch the pages. The gate is asked again: who may not be written to any more is not on them, and from now on is
    taken from the pile by hand. That somebody took them is recorded (S-16), which is why this read may write. What was
    posted is not handed out again.
    """
    refuse_without_step_up(request, actor)
    pdf = await making.print_pages(Work(settings, request.app.state.sessions, actor), batch_id, actor=actor)
    return _file(pdf, "application/pdf", f"lettere-{_short(batch_id)}.pdf")


@router.get(
    "/letter-batches/{batch_id}/csv",
    response_class=StreamingResponse,
    responses=problem_responses(*_GUARD, StepUpRequired, LetterBatchNotFound, LetterBatchNotReady, PostNotReady)
    | file_answer("The addresses for the printer: UTF-8 with BOM, separated by semicolons."),
)
async def download_letter_addresses(
    session: WriteSession, request: Request, batch_id: UUID, actor: Writer
) -> StreamingResponse:
    """Fetch the list of addresses, under the same rules as the pages."""
    refuse_without_step_up(request, actor)
    listed = await service.addresses(session, batch_id, actor=actor)
    return _file(_csv(listed), "text/csv; charset=utf-8", f"lettere-{_short(batch_id)}.csv")


@router.put(
    "/letter-batches/{batch_id}/posting",
    responses=problem_responses(*_GUARD, LetterBatchNotFound, LetterBatchNotReady, LettersToRemove),
)
async def post_letter_batch(
    session: WriteSession, batch_id: UUID, body: LetterPostingPut, actor: Writer
) -> LetterBatchRead:
    """Note that the pile was given to the post: its letters count as sent. The gate is asked one last time; printed
    pieces that may not leave are named until `removed` says that they were taken out.
    """
    batch = await service.post_batch(session, batch_id, set(body.removed), actor=actor)
    [read] = await views.batches_read(session, [batch])
    return read


@router.delete(
    "/letter-batches/{batch_id}",
    status_code=204,
    responses=problem_responses(*_GUARD, LetterBatchNotFound, LetterBatchPosted),
)
async def cancel_letter_batch(session: WriteSession, batch_id: UUID, actor: Writer) -> None:
    """Give a batch up before it was posted; its letters wait again."""
    await service.cancel_batch(session, batch_id, actor=actor)


@router.post("/letter-returns", responses=problem_responses(*_GUARD, Invalid))
async def record_letter_returns(session: WriteSession, body: LetterReturnCreate, actor: Writer) -> LetterReturnsRead:
    """Note letters that the post brought back, by the code in their window: the address is not used again, and staff
    are asked for a new one (D-P4). The answer names nobody.
    """
    outcomes = await service.record_returns(session, body.codes, body.reason, actor=actor)
    rows = [LetterReturnRow(code=code, outcome=outcome) for code, outcome in zip(body.codes, outcomes, strict=True)]
    return LetterReturnsRead(items=rows, noted_count=sum(row.outcome == "noted" for row in rows))


def _short(batch_id: UUID) -> str:
    return batch_id.hex[-8:]


def _file(content: Iterator[bytes], media_type: str, name: str) -> StreamingResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(content, media_type=media_type, headers=headers)


def _csv(listed: service.AddressList) -> Iterator[bytes]:
    """Yield the list row by row; every cell is quoted, and none is a formula (S-18)."""
    yield "\ufeff".encode()
    columns = CSV_COLUMNS["en" if listed.language == "en" else "it"]
    lines = len(columns) - 8
    for row in (
        columns,
        *(
            (
                str(each.number),
                show_code(each.code),
                each.to.name,
                *(each.lines + [""] * lines)[:lines],
                each.to.postal_code,
                each.to.city,
                each.to.province,
                each.to.country,
                str(each.pages or ""),
            )
            for each in listed.rows
        ),
    ):
        line = StringIO()
        csv.writer(line, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(map(neutral, row))
        yield line.getvalue().encode()
