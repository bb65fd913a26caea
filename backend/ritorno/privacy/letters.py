"""Letters to the person about a request: that it was received, that it takes longer, what was answered."""

from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.paper import print_pdf
from ritorno.privacy.models import PrivacyRequest


class Printed(NamedTuple):
    pdf: bytes
    name: str


async def print_letter(session: AsyncSession, request: PrivacyRequest) -> Printed:
    """Return the letter of this moment as a PDF."""
    return Printed(await print_pdf("ritorno.privacy", "letter.typ", {}), "letter.pdf")
