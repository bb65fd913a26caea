"""Text files as rows: encoding, delimiter and quotes (B-22). A row that cannot be read says why, and the reading goes
on at the next line.
"""

import csv
import math
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections import Counter, deque
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import NamedTuple, TextIO

from ritorno.imports.reading.archives import BLOCK
from ritorno.imports.reading.findings import Code, Unreadable, UnreadableCode

SAMPLE = 1 << 18
"""How many bytes the delimiter, the header and the preview are judged by."""

LONGEST_LINE = 4_000_000

NO_DELIMITER = "\0"
"""For files of one column: rows with a NUL are problems anyway."""

_BINARY = "\0\x03\x04\x05\x06\x0e\x0f\x10"
_BOMS = {BOM_UTF8: "utf-8", BOM_UTF16_LE: "utf-16-le", BOM_UTF16_BE: "utf-16-be"}
_NOT_IN_CP1252 = b"\x81\x8d\x8f\x90\x9d"
_ESCAPED = re.compile("[\udc80-\udcff]")
_USUAL = (";", ",", "\t", "|")
_UNUSUAL = (
    "^",
    "~",
    "§",
    "¦",
    "¬",
    "#",
    "*",
    "!",
    "%",
    "&",
    "=",
    "+",
    "$",
    ":",
    "\x01",
    "\x02",
    "\x1c",
    "\x1e",
    "\x1f",
)
_SEP_LINE = re.compile(r'"?sep=(.)"?[\r\n]*', re.IGNORECASE)


class Record(NamedTuple):
    """A row as the file has it. With a problem, the cells are what could be made of it."""

    number: int
    cells: list[str]
    problem: Code | None = None


def find_encoding(path: Path) -> tuple[str, bool]:
    """Return the encoding, and whether the file states it by a byte order mark. Every byte is asked.

    Without a mark: UTF-8 when it is; else cp1252, or latin-1 for bytes that cp1252 lacks. A file that is UTF-8 but for
    a few broken bytes stays UTF-8, and those rows are told.
    """
    with path.open("rb") as file:
        start = file.read(4096)
    for mark, encoding in _BOMS.items():
        if start.startswith(mark):
            return encoding, True
    if len(start) > 3 and start.count(0) > len(start) // 4:
        return ("utf-16-le" if start[1::2].count(0) > start[0::2].count(0) else "utf-16-be"), False
    if _is_utf8(path):
        return "utf-8", False
    good, broken, is_cp1252 = _count(path)
    if good > 20 * broken:
        return "utf-8", False
    return ("cp1252" if is_cp1252 else "latin-1"), False


def _is_utf8(path: Path) -> bool:
    decoder = getincrementaldecoder("utf-8")()
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _count(path: Path) -> tuple[int, int, bool]:
    """Return how many letters beyond ASCII are good UTF-8, how many bytes are not, and whether cp1252 has them all."""
    decoder = getincrementaldecoder("utf-8")("surrogateescape")
    good = broken = 0
    is_cp1252 = True
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            text = decoder.decode(block)
            if not text.isascii():
                escaped = len(_ESCAPED.findall(text))
                broken += escaped
                good += len(text) - len(text.encode("ascii", "ignore")) - escaped
                is_cp1252 = is_cp1252 and len(block.translate(None, _NOT_IN_CP1252)) == len(block)
    return good, broken, is_cp1252


_ILLEGIBLE = re.compile("[\0\ud800-\udfff]")


def fault(cells: list[str]) -> Code | None:
    """Return why the cells cannot be kept as they are: bytes that are no letters, or NULs."""
    found = set(_ILLEGIBLE.findall("".join(cells)))
    if not found:
        return None
    return Code.NUL_CHARACTER if "\0" in found else Code.UNDECODABLE


def legible(cell: str) -> str:
    """Return a cell with a mark in place of what is no letter."""
    return _ILLEGIBLE.sub("\ufffd", cell)


