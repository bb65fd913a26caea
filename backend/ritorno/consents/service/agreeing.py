"""A text that says START (M-05): a yes where we still hold the words it agrees to, otherwise a question."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.models import ConsentEvent, Reply
from ritorno.consents.rules import Action, Channel, Method, Purpose
from ritorno.consents.service.recording import Incoming, record_many
from ritorno.customers.queries import groups_of
from ritorno.kit.actor import Actor

_SUBJECT = Actor("subject", None, "")


async def agree_by_reply(session: AsyncSession, reply: Reply, contact_point_id: UUID) -> None:
    """Renew a yes that was proven once for this very address, by the person's own word; any other waits for its
    confirmation.
    """
    given = await _last_proven(session, reply, contact_point_id)
    channel = Channel(reply.channel)
    said = Incoming(
        customer_id=reply.customer_id,
        purpose=Purpose.MKT_OWN,
        channel=channel,
        action=Action.GRANT if given else Action.GRANT_PENDING,
        occurred_at=reply.received_at,
        method=Method.EMAIL_LINK if channel is Channel.EMAIL else Method.SMS_KEYWORD,
        notice_version_id=given.notice_version_id if given else None,
        evidence=[{"type": "reply", "uri": f"reply:{reply.id}"}],
        source="reply",
        contact_point_id=contact_point_id,
        is_own_answer=True,
    )
    await record_many(session, [said], actor=_SUBJECT)


async def _last_proven(session: AsyncSession, reply: Reply, contact_point_id: UUID) -> ConsentEvent | None:
    cards = (await groups_of(session, [reply.customer_id]))[reply.customer_id]
    statement = (
        select(ConsentEvent)
        .where(
            ConsentEvent.customer_id.in_([card.id for card in cards]),
            ConsentEvent.purpose == Purpose.MKT_OWN,
            ConsentEvent.channel == reply.channel,
            ConsentEvent.contact_point_id == contact_point_id,
            ConsentEvent.action == Action.GRANT,
            ConsentEvent.is_proven,
            ConsentEvent.notice_version_id.is_not(None),
        )
        .order_by(ConsentEvent.occurred_at.desc())
        .limit(1)
    )
    return (await session.scalars(statement)).first()
