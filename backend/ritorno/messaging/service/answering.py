"""What a text of ours is answered with, when a word of theirs asked for it (M-05)."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.messaging import permissions, queries
from ritorno.messaging.errors import ContactRefused, TemplateNotReady
from ritorno.messaging.models import Message
from ritorno.messaging.service.planning import write_to_customer


async def answer_text(
    session: AsyncSession,
    *,
    customer_id: UUID,
    contact_point_id: UUID,
    code: str,
    again_after: timedelta | None = None,
    actor: Actor,
) -> Message | None:
    """Queue an answer to the number that wrote, by the normal road; None where it may not or need not be given.

    Nobody is answered at another number than their own words came from, and not again within `again_after`.
    """
    now = clock.now()
    facts = (await permissions.load_facts(session, [customer_id], at=now))[customer_id]
    contact = facts.contacts.get(Channel.SMS)
    if contact is None or contact.id != contact_point_id:
        return None
    try:
        template = await queries.get_template_by_code(session, code)
        if again_after is not None:
            lately = select(
                exists().where(
                    Message.customer_id == customer_id,
                    Message.template_id == template.id,
                    Message.planned_at > now - again_after,
                )
            )
            if await session.scalar(lately):
                return None
        return await write_to_customer(
            session, customer_id=customer_id, template_id=template.id, channel=Channel.SMS, actor=actor
        )
    except (ContactRefused, TemplateNotReady):
        # Whoever may not even be answered, or whose shop threw the template away, is met with silence.
        return None
