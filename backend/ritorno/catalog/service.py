"""Changes of the catalogue: by hand, and as tills name products never seen before."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.catalog import queries
from ritorno.catalog.models import Category, Product
from ritorno.catalog.rules import ProductKind
from ritorno.catalog.schemas import CategoryPatch, ProductKey, ProductPut, ProductSeen
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7
from ritorno.kit.keyed import KeyedTable

PRODUCTS = KeyedTable(
    "products",
    key={"sku": "text"},
    columns={
        "name": "text",
        "category_id": "uuid",
        "brand_id": "uuid",
        "kind": "text",
        "is_own": "boolean",
        "similarity_group": "text",
        "usual_interval_days": "bigint",
    },
    defaults={"kind": ProductKind.PRODUCT.value, "is_own": True},
)
"""What a file may state of a product."""

_KEYS = "select sku, id, category_id, brand_id from products where sku = any($1::text[])"


def code_of(name: str) -> str:
    """Return the key under which a category or a brand named by a till is one and the same: case and blanks do not
    matter.
    """
    return " ".join(name.split()).casefold()


async def ensure_products(session: AsyncSession, seen: Iterable[ProductSeen]) -> dict[str, ProductKey]:
    """Return the key of every sku, making products, categories and brands not yet known; three statements at most,
    whatever the
    number. A product already known keeps what it has: a till's line never renames the catalogue.
    """
    wanted = {product.sku: product for product in seen}
    connection = await driver(session)
    found = {row["sku"]: row for row in await connection.fetch(_KEYS, list(wanted))}
    missing = sorted((product for sku, product in wanted.items() if sku not in found), key=lambda each: each.sku)
    if missing:
        categories = await _ensure_named(session, "categories", {p.category for p in missing if p.category})
        brands = await _ensure_named(session, "brands", {p.brand for p in missing if p.brand})
        await connection.execute(
            """insert into products (id, sku, name, category_id, brand_id, kind, is_own)
               select *, 'product', true from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::uuid[])
               on conflict (sku) do nothing""",
            [uuid7() for _ in missing],
            [p.sku for p in missing],
            [p.name or p.sku for p in missing],
            [categories.get(code_of(p.category)) if p.category else None for p in missing],
            [brands.get(code_of(p.brand)) if p.brand else None for p in missing],
        )
        found = {row["sku"]: row for row in await connection.fetch(_KEYS, list(wanted))}
    return {sku: ProductKey(row["id"], row["category_id"], row["brand_id"]) for sku, row in found.items()}


async def ensure_categories(session: AsyncSession, names: set[str]) -> dict[str, UUID]:
    """Return the id of every category by its code, making those not yet known."""
    return await _ensure_named(session, "categories", names)


async def ensure_brands(session: AsyncSession, names: set[str]) -> dict[str, UUID]:
    """Return the id of every brand by its code, making those not yet known."""
    return await _ensure_named(session, "brands", names)


async def _ensure_named(session: AsyncSession, table: str, names: set[str]) -> dict[str, UUID]:
    """Return ids by code in `categories` or `brands`; both hold (id, code, name)."""
    by_code = {code_of(name): " ".join(name.split()) for name in sorted(names)}
    if not by_code:
        return {}
    connection = await driver(session)
    codes = sorted(by_code)
    await connection.execute(
        f"""insert into {table} (id, code, name) select * from unnest($1::uuid[], $2::text[], $3::text[])
            on conflict (code) do nothing""",
        [uuid7() for _ in codes],
        codes,
        [by_code[code] for code in codes],
    )
    rows = await connection.fetch(f"select code, id from {table} where code = any($1::text[])", codes)
    return {row["code"]: row["id"] for row in rows}


async def put_product(session: AsyncSession, sku: str, wanted: ProductPut, *, actor: Actor) -> Product:
    """Create or replace the product a till calls by this sku."""
    categories = await _ensure_named(session, "categories", {wanted.category} if wanted.category else set())
    brands = await _ensure_named(session, "brands", {wanted.brand} if wanted.brand else set())
    values = wanted.model_dump(exclude={"category", "brand"}) | {
        "category_id": next(iter(categories.values()), None),
        "brand_id": next(iter(brands.values()), None),
    }
    statement = (
        insert(Product)
        .values(id=uuid7(), sku=sku, **values)
        .on_conflict_do_update(index_elements=[Product.sku], set_=values)
        .returning(Product)
    )
    product = (await session.execute(statement, execution_options={"populate_existing": True})).scalar_one()
    await activity.record(session, actor, "product.saved", subject="product", subject_id=product.id)
    return product


async def change_category(session: AsyncSession, category_id: UUID, wanted: CategoryPatch, *, actor: Actor) -> Category:
    """Change a category's name, similarity group (C-07) or usual interval; null clears the last two."""
    category = await queries.get_category(session, category_id)
    changed = wanted.model_dump(exclude_unset=True)
    for required in ("name", "is_recallable"):
        if changed.get(required, "") is None:
            del changed[required]
    for name, value in changed.items():
        setattr(category, name, value)
    await activity.record(
        session,
        actor,
        "category.changed",
        subject="category",
        subject_id=category.id,
        details={"fields": sorted(changed)},
    )
    return category
