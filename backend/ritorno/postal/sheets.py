"""From frozen pieces to pages: one part of a batch set by Typst, every piece with its two codes."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from ritorno.consents import tokens
from ritorno.kit.config import Settings
from ritorno.kit.dates import long_date
from ritorno.kit.paper import print_sheets, qr_svg
from ritorno.postal import words
from ritorno.postal.models import LetterBatch, LetterPiece
from ritorno.postal.rules import Recipient, address_lines, show_code
from ritorno.stores.models import Business

_MASK = 3


class Written(NamedTuple):
    """A piece with the words that were frozen for it."""

    piece: LetterPiece
    subject: str
    text: str


async def typeset(
    settings: Settings, batch: LetterBatch, business: Business, letters: Sequence[Written], *, day: date
) -> tuple[bytes, dict[int, int]]:
    """Return the PDF of a part and how many pages each piece has, by its number."""
    pictures = await asyncio.to_thread(_pictures, settings, letters)
    values = {
        "sender": business.name,
        "address": " ".join(business.address.split()),
        "return_line": words.return_line(business.language, business.name, business.address),
        "window": batch.window_side,
        "duplex": batch.is_duplex,
        "pieces": [_values(letter, business, day) for letter in letters],
    }
    pdf, told = await print_sheets("ritorno.postal", "letters.typ", values, pictures)
    return pdf, dict(told)


def _pictures(settings: Settings, letters: Sequence[Written]) -> dict[str, str]:
    """Return both codes of every piece: one names the piece to us, one leads its reader to their own page."""
    pictures = {}
    for piece, *_ in letters:
        page = f"{settings.public_url}/p/{tokens.write_for_paper(settings, piece.customer_id)}"
        pictures[_picture("page", piece)] = qr_svg(page, mask=_MASK)
        pictures[_picture("mark", piece)] = qr_svg(piece.code, mask=_MASK)
    return pictures


def _picture(kind: str, piece: LetterPiece) -> str:
    return f"/{kind}/{piece.number}.svg"


def _values(letter: Written, business: Business, day: date) -> dict[str, object]:
    piece = letter.piece
    return {
        "number": piece.number,
        "code": show_code(piece.code),
        "number_words": f"n. {piece.number}",
        "language": "en" if piece.language == "en" else "it",
        "lines": lines_of(piece, business),
        "date": long_date(day, piece.language),
        "subject": letter.subject,
        "paragraphs": [part.splitlines() for part in letter.text.split("\n\n") if part.strip()],
        "preferences": _picture("page", piece),
        "preferences_words": words.preferences_words(piece.language),
        "mark": _picture("mark", piece),
    }


def lines_of(piece: LetterPiece, business: Business) -> list[str]:
    """Return the address as it is printed; none once it was forgotten."""
    if piece.recipient is None:
        return []
    to = Recipient(**piece.recipient)
    return address_lines(to, home=business.country, abroad=words.country_name(to.country, business.language))
