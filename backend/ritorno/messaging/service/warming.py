"""A young domain is made known little by little (E-18): begun and ended by a person, counted by the road."""

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents.rules import Channel
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.problems import FieldError, Invalid
from ritorno.messaging.models import Sender
from ritorno.messaging.pacing.rules import warmup_on
from ritorno.stores import queries as stores


async def start_warmup(session: AsyncSession, sender: Sender, *, actor: Actor) -> Sender:
    """Begin with fifty today; one that has begun goes on as it is. The caller has locked the sender."""
    if sender.channel != Channel.EMAIL:
        raise Invalid(errors=[FieldError("channel", "not_mail", "Only a mail domain has to be made known.")])
    if sender.warmup_started_on is not None:
        return sender
    today = clock.today((await stores.get_business(session)).timezone)
    sender.warmup_started_on = today
    begun = warmup_on(None, today, complaints=0)
    assert begun is not None, "the first day has an allowance"
    sender.warmup_day, sender.warmup_allowance, sender.warmup_sent, sender.warmup_deferred = begun
    await _record(session, actor, "sender.warmup_started", sender)
    return sender


async def stop_warmup(session: AsyncSession, sender: Sender, *, actor: Actor) -> Sender:
    """Write freely from now on; what waited for its day leaves at once."""
    if sender.warmup_started_on is not None:
        sender.warmup_started_on = sender.warmup_day = None
        await _record(session, actor, "sender.warmup_stopped", sender)
        await outbox.publish(session, "messages.queued", {"sender_id": sender.id})
    return sender


async def _record(session: AsyncSession, actor: Actor, action: str, sender: Sender) -> None:
    await activity.record(session, actor, action, subject="sender", subject_id=sender.id)
    await session.flush()