def open_text(path: Path, encoding: str, has_bom: bool) -> TextIO:
    """Open a text file after its byte order mark; bytes that cannot be decoded come out as lone surrogates."""
    errors = "surrogatepass" if encoding.startswith("utf-16") else "surrogateescape"
    stream = path.open(encoding=encoding, errors=errors, newline="")
    if has_bom:
        stream.read(1)
    return stream


def read_sample(path: Path, encoding: str, has_bom: bool) -> str:
    """Return the first whole lines of a file. Raises Unreadable when it holds no text, or no lines."""
    try:
        with open_text(path, encoding, has_bom) as stream:
            text = stream.read(SAMPLE)
    except UnicodeDecodeError:
        raise _cut() from None
    is_all = len(text) < SAMPLE
    if not text.strip("\ufeff \t\r\n\0"):
        raise Unreadable(UnreadableCode.EMPTY, "The file holds no text.")
    if sum(map(text.count, _BINARY)) > 10 + len(text) // 100:
        raise Unreadable(UnreadableCode.NOT_A_TABLE, "The file is not text, nor a workbook.")
    if is_all:
        return text
    end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
    if not end:
        raise Unreadable(UnreadableCode.LINE_TOO_LONG, "The first line is too long to be a row.")
    return text[:end]


def _cut() -> Unreadable:
    return Unreadable(UnreadableCode.DAMAGED, "The text ends in the middle of a character.")


def sniff(sample: str) -> tuple[str | None, str | None]:
    """Return the delimiter and the quote of a text: the delimiter that gives most rows the same number of cells.

    None: one column, or no quotes.
    """
    if told := _SEP_LINE.match(sample):
        return told[1], _quote(sample, told[1])
    usual = [(*_score(sample, mark, _quote(sample, mark)), mark) for mark in _USUAL if mark in sample]
    share, score, delimiter = max(usual, key=lambda found: found[1], default=(0.0, 0.0, ""))
    if share < 0.9:
        rest = [(*_score(sample, mark, '"'), mark) for mark in _UNUSUAL if mark in sample]
        share, score, delimiter = max(
            [found for found in rest if found[0] > 0.95] + [(share, score, delimiter)], key=lambda found: found[1]
        )
    if share < 0.6:
        return None, _quote(sample, "\n")
    return delimiter, _quote(sample, delimiter)


def _score(sample: str, delimiter: str, quote: str | None) -> tuple[float, float]:
    """Return the share of rows with the commonest number of cells, and how much that says."""
    widths: Counter[int] = Counter()
    for number, record in enumerate(records(StringIO(sample, newline=""), delimiter, quote)):
        if number == 300:
            break
        if any(record.cells):
            widths[0 if record.problem else len(record.cells)] += 1
    width, rows = max(widths.items(), key=lambda found: (found[1], found[0]), default=(0, 0))
    if width < 2:
        return 0.0, 0.0
    share = rows / widths.total()
    return share, share * math.log2(width)


def _quote(sample: str, delimiter: str) -> str | None:
    edge = re.escape(delimiter)
    counts = {'"': len(re.findall(rf'(?:^|{edge})"', sample, re.MULTILINE))}
    # An apostrophe alone begins a name ('Ndrà) or a number that a spreadsheet shall not reckon with: it must close.
    counts["'"] = len(re.findall(rf"(?:^|{edge})'[^'\r\n]*'(?={edge}|\r?$)", sample, re.MULTILINE))
    lines = sample.count("\n") or sample.count("\r") or 1
    if counts["'"] > 2 * counts['"'] and counts["'"] >= lines / 2:
        return "'"
    if counts['"'] and _broken(sample, delimiter, '"') > 0.2 > _broken(sample, delimiter, None):
        return None
    return '"'


def _broken(sample: str, delimiter: str, quote: str | None) -> float:
    found = [record.problem for record in records(StringIO(sample, newline=""), delimiter, quote)]
    return sum(problem is not None for problem in found) / max(1, len(found))


