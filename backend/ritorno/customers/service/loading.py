"""Cards from files, thousands at once: recognised by exact keys, changed by a policy for each field, with a record of
what was replaced so that all of it can be taken back.

Cards are matched surest key first. An address or a name recognises somebody only if nothing contradicts it: a family
shares a phone, a father and a son share a name (B-15). Two keys of one source are two people to that source, whatever
else they share; and a mere name recognises only rows that have no key at all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers import queries
from ritorno.customers.preparing import Contact
from ritorno.customers.queries import CardState
from ritorno.customers.rules import (
    CARD_SOURCE,
    FISCAL_SOURCE,
    ContactKind,
    IdentifierKind,
    LoadPolicy,
    MatchRule,
    Named,
    fold_name,
    is_same_person,
)
from ritorno.customers.service import storing
from ritorno.kit import clock
from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7
from ritorno.kit.keyed import plain
from ritorno.stores import service as stores

IdentifierKey = tuple[str, str, str]
Changes = dict[str, Any]


@dataclass(slots=True)
class StatedCard:
    """What one row of a file says of a person; blank cells are absent, because blank means unknown."""

    columns: dict[str, Any] = field(default_factory=dict)
    contacts: list[tuple[Contact, LoadPolicy]] = field(default_factory=list)
    identifiers: list[IdentifierKey] = field(default_factory=list)
    tags: frozenset[str] = frozenset()
    interests: frozenset[str] = frozenset()
    note: str | None = None
    home_store: str | None = None
    changed_at: datetime | None = None
    """How old the row says its own values are, for the policy NEWEST."""

    search_name: str = ""
    """Folded from the names; set once they are known."""

    def name_it(self) -> None:
        """Fold the names that were stated."""
        self.search_name = fold_name(self.columns.get("family_name"), self.columns.get("given_name"))


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """What holds for every row of a file."""

    source: str
    policies: Mapping[str, LoadPolicy]
    match: Collection[MatchRule]
    author: str


class LoadedCard(NamedTuple):
    """What became of a row. `changes` is what it replaced and added; None when it made the card or changed nothing."""

    outcome: str
    customer_id: UUID | None = None
    version: int | None = None
    changes: Changes | None = None
    matched_by: MatchRule | None = None
    problem: str | None = None


async def load_cards(session: AsyncSession, rows: Sequence[StatedCard], plan: LoadPlan) -> list[LoadedCard]:
    """Write the cards in order and tell what became of each; rows that may speak of one person wait for each other."""
    done: dict[int, LoadedCard] = {}
    waiting = list(enumerate(rows))
    codes = {row.home_store for row in rows if row.home_store}
    home_stores = await stores.ensure_stores(session, codes) if codes else {}
    while waiting:
        wave, waiting = _split(waiting)
        done |= await _load_wave(session, wave, plan, home_stores)
    return [done[index] for index in range(len(rows))]


async def find_candidates(connection: storing.Connection, rows: Sequence[StatedCard], plan: LoadPlan) -> set[UUID]:
    """Return every card that any of the rows could turn out to be."""
    owners = await queries.owners_of(connection, [key for row in rows for key in row.identifiers])
    found = {owner.customer_id for owner in owners.values()}
    for _, person in await _similar(connection, rows, plan):
        found.add(person.id)
    return found


Numbered = tuple[int, StatedCard]


def _split(rows: list[Numbered]) -> tuple[list[Numbered], list[Numbered]]:
    """Return the rows that no earlier one could be the same person as, and the others."""
    seen: set[object] = set()
    wave: list[Numbered] = []
    later: list[Numbered] = []
    for numbered in rows:
        keys = _keys(numbered[1])
        (wave if seen.isdisjoint(keys) else later).append(numbered)
        seen.update(keys)
    return wave, later


def _keys(row: StatedCard) -> list[object]:
    keys: list[object] = [*row.identifiers]
    if row.contacts:
        # A family shares an address without being one person: only with the same name do two rows meet at it.
        name = " ".join(sorted(row.search_name.split()))
        keys += [(contact.match_key, name) for contact, _ in row.contacts]
    born = row.columns.get("birth_on")
    if born is not None:
        keys.append((row.search_name, born))
    return keys


async def _load_wave(
    session: AsyncSession, rows: list[Numbered], plan: LoadPlan, home_stores: Mapping[str, UUID]
) -> dict[int, LoadedCard]:
    connection = await driver(session)
    stated = [row for _, row in rows]
    owners = await queries.owners_of(connection, [key for row in stated for key in row.identifiers])
    similar: dict[int, list[tuple[MatchRule, _Person]]] = {}
    strangers = [place for place, row in enumerate(stated) if not any(key in owners for key in row.identifiers)]
    for (place, rule), person in await _similar(connection, [stated[place] for place in strangers], plan):
        similar.setdefault(strangers[place], []).append((rule, person))
    matched = [_recognise(row, owners, similar.get(place, []), plan.match) for place, row in enumerate(stated)]
    states = await queries.lock_cards(connection, sorted({each.customer_id for each in matched if each.customer_id}))
    effects = _Effects(plan, home_stores, clock.now())
    if any(row.note for row in stated):
        effects.notes_held = await _notes_of(connection, list(states))
    done: dict[int, LoadedCard] = {}
    again: list[Numbered] = []
    written: set[UUID] = set()
    for (index, row), match in zip(rows, matched, strict=True):
        if match.customer_id in written:
            # Two rows under different keys of one card: the second must see what the first wrote.
            again.append((index, row))
            continue
        state = states.get(match.customer_id) if match.customer_id else None
        if state and state.merged_into_id:
            # It was merged between our look and our lock: the next look finds the living card.
            again.append((index, row))
            continue
        if match.problem or (state and state.erased):
            done[index] = LoadedCard("rejected", problem=match.problem or "customer-erased")
            continue
        done[index] = result = effects.state(row, state, match.rule, owners)
        if result.customer_id is not None:
            written.add(result.customer_id)
    await effects.store(connection)
    return done | (await _load_wave(session, again, plan, home_stores) if again else {})


# ── recognising ───────────────────────────────────────────────────────────────────────────────────────────────────────


class _Person(NamedTuple):
    """Somebody who shares an address, a birthday or a house with a row."""

    id: UUID
    named: Named
    is_verified: bool
    has_key: bool
    """The file's own source knows this card under a key."""


