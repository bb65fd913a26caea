"""Archives of the past, straight into the lake: what is kept, what is traced to a person, and what is refused."""

from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import service as consents
from ritorno.consents.rules import AssessmentKind
from ritorno.imports.lake import archive, person, retention, writing
from ritorno.imports.lake.engine import Lake
from ritorno.imports.lake.errors import LayoutInvalid
from ritorno.imports.lake.models import LakeLoad, LakePseudonym
from ritorno.imports.lake.writing import LoadedArchive
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.outbox import OutboxEvent
from ritorno.transactions.models import CategoryProfile, PastProfile, Profile
from tests.factories.customers import make_customer
from tests.factories.transactions import make_transaction

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HEADER = "receipt,occurred_on,time,store,card,sku,product,category,quantity,total"
LAYOUT = """
format = "csv"
delimiter = ";"
date_format = "%d/%m/%Y"
time_format = "%H:%M"
decimal = ","
thousands = "."
[fields]
receipt = "SCONTRINO"
occurred_on = "DATA"
time = "ORA"
card = "TESSERA"
sku = "ARTICOLO"
product = "DESCRIZIONE"
category = "REPARTO"
quantity = "QTA"
total = "IMPORTO"
"""


@pytest.fixture
def lake_work(work: Work, tmp_path: Path) -> Iterable[Work]:
    """Work on a lake of one's own, on a day that does not move."""
    settings = work.settings.model_copy(update={"lake_url": str(tmp_path / "lake"), "lake_memory": "256MB"})
    with clock.frozen(NOW):
        yield Work(settings, work.sessions, work.actor)


def row(receipt: str, day: str, card: str = "", total: str = "3.00", sku: str = "bread", **more: str) -> str:
    values = {"receipt": receipt, "occurred_on": day, "time": "10:30:00", "store": "01", "card": card, "sku": sku}
    values |= {"product": sku.title(), "category": f"{sku}s", "quantity": "1", "total": total} | more
    return ",".join(values[name] for name in HEADER.split(","))


