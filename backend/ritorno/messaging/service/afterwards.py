"""What is learned of a message after it was handed over: it came back, and what that means for its address.

A dead address is refused from then on (E-11); one that was full or out of reach again and again rests for half a year,
and then one probe decides (E-12).
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents import service as consents
from ritorno.consents.rules import Channel, SuppressionReason
from ritorno.customers import service as customers
from ritorno.customers.models import ContactPoint
from ritorno.kit.actor import Actor
from ritorno.messaging.handoff import Claimed
from ritorno.messaging.models import Message, QueuedMessage
from ritorno.messaging.refusals import (
    ASK_AGAIN,
    NO_SUCH_DOMAIN,
    PATIENCE,
    REST,
    REVISES_WITHIN,
    Blame,
    blame_of_reply,
    is_worn_out,
)
from ritorno.messaging.rules import Ending, MessageStatus, QueueState
from ritorno.stores.queries import get_business

_ACTOR = Actor.system("messaging")
_REASONS = {Blame.HARD: Ending.HARD_BOUNCE, Blame.SOFT: Ending.SOFT_BOUNCE, Blame.OURS: Ending.REFUSED_BY_SERVER}


async def record_bounce(
    session: AsyncSession, message: Message, whose: Blame, *, status: str | None, detail: str, at: datetime
) -> Blame:
    """Write down that a message came back and return whose fault it was; the same news again changes nothing.

    Up to five days after delivery it means that the message did not arrive (E-13); that an address is dead is believed
    at any time.
    """
    # The queue row first, as everywhere: a bounce may overtake the worker that is writing down "sent".
    await session.execute(
        delete(QueuedMessage).where(QueuedMessage.message_id == message.id, QueuedMessage.state == QueueState.SENDING)
    )
    await session.refresh(message, with_for_update=True)
    if whose is Blame.SOFT and status == NO_SUCH_DOMAIN and await _had_no_domain(session, message, at):
        whose = Blame.HARD
    is_news = _is_news(message, _REASONS[whose], at)
    if is_news:
        told = detail if not status or status in detail else f"{status} {detail}"
        message.status, message.reason = MessageStatus.BOUNCED, _REASONS[whose]
        # A server took it before it came back, whether or not a worker could write that down.
        message.ended_at = message.ended_at or at
        message.sent_at = message.sent_at or message.ended_at
        message.history = [*message.history, {"status": "bounced", "at": at.isoformat(), "detail": told[:200]}]
        await session.flush()
        await activity.complete_tasks_of(session, kind="message_in_doubt", subject_id=message.id, actor=_ACTOR)
    if whose is Blame.HARD and message.contact_point_id is not None:
        await customers.mark_bounced(session, message.contact_point_id, at=at, actor=_ACTOR)
    if whose is Blame.SOFT and is_news:
        await rest_if_worn_out(session, message, at=at)
    return whose


_HANDED_OVER = frozenset({MessageStatus.SENDING, MessageStatus.SENT, MessageStatus.UNKNOWN})


def _is_news(message: Message, reason: Ending, at: datetime) -> bool:
    if message.status == MessageStatus.DELIVERED:
        return message.delivered_at is None or at - message.delivered_at <= REVISES_WITHIN
    if message.status == MessageStatus.BOUNCED:
        return message.reason == Ending.SOFT_BOUNCE and reason is Ending.HARD_BOUNCE
    return message.status in _HANDED_OVER


async def record_return(session: AsyncSession, message_id: UUID, *, because: str, at: datetime, actor: Actor) -> None:
    """Write down that the post brought a letter back: it did not arrive, and its address is not used again (D-P4)."""
    message = await session.get_one(Message, message_id, with_for_update=True)
    if message.status in {MessageStatus.SENT, MessageStatus.DELIVERED}:
        message.status, message.reason = MessageStatus.BOUNCED, Ending.RETURNED
        message.history = [*message.history, {"status": "bounced", "at": at.isoformat(), "detail": because}]
        await session.flush()
    if message.contact_point_id is not None:
        await customers.mark_unreachable(session, message.contact_point_id, at=at, actor=actor)


async def rest_if_worn_out(session: AsyncSession, message: Message | Claimed, *, at: datetime) -> None:
    """Let an address rest that failed softly too often, or at its first trial after a rest (E-12)."""
    point = await session.get(ContactPoint, message.contact_point_id) if message.contact_point_id else None
    if point is None or message.channel != Channel.EMAIL:
        return
    zone = ZoneInfo((await get_business(session)).timezone)
    days = [each.at.astimezone(zone).date() for each in await _soft_failures(session, message, at)]
    if is_worn_out(days) or await _failed_its_probe(session, point, at):
        await consents.suppress(
            session,
            channel=Channel.EMAIL,
            match_key=point.match_key,
            reason=SuppressionReason.HARD_BOUNCE,
            since=at,
            until=at + REST,
            actor=_ACTOR,
        )


class _Failure(NamedTuple):
    at: datetime
    detail: str
    reason: str


async def _soft_failures(session: AsyncSession, message: Message | Claimed, at: datetime) -> list[_Failure]:
    """Return when this address would not take a message lately, whether it said so at once or later."""
    rows = await session.execute(
        select(Message.reason, Message.history).where(
            Message.customer_id == message.customer_id,
            Message.contact_point_id == message.contact_point_id,
            Message.planned_at > at - 2 * PATIENCE,
            Message.status.in_((MessageStatus.BOUNCED, MessageStatus.FAILED)),
        )
    )
    ended = [
        _Failure(datetime.fromisoformat(history[-1]["at"]), history[-1]["detail"] or "", reason)
        for reason, history in rows
    ]
    return [each for each in ended if each.at > at - PATIENCE and is_soft_failure(each.reason, each.detail)]


def is_soft_failure(reason: str | None, detail: str | None) -> bool:
    """Tell whether a message failed because its address would not take it now."""
    at_once = reason == Ending.REFUSED_BY_SERVER and blame_of_reply(detail or "") is Blame.SOFT
    return at_once or reason in {Ending.SOFT_BOUNCE, Ending.GAVE_UP}


async def _had_no_domain(session: AsyncSession, message: Message, at: datetime) -> bool:
    """Tell whether nobody found the domain of this address a day ago or earlier, either (E-11)."""
    earlier = await _soft_failures(session, message, at)
    return any(NO_SUCH_DOMAIN in each.detail and at - each.at >= ASK_AGAIN for each in earlier)


async def _failed_its_probe(session: AsyncSession, point: ContactPoint, at: datetime) -> bool:
    """Tell whether the address rested, and took nothing since."""
    rested_until = await consents.last_rest_of(session, Channel.EMAIL, point.match_key)
    if rested_until is None:
        return False
    delivered = exists().where(
        Message.customer_id == point.customer_id,
        Message.contact_point_id == point.id,
        Message.status == MessageStatus.DELIVERED,
        Message.delivered_at > rested_until,
    )
    return not await session.scalar(select(delivered))