class _Match(NamedTuple):
    customer_id: UUID | None = None
    rule: MatchRule | None = None
    problem: str | None = None


_RULE_OF = {
    IdentifierKind.EXTERNAL.value: MatchRule.EXTERNAL_ID,
    IdentifierKind.CARD.value: MatchRule.CARD,
    IdentifierKind.FISCAL.value: MatchRule.FISCAL_CODE,
}


def _recognise(
    row: StatedCard,
    owners: Mapping[IdentifierKey, queries.Owner],
    similar: Sequence[tuple[MatchRule, _Person]],
    match: Collection[MatchRule],
) -> _Match:
    found: dict[UUID, MatchRule] = {}
    for key in row.identifiers:
        owner = owners.get(key)
        if owner is not None:
            found.setdefault(owner.customer_id, _RULE_OF[key[0]])
    if len(found) > 1:
        return _Match(problem="several-cards")
    if found:
        customer_id, rule = next(iter(found.items()))
        return _Match(customer_id, rule)
    if not similar:
        return _Match()
    named = Named(row.search_name, row.columns.get("birth_on"))
    is_keyed = any(key[0] == IdentifierKind.EXTERNAL for key in row.identifiers)
    for rule in MatchRule:
        if rule in match:
            people = [
                person.id
                for by, person in similar
                if by is rule
                and not (is_keyed and person.has_key)
                and is_same_person(rule, named, person.named, is_verified=person.is_verified)
            ]
            if people:
                # Two cards that both fit are each other's doubles; the older one stays the one that is known.
                return _Match(min(people), rule)
    return _Match()


