"""What must stay true of purchases and their profiles in the database, in whatever order the news comes."""

import asyncio
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from math import log
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog import service as catalog
from ritorno.catalog.models import Category, Product
from ritorno.catalog.schemas import ProductSeen
from ritorno.customers import service as customers
from ritorno.customers.models import Customer
from ritorno.customers.schemas import CustomerWrite
from ritorno.kit.db import driver, unit_of_work
from ritorno.kit.outbox import OutboxEvent
from ritorno.transactions import queries, service
from ritorno.transactions.errors import CustomerUnknown
from ritorno.transactions.models import (
    CategoryProfile,
    Profile,
    Transaction,
    TransactionLine,
    UnclaimedTransaction,
)
from ritorno.transactions.service import PastLine, PastPurchase
from tests.conftest import Sessions
from tests.factories.customers import make_customer
from tests.factories.transactions import TILL, a_body, a_line, make_transaction

NOBODY = "01900000-0000-7000-8000-000000000000"
DAY = datetime(2026, 1, 5, 10, tzinfo=UTC)


async def put(session: AsyncSession, external_id: str, body: Any, source: str = "till") -> Any:
    return await service.put(session, source, external_id, body, actor=TILL)


async def count(session: AsyncSession, table: Any) -> int:
    return await session.scalar(select(func.count()).select_from(table)) or 0


async def profile_of(session: AsyncSession, customer_id: UUID) -> Profile:
    return await session.get_one(Profile, customer_id, populate_existing=True)


Snapshot = dict[str, list[tuple[Any, ...]]]


async def snapshot(session: AsyncSession) -> Snapshot:
    """Return both projections, with sums of logarithms rounded: their last bits depend on the order of adding."""
    tables = {"profiles": "customer_id", "category_profiles": "customer_id, category_id"}
    found = {}
    for table, key in tables.items():
        rows = await session.execute(
            text(
                f"""select {key}, purchases, returns, revenue_minor, first_at, last_at, visit_days, first_day, last_day,
                           round(sl::numeric, 6), round(sl2::numeric, 6)
                    from {table} order by {key}"""
            )
        )
        found[table] = [tuple(row) for row in rows]
    return found


async def told_by_the_lines(session: AsyncSession) -> Snapshot:
    """Return what the projections must hold, worked out here from the transactions and lines (MODELS §1.2)."""
    statement = select(Transaction, TransactionLine).join(
        TransactionLine, TransactionLine.transaction_id == Transaction.id
    )
    parts: defaultdict[tuple[Any, ...], list[tuple[Transaction, int, bool]]] = defaultdict(list)
    shares: defaultdict[tuple[UUID, UUID | None], int] = defaultdict(int)
    by_id = {}
    for transaction, line in await session.execute(statement, execution_options={"populate_existing": True}):
        by_id[transaction.id] = transaction
        shares[transaction.id, line.category_id] += line.total_minor
    for each in by_id.values():
        visit = each.kind == "SALE" and each.total_minor > 0
        parts[each.customer_id,].append((each, each.total_minor, visit))
    for (transaction_id, category_id), share in shares.items():
        each = by_id[transaction_id]
        visit = each.kind == "SALE" and each.total_minor > 0 and share > 0
        parts[each.customer_id, category_id].append((each, share, visit))
    told: Snapshot = {"profiles": [], "category_profiles": []}
    for key in sorted(parts, key=str):
        told["profiles" if len(key) == 1 else "category_profiles"].append((*key, *_sums(parts[key])))
    return told


def _sums(parts: list[tuple[Transaction, int, bool]]) -> tuple[Any, ...]:
    instants = [each.occurred_at for each, _, _ in parts if each.kind == "SALE"]
    days = sorted({each.business_day for each, _, visit in parts if visit})
    gaps = [log((after - before).days) for before, after in pairwise(days)]
    return (
        len(instants),
        len(parts) - len(instants),
        sum(share for _, share, _ in parts),
        min(instants, default=None),
        max(instants, default=None),
        len(days),
        days[0] if days else None,
        days[-1] if days else None,
        round(Decimal(sum(gaps)), 6),
        round(Decimal(sum(gap * gap for gap in gaps)), 6),
    )


