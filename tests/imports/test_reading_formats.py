"""What a text file is: encoding, delimiter, quotes, header, decimals, dates (B-22)."""

import codecs
from dataclasses import replace
from pathlib import Path

import pytest

from ritorno.imports.reading.findings import Code, Unreadable, UnreadableCode
from ritorno.imports.reading.formats import FileKind, Limits, Preview, detect, preview

LIMITS = Limits()


def seen(tmp_path: Path, content: str | bytes, *, name: str = "file.csv", limits: Limits = LIMITS) -> Preview:
    path = tmp_path / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return detect(path, limits=limits)


def refusal(tmp_path: Path, content: str | bytes, *, limits: Limits = LIMITS) -> UnreadableCode:
    with pytest.raises(Unreadable) as refused:
        seen(tmp_path, content, limits=limits)
    assert refused.value.message
    return refused.value.code


def codes(found: Preview) -> list[Code]:
    return [finding.code for finding in found.warnings]


def names(found: Preview) -> list[str]:
    return [column.name for column in found.columns]


PEOPLE = "nome;cognome;email\nAda;Neri;ada@example.it\nUgo;Però;ugo@example.it\n"


@pytest.mark.parametrize("mark", [";", ",", "\t", "|", "^", "~", "§", "#", "\x1f", ":"])
def test_any_delimiter_is_found__b_22(tmp_path: Path, mark: str) -> None:
    found = seen(tmp_path, PEOPLE.replace(";", mark))

    assert (found.format.kind, found.format.delimiter) == (FileKind.CSV, mark)
    assert names(found) == ["nome", "cognome", "email"]
    assert found.rows == [["Ada", "Neri", "ada@example.it"], ["Ugo", "Però", "ugo@example.it"]]


def test_decimal_commas_do_not_pass_for_delimiters(tmp_path: Path) -> None:
    found = seen(tmp_path, "sku;prezzo\nA1;1,50\nA2;2,30\nA3;1.200,00\n")

    assert (found.format.delimiter, found.format.decimal) == (";", ",")


def test_the_decimal_mark_follows_the_values_not_the_delimiter(tmp_path: Path) -> None:
    assert seen(tmp_path, "sku;prezzo\nA1;1.50\nA2;2.30\n").format.decimal == "."
    assert seen(tmp_path, 'sku,prezzo\nA1,"1,50"\nA2,"2,30"\n').format.decimal == ","
    assert seen(tmp_path, "sku,pezzi\nA1,1\nA2,2\n").format.decimal == "."


def test_a_single_column_has_no_delimiter(tmp_path: Path) -> None:
    found = seen(tmp_path, "email\nada@example.it\nugo@example.it\n")

    assert found.format.delimiter is None
    assert found.rows == [["ada@example.it"], ["ugo@example.it"]]


def test_the_first_line_of_excel_names_the_delimiter_and_is_no_row(tmp_path: Path) -> None:
    found = seen(tmp_path, "sep=|\r\nnome|email\r\nAda|ada@example.it\r\n")

    assert (found.format.delimiter, found.format.header_row) == ("|", 2)
    assert found.rows == [["Ada", "ada@example.it"]]
    assert codes(found) == []


@pytest.mark.parametrize(
    ("mark", "encoding", "named"),
    [
        (codecs.BOM_UTF8, "utf-8", "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be"),
        (b"", "utf-16-le", "utf-16-le"),
        (b"", "utf-8", "utf-8"),
        (b"", "cp1252", "cp1252"),
    ],
)
def test_the_encoding_is_found_with_and_without_a_mark__b_22(
    tmp_path: Path, mark: bytes, encoding: str, named: str
) -> None:
    found = seen(tmp_path, mark + PEOPLE.encode(encoding))

    assert (found.format.encoding, found.format.has_bom) == (named, bool(mark))
    assert found.rows[1] == ["Ugo", "Però", "ugo@example.it"]
    assert names(found)[0] == "nome"


