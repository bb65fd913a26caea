"""The proof that the ledger is as it was written (C-08): every person's chain is computed again, link by link.

A chain alone cannot tell that its end was cut off, or that all of it was written anew; so each verification leaves a
signed checkpoint of the ends it saw, and the next one holds the chains against them.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import queries
from ritorno.consents.chaining import Link, chain_hash
from ritorno.consents.models import EVERY_CHANNEL, ConsentCheckpoint, ConsentEvent
from ritorno.consents.rules import (
    Action,
    Card,
    Channel,
    Entry,
    Method,
    Party,
    Purpose,
    fold_recipients_together,
    fold_together,
)
from ritorno.consents.service import project
from ritorno.customers.queries import groups_of
from ritorno.kit import clock, crypto
from ritorno.kit.config import Settings
from ritorno.kit.db import driver

ENTRIES_PER_BATCH = 20_000
PURPOSE = "consent-checkpoint"
MOST_FAULTS_OF_ONE = 50


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry that is not as it was written.

    `changed`: it says something else than its hash. `out-of-sequence`: besides, it does not follow the entry before
    it. `replaced`: the next entry was chained to another one in its place. `forked`: two entries claim one place.
    `missing`: nothing stands in its place. `rewritten`: the chain up to here is not the one that was signed.
    `checkpoint-forged`: the signature of a checkpoint is not ours. `state-differs`: the state kept for the gate is not
    what the ledger says; it has no place in the chain.
    """

    fault: str
    customer_id: str
    seq: int | None = None
    entry_id: str | None = None


class Checkpoint(NamedTuple):
    """A link that was signed."""

    seq: int
    hash: bytes
    is_beginning: bool
    is_genuine: bool


@dataclass(slots=True)
class Chain:
    """One person's chain as it was found."""

    customer_id: UUID
    links: list[Link]
    faults: list[Fault]
    signed_seq: int
    """The end a checkpoint has signed already."""

    @property
    def head(self) -> Link | None:
        return self.links[-1] if self.links else None


@dataclass(slots=True)
class Batch:
    """The chains of some people, and where the next batch begins."""

    after: UUID
    checked: int = 0
    faults: list[Fault] = field(default_factory=list)
    is_last: bool = False


async def verify_next(session: AsyncSession, settings: Settings, *, after: UUID, keep_checkpoints: bool) -> Batch:
    """Verify the chains of the people that follow one, in the order of their ids."""
    found, is_last = await _read_next(session, after)
    upto = UUID(int=(1 << 128) - 1) if is_last else found[-1].customer_id
    chains = _chains(found, await _checkpoints_between(session, settings, after, upto))
    states = await _faults_of_states(session, chains)
    if keep_checkpoints:
        await _sign_ends(session, settings, chains)
    faults = [fault for chain in chains for fault in chain.faults] + states
    return Batch(upto, len(found), faults, is_last)


async def verify_people(session: AsyncSession, settings: Settings, customer_ids: Collection[UUID]) -> list[Chain]:
    """Verify the chains of these cards alone."""
    found = await _read(session, f"where customer_id = any($1::uuid[]) {_IN_ORDER}", list(customer_ids))
    marks = await session.scalars(
        select(ConsentCheckpoint).where(queries.among(ConsentCheckpoint.customer_id, customer_ids))
    )
    return _chains(found, _by_person(settings, marks))


_READ = f"select {', '.join(Link._fields)} from consent_events"
_IN_ORDER = "order by customer_id, seq, recorded_at, id"


async def _read(session: AsyncSession, condition: str, *values: Any) -> list[Link]:
    """Return entries past the ORM: a ledger has millions of them, and nothing here may change one."""
    rows = await (await driver(session)).fetch(f"{_READ} {condition}", *values)
    return [Link(*row) for row in rows]


async def _read_next(session: AsyncSession, after: UUID) -> tuple[list[Link], bool]:
    """Return the entries of the next people, each person's complete."""
    found = await _read(session, f"where customer_id > $1 {_IN_ORDER} limit $2", after, ENTRIES_PER_BATCH)
    if len(found) < ENTRIES_PER_BATCH:
        return found, True
    last = found[-1].customer_id
    complete = [link for link in found if link.customer_id != last]
    return complete or await _read(session, f"where customer_id = $1 {_IN_ORDER}", last), False


async def _checkpoints_between(
    session: AsyncSession, settings: Settings, after: UUID, upto: UUID
) -> dict[UUID, list[Checkpoint]]:
    marks = await session.scalars(
        select(ConsentCheckpoint).where(ConsentCheckpoint.customer_id > after, ConsentCheckpoint.customer_id <= upto)
    )
    return _by_person(settings, marks)


