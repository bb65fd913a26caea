"""Workbooks become text as a person would have typed it (B-22, B-47)."""

# ruff: noqa: DTZ001 - the days of a workbook have no zone

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest

from ritorno.imports.reading import sheets
from ritorno.imports.reading.findings import Code, Unreadable, UnreadableCode
from ritorno.imports.reading.formats import FileKind, Limits, Preview, detect, preview
from ritorno.imports.reading.tables import Converted, Row, convert, rows
from tests.factories.files import ods, ods_row, ods_text, workbook

LIMITS = Limits()


def read(path: Path) -> tuple[Preview, Converted, list[Row]]:
    shown = detect(path, limits=LIMITS)
    target = path.with_suffix(".canonical")
    return shown, convert(path, shown.format, target), list(rows(target))


def codes(found: Preview) -> list[Code]:
    return [finding.code for finding in found.warnings]


@pytest.mark.parametrize("is_1904", [False, True])
def test_dates_are_the_same_days_in_both_date_systems(tmp_path: Path, is_1904: bool) -> None:
    def fill(book: Any, sheet: Any) -> None:
        day, instant = (
            book.add_format({"num_format": "dd/mm/yy"}),
            book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"}),
        )
        sheet.write_row(0, 0, ["nascita", "ultimo acquisto"])
        sheet.write_datetime(1, 0, datetime(1985, 12, 10), day)
        sheet.write_datetime(1, 1, datetime(2024, 2, 29, 14, 5, 59), instant)
        sheet.write_datetime(2, 0, datetime(1904, 2, 29), day)
        sheet.write_datetime(2, 1, datetime(2024, 3, 1), instant)

    shown, _, table = read(workbook(tmp_path / "a.xlsx", fill, date_1904=is_1904))

    assert [row.cells for row in table] == [["1985-12-10", "2024-02-29 14:05:59"], ["1904-02-29", "2024-03-01"]]
    assert [column.date_formats for column in shown.columns] == [["ISO"], ["ISO"]]
    assert codes(shown) == []


def test_a_column_of_dates_and_of_texts_is_told(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["nome", "nascita"])
        sheet.write_row(1, 0, ["Ada", "31/12/1985"])
        sheet.write(2, 0, "Ugo")
        sheet.write_datetime(2, 1, datetime(1985, 5, 1), book.add_format({"num_format": "dd/mm/yyyy"}))

    shown = detect(workbook(tmp_path / "a.xlsx", fill), limits=LIMITS)

    assert shown.columns[1].date_formats == []
    assert [(finding.code, finding.column) for finding in shown.warnings] == [(Code.MIXED_DATES, "nascita")]


def test_numbers_are_written_as_a_person_would__b_47(tmp_path: Path) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["tessera", "cap", "importo", "attivo", "prezzo"])
        sheet.write_row(1, 0, [2091234567894, 20121, 12.5, True, "1,50"])
        sheet.write_string(2, 0, "0036000291452")
        sheet.write_row(2, 1, [9100, -0.1, False, "2,30"])

    shown, converted, table = read(workbook(tmp_path / "a.xlsx", fill))

    assert [row.cells for row in table] == [
        ["2091234567894", "20121", "12,5", "TRUE", "1,50"],
        ["0036000291452", "9100", "-0,1", "FALSE", "2,30"],
    ]
    assert shown.format.decimal == ","
    assert converted.remarks == []


def test_a_number_of_more_than_fifteen_digits_is_told_and_never_passes_for_a_card(tmp_path: Path) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ["tessera"])
        sheet.write_row(1, 0, [8001234567890123456])
        sheet.write_row(2, 0, [1234567890123456])

    shown, converted, table = read(workbook(tmp_path / "a.xlsx", fill))

    assert [row.cells for row in table] == [["8.00123456789012E+18"], ["1234567890123456"]]
    assert [(finding.code, finding.row) for finding in converted.remarks] == [
        (Code.NUMBER_AS_FLOAT, 2),
        (Code.NUMBER_AS_FLOAT, 3),
    ]
    assert codes(shown) == [Code.NUMBER_AS_FLOAT]


def test_every_kind_of_cell_has_its_text() -> None:
    typed = [
        sheets.as_typed(cell, ",")
        for cell in (1e-7, 1e20, float("nan"), 3, time(9, 5), timedelta(hours=26, minutes=5), date(2024, 1, 2), "x ")
    ]

    assert typed == ["0,0000001", "1.00000000000000E+20", "NAN", "3", "09:05:00", "26:05:00", "2024-01-02", "x "]
    assert sheets.as_typed(datetime(2024, 1, 1, 23, 59, 59, 999_999), ",") == "2024-01-02"


