"""Mail that left, so that something can come back of it."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.customers.models import ContactPoint
from ritorno.customers.rules import ContactKind
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message, Template
from ritorno.messaging.rules import MessageStatus
from tests.factories.messaging import make_template


async def make_sent_mail(
    session: AsyncSession,
    settings: Settings,
    customer_id: UUID,
    *,
    at: datetime | None = None,
    template_class: TemplateClass = TemplateClass.MARKETING,
    status: MessageStatus = MessageStatus.SENT,
) -> Message:
    """Make a mail to somebody's address that a server took, by default an hour ago."""
    at = at or clock.now() - timedelta(hours=1)
    of_class = select(Template).where(Template.template_class == template_class).limit(1)
    template = await session.scalar(of_class) or await make_template(session, settings, template_class=template_class)
    point_id = await session.scalar(
        select(ContactPoint.id).where(ContactPoint.customer_id == customer_id, ContactPoint.kind == ContactKind.EMAIL)
    )
    message = Message(
        customer_id=customer_id,
        contact_point_id=point_id,
        address_id=point_id,
        channel=Channel.EMAIL,
        purpose=template.purpose,
        template_class=template_class,
        template_id=template.id,
        template_version=template.version,
        language="it",
        status=status,
        history=[{"status": str(status), "at": at.isoformat(), "detail": None}],
        planned_at=at,
        due_at=at,
        sent_at=at,
        ended_at=at,
        delivered_at=at if status is MessageStatus.DELIVERED else None,
    )
    session.add(message)
    await session.commit()
    return message
