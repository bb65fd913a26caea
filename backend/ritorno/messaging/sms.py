"""How many parts a text is billed as (M-02, M-03): 160 characters of GSM-7 or 70 of UCS-2, fewer where it is cut."""

from typing import NamedTuple

GSM7 = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = frozenset("^{}\\[~]|€\f")
"""They cost two, and the pair is never cut."""


class Parts(NamedTuple):
    """What a text costs to send."""

    number: int
    alphabet: str


def count_parts(text: str) -> Parts:
    """Return the parts of a text; one character outside GSM-7 turns all of it into UCS-2."""
    if all(mark in GSM7 or mark in ESCAPED for mark in text):
        return Parts(_cut([2 if mark in ESCAPED else 1 for mark in text], whole=160, part=153), "GSM-7")
    return Parts(_cut([2 if ord(mark) > 0xFFFF else 1 for mark in text], whole=70, part=67), "UCS-2")


def _cut(sizes: list[int], *, whole: int, part: int) -> int:
    if sum(sizes) <= whole:
        return 1
    count, room = 1, part
    for size in sizes:
        if size > room:
            count, room = count + 1, part
        room -= size
    return count
