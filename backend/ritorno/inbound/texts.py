"""A text somebody sent us: a clear word is obeyed and answered once, the rest waits for a person (M-05, M-12)."""

from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.activity.models import Task
from ritorno.consents import service as consents
from ritorno.consents.rules import (
    Channel,
    Method,
    ReplyKind,
    SuppressionReason,
    classify,
    is_bare_cancellation,
    sounds_like_wrong_person,
)
from ritorno.consents.schemas import ReplyCreate, ReplyRecorded
from ritorno.inbound import text_queries
from ritorno.inbound.text_errors import InboundTextHandled, InboundTextNotFound
from ritorno.inbound.text_models import InboundText
from ritorno.inbound.text_queries import Owner
from ritorno.inbound.text_rules import Handling
from ritorno.inbound.twilio import is_sid
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.ids import uuid7
from ritorno.kit.logging import log
from ritorno.kit.problems import Problem
from ritorno.kit.schemas import clean_text
from ritorno.messaging import service as messaging
from ritorno.stores.queries import get_business

ACTOR = Actor.system("inbound")
REMINDER_COUNTS = timedelta(hours=48)
HELP_AGAIN_AFTER = timedelta(hours=24)
"""Two machines that ask each other for help stop soon."""


async def receive(session: AsyncSession, said: dict[str, str]) -> None:
    """Keep a text and do what it plainly asks; one that is told again changes nothing (B-39)."""
    provider_id, number = said.get("MessageSid", ""), clean_text(said.get("From", ""))
    if not is_sid(provider_id) or not number:
        return
    words = clean_text(said.get("Body", ""))[:5000]
    owners, now = await text_queries.owners_of(session, number), clock.now()
    kept = await session.scalar(
        insert(InboundText)
        .values(
            id=uuid7(),
            provider_id=provider_id,
            received_at=now,
            from_number=number,
            to_number=clean_text(said.get("To", "")),
            text=words,
            kind=await _kind_of(session, words, said.get("OptOutType", ""), owners),
            customer_id=owners[0].customer_id if owners else None,
            message_id=owners[0].message_id if owners else None,
        )
        .on_conflict_do_nothing(index_elements=[InboundText.provider_id])
        .returning(InboundText)
    )
    if kept is None:
        return
    replies = await _note_replies(session, kept, owners)
    done = None
    if replies is None:
        await _leave_to_a_person(session, kept)
    elif owners:
        kept.reply_ids = [each.id for each in replies]
        is_news = any(each.items for each in replies)
        # The provider may have answered by its own rules already: nobody is told the same twice.
        done = await _obey(session, kept, owners, is_news=is_news, is_answered=bool(said.get("OptOutType")))
    else:
        await _leave_to_a_person(session, kept)
        if kept.kind == ReplyKind.START:
            await _lift_stop(session, number)
    if done is not None and not sounds_like_wrong_person(words):
        kept.handled_at, kept.handled_by, kept.handled_as = now, ACTOR.name, done
    await session.flush()


async def _kind_of(session: AsyncSession, words: str, opt_out: str, owners: list[Owner]) -> ReplyKind:
    """Return what a text asks for. A stop counts whoever noticed it; a yes only where it is clear whose it is, and that
    it does not confirm an appointment.
    """
    if opt_out == "STOP":
        return ReplyKind.STOP
    kind = classify(words)
    if kind is not ReplyKind.START:
        return kind
    people = [owner.customer_id for owner in owners]
    may_confirm = "yes" in words.casefold() and await text_queries.was_reminded(
        session, people, since=clock.now() - REMINDER_COUNTS
    )
    return ReplyKind.HUMAN if may_confirm or len(owners) > 1 else kind


async def _note_replies(session: AsyncSession, text: InboundText, owners: list[Owner]) -> list[ReplyRecorded] | None:
    """Note the words for everybody who uses the number (B-15), and what they ask of consents; None where that is
    refused, as when a card was merged at this moment: then nothing of it happens.
    """
    kind = ReplyKind(text.kind)
    if not text.text and kind is ReplyKind.NOTHING:
        return []
    body = ReplyCreate(channel=Channel.SMS, text=text.text or kind, received_at=text.received_at)
    try:
        async with session.begin_nested():
            return [
                await consents.record_reply(
                    session, owner.customer_id, body, heard_from=owner.contact_point_id, kind=kind, actor=ACTOR
                )
                for owner in owners
            ]
    except Problem as refusal:
        log.warning("inbound.text_refused", text_id=text.id, code=refusal.code)
        return None


async def _obey(
    session: AsyncSession, text: InboundText, owners: list[Owner], *, is_news: bool, is_answered: bool
) -> Handling | None:
    """Do what else the text asks; None leaves it to a person."""
    match text.kind:
        case ReplyKind.STOP:
            await _ask_about_appointment(session, text, owners)
            if is_news and not is_answered:
                await _answer(session, owners[0], "sms-stopped")
            return Handling.OBEYED
        case ReplyKind.HELP:
            if not is_answered:
                await _answer(session, owners[0], "sms-help", again_after=HELP_AGAIN_AFTER)
            return Handling.ANSWERED
        case ReplyKind.START:
            await _lift_stop(session, text.from_number)
            return Handling.CONSENT_ASKED
    return None if text.text else Handling.NOTHING


