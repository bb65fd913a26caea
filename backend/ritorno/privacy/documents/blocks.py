"""The pieces a document is made of; `document.typ` has a function for each."""

from collections.abc import Sequence
from typing import Any

Block = dict[str, Any]


def lead(text: str) -> Block:
    """What the document is, in a sentence or two under its title."""
    return {"kind": "lead", "text": text}


def section(text: str) -> Block:
    return {"kind": "section", "text": text}


def part(text: str) -> Block:
    return {"kind": "part", "text": text}


def words(text: str) -> Block:
    return {"kind": "words", "text": text}


def points(items: Sequence[str], *, numbered: bool = False) -> Block:
    return {"kind": "points", "items": list(items), "numbered": numbered}


def facts(*pairs: tuple[str, str]) -> Block:
    """Labels with their values, one a line."""
    return {"kind": "facts", "pairs": [list(pair) for pair in pairs]}


def note(title: str, *lines: str) -> Block:
    """What must not be overlooked, set apart."""
    return {"kind": "note", "title": title, "lines": list(lines)}


def card(title: str, tags: Sequence[str], *pairs: tuple[str, str]) -> Block:
    """One thing of a list with much to say about each."""
    return {"kind": "card", "title": title, "tags": list(tags), "pairs": [list(pair) for pair in pairs]}


def sheet(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Block:
    """A table."""
    return {
        "kind": "sheet",
        "head": list(head),
        "rows": [list(row) for row in rows],
        "widths": list(widths),
    }


def answer(question: str, tone: str, said: str, why: str) -> Block:
    """A question that the configuration answers: `yes` alerts, `no` calms, `open` asks a person."""
    return {"kind": "answer", "question": question, "tone": tone, "answer": said, "why": why}


def boxes(items: Sequence[str]) -> Block:
    """Things a person ticks."""
    return {"kind": "boxes", "items": list(items)}


def blanks(label: str, lines: int) -> Block:
    """Lines a person writes on."""
    return {"kind": "blanks", "label": label, "lines": lines}


def signature(*labels: str) -> Block:
    return {"kind": "signature", "labels": list(labels)}
