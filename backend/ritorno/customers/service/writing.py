"""Cards stated by anybody, one or thousands at once: a few statements per table, an outcome for each row.

A card is recognised by the key its source gave it, else by its card numbers; never by an email or a phone, which
families share (B-15).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.customers import queries
from ritorno.customers.errors import CustomerErased, CustomerMerged, IdentifierTaken
from ritorno.customers.preparing import Card, Contact
from ritorno.customers.queries import CardState
from ritorno.customers.rules import (
    CARD_SOURCE,
    STAFF_SOURCE,
    ContactKind,
    IdentifierKind,
    fold_name,
    state_contact,
)
from ritorno.customers.service import storing
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7
from ritorno.kit.problems import Problem
from ritorno.stores import service as stores

IdentifierKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One card to write: under the key of a source, or of a customer already known, or new without either."""

    card: Card
    key: tuple[str, str] | None = None
    customer_id: UUID | None = None

    @property
    def source(self) -> str:
        return self.key[0] if self.key else STAFF_SOURCE

    @property
    def identifiers(self) -> list[IdentifierKey]:
        external = [(IdentifierKind.EXTERNAL.value, *self.key)] if self.key else []
        return [*external, *((IdentifierKind.CARD.value, CARD_SOURCE, number) for number in self.card.cards)]


@dataclass(frozen=True, slots=True)
class Outcome:
    status: Literal["created", "updated", "unchanged", "rejected"]
    customer_id: UUID | None
    problem: Problem | None = None


async def write(session: AsyncSession, incoming: Sequence[Incoming], *, actor: Actor) -> list[Outcome]:
    """Write the cards in order and tell what became of each.

    Rows that speak of one person in one batch are written one after the other, as if sent alone.
    """
    outcomes: dict[int, Outcome] = {}
    waiting = list(enumerate(incoming))
    while waiting:
        wave, waiting = _split(waiting)
        outcomes |= await _write_wave(session, wave, actor)
    return [outcomes[index] for index in range(len(incoming))]


Numbered = tuple[int, Incoming]


def _split(rows: list[Numbered]) -> tuple[list[Numbered], list[Numbered]]:
    """Return the rows that name nobody twice, and those that must wait for them."""
    named: set[object] = set()
    wave: list[Numbered] = []
    later: list[Numbered] = []
    for index, row in rows:
        names = {*row.identifiers, *([row.customer_id] if row.customer_id else [])}
        (later if named & names else wave).append((index, row))
        named |= names
    return wave, later


async def _write_wave(session: AsyncSession, rows: list[Numbered], actor: Actor) -> dict[int, Outcome]:
    connection = await driver(session)
    try:
        async with connection.transaction():
            return await _write_once(session, rows, actor)
    except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError):
        # A parallel request made the same card between our look and our write: now it can be seen.
        return await _write_once(session, rows, actor)


async def _write_once(session: AsyncSession, rows: list[Numbered], actor: Actor) -> dict[int, Outcome]:
    connection = await driver(session)
    owners = await queries.owners_of(connection, [name for _, row in rows for name in row.identifiers])
    outcomes: dict[int, Outcome] = {}
    targets: dict[int, tuple[Incoming, UUID | None]] = {}
    for index, row in rows:
        found = {owners[name].customer_id for name in row.identifiers if name in owners}
        if row.customer_id:
            found.add(row.customer_id)
        if len(found) > 1:
            outcomes[index] = Outcome("rejected", None, IdentifierTaken())
            continue
        customer_id = next(iter(found), None)
        known = owners.get((IdentifierKind.EXTERNAL.value, *row.key)) if row.key else None
        if known and known.content_hash == row.card.digest:
            outcomes[index] = Outcome("unchanged", known.customer_id)
        else:
            targets[index] = (row, customer_id)
    ids = sorted({customer_id for _, customer_id in targets.values() if customer_id})
    states = await queries.lock_cards(connection, ids)
    home_stores = await stores.ensure_stores(
        session, {row.card.home_store for row, _ in targets.values() if row.card.home_store}
    )
    effects = _Effects()
    written: set[UUID] = set()
    again: list[Numbered] = []
    for index, (row, customer_id) in targets.items():
        if customer_id is not None and customer_id in written:
            # Two keys of one person: the second row must see what the first one wrote.
            again.append((index, row))
            continue
        state = states[customer_id] if customer_id else None
        if state and state.erased:
            outcomes[index] = Outcome("rejected", None, CustomerErased())
            continue
        if state and state.merged_into_id and row.customer_id:
            outcomes[index] = Outcome("rejected", None, CustomerMerged(merged_into=str(state.merged_into_id)))
            continue
        if state and state.merged_into_id:
            # Merged between our look and our lock: its keys belong to the other card by now.
            again.append((index, row))
            continue
        outcomes[index] = outcome = _state(row, state, effects, owners, home_stores)
        assert outcome.customer_id is not None
        written.add(outcome.customer_id)
    await effects.store(connection)
    await _tell(session, effects, actor)
    return outcomes | (await _write_once(session, again, actor) if again else {})