# ── one by one ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_receipt_of_a_known_card_is_recorded_with_its_lines(session: AsyncSession) -> None:
    customer = await make_customer(session, card="2000")
    body = a_body(
        a_line("bread", "3.00"),
        a_line("milk", "2.50", quantity="1.250", discount="0.30"),
        customer={"card": "2000"},
        store="01",
        channel="till",
        payment="cash",
        reason="gift",
        total="5.50",
    )

    written = await put(session, "r1", body)

    read = await queries.get_transaction(session, written.id)
    assert (written.status, written.customer_id) == ("created", customer.id)
    assert (read.total.amount, read.store_name, read.reason) == ("5.50", "01", "gift")
    assert [(line.sku, line.quantity, line.total.amount) for line in read.lines] == [
        ("bread", "1", "3.00"),
        ("milk", "1.25", "2.50"),
    ]
    assert read.lines[1].category_name == "milks"


async def test_the_same_body_twice_changes_nothing(session: AsyncSession) -> None:
    await make_customer(session, card="2000")
    body = a_body(customer={"card": "2000"})
    first = await put(session, "r1", body)
    before = await snapshot(session)

    again = await put(session, "r1", body)

    assert (again.status, again.id) == ("unchanged", first.id)
    assert await snapshot(session) == before
    assert await count(session, OutboxEvent) == 1


async def test_a_changed_body_replaces_lines_and_sums(session: AsyncSession) -> None:
    customer = await make_customer(session, card="2000")
    first = await put(session, "r1", a_body(a_line("bread"), a_line("milk"), customer={"card": "2000"}))

    changed = await put(session, "r1", a_body(a_line("bread", "7.00"), customer={"card": "2000"}))

    profile = await profile_of(session, customer.id)
    assert (changed.status, changed.id) == ("updated", first.id)
    assert (profile.purchases, profile.revenue_minor) == (1, 700)
    assert await count(session, TransactionLine) == 1
    assert await count(session, CategoryProfile) == 1


async def test_b_41_an_older_event_never_overwrites_a_newer_one(session: AsyncSession) -> None:
    customer = await make_customer(session, card="2000")
    named = {"card": "2000"}
    await put(session, "r1", a_body(a_line(total="5.00"), customer=named, updated_at="2026-01-05T12:00:00Z"))

    late = await put(session, "r1", a_body(a_line(total="9.00"), customer=named, updated_at="2026-01-05T11:00:00Z"))

    assert late.status == "unchanged"
    assert (await profile_of(session, customer.id)).revenue_minor == 500


async def test_b_41_a_partial_refund_is_a_return_that_points_to_its_purchase(session: AsyncSession) -> None:
    customer = await make_customer(session, card="2000")
    sale = await put(session, "r1", a_body(a_line(total="9.00", quantity="3"), customer={"card": "2000"}))
    refund = a_body(
        a_line(total="-3.00", quantity="-1"),
        kind="return",
        original={"source": "till", "external_id": "r1"},
        customer={"card": "2000"},
    )

    given_back = await put(session, "r2", refund)

    profile = await profile_of(session, customer.id)
    assert (await queries.get_transaction(session, given_back.id)).original_id == sale.id
    assert (profile.purchases, profile.returns, profile.revenue_minor, profile.visit_days) == (1, 1, 600, 1)


async def test_b_41_a_return_that_comes_before_its_purchase_is_linked_later(session: AsyncSession) -> None:
    await make_customer(session, card="2000")
    original = {"source": "till", "external_id": "r1"}
    refund = a_body(a_line(total="-3.00", quantity="-1"), original=original, customer={"card": "2000"})
    given_back = await put(session, "r2", refund)

    sale = await put(session, "r1", a_body(customer={"card": "2000"}))

    assert (await queries.get_transaction(session, given_back.id)).original_id == sale.id


async def test_a_moved_transaction_leaves_nothing_with_the_first_customer(session: AsyncSession) -> None:
    first = await make_customer(session, card="1")
    second = await make_customer(session, card="2")
    await put(session, "r1", a_body(customer={"card": "1"}))

    await put(session, "r1", a_body(customer={"card": "2"}))

    assert await session.get(Profile, first.id, populate_existing=True) is None
    assert (await profile_of(session, second.id)).purchases == 1


async def test_an_unknown_sku_and_an_unknown_store_are_made_on_the_way(session: AsyncSession) -> None:
    await make_customer(session, card="2000")

    await put(session, "r1", a_body(a_line("new", category="Herbal  Teas"), store="77", customer={"card": "2000"}))

    product = (await session.scalars(select(Product))).one()
    assert product.category_id == (await session.scalars(select(Category.id))).one()