async def _answer(session: AsyncSession, owner: Owner, code: str, *, again_after: timedelta | None = None) -> None:
    """Answer, if that can be done; what the text asked for stays done either way."""
    try:
        async with session.begin_nested():
            await messaging.answer_text(
                session,
                customer_id=owner.customer_id,
                contact_point_id=owner.contact_point_id,
                code=code,
                again_after=again_after,
                actor=ACTOR,
            )
    except Problem as refusal:
        log.warning("inbound.text_unanswered", code=refusal.code)


async def _ask_about_appointment(session: AsyncSession, text: InboundText, owners: list[Owner]) -> None:
    """Let staff look at the appointment too, where CANCEL may have meant that."""
    since = text.received_at - REMINDER_COUNTS
    people = [owner.customer_id for owner in owners]
    if is_bare_cancellation(text.text) and await text_queries.was_reminded(session, people, since=since):
        await activity.open_task(
            session,
            kind="appointment_reply",
            key=f"appointment-reply:{text.id}",
            subject="customer",
            subject_id=owners[0].customer_id,
            details={"inbound_text_id": str(text.id)},
        )


async def _leave_to_a_person(session: AsyncSession, text: InboundText) -> None:
    """Let a person read what belongs to no card; a number that says stop is kept off every later list all the same."""
    if text.kind == ReplyKind.STOP:
        await consents.suppress(
            session, channel=Channel.SMS, match_key=text.from_number, reason=SuppressionReason.UNSUB, actor=ACTOR
        )
    await activity.open_task(
        session,
        kind="text_from_nobody",
        key=f"text-from-nobody:{text.id}",
        subject="inbound_text",
        subject_id=text.id,
    )


async def _lift_stop(session: AsyncSession, number: str) -> None:
    """Take back what the same number asked for by STOP before anybody was known by it; other reasons stay."""
    address = (Channel.SMS, number)
    if (await consents.suppressed_among(session, [address])).get(address) is SuppressionReason.UNSUB:
        await consents.lift(session, channel=Channel.SMS, match_key=number, reason=SuppressionReason.UNSUB, actor=ACTOR)


# ── what a person read in it ──────────────────────────────────────────────────────────────────────────────────────────


async def handle(session: AsyncSession, inbound_text_id: UUID, outcome: Handling, *, actor: Actor) -> InboundText:
    """Do what a person read in a text; the same answer again changes nothing."""
    text = await session.get(InboundText, inbound_text_id, with_for_update=True)
    if text is None:
        raise InboundTextNotFound()
    if text.handled_as == outcome:
        return text
    if text.handled_at is not None:
        raise InboundTextHandled()
    owners = await text_queries.owners_of(session, text.from_number)
    if outcome is Handling.OBJECTION:
        await _object(session, text, owners, actor=actor)
    elif outcome is Handling.WRONG_PERSON:
        for owner in owners:
            await consents.detach_contact_point(
                session,
                owner.customer_id,
                owner.contact_point_id,
                evidence=[{"type": "reply", "uri": f"inbound_text:{text.id}"}],
                actor=actor,
            )
    text.handled_at, text.handled_by, text.handled_as = clock.now(), actor.name, outcome
    await _close_tasks(session, text, actor=actor)
    await activity.record(
        session,
        actor,
        "inbound_text.handled",
        subject="inbound_text",
        subject_id=text.id,
        details={"outcome": outcome},
    )
    return text


async def _object(session: AsyncSession, text: InboundText, owners: list[Owner], *, actor: Actor) -> None:
    zone = ZoneInfo((await get_business(session)).timezone)
    for owner in owners:
        await consents.object_(
            session,
            customer_id=owner.customer_id,
            scope="channel",
            channel=Channel.SMS,
            received_on=text.received_at.astimezone(zone).date(),
            method=Method.SMS_KEYWORD,
            evidence=[{"type": "reply", "uri": f"inbound_text:{text.id}"}],
            actor=actor,
        )
    if not owners:
        await consents.suppress(
            session, channel=Channel.SMS, match_key=text.from_number, reason=SuppressionReason.UNSUB, actor=actor
        )


async def _close_tasks(session: AsyncSession, text: InboundText, *, actor: Actor) -> None:
    """Close what this text raised; whatever else its people wrote is still to be read."""
    await activity.complete_tasks_of(session, kind="text_from_nobody", subject_id=text.id, actor=actor)
    keys = [f"reply:{reply_id}" for reply_id in text.reply_ids]
    for task_id in await session.scalars(select(Task.id).where(Task.key.in_(keys))):
        await activity.complete_task(session, task_id, actor=actor)
