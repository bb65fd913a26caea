"""The next person for an operator: claimed by one only, asked about at that very moment, given back by a lease."""

from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.calls import queries
from ritorno.calls.asking import Answer, ask
from ritorno.calls.errors import CallNotFound
from ritorno.calls.models import OpenCall
from ritorno.calls.queries import IS_FREE, WANTS_CALL
from ritorno.calls.rules import LEASE
from ritorno.calls.service.closing import close
from ritorno.consents.rules import Reason
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.db import driver
from ritorno.messaging import handoff
from ritorno.messaging.handoff import Claimed, Postponed
from ritorno.messaging.letters import Asked, Desk, Refusal, open_desk
from ritorno.messaging.recording import record_answers, record_refusals
from ritorno.messaging.rules import MENDABLE, MessageStatus

BATCH = 20
ROUNDS = 5
"""A list that is refused as a whole is refused by the hundred: the screen asks again."""
LOOK_AGAIN = timedelta(hours=1)


class Offer(NamedTuple):
    """Who is called next, and how many were passed over for which reason."""

    opened: OpenCall | None
    refused: Counter[str]
    has_more: bool = False
    """Nobody was found yet, and not everybody was asked about."""


async def offer_next(session: AsyncSession, settings: Settings, *, touch_id: UUID | None, operator: Actor) -> Offer:
    """Give an operator one person nobody else gets, allowed by the gate now; whoever already is in hand comes first."""
    assert operator.id is not None
    # Two windows of one operator would otherwise each open a person.
    await session.execute(text("select pg_advisory_xact_lock(hashtextextended(:who, 0))"), {"who": str(operator.id)})
    in_hand = await queries.find_open_call(session, operator.id)
    if in_hand is not None and (await queries.hold_of(session, in_hand.message_id, operator.id)).lease_until:
        await renew(session, in_hand.message_id, operator=operator)
        return Offer(in_hand, Counter())
    await session.execute(delete(OpenCall).where(OpenCall.operator_id == operator.id))
    refused: Counter[str] = Counter()
    for _ in range(ROUNDS):
        claimed = await _claim(session, operator.id, touch_id)
        chosen = await _choose(session, settings, operator.id, claimed, refused)
        if chosen is not None:
            return Offer(await _open(session, chosen, operator), refused)
        if len(claimed) < BATCH:
            return Offer(None, refused)
    return Offer(None, refused, has_more=True)


_CLAIM = f"""
with due as (
    select queued.message_id, {WANTS_CALL} as wants_call, queued.priority, queued.due_at
    from message_queue queued
    where queued.channel = 'PHONE_OPERATOR' and {IS_FREE} and queued.due_at <= $1 and not {handoff.HELD_TOUCH}
      and ($4::uuid is null or queued.touch_id = $4)
    order by wants_call desc, queued.priority, queued.due_at, queued.message_id
    limit $5 for update of queued skip locked
), mine as (
    update message_queue queued set state = 'claimed', worker = $2, lease_until = $3
    from due where queued.message_id = due.message_id
    returning queued.message_id, queued.attempts, due.wants_call, due.priority, due.due_at
)
select message.id, message.customer_id, message.contact_point_id, message.channel, message.purpose,
    message.service_kind, message.template_class, message.similarity_group, message.uses_purchases, message.template_id,
    message.template_version, message.language, message.values, message.due_at, mine.attempts, '' as receiver,
    case when not mine.wants_call then message.expires_at end
from mine join messages message on message.id = mine.message_id
order by mine.wants_call desc, mine.priority, mine.due_at, message.id
"""


async def _claim(session: AsyncSession, operator_id: UUID, touch_id: UUID | None) -> list[Claimed]:
    """Take some of what is due, past what colleagues are taking; who asked to be called comes first."""
    now = clock.now()
    rows = await (await driver(session)).fetch(_CLAIM, now, operator_id, now + LEASE, touch_id, BATCH)
    return [Claimed(*row) for row in rows]


