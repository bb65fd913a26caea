"""The catalogue over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from ritorno.catalog import queries, service
from ritorno.catalog.errors import CategoryNotFound
from ritorno.catalog.models import Category, Product
from ritorno.catalog.schemas import CategoryPatch, CategoryRead, ProductPut, ProductRead
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import Paging, ReadSession, WriteSession, make_router, problem_responses
from ritorno.kit.pages import Page
from ritorno.kit.problems import Invalid

router = make_router(tag="catalog")

Reader = Annotated[Actor, Depends(require("catalog:read"))]
Writer = Annotated[Actor, Depends(require("catalog:write"))]
Search = Annotated[str | None, Query(max_length=100)]


@router.get("/categories", response_model=Page[CategoryRead], responses=problem_responses(NotSignedIn, Forbidden))
async def list_categories(session: ReadSession, paging: Paging, actor: Reader, q: Search = None) -> Page[Category]:
    """List categories by name; `q` keeps those that contain it."""
    return await queries.list_categories(session, paging, q=q)


@router.patch(
    "/categories/{category_id}",
    response_model=CategoryRead,
    responses=problem_responses(NotSignedIn, Forbidden, CategoryNotFound, Invalid),
)
async def change_category(session: WriteSession, category_id: UUID, body: CategoryPatch, actor: Writer) -> Category:
    """Change a category's name, similarity group (C-07) or usual interval in days."""
    return await service.change_category(session, category_id, body, actor=actor)


@router.get("/products", response_model=Page[ProductRead], responses=problem_responses(NotSignedIn, Forbidden))
async def list_products(
    session: ReadSession, paging: Paging, actor: Reader, q: Search = None, category_id: UUID | None = None
) -> Page[Product]:
    """List products by name; `q` keeps those that begin with it."""
    return await queries.list_products(session, paging, q=q, category_id=category_id)


@router.put("/products/{sku}", response_model=ProductRead, responses=problem_responses(NotSignedIn, Forbidden, Invalid))
async def put_product(session: WriteSession, sku: str, body: ProductPut, actor: Writer) -> Product:
    """Create or replace the product that tills call by this sku."""
    return await service.put_product(session, sku, body, actor=actor)
