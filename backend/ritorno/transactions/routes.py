"""Purchases over HTTP: pushed by tills and shops, read by screens."""

from typing import Annotated
from uuid import UUID

from fastapi import Body, Depends, Path, Response, status

from ritorno.customers.errors import CustomerMerged, CustomerNotFound
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import Paging, ReadSession, WriteSession, created, make_router, problem_responses
from ritorno.kit.pages import Page
from ritorno.kit.problems import Invalid
from ritorno.transactions import queries, service
from ritorno.transactions.errors import CustomerUnknown, TransactionNotFound
from ritorno.transactions.schemas import (
    Key,
    TransactionBatch,
    TransactionBatchOutcome,
    TransactionRead,
    TransactionWrite,
    TransactionWritten,
    UnclaimedRead,
    Unparsed,
)

router = make_router(tag="transactions")

Reader = Annotated[Actor, Depends(require("transactions:read"))]
Writer = Annotated[Actor, Depends(require("transactions:write"))]
PathKey = Annotated[Key, Path()]


@router.put(
    "/transactions/{source}/{external_id}",
    responses=created(TransactionWritten) | problem_responses(NotSignedIn, Forbidden, CustomerUnknown, Invalid),
)
async def put_transaction(
    source: PathKey,
    external_id: PathKey,
    body: Annotated[TransactionWrite, Body(), Unparsed],
    session: WriteSession,
    actor: Writer,
    response: Response,
) -> TransactionWritten:
    """Record a purchase or a return under the key its source knows it by; send it as often as you like.

    A customer nobody knows gets a card when the body says a name; otherwise the transaction waits, unclaimed.
    """
    written = await service.put(session, source, external_id, body, actor=actor)
    if written.status == "created":
        response.status_code = status.HTTP_201_CREATED
        response.headers["Location"] = f"/v1/transactions/{written.id}"
    return written


@router.post("/transactions/batch", responses=problem_responses(NotSignedIn, Forbidden, Invalid))
async def put_transactions(body: TransactionBatch, session: WriteSession, actor: Writer) -> TransactionBatchOutcome:
    """Record up to 5,000 transactions by natural key; the answer has one row per item, in order."""
    return await service.put_many(session, body.items, actor=actor)


@router.get(
    "/customers/{customer_id}/transactions",
    responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged),
)
async def list_transactions(
    customer_id: UUID, session: ReadSession, actor: Reader, paging: Paging
) -> Page[TransactionRead]:
    """List a person's purchases and returns with their lines, newest first."""
    return await queries.list_transactions(session, customer_id, paging)


@router.get("/transactions/{transaction_id}", responses=problem_responses(NotSignedIn, Forbidden, TransactionNotFound))
async def get_transaction(transaction_id: UUID, session: ReadSession, actor: Reader) -> TransactionRead:
    """Read one purchase or return with its lines."""
    return await queries.get_transaction(session, transaction_id)


@router.get("/unclaimed-transactions", responses=problem_responses(NotSignedIn, Forbidden))
async def list_unclaimed_transactions(session: ReadSession, actor: Reader, paging: Paging) -> Page[UnclaimedRead]:
    """List transactions nobody was recognised in yet."""
    return await queries.list_unclaimed(session, paging)