def test_the_whole_file_decides_the_encoding_not_its_beginning__b_22(tmp_path: Path) -> None:
    late = PEOPLE.replace("ò", "o") + "Ada;Neri;ada@example.it\n" * 100_000

    assert seen(tmp_path, late.encode() + "Ugo;Però;u@example.it\n".encode("cp1252")).format.encoding == "cp1252"
    assert seen(tmp_path, late.encode() + "Ugo;Però;u@example.it\n".encode()).format.encoding == "utf-8"


def test_bytes_that_cp1252_lacks_make_it_latin_1__b_22(tmp_path: Path) -> None:
    assert seen(tmp_path, PEOPLE.encode("cp1252") + b"Ugo;\x81;u@example.it\n").format.encoding == "latin-1"


def test_a_few_broken_bytes_do_not_spoil_the_accents_of_everybody(tmp_path: Path) -> None:
    rows = "Ugo;Però;ugo@example.it\n" * 100

    found = seen(tmp_path, ("nome;cognome;email\n" + rows).encode() + b"Ugo;Per\xf2;u@example.it\n")

    assert found.format.encoding == "utf-8"
    assert found.rows[0][1] == "Però"


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_every_end_of_line_is_an_end_of_line(tmp_path: Path, end: str) -> None:
    assert len(seen(tmp_path, PEOPLE.replace("\n", end)).rows) == 2


def test_single_quotes_are_found(tmp_path: Path) -> None:
    found = seen(tmp_path, "'nome';'note'\n'Ada';'a;b'\n'Ugo';'l''altro'\n")

    assert found.format.quote == "'"
    assert found.rows == [["Ada", "a;b"], ["Ugo", "l'altro"]]


def test_an_apostrophe_before_a_name_is_no_quote(tmp_path: Path) -> None:
    found = seen(tmp_path, "nome,cognome\nAda,'Ndrà\nUgo,'Nzù\n")

    assert (found.format.delimiter, found.rows) == (",", [["Ada", "'Ndrà"], ["Ugo", "'Nzù"]])


def test_a_file_of_stray_quotes_has_none(tmp_path: Path) -> None:
    found = seen(tmp_path, "sku;nome\n" + "".join(f'{n};"Tubo da {n}\n' for n in range(10, 20)))

    assert found.format.quote is None
    assert found.rows[0] == ["10", '"Tubo da 10']


def test_a_quoted_newline_stays_in_its_cell(tmp_path: Path) -> None:
    found = seen(tmp_path, 'nome;note\nAda;"uno\ndue"\nUgo;tre\n')

    assert found.rows == [["Ada", "uno\ndue"], ["Ugo", "tre"]]


def test_titles_above_the_header_are_told(tmp_path: Path) -> None:
    found = seen(tmp_path, f"Elenco clienti;;\nStampato il 01/02/2024;;\n\n{PEOPLE}")

    assert found.format.header_row == 4
    assert codes(found) == [Code.TITLE_SKIPPED, Code.TITLE_SKIPPED]
    assert [finding.row for finding in found.warnings] == [1, 2]
    assert found.rows[0][0] == "Ada"


def test_a_file_without_a_header_has_numbered_columns(tmp_path: Path) -> None:
    found = seen(tmp_path, "Ada;Neri;3331234567;20121\nUgo;Rossi;3331234568;20122\n")

    assert found.format.header_row == 0
    assert names(found) == ["Column 1", "Column 2", "Column 3", "Column 4"]
    assert codes(found) == [Code.NO_HEADER]
    assert len(found.rows) == 2


def test_a_table_of_words_is_believed_to_have_a_header(tmp_path: Path) -> None:
    assert seen(tmp_path, "nome;cognome\nAda;Neri\nUgo;Rossi\n").format.header_row == 1


