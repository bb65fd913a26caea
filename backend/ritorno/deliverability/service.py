"""A person holds a stream, or lets it go on."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.deliverability.errors import StreamNotHeld
from ritorno.kit.actor import Actor
from ritorno.messaging import queries as messaging
from ritorno.messaging import service as messages
from ritorno.messaging.models import StreamHold
from ritorno.messaging.rules import HoldReason


async def hold_by_hand(
    session: AsyncSession, channel: Channel, stream: TemplateClass, *, note: str, actor: Actor
) -> StreamHold:
    """Let a stream wait because somebody says so."""
    return await messages.hold_stream(session, channel, stream, HoldReason.BY_HAND, {"note": note}, actor=actor)


async def lift(
    session: AsyncSession, channel: Channel, stream: TemplateClass, *, because: str, actor: Actor
) -> StreamHold:
    """Let a stream go on; StreamNotHeld where nothing holds it."""
    statement = select(StreamHold).where(*messaging.is_open(channel, stream)).with_for_update()
    hold = (await session.scalars(statement)).one_or_none()
    if hold is None:
        raise StreamNotHeld()
    return await messages.lift_hold(session, hold, actor, because=because)
