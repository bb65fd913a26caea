"""Which columns a file may hold, and cells no spreadsheet will run."""

import csv
import io
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ritorno.exports.rules import (
    COLUMNS,
    PEOPLE,
    Cell,
    ExportKind,
    ExportUse,
    Trait,
    barred,
    cell_text,
    default_columns,
    neutral,
    neutral_for_machines,
    offered,
    shows_behaviour,
    told,
)

AT = datetime(2026, 11, 24, tzinfo=UTC)
STARTS = "=+-@\t\0\r\n＝＋－＠"


@pytest.mark.parametrize("start", list(STARTS))
def test_s_18_a_cell_that_would_begin_a_formula_is_shown_with_an_apostrophe(start: str) -> None:
    assert neutral(f"{start}cmd|' /C calc'!A0") == f"'{start}cmd|' /C calc'!A0"


@given(st.text())
def test_s_18_no_text_comes_out_ready_to_run_and_none_is_changed_otherwise(text: str) -> None:
    shown = neutral(text)

    assert shown[:1] not in set(STARTS)
    assert shown in {text, f"'{text}"}
    assert (shown == text) == (text[:1] not in set(STARTS))


@given(st.text(alphabet="+-0123456789.=@", max_size=20))
def test_s_18_for_machines_only_what_is_surely_a_number_or_a_phone_is_let_be(text: str) -> None:
    shown = neutral_for_machines(text)

    if shown != neutral(text):
        digits = text[1:].replace(".", "", 1)
        assert digits.isdigit()
        assert text[0] in "+-"


@pytest.mark.parametrize("text", ["-12.30", "+393475550001", "7"])
def test_s_18_a_number_and_a_phone_stay_as_they_are_for_machines_and_not_for_a_spreadsheet(text: str) -> None:
    assert neutral_for_machines(text) == text
    assert neutral(text) == (text if text[0].isdigit() else f"'{text}")


@pytest.mark.parametrize("text", ["+39 347", "-", "--1", "-1e5", "+0393475550001", "-1\n=2", "+393475550001\n", "-١"])
def test_s_18_what_only_resembles_a_number_is_neutralised_for_machines_too(text: str) -> None:
    assert neutral_for_machines(text) == f"'{text}"


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=2, max_size=4), max_size=5))
def test_b_20_what_is_written_is_read_back_verbatim_but_for_the_apostrophe(table: list[list[str]]) -> None:
    buffer = io.StringIO(newline="")
    rows = csv.writer(buffer, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
    rows.writerows([neutral(cell) for cell in row] for row in table)

    read = list(csv.reader(io.StringIO(buffer.getvalue(), newline="")))

    assert read == [[neutral(cell) for cell in row] for row in table]


@pytest.mark.parametrize(("cell", "text"), [(None, ""), (7, "7"), (["a", "b"], "a | b"), ("x", "x"), (0.25, "0.25")])
def test_a_cell_is_one_text(cell: Cell, text: str) -> None:
    assert cell_text(cell) == text


@pytest.mark.parametrize("kind", list(PEOPLE))
def test_an_internal_file_holds_no_way_to_contact_anybody(kind: ExportKind) -> None:
    traits = {column.trait for column in offered(kind, ExportUse.INTERNAL, None)}

    assert traits == {Trait.PLAIN, Trait.SENSITIVE, Trait.BEHAVIOUR}


@pytest.mark.parametrize(
    ("channel", "own"),
    [
        ("EMAIL", {"email"}),
        ("SMS", {"phone"}),
        ("PHONE_OPERATOR", {"phone"}),
        ("POST", {"street", "postal_code", "address_city", "province", "country"}),
    ],
)
def test_a_file_for_contacting_holds_the_addresses_of_its_channel_and_no_others(channel: str, own: set[str]) -> None:
    contact = {
        column.key for column in COLUMNS[ExportKind.CUSTOMERS] if column.trait.value in {"email", "phone", "postal"}
    }

    shown = {column.key for column in offered(ExportKind.CUSTOMERS, ExportUse.CONTACT, channel)}

    assert shown & contact == own


def test_nothing_sensitive_unless_it_is_named_and_to_contact_no_more_than_it_takes() -> None:
    internal = default_columns(ExportKind.CUSTOMERS, ExportUse.INTERNAL, None)
    contact = default_columns(ExportKind.MEMBERS, ExportUse.CONTACT, "EMAIL")

    assert not {"birth_on", "gender"} & set(internal)
    assert "revenue" in internal
    assert contact == ["id", "given_name", "family_name", "language", "email"]
    assert shows_behaviour(ExportKind.MEMBERS, ["id", "revenue"])
    assert not shows_behaviour(ExportKind.MEMBERS, contact)


def test_a_card_that_may_stand_in_no_file_says_why() -> None:
    clear = {"erased_at": None, "merged_into": None, "restricted_at": None, "deceased_at": None}

    assert barred(**clear) is None
    assert barred(**clear | {"restricted_at": AT}) == "RESTRICTED"
    assert barred(**clear | {"deceased_at": AT}) == "DECEASED"
    assert barred(**clear | {"merged_into": object()}) == "MERGED"
    assert barred(**clear | {"erased_at": AT, "restricted_at": AT}) == "ERASED"


def test_x_14_fewer_than_ten_people_are_not_told() -> None:
    assert [told(count) for count in (None, 0, 9, 10)] == [None, None, None, 10]
