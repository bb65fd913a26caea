"""Loads the demo shop: catalogue, stores, people, a year of real purchases, permissions, scores, something to see."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd
from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno import first_start
from ritorno.catalog import service as catalog
from ritorno.catalog.models import Category
from ritorno.catalog.schemas import ProductSeen
from ritorno.customers import queries as customers
from ritorno.customers import service as customer_changes
from ritorno.customers.rules import Reference, ReferenceKind
from ritorno.demo import desk, letters, permissions, purchases, story, telephone
from ritorno.demo.identities import Identity, invent
from ritorno.demo.purchases import EXPECTED, Journey
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.db import unit_of_work
from ritorno.quality import jobs as quality
from ritorno.scores import service as scores
from ritorno.stores import queries as stores
from ritorno.stores import service as store_changes
from ritorno.stores.models import Business, Store
from ritorno.stores.schemas import BusinessPatch
from ritorno.transactions import service as transactions
from ritorno.transactions.models import Profile, Transaction, TransactionLine
from ritorno.transactions.service import PastLine, PastPurchase

SOURCE = "demo"
ACTOR = Actor.system("demo")
TOWNS_OF_STORES = ("Bologna", "Modena", "Ferrara", "Ravenna", "Imola", "Forlì")

Say = Callable[[str], None]
Sessions = async_sessionmaker[AsyncSession]


class DemoIncomplete(Exception):
    """What was loaded is not what the data set holds."""


async def load(sessions: Sessions, settings: Settings, *, say: Say) -> None:
    """Load everything, each step in one unit of work; an installation that holds customers is left as it is."""
    async with unit_of_work(sessions) as session:
        if await session.scalar(select(func.count()).select_from(Profile)):
            say("The demo shop is already here.")
            return
        zone = (await stores.get_business(session)).timezone
    today = clock.today(zone)
    say("Reading The Complete Journey …")
    journey = purchases.read(last_day=today - timedelta(days=1))
    people = list(invent(journey.households, journey.ages, today=today))
    say(f"Catalogue: {len(journey.products):,} products …")
    async with unit_of_work(sessions) as session:
        await _load_catalogue(session, journey)
        store_ids = await _load_stores(session, journey)
    say(f"{len(people):,} invented people …")
    async with unit_of_work(sessions) as session:
        ids = await _load_people(session, people)
        await session.execute(text("analyze customers, contact_points, identifiers, products"))
    say(f"{EXPECTED['baskets']:,} real receipts …")
    async with unit_of_work(sessions) as session:
        await transactions.load_history(session, _receipts(journey, ids, store_ids, ZoneInfo(zone)))
        # What follows joins these tables; without statistics the planner would nest loops over all of them.
        await session.execute(text("analyze profiles, category_profiles"))
    await _verify(sessions)
    say("Permissions …")
    async with unit_of_work(sessions) as session:
        # The papers of old customers name texts that were already in use then.
        await first_start.seed(session, settings, notices_since=clock.now() - timedelta(days=1000))
        await permissions.record(session, people, ids, now=clock.now())
    say("Rhythms and scores …")
    async with unit_of_work(sessions) as session:
        await scores.refresh(session, today)
    say("Segments, recalls and a finished measure …")
    await story.tell(sessions, settings, today=today)
    say("People to call …")
    await telephone.set_up(sessions, settings, today=today)
    say("The privacy desk …")
    await desk.set_up(sessions, today=today)
    say("Letters for the printer …")
    await letters.set_up(sessions, settings)
    say("How complete each card is …")
    await quality.turn_day(Work(settings, sessions, ACTOR), {})


async def _load_catalogue(session: AsyncSession, journey: Journey) -> None:
    await store_changes.change_business(
        session,
        BusinessPatch(
            name="Bottega Ritorno",
            address="Via dell'Indipendenza 1, 40121 Bologna",
            email="bottega@example.com",
            phone="+39 051 555 0100",
        ),
        actor=ACTOR,
    )
    await session.execute(update(Business).values(is_invented=True))
    rows = journey.products.astype(object).where(journey.products.notna(), None)
    await catalog.ensure_products(
        session,
        [ProductSeen(row.sku, row.name, row.category, row.brand) for row in rows.itertuples(index=False)],
    )
    groups = rows.dropna(subset=["category"]).groupby("category")["group"].agg(lambda values: values.mode()[0])
    shunned = {each.name for each in purchases.category_names().values() if not each.is_recallable}
    for name, group in groups.items():
        await session.execute(
            update(Category)
            .where(Category.code == catalog.code_of(str(name)))
            .values(similarity_group=group, is_recallable=name not in shunned)
        )


async def _load_stores(session: AsyncSession, journey: Journey) -> dict[str, UUID]:
    codes = sorted(journey.lines["store"].unique().tolist())
    ids = await store_changes.ensure_stores(session, codes)
    for number, code in enumerate(codes):
        await session.execute(
            update(Store)
            .where(Store.code == code)
            .values(name=f"Negozio {code[1:]}", city=TOWNS_OF_STORES[number % len(TOWNS_OF_STORES)])
        )
    return ids


async def _load_people(session: AsyncSession, people: list[Identity]) -> dict[str, UUID]:
    outcome = await customer_changes.put_many(session, [_card(person) for person in people], actor=ACTOR)
    refused = [row.problem for row in outcome.items if row.status == "rejected"]
    if refused:
        raise DemoIncomplete(f"{len(refused)} invented people were refused: {refused[0]}")
    wanted = {person.household: Reference(ReferenceKind.EXTERNAL, SOURCE, person.household) for person in people}
    found = await customers.resolve_references(session, list(wanted.values()))
    return {household: found[reference][0] for household, reference in wanted.items()}


def _card(person: Identity) -> dict[str, object]:
    card: dict[str, object] = {
        "source": SOURCE,
        "external_id": person.household,
        "given_name": person.given_name,
        "family_name": person.family_name,
        "gender": {"F": "FEMALE", "M": "MALE"}[person.gender],
        "birth_on": person.birth_on.isoformat() if person.birth_on else None,
        "language": person.language,
        "acquisition_source": "LOYALTY",
        "first_contact_on": person.first_contact_on.isoformat(),
        "email": person.email,
        "phone": person.phone,
        "cards": [person.card],
        "interests": list(person.interests),
    }
    if person.street:
        card["address"] = {
            "street": person.street,
            "postal_code": person.postal_code,
            "city": person.city,
            "province": person.province,
        }
    return {name: value for name, value in card.items() if value is not None}


def _receipts(
    journey: Journey, ids: dict[str, UUID], store_ids: dict[str, UUID], zone: ZoneInfo
) -> Iterator[PastPurchase]:
    """Yield one purchase per basket; the rows of a basket stand together because the frame is sorted."""
    lines = journey.lines
    rows = zip(
        lines["basket"].tolist(),
        lines["household"].tolist(),
        lines["store"].tolist(),
        pd.DatetimeIndex(lines["occurred"]).to_pydatetime().tolist(),
        lines["sku"].tolist(),
        (lines["quantity"] * 1000).tolist(),
        lines["discount_minor"].tolist(),
        lines["total_minor"].tolist(),
        strict=True,
    )
    first = next(rows)
    basket, household, store, occurred = first[:4]
    held = [PastLine(*first[4:])]
    for row in rows:
        if row[0] != basket:
            yield _receipt(basket, ids[household], store_ids[store], occurred.replace(tzinfo=zone), held)
            basket, household, store, occurred = row[:4]
            held = []
        held.append(PastLine(*row[4:]))
    yield _receipt(basket, ids[household], store_ids[store], occurred.replace(tzinfo=zone), held)


def _receipt(basket: str, customer_id: UUID, store_id: UUID, occurred: object, lines: list[PastLine]) -> PastPurchase:
    return PastPurchase(SOURCE, basket, customer_id, occurred, lines, store_id=store_id, channel="store")  # type: ignore[arg-type]


async def _verify(sessions: Sessions) -> None:
    """Compare what is in the database with the published totals of the data set."""
    async with unit_of_work(sessions) as session:
        found = {
            "households": await session.scalar(select(func.count()).select_from(Profile)),
            "baskets": await session.scalar(select(func.count()).select_from(Transaction)),
            "lines": await session.scalar(select(func.count()).select_from(TransactionLine)),
            "sales_minor": int(await session.scalar(select(func.sum(Transaction.total_minor))) or 0),
        }
    if found != EXPECTED:
        raise DemoIncomplete(f"loaded {found}, expected {EXPECTED}")
