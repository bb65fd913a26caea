"""Requests about data, through the domain's own door, and what the person finds in the mail about them."""

import re
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging import service as messaging
from ritorno.messaging.dispatch import Dispatch
from ritorno.messaging.models import CapturedMessage, Message
from ritorno.privacy import service
from ritorno.privacy.models import PrivacyRequest
from ritorno.privacy.rules import IdentityMethod, RequestChannel, RequestKind
from tests.factories.messaging import make_business

OFFICER = Actor("user", UUID(int=8), "Livia Ferraris", frozenset({"*"}), "privacy_officer")


async def make_desk(session: AsyncSession, settings: Settings) -> None:
    """Give the shop its identity, its senders and the templates of the product."""
    await make_business(session)
    await messaging.seed_templates(session, settings=settings)


async def make_request(
    session: AsyncSession,
    customer_id: UUID | None,
    *,
    kind: RequestKind = RequestKind.ACCESS,
    channel: RequestChannel = RequestChannel.EMAIL,
    identity: IdentityMethod | None = None,
    **more: Any,
) -> PrivacyRequest:
    """Receive a request, by default for access, from somebody whose identity is not sure yet."""
    if customer_id is None:
        more.setdefault("claimed_identity", "una certa M. Bianchi, bianchi@altrove.example")
    return await service.receive_request(
        session, kind=kind, channel=channel, customer_id=customer_id, identity=identity, actor=OFFICER, **more
    )


async def link_in_mail(session: AsyncSession, work: Work, customer_id: UUID) -> str:
    """Let the mail leave, and return the path of the newest link to a request that arrived."""
    await session.commit()
    await Dispatch(work.settings, work.sessions).run()
    raw = await session.scalar(
        select(CapturedMessage.raw)
        .join(Message, Message.id == CapturedMessage.message_id)
        .where(Message.customer_id == customer_id)
        .order_by(Message.id.desc())
        .limit(1)
    )
    assert raw is not None
    letter = message_from_bytes(raw, policy=default)
    text = letter.get_body(("plain",))
    assert text is not None
    found = re.search(r"(/privacy-requests/\S+)", text.get_content())
    assert found is not None
    return found.group(1)
