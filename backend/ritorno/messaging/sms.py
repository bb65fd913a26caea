"""How many parts a text is billed as, and which characters make it dear (M-02, M-03): 160 characters of GSM-7 or 70 of
UCS-2, fewer where it is cut.
"""

import unicodedata
from collections import Counter
from typing import NamedTuple

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = frozenset("^{}\\[~]|€\f")
"""They cost two, and the pair is never cut."""


USUAL_PARTS = 3
"""The most a text may have until a shop says otherwise (M-04)."""


class Parts(NamedTuple):
    """What a text costs to send."""

    number: int
    alphabet: str


def count_parts(text: str) -> Parts:
    """Return the parts of a text; one character outside GSM-7 turns all of it into UCS-2."""
    if _is_gsm7(text):
        return Parts(_cut(_sizes(text), whole=160, part=153), "GSM-7")
    return Parts(_cut(_sizes(text), whole=70, part=67), "UCS-2")


def count_units(text: str) -> int:
    """Return how much room a text takes: characters, of which some count for two."""
    return sum(_sizes(text))


def _is_gsm7(text: str) -> bool:
    return all(mark in GSM7 or mark in ESCAPED for mark in text)


def _sizes(text: str) -> list[int]:
    if _is_gsm7(text):
        return [2 if mark in ESCAPED else 1 for mark in text]
    return [2 if ord(mark) > 0xFFFF else 1 for mark in text]


def _cut(sizes: list[int], *, whole: int, part: int) -> int:
    if sum(sizes) <= whole:
        return 1
    count, room = 1, part
    for size in sizes:
        if size > room:
            count, room = count + 1, part
        room -= size
    return count


class Odd(NamedTuple):
    """A character outside GSM-7, how often it stands in a text, and what could stand in its place, if anything can."""

    mark: str
    times: int
    replacement: str | None


def odd_characters(text: str) -> list[Odd]:
    """Return what turns a text into UCS-2, in the order of its first appearance."""
    counted = Counter(mark for mark in text if mark not in GSM7 and mark not in ESCAPED)
    return [Odd(mark, times, _replacement(mark)) for mark, times in counted.items()]


_REPLACEMENTS = {
    **dict.fromkeys("’‘‚‛′ʼ`´", "'"),
    **dict.fromkeys("“”„‟″«»", '"'),
    **dict.fromkeys("–—‒−‐\u2011", "-"),
    **dict.fromkeys("\u00a0\u202f\u2009\t", " "),
    **{each: f"{bare}'" for each, bare in zip("ÀÈÌÒÙÁÍÓÚáíóú", "AEIOUAIOUaiou", strict=True)},
    "…": "...",
    "•": "-",
    "·": "-",
    "™": "(TM)",
    "\u200b": "",
    "\ufeff": "",
}


def _replacement(mark: str) -> str | None:
    if mark in _REPLACEMENTS:
        return _REPLACEMENTS[mark]
    bare = "".join(each for each in unicodedata.normalize("NFKD", mark) if not unicodedata.combining(each))
    return bare if bare and all(each in GSM7 for each in bare) else None
