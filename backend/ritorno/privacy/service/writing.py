"""What we write to the person about a request: a link to its page, as a service message to the stored address (D-S9).

The link is made when the mail leaves, from the id of the message; it is kept nowhere.
"""

from enum import StrEnum
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel
from ritorno.kit.actor import Actor
from ritorno.messaging import queries as messages
from ritorno.messaging import service as messaging
from ritorno.messaging.errors import ContactRefused
from ritorno.messaging.rules import WAITING
from ritorno.privacy.errors import NoStoredContact
from ritorno.privacy.queries import StoredContact


class Occasion(StrEnum):
    """Why we write: the code of the template that came with the product."""

    IDENTITY = "privacy-identity"
    PACK = "privacy-pack"
    ANSWER = "privacy-answer"


async def write_link(
    session: AsyncSession, customer_id: UUID, contact: StoredContact, occasion: Occasion, *, actor: Actor
) -> UUID:
    """Queue the mail to this address and return its id; ContactRefused when the gate says no."""
    template = await messages.get_template_by_code(session, occasion)
    message = await messaging.write_to_customer(
        session, customer_id=customer_id, template_id=template.id, channel=Channel.EMAIL, actor=actor
    )
    if message.status not in WAITING:
        raise ContactRefused(reason=message.reason)
    if message.contact_point_id != contact.id:
        raise NoStoredContact("Messages go to another address of theirs, which proves nothing.")
    return message.id