# ── who it was ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_unknown_person_with_a_name_gets_a_card(session: AsyncSession) -> None:
    named = {"email": "Anna@Example.it", "given_name": "Anna", "family_name": "Rossi"}

    written = await put(session, "r1", a_body(customer=named))
    again = await put(session, "r2", a_body(customer={"email": "anna@example.it"}))

    customer = await session.get_one(Customer, written.customer_id)
    assert again.customer_id == written.customer_id
    assert (customer.family_name, customer.acquisition_source) == ("Rossi", "ORDER")
    assert customer.first_contact_on == date(2026, 1, 5)


@pytest.mark.parametrize("named", [None, {"email": ""}, {"card": "9"}, {"source": "web", "external_id": "8"}])
async def test_b_42_without_enough_to_make_a_card_it_waits(session: AsyncSession, named: Any) -> None:
    written = await put(session, "r1", a_body(customer=named))

    assert (written.status, written.id, written.customer_id) == ("unclaimed", None, None)
    assert await count(session, UnclaimedTransaction) == 1
    assert await count(session, Transaction) == 0
    assert await count(session, Customer) == 0


async def test_b_15_an_address_shared_by_a_family_names_nobody(session: AsyncSession) -> None:
    await make_customer(session, email="family@example.it")
    await make_customer(session, email="family@example.it")

    written = await put(session, "r1", a_body(customer={"email": "family@example.it", "given_name": "Anna"}))

    assert written.status == "unclaimed"
    assert await count(session, Customer) == 2


async def test_the_surest_reference_decides(session: AsyncSession) -> None:
    by_card = await make_customer(session, card="2000")
    await make_customer(session, email="a@example.it")

    written = await put(session, "r1", a_body(customer={"card": "2000", "email": "a@example.it"}))

    assert written.customer_id == by_card.id


async def test_an_id_that_is_nobodys_is_refused(session: AsyncSession) -> None:
    with pytest.raises(CustomerUnknown):
        await put(session, "r1", a_body(customer={"customer_id": NOBODY}))


async def test_what_waited_is_claimed_once_somebody_is_recognised(session: AsyncSession) -> None:
    for number in range(3):
        await put(session, f"r{number}", a_body(customer={"card": "2000"}, at=DAY + timedelta(days=number)))
    anna = await customers.put(session, "pos", "1", CustomerWrite(given_name="Anna", cards=["2000"]), actor=TILL)

    claimed = await service.claim(session, [anna.id], actor=TILL)
    again = await service.claim(session, [anna.id], actor=TILL)

    assert (claimed, again, await count(session, UnclaimedTransaction)) == (3, 0, 0)
    assert (await profile_of(session, anna.id)).visit_days == 3


async def test_a_batch_that_makes_the_card_claims_what_waited_for_it(session: AsyncSession) -> None:
    await put(session, "r1", a_body(customer={"card": "2000"}))

    written = await put(session, "r2", a_body(customer={"card": "2000", "given_name": "Anna"}))

    assert await count(session, UnclaimedTransaction) == 0
    assert (await profile_of(session, written.customer_id)).purchases == 2


async def test_what_waits_is_kept_as_last_stated(session: AsyncSession) -> None:
    await put(session, "r1", a_body(a_line(total="1.00"), customer={"card": "1"}, version=1))
    await put(session, "r1", a_body(a_line(total="3.00"), customer={"card": "1"}, version=3))
    await put(session, "r1", a_body(a_line(total="2.00"), customer={"card": "1"}, version=2))

    kept = (await session.scalars(select(UnclaimedTransaction))).one()
    assert kept.total_minor == 300


# ── batches ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def rows(number: int, **more: Any) -> list[dict[str, Any]]:
    return [
        a_body(
            a_line("bread"), a_line("milk"), source="till", external_id=f"r{each}", customer={"card": str(each % 50)}
        )
        | more
        for each in range(number)
    ]


async def with_cards(session: AsyncSession, number: int = 50) -> None:
    bodies = [{"source": "pos", "external_id": str(each), "cards": [str(each)]} for each in range(number)]
    await customers.put_many(session, bodies, actor=TILL)


async def test_a_malformed_row_among_5000_is_reported_alone(session: AsyncSession) -> None:
    await with_cards(session)
    sent: list[Any] = rows(5_000)
    sent[4_321] |= {"total": "1.00"}

    outcome = await service.put_many(session, sent, actor=TILL)

    refused = [row for row in outcome.items if row.problem]
    assert outcome.counts == {"created": 4_999, "rejected": 1}
    assert [row.index for row in outcome.items] == list(range(5_000))
    assert [(row.index, row.problem["errors"][0]["path"]) for row in refused if row.problem] == [(4_321, "total")]
    assert await session.scalar(select(func.sum(Profile.purchases))) == 4_999


