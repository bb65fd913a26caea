"""How a message does not leave: a withdrawal, a pause, a cancellation; and what is said of one that did."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents.rules import Channel, Reason, Verdict
from ritorno.customers import service as customers
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.messaging import handoff, queries
from ritorno.messaging.errors import MessageNotInDoubt
from ritorno.messaging.handoff import Ended
from ritorno.messaging.letters import ask_again
from ritorno.messaging.models import Message, QueuedMessage, TouchHold
from ritorno.messaging.rules import MENDABLE, SETTLED_AFTER, Ending, MessageStatus

CANCELLED_AT_ONCE = 5_000
"""The rest of a greater touch is taken out in the background: it is held meanwhile."""


async def stop_queued(session: AsyncSession, customer_ids: Sequence[UUID]) -> int:
    """Ask the gate again about everything that waits for these people and skip what it refuses; return how many (C-14).

    A message already on its way is asked about at its own hand-off; this makes the refusal show at once.
    """
    waiting = await queries.waiting_of(session, customer_ids)
    if not waiting:
        return 0
    now = clock.now()
    asked = await ask_again(session, waiting, at=now)
    ended = [
        Ended(each.message.id, MessageStatus.SKIPPED, each.decision.reason or Reason.NO_BASIS, None, each.decision)
        for each in asked
        if each.decision.verdict in {Verdict.DENY, Verdict.REVIEW}
        and not (each.message.channel == Channel.PHONE_OPERATOR and each.decision.reason in MENDABLE)
    ]
    return len(await handoff.end_unsent(session, ended, now=now))


# ── a touch ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def hold_touch(session: AsyncSession, touch_id: UUID) -> None:
    """Pause what waits, and what is claimed but not yet marked: one row, whatever the number (UX: within a second)."""
    await session.execute(insert(TouchHold).values(touch_id=touch_id, since=clock.now()).on_conflict_do_nothing())


async def release_touch(session: AsyncSession, touch_id: UUID) -> None:
    """Go on after a pause."""
    await session.execute(delete(TouchHold).where(TouchHold.touch_id == touch_id))
    await outbox.publish(session, "messages.queued", {"touch_id": touch_id})


async def cancel_touch(session: AsyncSession, touch_id: UUID, *, limit: int = CANCELLED_AT_ONCE) -> int:
    """Take out what has not been handed over; a group being handed over ends as it ends.

    The touch is held for good from the same moment: of a great number the rest is taken out afterwards, and so is what
    a server sends back refused for now.
    """
    held = insert(TouchHold).values(touch_id=touch_id, since=clock.now(), is_final=True)
    await session.execute(held.on_conflict_do_update(index_elements=[TouchHold.touch_id], set_={"is_final": True}))
    connection = await driver(session)
    rows = await connection.fetch(
        """
        with mine as (
            select message_id from message_queue
            where message_id in (
                (select message_id from message_queue where touch_id = $1 and state in ('claimed', 'paced') limit $3)
                union all
                (select message_id from message_queue where touch_id = $1 and state = 'queued' limit $3)
            ) and state <> 'sending'
            order by message_id limit $3 for update
        ), gone as (
            delete from message_queue queued using mine where queued.message_id = mine.message_id
            returning queued.message_id
        )
        update messages message set status = 'cancelled', cost_minor = 0, history = message.history
            || jsonb_build_array(jsonb_build_object('status', 'cancelled', 'at', $2::timestamptz, 'detail', null))
        from gone where message.id = gone.message_id returning message.id
        """,
        touch_id,
        clock.now(),
        limit,
    )
    return len(rows)


async def finish_cancelling(session: AsyncSession, touch_id: UUID) -> bool:
    """Take out more of what a cancelled touch has waiting, and let go of its hold when nothing of it is on its way any
    more; return whether there may be more to take out.
    """
    if await cancel_touch(session, touch_id):
        return True
    on_its_way = select(QueuedMessage.message_id).where(QueuedMessage.touch_id == touch_id).limit(1)
    if (await session.scalars(on_its_way)).first() is None:
        await session.execute(delete(TouchHold).where(TouchHold.touch_id == touch_id))
    return False


# ── afterwards ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def resolve(session: AsyncSession, message: Message, *, was_received: bool, actor: Actor) -> Message:
    """Settle a message in doubt by what the customer says; the same answer again changes nothing."""
    following = MessageStatus.DELIVERED if was_received else MessageStatus.FAILED
    if message.status == following and message.history[-1].get("detail") == "SAID_BY_STAFF":
        return message
    if message.status != MessageStatus.UNKNOWN:
        raise MessageNotInDoubt()
    now = clock.now()
    message.status = following
    message.reason = None if was_received else Ending.NOT_RECEIVED
    message.delivered_at = now if was_received else None
    message.history = [*message.history, {"status": following, "at": now.isoformat(), "detail": "SAID_BY_STAFF"}]
    await activity.complete_tasks_of(session, kind="message_in_doubt", subject_id=message.id, actor=actor)
    await activity.record(
        session,
        actor,
        "message.resolved",
        subject="customer",
        subject_id=message.customer_id,
        details={"message_id": str(message.id), "was_received": was_received},
    )
    return message


async def settle(session: AsyncSession, *, limit: int = 5000) -> int:
    """Turn mail that did not bounce for a day into delivered, and prove its address by it (C-13, E-13).

    What was only captured never left: it proves nothing about an address and stays `sent`. Of a text the network says
    itself whether it arrived (M-10).
    """
    now = clock.now()
    connection = await driver(session)
    rows = await connection.fetch(
        """
        with calm as (
            select id from messages message
            where status = 'sent' and channel <> 'SMS' and sent_at <= $1 and planned_at > $1 - interval '10 days'
              and not exists (select 1 from captured_messages captured where captured.message_id = message.id)
            limit $3 for update skip locked
        )
        update messages message set status = 'delivered', delivered_at = $2, history = message.history
            || jsonb_build_array(jsonb_build_object('status', 'delivered', 'at', $2::timestamptz, 'detail', null))
        from calm where message.id = calm.id returning message.contact_point_id
        """,
        now - SETTLED_AFTER,
        now,
        limit,
    )
    reached = [row[0] for row in rows if row[0] is not None]
    if reached:
        await customers.mark_delivered(session, reached, at=now)
    return len(rows)
