"""Codes that tell when they were misread, and addresses as the post of each country wants them."""

import pytest

from ritorno.customers.rules import fold_name
from ritorno.postal.rules import ALPHABET, address_lines, code_of, household_of, read_code, recipient_of
from ritorno.postal.words import country_name

NUMBERS = (0, 1, 31, 32**7 - 1, 1_234_567_890, 20_261_124)


@pytest.mark.parametrize("number", NUMBERS)
def test_a_code_with_one_wrong_character_is_never_taken_for_another(number: int) -> None:
    code = code_of(number)

    assert read_code(code) == code
    for place, right in enumerate(code):
        for wrong in set(ALPHABET) - {right}:
            assert read_code(code[:place] + wrong + code[place + 1 :]) is None


def test_a_code_is_read_however_it_was_typed() -> None:
    code = code_of(1_037)
    typed = f" {code[:4].lower()}-{code[4:]} ".replace("0", "o").replace("1", "l")

    assert read_code(typed) == code
    assert {read_code(wrong) for wrong in ("", code[:7], code + "0", "U" + code[1:], "àèì-òù€$")} == {None}


def lines(country: str = "IT", home: str = "IT", **parts: str) -> list[str]:
    address = {"street": "Via Po 1", "postal_code": "10121", "city": "Torino", "province": "to", "country": country}
    to = recipient_of("Anna Rossi", {**address, **parts})
    return address_lines(to, home=home, abroad=country_name(country, "it"))


def test_an_address_is_written_as_its_post_wants_it() -> None:
    assert lines() == ["Anna Rossi", "Via Po 1", "10121 TORINO TO"]
    assert lines(province="", postal_code="") == ["Anna Rossi", "Via Po 1", "TORINO"]
    assert lines("CH", postal_code="8001", city="Zürich") == ["Anna Rossi", "Via Po 1", "8001 ZÜRICH", "SVIZZERA"]
    assert lines("GB", postal_code="sw1a 2aa", city="London")[-3:] == ["LONDON", "SW1A 2AA", "REGNO UNITO"]
    assert lines("US", postal_code="10001", city="New York", province="NY")[-2:] == ["NEW YORK NY 10001", "STATI UNITI"]
    assert lines(home="CH")[-2:] == ["10121 TORINO TO", "ITALIA"]


def test_two_spellings_of_a_letter_box_are_one_and_two_boxes_are_two() -> None:
    def box(street: str, **parts: str) -> str:
        address = {"street": street, "postal_code": "10121", "city": "Torino"} | parts
        return household_of(recipient_of("Chiunque", address), fold_name)

    assert {box(street) for street in ("Via Po, 1", "via po 1", "V. Po n. 1", "Via  Pò 1")} == {box("Via Po 1")}
    assert box("Via Po 1", city="TORINO (TO)") == box("Via Po 1")
    assert len({box("Via Po 1"), box("Via Po 11"), box("Via Po 1/b"), box("Via Po 1", postal_code="10122")}) == 4
