"""Transactions recorded in batches: about a dozen statements whatever the number, an outcome for each (DATABASE C,
design P).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog import service as catalog
from ritorno.catalog.schemas import ProductKey, ProductSeen
from ritorno.customers import queries as customer_queries
from ritorno.customers import service as customers
from ritorno.customers.rules import Reference, ReferenceKind
from ritorno.kit import outbox
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7
from ritorno.kit.problems import Problem
from ritorno.stores import service as stores
from ritorno.transactions.errors import CustomerUnknown
from ritorno.transactions.parsing import Purchase, payload_of
from ritorno.transactions.rules import Revision, is_older
from ritorno.transactions.service import profiling, storing
from ritorno.transactions.service.storing import Connection, Known, LineRow, TransactionRow
from ritorno.transactions.service.waiting import iter_waiting

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Outcome:
    status: Literal["created", "updated", "unchanged", "unclaimed", "rejected"]
    id: UUID | None = None
    customer_id: UUID | None = None
    problem: Problem | None = None


Numbered = tuple[int, Purchase]


@dataclass(slots=True)
class Recorded:
    """What recording did: an outcome for each purchase, whose profiles it concerns, and who got a card by it."""

    outcomes: list[Outcome]
    touched: set[UUID]
    newcomers: set[UUID]


Keep = Callable[..., Awaitable[None]]
"""What brings the profiles up to the transactions, as `profiling.keep_in_step` does at once."""


async def record_many(session: AsyncSession, purchases: Sequence[Purchase], *, actor: Actor) -> list[Outcome]:
    """Record purchases and returns, each once under its key, and keep the profiles in step.

    A key named twice is recorded twice, in order, as if sent alone. One event tells which customers were touched.
    """
    recorded = await record_all(session, purchases, actor=actor, keep=profiling.keep_in_step)
    if recorded.touched:
        ids = [str(customer_id) for customer_id in sorted(recorded.touched)]
        await outbox.publish(session, "transactions.recorded", {"customer_ids": ids})
    return recorded.outcomes


async def record_all(session: AsyncSession, purchases: Sequence[Purchase], *, actor: Actor, keep: Keep) -> Recorded:
    """Record purchases without telling anybody; whoever leaves the profiles for later computes them later."""
    outcomes: dict[int, Outcome] = {}
    touched: set[UUID] = set()
    newcomers: set[UUID] = set()
    waiting: list[Numbered] = list(enumerate(purchases))
    while waiting:
        wave, waiting = _split(waiting)
        written = await _record_wave(session, wave, actor, keep)
        outcomes |= written.outcomes
        touched |= written.touched
        newcomers |= written.newcomers
    if newcomers:
        touched |= await _claim_for(session, newcomers, actor, keep)
    return Recorded([outcomes[index] for index in range(len(purchases))], touched, newcomers)


async def _claim_for(session: AsyncSession, newcomers: set[UUID], actor: Actor, keep: Keep) -> set[UUID]:
    """Record what waited for people this very batch made a card for."""
    touched: set[UUID] = set()
    async for waiting in iter_waiting(session, newcomers):
        touched |= (await _record_wave(session, list(enumerate(waiting)), actor, keep)).touched
    return touched


def _split(rows: list[Numbered]) -> tuple[list[Numbered], list[Numbered]]:
    """Return the first mention of every key, and the later ones."""
    first: dict[tuple[str, str], Numbered] = {}
    later = []
    for numbered in rows:
        if first.setdefault(numbered[1].key, numbered) is not numbered:
            later.append(numbered)
    return list(first.values()), later


@dataclass(slots=True)
class _Wave:
    """What one pass over distinct keys did."""

    outcomes: dict[int, Outcome] = field(default_factory=dict)
    touched: set[UUID] = field(default_factory=set)
    newcomers: set[UUID] = field(default_factory=set)


async def _record_wave(session: AsyncSession, rows: list[Numbered], actor: Actor, keep: Keep) -> _Wave:
    connection = await driver(session)
    for attempt in range(1, ATTEMPTS + 1):
        try:
            async with connection.transaction():
                return await _record_once(session, connection, rows, actor, keep)
        except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, _MergedMeanwhile):
            # A parallel request recorded one of these keys, or merged one of these cards, between our look and our
            # write: now it can be seen.
            if attempt == ATTEMPTS:
                raise
    raise AssertionError("unreachable")


async def _record_once(
    session: AsyncSession, connection: Connection, rows: list[Numbered], actor: Actor, keep: Keep
) -> _Wave:
    wave = _Wave()
    known = await storing.find_known(connection, [purchase.key for _, purchase in rows])
    known |= await storing.lock_known(connection, [known[p.key].id for _, p in rows if _differs(p, known.get(p.key))])
    news = [row for row in rows if not _is_settled(row, known.get(row[1].key), wave)]
    owners = await _recognise(session, [purchase for _, purchase in news], wave, actor)
    # Sorted by key, so that two batches with common keys meet in the same order.
    news.sort(key=lambda row: row[1].key)
    claimed: list[tuple[int, Purchase, UUID, Known | None]] = []
    unclaimed: list[Numbered] = []
    for index, purchase in news:
        before = known.get(purchase.key)
        owner = owners[purchase.references] or (before.customer_id if before else None)
        if owner is not None:
            claimed.append((index, purchase, owner, before))
        elif purchase.references and purchase.references[0].kind is ReferenceKind.CUSTOMER_ID:
            wave.outcomes[index] = Outcome("rejected", problem=CustomerUnknown())
        else:
            unclaimed.append((index, purchase))
            wave.outcomes[index] = Outcome("unclaimed")
    await _keep_waiting(connection, unclaimed)
    await _write(session, connection, claimed, wave, keep)
    await _refuse_merged(connection, {owner for _, _, owner, _ in claimed})
    return wave


class _MergedMeanwhile(Exception):
    """A card was merged into another after we had recognised it."""


async def _refuse_merged(connection: Connection, owners: set[UUID]) -> None:
    """Start over when a card is part of another by now; from the write on no merge can begin, for we hold its key."""
    if await connection.fetchval(
        "select exists (select from customers where merged_into_id is not null and id = any($1::uuid[]))", list(owners)
    ):
        raise _MergedMeanwhile


def _differs(purchase: Purchase, before: Known | None) -> bool:
    return before is not None and before.customer_id is not None and before.content_hash != purchase.content_hash


def _is_settled(row: Numbered, before: Known | None, wave: _Wave) -> bool:
    """Tell whether there is nothing to do: the same again, older than what is known (B-41), or of a receipt that is
    nobody's any more.
    """
    index, purchase = row
    if before is None:
        return False
    if before.is_detached:
        wave.outcomes[index] = Outcome("unchanged", before.id)
        return True
    older = is_older(purchase.revision, Revision(before.version, before.updated_at))
    same = before.customer_id is not None and before.content_hash == purchase.content_hash
    if older or same:
        status: Literal["unchanged", "unclaimed"] = "unchanged" if before.customer_id else "unclaimed"
        transaction_id = before.id if before.customer_id else None
        wave.outcomes[index] = Outcome(status, transaction_id, before.customer_id)
    return older or same


async def _recognise(
    session: AsyncSession, purchases: list[Purchase], wave: _Wave, actor: Actor
) -> dict[tuple[Reference, ...], UUID | None]:
    """Return whom each way of naming a customer names; unknown people who say enough of themselves get a card.

    The surest reference that names exactly one person wins. An address shared by a family names nobody (B-15).
    """
    named = {purchase.references: purchase for purchase in sorted(purchases, key=lambda each: bool(each.newcomer))}
    found = await customer_queries.resolve_references(
        session, {reference for references in named for reference in references}
    )
    owners: dict[tuple[Reference, ...], UUID | None] = {}
    strangers: list[tuple[Reference, ...]] = []
    for references, purchase in named.items():
        owners[references] = next((found[each][0] for each in references if len(found[each]) == 1), None)
        if owners[references] is None and purchase.newcomer and not any(found[each] for each in references):
            strangers.append(references)
    slated: dict[Reference, int] = {}
    incoming: list[customers.Incoming] = []
    # Whoever is named in most ways first: the others may be the same person named in fewer.
    for references in sorted(strangers, key=len, reverse=True):
        card = named[references].newcomer
        assert card is not None
        place = next((slated[each] for each in references if each in slated), len(incoming))
        if place == len(incoming):
            external = next((each for each in references if each.kind is ReferenceKind.EXTERNAL), None)
            incoming.append(customers.Incoming(card, (external.source, external.value) if external else None))
        slated |= dict.fromkeys(references, place)
    if incoming:
        made = await customers.write(session, incoming, actor=actor)
        for references in named:
            if owners[references] is None:
                places = [slated[each] for each in references if each in slated]
                owners[references] = made[places[0]].customer_id if places else None
        wave.newcomers |= {outcome.customer_id for outcome in made if outcome.customer_id}
    return owners


async def _keep_waiting(connection: Connection, rows: list[Numbered]) -> None:
    await storing.keep_waiting(
        connection,
        [
            (
                uuid7(),
                purchase.source,
                purchase.external_id,
                storing.REFERENCE_SEPARATOR.join(each.key for each in purchase.references),
                purchase.occurred_at,
                purchase.total_minor,
                purchase.currency,
                payload_of(purchase),
                purchase.content_hash,
                purchase.revision.updated_at,
                purchase.revision.version,
            )
            for _, purchase in rows
        ],
    )


async def _write(
    session: AsyncSession,
    connection: Connection,
    claimed: list[tuple[int, Purchase, UUID, Known | None]],
    wave: _Wave,
    keep: Keep,
) -> None:
    if not claimed:
        return
    purchases = [purchase for _, purchase, _, _ in claimed]
    store_ids = await stores.ensure_stores(session, {purchase.store for purchase in purchases if purchase.store})
    products = await _ensure_products(session, purchases)
    ids: dict[tuple[str, str], UUID] = {}
    created: list[TransactionRow] = []
    created_lines: list[LineRow] = []
    changed: list[TransactionRow] = []
    changed_lines: list[LineRow] = []
    disturbed: set[UUID] = set()
    no_longer_waiting: list[UUID] = []
    for _, purchase, _, before in claimed:
        ids[purchase.key] = before.id if before and before.customer_id else uuid7()
    originals = await _find_originals(connection, purchases, ids)
    for index, purchase, owner, before in claimed:
        row = _row(purchase, ids[purchase.key], owner, store_ids, originals)
        wave.touched.add(owner)
        if before is None or before.customer_id is None:
            if before is not None:
                no_longer_waiting.append(before.id)
            created.append(row)
            created_lines += _lines(purchase, row, products)
            wave.outcomes[index] = Outcome("created", row.id, owner)
        else:
            changed.append(row)
            changed_lines += _lines(purchase, row, products)
            disturbed |= {owner, before.customer_id}
            wave.outcomes[index] = Outcome("updated", row.id, owner)
    wave.touched |= disturbed
    await storing.stop_waiting(connection, no_longer_waiting)
    await storing.insert(connection, created, created_lines)
    await storing.replace(connection, changed, changed_lines)
    await storing.link_returns(connection, created)
    await keep(connection, created, disturbed=disturbed)


async def _ensure_products(session: AsyncSession, purchases: Sequence[Purchase]) -> dict[str, ProductKey]:
    seen = {line.sku: line for purchase in purchases for line in purchase.lines}
    return await catalog.ensure_products(
        session, [ProductSeen(sku, line.name, line.category, line.brand) for sku, line in seen.items()]
    )


async def _find_originals(
    connection: Connection, purchases: Sequence[Purchase], ids: dict[tuple[str, str], UUID]
) -> dict[tuple[str, str], UUID]:
    """Return the ids of the purchases that returns give back, of this batch or recorded before."""
    wanted = {purchase.original for purchase in purchases if purchase.original}
    elsewhere = list(wanted - ids.keys())
    if not wanted:
        return {}
    found = await storing.find_known(connection, elsewhere)
    return ids | {key: known.id for key, known in found.items() if known.is_recorded}


def _row(
    purchase: Purchase,
    transaction_id: UUID,
    owner: UUID,
    store_ids: dict[str, UUID],
    originals: dict[tuple[str, str], UUID],
) -> TransactionRow:
    original = purchase.original
    return TransactionRow(
        transaction_id,
        owner,
        purchase.source,
        purchase.external_id,
        purchase.kind.value,
        purchase.occurred_at,
        purchase.business_day,
        store_ids[purchase.store] if purchase.store else None,
        purchase.channel,
        purchase.payment,
        purchase.reason,
        purchase.currency,
        purchase.total_minor,
        originals.get(original) if original else None,
        original[0] if original else None,
        original[1] if original else None,
        purchase.content_hash,
        purchase.revision.updated_at,
        purchase.revision.version,
    )


def _lines(purchase: Purchase, row: TransactionRow, products: dict[str, ProductKey]) -> list[LineRow]:
    lines: list[LineRow] = []
    for number, line in enumerate(purchase.lines, 1):
        product = products[line.sku]
        lines.append(
            (
                row.id,
                number,
                row.customer_id,
                product.id,
                product.category_id,
                product.brand_id,
                row.occurred_at,
                line.quantity_milli,
                line.discount_minor,
                line.total_minor,
            )
        )
    return lines
