"""Cells that a spreadsheet shows and never runs (S-18, B-20)."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ritorno.kit.spreadsheets import as_meant, neutral, neutral_for_machines

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


@given(st.text(alphabet="'=+-@a 1", max_size=8))
def test_what_was_made_harmless_is_read_as_it_was_meant(text: str) -> None:
    assert as_meant(neutral(text)) == (text if not text.startswith("'") else as_meant(text))
