"""Many small PDF files of our own making become one, page behind page, without ever being in memory together.

It reads what Typst writes and nothing else: a plain cross-reference table, objects one after the other, one node of
pages. Each file is numbered on behind the one before it and hangs its pages into a common node.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

_START = re.compile(rb"startxref\s+(\d+)\s+%%EOF\s*$")
_ROOT = re.compile(rb"/Root (\d+) 0 R")
_PAGES = re.compile(rb"/Pages (\d+) 0 R")
_COUNT = re.compile(rb"/Count (\d+)")
_REFERENCE = re.compile(rb"(?<![\d.])(\d+) 0 R(?![A-Za-z])")
_HEAD = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_CATALOG, _NODE = 1, 2


def bind(files: Sequence[Path]) -> Iterator[bytes]:
    """Yield one PDF of all these files' pages; none gives a PDF without a page.

    All are opened at once: whatever is thrown away before its turn comes is still read.
    """
    return _bound([file.open("rb") for file in files])


def _bound(files: Sequence[BinaryIO]) -> Iterator[bytes]:
    yield _HEAD
    position, taken = len(_HEAD), _NODE
    places: list[int] = []
    kids: list[bytes] = []
    pages = 0
    for file in files:
        with file:
            objects, node, count = _read(file.read())
        for number, content in sorted(objects.items()):
            body = _renumbered(content, taken)
            if number == node:
                body = body.replace(b"<<", b"<</Parent %d 0 R" % _NODE, 1)
            chunk = b"%d 0 obj\n%s\nendobj\n" % (number + taken, body)
            places.append(position)
            position += len(chunk)
            yield chunk
        kids.append(b"%d 0 R" % (node + taken))
        pages += count
        taken += len(objects)
    tail = [
        b"%d 0 obj\n<</Type/Catalog/Pages %d 0 R>>\nendobj\n" % (_CATALOG, _NODE),
        b"%d 0 obj\n<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n" % (_NODE, pages, b" ".join(kids)),
    ]
    places[:0] = [position, position + len(tail[0])]
    table = b"".join(b"%010d 00000 n\r\n" % place for place in places)
    yield b"".join(tail)
    yield b"xref\n0 %d\n0000000000 65535 f\r\n%s" % (len(places) + 1, table)
    yield b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(places) + 1,
        _CATALOG,
        position + sum(map(len, tail)),
    )


def _read(pdf: bytes) -> tuple[dict[int, bytes], int, int]:
    """Return the objects of a file by number, without gaps, the number of its node of pages, and how many they are."""
    start = _START.search(pdf)
    assert start is not None, "Typst ends a file like this"
    table = int(start[1])
    head, *rows = pdf[table:].split(b"trailer", 1)[0].split(b"\n", 2)[2].splitlines()
    assert head.endswith(b"f"), "the first row of the table is free"
    places = [int(row[:10]) for row in rows if row.strip()]
    ends = dict(zip(sorted(places), [*sorted(places)[1:], table], strict=True))
    objects = {number: _content(pdf[place : ends[place]]) for number, place in enumerate(places, start=1)}
    root = int(_found(_ROOT, pdf[table:]))
    node = int(_found(_PAGES, objects[root]))
    # The old catalogue names pages that have a parent now; nothing points to it any more.
    return objects, node, int(_found(_COUNT, objects[node]))


def _content(written: bytes) -> bytes:
    return written.split(b"obj", 1)[1].rsplit(b"endobj", 1)[0].strip(b"\r\n ")


def _renumbered(content: bytes, by: int) -> bytes:
    """Return an object whose references follow the new numbers; what stands in its stream is left alone."""
    head, stream, rest = content.partition(b"stream\n")
    return _REFERENCE.sub(lambda found: b"%d 0 R" % (int(found[1]) + by), head) + stream + rest


def _found(pattern: "re.Pattern[bytes]", text: bytes) -> bytes:
    found = pattern.search(text)
    assert found is not None, "Typst writes it"
    return found[1]
