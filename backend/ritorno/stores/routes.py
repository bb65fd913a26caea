"""The business and its stores over HTTP."""

from typing import Annotated

from fastapi import Depends

from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import Paging, ReadSession, WriteSession, make_router, problem_responses
from ritorno.kit.pages import Page
from ritorno.kit.problems import Invalid
from ritorno.stores import queries, service
from ritorno.stores.models import Business, Store
from ritorno.stores.schemas import BusinessPatch, BusinessRead, StorePut, StoreRead

router = make_router(tag="stores")

Reader = Annotated[Actor, Depends(require("stores:read"))]
Writer = Annotated[Actor, Depends(require("stores:write"))]


@router.get("/stores", response_model=Page[StoreRead], responses=problem_responses(NotSignedIn, Forbidden))
async def list_stores(session: ReadSession, paging: Paging, actor: Reader) -> Page[Store]:
    """List the points of sale by name."""
    return await queries.list_stores(session, paging)


@router.put("/stores/{code}", response_model=StoreRead, responses=problem_responses(NotSignedIn, Forbidden, Invalid))
async def put_store(session: WriteSession, code: str, body: StorePut, actor: Writer) -> Store:
    """Create or replace the store that tills call by this code."""
    return await service.put_store(session, code, body, actor=actor)


@router.get("/business", response_model=BusinessRead, responses=problem_responses(NotSignedIn, Forbidden))
async def get_business(session: ReadSession, actor: Reader) -> Business:
    """Tell who the business is, as its messages say it."""
    return await queries.get_business(session)


@router.patch("/business", response_model=BusinessRead, responses=problem_responses(NotSignedIn, Forbidden, Invalid))
async def change_business(session: WriteSession, body: BusinessPatch, actor: Writer) -> Business:
    """Change what is written of the business."""
    return await service.change_business(session, body, actor=actor)
