"""The operator's answer is read as it comes, and what cannot be read covers nobody."""

from datetime import date

import pytest

from ritorno.oppositions.errors import OppositionFileUnreadable
from ritorno.oppositions.reading import Answer, Answered, read_answer
from ritorno.oppositions.rules import RowFault

ANNA = "+393331234567"
DAY = date(2026, 11, 20)


def read(text: str | bytes) -> Answer:
    return read_answer(text.encode() if isinstance(text, str) else text, country="IT", answered_on=DAY)


@pytest.mark.parametrize(
    "text",
    [
        "numero;esito\n3331234567;ISCRITTO\n",
        "Numero telefonico,Stato\n+39 333 123 4567,iscritto\n",
        "number\tstatus\n0039 333.1234567\tlisted\n",
        '"Phone number"|"Outcome"\n"393331234567"|"yes"\n',
        "Risposta del gestore\n\nNUMERO;ISCRITTO\n333-1234567;sì\n",
        "\ufeffesito;numero\nKO;'+393331234567\n",
        "numero;esito;note\r\n3331234567;1;\r\n\r\n",
    ],
)
def test_headers_separators_and_spellings_of_numbers_are_understood(text: str) -> None:
    assert read(text).numbers == {ANNA: Answered(True, None)}


def test_older_encodings_are_read() -> None:
    assert read("numero;esito\n3331234567;sì\n".encode("cp1252")).numbers == {ANNA: Answered(True, None)}
    assert read("numero;esito\n3331234567;no\n".encode("utf-16")).numbers == {ANNA: Answered(False, None)}


@pytest.mark.parametrize("written", ["2026-03-10", "10/03/2026", "10.03.2026", "10-03-2026"])
def test_the_date_of_entry_is_read(written: str) -> None:
    assert read(f"numero;esito;data iscrizione\n3331234567;sì;{written}\n").numbers == {
        ANNA: Answered(True, date(2026, 3, 10))
    }


def test_a_number_that_comes_twice_is_listed_if_one_row_says_so() -> None:
    rows = "numero;esito;dal\n3331234567;no;\n+393331234567;sì;2026-03-10\n00393331234567;sì;2026-02-01\n"

    answer = read(rows)

    assert answer.numbers == {ANNA: Answered(True, date(2026, 2, 1))}
    assert answer.rows_count == 3


def test_rows_that_cannot_be_read_are_told_with_their_line_and_cover_nobody() -> None:
    answer = read(
        "numero;esito;dal\nAnna;sì;\n;no;\n3331234567;forse;\n3331234568;sì;domani\n3331234569;sì;2027-01-01\n"
        "3331234570;no;\n899123456;no;\n3331234571\n"
    )

    assert answer.refused == [
        (2, RowFault.BAD_PHONE),
        (3, RowFault.NO_NUMBER),
        (4, RowFault.UNKNOWN_STATUS),
        (5, RowFault.BAD_DATE),
        (6, RowFault.BAD_DATE),
        (8, RowFault.BAD_PHONE),
        (9, RowFault.UNKNOWN_STATUS),
    ]
    assert list(answer.numbers) == ["+393331234570"]


@pytest.mark.parametrize(
    "content", [b"", b"name;city\nAnna;Roma\n", b"PK\x03\x04\x00\x00", b"3331234567\n3331234568\n"]
)
def test_a_file_without_numbers_and_outcomes_is_refused(content: bytes) -> None:
    with pytest.raises(OppositionFileUnreadable):
        read(content)
