"""A letter on paper: the words that passed the gate, and a code that leads to the person's own page.

Only what was handed over is printed; a letter the gate refused has no paper. It leaves the house when it is printed,
so the gate is asked once more then (D-01, C-14).
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import queries as accountability
from ritorno.consents import tokens
from ritorno.consents.rules import Channel, Reason
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.paper import print_pdf, qr_svg
from ritorno.messaging import queries
from ritorno.messaging.errors import LetterNotHandedOver
from ritorno.messaging.letters import ask_again, claimed_again
from ritorno.messaging.models import Message
from ritorno.messaging.rules import HANDED_OVER
from ritorno.stores.queries import get_business


async def print_letter(session: AsyncSession, settings: Settings, message_id: UUID) -> bytes:
    """Return the letter as a PDF."""
    message = await queries.get_message(session, message_id)
    captured = await queries.find_captured(session, message.id)
    if message.channel != Channel.POST or message.status not in HANDED_OVER or captured is None:
        raise LetterNotHandedOver()
    await _refuse_what_may_not_leave(session, message)
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


async def _refuse_what_may_not_leave(session: AsyncSession, message: Message) -> None:
    """Refuse what the gate would not let out any more; that this very letter counts against the cap is no reason."""
    if await accountability.find_terms_acceptance(session) is None:
        raise LetterNotHandedOver(reason=Reason.SENDER_NOT_READY)
    [asked] = await ask_again(session, [claimed_again(message)], at=clock.now())
    reason = asked.decision.reason
    if reason is None and asked.contact_point_id != message.contact_point_id:
        reason = Reason.BAD_CONTACT_POINT
    if reason not in {None, Reason.FREQ_CAP, Reason.QUIET_HOURS}:
        raise LetterNotHandedOver(reason=reason)


_WORDS = (
    "Le sue preferenze e i suoi dati: inquadri il codice. Da lì può anche dire di non volere più lettere.",
    "Your choices and your data: scan the code. There you can also say that you want no more letters.",
)
