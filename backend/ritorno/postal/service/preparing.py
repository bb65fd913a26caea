"""A batch takes its letters from the queue, part by part, each part whole or not at all.

The gate is asked about every letter at that moment; what it refuses is skipped or deferred as on the road out. One
letter box gets one copy of an offer (D-11). A run that was killed goes on where the last whole part ended.
"""

import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.activity.models import Job
from ritorno.activity.rules import JobState
from ritorno.consents.rules import Channel, Reason, TemplateClass
from ritorno.customers.rules import fold_name, full_name
from ritorno.kit import clock, crypto
from ritorno.kit.config import Settings
from ritorno.kit.db import driver
from ritorno.messaging import handoff
from ritorno.messaging.handoff import Claimed, Ended, Postponed
from ritorno.messaging.letters import Asked, Desk, Refusal, ask_again, claimed_again, open_desk
from ritorno.messaging.mime import Letter
from ritorno.messaging.models import CapturedMessage, Message, Sender
from ritorno.messaging.recording import record_answers, record_refusals
from ritorno.messaging.rules import Ending, MessageStatus
from ritorno.postal import queries
from ritorno.postal.models import LetterBatch, LetterPart, LetterPiece
from ritorno.postal.rules import CODES, BatchState, PieceState, Recipient, code_of, household_of, recipient_of

PART = 25
"""Pieces whose pages are made together. Typst keeps what it made the last ten times, near half a megabyte a piece, so a
worker grows by less than 200 MB however long the batch is.
"""
LOOK_AGAIN = timedelta(days=1)
"""When a second offer to somebody is looked at again, while the first is still to be posted."""

_ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('letters', 0))")
"""Batches fill one after the other, so that each sees whom and which boxes the others serve."""


async def begin(session: AsyncSession, batch_id: UUID) -> None:
    """Say that somebody works at it."""
    batch = await queries.get_batch(session, batch_id, lock=True)
    job = await session.get(Job, batch.job_id) if batch.job_id else None
    if batch.state == BatchState.PREPARING and (job is None or job.state != JobState.RUNNING):
        job = await activity.start_job(
            session,
            kind="letters",
            label="letters",
            subject="letter_batch",
            subject_id=batch.id,
            total=2 * await _expected(session, batch),
        )
        batch.job_id = job.id


async def fill_part(session: AsyncSession, settings: Settings, batch_id: UUID) -> bool:
    """Take the letters of one more part; False when nothing is left to take, or the batch is full or given up."""
    batch = await queries.get_batch(session, batch_id, lock=True)
    if batch.state != BatchState.PREPARING:
        return False
    await session.execute(_ONE_AT_A_TIME)
    made, last_part, last_number = await _made(session, batch_id)
    now = clock.now()
    room = min(PART, batch.size - made)
    claimed = await _claim(session, batch, now=now, limit=room) if room else []
    if not claimed:
        return False
    left_out: Counter[str] = Counter(batch.left_out)
    asked = await ask_again(session, claimed, at=now)
    allowed = await record_answers(session, batch.id, asked, now=now)
    kept = {each.message.id for each in allowed}
    left_out.update(each.decision.reason or Reason.TOO_LATE for each in asked if each.message.id not in kept)
    allowed = await _one_each(session, batch, allowed, left_out, now=now)
    letters = await _write(session, settings, batch, allowed, left_out, now=now)
    if letters:
        part = last_part + 1
        session.add(LetterPart(batch_id=batch.id, number=part))
        await _keep(session, settings, batch, letters, part=part, after=last_number)
    batch.left_out = {str(reason): count for reason, count in left_out.items()}
    if batch.job_id is not None:
        await activity.advance_job(session, batch.job_id, done=await done_so_far(session, batch))
    return True


async def _one_each(
    session: AsyncSession, batch: LetterBatch, allowed: Sequence[Asked], left_out: Counter[str], *, now: datetime
) -> list[Asked]:
    """Put off a second offer to a person whose first lies in a batch: the gate counts what was posted (G16)."""
    taken = await queries.awaiting_post(session, {each.message.customer_id for each in allowed})
    first: list[Asked] = []
    later: list[Postponed] = []
    for each in allowed:
        if each.message.template_class != TemplateClass.MARKETING:
            first.append(each)
        elif each.message.customer_id not in taken:
            taken.add(each.message.customer_id)
            first.append(each)
        else:
            again_at = now + LOOK_AGAIN
            later.append(
                Postponed(each.message.id, MessageStatus.DEFERRED, again_at, Reason.FREQ_CAP, None, is_attempt=False)
            )
    await handoff.postpone(session, batch.id, later, now=now)
    left_out.update([Reason.FREQ_CAP for _ in later])
    return first


