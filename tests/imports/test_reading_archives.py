"""What a file is by its bytes, and which archives are never opened (B-23, S-19)."""

import io
import struct
from pathlib import Path
from typing import Any
from zipfile import ZIP_STORED, ZipFile

import pytest

from ritorno.imports.reading.findings import Unreadable, UnreadableCode
from ritorno.imports.reading.formats import FileKind, Limits, detect
from ritorno.imports.reading.tables import convert, rows
from tests.factories.files import ods, ods_row, ods_text, packed, workbook

LIMITS = Limits()


def refusal(path: Path, limits: Limits = LIMITS) -> UnreadableCode:
    with pytest.raises(Unreadable) as refused:
        detect(path, limits=limits)
    return refused.value.code


CSV = b"nome;email\nAda;ada@example.it\n"


def test_a_zip_of_one_file_is_read_as_that_file(tmp_path: Path) -> None:
    inner = workbook(tmp_path / "in.xlsx", lambda _book, sheet: sheet.write_row(0, 0, ["nome", "cap"]))
    folder = tmp_path / "zips"
    folder.mkdir()

    text = packed(folder / "a.zip", {"clienti.csv": CSV, "__MACOSX/._clienti.csv": b"x", "d/": b""})
    convert(text, detect(text, limits=LIMITS).format, folder / "canonical")
    shown = detect(packed(folder / "b.zip", {"clienti.xlsx": inner.read_bytes()}), limits=LIMITS)

    assert [row.cells for row in rows(folder / "canonical")] == [["Ada", "ada@example.it"]]
    assert shown.format.kind == FileKind.XLSX
    assert {path.name for path in folder.iterdir()} == {"a.zip", "canonical", "b.zip"}


def test_the_type_is_decided_by_the_bytes_not_by_the_name__s_19(tmp_path: Path) -> None:
    book = workbook(tmp_path / "clienti.csv", lambda _book, sheet: sheet.write_row(0, 0, ["nome", "cap"]))
    text = tmp_path / "clienti.xlsx"
    text.write_bytes(CSV)

    assert detect(book, limits=LIMITS).format.kind == FileKind.XLSX
    assert detect(text, limits=LIMITS).format.kind == FileKind.CSV


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"%PDF-1.7 nome;email", UnreadableCode.NOT_A_TABLE),
        (b"\x89PNG\r\n\x1a\n", UnreadableCode.NOT_A_TABLE),
        (b"<html><table><tr><td>nome", UnreadableCode.NOT_A_TABLE),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), UnreadableCode.NOT_A_TABLE),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"),
            UnreadableCode.ENCRYPTED,
        ),
        (b"PK\x03\x04 cut short", UnreadableCode.DAMAGED),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason__s_19(
    tmp_path: Path, content: bytes, code: UnreadableCode
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)

    assert refusal(path) == code


def test_an_archive_of_many_files_or_none_is_refused(tmp_path: Path) -> None:
    inner = packed(tmp_path / "in.zip", {"a.csv": CSV}).read_bytes()

    assert refusal(packed(tmp_path / "a.zip", {"a.csv": CSV, "b.csv": CSV})) == UnreadableCode.MANY_FILES
    assert refusal(packed(tmp_path / "b.zip", {})) == UnreadableCode.EMPTY
    assert refusal(packed(tmp_path / "c.zip", {"in.zip": inner})) == UnreadableCode.NOT_A_TABLE


