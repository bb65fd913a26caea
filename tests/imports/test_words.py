"""A file that leaves the screen says what the screen says."""

from pathlib import Path

import orjson

from ritorno.imports.words import ITALIAN, reasons

SCREEN = Path(__file__).parents[2] / "frontend/src/lib/i18n/it/imports.json"


def test_rejected_rows_and_the_screen_use_the_same_words() -> None:
    assert orjson.loads(SCREEN.read_bytes())["finding"] == ITALIAN


def test_reasons_stand_behind_their_columns() -> None:
    found = [
        {"code": "bad-phone", "column": "TEL", "message": "is not a phone number"},
        {"code": "nobody-named", "column": None, "message": "a name alone"},
    ]

    assert reasons(found, "it").startswith("TEL: Il numero di telefono non è valido; Un nome da solo")
    assert reasons(found, "en") == "TEL: is not a phone number; a name alone"
