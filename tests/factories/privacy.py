"""Requests about data, through the domain's own door, and what the person finds in the mail about them."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging import handoff
from ritorno.messaging import service as messaging
from ritorno.messaging.letters import ask_again, open_desk
from ritorno.messaging.mime import Letter
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
    """Write the mail that waits for this person as it would leave now, and return the path of its link to a request."""
    now = clock.now()
    line = handoff.Line(Channel.EMAIL, TemplateClass.SERVICE)
    claim = await handoff.claim(session, uuid4(), lines=[line], now=now, lease=timedelta(seconds=30), limit=50)
    asked = [
        each for each in await ask_again(session, claim.messages, at=now) if each.message.customer_id == customer_id
    ]
    written = (await open_desk(session, work.settings, asked)).write(asked[-1], at=now)
    assert isinstance(written, Letter), written
    await session.commit()
    text = message_from_bytes(written.raw, policy=default).get_body(("plain",))
    assert text is not None
    found = re.search(r"(/privacy-requests/\S+)", text.get_content())
    assert found is not None
    return found.group(1)
