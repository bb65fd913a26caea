"""From frozen pieces to paper: the gate asked again, pages made part by part, the address list for the printer.

The gate was asked when the batch was prepared, and is asked once more whenever pages or addresses leave the house and
when the pile is posted (C-14). Whoever may not be written to any more drops out: of the pages where they are not
printed yet, of the pile by hand where they are.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import queries as accountability
from ritorno.activity import service as activity
from ritorno.consents.rules import Decision, Reason, Verdict
from ritorno.kit import clock, storage
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.db import driver
from ritorno.messaging import handoff
from ritorno.messaging.handoff import Ended, Postponed
from ritorno.messaging.letters import Asked, ask_again, claimed_again
from ritorno.messaging.models import CapturedMessage, Message
from ritorno.messaging.planning import BULK
from ritorno.messaging.rules import MessageStatus
from ritorno.messaging.unserved import Unserved, ask_for_hands
from ritorno.postal import queries
from ritorno.postal.binding import bind
from ritorno.postal.errors import LetterBatchNotReady, PostNotReady
from ritorno.postal.models import LetterBatch, LetterPart, LetterPiece
from ritorno.postal.rules import PAUSED, BatchState, PieceState, Recipient
from ritorno.postal.sheets import Written, lines_of, typeset
from ritorno.stores.models import Business
from ritorno.stores.queries import get_business

FILES = "letters"
_AT_ONCE = 1000


# ── the gate again ────────────────────────────────────────────────────────────────────────────────────────────────────


async def require_terms(session: AsyncSession) -> None:
    """Refuse that any letter leaves while the terms of whoever processes for the business are not accepted (C-01)."""
    if await accountability.find_terms_acceptance(session) is None:
        raise PostNotReady()


async def review(session: AsyncSession, batch: LetterBatch, *, now: datetime) -> dict[UUID, Decision]:
    """Drop every piece that may not leave any more; return the gate's yes to each of the others, by message.

    The batch is locked by the caller; what is still in it is locked here, so that it stays in it.
    """
    ready = await _ready(session, batch.id)
    ours, held = await lock_ours(session, batch.id)
    lost = [message_id for message_id in ready if message_id not in ours]
    dropped = await _why_lost(session, lost) | dict.fromkeys(held, PAUSED)
    await handoff.release(session, batch.id, held)
    allowed: dict[UUID, Decision] = {}
    waiting = [message_id for message_id in ready if message_id not in dropped]
    for start in range(0, len(waiting), _AT_ONCE):
        yes, no = await _ask(session, batch, waiting[start : start + _AT_ONCE], now=now)
        allowed |= yes
        dropped |= no
    await _drop(session, batch, dropped)
    await turn_to_neighbours(session, batch.id, list(dropped), now=now)
    return allowed


async def _ready(session: AsyncSession, batch_id: UUID) -> Sequence[UUID]:
    """Return the messages of the pieces that were not dropped."""
    statement = select(LetterPiece.message_id).where(
        LetterPiece.batch_id == batch_id, LetterPiece.state == PieceState.READY
    )
    return (await session.scalars(statement.order_by(LetterPiece.number))).all()


async def lock_ours(session: AsyncSession, batch_id: UUID) -> tuple[set[UUID], list[UUID]]:
    """Lock what the batch holds in the queue; return all of it, and what is paused."""
    connection = await driver(session)
    rows = await connection.fetch(
        f"""
        select queued.message_id, {handoff.HELD_TOUCH} from message_queue queued
        where queued.worker = $1 and queued.state = 'claimed' order by queued.message_id for update of queued
        """,
        batch_id,
    )
    return {row[0] for row in rows}, [row[0] for row in rows if row[1]]


async def _why_lost(session: AsyncSession, message_ids: Sequence[UUID]) -> dict[UUID, str]:
    """Return why messages left the batch by themselves: a withdrawal, a cancellation, a pause."""
    statement = select(Message.id, Message.status, Message.reason).where(Message.id.in_(message_ids))
    return {
        message_id: "CANCELLED" if status == MessageStatus.CANCELLED else reason or PAUSED
        for message_id, status, reason in await session.execute(statement)
    }


async def _ask(
    session: AsyncSession, batch: LetterBatch, message_ids: Sequence[UUID], *, now: datetime
) -> tuple[dict[UUID, Decision], dict[UUID, str]]:
    """Ask the gate about letters in envelopes. That it would rather wait an hour is no reason any more, but that the
    person was written to meanwhile is one (G16): the letter waits again.
    """
    messages = (await session.scalars(select(Message).where(Message.id.in_(message_ids)))).all()
    allowed: dict[UUID, Decision] = {}
    refused: list[tuple[Asked, str]] = []
    capped: list[Postponed] = []
    for each in await ask_again(session, [claimed_again(message) for message in messages], at=now):
        reason = _refusal(each)
        if reason is None and each.decision.reason is Reason.FREQ_CAP:
            free_at = each.decision.until or now
            capped.append(
                Postponed(each.message.id, MessageStatus.DEFERRED, free_at, Reason.FREQ_CAP, None, is_attempt=False)
            )
        elif reason is None:
            allowed[each.message.id] = each.decision
        else:
            refused.append((each, reason))
    ended = [Ended(each.message.id, MessageStatus.SKIPPED, reason, None, each.decision) for each, reason in refused]
    await handoff.end_unsent(session, ended, now=now, worker=batch.id)
    await handoff.postpone(session, batch.id, capped, now=now)
    await ask_for_hands(
        session, [Unserved(each.message.customer_id, each.message.purpose, reason) for each, reason in refused]
    )
    dropped = {each.message.id: reason for each, reason in refused}
    return allowed, dropped | {each.id: Reason.FREQ_CAP for each in capped}


def _refusal(asked: Asked) -> str | None:
    if asked.decision.verdict in {Verdict.DENY, Verdict.REVIEW}:
        return asked.decision.reason or Reason.NO_BASIS
    # The letter bears an address that is not the person's any more.
    return Reason.BAD_CONTACT_POINT if asked.contact_point_id != asked.message.contact_point_id else None


async def _drop(session: AsyncSession, batch: LetterBatch, reasons: dict[UUID, str]) -> None:
    """Write down which pieces are out; the pages they stood on are made again."""
    if not reasons:
        return
    connection = await driver(session)
    rows = await connection.fetch(
        """
        update letter_pieces piece set state = 'dropped', reason = told.reason
        from unnest($2::uuid[], $3::text[]) told(message_id, reason)
        where piece.batch_id = $1 and piece.message_id = told.message_id and piece.state = 'ready'
        returning piece.part
        """,
        batch.id,
        list(reasons),
        list(reasons.values()),
    )
    parts = {row[0] for row in rows}
    await session.execute(
        update(LetterPart)
        .where(LetterPart.batch_id == batch.id, LetterPart.number.in_(parts))
        .values(is_stale=True)
        .execution_options(synchronize_session=False)
    )
    await session.execute(delete(CapturedMessage).where(CapturedMessage.message_id.in_(list(reasons))))


_NEIGHBOURS = """
with box as (
    select piece.touch_id, max(piece.cost_minor) as cost, replace(piece.recipient ->> 'postal_code', ' ', '') as code
    from letter_pieces piece
    join messages gone on gone.id = piece.message_id and gone.status = 'skipped'
    left join touches touch on touch.id = piece.touch_id
    where piece.batch_id = $1 and piece.message_id = any($2::uuid[]) and piece.household is not null
        and touch.state is distinct from 'stopped'
    group by 1, 3
), again as (
    select message.id, box.cost from box
    join messages message on message.touch_id = box.touch_id and message.status = 'skipped'
        and message.reason = 'SHARED_ADDRESS' and message.history -> 0 ->> 'status' = 'queued'
        and (message.expires_at is null or message.expires_at > $3)
    join contact_points point on point.id = message.contact_point_id
        and upper(replace(point.address ->> 'postal_code', ' ', '')) = box.code
    order by message.id for update of message
), woken as (
    update messages message set status = 'queued', reason = null, ended_at = null, cost_minor = again.cost,
        history = message.history
            || jsonb_build_array(jsonb_build_object('status', 'queued', 'at', $3::timestamptz, 'detail', null))
    from again where message.id = again.id returning message.id, message.template_class, message.touch_id
)
insert into message_queue (message_id, due_at, state, priority, channel, stream, touch_id)
select id, $3, 'queued', $4, 'POST', template_class, touch_id from woken
"""


async def turn_to_neighbours(session: AsyncSession, batch_id: UUID, message_ids: list[UUID], *, now: datetime) -> None:
    """Let those wait again who were left out for the sake of somebody who is refused now (D-11): the next batch tells
    the boxes of one postal code apart.
    """
    if message_ids:
        await (await driver(session)).execute(_NEIGHBOURS, batch_id, message_ids, now, BULK)


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class Draft(NamedTuple):
    """All that the pages of one part need."""

    batch: LetterBatch
    business: Business
    number: int
    letters: list[Written]


class Made(NamedTuple):
    """The pages of a part: the digest of their file, and how many each piece has."""

    pdf_sha256: str | None
    page_counts: dict[int, int]


async def parts_to_make(session: AsyncSession, settings: Settings, batch_id: UUID) -> list[int]:
    """Return the parts whose pages are not as they should be: never made, with somebody who dropped out, or gone."""
    parts = await queries.parts_of(session, batch_id)
    return [part.number for part in parts if part.is_stale or not _is_kept(settings, part)]


def _is_kept(settings: Settings, part: LetterPart) -> bool:
    return part.pdf_sha256 is not None and storage.path_of(settings, FILES, part.pdf_sha256).is_file()


async def read_part(session: AsyncSession, batch_id: UUID, number: int) -> Draft:
    """Read what the pages of a part say."""
    statement = (
        select(LetterPiece, CapturedMessage.subject, CapturedMessage.raw)
        .join(CapturedMessage, CapturedMessage.message_id == LetterPiece.message_id)
        .where(
            LetterPiece.batch_id == batch_id,
            LetterPiece.part == number,
            LetterPiece.state != PieceState.DROPPED,
            LetterPiece.recipient.is_not(None),
        )
        .order_by(LetterPiece.number)
        .execution_options(populate_existing=True)
    )
    letters = [Written(piece, subject, raw.decode()) for piece, subject, raw in await session.execute(statement)]
    return Draft(await queries.get_batch(session, batch_id), await get_business(session), number, letters)


async def make_part(settings: Settings, draft: Draft) -> Made:
    """Set the pages of a part and keep them; needs no database."""
    if not draft.letters:
        return Made(None, {})
    day = draft.batch.created_at.astimezone(ZoneInfo(draft.business.timezone)).date()
    pdf, page_counts = await typeset(settings, draft.batch, draft.business, draft.letters, day=day)
    return Made(await storage.keep(settings, FILES, pdf), page_counts)


async def keep_part(session: AsyncSession, settings: Settings, draft: Draft, made: Made) -> None:
    """Note the pages of a part, unless somebody on them has dropped out since; older pages are thrown away."""
    key = (draft.batch.id, draft.number)
    part = await session.get_one(LetterPart, key, with_for_update=True, populate_existing=True)
    now_in = {letter.piece.number for letter in (await read_part(session, draft.batch.id, draft.number)).letters}
    if part.pdf_sha256 not in {None, made.pdf_sha256}:
        await storage.forget(settings, FILES, part.pdf_sha256)
    part.pdf_sha256, part.is_stale = made.pdf_sha256, now_in != {letter.piece.number for letter in draft.letters}
    connection = await driver(session)
    await connection.execute(
        """update letter_pieces piece set pages = told.pages
           from unnest($2::int[], $3::int[]) told(number, pages)
           where piece.batch_id = $1 and piece.number = told.number""",
        draft.batch.id,
        list(made.page_counts),
        list(made.page_counts.values()),
    )


async def pages(session: AsyncSession, settings: Settings, batch_id: UUID, *, actor: Actor) -> Iterator[bytes]:
    """Return the made pages of a batch as one PDF, and record that somebody took them (S-16)."""
    parts = await queries.parts_of(session, batch_id)
    digests = [part.pdf_sha256 for part in parts if part.pdf_sha256 is not None]
    if not digests:
        raise LetterBatchNotReady("There is no page to print.", state=BatchState.PREPARED)
    await activity.record(session, actor, "letters.downloaded", subject="letter_batch", subject_id=batch_id)
    return bind([storage.path_of(settings, FILES, digest) for digest in digests])


async def hand_out(session: AsyncSession, batch_id: UUID) -> None:
    """Let the letters of a batch leave the house, as far as they may now; from the first time on they count as printed.

    What was posted is not handed out again: nobody asks the gate about it any more.
    """
    await require_terms(session)
    batch = await queries.get_batch(session, batch_id, lock=True)
    if batch.state != BatchState.PREPARED:
        raise LetterBatchNotReady(f"This batch is {batch.state}.", state=batch.state)
    now = clock.now()
    await review(session, batch, now=now)
    batch.printed_at = batch.printed_at or now
    await session.execute(
        update(LetterPiece)
        .where(LetterPiece.batch_id == batch_id, LetterPiece.state == PieceState.READY)
        .values(was_printed=True)
        .execution_options(synchronize_session=False)
    )


# ── the list for the printer ──────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Address:
    """One row of the list."""

    number: int
    code: str
    to: Recipient
    lines: list[str]
    pages: int | None


class AddressList(NamedTuple):
    """Where the letters of a batch go, and in which language its head is written."""

    language: str
    rows: list[Address]


async def addresses(session: AsyncSession, batch_id: UUID, *, actor: Actor) -> AddressList:
    """Return where the letters of a batch go, and record that somebody took the list (S-16)."""
    await hand_out(session, batch_id)
    business = await get_business(session)
    statement = select(LetterPiece).where(
        LetterPiece.batch_id == batch_id, LetterPiece.state != PieceState.DROPPED, LetterPiece.recipient.is_not(None)
    )
    found = await session.scalars(statement.order_by(LetterPiece.number).execution_options(populate_existing=True))
    rows = [
        Address(piece.number, piece.code, Recipient(**(piece.recipient or {})), lines_of(piece, business), piece.pages)
        for piece in found
    ]
    await activity.record(session, actor, "letter_addresses.downloaded", subject="letter_batch", subject_id=batch_id)
    return AddressList(business.language, rows)