@dataclass(slots=True)
class _Effects:
    """The rows a wave writes, table by table."""

    created: list[UUID] = field(default_factory=list)
    changed: dict[UUID, list[str]] = field(default_factory=dict)
    identified: set[UUID] = field(default_factory=set)
    new_cards: list[storing.CardRow] = field(default_factory=list)
    changed_cards: list[storing.CardRow] = field(default_factory=list)
    identifiers: list[tuple[Any, ...]] = field(default_factory=list)
    hashes: list[tuple[UUID, int]] = field(default_factory=list)
    ended: list[UUID] = field(default_factory=list)
    demoted: list[tuple[UUID, str]] = field(default_factory=list)
    contacts: list[tuple[Any, ...]] = field(default_factory=list)
    labels: dict[str, tuple[set[UUID], list[tuple[Any, ...]]]] = field(
        default_factory=lambda: {"customer_tags": (set(), []), "customer_interests": (set(), [])}
    )

    async def store(self, connection: storing.Connection) -> None:
        await storing.insert_cards(connection, self.new_cards)
        await storing.update_cards(connection, self.changed_cards)
        await storing.insert_identifiers(connection, self.identifiers)
        await storing.set_hashes(connection, self.hashes)
        await storing.end_contacts(connection, self.ended, clock.now())
        await storing.demote_contacts(connection, self.demoted)
        await storing.insert_contacts(connection, self.contacts)
        for table, (customers, rows) in self.labels.items():
            await storing.replace_labels(connection, table, customers, rows)


def _state(
    row: Incoming,
    state: CardState | None,
    effects: _Effects,
    owners: dict[IdentifierKey, queries.Owner],
    home_stores: dict[str, UUID],
) -> Outcome:
    """Note what writing a row does, and return its outcome."""
    card, now = row.card, clock.now()
    customer_id = state.id if state else uuid7()
    before = state.columns if state else dict(storing.DEFAULTS)
    after = before | card.columns
    if card.states_home_store:
        after["home_store_id"] = home_stores[card.home_store] if card.home_store else None
    changed = {name for name in after if after[name] != before.get(name)}
    for name in row.identifiers:
        if name not in owners:
            digest = card.digest if name[0] == IdentifierKind.EXTERNAL else None
            effects.identifiers.append((uuid7(), customer_id, *name, digest, now))
            effects.identified.add(customer_id)
            changed.add("identifiers")
        elif name[0] == IdentifierKind.EXTERNAL:
            effects.hashes.append((owners[name].id, card.digest))
    for kind, contact in card.contacts.items():
        if _state_contact(row, kind, contact, customer_id, state, effects):
            changed.add(kind.value.lower())
            if kind is ContactKind.POSTAL:
                after["city"] = contact.address["city"] if contact and contact.address else None
    for table, labels, held in (
        ("customer_tags", card.tags, state.tags if state else frozenset()),
        ("customer_interests", card.interests, state.interests if state else frozenset()),
    ):
        if labels is not None and labels != held:
            cleared, rows = effects.labels[table]
            cleared.add(customer_id)
            extra = (row.source, now) if table == "customer_interests" else ()
            rows.extend((customer_id, label, *extra) for label in sorted(labels))
            changed.add(table)
    if state and not changed:
        return Outcome("unchanged", customer_id)
    after["search_name"] = fold_name(after["family_name"], after["given_name"])
    after["search_given_name"] = fold_name(after["given_name"])
    if state is None:
        effects.created.append(customer_id)
        effects.new_cards.append(storing.CardRow(customer_id, after, 1, now))
        return Outcome("created", customer_id)
    effects.changed[customer_id] = sorted(changed)
    effects.changed_cards.append(storing.CardRow(customer_id, after, state.version + 1, now))
    return Outcome("updated", customer_id)


def _state_contact(
    row: Incoming,
    kind: ContactKind,
    contact: Contact | None,
    customer_id: UUID,
    state: CardState | None,
    effects: _Effects,
) -> bool:
    standing = [point for point_kind, point in state.contacts if point_kind == kind] if state else []
    change = state_contact(standing, contact.match_key if contact else None, row.source)
    effects.ended.extend(change.ended)
    if contact and change.is_new:
        effects.demoted.append((customer_id, kind.value))
        effects.contacts.append(storing.contact_row(customer_id, contact, row.source, clock.now(), is_primary=True))
        effects.identified.add(customer_id)
    return bool(change.ended) or change.is_new


async def _tell(session: AsyncSession, effects: _Effects, actor: Actor) -> None:
    """Say who changed what, and wake what follows; one event for all the cards of a wave."""
    for customer_id in effects.created:
        await activity.record(session, actor, "customer.created", subject="customer", subject_id=customer_id)
    for customer_id, fields in effects.changed.items():
        await activity.record(
            session, actor, "customer.changed", subject="customer", subject_id=customer_id, details={"fields": fields}
        )
    for event, customers in (
        ("customer.created", effects.created),
        ("customer.changed", list(effects.changed)),
        ("customer.identified", sorted(effects.identified)),
    ):
        if customers:
            await outbox.publish(session, event, {"customer_ids": [str(each) for each in customers]})