def test_error_cells_are_told_one_by_one_and_keep_their_name(tmp_path: Path) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.write_row(1, 1, ["nome", "cap"])
        sheet.write_row(2, 1, ["Ada", "20121"])
        sheet.write(3, 1, "Ugo")
        sheet.write_formula(3, 2, "=NA()", None, "#N/A")

    shown, converted, table = read(workbook(tmp_path / "a.xlsx", fill))

    assert [(row.number, row.cells) for row in table] == [(3, ["Ada", "20121"]), (4, ["Ugo", "#N/A"])]
    assert [(finding.code, finding.row, finding.column) for finding in converted.remarks] == [
        (Code.ERROR_CELL, 4, "cap")
    ]
    assert codes(shown) == [Code.ERROR_CELL]


def test_a_merged_value_belongs_to_every_cell_of_its_range(tmp_path: Path) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 2, "Elenco clienti")
        sheet.write_row(1, 0, ["negozio", "nome", "email"])
        sheet.merge_range(2, 0, 3, 0, "Milano")
        sheet.write_row(2, 1, ["Ada", "ada@example.it"])
        sheet.write_row(3, 1, ["Ugo", "ugo@example.it"])

    shown, _, table = read(workbook(tmp_path / "a.xlsx", fill))

    assert [row.cells for row in table] == [["Milano", "Ada", "ada@example.it"], ["Milano", "Ugo", "ugo@example.it"]]
    assert shown.format.header_row == 2
    assert codes(shown) == [Code.TITLE_SKIPPED, Code.MERGED_CELLS]


def test_of_a_header_over_two_rows_the_lower_is_read_and_told(tmp_path: Path) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 1, 0, "Nome")
        sheet.merge_range(0, 1, 0, 2, "Contatti")
        sheet.write_row(1, 1, ["Email", "Cell"])
        sheet.write_row(2, 0, ["Ada", "ada@example.it", "3331234567"])
        sheet.write_row(3, 0, ["Ugo", "ugo@example.it", "3331234568"])

    shown, _, table = read(workbook(tmp_path / "a.xlsx", fill))

    assert [column.name for column in shown.columns] == ["Nome", "Email", "Cell"]
    assert Code.TWO_ROW_HEADER in codes(shown)
    assert [row.cells[0] for row in table] == ["Ada", "Ugo"]


def test_the_first_visible_sheet_with_rows_is_read_and_another_may_be_chosen(tmp_path: Path) -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.hide()
        sheet.write_row(0, 0, ["segreto"])
        book.add_worksheet("Vuoto").activate()
        for name in ("Uno", "Due"):
            book.add_worksheet(name).write_row(0, 0, ["nome", name])

    path = workbook(tmp_path / "a.xlsx", fill)
    shown = detect(path, limits=LIMITS)

    assert (shown.format.sheet, shown.format.sheets) == ("Uno", ["Vuoto", "Uno", "Due"])
    assert Code.OTHER_SHEETS in codes(shown)

    other = preview(path, replace(shown.format, sheet="Due"), limits=LIMITS)
    assert [column.name for column in other.columns] == ["nome", "Due"]
    with pytest.raises(Unreadable) as refused:
        preview(path, replace(shown.format, sheet="segreto"), limits=LIMITS)
    assert refused.value.code == UnreadableCode.NO_SUCH_SHEET


def test_a_header_repeated_in_a_sheet_is_a_remark(tmp_path: Path) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        for row, cells in enumerate((["nome", "cap"], ["Ada", 20121], ["nome", "cap"], ["Ugo", 20122])):
            sheet.write_row(row, 0, cells)

    _, converted, table = read(workbook(tmp_path / "a.xlsx", fill))

    assert [row.number for row in table] == [2, 4]
    assert [finding.code for finding in converted.remarks] == [Code.HEADER_REPEATED]


def test_an_empty_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable) as refused:
        detect(workbook(tmp_path / "a.xlsx", lambda _book, _sheet: None), limits=LIMITS)

    assert refused.value.code == UnreadableCode.EMPTY


def test_an_ods_is_read_like_any_other(tmp_path: Path) -> None:
    number = '<table:table-cell office:value-type="float" office:value="2091234567894"><text:p>2,09E+12</text:p>'
    day = '<table:table-cell office:value-type="date" office:date-value="1985-12-10"><text:p>10/12/85</text:p>'
    path = ods(
        tmp_path / "a.ods",
        ods_row(ods_text("tessera"), ods_text("nascita")),
        ods_row(f"{number}</table:table-cell>", f"{day}</table:table-cell>"),
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>',
    )

    shown, converted, table = read(path)

    assert shown.format.kind == FileKind.ODS
    assert [row.cells for row in table] == [["2091234567894", "1985-12-10"]]
    assert (shown.columns[1].date_formats, converted.remarks) == (["ISO"], [])


def test_what_an_ods_does_not_tell_is_told(tmp_path: Path) -> None:
    path = ods(
        tmp_path / "a.ods",
        ods_row(ods_text("nome"), ods_text("cap")),
        ods_row(ods_text("Ada", 'table:number-columns-spanned="2"'), "<table:covered-table-cell/>"),
        ods_row(ods_text("Ugo"), '<table:table-cell office:value-type="string" calcext:value-type="error"/>'),
    )

    assert codes(detect(path, limits=LIMITS)) == [Code.ERROR_CELL, Code.MERGED_CELLS]