def write(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


async def load(work: Work, path: Path, layout: str | None = None, said: list[str] | None = None) -> LoadedArchive:
    file = None
    if layout is not None:
        file = path.with_suffix(".toml")
        file.write_text(layout)
    say: Callable[[str], None] = said.append if said is not None else (lambda _: None)
    return await archive.load_archive(work, path, file, source="old till", say=say)


def lines(work: Work, columns: str = "*", dataset: str = "lines") -> list[tuple[Any, ...]]:
    """Return what the Parquet of the lake says, read as anybody could."""
    files = str(Path(work.settings.lake_url) / dataset / "month=*" / "*.parquet")
    query = f"select {columns} from read_parquet('{files}', hive_partitioning = false) order by day, receipt, all"
    return duckdb.execute(query.replace(", all", "")).fetchall()


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_archive_lies_in_the_lake_by_month_and_names_nobody(
    lake_work: Work, session: AsyncSession, tmp_path: Path
) -> None:
    await make_customer(session, given_name="Zebedea", card="777000111")
    await session.commit()
    file = write(
        tmp_path / "a.csv", row("1", "2026-01-05", "777 000 111"), row("2", "2026-02-05"), row("3", "2026-02-06", "9")
    )

    loaded = await load(lake_work, file)

    assert (loaded.read, loaded.written, loaded.attached, loaded.unknown) == (3, 3, 1, 1)
    assert loaded.months == ["2026-01", "2026-02"]
    found = sorted(path.relative_to(lake_work.settings.lake_url) for path in Lake(lake_work.settings).files("lines"))
    assert [str(path.parent) for path in found] == ["lines/month=2026-01", "lines/month=2026-02"]
    told = lines(lake_work, "day, occurred_at::varchar, source, store, receipt, sku, quantity_milli, total_minor")
    assert told[0] == (date(2026, 1, 5), "2026-01-05 10:30:00", "old till", "01", "1", "bread", 1000, 300)
    assert "777" not in repr(lines(lake_work))
    assert "Zebedea" not in repr(lines(lake_work))
    for path in Lake(lake_work.settings).root.rglob("*"):
        assert not path.is_file() or b"777000111" not in path.read_bytes(), path


async def test_a_layout_says_how_an_italian_till_wrote(lake_work: Work, session: AsyncSession, tmp_path: Path) -> None:
    await make_customer(session, card="2000")
    await session.commit()
    file = tmp_path / "a.txt"
    file.write_bytes(
        "TESSERA;SCONTRINO;DATA;ORA;ARTICOLO;DESCRIZIONE;REPARTO;QTA;IMPORTO\n"
        '2000;17;05/02/2026;18:05;X1;"Caffè €; scelto";Drogheria;1,250;1.012,50\n'
        "2000;18;31/02/2026;18:05;X1;Caffè;Drogheria;1;1,00\n"
        "2000;19;06/02/2026;18:05;X1;Caffè;Drogheria;1;molto\n"
        "2000;20\n".encode("cp1252")
    )

    loaded = await load(lake_work, file, 'encoding = "cp1252"\n' + LAYOUT)

    assert lines(lake_work, "day, product, quantity_milli, total_minor, pseudonym is not null") == [
        (date(2026, 2, 5), "Caffè €; scelto", 1250, 101250, True)
    ]
    assert (loaded.read, loaded.rejected) == (4, {"bad-occurred_on": 1, "bad-total": 1, "missing-columns": 1})


async def test_fixed_width_is_cut_by_position(lake_work: Work, session: AsyncSession, tmp_path: Path) -> None:
    await make_customer(session, external=("old till", "C7"))
    await session.commit()
    file = tmp_path / "a.txt"
    file.write_text('0001C7  20260205X1Pane "a, b"   00001250\n0002C7  20260206X1Pane          00000300-\n')
    layout = """
        format = "fixed"
        date_format = "%Y%m%d"
        decimals = 2
        trailing_minus = true
        [fields]
        receipt = [1, 4]
        external_id = [5, 4]
        occurred_on = [9, 8]
        sku = [17, 2]
        product = [19, 14]
        total = [33, 9]
    """

    await load(lake_work, file, layout)

    assert lines(lake_work, "receipt, product, total_minor, occurred_at, pseudonym is not null") == [
        ("0001", 'Pane "a, b"', 1250, None, True),
        ("0002", "Pane", -300, None, True),
    ]


async def test_parquet_is_read_by_its_types(lake_work: Work, session: AsyncSession, tmp_path: Path) -> None:
    await make_customer(session, card="2000")
    await session.commit()
    file = tmp_path / "a.parquet"
    duckdb.execute(f"""copy (
        select 1 as receipt, timestamptz '2026-02-05 23:30:00+00' as occurred_on, 2000 as card, 'X1' as sku,
               12.30::decimal(10, 2) as total, 2.5 as quantity
    ) to '{file}'""")

    await load(lake_work, file)

    # Half past eleven in the evening in London is the next day in Bologna.
    assert lines(lake_work, "receipt, day, quantity_milli, total_minor, pseudonym is not null") == [
        ("1", date(2026, 2, 6), 2500, 1230, True)
    ]


async def test_points_and_prizes_have_their_own_place(lake_work: Work, session: AsyncSession, tmp_path: Path) -> None:
    await make_customer(session, card="2000")
    await session.commit()
    file = write(tmp_path / "p.csv", "2026-02-05,2000,-500,Catalogo 2026", header="occurred_on,card,points,initiative")
    fields = 'fields = { occurred_on = "occurred_on", card = "card", points = "points", initiative = "initiative" }'

    await load(lake_work, file, f'format = "csv"\ndataset = "points"\n{fields}')

    assert lines(lake_work, "day, points, initiative, pseudonym is not null", "points") == [
        (date(2026, 2, 5), -500, "Catalogo 2026", True)
    ]
    assert await session.scalar(select(func.count()).select_from(PastProfile)) == 0


@pytest.mark.parametrize(
    ("layout", "told"),
    [
        ("format = ", "not TOML"),
        ('format = "csv"\nfields = { occurred_on = "receipt" }', "lacks receipt, sku, total"),
        (LAYOUT, "has no column ARTICOLO"),
        (LAYOUT.replace("[fields]", 'currency = "CHF"\n[fields]'), "counts in CHF"),
        (LAYOUT + 'name = "NOME"', "no field name"),
    ],
)
async def test_a_layout_of_another_archive_is_refused_in_words(
    lake_work: Work, tmp_path: Path, layout: str, told: str
) -> None:
    with pytest.raises(LayoutInvalid, match=told):
        await load(lake_work, write(tmp_path / "a.csv", row("1", "2026-01-05")), layout)


async def test_columns_that_bear_no_name_of_ours_need_a_layout(lake_work: Work, tmp_path: Path) -> None:
    with pytest.raises(LayoutInvalid, match="write a layout file"):
        await load(lake_work, write(tmp_path / "a.csv", "1,2", header="DATA,ORA"))


async def test_a_folder_is_one_archive(
    lake_work: Work, session: AsyncSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await make_customer(session, card="2000")
    await session.commit()
    monkeypatch.setattr(writing, "SLICE_BYTES", 1)
    folder = tmp_path / "till"
    folder.mkdir()
    write(folder / "1.csv", row("1", "2026-01-05", "2000"), "2,2026-01-05")
    write(folder / "2.csv", row("2", "2026-01-06", "2000"))

    loaded = await archive.load_archive(lake_work, folder, None, source="", say=lambda _: None)

    assert (loaded.read, loaded.written, loaded.rejected) == (3, 2, {"missing-columns": 1})
    assert lines(lake_work, "source, receipt") == [("till", "1"), ("till", "2")]


# ── what is kept ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_lines_older_than_the_window_load_detached(
    lake_work: Work, session: AsyncSession, tmp_path: Path
) -> None:
    """C-30: 24 months, to the day."""
    customer = await make_customer(session, card="2000")
    await session.commit()
    file = write(tmp_path / "a.csv", row("1", "2024-11-23", "2000"), row("2", "2024-11-24", "2000"))
    said: list[str] = []

    loaded = await load(lake_work, file, said=said)

    assert (loaded.attached, loaded.detached) == (1, 1)
    assert lines(lake_work, "receipt, pseudonym is not null") == [("1", False), ("2", True)]
    assert (await session.get_one(Profile, customer.id)).purchases == 1
    assert "1 are older than 2024-11-24: they are kept, and nobody can tell whose they were." in said


async def test_a_signed_assessment_makes_the_window_longer(
    lake_work: Work, session: AsyncSession, tmp_path: Path
) -> None:
    """C-30: a period, an approver, a document."""
    await make_customer(session, card="2000")
    await consents.sign_assessment(
        session,
        AssessmentKind.RETENTION,
        signed_on=date(2026, 1, 1),
        approver="Anna",
        document_sha256="0" * 64,
        months=60,
        actor=Actor.system("tests"),
    )
    await session.commit()
    file = write(tmp_path / "a.csv", row("1", "2021-11-23", "2000"), row("2", "2021-11-24", "2000"))

    loaded = await load(lake_work, file)

    assert (loaded.attached, loaded.detached) == (1, 1)


async def test_lines_as_recent_as_transactions_are_refused(
    lake_work: Work, session: AsyncSession, tmp_path: Path
) -> None:
    customer = await make_customer(session, card="2000")
    await make_transaction(session, customer, at=datetime(2026, 3, 1, 10, tzinfo=UTC))
    await session.commit()
    said: list[str] = []

    loaded = await load(
        lake_work,
        write(tmp_path / "a.csv", row("1", "2026-02-28", "2000"), row("2", "2026-03-01", "2000")),
        said=said,
    )

    assert (loaded.written, loaded.refused) == (1, 1)
    assert (
        "1 are of 2026-03-01 or later, when transactions begin: they were refused. Import them as transactions." in said
    )


async def test_the_same_archive_again_changes_nothing(lake_work: Work, session: AsyncSession, tmp_path: Path) -> None:
    await make_customer(session, card="2000")
    await session.commit()
    file = write(tmp_path / "a.csv", row("1", "2026-01-05", "2000"))
    first = await load(lake_work, file)
    before = lines(lake_work)

    again = await load(lake_work, file.rename(tmp_path / "b.csv"))

    assert (again.id, again.is_repeat, again.written) == (first.id, True, 1)
    assert lines(lake_work) == before


async def test_receipts_another_archive_brought_are_left_out(
    lake_work: Work, session: AsyncSession, tmp_path: Path
) -> None:
    customer = await make_customer(session, card="2000")
    await session.commit()
    january, february = row("1", "2026-01-05", "2000"), row("2", "2026-02-05", "2000")
    await load(lake_work, write(tmp_path / "a.csv", january, january))

    loaded = await load(lake_work, write(tmp_path / "b.csv", january, january, february))

    assert (loaded.written, loaded.repeated) == (1, 2)
    profile = await session.get_one(Profile, customer.id)
    assert (profile.purchases, profile.revenue_minor, profile.visit_days) == (2, 900, 2)


async def test_a_load_that_fails_leaves_nothing_behind(lake_work: Work, session: AsyncSession, tmp_path: Path) -> None:
    file = tmp_path / "a.parquet"
    file.write_bytes(b"PAR1 no parquet PAR1")

    with pytest.raises(duckdb.Error):
        await load(lake_work, file)

    left = Lake(lake_work.settings).root.rglob("*")
    assert [path.name for path in left if path.is_file()] == ["lock"]
    assert await session.scalar(select(func.count()).select_from(LakeLoad)) == 0


async def test_products_named_in_an_archive_are_in_the_catalogue(
    lake_work: Work, session: AsyncSession, tmp_path: Path
) -> None:
    customer = await make_customer(session, card="2000")
    await session.commit()

    await load(lake_work, write(tmp_path / "a.csv", row("1", "2026-01-05", "2000", sku="milk")))

    names = await session.execute(
        text(
            """select p.name, c.name from category_profiles b join categories c on c.id = b.category_id
               join products p on p.category_id = c.id where b.customer_id = :customer_id"""
        ),
        {"customer_id": customer.id},
    )
    assert [tuple(each) for each in names] == [("Milk", "milks")]


async def test_history_only_makes_scores_follow(lake_work: Work, session: AsyncSession, tmp_path: Path) -> None:
    customer = await make_customer(session, card="2000")
    await session.commit()

    await load(lake_work, write(tmp_path / "a.csv", row("1", "2026-01-05", "2000")))

    events = list(await session.scalars(select(OutboxEvent)))
    assert [(event.name, event.payload) for event in events] == [
        ("transactions.recorded", {"customer_ids": [str(customer.id)]})
    ]


# ── the whole person ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_person_reads_their_lines_without_the_pseudonym(
    lake_work: Work, session: AsyncSession, tmp_path: Path
) -> None:
    customer = await make_customer(session, card="2000")
    await make_customer(session, card="3000")
    await session.commit()
    await load(lake_work, write(tmp_path / "a.csv", row("1", "2026-01-05", "2000"), row("2", "2026-01-05", "3000")))

    exported = [line async for line in person.export(session, Lake(lake_work.settings), customer.id)]

    assert [(line["dataset"], line["receipt"], line["total_minor"]) for line in exported] == [("lines", "1", 300)]
    assert "pseudonym" not in exported[0]


