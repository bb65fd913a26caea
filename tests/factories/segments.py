"""A small random shop that is known twice: as rows in the database, and as plain values a test can reason about."""

import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog.models import Brand, Category, Product
from ritorno.customers.models import CustomerInterest, CustomerTag
from ritorno.kit import clock
from ritorno.kit.ids import uuid7
from ritorno.scores.models import CustomerScore
from ritorno.scores.rules import Stage
from ritorno.segments.compiler import needs_profiling
from ritorno.segments.models import Segment
from ritorno.segments.schemas import read_tree
from ritorno.stores.models import Store
from ritorno.transactions.models import Profile, Transaction, TransactionLine
from tests.factories.customers import make_contact_point, make_customer
from tests.factories.scores import sums_of

ROME = ZoneInfo("Europe/Rome")
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
CITIES = ("Bologna", "Modena", "Ferrara")
TAGS = ("vip", "amici", "staff")


@dataclass(slots=True)
class Line:
    category: UUID
    product: UUID
    brand: UUID
    total: int


@dataclass(slots=True)
class Receipt:
    at: datetime
    lines: list[Line]

    @property
    def total(self) -> int:
        return sum(line.total for line in self.lines)


@dataclass(slots=True)
class Someone:
    """A person as a test sees them."""

    id: UUID
    facts: dict[str, Any]
    tags: set[str]
    contacts: set[str]
    score: dict[str, Any] | None
    receipts: list[Receipt] = field(default_factory=list)
    is_alive: bool = True


@dataclass(slots=True)
class SmallShop:
    people: list[Someone]
    categories: list[UUID]
    parent: UUID
    products: list[UUID]
    brands: list[UUID]
    stores: list[UUID]


async def make_small_shop(session: AsyncSession, *, people: int = 40, seed: int = 7) -> SmallShop:
    """Make a shop where everything a segment may ask of a person varies."""
    dice = random.Random(seed)
    parent = Category(code="drinks", name="Bevande")
    session.add(parent)
    await session.flush()
    children = [Category(code=f"c{n}", name=f"Categoria {n}", parent_id=parent.id if n < 2 else None) for n in range(4)]
    brands = [Brand(code=f"b{n}", name=f"Marca {n}") for n in range(2)]
    stores = [Store(code=f"s{n}", name=f"Negozio {n}") for n in range(2)]
    session.add_all([*children, *brands, *stores])
    await session.flush()
    products = [
        Product(sku=f"p{n}", name=f"Prodotto {n}", category_id=children[n % 4].id, brand_id=brands[n % 2].id)
        for n in range(6)
    ]
    session.add_all(products)
    await session.flush()
    shop = SmallShop(
        [],
        [each.id for each in children],
        parent.id,
        [each.id for each in products],
        [b.id for b in brands],
        [s.id for s in stores],
    )
    for _ in range(people):
        shop.people.append(await _make_someone(session, dice, shop, products))
    await session.flush()
    return shop


async def _make_someone(
    session: AsyncSession, dice: random.Random, shop: SmallShop, products: list[Product]
) -> Someone:
    mark = dice.choice([None] * 12 + ["erased_at", "deceased_at", "restricted_at"])
    born = dice.choice([None, date(2004, 2, 29), NOW.date().replace(year=1990)])
    if dice.random() < 0.7:
        born = date(1940, 1, 1) + timedelta(days=dice.randrange(28_000))
    facts = {
        "birth_on": born,
        "gender": dice.choice([None, "FEMALE", "MALE", "OTHER"]),
        "language": dice.choice(["it", "en", "de"]),
        "city": dice.choice([None, *CITIES]),
        "home_store_id": dice.choice([None, *shop.stores]),
        "acquisition_source": dice.choice([None, "WEB", "LOYALTY"]),
        "spending_capacity": dice.choice([None, "LOW", "HIGH"]),
        "first_contact_on": dice.choice([None, NOW.date() - timedelta(days=dice.randrange(900))]),
    }
    email = f"p{dice.randrange(10**9)}@example.com" if dice.random() < 0.5 else None
    customer = await make_customer(session, email=email, **facts, **({mark: NOW} if mark else {}))
    tags = {tag for tag in TAGS if dice.random() < 0.3}
    session.add_all([CustomerTag(customer_id=customer.id, tag=tag) for tag in tags])
    if "vip" in tags:
        session.add(CustomerInterest(customer_id=customer.id, label="caffè", source="staff"))
    someone = Someone(
        customer.id,
        facts,
        tags,
        {"EMAIL"} if email else set(),
        _make_score(session, dice, customer.id),
        [],
        mark is None,
    )
    for _ in range(dice.choice([0, 0, 1, 2, 3, 6])):
        someone.receipts.append(await _make_receipt(session, dice, customer.id, products))
    await _make_profile(session, someone)
    return someone


