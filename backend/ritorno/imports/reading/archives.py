"""What a file is by its bytes, never by its name (S-19), and whether it may be opened at all (B-23): zips are weighed
by their directory and again while unpacking; macros, links to other files and passwords are refused.
"""

import re
import tempfile
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from struct import unpack_from
from typing import IO, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from ritorno.imports.reading.findings import Unreadable, UnreadableCode


class FileKind(StrEnum):
    """The kinds read. A zip holding exactly one of them, and nothing else, is read as that file."""

    CSV = "csv"
    XLSX = "xlsx"
    ODS = "ods"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a file may weigh; past any of them it is refused with `Unreadable` (B-23)."""

    file_bytes: int = 1_000_000_000
    unpacked_bytes: int = 2_000_000_000
    workbook_bytes: int = 600_000_000
    """Unpacked: a workbook is read in memory, a CSV is not."""
    workbook_cells: int = 25_000_000
    """Used rows times used columns: the reader keeps 32 bytes for each, empty or not."""
    ratio: int = 200
    entries: int = 2_000
    columns: int = 1_000


BLOCK = 1 << 20

_OTHERS = {
    b"%PDF": "a PDF", b"\x89PNG": "an image", b"\xff\xd8\xff": "an image", b"GIF8": "an image",
    b"\x1f\x8b": "a gzip archive", b"7z\xbc\xaf": "a 7-Zip archive", b"Rar!": "a RAR archive",
    b"PAR1": "a Parquet file", b"SQLite format": "a database", b"{\\rtf": "a text document",
}  # fmt: skip
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ODS_TYPE = b"application/vnd.oasis.opendocument.spreadsheet"
_ACTIVE = re.compile(rb"vbaProject|macroEnabled|macrosheet|activeX", re.IGNORECASE)
_LINKED = re.compile(rb"externalLink|connections\+xml", re.IGNORECASE)


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[tuple[FileKind, Path]]:
    """Give the kind of a file and a plain file of that kind: itself, or the one file of a zip, unpacked beside it.

    Raises Unreadable.
    """
    kind = _kind(path, limits, heaviest=limits.file_bytes)
    if kind is not None:
        yield kind, path
        return
    with ZipFile(path) as packed, tempfile.NamedTemporaryFile(dir=path.parent, suffix=".unpacked") as plain:
        (only,) = _documents(packed)
        for block in inflated(packed, only):
            plain.write(block)
        plain.flush()
        kind = _kind(Path(plain.name), limits, heaviest=limits.unpacked_bytes)
        if kind is None:
            raise Unreadable(UnreadableCode.NOT_A_TABLE, "The archive holds another archive.")
        yield kind, Path(plain.name)


def inflated(packed: ZipFile, entry: ZipInfo) -> Iterator[bytes]:
    """Yield the blocks of an entry, and refuse it as soon as it is larger than its directory says.

    The readers of workbooks believe the stream, not the directory; `ZipFile.open` believes the directory. Only reading
    the stream to its end shows that the two agree.
    """
    source = packed.fp
    assert source is not None
    source.seek(entry.header_offset)
    header = source.read(30)
    if len(header) < 30 or header[:4] != b"PK\x03\x04":
        raise _damaged()
    source.seek(sum(unpack_from("<HH", header, 26)), 1)
    size = 0
    for block in _stored(source, entry) if entry.compress_type == ZIP_STORED else _deflated(source, entry):
        size += len(block)
        if size > entry.file_size:
            raise Unreadable(UnreadableCode.ZIP_BOMB, "The archive unpacks to more than it declares.")
        yield block
    if size != entry.file_size:
        raise _damaged()


def _stored(source: IO[bytes], entry: ZipInfo) -> Iterator[bytes]:
    left = entry.compress_size
    while left and (block := source.read(min(left, BLOCK))):
        left -= len(block)
        yield block


def _deflated(source: IO[bytes], entry: ZipInfo) -> Iterator[bytes]:
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for packed in _stored(source, entry):
            rest = packed
            while rest and not stream.eof:
                yield stream.decompress(rest, BLOCK)
                rest = stream.unconsumed_tail
        while not stream.eof and (block := stream.decompress(stream.unconsumed_tail, BLOCK)):
            yield block
    except zlib.error:
        raise _damaged() from None
    if not stream.eof:
        raise _damaged()


def _kind(path: Path, limits: Limits, *, heaviest: int) -> FileKind | None:
    """Return the kind, or None for a zip of one file."""
    size = path.stat().st_size
    if size == 0:
        raise Unreadable(UnreadableCode.EMPTY, "The file is empty.")
    if size > heaviest:
        raise _too_big(heaviest)
    with path.open("rb") as file:
        start = file.read(4096)
        if start.startswith(_OLE):
            raise _old_workbook(file)
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path, size, limits)
    for magic, name in _OTHERS.items():
        if start.startswith(magic):
            raise Unreadable(UnreadableCode.NOT_A_TABLE, f"The file is {name}, not a table.")
    if re.match(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml|<html|<!doctype|<table|<meta)", start, re.IGNORECASE):
        raise Unreadable(UnreadableCode.NOT_A_TABLE, "The file is a web page or XML: save it as XLSX or CSV.")
    return FileKind.CSV


def _old_workbook(file: BinaryIO) -> Unreadable:
    file.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in file.read(BLOCK):
        return Unreadable(UnreadableCode.ENCRYPTED, "The workbook has a password: save it without one.")
    return Unreadable(UnreadableCode.NOT_A_TABLE, "The file is an old Excel workbook: save it as XLSX.")


def _zip_kind(path: Path, size: int, limits: Limits) -> FileKind | None:
    _weigh_directory(path, size, limits)
    try:
        with ZipFile(path) as packed:
            entries = packed.infolist()
            names = {entry.filename for entry in entries}
            if not _documents(packed):
                raise Unreadable(UnreadableCode.EMPTY, "The archive is empty.")
            is_workbook = "[Content_Types].xml" in names or _mimetype(packed, names) == _ODS_TYPE
            _weigh(entries, size, limits.workbook_bytes if is_workbook else limits.unpacked_bytes, limits)
            if is_workbook:
                for entry in entries:
                    deque(inflated(packed, entry), maxlen=0)
                return _examine_xlsx(packed, names) if "[Content_Types].xml" in names else _examine_ods(packed, names)
            if "mimetype" in names:
                raise Unreadable(UnreadableCode.NOT_A_TABLE, "The file is a document, not a table.")
            if len(_documents(packed)) > 1:
                raise Unreadable(
                    UnreadableCode.MANY_FILES, "The archive holds more than one file: import one at a time."
                )
    except (BadZipFile, NotImplementedError, UnicodeDecodeError):
        raise _damaged() from None
    return None


def _weigh_directory(path: Path, size: int, limits: Limits) -> None:
    """Refuse a directory of too many entries before it is read into memory."""
    with path.open("rb") as file:
        file.seek(max(0, size - 65_557))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < 22:
        raise _damaged()
    entries, length = unpack_from("<HI", tail, at + 10)
    if entries > limits.entries or length > limits.entries * 512:
        raise Unreadable(UnreadableCode.ZIP_BOMB, f"The archive has more than {limits.entries} files.")


def _weigh(entries: list[ZipInfo], size: int, heaviest: int, limits: Limits) -> None:
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(UnreadableCode.ENCRYPTED, "The archive has a password.")
    if any(entry.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for entry in entries):
        raise Unreadable(UnreadableCode.DAMAGED, "The archive is compressed in an unusual way.")
    if len({entry.filename for entry in entries}) < len(entries):
        raise _damaged()
    if sum(entry.compress_size for entry in entries) > size:
        raise Unreadable(UnreadableCode.ZIP_BOMB, "The files of the archive overlap.")
    if any(entry.file_size > max(BLOCK, limits.ratio * entry.compress_size) for entry in entries):
        raise Unreadable(UnreadableCode.ZIP_BOMB, f"The archive unpacks to more than {limits.ratio} times its size.")
    if sum(entry.file_size for entry in entries) > heaviest:
        raise _too_big(heaviest)


def _documents(packed: ZipFile) -> list[ZipInfo]:
    """Return the files that somebody put in the archive; those the Mac adds are not."""
    return [
        entry
        for entry in packed.infolist()
        if not entry.is_dir() and not entry.filename.startswith("__MACOSX/") and ".DS_Store" not in entry.filename
    ]


def _mimetype(packed: ZipFile, names: set[str]) -> bytes:
    return part(packed, "mimetype").strip() if "mimetype" in names else b""


def part(packed: ZipFile, name: str) -> bytes:
    """Return a small part of a workbook whole; a large one is damage."""
    entry = packed.getinfo(name)
    if entry.file_size > 16 * BLOCK:
        raise _damaged()
    return b"".join(inflated(packed, entry))


def _examine_xlsx(packed: ZipFile, names: set[str]) -> FileKind:
    types = part(packed, "[Content_Types].xml")
    listing = types + "\n".join(names).encode()
    if _ACTIVE.search(listing):
        raise Unreadable(UnreadableCode.HAS_MACROS, "The workbook has macros: save it as XLSX without them.")
    if _LINKED.search(listing):
        raise Unreadable(
            UnreadableCode.EXTERNAL_LINKS, "The workbook takes values from other files: paste them as values."
        )
    if "xl/workbook.xml" not in names:
        raise Unreadable(UnreadableCode.NOT_A_TABLE, "The file is an Office document, not an XLSX workbook.")
    return FileKind.XLSX


def _examine_ods(packed: ZipFile, names: set[str]) -> FileKind:
    if "META-INF/manifest.xml" in names and b"encryption-data" in part(packed, "META-INF/manifest.xml"):
        raise Unreadable(UnreadableCode.ENCRYPTED, "The workbook has a password: save it without one.")
    if any(name.startswith(("Basic/", "Scripts/")) and not name.endswith("/") for name in names):
        raise Unreadable(UnreadableCode.HAS_MACROS, "The workbook has macros: save it without them.")
    if "content.xml" not in names:
        raise _damaged()
    return FileKind.ODS


def _too_big(limit: int) -> Unreadable:
    return Unreadable(UnreadableCode.TOO_BIG, f"The file is larger than {limit / 1e6:,.0f} MB.")


def _damaged() -> Unreadable:
    return Unreadable(UnreadableCode.DAMAGED, "The file is damaged or cut short.")