async def test_a_batch_sent_twice_changes_nothing(session: AsyncSession) -> None:
    await with_cards(session)
    await service.put_many(session, rows(200), actor=TILL)
    before = await snapshot(session)

    again = await service.put_many(session, rows(200), actor=TILL)

    assert again.counts == {"unchanged": 200}
    assert await snapshot(session) == before


async def test_a_key_named_twice_is_recorded_as_if_sent_alone(session: AsyncSession) -> None:
    await with_cards(session)
    sent = [*rows(1), *rows(1), *rows(1, lines=[a_line(total="9.00")])]

    outcome = await service.put_many(session, sent, actor=TILL)

    assert [row.status for row in outcome.items] == ["created", "unchanged", "updated"]
    assert await session.scalar(select(Transaction.total_minor)) == 900


async def test_a_stranger_named_by_several_rows_gets_one_card(session: AsyncSession) -> None:
    named = [
        {"phone": "333 1234567"},
        {"email": "a@example.it", "given_name": "Anna"},
        {"email": "a@example.it"},
        {"email": "a@example.it", "phone": "333 1234567", "given_name": "Anna"},
        {"phone": "333 1234567", "given_name": "Anna"},
    ]

    outcome = await service.put_many(
        session,
        [a_body(source="web", external_id=str(place), customer=each) for place, each in enumerate(named)],
        actor=TILL,
    )

    assert len({row.customer_id for row in outcome.items}) == 1
    assert await count(session, Customer) == 1


async def test_a_batch_takes_the_same_few_statements_whatever_its_size(session: AsyncSession) -> None:
    await with_cards(session)
    await service.put_many(session, rows(5, source="first"), actor=TILL)
    connection = await driver(session)
    sent: dict[int, int] = {}
    for size in (20, 200):
        statements: list[str] = []
        connection.add_query_logger(lambda record, into=statements: into.append(record.query))
        await service.put_many(session, rows(size, source=f"of {size}"), actor=TILL)
        sent[size] = len(statements)

    assert sent[20] == sent[200]


async def test_one_event_tells_of_a_whole_batch_and_names_only_ids(session: AsyncSession) -> None:
    await with_cards(session)
    await service.put_many(session, rows(100), actor=TILL)

    event = (await session.scalars(select(OutboxEvent).where(OutboxEvent.name == "transactions.recorded"))).one()
    assert len(event.payload["customer_ids"]) == 50


# ── profiles ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_late_receipt_finds_its_place_in_the_rhythm(session: AsyncSession) -> None:
    customer = await make_customer(session)
    for day in (0, 30, 10):
        await make_transaction(session, customer, at=DAY + timedelta(days=day))

    profile = await profile_of(session, customer.id)
    assert (profile.visit_days, profile.last_day) == (3, date(2026, 2, 4))
    assert profile.sl == pytest.approx(log(10) + log(20))
    assert profile.sl2 == pytest.approx(log(10) ** 2 + log(20) ** 2)