async def done_so_far(session: AsyncSession, batch: LetterBatch) -> int:
    """Return how far the making is: a letter counts when it is taken, and again when its pages are made."""
    statement = select(func.count() + func.count(LetterPiece.pages)).where(LetterPiece.batch_id == batch.id)
    taken: int = await session.scalar(statement) or 0
    return taken + 2 * sum(Counter[str](batch.left_out).values())


async def _made(session: AsyncSession, batch_id: UUID) -> tuple[int, int, int]:
    statement = select(
        func.count(), func.coalesce(func.max(LetterPiece.part), 0), func.coalesce(func.max(LetterPiece.number), 0)
    ).where(LetterPiece.batch_id == batch_id)
    count, part, number = (await session.execute(statement)).one()
    return count, part, number


_DUE = f"""
    select queued.message_id from message_queue queued
    where queued.channel = $2 and queued.state = 'queued' and queued.due_at <= $1 and not {handoff.HELD_TOUCH}
        and ($3::uuid is null or queued.touch_id = $3) and ($4::uuid is null or queued.message_id = $4)
        and (not $5 or queued.touch_id is null)
"""


async def _expected(session: AsyncSession, batch: LetterBatch) -> int:
    """Return how many letters there are to ask about, as far as one can tell beforehand."""
    connection = await driver(session)
    due = await connection.fetchval(f"select count(*) from ({_DUE}) due", *_wanted(batch, clock.now()))
    return min(batch.size, int(due))


def _wanted(batch: LetterBatch, now: datetime) -> tuple[Any, ...]:
    return now, Channel.POST, batch.touch_id, batch.message_id, batch.is_single


_CLAIM = f"""
with due as (
    {_DUE}
    order by queued.priority, queued.due_at, queued.message_id limit $6 for update skip locked
)
update message_queue queued set state = 'claimed', worker = $7, lease_until = null
from due where queued.message_id = due.message_id returning queued.message_id
"""


async def _claim(session: AsyncSession, batch: LetterBatch, *, now: datetime, limit: int) -> list[Claimed]:
    """Take what is due under the name of the batch, without a lease: a batch waits for its printer for days."""
    connection = await driver(session)
    rows = await connection.fetch(_CLAIM, *_wanted(batch, now), limit, batch.id)
    statement = select(Message).where(Message.id.in_([row[0] for row in rows])).order_by(Message.id)
    return [
        claimed_again(message)._replace(expires_at=message.expires_at) for message in await session.scalars(statement)
    ]


# ── what goes into the envelopes ──────────────────────────────────────────────────────────────────────────────────────


class _Fresh(NamedTuple):
    """A letter that comes into the batch."""

    message: Message
    letter: Letter
    recipient: Recipient
    household: bytes | None
    cost_minor: int


async def _write(
    session: AsyncSession,
    settings: Settings,
    batch: LetterBatch,
    allowed: Sequence[Asked],
    left_out: Counter[str],
    *,
    now: datetime,
) -> list[_Fresh]:
    """Return the letters of those the gate allows; whose box has its copy already, or whose letter cannot be made, is
    skipped with the reason.
    """
    messages = await _messages(session, [each.message.id for each in allowed])
    recipients = await _recipients(session, [each.message.contact_point_id for each in allowed])
    boxes = {
        each.message.id: _household(settings, recipients.get(each.message.contact_point_id), messages[each.message.id])
        for each in allowed
    }
    served = await _served(session, messages.values(), boxes)
    desk = await open_desk(session, settings, allowed)
    costs = {(each.channel, each.stream): each.unit_cost_minor for each in await session.scalars(select(Sender))}
    fresh: list[_Fresh] = []
    refused: list[tuple[Asked, Refusal]] = []
    shared: list[Ended] = []
    for each in allowed:
        message, box = messages[each.message.id], boxes[each.message.id]
        letter = _letter(desk, each, recipients, now=now)
        if isinstance(letter, Refusal):
            refused.append((each, letter))
        elif box is not None and (message.touch_id, box) in served:
            shared.append(Ended(message.id, MessageStatus.SKIPPED, Ending.SHARED_ADDRESS, None, each.decision))
        else:
            served.add((message.touch_id, box))
            cost = costs.get((message.channel, message.template_class), 0)
            fresh.append(_Fresh(message, letter, recipients[message.contact_point_id], box, cost))
    await record_refusals(session, batch.id, refused, now=now)
    await handoff.end_unsent(session, shared, now=now, worker=batch.id)
    left_out.update([refusal.reason for _, refusal in refused] + [Ending.SHARED_ADDRESS for _ in shared])
    return fresh


