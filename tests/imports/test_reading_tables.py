"""Whole files become one canonical form; what cannot be read is a row with its reason, never a row lost (B-22)."""

import csv
import resource
from dataclasses import replace
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from ritorno.imports.reading.findings import Code, Unreadable, UnreadableCode
from ritorno.imports.reading.formats import FileFormat, FileKind, Limits, detect
from ritorno.imports.reading.tables import LISTED, Converted, Row, convert, rows

PLAIN = FileFormat(
    kind=FileKind.CSV, encoding="utf-8", delimiter=";", quote='"', decimal=",", sheet=None, sheets=[], header_row=1,
    has_bom=False,
)  # fmt: skip


def converted(tmp_path: Path, content: str | bytes, fmt: FileFormat = PLAIN) -> tuple[Converted, list[Row]]:
    source, target = tmp_path / "source", tmp_path / "canonical"
    source.write_bytes(content.encode() if isinstance(content, str) else content)
    result = convert(source, fmt, target)
    return result, list(rows(target))


def problems(read: list[Row]) -> dict[int, Code]:
    return {row.number: row.problem.code for row in read if row.problem}


def good(read: list[Row]) -> list[tuple[int, list[str]]]:
    return [(row.number, row.cells) for row in read if not row.problem]


def test_rows_keep_the_number_of_their_line(tmp_path: Path) -> None:
    result, read = converted(tmp_path, 'nome;note\n\nAda;"uno\ndue"\n;\nUgo;tre\n')

    assert good(read) == [(3, ["Ada", "uno\ndue"]), (6, ["Ugo", "tre"])]
    assert (result.rows, result.headers, result.bad_count) == (2, ["nome", "note"], 0)


def test_reading_goes_on_after_a_row_already_done(tmp_path: Path) -> None:
    converted(tmp_path, "nome;note\n" + "".join(f"{n};x\n" for n in range(2, 12)))

    assert [row.number for row in rows(tmp_path / "canonical", after=8)] == [9, 10, 11]


def test_an_unclosed_quote_costs_its_own_row_only__b_22(tmp_path: Path) -> None:
    result, read = converted(tmp_path, 'nome;note\nAda;"mai chiusa\nUgo;tre\nEva;"quattro"\nIda;cinque\n')

    assert problems(read) == {2: Code.UNCLOSED_QUOTE}
    assert good(read) == [(3, ["Ugo", "tre"]), (4, ["Eva", "quattro"]), (5, ["Ida", "cinque"])]
    assert result.bad[0].message == "A quote is opened and never closed."
    assert (result.rows, result.bad_count) == (4, 1)


def test_an_unclosed_quote_that_would_swallow_the_rest_of_the_file_does_not__b_22(tmp_path: Path) -> None:
    lines = [f"Ada;{n}\n" for n in range(30_000)]
    lines[10] = 'Ada;"10\n'

    result, read = converted(tmp_path, "nome;note\n" + "".join(lines))

    assert problems(read) == {12: Code.UNCLOSED_QUOTE}
    assert (result.rows, len(good(read))) == (30_000, 29_999)


def test_an_unclosed_quote_on_the_last_line_is_told(tmp_path: Path) -> None:
    _, read = converted(tmp_path, 'nome;note\nAda;uno\nUgo;"due')

    assert problems(read) == {3: Code.UNCLOSED_QUOTE}


def test_a_quote_that_closes_inside_a_cell_is_told(tmp_path: Path) -> None:
    _, read = converted(tmp_path, 'nome;note\nAda;"Bar "da Ada""\nUgo;Bar "da Ugo"\n')

    assert problems(read) == {2: Code.BAD_QUOTES}
    assert good(read) == [(3, ["Ugo", 'Bar "da Ugo"'])]


def test_quotes_that_never_close_all_over_a_file_cost_their_rows_only(tmp_path: Path) -> None:
    _, read = converted(tmp_path, "nome;note\n" + ('Ada;"z\n' + "Ugo;c\n" * 150) * 300)

    assert len(problems(read)) == 300
    assert len(good(read)) == 150 * 300


