"""A stream that waits: nothing of it is claimed until a person says why it may go on (E-08, B-33)."""

from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.ids import uuid7
from ritorno.messaging import queries
from ritorno.messaging.models import StreamHold
from ritorno.messaging.rules import HoldReason

_OURS = Actor.system("deliverability")


async def hold_stream(
    session: AsyncSession,
    channel: str,
    stream: str,
    reason: HoldReason,
    details: dict[str, Any] | None = None,
    *,
    actor: Actor = _OURS,
) -> StreamHold:
    """Let a stream wait, with a task for whoever must find out why; one that waits already keeps its first reason."""
    made = await session.scalar(
        insert(StreamHold)
        .values(id=uuid7(), channel=channel, stream=stream, reason=reason, details=details or {}, since=clock.now())
        .on_conflict_do_nothing(index_elements=["channel", "stream"], index_where=text("lifted_at is null"))
        .returning(StreamHold.id)
    )
    held = (await session.scalars(select(StreamHold).where(*queries.is_open(channel, stream)))).one()
    if made is not None:
        told = {"channel": channel, "stream": stream, "reason": str(reason)}
        await activity.record(session, actor, "stream.held", subject="stream_hold", subject_id=held.id, details=told)
        await activity.open_task(
            session,
            kind="stream_held",
            key=f"stream-held:{held.id}",
            subject="stream_hold",
            subject_id=held.id,
            details=told,
        )
    return held


async def lift_hold(session: AsyncSession, hold: StreamHold, actor: Actor, *, because: str) -> StreamHold:
    """Let a stream go on, for a reason that is kept; what became due meanwhile leaves at once."""
    if hold.lifted_at is not None:
        return hold
    hold.lifted_at, hold.lifted_by, hold.lifted_because = clock.now(), actor.name, because
    await activity.record(
        session,
        actor,
        "stream.released",
        subject="stream_hold",
        subject_id=hold.id,
        details={"channel": hold.channel, "stream": hold.stream, "reason": hold.reason},
    )
    await activity.complete_tasks_of(session, kind="stream_held", subject_id=hold.id, actor=actor)
    await outbox.publish(session, "messages.queued", {"hold_id": hold.id})
    await session.flush()
    return hold