async def test_who_is_erased_leaves_lines_that_are_nobodys(
    lake_work: Work, session: AsyncSession, tmp_path: Path
) -> None:
    customer = await make_customer(session, card="2000")
    await session.commit()
    await load(lake_work, write(tmp_path / "a.csv", row("1", "2026-01-05", "2000")))

    await person.erase(session, customer.id)

    assert len(lines(lake_work)) == 1
    for table in (LakePseudonym, PastProfile, Profile, CategoryProfile):
        assert await session.scalar(select(func.count()).select_from(table)) == 0, table.__tablename__


async def test_a_line_past_its_window_is_let_go_and_its_visit_no_longer_counts(
    lake_work: Work, session: AsyncSession, tmp_path: Path
) -> None:
    """C-30, C-31."""
    customer = await make_customer(session, card="2000")
    await session.commit()
    await load(lake_work, write(tmp_path / "a.csv", row("1", "2024-11-24", "2000"), row("2", "2024-11-25", "2000")))

    with clock.frozen(datetime(2026, 11, 25, 9, tzinfo=UTC)):
        assert await retention.detach(lake_work) == 1
        assert await retention.detach(lake_work) == 0

    assert lines(lake_work, "receipt, pseudonym is not null") == [("1", False), ("2", True)]
    await session.refresh(profile := await session.get_one(Profile, customer.id))
    assert (profile.purchases, profile.visit_days, profile.first_day) == (1, 1, date(2024, 11, 25))


async def test_an_archive_taken_out_leaves_what_others_brought(
    lake_work: Work, session: AsyncSession, tmp_path: Path
) -> None:
    customer = await make_customer(session, card="2000")
    await session.commit()
    await load(lake_work, write(tmp_path / "a.csv", row("1", "2026-01-05", "2000")))
    second = await load(lake_work, write(tmp_path / "b.csv", row("2", "2026-01-09", "2000")))

    await archive.remove_archive(lake_work, second.id)

    assert lines(lake_work, "receipt") == [("1",)]
    assert (await session.get_one(Profile, customer.id)).purchases == 1
    again = await load(lake_work, tmp_path / "b.csv")
    assert (again.is_repeat, again.written) == (False, 1)
