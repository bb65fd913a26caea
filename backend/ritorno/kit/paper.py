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


@cache
def _layout() -> bytes:
    return (files("ritorno.kit") / "layouts" / "paper.typ").read_bytes()


def qr_svg(address: str) -> str:
    """Return an address as a QR code, a picture in SVG that a template shows with `image(bytes(…), format: "svg")`."""
    picture = BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", border=2)
    return picture.getvalue().decode()