def test_rows_with_the_wrong_number_of_cells_keep_what_they_have(tmp_path: Path) -> None:
    _, read = converted(tmp_path, "nome;note\nAda\nUgo;uno;due\nEva;x;;\nIda;y\n")

    assert problems(read) == {2: Code.TOO_FEW_CELLS, 3: Code.TOO_MANY_CELLS}
    assert [row.cells for row in read] == [["Ada"], ["Ugo", "uno", "due"], ["Eva", "x"], ["Ida", "y"]]
    assert read[1].problem is not None
    assert read[1].problem.message == "The row has 3 cells, the table 2 columns."


def test_a_header_repeated_in_the_middle_is_a_remark_not_a_row(tmp_path: Path) -> None:
    result, read = converted(tmp_path, "nome;note\nAda;x\nnome;note\nUgo;y\n")

    assert [row.number for row in read] == [2, 4]
    assert [(finding.code, finding.row) for finding in result.remarks] == [(Code.HEADER_REPEATED, 3)]


def test_a_header_repeated_far_down_is_found_too(tmp_path: Path) -> None:
    page = "Ada;x\n" * 20_000 + "nome;note\n"

    result, read = converted(tmp_path, "nome;note\n" + page * 3)

    assert (result.rows, result.remark_count, len(read)) == (60_000, 3, 60_000)


def test_titles_and_what_is_above_the_header_are_no_rows(tmp_path: Path) -> None:
    _, read = converted(tmp_path, "Elenco\n\nnome;note\nAda;x\n", replace(PLAIN, header_row=3))

    assert good(read) == [(4, ["Ada", "x"])]


def test_undecodable_bytes_make_a_bad_row_and_spare_the_others__b_22(tmp_path: Path) -> None:
    content = "nome;note\nUgo;Però\n".encode() + b"Ada;Per\xf2\n" + "Eva;Però\n".encode()

    result, read = converted(tmp_path, content)

    assert problems(read) == {3: Code.UNDECODABLE}
    assert read[1].cells == ["Ada", "Per\ufffd"]
    assert (result.rows, result.bad_count, len(good(read))) == (3, 1, 2)


def test_nul_characters_make_a_bad_row(tmp_path: Path) -> None:
    _, read = converted(tmp_path, "nome;note\nAda;a\0b\nUgo;c\n")

    assert problems(read) == {2: Code.NUL_CHARACTER}
    assert good(read) == [(3, ["Ugo", "c"])]


def test_a_header_that_cannot_be_decoded_is_named_all_the_same(tmp_path: Path) -> None:
    result, read = converted(tmp_path, b'nome;citt\xe0\0;c\nAda;"x\0;y\n')

    assert result.headers == ["nome", "citt\ufffd\ufffd", "c"]
    assert problems(read) == {2: Code.UNCLOSED_QUOTE}
    assert read[0].cells == ['Ada;"x\ufffd;y']


def test_a_cell_too_long_is_a_bad_row__b_22(tmp_path: Path) -> None:
    _, read = converted(tmp_path, f"nome;note\nAda;{'x' * 200_000}\nUgo;{'y' * 100_000}\n")

    assert problems(read) == {2: Code.CELL_TOO_LONG}
    assert [(row.number, len(row.cells[1])) for row in read[1:]] == [(3, 100_000)]


def test_an_overlong_line_late_in_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        converted(tmp_path, "nome;note\n" + "Ada;x\n" * 100_000 + "y" * 6_000_000)

    assert refused.value.code == UnreadableCode.LINE_TOO_LONG


def test_a_text_cut_in_the_middle_of_a_character_is_refused(tmp_path: Path) -> None:
    content = "nome;note\nAda;x\n".encode("utf-16-le") + b"A"

    with pytest.raises(Unreadable) as refused:
        converted(tmp_path, content, replace(PLAIN, encoding="utf-16-le"))

    assert refused.value.code == UnreadableCode.DAMAGED


def test_bad_rows_are_all_counted_though_not_all_listed(tmp_path: Path) -> None:
    result, read = converted(tmp_path, "nome;note\n" + "Ada\n" * (LISTED + 500))

    assert (result.bad_count, len(result.bad), len(problems(read))) == (LISTED + 500, LISTED, LISTED + 500)