async def _choose(
    session: AsyncSession, settings: Settings, operator_id: UUID, claimed: list[Claimed], refused: Counter[str]
) -> Answer | None:
    """Return the first the gate allows, with the others given back; whoever it refuses before is ended or put off."""
    now = clock.now()
    answers = await ask(session, claimed, at=now)
    desk = await open_desk(session, settings, [each.asked for each in answers if not each.refusal], for_staff=True)
    chosen: Answer | None = None
    later: list[Postponed] = []
    denied: list[Asked] = []
    unfit: list[tuple[Asked, Refusal]] = []
    for answer in answers:
        refusal = _refusal(desk, answer, now)
        if refusal is None:
            chosen = answer
            break
        if refusal.reason in MENDABLE:
            later.append(
                Postponed(
                    answer.message.id, MessageStatus.DEFERRED, now + LOOK_AGAIN, refusal.reason, None, is_attempt=False
                )
            )
        elif answer.decision.is_allowed:
            unfit.append((answer.asked, refusal))
        else:
            denied.append(answer.asked)
        refused[refusal.reason] += 1
    await handoff.postpone(session, operator_id, later, now=now)
    await record_refusals(session, operator_id, unfit, now=now)
    await record_answers(session, operator_id, denied, now=now)
    if chosen is not None:
        await _give_back_others(session, operator_id, chosen.message.id)
    return chosen


def _refusal(desk: Desk, answer: Answer, now: datetime) -> Refusal | None:
    reason = answer.refusal or _too_late(answer.message, now)
    if reason is not None:
        return Refusal(reason)
    written = desk.write(answer.asked, at=now)
    return written if isinstance(written, Refusal) else None


def _too_late(message: Claimed, now: datetime) -> str | None:
    """A call that makes no sense any more is not made, unless the person asked for it."""
    return Reason.TOO_LATE if message.expires_at is not None and message.expires_at <= now else None


async def _give_back_others(session: AsyncSession, operator_id: UUID, message_id: UUID) -> None:
    await (await driver(session)).execute(
        """update message_queue set state = 'queued', worker = null, lease_until = null
           where worker = $1 and state = 'claimed' and message_id <> $2""",
        operator_id,
        message_id,
    )


async def _open(session: AsyncSession, answer: Answer, operator: Actor) -> OpenCall:
    """Note who sees the number from now on and why they may; that it was seen is in the log (S-16)."""
    check = answer.contact.register if answer.contact is not None else None
    values = {
        "operator_id": operator.id,
        "started_at": clock.now(),
        "decision": answer.decision.snapshot(),
        "rpo_checked_at": check.checked_at if check is not None else None,
    }
    opened = await session.scalars(
        insert(OpenCall)
        .values(message_id=answer.message.id, **values)
        .on_conflict_do_update(index_elements=[OpenCall.message_id], set_=values)
        .returning(OpenCall),
        execution_options={"populate_existing": True},
    )
    await activity.record(
        session,
        operator,
        "phone_number.read",
        subject="customer",
        subject_id=answer.message.customer_id,
        details={"message_id": str(answer.message.id)},
    )
    return opened.one()


async def renew(session: AsyncSession, message_id: UUID, *, operator: Actor) -> datetime:
    """Say that the operator is still on it; CallNotFound once the person went back to the list or was stopped."""
    now = clock.now()
    kept: datetime | None = await (await driver(session)).fetchval(
        """update message_queue set lease_until = $3
           where message_id = $1 and worker = $2 and state = 'claimed' and lease_until >= $4 returning lease_until""",
        message_id,
        operator.id,
        now + LEASE,
        now,
    )
    if kept is None:
        raise CallNotFound()
    return kept


async def give_back(session: AsyncSession, opened: OpenCall, *, operator: Actor) -> None:
    """Let somebody else call this person; nothing was dialled."""
    assert operator.id is not None
    await handoff.release(session, operator.id)
    await close(session, opened)
