"""Merging two cards of one person and separating them again, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response, status

from ritorno.customers.errors import CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.duplicates import queries, service
from ritorno.duplicates.errors import MergeNotFound, MergeNotLast
from ritorno.duplicates.schemas import MergePreview, MergeRead, MergeWrite, ReversalRead
from ritorno.identity.auth import language_of, require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import ReadSession, WriteSession, idempotency_required, make_router, problem_responses
from ritorno.kit.idempotency import InFlight, KeyMissing, KeyReused
from ritorno.kit.pages import Page
from ritorno.kit.problems import Invalid

router = make_router(tag="duplicates")

Reader = Annotated[Actor, Depends(require("duplicates:read"))]
Writer = Annotated[Actor, Depends(require("duplicates:write"))]


@router.post(
    "/merges",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(idempotency_required)],
    responses=problem_responses(
        NotSignedIn,
        Forbidden,
        CustomerNotFound,
        CustomerErased,
        CustomerMerged,
        Invalid,
        KeyMissing,
        KeyReused,
        InFlight,
    ),
)
async def merge_customers(body: MergeWrite, session: WriteSession, actor: Writer, response: Response) -> MergeRead:
    """Make two cards one; the same two again answer with the merge that stands."""
    merge = await service.merge(
        session,
        winner_id=body.winner_id,
        loser_id=body.loser_id,
        choices=body.choices,
        pair_id=body.pair_id,
        actor=actor,
    )
    response.headers["Location"] = f"/v1/merges/{merge.id}"
    return await queries.read_merge(session, merge)


@router.post(
    "/merges/previews",
    responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerErased, CustomerMerged, Invalid),
)
async def preview_merge(body: MergeWrite, session: WriteSession, actor: Reader, request: Request) -> MergePreview:
    """Show two cards side by side and the one they would become; nothing is changed."""
    return await service.preview(
        session,
        winner_id=body.winner_id,
        loser_id=body.loser_id,
        choices=body.choices,
        language=language_of(request, actor),
    )


@router.get("/merges/{merge_id}", responses=problem_responses(NotSignedIn, Forbidden, MergeNotFound))
async def get_merge(merge_id: UUID, session: ReadSession, actor: Reader) -> MergeRead:
    """Read what a merge did."""
    return await queries.read_merge(session, await queries.get_merge(session, merge_id))


@router.post(
    "/merges/{merge_id}/reversals",
    status_code=status.HTTP_201_CREATED,
    dependencies=[Depends(idempotency_required)],
    responses=problem_responses(
        NotSignedIn, Forbidden, MergeNotFound, MergeNotLast, CustomerErased, KeyMissing, KeyReused, InFlight
    ),
)
async def reverse_merge(merge_id: UUID, session: WriteSession, actor: Writer) -> ReversalRead:
    """Make the two cards two again, with their rows and permissions; `kept` lists what a later change holds back."""
    merge = await service.unmerge(session, merge_id, actor=actor)
    return await queries.read_reversal(session, merge)


@router.get("/customers/{customer_id}/merges", responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound))
async def list_customer_merges(customer_id: UUID, session: ReadSession, actor: Reader) -> Page[MergeRead]:
    """List every merge this card took part in, newest first, those undone included; also of a card that was merged."""
    merges = await queries.merges_of(session, customer_id)
    return Page[MergeRead](items=merges, total=len(merges))
