"""Pages: the address stands where an envelope has its window, and many files bound are one."""

import re
from io import BytesIO
from pathlib import Path
from uuid import UUID

import pytest
import typst
from PIL import Image

from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.postal.binding import bind
from ritorno.postal.models import LetterBatch, LetterPiece
from ritorno.postal.rules import Recipient, Window
from ritorno.postal.sheets import Written, typeset
from ritorno.stores.models import Business

SETTINGS = Settings.load(secret_key="0123456789abcdef0123456789abcdef", public_url="https://bottega.example")
SHOP = Business(
    name="Bottega Caffè", address="Via Roma 1, 40121 Bologna", country="IT", language="it", timezone="Europe/Rome"
)
LONG_NAME = "Maria Antonietta Bernardini della Rovere Castiglioni"
SHORT, LONG = "Ciao.", "Ciao. " * 1500


def letter(number: int, text: str) -> Written:
    to = Recipient(LONG_NAME, "Strada Provinciale 12, scala B", "40068", "San Lazzaro di Savena", "BO", "CH")
    piece = LetterPiece(
        number=number,
        code="KD7M2Q9X",
        customer_id=UUID(int=number),
        language="it",
        recipient={name: getattr(to, name) for name in Recipient.__slots__},
    )
    return Written(piece, "Ci manca", f"Gentile cliente,\n\n{text}\n\nA presto")


async def sheets(window: Window, *texts: str, is_duplex: bool = True) -> tuple[bytes, dict[int, int]]:
    batch = LetterBatch(window_side=window, is_duplex=is_duplex)
    letters = [letter(number, text) for number, text in enumerate(texts, start=1)]
    return await typeset(SETTINGS, batch, SHOP, letters, day=clock.now().date())


def pages_of(pdf: bytes, tmp_path: Path) -> list[Image.Image]:
    """Return the pages in grey, four dots a millimetre, as a reader of PDF draws them."""
    (tmp_path / "in.pdf").write_bytes(pdf)
    count = max(int(found) for found in re.findall(rb"/Count (\d+)", pdf))
    (tmp_path / "show.typ").write_text(
        '#set page(paper: "a4", margin: 0mm)\n'
        f'#for n in range(1, {count + 1}) {{ image("in.pdf", page: n, width: 210mm) }}'
    )
    drawn = typst.compile(tmp_path / "show.typ", format="png", ppi=101.6)
    assert drawn is not None
    return [Image.open(BytesIO(page)).convert("L") for page in (drawn if isinstance(drawn, list) else [drawn])]


def ink(page: Image.Image, left: float, top: float, right: float, bottom: float) -> tuple[float, ...] | None:
    """Return where the ink within a rectangle lies, in millimetres from the edge of the sheet."""
    part = page.crop((round(left * 4), round(top * 4), round(right * 4), round(bottom * 4)))
    box = part.point(lambda tone: 255 if tone < 200 else 0).getbbox()
    return None if box is None else tuple(edge / 4 + start for edge, start in zip(box, (left, top) * 2, strict=True))


@pytest.mark.parametrize(("window", "left", "right"), [(Window.LEFT, 20, 110), (Window.RIGHT, 110, 190)])
async def test_the_address_and_nothing_else_shows_in_the_window(
    window: Window, left: float, right: float, tmp_path: Path
) -> None:
    """DIN 5008 form B on the left, the Italian 11 × 23 on the right; five millimetres are left for a sliding sheet."""
    pdf, _ = await sheets(window, SHORT)

    [page, _] = pages_of(pdf, tmp_path)

    shown = ink(page, 0, 42, 210, 92)
    assert shown is not None
    assert left + 2 <= shown[0] < shown[2] <= right + 1
    assert 47 <= shown[1] < shown[3] <= 88


async def test_every_letter_begins_on_a_front_and_counts_its_own_pages(tmp_path: Path) -> None:
    on_both_sides, counted = await sheets(Window.LEFT, SHORT, LONG, SHORT)
    on_one_side, _ = await sheets(Window.LEFT, SHORT, LONG, SHORT, is_duplex=False)

    pages = pages_of(on_both_sides, tmp_path)

    assert counted == {1: 1, 2: 3, 3: 1}
    assert [ink(page, 0, 0, 210, 40) is not None for page in pages] == [True, False, *[True] * 3, False, True, False]
    assert [ink(page, 180, 275, 210, 297) is not None for page in pages] == [False, False, *[True] * 3, *[False] * 3]
    assert len(pages_of(on_one_side, tmp_path)) == 5


async def test_files_bound_are_one_file_with_the_same_pages(tmp_path: Path) -> None:
    parts = [(await sheets(window, SHORT, LONG))[0] for window in Window]
    files = [tmp_path / f"{number}.pdf" for number in range(2)]
    for file, part in zip(files, parts, strict=True):
        file.write_bytes(part)

    bound = pages_of(b"".join(bind(files)), tmp_path)

    apart = [page for part in parts for page in pages_of(part, tmp_path)]
    assert len(bound) == len(apart) == 12
    assert all(one.tobytes() == other.tobytes() for one, other in zip(bound, apart, strict=True))
