"""An invented shop of a given size, and what its tills send: the ground on which ingest is measured."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno import embedded
from ritorno.catalog import service as catalog
from ritorno.catalog.schemas import ProductSeen
from ritorno.customers import service as customers
from ritorno.embedded import DataFolder, Services
from ritorno.embedded.folder import free_port
from ritorno.embedded.postgres import start_postgres
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver, unit_of_work
from ritorno.stores import service as stores
from ritorno.transactions import service as transactions
from ritorno.transactions.service import PastLine, PastPurchase
from tests.conftest import migrate

TILL = Actor.system("bench")
TODAY = datetime(2026, 1, 5, 8, tzinfo=UTC)
PRODUCTS = 2_000
CATEGORIES = 60
STORES = 20

Sessions = async_sessionmaker[AsyncSession]


@dataclass(frozen=True, slots=True)
class Shop:
    """The people of a shop, by every way a till may name them."""

    ids: list[UUID]

    def named(self, number: int, chance: random.Random) -> dict[str, Any]:
        """Return one way of naming a person: mostly the card."""
        drawn = chance.random()
        if drawn < 0.6:
            return {"card": f"C{number}"}
        if drawn < 0.8:
            return {"email": f"p{number}@shop.example"}
        if drawn < 0.9:
            return {"source": "crm", "external_id": str(number)}
        return {"customer_id": str(self.ids[number])}

    def receipt(self, chance: random.Random, key: str, day: int, *, newcomer: bool = False) -> dict[str, Any]:
        """Return the body of a receipt of three lines, some minutes of a day after today."""
        number = chance.randrange(len(self.ids))
        named = {"card": f"N{key}", "given_name": "Nuova"} if newcomer else self.named(number, chance)
        at = TODAY + timedelta(days=day, seconds=chance.randrange(36_000))
        return {
            "source": "till",
            "external_id": key,
            "occurred_at": at.isoformat(),
            "customer": named,
            "store": f"S{chance.randrange(STORES)}",
            "channel": "till",
            "lines": [_line(chance) for _ in range(3)],
        }


def _line(chance: random.Random) -> dict[str, Any]:
    product = chance.randrange(PRODUCTS)
    return {
        "sku": f"P{product}",
        "name": f"Product {product}",
        "category": f"Category {product % CATEGORIES}",
        "quantity": str(chance.randrange(1, 4)),
        "total": f"{chance.randrange(100, 3_000) / 100:.2f}",
    }


async def open_shop(sessions: Sessions, *, people: int, past: int) -> Shop:
    """Make the catalogue, the stores, the people, and their purchases of the last three years."""
    chance = random.Random(1)
    async with unit_of_work(sessions) as session:
        await catalog.ensure_products(
            session,
            [ProductSeen(f"P{n}", f"Product {n}", f"Category {n % CATEGORIES}", "Own") for n in range(PRODUCTS)],
        )
        await stores.ensure_stores(session, [f"S{n}" for n in range(STORES)])
    ids: list[UUID] = []
    for first in range(0, people, 5_000):
        bodies = [
            {
                "source": "crm",
                "external_id": str(number),
                "given_name": f"G{number % 300}",
                "family_name": f"F{number % 4_000}",
                "email": f"p{number}@shop.example",
                "cards": [f"C{number}"],
            }
            for number in range(first, min(first + 5_000, people))
        ]
        async with unit_of_work(sessions) as session:
            outcome = await customers.put_many(session, bodies, actor=TILL)
        ids += [row.id for row in outcome.items if row.id]
    async with unit_of_work(sessions) as session:
        await transactions.load_history(session, _past(chance, ids, past))
    async with sessions() as session:
        await (await driver(session)).execute("analyze")
    return Shop(ids)


def _past(chance: random.Random, ids: list[UUID], number: int) -> Iterator[PastPurchase]:
    for key in range(number):
        yield PastPurchase(
            "past",
            str(key),
            ids[chance.randrange(len(ids))],
            TODAY - timedelta(minutes=chance.randrange(1_440, 1_576_800)),
            [PastLine(f"P{chance.randrange(PRODUCTS)}", 1000, 0, chance.randrange(100, 3_000)) for _ in range(3)],
        )


@contextmanager
def in_memory() -> Iterator[Services]:
    """A migrated server that gives durability up: what is left is the work itself."""
    with embedded.test_services() as services:
        migrate(services)
        yield services


@contextmanager
def on_disk() -> Iterator[Services]:
    """A migrated server with a shop's own settings, fsync on."""
    with TemporaryDirectory(prefix="ritorno-bench-", ignore_cleanup_errors=True) as path:
        folder = DataFolder(Path(path) / "data")
        folder.create()
        postgres = start_postgres(
            folder.postgres, free_port(), secrets=folder.secrets(), log=folder.log("postgres"), for_tests=False
        )
        try:
            services = Services(postgres.owner_url(), postgres.app_url(), "")
            migrate(services)
            yield services
        finally:
            postgres.stop()
