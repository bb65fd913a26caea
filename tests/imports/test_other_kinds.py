"""Files of products, stores, balances and addresses nobody may write to."""

from typing import Any

from sqlalchemy import text

from ritorno.imports.rules import ImportKind
from ritorno.kit.background import Work
from tests.factories import imports as files


async def rows_of(work: Work, statement: str) -> list[tuple[Any, ...]]:
    async with work.sessions() as session:
        return [tuple(row) for row in await session.execute(text(statement))]


PRODUCTS = """select sku, p.name, c.name, p.usual_interval_days from products p
    left join categories c on c.id = p.category_id"""


async def test_products_fill_what_is_blank_and_go_back(shop: Work) -> None:
    first = [{"sku": "a", "name": "Pane"}]
    await files.apply(shop, await files.upload(shop, files.a_csv(first), kind=ImportKind.PRODUCTS))
    rows = [
        {"sku": "a", "name": "Pagnotta", "category": "Forno", "usual_interval_days": "7"},
        {"sku": "b", "name": "Latte", "category": "Banco frigo", "usual_interval_days": ""},
        {"sku": "c", "name": "Vino", "category": "", "usual_interval_days": "99999"},
    ]
    before = await rows_of(shop, PRODUCTS)

    import_id = await files.upload(shop, files.a_csv(rows), kind=ImportKind.PRODUCTS)
    rehearsed = await files.rehearse(shop, import_id)
    assert await rows_of(shop, PRODUCTS) == before
    applied = await files.apply(shop, import_id)

    assert applied.counts == rehearsed.rehearsal == {"updated": 1, "created": 1, "rejected": 1}
    assert sorted(await rows_of(shop, PRODUCTS)) == [("a", "Pane", "Forno", 7), ("b", "Latte", "Banco frigo", None)]

    undone = await files.undo(shop, import_id)

    assert undone.undo == {"removed": 1, "restored": 1}
    assert await rows_of(shop, PRODUCTS) == before


async def test_stores_come_in_once(shop: Work) -> None:
    rows = [
        {"code": "bo", "name": "Bologna", "city": "Bologna", "timezone": "Europe/Rome"},
        {"code": "xx", "timezone": "Mars"},
    ]

    first = await files.apply(shop, await files.upload(shop, files.a_csv(rows), kind=ImportKind.STORES))
    again = await files.apply(shop, await files.upload(shop, files.a_csv(rows), kind=ImportKind.STORES))

    assert first.counts == {"created": 1, "rejected": 1}
    assert again.counts == {"unchanged": 1, "rejected": 1}


async def test_opening_balances_are_kept_for_the_loyalty_programme(shop: Work) -> None:
    rows = [{"card": "100", "points": "1.240", "as_of": "31/12/2025"}, {"card": "200", "points": "-5", "as_of": ""}]
    kept = "select card, points, as_of::text from opening_balances"

    import_id = await files.upload(shop, files.a_csv(rows), kind=ImportKind.BALANCES)
    applied = await files.apply(shop, import_id)

    assert applied.counts == {"created": 1, "rejected": 1}
    assert await rows_of(shop, kept) == [("100", 1240, "2025-12-31")]

    await files.undo(shop, import_id)

    assert await rows_of(shop, kept) == []


async def test_a_list_of_addresses_nobody_may_write_to_holds_and_goes_back(shop: Work) -> None:
    rows = [{"value": "anna@example.it"}, {"value": "333 1234567"}, {"value": "nobody"}]
    standing = "select channel from suppressions where lifted_at is null order by 1"

    import_id = await files.upload(shop, files.a_csv(rows), kind=ImportKind.SUPPRESSIONS)
    rehearsed = await files.rehearse(shop, import_id)
    assert await rows_of(shop, standing) == []
    applied = await files.apply(shop, import_id)

    assert applied.counts == rehearsed.rehearsal == {"created": 2, "rejected": 1}
    assert await rows_of(shop, standing) == [("EMAIL",), ("PHONE_OPERATOR",), ("SMS",)]

    await files.undo(shop, import_id)

    assert await rows_of(shop, standing) == []


async def test_an_address_that_two_lists_hold_stays_when_one_goes_back(shop: Work) -> None:
    standing = "select count(*) from suppressions where lifted_at is null"
    first = await files.upload(shop, files.a_csv([{"value": "anna@example.it"}]), kind=ImportKind.SUPPRESSIONS)
    await files.apply(shop, first)
    second = files.a_csv([{"value": "anna@example.it"}, {"value": "luca@example.it"}])
    await files.apply(shop, await files.upload(shop, second, kind=ImportKind.SUPPRESSIONS))

    undone = await files.undo(shop, first)

    assert undone.undo == {"kept": 1}
    assert await rows_of(shop, standing) == [(2,)]


async def test_c_25_a_complaint_a_file_told_of_is_not_lifted_with_the_file(shop: Work) -> None:
    rows = [{"value": "anna@example.it", "reason": "complaint"}]
    import_id = await files.upload(shop, files.a_csv(rows), kind=ImportKind.SUPPRESSIONS)
    await files.apply(shop, import_id)

    undone = await files.undo(shop, import_id)

    assert undone.undo == {"kept": 1}
    assert await rows_of(shop, "select reason from suppressions where lifted_at is null") == [("COMPLAINT",)]
