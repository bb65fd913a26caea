"""What the lake says of each person, counted as `transactions.service.profiling` counts: the base of their profile.

It is always counted from the lines themselves, over everything traced to the person, never added up load by load: so
it is exact after a second archive, a merge, or the end of a line's retention. Whoever counts a few people holds their
profiles first; whoever counts many reads without holding, and leaves those who moved meanwhile to be counted again.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.imports.lake import queries
from ritorno.imports.lake.engine import Engine, Lake, parquet, text
from ritorno.kit import outbox
from ritorno.kit.background import Work
from ritorno.kit.db import driver
from ritorno.stores.queries import get_business
from ritorno.transactions.service import profiling

LINKS_MOVED = "lake.links_moved"
"""Told when lines begin to be, or cease to be, somebody's: their past must be counted again."""

BUCKET = 5_000
"""How many customers one unit of work brings up to date: it holds their profiles for about a second."""

LINES_AT_ONCE = 40_000_000
"""What one pass groups; more lines take more passes, each over other people."""

EVENT = 1_000


def pseudonyms_in(files: Iterable[Path]) -> str:
    return f"select distinct pseudonym from {parquet(files)} where pseudonym is not null"


async def recount(work: Work, lake: Lake, engine: Engine, *, without: UUID | None = None) -> int:
    """Count the past of everybody in the table `touched`, over all loads or all but one, and write it into PostgreSQL
    in units; return how many people.
    """
    async with work.session() as session:
        await _link_touched(session, engine)
        counted = await _counted(session)
    await _count(engine, lake.files("lines", without=without), counted)
    people = (await engine.run("select count(distinct number) from links"))[0][0]
    for first in range(0, people, BUCKET):
        async with work.session() as session:
            await _write(session, engine, first, first + BUCKET)
    return int(people)


async def recount_people(session: AsyncSession, lake: Lake, customer_ids: Sequence[UUID]) -> None:
    """Count the past of a few people again, in the caller's unit of work."""
    connection = await driver(session)
    with TemporaryDirectory(prefix="ritorno-lake-") as place:
        async with lake.engine(Path(place)) as engine:
            await profiling.hold(connection, sorted(customer_ids))
            await _link(
                session,
                engine,
                "select p.pseudonym, c.id from customers c left join lake_pseudonyms p on p.customer_id = c.id "
                "where c.id = any($1::uuid[])",
                customer_ids,
            )
            await _count(engine, lake.files("lines"), await _counted(session))
            await _write(session, engine, 0, len(customer_ids))


async def _link_touched(session: AsyncSession, engine: Engine) -> None:
    """Fill `links` with every pseudonym of whoever owns a touched one."""
    file = engine.folder / "touched.csv"
    await engine.run(f"copy touched to {text(str(file))} (header false)")
    connection = await driver(session)
    await connection.execute("create temporary table touched_pseudonyms (pseudonym bigint)")
    await connection.copy_to_table("touched_pseudonyms", source=file, format="csv")
    await _link(
        session,
        engine,
        """select pseudonym, customer_id from lake_pseudonyms where customer_id in (
               select p.customer_id from lake_pseudonyms p join touched_pseudonyms t using (pseudonym))""",
    )
    await connection.execute("drop table touched_pseudonyms")


async def _link(session: AsyncSession, engine: Engine, query: str, *arguments: object) -> None:
    file = engine.folder / "links.csv"
    await (await driver(session)).copy_from_query(query, *arguments, output=file, format="csv")
    await engine.run(
        f"""create table links as
            select pseudonym, customer_id, dense_rank() over (order by customer_id) - 1 as number
            from read_csv({text(str(file))}, header = false, auto_detect = false,
                          columns = {{'pseudonym': 'BIGINT', 'customer_id': 'UUID'}})"""
    )


# ── counting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


_NOTHING = """(
    select null::bigint as pseudonym, null::date as day, null::timestamp as occurred_at, null as source, null as store,
           null as receipt, null::uuid as category_id, null::bigint as total_minor
    where false)
"""


class _Counted(NamedTuple):
    """Which lines count, and in which zone their clock ran."""

    since: date
    zone: str


async def _counted(session: AsyncSession) -> _Counted:
    return _Counted(await queries.profiled_start(session), (await get_business(session)).timezone)


async def _count(engine: Engine, files: Sequence[Path], counted: _Counted) -> None:
    """Fill `past` and `past_category` for everybody in `links`, from lines inside the retention window."""
    lines = parquet(files) if files else _NOTHING
    passes = 1 + (await engine.run(f"select count(pseudonym) from {lines}"))[0][0] // LINES_AT_ONCE
    people = (await engine.run("select count(distinct number) from links"))[0][0]
    some = 1 + people // passes
    for first in range(0, people or 1, some):
        whose = f"number >= {first} and number < {first + some} and day >= '{counted.since}'"
        await _count_some(engine, lines, whose, counted.zone)


