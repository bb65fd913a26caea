"""A profile that begins in the lake equals the profile of somebody whose purchases were all recorded one by one."""

import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import count, pairwise
from math import log
from pathlib import Path
from random import Random
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from ritorno.embedded import Services
from ritorno.imports.lake import archive, jobs, person, profiles
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.transactions import service as transactions
from tests.benchmarks import lake as benchmark
from tests.conftest import Sessions
from tests.factories.customers import make_customer
from tests.factories.transactions import TILL, a_body, a_line

ROME = ZoneInfo("Europe/Rome")
FIRST = date(2026, 1, 5)
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HEADER = "receipt,occurred_on,time,card,sku,category,quantity,total"

_numbers = count(1)


class Receipt(NamedTuple):
    card: int
    day: int
    lines: list[tuple[str, int]]


Sums = dict[tuple[UUID, str], tuple[Any, ...]]
"""What is known of each person in each category, "" meaning all of them."""

RECEIPTS = st.lists(
    st.builds(
        Receipt,
        card=st.integers(0, 2),
        day=st.integers(0, 40),
        lines=st.lists(
            st.tuples(st.sampled_from(["bread", "milk", "soap"]), st.integers(-3, 9)), min_size=1, max_size=3
        ),
    ),
    max_size=30,
)


@pytest.fixture
def lake_work(work: Work, monkeypatch: pytest.MonkeyPatch) -> Iterable[Work]:
    """Work on a day that does not move, in passes and units so small that a few receipts take several."""
    monkeypatch.setattr(profiles, "LINES_AT_ONCE", 8)
    monkeypatch.setattr(profiles, "BUCKET", 2)
    with clock.frozen(NOW):
        yield work


def in_lake(work: Work, folder: Path) -> Work:
    return Work(work.settings.model_copy(update={"lake_url": str(folder / "lake")}), work.sessions, work.actor)


def at(number: int, receipt: Receipt) -> datetime:
    """Return when a receipt was printed, on the clock of the shop."""
    minutes = timedelta(days=receipt.day, hours=9, minutes=number)
    return datetime.combine(FIRST, datetime.min.time(), ROME) + minutes


def told_by(receipts: Iterable[tuple[int, Receipt]], owners: dict[int, UUID]) -> Sums:
    """Return the sums of MODELS §1.2, worked out receipt by receipt."""
    parts: defaultdict[tuple[UUID, str], list[tuple[datetime, bool, int, bool]]] = defaultdict(list)
    for number, receipt in receipts:
        amounts = [amount for _, amount in receipt.lines]
        is_sale = not (all(amount <= 0 for amount in amounts) and sum(amounts) < 0)
        is_visit = is_sale and sum(amounts) > 0
        owner, moment = owners[receipt.card], at(number, receipt)
        parts[owner, ""].append((moment, is_sale, sum(amounts), is_visit))
        for sku in {sku for sku, _ in receipt.lines}:
            share = sum(amount for each, amount in receipt.lines if each == sku)
            parts[owner, f"{sku}s"].append((moment, is_sale, share, is_visit and share > 0))
    return {key: _sums(each) for key, each in parts.items()}


def _sums(parts: list[tuple[datetime, bool, int, bool]]) -> tuple[Any, ...]:
    sales = [moment for moment, is_sale, _, _ in parts if is_sale]
    days = sorted({moment.date() for moment, _, _, is_visit in parts if is_visit})
    gaps = [log((after - before).days) for before, after in pairwise(days)]
    return (
        len(sales),
        len(parts) - len(sales),
        sum(total for _, _, total, _ in parts) * 100,
        min(sales, default=None),
        max(sales, default=None),
        len(days),
        min(days, default=None),
        max(days, default=None),
        pytest.approx(sum(gaps), rel=1e-9, abs=1e-9),
        pytest.approx(sum(gap * gap for gap in gaps), rel=1e-9, abs=1e-9),
    )


async def kept(work: Work) -> Sums:
    sums = "purchases, returns, revenue_minor, first_at, last_at, visit_days, first_day, last_day, sl, sl2"
    query = f"""
        select customer_id, '' as code, {sums} from profiles
        union all select customer_id, c.code, {sums} from category_profiles join categories c on c.id = category_id
    """
    async with work.session() as session:
        return {(row[0], row[1]): tuple(row[2:]) for row in await session.execute(text(query))}


def as_archive(file: Path, receipts: Iterable[tuple[int, Receipt]]) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    rows = [
        f"{number},{at(number, receipt):%Y-%m-%d,%H:%M:%S},{receipt.card},{sku},{sku}s,{amount},{amount}.00"
        for number, receipt in receipts
        for sku, amount in receipt.lines
    ]
    file.write_text("\n".join([HEADER, *rows]) + "\n")
    return file


def as_body(number: int, receipt: Receipt) -> dict[str, Any]:
    lines = [a_line(sku, f"{amount}.00", quantity=str(amount)) for sku, amount in receipt.lines]
    more = {"source": "till", "external_id": str(number)}
    return a_body(*lines, at=at(number, receipt), customer={"card": str(receipt.card)}, **more)


