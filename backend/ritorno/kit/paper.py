"""Printed documents: a Typst template of a domain and plain values become a tagged PDF (PDF/UA-1), in milliseconds.

Values reach the template as JSON and are never read as markup, so a name may contain anything.
"""

import asyncio
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import orjson
import segno
import typst

_HEAD = '#import "/paper.typ": paper\n#let data = json(bytes(sys.inputs.data))\n'


async def print_pdf(package: str, template: str, values: Mapping[str, Any]) -> bytes:
    """Return the PDF of `template` (a `.typ` file in `package`); it finds `paper` imported and `data` at hand.

    `values` is anything JSON can say. A template that cannot be compiled raises `typst.TypstError`: a mistake of ours.
    """
    source = _HEAD.encode() + (files(package) / template).read_bytes()
    told = {"data": orjson.dumps(values, option=orjson.OPT_NON_STR_KEYS).decode()}
    return await asyncio.to_thread(_compile, source, told)


def _compile(source: bytes, told: dict[str, str]) -> bytes:
    sources = {"main.typ": source, "paper.typ": _layout()}
    # The published types do not know the dictionary of sources that the documentation describes.
    printed: bytes = typst.compile(sources, format="pdf", sys_inputs=told, pdf_standards=["ua-1"])  # type: ignore[call-overload]
    return printed


async def print_sheets(
    package: str, template: str, values: Mapping[str, Any], pictures: Mapping[str, str]
) -> tuple[bytes, list[Any]]:
    """Return sheets for a printing works, which are not tagged, and what the template says of them by the values of
    its metadata `<told>`.

    The template reads `values` from `/data.json` and finds each picture, an SVG, under its name.
    """
    sources = {
        "main.typ": (files(package) / template).read_bytes(),
        "data.json": orjson.dumps(values),
        **{name.removeprefix("/"): picture.encode() for name, picture in pictures.items()},
    }
    return await asyncio.to_thread(_compile_sheets, sources)


def _compile_sheets(sources: dict[str, bytes]) -> tuple[bytes, list[Any]]:
    printed: bytes = typst.compile(sources, format="pdf", pdf_tags=False)  # type: ignore[call-overload]
    told: list[Any] = orjson.loads(typst.query(sources, "<told>", field="value"))  # type: ignore[type-var]
    return printed, told


@cache
def _layout() -> bytes:
    return (files("ritorno.kit") / "layouts" / "paper.typ").read_bytes()


def qr_svg(address: str, *, mask: int | None = None) -> str:
    """Return an address as a QR code, a picture in SVG that a template shows with `image(bytes(…), format: "svg")`.

    A mask named beforehand spares weighing all eight, most of the work; any of them can be read.
    """
    picture = BytesIO()
    segno.make(address, error="m", micro=False, mask=mask).save(picture, kind="svg", border=2)
    return picture.getvalue().decode()