def _letter(desk: Desk, asked: Asked, recipients: dict[UUID | None, Recipient], *, now: datetime) -> Letter | Refusal:
    if asked.message.contact_point_id not in recipients:
        return Refusal(Reason.BAD_CONTACT_POINT)
    return desk.write(asked, at=now)


async def _messages(session: AsyncSession, message_ids: Sequence[UUID]) -> dict[UUID, Message]:
    found = await session.scalars(select(Message).where(Message.id.in_(message_ids)))
    return {message.id: message for message in found}


async def _recipients(session: AsyncSession, points: Sequence[UUID | None]) -> dict[UUID | None, Recipient]:
    """Return who stands in the window, by contact point."""
    connection = await driver(session)
    rows = await connection.fetch(
        """
        select point.id, point.address, customer.given_name, customer.family_name
        from contact_points point join customers customer on customer.id = point.customer_id
        where point.id = any($1::uuid[]) and point.address is not null
        """,
        points,
    )
    return {row[0]: recipient_of(full_name(row[2], row[3]), row[1]) for row in rows}


def _household(settings: Settings, to: Recipient | None, message: Message) -> bytes | None:
    """Return the digest of a letter box, where it gets one copy: offers of one touch (D-11)."""
    if to is None or message.touch_id is None or message.template_class != TemplateClass.MARKETING:
        return None
    return crypto.hmac_hash(settings, "household", household_of(to, fold_name))[1]


async def _served(
    session: AsyncSession, messages: Any, boxes: dict[UUID, bytes | None]
) -> set[tuple[UUID | None, bytes | None]]:
    """Return which of these boxes have their copy of the same touch already."""
    statement = select(LetterPiece.touch_id, LetterPiece.household).where(
        LetterPiece.touch_id.in_({message.touch_id for message in messages if message.touch_id is not None}),
        LetterPiece.household.in_({box for box in boxes.values() if box is not None}),
        LetterPiece.state != PieceState.DROPPED,
    )
    return {(touch_id, household) for touch_id, household in await session.execute(statement)}


async def _keep(
    session: AsyncSession,
    settings: Settings,
    batch: LetterBatch,
    letters: Sequence[_Fresh],
    *,
    part: int,
    after: int,
) -> None:
    """Freeze the pieces: number, code, address and words."""
    codes = await _codes(session, len(letters))
    for number, (code, fresh) in enumerate(zip(codes, letters, strict=True), start=after + 1):
        message = fresh.message
        to = fresh.recipient
        session.add(
            LetterPiece(
                batch_id=batch.id,
                part=part,
                number=number,
                code=code,
                message_id=message.id,
                touch_id=message.touch_id,
                customer_id=message.customer_id,
                language=message.language,
                recipient={name: getattr(to, name) for name in Recipient.__slots__},
                household=fresh.household,
                cost_minor=fresh.cost_minor,
            )
        )
        await session.merge(
            CapturedMessage(
                message_id=message.id,
                subject=fresh.letter.subject,
                to_address=fresh.letter.to,
                raw=fresh.letter.raw,
                captured_at=clock.now(),
            )
        )
    await session.flush()


async def _codes(session: AsyncSession, count: int) -> list[str]:
    """Return codes nobody has."""
    codes: set[str] = set()
    while len(codes) < count:
        drawn = {code_of(secrets.randbelow(CODES)) for _ in range(count - len(codes))}
        taken = await session.scalars(select(LetterPiece.code).where(LetterPiece.code.in_(drawn)))
        codes |= drawn - set(taken)
    return sorted(codes)