def test_repeated_and_empty_headers_get_names_of_their_own__b_22(tmp_path: Path) -> None:
    found = seen(tmp_path, "nome;;Nome;nome (2)\nAda;x;Neri;y\n")

    assert names(found) == ["nome", "Column 2", "Nome (2)", "nome (2) (2)"]
    assert codes(found) == [Code.UNNAMED_COLUMN, Code.DUPLICATE_HEADER]


def test_columns_at_the_end_without_name_and_values_are_none(tmp_path: Path) -> None:
    assert names(seen(tmp_path, "nome;email;;\nAda;a@example.it;;\n")) == ["nome", "email"]
    assert names(seen(tmp_path, "nome;email;;\nAda;a@example.it;x;\n")) == ["nome", "email", "Column 3"]


def test_three_hundred_columns_are_read(tmp_path: Path) -> None:
    header = ";".join(f"campo {n}" for n in range(300))
    found = seen(tmp_path, header + "\n" + ";".join(["x"] * 300) + "\n")

    assert len(found.columns) == 300
    assert found.columns[299].name == "campo 299"


def test_more_columns_than_the_limit_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, PEOPLE, limits=Limits(columns=2)) == UnreadableCode.TOO_MANY_COLUMNS


def test_a_file_of_only_a_header_has_columns_and_no_rows(tmp_path: Path) -> None:
    found = seen(tmp_path, "nome;cognome;email\n")

    assert names(found) == ["nome", "cognome", "email"]
    assert (found.rows, found.sampled, codes(found)) == ([], 0, [Code.NO_ROWS])


@pytest.mark.parametrize("content", [b"", b"\n\n \n", codecs.BOM_UTF8, codecs.BOM_UTF16_LE + b"\n\0"])
def test_an_empty_file_is_refused_clearly(tmp_path: Path, content: bytes) -> None:
    assert refusal(tmp_path, content) == UnreadableCode.EMPTY


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2_000_000_000)

    with pytest.raises(Unreadable) as refused:
        detect(path, limits=LIMITS)

    assert refused.value.code == UnreadableCode.TOO_BIG


def test_a_line_without_end_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a" * 5_000_000) == UnreadableCode.LINE_TOO_LONG


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path, bytes(range(256)) * 40) == UnreadableCode.NOT_A_TABLE


def test_a_column_knows_its_samples_and_how_full_it_is(tmp_path: Path) -> None:
    rows = "".join(f"{n};{'' if n % 2 else 'M'}\n" for n in range(8))
    found = seen(tmp_path, "numero;sesso\n" + rows)

    assert found.columns[0].samples == ["0", "1", "2", "3", "4"]
    assert (found.columns[1].samples, found.columns[1].filled, found.sampled) == (["M"], 4, 8)


def test_ambiguous_dates_are_told_and_never_decided__b_18(tmp_path: Path) -> None:
    found = seen(tmp_path, "nascita;iscritto\n01/02/2003;15/02/2003\n03/04/2005;01/04/2005\n")

    assert found.columns[0].date_formats == ["DD/MM/YYYY", "MM/DD/YYYY"]
    assert found.columns[1].date_formats == ["DD/MM/YYYY"]
    assert [(finding.code, finding.column) for finding in found.warnings] == [(Code.AMBIGUOUS_DATES, "nascita")]


def test_only_twenty_rows_are_shown(tmp_path: Path) -> None:
    found = seen(tmp_path, PEOPLE + "Eva;Blu;e@example.it\n" * 30)

    assert (len(found.rows), found.sampled) == (20, 32)


def test_a_corrected_format_is_obeyed(tmp_path: Path) -> None:
    found = seen(tmp_path, "nome,cognome\nAda,Neri\n")
    path = tmp_path / "file.csv"

    corrected = preview(path, replace(found.format, header_row=0, delimiter=";"), limits=LIMITS)

    assert corrected.rows == [["nome,cognome"], ["Ada,Neri"]]
    assert names(corrected) == ["Column 1"]
