"""What a receipt, a refusal or a death means for a message, written down (E-11, E-15, E-16, C-13)."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents import service as consents
from ritorno.consents.rules import Channel, Reason, ServiceKind, TemplateClass, Verdict
from ritorno.customers import service as customers
from ritorno.kit.actor import Actor
from ritorno.messaging import handoff
from ritorno.messaging.handoff import Claimed, Ended, InDoubt, Postponed, line_of
from ritorno.messaging.letters import Asked, Refusal
from ritorno.messaging.pacing import service as pacing
from ritorno.messaging.pacing.rules import asks_to_slow_down
from ritorno.messaging.rules import Ending, MessageStatus, Outcome, retry_at
from ritorno.messaging.service.afterwards import is_soft_failure, rest_if_worn_out
from ritorno.messaging.transports.port import Receipt
from ritorno.messaging.unserved import Unserved, ask_for_hands

UNREACHABLE_PAUSE = timedelta(minutes=1)
"""How long messages rest when the mail server could not be spoken to: nothing was handed over, so it costs no attempt.
"""

ACTOR = Actor.system("messaging")

_ENDINGS: dict[Outcome, tuple[MessageStatus, str | None]] = {
    Outcome.ACCEPTED: (MessageStatus.SENT, None),
    Outcome.HARD_BOUNCE: (MessageStatus.BOUNCED, Ending.HARD_BOUNCE),
    Outcome.REFUSED: (MessageStatus.FAILED, Ending.REFUSED_BY_SERVER),
    Outcome.STOPPED: (MessageStatus.FAILED, Ending.STOPPED_AT_PROVIDER),
    Outcome.UNKNOWN: (MessageStatus.UNKNOWN, None),
}


async def record_answers(session: AsyncSession, worker: UUID, asked: Sequence[Asked], *, now: datetime) -> list[Asked]:
    """Skip or defer whom the gate does not allow now; return the others."""
    allowed, ended, postponed = [], [], []
    for each in asked:
        decision = each.decision
        reason = decision.reason or Reason.NO_BASIS
        until = max(decision.until, now) if decision.until is not None else now
        if decision.verdict is Verdict.ALLOW and not is_too_late(each.message, now):
            allowed.append(each)
        elif decision.verdict in {Verdict.ALLOW, Verdict.DEFER} and is_too_late(each.message, until):
            ended.append(Ended(each.message.id, MessageStatus.SKIPPED, Reason.TOO_LATE, None, decision))
        elif decision.verdict is Verdict.DEFER and decision.until is not None:
            postponed.append(Postponed(each.message.id, MessageStatus.DEFERRED, until, reason, None, is_attempt=False))
        else:
            # REVIEW needs a person, and no person stands at the hand-off: it is a no (D-04).
            ended.append(Ended(each.message.id, MessageStatus.SKIPPED, reason, None, decision))
    gone = await handoff.end_unsent(session, ended, now=now, worker=worker)
    await handoff.postpone(session, worker, postponed, now=now)
    await ask_for_hands(
        session,
        [
            Unserved(each.message.customer_id, each.message.purpose, each.decision.reason)
            for each in asked
            if each.message.id in gone
        ],
    )
    return allowed


def is_too_late(message: Claimed, at: datetime) -> bool:
    """Tell whether a message makes no sense any more at a moment (E-16, DESIGN §7)."""
    return message.expires_at is not None and message.expires_at <= at


async def record_refusals(
    session: AsyncSession, worker: UUID, refused: Sequence[tuple[Asked, Refusal]], *, now: datetime
) -> None:
    """Skip messages that cannot be made, each with its reason."""
    ended = [
        Ended(asked.message.id, MessageStatus.SKIPPED, refusal.reason, refusal.detail, asked.decision)
        for asked, refusal in refused
    ]
    await handoff.end_unsent(session, ended, now=now, worker=worker)


async def record_receipts(
    session: AsyncSession, worker: UUID, messages: dict[UUID, Claimed], receipts: Sequence[Receipt], *, now: datetime
) -> None:
    """Write down what the transport said of each letter."""
    ended: list[Ended] = []
    postponed: list[Postponed] = []
    hurried = [messages[each.message_id] for each in receipts if asks_to_slow_down(each.detail)]
    deferred = [messages[each.message_id] for each in receipts if each.outcome is Outcome.RETRY]
    for receipt in receipts:
        message = messages[receipt.message_id]
        if receipt.outcome is Outcome.UNREACHABLE:
            postponed.append(_again(message, now + UNREACHABLE_PAUSE, receipt.detail, is_attempt=False))
        elif receipt.outcome is Outcome.RETRY:
            jitter = random.uniform(-1, 1)  # noqa: S311 – it spreads the load and keeps no secret
            following = retry_at(
                TemplateClass(message.template_class),
                message.attempts,
                now,
                jitter,
                is_code=message.service_kind == ServiceKind.CODE,
                expires_at=message.expires_at,
            )
            if following is None:
                ended.append(Ended(message.id, MessageStatus.FAILED, Ending.GAVE_UP, receipt.detail))
            else:
                postponed.append(_again(message, following, receipt.detail, is_attempt=True))
        else:
            status, reason = _ENDINGS[receipt.outcome]
            ended.append(Ended(message.id, status, reason, receipt.detail))
            if receipt.outcome is Outcome.HARD_BOUNCE and message.contact_point_id is not None:
                await customers.mark_bounced(session, message.contact_point_id, at=now, actor=ACTOR)
            if receipt.outcome is Outcome.STOPPED:
                await consents.refuse_at_provider(
                    session,
                    customer_id=message.customer_id,
                    contact_point_id=message.contact_point_id,
                    message_id=message.id,
                    channel=Channel(message.channel),
                )
            if receipt.outcome is Outcome.UNKNOWN:
                await ask_a_person(session, InDoubt(message.id, message.customer_id, message.template_class))
    await handoff.end_sent(session, ended, now=now)
    for each in ended:
        if is_soft_failure(each.reason, each.detail):
            await rest_if_worn_out(session, messages[each.id], at=now)
    await handoff.postpone(session, worker, postponed, now=now)
    await pacing.count_young(session, [line_of(each) for each in deferred], deferred=True)
    untaken = [messages[each.message_id] for each in receipts if each.outcome is Outcome.UNREACHABLE]
    await pacing.count_young(session, [line_of(each) for each in untaken], times=-1)
    await pacing.slow_down(session, hurried, now=now)


def _again(message: Claimed, due_at: datetime, detail: str, *, is_attempt: bool) -> Postponed:
    return Postponed(message.id, MessageStatus.QUEUED, due_at, None, detail, is_attempt)


async def ask_a_person(session: AsyncSession, doubtful: InDoubt) -> None:
    """Raise a task for a service message in doubt; a marketing one is only listed (E-15)."""
    if doubtful.template_class == TemplateClass.SERVICE:
        await activity.open_task(
            session,
            kind="message_in_doubt",
            key=f"message-in-doubt:{doubtful.id}",
            subject="message",
            subject_id=doubtful.id,
            details={"customer_id": str(doubtful.customer_id)},
        )


async def record_lost_workers(session: AsyncSession, *, now: datetime) -> int:
    """Requeue what dead workers had claimed, list what they were handing over; return how many are in doubt."""
    doubtful = await handoff.expire_leases(session, now=now)
    for each in doubtful:
        await ask_a_person(session, each)
    return len(doubtful)