def _make_score(session: AsyncSession, dice: random.Random, customer_id: UUID) -> dict[str, Any] | None:
    if dice.random() < 0.4:
        return None
    due = NOW.date() + timedelta(days=dice.randrange(-60, 30))
    stage = dice.choice([Stage.NEW, Stage.DUE, Stage.LATE, Stage.LOST])
    session.add(
        CustomerScore(
            customer_id=customer_id,
            as_of=NOW.date(),
            last_on=due - timedelta(days=20),
            m=3.0,
            s=0.6,
            q=0.1,
            x=3,
            due_on=due,
            likely_from=due - timedelta(days=5),
            likely_to=due + timedelta(days=5),
            lapsed_on=due + timedelta(days=90),
            p_alive=0.8,
            next_on=None,
            expected_value_minor=1000,
            stage=stage,
            stage_since=NOW.date(),
            due_category_id=None,
        )
    )
    return {"due_on": due, "stage": stage.value}


async def _make_receipt(
    session: AsyncSession, dice: random.Random, customer_id: UUID, products: list[Product]
) -> Receipt:
    at = NOW - timedelta(days=dice.choice([1, 10, 40, 89, 90, 91, 200, 364, 366, 500]), minutes=dice.randrange(300))
    sign = -1 if dice.random() < 0.15 else 1
    chosen = [dice.choice(products) for _ in range(dice.randrange(1, 4))]
    receipt = Receipt(
        at,
        [Line(each.category_id, each.id, each.brand_id, sign * dice.choice([0, 500, 1250, 5000])) for each in chosen],
    )
    await make_receipt(session, customer_id, receipt)
    return receipt


async def make_receipt(
    session: AsyncSession, customer_id: UUID, receipt: Receipt, *, total: int | None = None
) -> Transaction:
    """Write a receipt and its lines as they were bought; `total` stands in for lines that do not matter."""
    amount = receipt.total if total is None else total
    transaction = Transaction(
        id=uuid7(),
        customer_id=customer_id,
        source="till",
        external_id=str(uuid7()),
        kind="SALE" if amount >= 0 else "RETURN",
        occurred_at=receipt.at,
        business_day=receipt.at.astimezone(ROME).date(),
        currency="EUR",
        total_minor=amount,
        content_hash=0,
    )
    session.add(transaction)
    await session.flush()
    session.add_all(
        TransactionLine(
            transaction_id=transaction.id,
            line_no=number,
            customer_id=customer_id,
            product_id=line.product,
            category_id=line.category,
            brand_id=line.brand,
            occurred_at=receipt.at,
            quantity_milli=1000,
            discount_minor=0,
            total_minor=line.total,
        )
        for number, line in enumerate(receipt.lines, 1)
    )
    await session.flush()
    return transaction


async def _make_profile(session: AsyncSession, someone: Someone) -> None:
    if not someone.receipts:
        return
    days = [each.at.astimezone(ROME).date() for each in someone.receipts if each.total > 0]
    session.add(Profile(customer_id=someone.id, **sums_of(days, sum(each.total for each in someone.receipts))))


async def make_segment(session: AsyncSession, tree: dict[str, Any] | None = None, *, name: str = "Tutti") -> Segment:
    """Make a saved filter; everybody, when no tree is given."""
    stored = tree or {"all": []}
    now = clock.now()
    segment = Segment(
        name=name,
        tree=stored,
        uses_purchases=needs_profiling(read_tree(stored)),
        version=1,
        last_count=None,
        counted_at=None,
        created_at=now,
        updated_at=now,
    )
    session.add(segment)
    await session.flush()
    return segment


__all__ = [
    "NOW",
    "Line",
    "Receipt",
    "SmallShop",
    "Someone",
    "make_contact_point",
    "make_receipt",
    "make_segment",
    "make_small_shop",
]