def _by_person(settings: Settings, marks: Iterable[ConsentCheckpoint]) -> dict[UUID, list[Checkpoint]]:
    found: dict[UUID, list[Checkpoint]] = {}
    for mark in sorted(marks, key=lambda each: each.seq):
        said = _signed_text(mark.customer_id, mark.seq, mark.hash, is_beginning=mark.is_beginning)
        is_genuine = crypto.verify(settings, PURPOSE, mark.kid, said, mark.signature)
        found.setdefault(mark.customer_id, []).append(Checkpoint(mark.seq, mark.hash, mark.is_beginning, is_genuine))
    return found


def _signed_text(customer_id: UUID, seq: int, digest: bytes, *, is_beginning: bool) -> bytes:
    return f"{customer_id}:{seq}:{'beginning' if is_beginning else 'end'}:{digest.hex()}".encode()


def _chains(found: Sequence[Link], checkpoints: dict[UUID, list[Checkpoint]]) -> list[Chain]:
    by_person = {customer_id: list(links) for customer_id, links in groupby(found, key=attrgetter("customer_id"))}
    people = sorted(by_person.keys() | checkpoints.keys())
    return [examine(each, by_person.get(each, []), checkpoints.get(each, [])) for each in people]


def examine(customer_id: UUID, links: list[Link], checkpoints: Sequence[Checkpoint]) -> Chain:
    """Compute one chain again and hold it against what was signed; name each entry at fault."""
    examining = _Examining(str(customer_id), checkpoints)
    for link in links:
        examining.follow(link)
    faults = examining.end()
    signed = max((mark.seq for mark in checkpoints if not mark.is_beginning and mark.is_genuine), default=0)
    return Chain(customer_id, links, faults[:MOST_FAULTS_OF_ONE], signed)


class _Examining:
    """The walk along one chain: which place comes next, and to which hash it must be chained."""

    def __init__(self, customer_id: str, checkpoints: Sequence[Checkpoint]) -> None:
        self._customer_id = customer_id
        self._faults = [
            Fault("checkpoint-forged", customer_id, mark.seq) for mark in checkpoints if not mark.is_genuine
        ]
        genuine = [mark for mark in checkpoints if mark.is_genuine]
        self._beginning = next((mark for mark in reversed(genuine) if mark.is_beginning), None)
        self._signed = {mark.seq: mark.hash for mark in genuine}
        self._is_rewritten = False
        self._next_seq = 1
        self._last: Link | None = None
        self._last_is_sound = True

    def follow(self, entry: Link) -> None:
        if self._last is None and self._beginning is not None and entry.seq == self._beginning.seq + 1:
            # What came before was dropped when its time was over, and this is the link it was chained to.
            self._next_seq = entry.seq
            expected: bytes | None = self._beginning.hash
        else:
            expected = self._last.hash if self._last is not None else None
        is_forked = self._last is not None and entry.seq == self._last.seq
        has_gap = entry.seq > self._next_seq
        for seq in range(self._next_seq, min(entry.seq, self._next_seq + MOST_FAULTS_OF_ONE)):
            self._say("missing", seq)
        self._look(entry, expected, is_forked=is_forked, has_gap=has_gap)
        self._last, self._next_seq = entry, entry.seq + 1

    def _look(self, entry: Link, expected: bytes | None, *, is_forked: bool, has_gap: bool) -> None:
        is_chained = has_gap or entry.prev_hash == expected
        is_itself = chain_hash(entry) == entry.hash
        if is_forked:
            self._say("forked", entry.seq, entry)
        elif not is_itself:
            self._say("changed" if is_chained else "out-of-sequence", entry.seq, entry)
        elif not is_chained and self._last_is_sound:
            self._say("replaced", self._last.seq if self._last else entry.seq, self._last or entry)
        elif not self._is_rewritten and self._signed.get(entry.seq, entry.hash) != entry.hash:
            self._is_rewritten = True
            self._say("rewritten", entry.seq, entry)
        self._last_is_sound = is_itself and not is_forked

    def end(self) -> list[Fault]:
        """Return what was found, with the places at the end that were signed and are gone."""
        for seq in range(self._next_seq, max(self._signed, default=0) + 1)[:MOST_FAULTS_OF_ONE]:
            if self._beginning is None or seq > self._beginning.seq:
                self._say("missing", seq)
        return self._faults

    def _say(self, fault: str, seq: int, entry: Link | None = None) -> None:
        self._faults.append(Fault(fault, self._customer_id, seq, str(entry.id) if entry is not None else None))


_LIVING = "select id from customers where id = any($1::uuid[]) and merged_into_id is null and erased_at is null"
_STATES = """
    select customer_id, purpose, channel, standing, since, event_id from consent_states
    where customer_id = any($1::uuid[])
    union all
    select customer_id, 'THIRD_PARTY', recipient_id::text, standing, since, event_id from recipient_states
    where customer_id = any($1::uuid[])
"""
StateRow = tuple[str, str, str, datetime, UUID]


