"""What an evidence file really is, by its first bytes, and a picture without what its camera wrote into it (S-19)."""

import warnings
from io import BytesIO

from PIL import Image, ImageOps

from ritorno.consents.errors import EvidenceUnreadable

PDF = "application/pdf"
_FORMATS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_MODES = {"PNG": ("1", "L", "LA", "P", "RGB", "RGBA"), "JPEG": ("L", "RGB"), "WEBP": ("RGB", "RGBA")}
_QUALITY = 90
"""Of the kinds that lose something; the others pay no attention to it."""


def clean(content: bytes, *, max_pixels: int) -> tuple[bytes, str]:
    """Return the bytes to keep and their media type; a PDF stays as it is, a picture is drawn anew and upright."""
    if content.startswith(b"%PDF-"):
        return content, PDF
    try:
        # Pillow warns of a picture that would fill the memory; the size stands in the header, before anything is drawn.
        with warnings.catch_warnings(action="error"), Image.open(BytesIO(content), formats=list(_FORMATS)) as picture:
            if picture.width * picture.height > max_pixels:
                raise EvidenceUnreadable(f"A picture may have {max_pixels // 1_000_000} million points.")
            name = picture.format or ""
            upright = ImageOps.exif_transpose(picture)
            return _drawn(upright, name), _FORMATS[name]
    except (OSError, ValueError, SyntaxError, Warning, Image.DecompressionBombError) as error:
        raise EvidenceUnreadable() from error


def _drawn(picture: Image.Image, name: str) -> bytes:
    """Return the points alone: no camera, no place, no comment, no profile."""
    points = picture if picture.mode in _MODES[name] else picture.convert("RGB")
    bare = Image.new(points.mode, points.size)
    if points.mode == "P":
        bare.putpalette(points.getpalette() or [])
    bare.paste(points)
    made = BytesIO()
    bare.save(made, name, quality=_QUALITY)
    return made.getvalue()
