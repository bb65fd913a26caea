"""What a text costs, put together for the screens (M-02, M-03, M-04)."""

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.kit.money import MoneyRead
from ritorno.messaging import queries
from ritorno.messaging.rendering import Rendered
from ritorno.messaging.schemas import OddCharacterRead, TextPartsRead
from ritorno.messaging.sms import USUAL_PARTS, count_parts, count_units, odd_characters
from ritorno.stores import queries as stores


async def parts_read(session: AsyncSession, rendered: Rendered, stream: TemplateClass) -> TextPartsRead:
    """Return what these merged words are billed as, at the price of the stream's sender."""
    sender = await queries.find_sender(session, Channel.SMS, stream)
    business = await stores.get_business(session)
    text = rendered.text.strip()
    parts = count_parts(text)
    return TextPartsRead(
        characters=count_units(text),
        alphabet=parts.alphabet,
        parts=parts.number,
        max_parts=sender.max_parts if sender else USUAL_PARTS,
        cost=MoneyRead.of(parts.number * (sender.unit_cost_minor if sender else 0), business.currency),
        odd_characters=[
            OddCharacterRead(character=odd.mark, count=odd.times, replacement=odd.replacement)
            for odd in odd_characters(text)
        ],
    )