_HAS_KEY = "exists (select from identifiers i where i.customer_id = c.id and i.kind = 'EXTERNAL' and i.source = $1)"
_BY_ADDRESS = f"""
    select w.place, w.rule, c.id, c.search_name, c.birth_on, p.level = 'CONFIRMED' as is_verified, {_HAS_KEY}
    from unnest($2::int[], $3::text[], $4::text[], $5::text[]) as w (place, rule, kind, match_key)
    join contact_points p on p.kind = w.kind and p.match_key = w.match_key and p.valid_to is null
    join customers c on c.id = p.customer_id and c.erased_at is null and c.merged_into_id is null
"""
_BY_BIRTH = f"""
    select w.place, 'name_birth', c.id, c.search_name, c.birth_on, false, {_HAS_KEY}
    from unnest($2::int[], $3::text[], $4::date[]) as w (place, search_name, birth_on)
    join customers c on c.search_name = w.search_name and c.birth_on = w.birth_on
        and c.erased_at is null and c.merged_into_id is null
"""
_BY_KIND = {
    ContactKind.EMAIL: MatchRule.EMAIL,
    ContactKind.PHONE: MatchRule.PHONE,
    ContactKind.POSTAL: MatchRule.NAME_ADDRESS,
}


async def _similar(
    connection: storing.Connection, rows: Sequence[StatedCard], plan: LoadPlan
) -> list[tuple[tuple[int, MatchRule], _Person]]:
    """Return who shares an address, or name and birth date, with each row."""
    addresses = [
        (place, rule.value, contact.kind.value, contact.match_key)
        for place, row in enumerate(rows)
        for contact, _ in row.contacts
        if (rule := _BY_KIND[contact.kind]) in plan.match and not (rule is MatchRule.NAME_ADDRESS and row.identifiers)
    ]
    births = [
        (place, row.search_name, row.columns["birth_on"])
        for place, row in enumerate(rows)
        if MatchRule.NAME_BIRTH in plan.match
        and not row.identifiers
        and row.columns.get("birth_on")
        and row.search_name
    ]
    found = []
    for statement, wanted in ((_BY_ADDRESS, addresses), (_BY_BIRTH, births)):
        if wanted:
            found += await connection.fetch(statement, plan.source, *map(list, zip(*wanted, strict=True)))
    return [
        ((place, MatchRule(rule)), _Person(customer_id, Named(name, born), bool(verified), has_key))
        for place, rule, customer_id, name, born, verified, has_key in map(tuple, found)
    ]


async def _notes_of(connection: storing.Connection, ids: list[UUID]) -> set[tuple[UUID, str]]:
    rows = await connection.fetch(
        "select customer_id, body from customer_notes where customer_id = any($1::uuid[])", ids
    )
    return {(row["customer_id"], row["body"]) for row in rows}


# ── what a row does ───────────────────────────────────────────────────────────────────────────────────────────────────


