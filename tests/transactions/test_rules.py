"""What a purchase or a return is, and how its body is read, without a database."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from ritorno.customers.rules import ReferenceKind
from ritorno.kit.problems import Invalid
from ritorno.transactions import parsing, schemas
from ritorno.transactions.parsing import House, Purchase
from ritorno.transactions.rules import Revision, TransactionKind, is_older, is_visit
from tests.factories.transactions import a_body, a_line

HOUSE = House(ZoneInfo("Europe/Rome"), "EUR", "IT")
NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def read(body: Any) -> Purchase:
    return parsing.read_body(body, "till", "1", HOUSE)


def refusals(body: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        read(body)
    return {error.path: error.code for error in refused.value.errors}


# ── the body ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_day_is_the_one_of_the_business() -> None:
    assert read(a_body(at="2026-01-05T23:30:00Z")).business_day == date(2026, 1, 6)
    assert read(a_body(at="2026-01-05T23:30:00+01:00")).business_day == date(2026, 1, 5)


def test_money_and_quantities_are_exact() -> None:
    purchase = read(a_body(a_line(total="0.1", quantity="1.250", discount="0.05"), a_line(total=2, quantity=3)))

    assert [line[1:4] for line in purchase.lines] == [(1250, 5, 10), (3000, 0, 200)]
    assert purchase.total_minor == 210


def test_a_unit_price_may_have_four_decimals_and_decides_nothing() -> None:
    assert read(a_body(a_line(total="1.00", quantity="3", unit_price="0.3333"))).total_minor == 100


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (a_body(total="3.01"), {"total": "total-mismatch"}),
        (a_body(currency="USD"), {"currency": "other-currency"}),
        (a_body(at="2026-01-05T10:00:00"), {"occurred_at": "shape"}),
        (a_body(at=datetime.now(UTC) + timedelta(days=2)), {"occurred_at": "bad-time"}),
        (a_body(a_line(), a_line(total="1,20")), {"lines.1.total": "bad-number"}),
        (a_body(a_line(total="1.234")), {"lines.0.total": "bad-number"}),
        (a_body(a_line(total="NaN")), {"lines.0.total": "bad-number"}),
        (a_body(a_line(total="1e30")), {"lines.0.total": "bad-number"}),
        (a_body(a_line(total=1.5)), {"lines.0.total": "shape"}),
        (a_body(a_line(quantity="1.2345")), {"lines.0.quantity": "bad-number"}),
        (a_body(a_line(unit_price="x")), {"lines.0.unit_price": "bad-number"}),
        (a_body(a_line(sku="\x00", name=None, category=None)), {"lines.0.sku": "bad-text"}),
        (a_body(a_line(sku="\ud800", name=None, category=None)), {"lines.0.sku": "bad-text"}),
        (a_body(a_line(colour="red")), {"lines.0.colour": "unknown-field"}),
        (a_body(tenant_id=1), {"tenant_id": "unknown-field"}),
        ({"lines": [a_line()]}, {"occurred_at": "missing"}),
        (a_body() | {"lines": []}, {"lines": "shape"}),
        (a_body(kind="gift"), {"kind": "shape"}),
        (a_body(kind="return"), {"lines.0.total": "return-not-negative"}),
        (a_body(store="\u202e"), {"store": "bad-text"}),
        (a_body(customer={"email": "a@b"}), {"customer.email": "bad-email"}),
        (a_body(customer={"phone": "abc"}), {"customer.phone": "bad-phone"}),
        (a_body(customer={"source": "web"}), {"customer.external_id": "incomplete"}),
        (a_body(customer={"consents": []}), {"customer.consents": "unknown-field"}),
        (7, {"": "shape"}),
    ],
)
def test_what_cannot_be_is_refused_with_its_path(body: Any, expected: dict[str, str]) -> None:
    assert refusals(body) == expected


def test_everything_wrong_with_a_body_is_told_at_once() -> None:
    body = a_body(a_line(total="x"), currency="USD", customer={"email": "a@b"})

    assert set(refusals(body)) == {"lines.0.total", "currency", "customer.email"}


def test_b_41_a_negative_total_without_a_kind_is_a_return() -> None:
    purchase = read(a_body(a_line(total="-3.00", quantity="-1")))

    assert (purchase.kind, purchase.total_minor) == (TransactionKind.RETURN, -300)


def test_an_exchange_on_one_receipt_is_a_sale() -> None:
    purchase = read(a_body(a_line(total="5.00"), a_line("milk", total="-3.00", quantity="-1")))

    assert (purchase.kind, purchase.total_minor) == (TransactionKind.SALE, 200)


def test_every_way_of_naming_the_customer_is_kept_surest_first() -> None:
    named = {"phone": "333 1234567", "email": "Anna@Example.it", "card": "20 00", "source": "web", "external_id": "9"}

    purchase = read(a_body(customer=named))

    assert [reference.key for reference in purchase.references] == [
        "CARD::2000",
        "EXTERNAL:web:9",
        "EMAIL::anna@example.it",
        "PHONE::+393331234567",
    ]


def test_b_42_a_guest_order_names_nobody() -> None:
    purchase = read(a_body(customer={"email": "", "given_name": "Anna"}))

    assert (purchase.references, purchase.newcomer) == ((), None)


def test_a_card_is_made_only_for_somebody_with_a_name() -> None:
    assert read(a_body(customer={"email": "a@example.it"})).newcomer is None
    assert read(a_body(customer={"email": "a@example.it", "family_name": "Rossi"})).newcomer is not None
    nobody = {"customer_id": "01900000-0000-7000-8000-000000000000", "given_name": "A"}
    assert read(a_body(customer=nobody)).newcomer is None


def test_b_21_control_characters_are_removed_from_texts() -> None:
    line = read(a_body(a_line(name=" Pa\u202ene\x00 "))).lines[0]

    assert line.name == "Pane"


def test_the_same_body_in_a_batch_and_alone_has_the_same_digest() -> None:
    row = parsing.read_row(a_body(source="till", external_id="1"), HOUSE)

    assert row.content_hash == read(a_body()).content_hash
    assert row.content_hash != read(a_body(reason="gift")).content_hash


def test_what_is_kept_unclaimed_is_read_back_the_same() -> None:
    purchase = read(a_body(a_line(total=-3, quantity="-1.5"), customer={"email": "a@example.it"}, version=3))

    kept = parsing.read_kept(parsing.payload_of(purchase), "till", "1", HOUSE)

    assert kept == purchase


@pytest.mark.parametrize(
    ("published", "read_as"),
    [
        (schemas.TransactionWrite, parsing.TransactionBody),
        (schemas.TransactionBatchRow, parsing.RowBody),
        (schemas.LineWrite, parsing.LineBody),
        (schemas.CustomerNamed, parsing.CustomerBody),
        (schemas.OriginalNamed, parsing.OriginalBody),
    ],
)
def test_the_published_schema_is_what_is_read(published: Any, read_as: type[msgspec.Struct]) -> None:
    fields = {field.name: field.required for field in msgspec.structs.fields(read_as)}

    assert {name: field.is_required() for name, field in published.model_fields.items()} == fields


# ── order and sums ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("news", "known", "older"),
    [
        (Revision(1, None), Revision(2, None), True),
        (Revision(2, None), Revision(2, None), False),
        (Revision(3, NOON), Revision(2, NOON + timedelta(1)), False),
        (Revision(None, NOON), Revision(None, NOON + timedelta(1)), True),
        (Revision(None, None), Revision(5, NOON), False),
        (Revision(1, None), Revision(None, NOON), False),
    ],
)
def test_b_41_older_news_never_overwrites_newer(news: Revision, known: Revision, older: bool) -> None:
    assert is_older(news, known) is older


def test_only_a_sale_that_was_paid_makes_a_visit() -> None:
    assert is_visit("SALE", 1)
    assert not is_visit("SALE", 0)
    assert not is_visit("SALE", -1)
    assert not is_visit("RETURN", -1)


def test_a_reference_tells_its_kind_in_its_key() -> None:
    assert read(a_body(customer={"card": "7"})).references[0].kind is ReferenceKind.CARD