async def _count_some(engine: Engine, lines: str, whose: str, zone: str) -> None:
    # Within one person's day, 64 bits tell its receipts apart.
    await engine.run(
        f"""create or replace table share as
            select number, day, hash(source, store, receipt) as receipt, category_id,
                   sum(total_minor)::bigint as total, bool_and(total_minor <= 0) as gives_back,
                   min(coalesce(occurred_at, day + interval 12 hour)) as moment
            from {lines} join links using (pseudonym)
            where {whose}
            group by all"""
    )
    await engine.run(
        """create or replace table receipt as
           select number, day, receipt, sum(total)::bigint as total, min(moment) as moment,
                  bool_and(gives_back) and sum(total) < 0 as is_return
           from share group by all"""
    )
    await engine.run(
        """create or replace table days as
           select number, day, sum(total) as total, bool_or(not is_return and total > 0) as visited,
                  count(*) filter (not is_return) as purchases, count(*) filter (is_return) as returns,
                  min(moment) filter (not is_return) as first_at, max(moment) filter (not is_return) as last_at
           from receipt group by all"""
    )
    await engine.run(
        """create or replace table category_days as
           select number, category_id, day, sum(s.total) as total,
                  bool_or(not is_return and r.total > 0 and s.total > 0) as visited,
                  count(*) filter (not is_return) as purchases, count(*) filter (is_return) as returns,
                  min(r.moment) filter (not is_return) as first_at, max(r.moment) filter (not is_return) as last_at
           from share s join receipt r using (number, day, receipt)
           where category_id is not null group by all"""
    )
    await engine.run("drop table share")
    for table, days, keys in (("past", "days", "number"), ("past_category", "category_days", "number, category_id")):
        sums = _sums(days, keys, zone)
        await engine.run(f"create table if not exists {table} as from ({sums}) limit 0")
        # In order of people, so that a unit of them is read without the others.
        await engine.run(f"insert into {table} {sums} order by {keys}")
        await engine.run(f"drop table {days}")
    await engine.run("drop table receipt")


def _sums(days: str, keys: str, zone: str) -> str:
    """Return the query for the columns of `RunningSums` in their order, after the keys."""
    return f"""
        with total as (
            select {keys}, sum(purchases)::integer as purchases, sum(returns)::integer as returns,
                   sum(total)::bigint as revenue_minor, timezone({text(zone)}, min(first_at)) as first_at,
                   timezone({text(zone)}, max(last_at)) as last_at
            from {days} group by {keys}
        ), gap as (
            select {keys}, day, ln(day - lag(day) over (partition by {keys} order by day)) as gap
            from {days} where visited
        ), visit as (
            select {keys}, count(*) as visit_days, min(day) as first_day, max(day) as last_day, sum(gap) as sl,
                   sum(gap * gap) as sl2
            from gap group by {keys}
        )
        select {keys}, purchases, returns, revenue_minor, first_at, last_at, coalesce(visit_days, 0) as visit_days,
               first_day, last_day, coalesce(sl, 0) as sl, coalesce(sl2, 0) as sl2
        from total left join visit using ({keys})
    """


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _write(session: AsyncSession, engine: Engine, first: int, end: int) -> None:
    """Make the counted past of some of the `links` the base of their profiles, and tell that they were touched."""
    connection = await driver(session)
    some = f"number >= {first} and number < {end}"
    counted = {
        UUID(str(customer_id)): set(pseudonyms or [])
        for customer_id, pseudonyms in await engine.run(
            f"""select customer_id, list(pseudonym) filter (pseudonym is not null)
                from links where {some} group by customer_id"""
        )
    }
    # Whoever was deleted meanwhile has no profile to hold; whoever is here stays until we are done.
    here = await connection.fetch(
        "select id from customers where id = any($1::uuid[]) order by id for key share", list(counted)
    )
    present = [row["id"] for row in here]
    await profiling.hold(connection, present)
    linked: dict[UUID, set[int]] = {customer_id: set() for customer_id in present}
    for row in await connection.fetch("select * from lake_pseudonyms where customer_id = any($1::uuid[])", present):
        linked[row["customer_id"]].add(row["pseudonym"])
    moved = [customer_id for customer_id in present if linked[customer_id] != counted[customer_id]]
    settled = [customer_id for customer_id in present if linked[customer_id] == counted[customer_id]]
    left_out = [text(str(customer_id)) for customer_id in counted.keys() - set(settled)]
    files = engine.folder / "past.csv", engine.folder / "past_category.csv"
    for table, keys, file in zip(
        ("past", "past_category"), ("customer_id", "customer_id, category_id"), files, strict=True
    ):
        await engine.run(
            f"""copy (
                    select {keys}, {", ".join(profiling.SUM_COLUMNS)}
                    from {table} join (select distinct number, customer_id from links where {some}) using (number)
                    {f"where customer_id not in ({', '.join(left_out)})" if left_out else ""} order by {keys}
                ) to {text(str(file))} (format csv, header false)"""
        )
    await profiling.replace_past(connection, settled, *files)
    await profiling.recompute(connection, moved)
    await _tell(session, "transactions.recorded", settled)
    await _tell(session, LINKS_MOVED, moved)


async def _tell(session: AsyncSession, event: str, customer_ids: Sequence[UUID]) -> None:
    for start in range(0, len(customer_ids), EVENT):
        ids = [str(customer_id) for customer_id in customer_ids[start : start + EVENT]]
        await outbox.publish(session, event, {"customer_ids": ids})
