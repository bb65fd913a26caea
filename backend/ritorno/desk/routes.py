"""The composed reads over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Request

from ritorno.activity import service as activity
from ritorno.customers.errors import CustomerMerged, CustomerNotFound
from ritorno.desk import queries
from ritorno.desk.rules import TimelineKind
from ritorno.desk.schemas import CardRead, CustomerFilter, CustomerRow, TimelineEntry, TodayRead
from ritorno.identity.auth import language_of, require, signed_in
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import Paging, ReadSession, WriteSession, make_router, problem_responses
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor, Invalid

router = make_router(tag="desk")

Reader = Annotated[Actor, Depends(require("customers:read"))]


@router.get("/customers", responses=problem_responses(NotSignedIn, Forbidden, BadCursor, Invalid))
async def list_customers(
    actor: Reader,
    session: WriteSession,
    request: Request,
    wanted: Annotated[CustomerFilter, Query()],
) -> Page[CustomerRow]:
    """List customers as the screen shows them. Sorted by purchases, only those who bought are listed.

    Whoever looks at more than fifty people is recorded (S-16), which is why this read may write.
    """
    page = await queries.list_customer_rows(session, wanted.page, wanted, language=language_of(request, actor))
    await activity.record_view(session, actor, "customers.listed", wanted.page, shown=len(page.items))
    return page


@router.get(
    "/customers/{customer_id}/card",
    responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged),
)
async def get_customer_card(actor: Reader, session: WriteSession, customer_id: UUID, request: Request) -> CardRead:
    """Open the card. That somebody read it is recorded (RULES S-16), which is why this read may write."""
    card = await queries.get_card(session, customer_id, language=language_of(request, actor))
    await activity.record_read(session, actor, "customer.read", subject="customer", subject_id=customer_id)
    return card


@router.get(
    "/customers/{customer_id}/timeline",
    responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged, BadCursor),
)
async def list_customer_timeline(
    actor: Reader,
    session: ReadSession,
    paging: Paging,
    customer_id: UUID,
    kind: TimelineKind = TimelineKind.ALL,
) -> Page[TimelineEntry]:
    """Tell one person's story, newest first; messages that were refused are in it, with their reason."""
    return await queries.list_timeline(session, customer_id, kind, paging)


@router.get("/desk/today", responses=problem_responses(NotSignedIn))
async def get_today(actor: Annotated[Actor, Depends(signed_in)], session: ReadSession) -> TodayRead:
    """Tell what ran by itself in the last day and what waits for a person."""
    return await queries.get_today(session)
