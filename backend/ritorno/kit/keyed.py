"""Rows known by a key of their own, written by the thousand with a record of what they replaced, and taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias
from uuid import UUID

import asyncpg

from ritorno.kit.ids import uuid7

if TYPE_CHECKING:
    Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@dataclass(frozen=True, slots=True)
class KeyedTable:
    """A table with an `id`, the columns of its key, and the columns a file may state, each with its type."""

    name: str
    key: Mapping[str, str]
    columns: Mapping[str, str]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    """What a new row has where the file says nothing."""


@dataclass(slots=True)
class KeyedRow:
    """What a row of a file states; a column it does not state is absent."""

    key: tuple[Any, ...]
    values: dict[str, Any]


class Written(NamedTuple):
    outcome: Literal["created", "updated", "unchanged"]
    id: UUID
    replaced: dict[str, list[Any]] | None
    """Column → [before, after]; of a new row, [None, after]."""


async def write(
    connection: "Connection", table: KeyedTable, rows: Sequence[KeyedRow], *, overwrites: frozenset[str]
) -> list[Written]:
    """Write rows in order; columns named in `overwrites` replace what is there, the others fill what is blank.

    A key named twice is written twice, as if sent alone.
    """
    held = await _held(connection, table, [row.key for row in rows])
    made: dict[UUID, dict[str, Any]] = {}
    changed: dict[UUID, dict[str, Any]] = {}
    written = []
    for row in rows:
        before = held.get(row.key)
        if before is None:
            after = {"id": uuid7(), **dict(table.defaults), **row.values}
            held[row.key] = made[after["id"]] = after
            replaced = {name: [None, value] for name, value in after.items() if name != "id"}
            written.append(Written("created", after["id"], replaced))
            continue
        news = {
            name: value
            for name, value in row.values.items()
            if value is not None and value != before.get(name) and (before.get(name) is None or name in overwrites)
        }
        if not news:
            written.append(Written("unchanged", before["id"], None))
            continue
        written.append(
            Written("updated", before["id"], {name: [before.get(name), value] for name, value in news.items()})
        )
        before.update(news)
        if before["id"] not in made:
            changed[before["id"]] = before
    keys = {held_row["id"]: key for key, held_row in held.items()}
    await _insert(connection, table, [(keys[row_id], row) for row_id, row in made.items()])
    await _update(connection, table, list(changed.values()))
    return written


async def take_back(
    connection: "Connection", table: KeyedTable, row_id: UUID, replaced: Mapping[str, Sequence[Any]], *, was_made: bool
) -> list[str]:
    """Give a row its former values, or remove it if it was made; return the columns that were changed again since."""
    names = list(replaced)
    row = await connection.fetchrow(f"select * from {table.name} where id = $1 for update", row_id)
    if row is None:
        return []
    kept = [name for name in names if plain(row[name]) != plain(replaced[name][1])]
    if was_made:
        if kept:
            return kept
        try:
            async with connection.transaction():
                await connection.execute(f"delete from {table.name} where id = $1", row_id)
        except asyncpg.ForeignKeyViolationError:
            return ["in-use"]
        return []
    back = {name: replaced[name][0] for name in names if name not in kept}
    if back:
        stated = ", ".join(f"{name} = ${place}::text::{table.columns[name]}" for place, name in enumerate(back, 2))
        texts = [None if value is None else str(plain(value)) for value in back.values()]
        await connection.execute(f"update {table.name} set {stated} where id = $1", row_id, *texts)
    return kept


def plain(value: Any) -> Any:
    """Return a value as JSON keeps it."""
    return value if value is None or isinstance(value, bool | int | str) else str(value)


async def _held(
    connection: "Connection", table: KeyedTable, keys: Sequence[tuple[Any, ...]]
) -> dict[tuple[Any, ...], dict[str, Any]]:
    typed = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(table.key.values(), 1))
    named = ", ".join(table.key)
    rows = await connection.fetch(
        f"""select t.* from {table.name} t
            join (select distinct * from unnest({typed}) as k ({named})) k using ({named})""",
        *([key[place] for key in keys] for place in range(len(table.key))),
    )
    return {tuple(row[name] for name in table.key): dict(row) for row in rows}


async def _insert(
    connection: "Connection", table: KeyedTable, rows: Sequence[tuple[tuple[Any, ...], dict[str, Any]]]
) -> None:
    if rows:
        await connection.copy_records_to_table(
            table.name,
            columns=["id", *table.key, *table.columns],
            records=[(row["id"], *key, *(row.get(name) for name in table.columns)) for key, row in rows],
        )


async def _update(connection: "Connection", table: KeyedTable, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        names = list(table.columns)
        typed = ", ".join(f"${place}::{kind}[]" for place, kind in enumerate(["uuid", *table.columns.values()], 1))
        await connection.execute(
            f"""update {table.name} t set {", ".join(f"{name} = n.{name}" for name in names)}
                from unnest({typed}) as n (id, {", ".join(names)}) where t.id = n.id""",
            [row["id"] for row in rows],
            *([row.get(name) for row in rows] for name in names),
        )
