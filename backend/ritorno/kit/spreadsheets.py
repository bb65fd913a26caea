"""Cells that a spreadsheet will show and never run (S-18, B-20, B-21)."""

import re

_RUNS = frozenset("=+-@\t\0\r\n＝＋－＠")
_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,9})?", re.ASCII)
_PHONE = re.compile(r"\+[1-9][0-9]{3,14}", re.ASCII)


def neutral(text: str) -> str:
    """Return a cell that a spreadsheet shows and never runs: an apostrophe before what would begin a formula (S-18)."""
    return f"'{text}" if text[:1] in _RUNS and text else text


def neutral_for_machines(text: str) -> str:
    """Return the same for NDJSON, where a plain number and an E.164 phone are what they look like (S-18)."""
    return text if _NUMBER.fullmatch(text) or _PHONE.fullmatch(text) else neutral(text)


def as_meant(text: str) -> str:
    """Return a cell without the apostrophe that `neutral` put before it, so that a file of ours may come back."""
    return text[1:] if text[:1] == "'" and text[1:2] in _RUNS and len(text) > 1 else text
