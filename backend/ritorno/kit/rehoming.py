"""Rows that belong to somebody, given to somebody else and back again: one statement a table, whatever their number.

A row that collides with a unique key of its new owner's stays where it is. Nothing here knows what an owner is.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

import orjson
from sqlalchemy import PrimaryKeyConstraint, Table, UniqueConstraint
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.db import Base, driver

OWNER = "customer_id"

Keys: TypeAlias = Sequence[dict[str, Any]]
"""Rows of one table, by what their primary keys hold beside the owner."""

Moved: TypeAlias = dict[str, Keys]
"""Table → the rows that changed hands."""


async def rehome(
    session: AsyncSession, tables: Sequence[type[Base]], owner: UUID, *, into: UUID, column: str = OWNER, only: str = ""
) -> Moved:
    """Give the rows of one owner to another and return which went; `only` is a further condition on a row `t`."""
    connection = await driver(session)
    moved: Moved = {}
    for model in tables:
        table = _table(model)
        told = await connection.fetchval(_give(table, column, only), owner, into)
        moved[table.name] = orjson.loads(told)
    return moved


async def rehome_back(
    session: AsyncSession,
    tables: Sequence[type[Base]],
    owner: UUID,
    *,
    out_of: UUID,
    moved: Mapping[str, Keys],
    column: str = OWNER,
) -> Moved:
    """Give back what had gone over, as far as it is still there and still the other's; return which rows those were."""
    connection = await driver(session)
    returned: Moved = {}
    for model in tables:
        table = _table(model)
        keys = moved.get(table.name)
        if keys:
            told = await connection.fetchval(_return(table, column), out_of, owner, orjson.dumps(keys).decode())
            returned[table.name] = orjson.loads(told)
    return returned


def _give(table: Table, column: str, only: str) -> str:
    return f"""
        with went as (
            update {table.name} t set {column} = $2
            where t.{column} = $1 {f"and {only}" if only else ""} {_without_collision(table, column)}
            returning {_key(table, column)}
        )
        select coalesce(jsonb_agg(to_jsonb(went) - 'whole'), '[]')::text from went
    """


def _return(table: Table, column: str) -> str:
    kept = _kept(table, column)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    shape = ", ".join(f"{name} {table.c[name].type.compile(dialect)}" for name in kept)
    named = f"from jsonb_to_recordset($3::jsonb) as k ({shape})" if kept else "from (select $3::jsonb) as k"
    same = " ".join(f"and t.{name} = k.{name}" for name in kept)
    return f"""
        with went as (
            update {table.name} t set {column} = $2 {named}
            where t.{column} = $1 {same} {_without_collision(table, column)}
            returning {_key(table, column)}
        )
        select coalesce(jsonb_agg(to_jsonb(went) - 'whole'), '[]')::text from went
    """


def _key(table: Table, column: str) -> str:
    """Return the columns that name a row; a table with one row for each owner needs none."""
    return ", ".join(["true as whole", *(f"t.{name}" for name in _kept(table, column))])


def _kept(table: Table, column: str) -> list[str]:
    return [each.name for each in table.primary_key.columns if each.name != column]


def _without_collision(table: Table, column: str) -> str:
    """Return the condition that the new owner has no row like this one under any unique key."""
    found = []
    for names in _unique_with(table, column):
        same = " ".join(f"and o.{name} = t.{name}" for name in names)
        found.append(f"and not exists (select from {table.name} o where o.{column} = $2 {same})")
    return " ".join(found)


def _unique_with(table: Table, column: str) -> list[list[str]]:
    constraints = [each for each in table.constraints if isinstance(each, UniqueConstraint | PrimaryKeyConstraint)]
    indexes = [each for each in table.indexes if each.unique and column in each.columns]
    if any(each.dialect_options["postgresql"]["where"] is not None for each in indexes):
        raise ValueError(f"{table.name} has a partial unique index: its domain moves it by itself")
    columns = [[each.name for each in one.columns] for one in (*constraints, *indexes)]
    return [[name for name in names if name != column] for names in columns if column in names]


def _table(model: type[Base]) -> Table:
    table = model.__table__
    assert isinstance(table, Table)
    return table
