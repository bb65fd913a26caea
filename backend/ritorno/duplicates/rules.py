"""Which card's value stays when two cards of one person become one."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any


class Side(StrEnum):
    WINNER = "winner"
    LOSER = "loser"


class CardField(StrEnum):
    """What somebody may choose when merging, one by one."""

    SUBJECT_TYPE = "subject_type"
    GIVEN_NAME = "given_name"
    FAMILY_NAME = "family_name"
    BIRTH_ON = "birth_on"
    GENDER = "gender"
    LANGUAGE = "language"
    COUNTRY = "country"
    TIMEZONE = "timezone"
    ACQUISITION_SOURCE = "acquisition_source"
    FIRST_CONTACT_ON = "first_contact_on"
    SPENDING_CAPACITY = "spending_capacity"
    HOME_STORE = "home_store"
    EMAIL = "email"
    PHONE = "phone"
    ADDRESS = "address"


CONTACTS = {CardField.EMAIL: "EMAIL", CardField.PHONE: "PHONE", CardField.ADDRESS: "POSTAL"}
"""Of these nothing is lost: the choice says which card's address is the main one."""

COLUMNS = {field: field.value for field in CardField if field not in CONTACTS} | {CardField.HOME_STORE: "home_store_id"}
"""The column of the card each of the others is kept in."""


def kept_side(field: CardField, winner: object, loser: object, choices: Mapping[CardField, Side]) -> Side:
    """Return whose value stays: as chosen, else the winner's, else the loser's where the winner has none."""
    default = Side.LOSER if winner is None and loser is not None else Side.WINNER
    return choices.get(field, default)


def blend(winner: Mapping[str, Any], loser: Mapping[str, Any], choices: Mapping[CardField, Side]) -> dict[str, Any]:
    """Return the columns of the merged card that a choice decides."""
    sides = {Side.WINNER: winner, Side.LOSER: loser}
    return {
        column: sides[kept_side(field, winner[column], loser[column], choices)][column]
        for field, column in COLUMNS.items()
    }


ADULT_FROM = 18


def is_minor(is_flagged: bool, born_on: date | None, today: date) -> bool:
    """Tell whether a card speaks of a minor: flagged so, or by a birth date that may not be the one that is kept."""
    if born_on is None:
        return is_flagged
    years = today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))
    return is_flagged or years < ADULT_FROM