def test_a_conversion_that_is_stopped_leaves_no_file(tmp_path: Path) -> None:
    (tmp_path / "source").write_text("nome;note\n" + "Ada;x\n" * 20_000)

    def stop(_written: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        convert(tmp_path / "source", PLAIN, tmp_path / "canonical", on_rows=stop)

    assert [path.name for path in tmp_path.iterdir()] == ["source"]


def test_progress_is_told_up_to_the_last_row(tmp_path: Path) -> None:
    (tmp_path / "source").write_text("nome;note\n" + "Ada;x\n" * 20_001)
    told: list[int] = []

    convert(tmp_path / "source", PLAIN, tmp_path / "canonical", on_rows=told.append)

    assert told == sorted(told)
    assert told[-1] == 20_001


def test_two_hundred_thousand_rows_are_converted_in_flat_memory__b_22(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("nome;email;note\n" + "".join(f"Ada;ada{n}@example.it;{'x' * 200}\n" for n in range(200_000)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    result = convert(source, PLAIN, tmp_path / "canonical")
    count = sum(1 for _ in rows(tmp_path / "canonical"))

    assert (result.rows, count) == (200_000, 200_000)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 40_000


cells = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=12
) | st.sampled_from(['"', "\t", "\n", ";", ",", "a\nb", '""', "'", " ", "\u2028", "\x0b"])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(cells, min_size=3, max_size=3).filter(lambda row: any(cell.strip() for cell in row)), min_size=1),
    st.sampled_from([";", ",", "\t", "|"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(0, 300),
)
def test_whatever_a_cell_holds_comes_back_as_it_was(
    table: list[list[str]], mark: str, quoting: int, end: str, padding: int
) -> None:
    text = StringIO(newline="")
    writer = csv.writer(text, delimiter=mark, quoting=quoting, lineterminator=end)  # type: ignore[arg-type]
    writer.writerows([["uno", "due", "tre"], *[["plain", "row", str(n)] for n in range(padding)], *table])

    with TemporaryDirectory() as folder:
        fmt = replace(PLAIN, delimiter=mark)
        result, read = converted(Path(folder), text.getvalue().encode(), fmt)

    assert [row.cells for row in read[padding:]] == [[*row] for row in table]
    assert (result.rows, result.bad_count) == (len(table) + padding, 0)


@settings(max_examples=300, deadline=None)
@given(st.text("abc\"';,\n\r\tè ", min_size=1, max_size=200), st.sampled_from(['"', "'", None]))
def test_no_letter_of_any_file_is_ever_lost(text: str, quote: str | None) -> None:
    def letters(found: str) -> str:
        return "".join(mark for mark in found if mark.isalpha())

    assume(text.strip())
    with TemporaryDirectory() as folder:
        _, read = converted(Path(folder), text, replace(PLAIN, quote=quote, header_row=0))

    assert letters("".join(cell for row in read for cell in row.cells)) == letters(text)


@settings(max_examples=200, deadline=None)
@given(
    st.binary(max_size=300)
    | st.binary(max_size=40).map(lambda tail: "è;é\n".encode() * 20 + tail)
    | st.text("ab12@.,;|\t\"'\n\r ").map(str.encode)
)
def test_whatever_is_uploaded_is_read_or_refused(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        source = Path(folder) / "source"
        source.write_bytes(content)
        try:
            shown = detect(source, limits=Limits())
            result = convert(source, shown.format, Path(folder) / "canonical")
        except Unreadable:
            return
        assert len(list(rows(Path(folder) / "canonical"))) == result.rows


def test_a_file_detected_is_converted_as_it_was_shown(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes("sep=,\r\nNome,Nome,\r\nAda,Però,\r\nUgo,Neri,\r\n".encode("cp1252"))
    shown = detect(source, limits=Limits())

    result = convert(source, shown.format, tmp_path / "canonical")

    assert result.headers == [column.name for column in shown.columns] == ["Nome", "Nome (2)"]
    assert [row.cells for row in rows(tmp_path / "canonical")] == shown.rows == [["Ada", "Però"], ["Ugo", "Neri"]]
