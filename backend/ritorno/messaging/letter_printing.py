"""A letter on paper: the words that passed the gate, and a code that leads to the person's own page.

Only what was handed over is printed; a letter the gate refused has no paper.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import tokens
from ritorno.consents.rules import Channel
from ritorno.kit.config import Settings
from ritorno.kit.paper import print_pdf, qr_svg
from ritorno.messaging import queries
from ritorno.messaging.errors import LetterNotHandedOver
from ritorno.messaging.rules import HANDED_OVER
from ritorno.stores.queries import get_business


async def print_letter(session: AsyncSession, settings: Settings, message_id: UUID) -> bytes:
    """Return the letter as a PDF."""
    message = await queries.get_message(session, message_id)
    captured = await queries.find_captured(session, message.id)
    if message.channel != Channel.POST or message.status not in HANDED_OVER or captured is None:
        raise LetterNotHandedOver()
    business = await get_business(session)
    english = message.language == "en"
    values = {
        "title": captured.subject or business.name,
        "shop": {"name": business.name, "address": business.address},
        "language": "en" if english else "it",
        "footer": business.name,
        "to": captured.to_address,
        "paragraphs": [part for part in captured.raw.decode().split("\n\n") if part.strip()],
        "qr": qr_svg(f"{settings.public_url}/p/{tokens.write_for_paper(settings, message.customer_id)}"),
        "qr_words": _WORDS[english],
    }
    return await print_pdf("ritorno.messaging", "letter.typ", values)


_WORDS = (
    "Le sue preferenze e i suoi dati: inquadri il codice. Da lì può anche dire di non volere più lettere.",
    "Your choices and your data: scan the code. There you can also say that you want no more letters.",
)