class _Effects:
    """The rows a wave writes, table by table."""

    def __init__(self, plan: LoadPlan, home_stores: Mapping[str, UUID], at: datetime) -> None:
        self.plan = plan
        self.home_stores = home_stores
        self.at = at
        self.notes_held: set[tuple[UUID, str]] = set()
        self.new_cards: list[storing.CardRow] = []
        self.changed_cards: list[storing.CardRow] = []
        self.identifiers: list[tuple[Any, ...]] = []
        self.ended: list[UUID] = []
        self.demoted: list[UUID] = []
        self.contacts: list[tuple[Any, ...]] = []
        self.labels: dict[str, list[tuple[Any, ...]]] = {"customer_tags": [], "customer_interests": []}
        self.unlabelled: list[tuple[str, UUID, frozenset[str], Changes]] = []
        self.notes: list[tuple[Any, ...]] = []

    async def store(self, connection: storing.Connection) -> None:
        await storing.insert_cards(connection, self.new_cards)
        await storing.update_cards(connection, self.changed_cards)
        await storing.insert_identifiers(connection, self.identifiers)
        await storing.end_contacts(connection, self.ended, self.at)
        if self.demoted:
            await connection.execute(
                "update contact_points set is_primary = false where id = any($1::uuid[])", self.demoted
            )
        await storing.insert_contacts(connection, self.contacts)
        for table, customer_id, labels, changes in self.unlabelled:
            # How it was, so that it can return as it was.
            changes[f"{table}_gone"] = await storing.remove_labels(connection, table, customer_id, labels)
        for table, rows in self.labels.items():
            await storing.replace_labels(connection, table, (), rows)
        if self.notes:
            await connection.copy_records_to_table(
                "customer_notes",
                records=self.notes,
                columns=["id", "customer_id", "body", "author_name", "created_at"],
            )

    def state(
        self,
        row: StatedCard,
        state: CardState | None,
        rule: MatchRule | None,
        owners: Mapping[IdentifierKey, queries.Owner],
    ) -> LoadedCard:
        """Note what writing a row does, and return what becomes of it."""
        if state is None:
            return self._make(row)
        changes: Changes = {}
        before = state.columns
        after = dict(before)
        for name, value in self._stated(row).items():
            if self._wins(self.plan.policies.get(name, LoadPolicy.FILL), before[name], row, state.updated_at):
                after[name] = value
        fresh = [key for key in row.identifiers if key not in owners]
        if any(key[0] == IdentifierKind.FISCAL for key in fresh) and state.has_fiscal_code:
            return LoadedCard("rejected", problem="fiscal-code-differs")
        if fresh:
            changes["identifiers"] = self._identify(state.id, fresh)
        self._state_contacts(row, state, after, changes)
        self._state_labels(row, state, changes)
        if row.note and (state.id, row.note) not in self.notes_held:
            changes["notes"] = [self._note(state.id, row.note)]
        after["search_name"] = fold_name(after["family_name"], after["given_name"])
        after["search_given_name"] = fold_name(after["given_name"])
        replaced = {name: [plain(before[name]), plain(value)] for name, value in after.items() if value != before[name]}
        if replaced:
            changes["set"] = replaced
        if not changes:
            return LoadedCard("unchanged", state.id, state.version, None, rule)
        version = state.version + 1
        self.changed_cards.append(storing.CardRow(state.id, after, version, self.at))
        joined = rule is not MatchRule.EXTERNAL_ID and bool(fresh)
        return LoadedCard("merged" if joined else "updated", state.id, version, changes, rule)

    def _make(self, row: StatedCard) -> LoadedCard:
        customer_id = uuid7()
        columns = storing.DEFAULTS | self._stated(row)
        primaries: set[ContactKind] = set()
        for contact, _ in row.contacts:
            is_primary = contact.kind not in primaries
            primaries.add(contact.kind)
            if contact.kind is ContactKind.POSTAL and is_primary and contact.address:
                columns["city"] = contact.address["city"]
            self.contacts.append(
                storing.contact_row(customer_id, contact, self.plan.source, self.at, is_primary=is_primary)
            )
        columns["search_name"] = fold_name(columns["family_name"], columns["given_name"])
        columns["search_given_name"] = fold_name(columns["given_name"])
        self.new_cards.append(storing.CardRow(customer_id, columns, 1, self.at))
        self._identify(customer_id, row.identifiers)
        for table, labels in (("customer_tags", row.tags), ("customer_interests", row.interests)):
            self.labels[table].extend(self._label_rows(table, customer_id, labels))
        if row.note:
            self._note(customer_id, row.note)
        return LoadedCard("created", customer_id, 1)

    def _stated(self, row: StatedCard) -> dict[str, Any]:
        home = {"home_store_id": self.home_stores[row.home_store]} if row.home_store else {}
        return row.columns | home

    @staticmethod
    def _wins(policy: LoadPolicy, before: Any, row: StatedCard, as_of: datetime) -> bool:
        if before is None or policy is LoadPolicy.OVERWRITE:
            return True
        return policy is LoadPolicy.NEWEST and row.changed_at is not None and row.changed_at > as_of

    def _identify(self, customer_id: UUID, keys: Sequence[IdentifierKey]) -> list[str]:
        rows = [(uuid7(), customer_id, *key, None, self.at) for key in keys]
        self.identifiers += rows
        return [str(row[0]) for row in rows]

    def _state_contacts(self, row: StatedCard, state: CardState, after: dict[str, Any], changes: Changes) -> None:
        added: list[str] = []
        ended: list[str] = []
        demoted: list[str] = []
        kinds_added: set[ContactKind] = set()
        kinds_held: set[ContactKind] = set()
        keys_stated = {contact.match_key for contact, _ in row.contacts}
        for contact, policy in row.contacts:
            standing = [point for kind, point in state.contacts if kind == contact.kind]
            if any(point.match_key == contact.match_key for point in standing):
                kinds_held.add(contact.kind)
                continue
            primary = next((point for point in standing if point.is_primary), None)
            replaces = bool(standing) and self._wins(
                policy, "taken", row, primary.valid_from if primary and primary.valid_from else state.updated_at
            )
            # Two addresses of one kind in a row do not replace each other.
            beside = (
                policy is LoadPolicy.APPEND or contact.kind in kinds_added or (replaces and contact.kind in kinds_held)
            )
            if standing and not replaces and not beside:
                continue
            is_primary = (replaces or not standing) and contact.kind not in kinds_added | kinds_held
            if replaces and not beside:
                gone = [
                    point
                    for point in standing
                    if (point.is_primary or point.source == self.plan.source) and point.match_key not in keys_stated
                ]
                self.ended += [point.id for point in gone]
                ended += [str(point.id) for point in gone]
                left = [point for point in standing if point.is_primary and point not in gone]
                self.demoted += [point.id for point in left]
                demoted += [str(point.id) for point in left]
            made = storing.contact_row(state.id, contact, self.plan.source, self.at, is_primary=is_primary)
            self.contacts.append(made)
            added.append(str(made[0]))
            kinds_added.add(contact.kind)
            if contact.kind is ContactKind.POSTAL and is_primary and contact.address:
                after["city"] = contact.address["city"]
        if added:
            changes["contacts"] = {"added": added, "ended": ended, "demoted": demoted}

    def _state_labels(self, row: StatedCard, state: CardState, changes: Changes) -> None:
        for table, labels, held in (
            ("customer_tags", row.tags, state.tags),
            ("customer_interests", row.interests, state.interests),
        ):
            policy = self.plan.policies.get(table.removeprefix("customer_"), LoadPolicy.APPEND)
            wanted = labels if policy is LoadPolicy.OVERWRITE else labels | held
            if labels and wanted != held:
                self.labels[table].extend(self._label_rows(table, state.id, wanted - held))
                changes[table] = [sorted(held), sorted(wanted)]
                if held - wanted:
                    self.unlabelled.append((table, state.id, held - wanted, changes))

    def _label_rows(self, table: str, customer_id: UUID, labels: Collection[str]) -> list[tuple[Any, ...]]:
        extra = (self.plan.source, self.at) if table == "customer_interests" else ()
        return [(customer_id, label, *extra) for label in sorted(labels)]

    def _note(self, customer_id: UUID, body: str) -> str:
        row = (uuid7(), customer_id, body, self.plan.author, self.at)
        self.notes.append(row)
        return str(row[0])


def external_key(source: str, external_id: str) -> IdentifierKey:
    return (IdentifierKind.EXTERNAL.value, source, external_id)


def card_key(number: str) -> IdentifierKey:
    return (IdentifierKind.CARD.value, CARD_SOURCE, number)


def fiscal_key(code: str) -> IdentifierKey:
    return (IdentifierKind.FISCAL.value, FISCAL_SOURCE, code)
