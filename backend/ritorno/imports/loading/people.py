"""Taking people of a file back: cards it made vanish, values it changed return, unless somebody changed them since.

Rows come last first. A card the import made may go if its version says that only this import ever touched it and
nothing else hangs on it. What was said stays in the ledger, which forgets nothing: a yes is invalidated, a no stays.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import service as consents
from ritorno.consents.queries import moments_of
from ritorno.consents.rules import Action, Channel, Method, Purpose, Standing
from ritorno.customers import queries as customer_queries
from ritorno.customers.queries import CardState
from ritorno.customers.rules import fold_name
from ritorno.customers.service import storing
from ritorno.imports.loading.rows import Past, Undone
from ritorno.imports.rules import ImportOutcome
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.db import Base, driver
from ritorno.kit.keyed import plain

OWN = frozenset({"contact_points", "identifiers", "customer_tags", "customer_interests", "customer_notes"})
"""Tables of the card itself, which go with it and whose changes its version counts."""

PROJECTIONS = frozenset({
    "profiles", "customer_scores", "category_scores", "card_quality", "duplicate_pairs", "recall_occasions",
})  # fmt: skip
"""Worked out by programs; they go with the card. A message or a merge that came of them keeps it."""


async def undo_people(session: AsyncSession, import_id: UUID, rows: Sequence[Past], *, actor: Actor) -> list[Undone]:
    """Take rows of an import of cards back, in the order given."""
    connection = await driver(session)
    ids = sorted({row.subject_id for row in rows if row.subject_id})
    states = await customer_queries.lock_cards(connection, ids)
    changed = [row for row in rows if row.outcome is not ImportOutcome.CREATED]
    undone = [await _restore(connection, row, states) for row in changed]
    await _invalidate(session, rows, undone, actor)
    made = [row for row in rows if row.outcome is ImportOutcome.CREATED]
    return undone + await remove_cards(session, import_id, made)


# ── changed cards ─────────────────────────────────────────────────────────────────────────────────────────────────────


_BESIDE_THE_CARD = frozenset({"consents", "matched_by"})
"""What a row may have done without counting a version of the card."""


async def _restore(connection: storing.Connection, row: Past, states: dict[UUID, CardState]) -> Undone:
    """Give a card back what one row replaced; every row that changed it counts one version, whatever was left
    to restore.
    """
    state = states.get(row.subject_id) if row.subject_id else None
    if state is None or state.erased:
        return Undone(row.row_no, "restored", [])
    if not row.changes.keys() - _BESIDE_THE_CARD:
        return Undone(row.row_no, "restored", [])
    kept = await _restore_contacts(connection, row.changes.get("contacts"))
    columns = dict(state.columns)
    for name, (before, after) in row.changes.get("set", {}).items():
        if name == "city" and kept:
            # The town of an address that stays.
            continue
        if plain(columns[name]) == after:
            columns[name] = _typed(name, before)
        elif name not in {"search_name", "search_given_name"}:
            kept.append(name)
    columns["search_name"] = fold_name(columns["family_name"], columns["given_name"])
    columns["search_given_name"] = fold_name(columns["given_name"])
    kept += await _restore_labels(connection, row.changes, state.id)
    kept += await _forget_keys(connection, row.changes.get("identifiers"))
    if row.changes.get("notes"):
        await connection.execute("delete from customer_notes where id = any($1::uuid[])", row.changes["notes"])
    version = state.version + 1
    await storing.update_cards(connection, [storing.CardRow(state.id, columns, version, clock.now())])
    # A card named by two rows of one chunk is restored twice: the second look must see the first.
    states[state.id] = (await customer_queries.lock_cards(connection, [state.id]))[state.id]
    return Undone(row.row_no, "kept" if kept else "restored", kept)


def _typed(name: str, value: Any) -> Any:
    if value is None:
        return None
    if storing.COLUMNS[name] == "date":
        return date.fromisoformat(value)
    return UUID(value) if storing.COLUMNS[name] == "uuid" else value


async def _restore_contacts(connection: storing.Connection, change: dict[str, Any] | None) -> list[str]:
    """Remove the addresses a row added and bring back those it ended; a kind of which one was confirmed or replaced
    since stays as it is.
    """
    if not change:
        return []
    points = await connection.fetch(
        """select id, kind, level = 'UNVERIFIED' and valid_to is null as is_untouched from contact_points
           where id = any($1::uuid[])""",
        [*change["added"], *change["ended"], *change["demoted"]],
    )
    added = set(change["added"])
    touched = {point["kind"] for point in points if str(point["id"]) in added and not point["is_untouched"]}
    going = [str(point["id"]) for point in points if point["kind"] not in touched]
    await connection.execute(
        "delete from contact_points where id = any($1::uuid[])", [each for each in going if each in added]
    )
    await connection.execute(
        """update contact_points p set valid_to = null, is_primary = is_primary and not exists (
               select from contact_points q where q.customer_id = p.customer_id and q.kind = p.kind
               and q.is_primary and q.valid_to is null)
           where id = any($1::uuid[]) and not exists (
               select from contact_points q where q.customer_id = p.customer_id and q.kind = p.kind
               and q.match_key = p.match_key and q.valid_to is null)""",
        [each for each in change["ended"] if each in going],
    )
    await connection.execute(
        """update contact_points p set is_primary = true
           where id = any($1::uuid[]) and valid_to is null and not exists (
               select from contact_points q where q.customer_id = p.customer_id and q.kind = p.kind
               and q.is_primary and q.valid_to is null)""",
        [each for each in change["demoted"] if each in going],
    )
    return ["contact_points"] if touched else []


async def _forget_keys(connection: storing.Connection, ids: list[str] | None) -> list[str]:
    """Remove the keys a row added, but for one that another system has used since."""
    if not ids:
        return []
    gone = await connection.fetch(
        "delete from identifiers where id = any($1::uuid[]) and content_hash is null returning id", ids
    )
    return ["identifiers"] if len(gone) < len(ids) else []


async def _restore_labels(connection: storing.Connection, changes: dict[str, Any], card: UUID) -> list[str]:
    kept = []
    for table, column in (("customer_tags", "tag"), ("customer_interests", "label")):
        if table not in changes:
            continue
        before, after = changes[table]
        held = await connection.fetch(f"select {column} from {table} where customer_id = $1", card)
        if {row[0] for row in held} != set(after):
            kept.append(table.removeprefix("customer_"))
            continue
        await connection.execute(
            f"delete from {table} where customer_id = $1 and {column} <> all($2::text[])", card, before
        )
        await connection.execute(
            f"""insert into {table} select * from jsonb_populate_recordset(null::{table}, $1::text::jsonb)
                on conflict do nothing""",
            orjson.dumps(changes.get(f"{table}_gone", [])).decode(),
        )
    return kept


async def _invalidate(session: AsyncSession, rows: Sequence[Past], undone: list[Undone], actor: Actor) -> None:
    """Take back each yes that opened something, and say which noes stay (C-10: an undoing never opens anything).

    What annuls a yes bears its date: a yes that the person gave later stands. Where a no stood before, the no is said
    again. A card merged meanwhile speaks through the living one.
    """
    places = {each.row_no: place for place, each in enumerate(undone)}
    said = [(row, *each) for row in rows if row.subject_id for each in row.changes.get("consents", [])]
    moments = await moments_of(session, [UUID(event_id) for _, event_id, *_ in said])
    living = await customer_queries.living_of(session, {row.subject_id for row, *_ in said if row.subject_id})
    asked: list[tuple[Past, consents.Incoming]] = []
    for row, event_id, action, purpose, channel, before in said:
        if row.subject_id not in living or UUID(event_id) not in moments:
            continue
        if action != Action.GRANT:
            _keep(undone, places, row)
        elif before != Standing.GRANTED:
            annulled = consents.Incoming(
                customer_id=living[row.subject_id],
                purpose=Purpose(purpose),
                channel=Channel(channel) if channel else None,
                action=_AGAIN.get(before, Action.INVALIDATE),
                occurred_at=moments[UUID(event_id)],
                method=Method.IMPORT,
                source=UNDO,
            )
            asked.append((row, annulled))
    outcomes = await consents.record_many(session, [incoming for _, incoming in asked], actor=actor)
    for (row, _), outcome in zip(asked, outcomes, strict=True):
        if outcome.problem is not None:
            _keep(undone, places, row)


def _keep(undone: list[Undone], places: dict[int, int], row: Past) -> None:
    place = places.get(row.row_no)
    if place is not None and "consents" not in undone[place].kept:
        undone[place] = Undone(row.row_no, "kept", [*undone[place].kept, "consents"])


UNDO = "undo"
"""The source of what an undoing says in the ledger."""
_AGAIN = {Standing.REFUSED: Action.DENY, Standing.WITHDRAWN: Action.WITHDRAW}


# ── cards the import made ─────────────────────────────────────────────────────────────────────────────────────────────


async def remove_cards(session: AsyncSession, import_id: UUID, rows: Sequence[Past]) -> list[Undone]:
    """Delete the cards that rows made and nobody else touched or used; keep and name the others."""
    if not rows:
        return []
    connection = await driver(session)
    ids = [row.subject_id for row in rows if row.subject_id]
    reasons: defaultdict[UUID, list[str]] = defaultdict(list)
    for touched in await connection.fetch(_TOUCHED, ids, import_id):
        reasons[touched["id"]].append("card")
    for spoke in await _spoke_since(connection, import_id, rows, ids):
        reasons[spoke].append("consents")
    for table, column in foreign_rows():
        found = await connection.fetch(f"select distinct {column} from {table} where {column} = any($1::uuid[])", ids)
        for row in found:
            reasons[row[0]].append(table)
    going = [each for each in ids if each not in reasons]
    for projection in ("category_profiles", "past_category_profiles", "consent_states", "notice_deliveries"):
        await connection.execute(f"delete from {projection} where customer_id = any($1::uuid[])", going)
    await connection.execute("delete from customers where id = any($1::uuid[])", going)
    # What was to stay of a card does not stay without it.
    await connection.execute(
        """update import_rows set kept = null
           where import_id = $1 and subject_id = any($2::uuid[]) and outcome in ('updated', 'merged')""",
        import_id,
        going,
    )
    if going:
        await outbox.publish(session, "customer.deleted", {"customer_ids": [str(each) for each in going]})
    return [
        Undone(row.row_no, "kept", reasons[row.subject_id]) if row.subject_id and row.subject_id in reasons
        else Undone(row.row_no, "removed", [])
        for row in rows
    ]  # fmt: skip


_TOUCHED = """
    select c.id from customers c
    left join lateral (
        select count(*) as times, bool_or(r.kept is not null) as is_kept from import_rows r
        where r.import_id = $2 and r.subject_id = c.id and r.outcome in ('updated', 'merged')
            and r.changes - 'consents' - 'matched_by' <> '{}'
    ) u on true
    where c.id = any($1::uuid[]) and (
        c.version <> 1 + 2 * u.times or u.is_kept
        or exists (select from customer_notes n where n.customer_id = c.id and n.created_at > c.created_at)
        or exists (select from contact_points p where p.customer_id = c.id and p.level <> 'UNVERIFIED')
    )
