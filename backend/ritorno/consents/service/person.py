"""The rights of the person over their permissions: every word is told with its text; what proves them stays (C-24)."""

from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.models import (
    ConsentEvent,
    ConsentState,
    Notice,
    NoticeDelivery,
    NoticeVersion,
    RecipientState,
    Reply,
    SoftOptin,
)


async def export(session: AsyncSession, customer_id: UUID) -> dict[str, Any]:
    """Return everything one person agreed to and refused, with the text they were shown, and how it was recorded."""
    said = await session.execute(
        select(ConsentEvent, Notice.name, NoticeVersion.version, NoticeVersion.text)
        .outerjoin(NoticeVersion, NoticeVersion.id == ConsentEvent.notice_version_id)
        .outerjoin(Notice, Notice.id == NoticeVersion.notice_id)
        .where(ConsentEvent.customer_id == customer_id)
        .order_by(ConsentEvent.seq)
    )
    informed = await session.execute(
        select(NoticeDelivery, Notice.name, NoticeVersion.version)
        .join(NoticeVersion, NoticeVersion.id == NoticeDelivery.notice_version_id)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .where(NoticeDelivery.customer_id == customer_id)
        .order_by(NoticeDelivery.delivered_at)
    )
    sales = await session.scalars(
        select(SoftOptin).where(SoftOptin.customer_id == customer_id).order_by(SoftOptin.recorded_at)
    )
    replies = await session.scalars(select(Reply).where(Reply.customer_id == customer_id).order_by(Reply.received_at))
    return {
        "replies": [
            {
                "channel": each.channel,
                "text": each.text,
                "understood_as": each.kind,
                "received_at": each.received_at.isoformat(),
            }
            for each in replies
        ],
        "consents": [
            {
                "purpose": each.purpose,
                "channel": each.channel,
                "action": each.action,
                "legal_basis": each.legal_basis,
                "occurred_at": each.occurred_at.isoformat(),
                "recorded_at": each.recorded_at.isoformat(),
                "said_by": each.party,
                "method": each.method,
                "recipient_id": str(each.recipient_id) if each.recipient_id else None,
                "source": each.source,
                "is_proven": each.is_proven,
                "evidence": [proof.get("type") for proof in each.evidence],
                "ip": each.ip,
                "user_agent": each.user_agent,
                "notice": name,
                "notice_version": version,
                "text": text,
            }
            for each, name, version, text in said
        ],
        "notices_received": [
            {
                "notice": name,
                "notice_version": version,
                "received_at": each.delivered_at.isoformat(),
                "method": each.method,
            }
            for each, name, version in informed
        ],
        "addresses_given_when_buying": [
            {
                "order": each.order_external_id,
                "order_source": each.order_source,
                "could_refuse_at": each.opt_out_offered_at.isoformat() if each.opt_out_offered_at else None,
                "recorded_at": each.recorded_at.isoformat(),
            }
            for each in sales
        ],
    }


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget where the permissions stand and what was answered in words; the ledger, the texts received and the
    addresses given at a sale are the proof that what was sent was allowed, and hold ids only.
    """
    for model in (ConsentState, RecipientState, Reply):
        await session.execute(delete(model).where(model.customer_id == customer_id))
