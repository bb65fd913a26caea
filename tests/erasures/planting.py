"""A person whose mark stands wherever a word fits, and the search for it afterwards: in every column that can hold a
word, in every file of the data folder, and inside archives.
"""

import gzip
import zipfile
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import duckdb
import orjson
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.erasures.register import TABLES
from ritorno.kit.db import Base

MARK = "zzfirmazz"
"""A word nobody uses; folded like it is written."""
PHONE = "+393339998877"

_COLUMNS = text("""
    select table_name, column_name, data_type from information_schema.columns
    where table_schema = 'public' and data_type in ('text', 'jsonb', 'bytea', 'ARRAY', 'character varying')
""")


_JSON = f"""
    case when jsonb_typeof("{{column}}") = 'object' then jsonb_build_object('detail', '{MARK}')
         else jsonb_build_array(jsonb_build_object('detail', '{MARK}')) end
"""


async def plant(session: AsyncSession, customer_ids: list[UUID]) -> set[tuple[str, str]]:
    """Write the mark into every text and JSON of every row of a person that takes it, and return which columns did.

    What a CHECK or a trigger refuses, such as a code or a ledger, cannot hold a word of anybody either.
    """
    planted = set()
    for table, naming in {**TABLES, "customers": ("id",)}.items():
        where = " or ".join(f"{column} = any(:ids)" for column in naming)
        for column in Base.metadata.tables[table].columns:
            kind = str(column.type)
            if column.foreign_keys or column.computed is not None or not kind.startswith(("TEXT", "JSONB")):
                continue
            if column.name == "subject_type":
                continue
            value = _JSON.format(column=column.name) if kind == "JSONB" else f"'{MARK}' || gen_random_uuid()::text"
            statement = text(f'update {table} set "{column.name}" = {value} where {where}')
            try:
                async with session.begin_nested():
                    changed = await session.execute(statement, {"ids": customer_ids})
            except DBAPIError:
                continue
            if changed.rowcount:  # type: ignore[attr-defined]
                planted.add((table, column.name))
    return planted


async def columns_with(session: AsyncSession, *marks: str) -> set[tuple[str, str]]:
    """Return the columns of all tables in which one of the marks stands."""
    found = set()
    for table, column, kind in (await session.execute(_COLUMNS)).all():
        said = f"encode(\"{column}\", 'escape')" if kind == "bytea" else f'"{column}"::text'
        for mark in marks:
            asked = text(f"select exists (select from {table} where lower({said}) like :mark)")
            if await session.scalar(asked, {"mark": f"%{mark}%"}):
                found.add((table, column))
    return found


def files_with(folder: Path, *marks: str) -> set[str]:
    """Return the files of a folder in which one of the marks stands, also packed or in Parquet."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and any(mark.encode() in part.lower() for part in _parts(path) for mark in marks)
    }


def _parts(path: Path) -> Iterator[bytes]:
    yield path.read_bytes()
    if path.suffix == ".gz":
        yield gzip.decompress(path.read_bytes())
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in archive.namelist():
                yield archive.read(name)
    if path.suffix == ".parquet":
        rows = duckdb.sql(f"select * from read_parquet('{path}')").fetchall()
        yield orjson.dumps(rows, default=str)
