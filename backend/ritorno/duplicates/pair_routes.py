"""Pairs that may be one person, over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, status

from ritorno.activity.models import Job
from ritorno.activity.schemas import JobRead
from ritorno.customers import queries as customers
from ritorno.customers.errors import CustomerMerged, CustomerNotFound
from ritorno.customers.rules import PairState
from ritorno.duplicates import pair_queries as queries
from ritorno.duplicates.errors import PairMerged, PairNotFound
from ritorno.duplicates.pair_schemas import PairDetailRead, PairRead, VerdictWrite
from ritorno.duplicates.service import finding
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import Paging, ReadSession, WriteSession, make_router, problem_responses
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor, Invalid

router = make_router(tag="duplicates")

Reader = Annotated[Actor, Depends(require("duplicates:read"))]
Writer = Annotated[Actor, Depends(require("duplicates:write"))]


@router.get("/duplicates", responses=problem_responses(NotSignedIn, Forbidden, BadCursor, Invalid))
async def list_duplicates(
    session: ReadSession, paging: Paging, actor: Reader, state: PairState = PairState.OPEN
) -> Page[PairRead]:
    """List pairs of cards that may be one person, surest first."""
    return await queries.list_pairs(session, paging, state=state)


@router.post(
    "/duplicates/searches",
    response_model=JobRead,
    status_code=status.HTTP_202_ACCEPTED,
    responses=problem_responses(NotSignedIn, Forbidden),
)
async def search_duplicates(session: WriteSession, actor: Writer) -> Job:
    """Search all cards for pairs now instead of tonight; watch the job it answers with among `GET /v1/jobs`."""
    return await finding.request_search(session, actor=actor)


@router.get("/duplicates/{pair_id}", responses=problem_responses(NotSignedIn, Forbidden, PairNotFound))
async def get_duplicate(session: ReadSession, pair_id: UUID, actor: Reader) -> PairDetailRead:
    """Read a pair: how each comparison turned out, with what both cards hold now."""
    return await queries.read_pair(session, await queries.get_pair(session, pair_id))


@router.put(
    "/duplicates/{pair_id}/verdict",
    responses=problem_responses(NotSignedIn, Forbidden, PairNotFound, PairMerged, Invalid),
)
async def put_duplicate_verdict(
    session: WriteSession, pair_id: UUID, body: VerdictWrite, actor: Writer
) -> PairDetailRead:
    """Say that these are two people, or put the pair off, or take either back. Two people stay two until a name or a
    contact point of either changes.
    """
    pair = await finding.decide(session, pair_id, PairState(body.verdict.value), actor=actor)
    return await queries.read_pair(session, pair)


@router.get(
    "/customers/{customer_id}/duplicates",
    responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged),
)
async def list_customer_duplicates(session: ReadSession, customer_id: UUID, actor: Reader) -> list[PairRead]:
    """List the cards that may be the same person as this one."""
    await customers.get_customer(session, customer_id)
    return await queries.pairs_of_card(session, customer_id)
