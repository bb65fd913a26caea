"""Files as people send them: workbooks, ODS sheets, archives."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import xlsxwriter


def workbook(path: Path, fill: Callable[[Any, Any], None], **options: object) -> Path:
    """Write a workbook of one sheet, filled by a function of the book and the sheet."""
    book = xlsxwriter.Workbook(str(path), options)
    fill(book, book.add_worksheet("Clienti"))
    book.close()
    return path


def ods(path: Path, *table_rows: str, extra: str = "", also: dict[str, str] | None = None) -> Path:
    """Write an ODS of one sheet from the XML of its rows."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    with ZipFile(path, "w") as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        packed.writestr(
            "content.xml",
            f'<office:document-content {spaces} xmlns:calcext="urn:calcext"><office:body><office:spreadsheet>'
            f'<table:table table:name="Clienti">{"".join(table_rows)}{extra}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        for name, content in (also or {}).items():
            packed.writestr(name, content)
    return path


def ods_row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def ods_text(text: str, more: str = "") -> str:
    return f'<table:table-cell {more} office:value-type="string"><text:p>{text}</text:p></table:table-cell>'


def packed(path: Path, entries: dict[str, bytes], compression: int = ZIP_DEFLATED) -> Path:
    with ZipFile(path, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return path