"""
"""Each later row of the same import counted one version, and taking it back another."""


async def _spoke_since(
    connection: storing.Connection, import_id: UUID, rows: Sequence[Past], ids: Sequence[UUID]
) -> set[UUID]:
    """Return whose ledger holds more than this import and its undoing wrote: what people said keeps their card."""
    own = {event_id for row in rows for event_id, *_ in row.changes.get("consents", [])}
    later = await connection.fetch(
        """select e ->> 0 as id from import_rows r, jsonb_array_elements(r.changes -> 'consents') e
           where r.import_id = $1 and r.subject_id = any($2::uuid[]) and r.outcome in ('updated', 'merged')""",
        import_id,
        ids,
    )
    own |= {row["id"] for row in later}
    events = await connection.fetch(
        "select customer_id, id from consent_events where customer_id = any($1::uuid[]) and source is distinct from $2",
        ids,
        UNDO,
    )
    return {row["customer_id"] for row in events if str(row["id"]) not in own}


def foreign_rows() -> list[tuple[str, str]]:
    """Return the tables and columns that point to a card without being part of it: a row there keeps it."""
    found = []
    for table in Base.metadata.sorted_tables:
        if table.name in OWN | PROJECTIONS:
            continue
        found += [
            (table.name, column.name)
            for column in table.columns
            for key in column.foreign_keys
            if key.target_fullname == "customers.id"
        ]
    return found