KEYS = st.integers(0, 5)
CARDS = st.integers(0, 2)
STEPS = st.lists(
    st.tuples(
        KEYS,
        CARDS,
        st.integers(0, 40),
        st.lists(st.tuples(st.sampled_from(["bread", "milk", "tea"]), st.integers(-3, 5)), min_size=1, max_size=4),
    ),
    min_size=1,
    max_size=6,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(batches=st.lists(STEPS, min_size=1, max_size=4), singly=st.booleans())
async def test_profiles_kept_in_step_equal_profiles_rebuilt(
    session: AsyncSession, batches: list[list[Any]], singly: bool
) -> None:
    """New, late, changed, replayed, returned and moved transactions, in batches or alone: six keys, three customers."""
    outer = await session.begin_nested()
    await with_cards(session, 3)
    for batch in batches:
        bodies = [
            a_body(
                *(a_line(sku, f"{amount}.00", quantity=str(amount)) for sku, amount in lines),
                source="till",
                external_id=str(key),
                at=DAY + timedelta(days=day, hours=key),
                customer={"card": str(card)},
            )
            for key, card, day, lines in batch
        ]
        if singly:
            for body in bodies:
                await put(session, body.pop("external_id"), {k: v for k, v in body.items() if k != "source"})
        else:
            await service.put_many(session, bodies, actor=TILL)
    kept = await snapshot(session)

    assert kept == await told_by_the_lines(session)
    await service.rebuild_profiles(session)
    assert await snapshot(session) == kept
    await outer.rollback()


async def test_parallel_batches_about_the_same_people_leave_exact_profiles(clean_sessions: Sessions) -> None:
    """The race of DATABASE C: late, new and changed transactions of the same customers on several connections."""
    async with unit_of_work(clean_sessions) as session:
        await with_cards(session, 10)
        await service.put_many(session, rows(50, source="before"), actor=TILL)

    async def send(writer: int) -> None:
        for turn in range(3):
            sent = [
                a_body(
                    a_line(total=f"{1 + writer + turn}.00"),
                    a_line("milk"),
                    source="before" if writer == 0 else f"w{writer}",
                    external_id=f"r{number if writer == 0 else turn * 100 + number}",
                    at=DAY + timedelta(days=(writer * 7 + turn * 5 + number) % 30 - 10),
                    customer={"card": str((number * (writer + 1)) % 10)},
                )
                for number in range(40)
            ]
            async with unit_of_work(clean_sessions) as session:
                await service.put_many(session, sent, actor=TILL)

    await asyncio.wait_for(asyncio.gather(*(send(writer) for writer in range(4))), 60)

    async with clean_sessions() as session:
        kept = await snapshot(session)
        await service.rebuild_profiles(session)
        assert await snapshot(session) == kept


async def test_two_parallel_moves_of_one_transaction_leave_it_with_one_customer(clean_sessions: Sessions) -> None:
    async with unit_of_work(clean_sessions) as session:
        await with_cards(session, 5)
        await put(session, "r1", a_body(customer={"card": "0"}))

    async def move(card: int) -> None:
        async with unit_of_work(clean_sessions) as session:
            await put(session, "r1", a_body(customer={"card": str(card)}))

    await asyncio.gather(*(move(card) for card in range(1, 5)))

    async with clean_sessions() as session:
        assert await session.scalar(select(func.sum(Profile.purchases))) == 1
        assert await snapshot(session) == await told_by_the_lines(session)


async def test_the_same_new_batch_on_two_connections_is_recorded_once(clean_sessions: Sessions) -> None:
    async with unit_of_work(clean_sessions) as session:
        await with_cards(session)

    async def send(order: int) -> dict[str, int]:
        async with unit_of_work(clean_sessions) as session:
            return (await service.put_many(session, rows(300)[::order], actor=TILL)).counts

    first, second = await asyncio.gather(send(1), send(-1))

    async with clean_sessions() as session:
        assert await session.scalar(select(func.sum(Profile.purchases))) == 300
    assert sorted([list(first), list(second)]) == [["created"], ["unchanged"]]


# ── history ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_history_is_loaded_once_and_its_profiles_are_exact(session: AsyncSession) -> None:
    anna = await make_customer(session)
    bruno = await make_customer(session)
    await make_transaction(session, bruno, a_line("bread"), a_line("milk"))
    past = [
        PastPurchase(
            "old",
            str(number),
            (anna, bruno)[number % 2].id,
            DAY - timedelta(days=number * 3 % 40),
            [PastLine("bread", 1000, 0, 300), PastLine("milk", -500, 0, -100 * (number % 5))],
        )
        for number in range(40)
    ]

    loaded = await service.load_history(session, past)
    again = await service.load_history(session, past)

    kept = await snapshot(session)
    await service.rebuild_profiles(session)
    assert (loaded.purchases, loaded.lines, again.purchases, again.skipped) == (40, 80, 0, 40)
    assert await snapshot(session) == kept
    assert (await profile_of(session, anna.id)).purchases + (await profile_of(session, bruno.id)).purchases > 30
    assert await count(session, OutboxEvent) == 1


async def test_the_first_history_of_a_shop_fills_its_profiles_in_one_pass(session: AsyncSession) -> None:
    anna = await make_customer(session)
    await catalog.ensure_products(session, [ProductSeen("bread", category="breads")])
    past = [
        PastPurchase("old", str(day), anna.id, DAY + timedelta(days=day), [PastLine("bread", 1000, 0, 300)])
        for day in (0, 9)
    ]

    await service.load_history(session, past)

    profile = await profile_of(session, anna.id)
    assert (profile.visit_days, profile.sl) == (2, pytest.approx(log(9)))