async def _faults_of_states(session: AsyncSession, chains: Sequence[Chain]) -> list[Fault]:
    """Hold the states the gate reads against the fold of the ledger (C-10); a card that is gone has none to hold."""
    connection = await driver(session)
    links = {chain.customer_id: chain.links for chain in chains}
    living = [row["id"] for row in await connection.fetch(_LIVING, list(links))]
    kept: dict[UUID, set[StateRow]] = {each: set() for each in living}
    for customer_id, purpose, where, standing, since, event_id in await connection.fetch(_STATES, living):
        kept[customer_id].add((purpose, where, standing, since, event_id))
    groups = await groups_of(session, living)
    together = await queries.cards_of(session, [each for each, cards in groups.items() if len(cards) > 1])
    alone = {each: [Card(each, [_entry(link) for link in links[each]])] for each in living if each not in together}
    return [
        Fault("state-differs", str(customer_id))
        for customer_id, cards in (alone | together).items()
        if _folded(cards) != kept[customer_id]
    ]


def _entry(link: Link) -> Entry:
    return Entry(
        link.id,
        Purpose(link.purpose),
        Channel(link.channel) if link.channel else None,
        Action(link.action),
        link.occurred_at,
        link.is_proven,
        Method(link.method),
        Party(link.party),
        link.contact_point_id,
        link.recorded_at,
        link.recipient_id,
    )


def _folded(cards: Sequence[Card]) -> set[StateRow]:
    by_channel = {
        (purpose.value, channel or EVERY_CHANNEL, state.standing.value, state.since, state.event_id)
        for (purpose, channel), state in fold_together(cards).items()
    }
    by_recipient = {
        (Purpose.THIRD_PARTY.value, str(recipient_id), state.standing.value, state.since, state.event_id)
        for recipient_id, state in fold_recipients_together(cards).items()
    }
    return by_channel | by_recipient


async def mend_states(session: AsyncSession, customer_ids: Collection[UUID]) -> None:
    """Make the states of these people again from the ledger: the gate must not go on reading what it does not say."""
    connection = await driver(session)
    for table in ("consent_states", "recipient_states"):
        await connection.execute(f"delete from {table} where customer_id = any($1::uuid[])", list(customer_ids))
    await project(session, customer_ids)


_SIGN = """
    insert into consent_checkpoints (customer_id, seq, is_beginning, hash, signature, kid, made_at)
    select customer_id, seq, $5, hash, signature, $6, $7
    from unnest($1::uuid[], $2::bigint[], $3::bytea[], $4::bytea[]) as ended (customer_id, seq, hash, signature)
    on conflict do nothing
"""


async def _sign_ends(session: AsyncSession, settings: Settings, chains: Sequence[Chain]) -> None:
    """Sign the end of each sound chain that grew since it was signed last."""
    ends = [
        (chain.customer_id, chain.head.seq, chain.head.hash)
        for chain in chains
        if chain.head is not None and not chain.faults and chain.head.seq > chain.signed_seq
    ]
    await _sign(session, settings, ends, is_beginning=False)


async def sign_beginning(session: AsyncSession, settings: Settings, customer_id: UUID, *, seq: int) -> None:
    """Sign the link after which a person's chain may begin, before what precedes it is dropped (C-31)."""
    digest = await session.scalar(
        select(ConsentEvent.hash).where(ConsentEvent.customer_id == customer_id, ConsentEvent.seq == seq)
    )
    if digest is None:
        raise ValueError("a chain can only begin after an entry that is there")
    await _sign(session, settings, [(customer_id, seq, digest)], is_beginning=True)


async def _sign(
    session: AsyncSession, settings: Settings, links: Sequence[tuple[UUID, int, bytes]], *, is_beginning: bool
) -> None:
    if not links:
        return
    kid, signatures = "", []
    for customer_id, seq, digest in links:
        kid, signature = crypto.sign(
            settings, PURPOSE, _signed_text(customer_id, seq, digest, is_beginning=is_beginning)
        )
        signatures.append(signature)
    columns = map(list, zip(*links, strict=True))
    await (await driver(session)).execute(_SIGN, *columns, signatures, is_beginning, kid, clock.now())


async def verify_person(session: AsyncSession, settings: Settings, customer_id: UUID) -> list[Chain]:
    """Verify the chains of all cards of one person, the living one first."""
    cards = (await groups_of(session, [customer_id]))[customer_id]
    chains = {chain.customer_id: chain for chain in await verify_people(session, settings, [each.id for each in cards])}
    return [chains[card.id] for card in cards if card.id in chains]


def as_row(fault: Fault) -> dict[str, Any]:
    """Return a fault as a verification keeps it."""
    return {name: value for name, value in asdict(fault).items() if value is not None}
