"""Files of receipts: lines brought together, profiles at the end, all of it taken back."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, text

from ritorno.imports.rules import ImportKind
from ritorno.kit.background import Work
from ritorno.transactions import service as transactions
from ritorno.transactions.models import Profile, Transaction
from tests.factories import imports as files
from tests.factories.customers import make_customer
from tests.factories.transactions import a_body, a_line


def a_row(receipt: str, day: str, card: str, sku: str, total: str, **more: str) -> dict[str, str]:
    row = {"receipt": receipt, "occurred_on": day, "card": card, "sku": sku, "quantity": "1", "total": total}
    return row | {"category": f"{sku}s", "store": "centro"} | more


RECEIPTS = [
    a_row("r1", "03/01/2024", "100", "bread", "2,50"),
    a_row("r1", "03/01/2024", "100", "milk", "1.001,20"),
    a_row("r2", "10/01/2024", "100", "bread", "2,50"),
    a_row("r3", "11/01/2024", "999", "bread", "2,50"),
    a_row("r4", "31/02/2024", "100", "bread", "2,50"),
    a_row("r4", "31/02/2024", "100", "milk", "1,20"),
    a_row("r5", "12/01/2024", "100", "milk", "-1,20", quantity="-1"),
]


async def upload(work: Work, rows: list[dict[str, str]] = RECEIPTS, **options: Any) -> Any:
    return await files.upload(work, files.a_csv(rows), kind=ImportKind.TRANSACTIONS, source="old-till", **options)


async def the_profile(work: Work) -> tuple[int, int, int] | None:
    async with work.sessions() as session:
        profile = (await session.scalars(select(Profile))).first()
        return (profile.purchases, profile.returns, profile.revenue_minor) if profile else None


async def test_receipts_come_in_with_their_lines_and_the_profile_follows(shop: Work) -> None:
    async with shop.session() as session:
        await make_customer(session, card="100")

    import_id = await upload(shop)
    rehearsed = await files.rehearse(shop, import_id)
    applied = await files.apply(shop, import_id)

    assert applied.counts == rehearsed.rehearsal == {"created": 4, "unclaimed": 1, "rejected": 2}
    assert await the_profile(shop) == (2, 1, 250 + 100_120 + 250 - 120)
    async with shop.sessions() as session:
        first = (await session.scalars(select(Transaction).where(Transaction.external_id == "r1"))).one()
        assert (first.total_minor, first.occurred_at) == (100_370, datetime(2024, 1, 3, 11, tzinfo=UTC))


async def test_the_same_receipts_twice_are_all_unchanged(shop: Work) -> None:
    async with shop.session() as session:
        await make_customer(session, card="100")
    await files.apply(shop, await upload(shop))

    again = await files.apply(shop, await upload(shop))

    assert again.counts == {"unchanged": 4, "unclaimed": 1, "rejected": 2}


async def test_undoing_takes_purchases_and_profiles_back(shop: Work) -> None:
    async with shop.session() as session:
        await make_customer(session, card="100")
        body = a_body(a_line("bread", "9.00"), at="2024-01-03T12:00:00+01:00", customer={"card": "100"})
        await transactions.put(session, "old-till", "r1", body, actor=files.STAFF)
        await transactions.put(session, "till", "x", body, actor=files.STAFF)
    before = await the_profile(shop)
    import_id = await upload(shop)
    applied = await files.apply(shop, import_id)
    assert applied.counts == {"created": 2, "updated": 2, "unclaimed": 1, "rejected": 2}

    undone = await files.undo(shop, import_id)

    assert undone.undo == {"removed": 3, "restored": 1}
    assert await the_profile(shop) == before
    async with shop.sessions() as session:
        left = (
            await session.execute(text("select source, external_id, total_minor from transactions order by 1"))
        ).all()
        lines = (await session.execute(text("select total_minor, quantity_milli from transaction_lines"))).all()
        waiting = await session.scalar(text("select count(*) from unclaimed_transactions"))
    assert [tuple(row) for row in left] == [("old-till", "r1", 900), ("till", "x", 900)]
    assert [tuple(row) for row in lines] == [(900, 1000), (900, 1000)]
    assert waiting == 0


async def test_a_purchase_changed_since_stays_and_is_listed(shop: Work) -> None:
    async with shop.session() as session:
        await make_customer(session, card="100")
    import_id = await upload(shop)
    await files.apply(shop, import_id)
    async with shop.session() as session:
        later = a_body(a_line("bread", "7.00"), at="2024-01-10T12:00:00+01:00", customer={"card": "100"})
        await transactions.put(session, "old-till", "r2", later, actor=files.STAFF)

    undone = await files.undo(shop, import_id)

    assert undone.undo == {"removed": 3, "kept": 1}
    assert await the_profile(shop) == (1, 0, 700)
    async with shop.sessions() as session:
        kept = (await session.execute(text("select row_no, kept from import_rows where kept is not null"))).all()
    assert [tuple(row) for row in kept] == [(4, ["transaction"])]


async def test_lines_of_one_receipt_may_stand_apart_in_the_file(shop: Work) -> None:
    async with shop.session() as session:
        await make_customer(session, card="100")
    apart = [RECEIPTS[0], RECEIPTS[2], RECEIPTS[1]]

    import_id = await upload(shop, apart)
    rehearsed = await files.rehearse(shop, import_id)
    applied = await files.apply(shop, import_id)

    assert applied.counts == rehearsed.rehearsal == {"created": 3}
    async with shop.sessions() as session:
        totals = await session.execute(select(Transaction.external_id, Transaction.total_minor))
        assert dict(totals.all()) == {"r1": 100_370, "r2": 250}  # type: ignore[arg-type]


async def test_a_number_that_counts_anew_each_day_needs_its_day(shop: Work) -> None:
    async with shop.session() as session:
        await make_customer(session, card="100")
    daily = [a_row("1", "03/01/2024", "100", "bread", "2,50"), a_row("1", "04/01/2024", "100", "bread", "3,50")]

    refused = await files.rehearse(shop, await upload(shop, daily))
    applied = await files.apply(shop, await upload(shop, daily, receipt_scope="store_day"))

    assert refused.counts == {"rejected": 2}
    assert applied.counts == {"created": 2}
    assert await the_profile(shop) == (2, 0, 600)


async def test_a_receipt_that_waited_before_the_file_waits_after_its_undoing(shop: Work) -> None:
    await files.apply(shop, await upload(shop, RECEIPTS[3:4]))
    async with shop.sessions() as session:
        waited = (await session.execute(text("select * from unclaimed_transactions"))).all()
    again = await upload(shop, RECEIPTS[3:4])
    await files.apply(shop, again)

    await files.undo(shop, again)

    async with shop.sessions() as session:
        assert (await session.execute(text("select * from unclaimed_transactions"))).all() == waited


async def test_lines_of_one_receipt_may_have_seconds_of_their_own(shop: Work) -> None:
    async with shop.session() as session:
        await make_customer(session, card="100")
    lines = [
        a_row("7", "03/01/2024 10:01", "100", "bread", "2,50"),
        a_row("7", "03/01/2024 10:02", "100", "milk", "1,00"),
    ]

    applied = await files.apply(shop, await upload(shop, lines, receipt_scope="store_day"))

    assert applied.counts == {"created": 2}
    assert await the_profile(shop) == (1, 0, 350)
