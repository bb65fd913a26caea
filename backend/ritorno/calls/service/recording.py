"""What came of a call, written down once: the ledger of calls, the message, and what the person asked for on the line.

Rows are locked in the order every other road takes: the card, the queue, the message.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.calls import queries
from ritorno.calls.asking import Answer, is_open, may_use_purchases, openings_of
from ritorno.calls.models import Call, CallNote
from ritorno.calls.reading import Seen
from ritorno.calls.rules import AHEAD, LEASE, UNANSWERED, CallOutcome, ObjectionScope, next_attempt
from ritorno.calls.schemas import CallOutcomeCreate
from ritorno.calls.service.closing import close
from ritorno.consents import service as consents
from ritorno.consents.rules import (
    Channel,
    Decision,
    Evidence,
    Family,
    LegalBasis,
    Method,
    Reason,
    Verdict,
)
from ritorno.customers import service as customers
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7
from ritorno.kit.problems import FieldError, Invalid
from ritorno.messaging import handoff
from ritorno.messaging import queries as messaging
from ritorno.messaging.handoff import Ended, Postponed
from ritorno.messaging.models import Message
from ritorno.messaging.rules import MessageStatus
from ritorno.stores.queries import get_business


async def record_outcome(
    session: AsyncSession, seen: Seen, body: CallOutcomeCreate, *, operator: Actor
) -> tuple[Call, datetime | None]:
    """Write a call down and act on it; return it, and when the person is called again, if they are.

    A call that was stopped while it lasted is written down all the same; its message stays as it was stopped.
    """
    assert operator.id is not None
    _check(body, seen.answer)
    opened, message = seen.opened, seen.message
    call = Call(
        id=uuid7(),
        message_id=message.id,
        customer_id=message.customer_id,
        operator_id=operator.id,
        operator_name=operator.name,
        started_at=opened.started_at,
        ended_at=clock.now(),
        outcome=body.outcome,
        result=body.result,
        callback_at=body.callback_at,
        rpo_checked_at=opened.rpo_checked_at,
        decision=opened.decision,
    )
    if seen.answer.facts.erased_at is None:
        await _heed(session, call, body, message.contact_point_id, operator=operator)
    again_at = await _next_attempt(session, seen, call)
    await _settle(session, seen.answer, call, again_at)
    session.add(call)
    await session.flush()
    if body.note and seen.answer.facts.erased_at is None:
        session.add(CallNote(call_id=call.id, body=body.note))
    await close(session, opened)
    await _charge(session, message)
    await activity.record(
        session,
        operator,
        "call.recorded",
        subject="customer",
        subject_id=message.customer_id,
        details={"message_id": str(message.id), "call_id": str(call.id), "outcome": call.outcome},
    )
    return call, again_at


def _check(body: CallOutcomeCreate, answer: Answer) -> None:
    """Refuse what does not go together, and a call back outside the hours of the law (D-T9)."""
    errors = [
        FieldError(name, "missing" if belongs else "not-null", f"belongs to {outcome} and to it alone")
        for name, outcome, is_given, belongs in (
            ("result", CallOutcome.REACHED, body.result is not None, body.outcome is CallOutcome.REACHED),
            ("callback_at", CallOutcome.CALL_BACK, body.callback_at is not None, body.outcome is CallOutcome.CALL_BACK),
        )
        if is_given is not belongs
    ]
    if body.objects_to is not None and body.outcome is not CallOutcome.OBJECTED:
        errors.append(FieldError("objects_to", "not-null", f"belongs to {CallOutcome.OBJECTED} alone"))
    if body.callback_at is not None and not clock.now() < body.callback_at <= clock.now() + AHEAD:
        errors.append(FieldError("callback_at", "out-of-range", "lies within the next two weeks"))
    elif body.callback_at is not None and not is_open(answer, body.callback_at):
        errors.append(FieldError("callback_at", "outside-hours", "the law leaves these hours closed to calls"))
    if errors:
        raise Invalid(errors=errors)


async def _heed(
    session: AsyncSession, call: Call, body: CallOutcomeCreate, contact_point_id: UUID | None, *, operator: Actor
) -> None:
    """Do what was said on the line before anything else is locked: no more calls, a number of somebody else (M-12), a
    death, a question about data.
    """
    if call.outcome == CallOutcome.OBJECTED:
        said: dict[str, Any] = {
            "customer_id": call.customer_id,
            "received_on": clock.today((await get_business(session)).timezone),
            "method": Method.ORAL,
            "evidence": [{"type": "oral", "uri": f"call:{call.id}"}],
            "actor": operator,
        }
        if body.objects_to is ObjectionScope.EVERYTHING:
            await consents.object_(session, scope="all", **said)
        else:
            for channel in (Channel.PHONE_OPERATOR, Channel.PHONE_AUTO):
                await consents.object_(session, scope="channel", channel=channel, **said)
    elif call.outcome == CallOutcome.WRONG_NUMBER and contact_point_id is not None:
        evidence = [{"type": "oral", "uri": f"call:{call.id}"}]
        await consents.detach_contact_point(
            session, call.customer_id, contact_point_id, evidence=evidence, actor=operator
        )
    elif call.outcome == CallOutcome.DECEASED:
        await customers.decease(session, call.customer_id, actor=operator)
        await outbox.publish(session, "death.told", {"customer_id": str(call.customer_id)})
    elif call.outcome == CallOutcome.ASKED_SOURCE:
        await outbox.publish(session, "access.asked", {"customer_id": str(call.customer_id)})


async def _next_attempt(session: AsyncSession, seen: Seen, call: Call) -> datetime | None:
    """Return when the person is called again: at the hour they named, or when a call nobody answered is made again."""
    if call.outcome not in UNANSWERED:
        return call.callback_at
    now, answer = call.ended_at, seen.answer
    visits = await queries.visits_of(session, call.customer_id) if may_use_purchases(answer, now) else []
    return next_attempt(
        [*seen.heard.missed, call.started_at],
        openings_of(answer, now),
        answer.zone,
        answered=seen.heard.answered,
        visits=visits,
    )


async def _settle(session: AsyncSession, answer: Answer, call: Call, again_at: datetime | None) -> None:
    """Bring the message where the call has brought it; one that was stopped meanwhile is left alone."""
    if not await _take(session, call):
        return
    message_id, now, worker = call.message_id, call.ended_at, call.operator_id
    if again_at is not None:
        waits_for = CallOutcome.CALL_BACK if call.callback_at else CallOutcome.NO_ANSWER
        put_off = Postponed(
            message_id, MessageStatus.DEFERRED, again_at, waits_for, call.outcome, is_attempt=call.callback_at is None
        )
        await handoff.postpone(session, worker, [put_off], now=now)
        return
    status, reason = _ENDINGS.get(CallOutcome(call.outcome), (MessageStatus.SENT, None))
    # Straight from the claim: the call was made, whatever has been paused or held meanwhile.
    ended = Ended(message_id, status, reason, call.outcome, _decision(call.decision))
    await handoff.end_unsent(session, [ended], now=now, worker=worker)
    if status is MessageStatus.SENT:
        await _deliver(session, message_id, now)
        if answer.message.contact_point_id is not None:
            await customers.mark_delivered(session, [answer.message.contact_point_id], at=now)


_ENDINGS: dict[CallOutcome, tuple[MessageStatus, str]] = {
    CallOutcome.NO_ANSWER: (MessageStatus.FAILED, CallOutcome.NO_ANSWER),
    CallOutcome.BUSY: (MessageStatus.FAILED, CallOutcome.NO_ANSWER),
    CallOutcome.VOICEMAIL: (MessageStatus.FAILED, CallOutcome.NO_ANSWER),
    CallOutcome.WRONG_NUMBER: (MessageStatus.BOUNCED, CallOutcome.WRONG_NUMBER),
    CallOutcome.DECEASED: (MessageStatus.FAILED, Reason.DECEASED),
}


async def _take(session: AsyncSession, call: Call) -> bool:
    """Hold the queue row for the operator, also where the lease has ended; False when it is gone."""
    taken = await (await driver(session)).fetchval(
        """update message_queue set state = 'claimed', worker = $2, lease_until = $4
           where message_id = $1 and state <> 'sending' and (worker is null or worker = $2 or lease_until < $3)
           returning true""",
        call.message_id,
        call.operator_id,
        call.ended_at,
        call.ended_at + LEASE,
    )
    return bool(taken)


async def _deliver(session: AsyncSession, message_id: UUID, now: datetime) -> None:
    """A person who answered was reached: there is nothing to wait for, as there is with a mail (E-13)."""
    await (await driver(session)).execute(
        """update messages set status = 'delivered', delivered_at = $2, history = history
               || jsonb_build_array(jsonb_build_object('status', 'delivered', 'at', $2::timestamptz, 'detail', null))
           where id = $1 and status = 'sent'""",
        message_id,
        now,
    )


async def _charge(session: AsyncSession, message: Message) -> None:
    """Let the message cost what its calls cost: each one the same, answered or not."""
    sender = await messaging.find_sender(session, message.channel, message.template_class)
    calls = await queries.count_calls(session, message.id)
    await (await driver(session)).execute(
        "update messages set cost_minor = $2 where id = $1",
        message.id,
        calls * (sender.unit_cost_minor if sender is not None else 0),
    )


def _decision(kept: dict[str, Any]) -> Decision:
    """Return the yes of the gate as it was when the call began."""
    return Decision(
        Verdict(kept["verdict"]),
        Family(kept["family"]),
        None,
        kept["rule_id"],
        LegalBasis(kept["basis"]),
        tuple(
            Evidence(
                each["kind"],
                UUID(each["id"]) if each["id"] else None,
                datetime.fromisoformat(each["at"]) if each["at"] else None,
            )
            for each in kept["evidence"]
        ),
    )