class Plain(NamedTuple):
    """Lines one after the other, without their ends, in which no mark is special: a cell ends where a delimiter is."""

    number: int
    lines: list[str]

    def records(self, mark: str) -> Iterator[Record]:
        for number, line in enumerate(self.lines, start=self.number):
            if line:
                yield Record(number, line.split(mark))


def records(stream: TextIO, delimiter: str | None, quote: str | None) -> Iterator[Record]:
    """Yield the rows of a text with the line each begins on; blank lines and Excel's `sep=` line are no rows.

    A quote that never closes, or closes in the middle of a cell, makes its line a problem, and what it had swallowed is
    read again from the next line on. The search for its end stops at the next line that opens a quote, so no file is
    read more than twice.
    """
    mark = delimiter or NO_DELIMITER
    for chunk in chunks(stream, delimiter, quote):
        if isinstance(chunk, Record):
            yield chunk
        else:
            yield from chunk.records(mark)


def chunks(stream: TextIO, delimiter: str | None, quote: str | None) -> Iterator[Plain | Record]:
    """Yield the same rows, and many at a time where the text is plain: splitting lines is four times as fast as parsing
    them.
    """
    blocks = _blocks(stream)
    taken: list[str] = []
    again: deque[str] = deque()
    number = 1
    for block in blocks:
        if number > 1 and _is_plain(block, quote):
            lines = block.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
            yield Plain(number, lines)
            number += len(lines)
            continue
        again.extend(StringIO(block, newline=""))
        while again:
            reader = csv.reader(
                _lines(again, blocks, taken),
                delimiter=delimiter or NO_DELIMITER,
                quotechar=quote or '"',
                quoting=csv.QUOTE_MINIMAL if quote else csv.QUOTE_NONE,
                strict=True,
            )
            try:
                for cells in reader:
                    if cells and not (number == 1 and _SEP_LINE.fullmatch(taken[0])):
                        yield Record(number, cells)
                    number += len(taken)
                    taken.clear()
                    if not again:
                        break
            except csv.Error as error:
                yield Record(number, [taken[0].rstrip("\r\n")[:100_000]], _why(error, taken))
                again.extendleft(reversed(taken[1:]))
                number += 1
                taken.clear()


def _blocks(stream: TextIO) -> Iterator[str]:
    """Yield the text in blocks of whole lines; a "\\r\\n" is never parted. The first block is small: it is parsed."""
    rest, size = "", 1 << 12
    try:
        while block := stream.read(size):
            text = rest + block
            end = max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
            if end:
                yield text[:end]
            elif len(text) > LONGEST_LINE:
                raise Unreadable(UnreadableCode.LINE_TOO_LONG, f"A line has more than {LONGEST_LINE:,} characters.")
            rest, size = text[end:], 1 << 19
    except UnicodeDecodeError:
        raise _cut() from None
    if rest:
        yield rest


def _is_plain(block: str, quote: str | None) -> bool:
    if '"' in block or "\0" in block or (quote is not None and quote in block):
        return False
    try:
        block.encode()
    except UnicodeEncodeError:
        return False
    return max(map(len, block.splitlines())) <= csv.field_size_limit()


def _lines(again: deque[str], blocks: Iterator[str], taken: list[str]) -> Iterator[str]:
    """Yield the lines waiting, and those of the blocks that follow while a row needs them; `taken` are the row's."""
    while True:
        while again:
            line = again.popleft()
            taken.append(line)
            yield line
        block = next(blocks, None)
        if block is None:
            return
        again.extend(StringIO(block, newline=""))


def _why(error: csv.Error, taken: list[str]) -> Code:
    if len(taken) > 1 or "unexpected end" in str(error):
        return Code.UNCLOSED_QUOTE
    return Code.CELL_TOO_LONG if "field limit" in str(error) else Code.BAD_QUOTES