@pytest.mark.timeout(400)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(receipts=RECEIPTS, boundary=st.integers(0, 41), chance=st.randoms(use_true_random=False))
async def test_past_and_transactions_add_up_to_what_all_of_them_say(
    lake_work: Work, connection: AsyncConnection, tmp_path: Path, receipts: list[Receipt], boundary: int, chance: Random
) -> None:
    """Two archives that overlap in time, transactions in any order before and after, a rebuild, a merge and back."""
    work = in_lake(lake_work, tmp_path / str(next(_numbers)))
    outer = await connection.begin_nested()
    async with work.session() as session:
        owners = {card: (await make_customer(session, card=str(card))).id for card in range(3)}
    numbered = list(enumerate(receipts))
    past = [each for each in numbered if each[1].day < boundary]
    recorded = [as_body(*each) for each in numbered if each[1].day >= boundary]
    chance.shuffle(recorded)

    await put(work, recorded[::2])
    for half in (0, 1):
        file = as_archive(Path(work.settings.lake_url).parent / f"{half}.csv", past[half::2])
        await archive.load_archive(work, file, None, source="old", say=lambda _: None)
    await put(work, recorded[1::2])

    assert await kept(work) == told_by(numbered, owners)
    async with work.session() as unit:
        await transactions.rebuild_profiles(unit)
    assert await kept(work) == told_by(numbered, owners)

    async with work.session() as unit:
        moved = await transactions.rehome(unit, owners[1], into=owners[0])
        moved |= await person.rehome(unit, owners[1], into=owners[0])
    await jobs.recount(work, {"customer_ids": [str(owners[0]), str(owners[1])]})
    assert await kept(work) == told_by(numbered, owners | {1: owners[0]})

    async with work.session() as unit:
        await person.rehome_back(unit, owners[1], out_of=owners[0], moved=moved)
        await transactions.rehome_back(unit, owners[1], out_of=owners[0], moved=moved)
    await jobs.recount(work, {"customer_ids": [str(owners[0]), str(owners[1])]})
    assert await kept(work) == told_by(numbered, owners)
    await outer.rollback()


async def put(work: Work, bodies: list[dict[str, Any]]) -> None:
    if bodies:
        async with work.session() as session:
            results = await transactions.put_many(session, bodies, actor=TILL)
            assert all(each.status == "created" for each in results.items), results


async def test_a_purchase_of_the_archives_time_counts_but_makes_no_visit(
    lake_work: Work, session: AsyncSession, tmp_path: Path
) -> None:
    """The days of an archive are in the lake: whether it was one of them cannot be known here."""
    work = in_lake(lake_work, tmp_path)
    owner = (await make_customer(session, card="0")).id
    await session.commit()
    milk = [("milk", 2)]
    past = [(0, Receipt(0, 0, milk)), (1, Receipt(0, 10, milk))]
    await archive.load_archive(work, as_archive(tmp_path / "a.csv", past), None, source="old", say=lambda _: None)

    await put(
        work, [as_body(2, Receipt(0, 5, milk)), as_body(3, Receipt(0, 10, milk)), as_body(4, Receipt(0, 12, milk))]
    )

    found = (await kept(work))[owner, ""]
    assert found[:3] == (5, 0, 1000)
    assert (found[5], found[8]) == (3, pytest.approx(log(10) + log(2)))


# ── size, and death ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_two_hundred_thousand_rows_are_counted_as_duckdb_counts_them(
    clean_database: Services, clean_sessions: Sessions, tmp_path: Path
) -> None:
    """One per cent of the benchmark, in the little memory it has."""
    rows = benchmark.ROWS // 100
    file = tmp_path / "archive.csv"
    benchmark.generate(file, rows)
    await benchmark.make_people(clean_database, rows // benchmark.LINES_EACH)

    loaded = run_load(clean_database, file)

    assert loaded["written"] == rows
    # The shop's day, which may be another than the database's.
    today = clock.today("Europe/Rome")
    told = duckdb.execute(
        f"""select count(distinct receipt), count(distinct (card, occurred_on)), sum(total * 100)::bigint
            from read_csv('{file}') where occurred_on >= date '{today}' - interval 24 month"""
    ).fetchone()
    async with clean_sessions() as session:
        found = await session.execute(text("select sum(purchases), sum(visit_days), sum(revenue_minor) from profiles"))
        assert tuple(found.one()) == told


@pytest.mark.parametrize("moment", [" lines.", "rows read", "Counting"])
async def test_a_load_that_is_killed_ends_as_if_it_had_not_been(
    clean_database: Services, clean_sessions: Sessions, tmp_path: Path, moment: str
) -> None:
    file = tmp_path / "archive.csv"
    benchmark.generate(file, 6_000, days=100)
    await benchmark.make_people(clean_database, 60)
    command = [sys.executable, "-m", "tests.benchmarks.lake", "load", clean_database.app_url, str(file)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)  # noqa: ASYNC220
    assert process.stderr is not None
    with process.stderr as told:
        next(line for line in told if moment in line)
        process.kill()
    process.wait()

    loaded = run_load(clean_database, file)

    assert loaded["written"] == 6_000
    lines = f"read_parquet('{tmp_path}/lake/lines/*/*.parquet')"
    found = duckdb.execute(f"select count(*), sum(total_minor)::bigint, count(pseudonym) from {lines}").fetchone()
    assert found == duckdb.execute(f"select count(*), sum(total * 100)::bigint, count(*) from '{file}'").fetchone()
    assert [path.name for path in (tmp_path / "lake/.work").iterdir()] == ["lock"]
    async with clean_sessions() as session:
        visits = await session.scalar(text("select sum(visit_days) from profiles"))
        states = list(await session.scalars(text("select state from lake_loads")))
    assert states == ["DONE"]
    assert (
        visits
        == duckdb.execute(
            f"select count(distinct (pseudonym, day)) from {lines} where pseudonym is not null"
        ).fetchall()[0][0]
    )


def run_load(database: Services, file: Path) -> dict[str, float]:
    return benchmark.in_its_own_process("load", database.app_url, str(file))