def test_an_archive_with_a_password_is_refused(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a.csv": CSV})
    content = bytearray(path.read_bytes())
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(content)

    assert refusal(path) == UnreadableCode.ENCRYPTED


def test_a_zip_bomb_is_refused_by_its_directory__b_23(tmp_path: Path) -> None:
    bomb = packed(tmp_path / "a.zip", {"a.csv": b"a;b\n" * 2_000_000})

    assert refusal(bomb) == UnreadableCode.ZIP_BOMB
    assert refusal(bomb, Limits(ratio=10_000, unpacked_bytes=1_000_000)) == UnreadableCode.TOO_BIG
    many = packed(tmp_path / "b.zip", {f"{n}.csv": b"x" for n in range(50)})
    assert refusal(many, Limits(entries=20)) == UnreadableCode.ZIP_BOMB


def test_a_zip_bomb_that_lies_about_its_size_is_refused_while_it_unpacks__b_23(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a.csv": b"nome;email\n" + b"Ada;ada@example.it\n" * 200_000})
    content = bytearray(path.read_bytes())
    directory = content.index(b"PK\x01\x02")
    for at in (22, directory + 24):
        content[at : at + 4] = struct.pack("<I", 1_000)
    path.write_bytes(content)

    assert refusal(path) == UnreadableCode.ZIP_BOMB


def test_a_workbook_that_lies_about_its_size_is_refused__b_23(tmp_path: Path) -> None:
    def fill(_book: Any, sheet: Any) -> None:
        for row in range(2_000):
            sheet.write_row(row, 0, ["x" * 20, row])

    path = workbook(tmp_path / "a.xlsx", fill)
    with ZipFile(path) as archive:
        size = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", size), struct.pack("<I", 500)))

    assert refusal(path) == UnreadableCode.ZIP_BOMB


def test_a_cell_in_the_far_corner_does_not_ask_for_gigabytes__b_23(tmp_path: Path) -> None:
    def corner(row: int, column: int) -> Path:
        def fill(_book: Any, sheet: Any) -> None:
            sheet.write(0, 0, "nome")
            sheet.write(row, column, "x")

        return workbook(tmp_path / "a.xlsx", fill)

    assert refusal(corner(1, 16_383)) == UnreadableCode.TOO_MANY_COLUMNS
    assert refusal(corner(1_048_575, 900)) == UnreadableCode.TOO_BIG


def with_entry(path: Path, name: str, content: bytes = b"x") -> Path:
    with ZipFile(path, "a") as archive:
        archive.writestr(name, content)
    return path


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("xl/vbaProject.bin", UnreadableCode.HAS_MACROS),
        ("xl/macrosheets/sheet1.xml", UnreadableCode.HAS_MACROS),
        ("xl/activeX/activeX1.xml", UnreadableCode.HAS_MACROS),
        ("xl/externalLinks/externalLink1.xml", UnreadableCode.EXTERNAL_LINKS),
    ],
)
def test_a_workbook_with_macros_or_links_to_other_files_is_refused__b_23(
    tmp_path: Path, name: str, code: UnreadableCode
) -> None:
    path = workbook(tmp_path / "a.xlsx", lambda _book, sheet: sheet.write_row(0, 0, ["nome", "cap"]))

    assert refusal(with_entry(path, name)) == code


def test_an_ods_with_macros_links_or_a_password_is_refused__b_23(tmp_path: Path) -> None:
    row, path = ods_row(ods_text("nome"), ods_text("cap")), tmp_path / "a.ods"

    assert refusal(ods(path, row, also={"Basic/Standard/Module1.xml": "x"})) == UnreadableCode.HAS_MACROS
    assert refusal(ods(path, row, extra="<table:table-source/>")) == UnreadableCode.EXTERNAL_LINKS


def test_an_ods_that_repeats_a_value_for_ever_is_refused__b_23(tmp_path: Path) -> None:
    endless = ods_row(ods_text("x", 'table:number-columns-repeated="100000000"'))

    assert refusal(ods(tmp_path / "a.ods", endless)) == UnreadableCode.TOO_MANY_COLUMNS


def test_a_document_is_not_a_table(tmp_path: Path) -> None:
    types = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}

    assert refusal(packed(tmp_path / "a.docx", types)) == UnreadableCode.NOT_A_TABLE
    assert refusal(
        packed(tmp_path / "a.odt", {"mimetype": b"application/vnd.oasis.opendocument.text"}, ZIP_STORED)
    ) == (UnreadableCode.NOT_A_TABLE)


def test_a_damaged_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", lambda _book, sheet: sheet.write_row(0, 0, ["nome", "cap"]))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert refusal(path) == UnreadableCode.DAMAGED

    broken = io.BytesIO()
    with ZipFile(broken, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook")
    path.write_bytes(broken.getvalue())
    assert refusal(path) == UnreadableCode.DAMAGED
