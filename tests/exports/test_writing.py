"""The three formats as bytes."""

from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

from ritorno.exports.rules import Cell
from ritorno.exports.writing import XlsxFile, open_file
from tests.exports.files import READERS

NASTY = '=HYPERLINK("http://evil","x")'
ROWS: list[list[Cell]] = [
    [NASTY, 7, ["vip", "@amici"]],
    ['Perché, «così»;\r\n=2 "a"', 0, []],
    [None, -5, None],
    ["<script>", 12, ["{{7*7}}"]],
]


def written(path: Path, file_format: str) -> bytes:
    rows = open_file(path, "customers", file_format, ["name", "count", "tags"])
    rows.write(ROWS[:2])
    rows.write(ROWS[2:])
    rows.close()
    return path.read_bytes()


def test_s_18_csv_is_rfc_4180_in_utf_8_that_excel_recognises(tmp_path: Path) -> None:
    body = written(tmp_path / "rows", "csv")

    assert body.startswith(b'\xef\xbb\xbf"name","count","tags"\r\n')
    assert b'"\'=HYPERLINK(""http://evil"",""x"")","7","vip | @amici"\r\n' in body
    assert b'\r\n"","\'-5",""\r\n' in body


def test_b_20_b_21_xlsx_keeps_every_value_verbatim_as_text(tmp_path: Path) -> None:
    rows = READERS["xlsx"](written(tmp_path / "rows", "xlsx"))

    assert [row["name"] for row in rows] == [NASTY, ROWS[1][0], "", "<script>"]
    assert [row["count"] for row in rows] == ["7", "0", "-5", "12"]
    assert rows[3]["tags"] == "{{7*7}}"


def test_ndjson_keeps_numbers_and_lists(tmp_path: Path) -> None:
    rows = READERS["ndjson"](written(tmp_path / "rows", "ndjson"))

    assert rows[0] == {"name": f"'{NASTY}", "count": 7, "tags": ["vip", "'@amici"]}
    assert rows[2] == {"name": None, "count": -5, "tags": None}


@pytest.mark.parametrize(("count", "sheets"), [(3, 1), (4, 2), (7, 3)])
def test_a_sheet_that_is_full_is_followed_by_another(tmp_path: Path, count: int, sheets: int) -> None:
    file = XlsxFile(tmp_path / "rows.xlsx", "customers", ["n"], rows=3)
    file.write([[number] for number in range(count)])
    file.close()

    book = CalamineWorkbook.from_path(str(tmp_path / "rows.xlsx"))

    assert len(book.sheet_names) == sheets
    assert [row["n"] for row in READERS["xlsx"]((tmp_path / "rows.xlsx").read_bytes())] == [
        str(number) for number in range(count)
    ]
