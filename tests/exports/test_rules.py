"""Which columns a file may hold."""

from datetime import UTC, datetime

import pytest

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
    offered,
    shows_behaviour,
    told,
)

AT = datetime(2026, 11, 24, tzinfo=UTC)


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
