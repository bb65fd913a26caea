"""Double opt-in (C-12): is this address really theirs? A link by mail that only a press confirms, or a code by text.

A yes said on the web waits in the ledger until then. Whoever answers from the address itself proves two things at
once: the address is confirmed, and what waited for it becomes a yes.
"""

import contextlib
from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents import service as consents
from ritorno.consents.errors import SuppressionNotFound
from ritorno.consents.models import ConsentState
from ritorno.consents.queries import lock_people
from ritorno.consents.rules import Action, Channel, Method, Party, Purpose, Standing, SuppressionReason
from ritorno.consents.waiting import Waiting, waiting_of
from ritorno.customers import queries as customers
from ritorno.customers import service as customer_changes
from ritorno.customers.errors import CustomerErased
from ritorno.customers.models import ContactPoint
from ritorno.customers.rules import SELF_SOURCE, ContactKind, ContactLevel
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.db import driver
from ritorno.kit.logging import log
from ritorno.kit.problems import Problem
from ritorno.messaging import permissions, queries
from ritorno.messaging.codes import is_code_of
from ritorno.messaging.errors import (
    AddressNotInUse,
    ConfirmationNotFound,
    ConfirmationTooOften,
    ContactRefused,
    TemplateNotReady,
)
from ritorno.messaging.models import Confirmation
from ritorno.messaging.rules import WAITING
from ritorno.messaging.service import write_to_customer

LIVES = {Channel.EMAIL: timedelta(hours=72), Channel.SMS: timedelta(minutes=10)}
MAX_TRIES = 5
A_DAY = 3
"""How often one address is asked within 24 hours, whoever asks."""
PAUSE = timedelta(minutes=1)
FORGOTTEN_AFTER = timedelta(days=30)

TEMPLATES = {Channel.EMAIL: "confirm-address", Channel.SMS: "confirm-code"}
_KIND = {Channel.EMAIL: ContactKind.EMAIL, Channel.SMS: ContactKind.PHONE}

SUBJECT = Actor("subject", None, "")


# ── asking ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def ask(
    session: AsyncSession, *, customer_id: UUID, contact_point_id: UUID, channel: Channel, actor: Actor
) -> Confirmation:
    """Send the link or the code to an address in use, the first time or again; an older code counts no more."""
    customer = await customers.get_customer(session, customer_id, lock=True)
    if customer.erased_at is not None:
        raise CustomerErased()
    point = await customers.get_contact_point(session, contact_point_id, customer_id=customer_id)
    await _refuse_flood(session, point)
    now = clock.now()
    facts = (await permissions.load_facts(session, [customer_id], at=now))[customer_id]
    contact = facts.contacts.get(channel)
    if point.kind != _KIND[channel] or contact is None or contact.id != point.id:
        raise AddressNotInUse()
    template = await queries.get_template_by_code(session, TEMPLATES[channel])
    message = await write_to_customer(
        session, customer_id=customer_id, template_id=template.id, channel=channel, actor=actor
    )
    if message.status not in WAITING:
        raise ContactRefused(reason=message.reason)
    row = Confirmation(
        customer_id=customer_id,
        contact_point_id=point.id,
        channel=channel,
        message_id=message.id,
        asked_at=now,
        expires_at=now + LIVES[channel],
        tries=0,
    )
    session.add(row)
    await session.flush()
    await activity.record(
        session,
        actor,
        "confirmation.asked",
        subject="customer",
        subject_id=customer_id,
        details={"confirmation_id": str(row.id), "channel": channel},
    )
    return row


async def ask_again(session: AsyncSession, row: Confirmation) -> Confirmation | Problem:
    """Put the same question once more, as its reader wishes."""
    return await try_asking(
        session,
        customer_id=row.customer_id,
        contact_point_id=row.contact_point_id,
        channel=Channel(row.channel),
        actor=SUBJECT,
    )


async def _refuse_flood(session: AsyncSession, point: ContactPoint) -> None:
    """Count what one address was sent, on whichever cards it stands: nobody is flooded in another's name."""
    now = clock.now()
    asked = await session.scalars(
        select(Confirmation.asked_at)
        .join(ContactPoint, ContactPoint.id == Confirmation.contact_point_id)
        .where(
            ContactPoint.kind == point.kind,
            ContactPoint.match_key == point.match_key,
            Confirmation.asked_at > now - timedelta(days=1),
        )
        .order_by(Confirmation.asked_at.desc())
    )
    moments = list(asked)
    free_at = max(
        moments[0] + PAUSE if moments else now,
        moments[A_DAY - 1] + timedelta(days=1) if len(moments) >= A_DAY else now,
    )
    if free_at > now:
        seconds = int((free_at - now).total_seconds()) + 1
        raise ConfirmationTooOften(headers={"Retry-After": str(seconds)})


async def try_asking(
    session: AsyncSession, *, customer_id: UUID, contact_point_id: UUID, channel: Channel, actor: Actor
) -> Confirmation | Problem:
    """Ask where that is possible, and return what stands in the way instead of raising it: one person who may not be
    written to spoils nothing else, and whoever holds a link is not told why not. The log is.
    """
    try:
        async with session.begin_nested():
            return await ask(
                session, customer_id=customer_id, contact_point_id=contact_point_id, channel=channel, actor=actor
            )
    except Problem as refusal:
        log.info("confirmation.not_asked", customer_id=str(customer_id), channel=channel, code=refusal.code)
        return refusal


async def ask_where_waiting(session: AsyncSession, customer_ids: Collection[UUID], *, actor: Actor) -> int:
    """Send one mail to each person whose yes by mail waits, unless a link still lives; return how many were sent.

    A yes older than a month is not asked about any more: it is about to be forgotten (C-31).
    """
    now = clock.now()
    asked = 0
    for customer_id, point_id in sorted(await _mail_awaited(session, customer_ids, since=now - FORGOTTEN_AFTER)):
        if await _lives(session, point_id, now):
            continue
        answer = await try_asking(
            session, customer_id=customer_id, contact_point_id=point_id, channel=Channel.EMAIL, actor=actor
        )
        if isinstance(answer, TemplateNotReady):
            # Nobody can be asked then: the job fails, and staff see that it did.
            raise answer
        asked += isinstance(answer, Confirmation)
    return asked


async def _mail_awaited(
    session: AsyncSession, customer_ids: Collection[UUID], *, since: datetime
) -> set[tuple[UUID, UUID]]:
    living = set((await customers.living_of(session, customer_ids)).values())
    rows = await session.execute(
        select(ContactPoint.customer_id, ContactPoint.id).where(
            ContactPoint.customer_id.in_(living),
            ContactPoint.kind == ContactKind.EMAIL,
            ContactPoint.valid_to.is_(None),
            ContactPoint.is_primary,
        )
    )
    addresses = {row.customer_id: row.id for row in rows}
    return {
        (each.customer_id, addresses[each.customer_id])
        for each in await waiting_of(session, living)
        if each.customer_id in addresses
        and each.occurred_at > since
        and _answers(Channel.EMAIL, addresses[each.customer_id], each)
    }


async def _lives(session: AsyncSession, contact_point_id: UUID, now: datetime) -> bool:
    found = await session.scalars(
        select(Confirmation.id).where(
            Confirmation.contact_point_id == contact_point_id,
            Confirmation.confirmed_at.is_(None),
            Confirmation.expires_at > now,
        )
    )
    return found.first() is not None


# ── answering ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Answer(StrEnum):
    """What an answer from the address was worth."""

    CONFIRMED = "confirmed"
    WRONG = "wrong"
    SPENT = "spent"
    EXPIRED = "expired"


async def confirm_link(session: AsyncSession, row: Confirmation) -> Answer:
    """Confirm by the press of the button in the mail; a second press, also in parallel, changes nothing."""
    row = await _locked(session, row)
    point = await customers.get_contact_point(session, row.contact_point_id)
    if row.confirmed_at is None and (clock.now() >= row.expires_at or point.valid_to is not None):
        return Answer.EXPIRED
    if row.confirmed_at is None:
        await _settle(session, row, Method.EMAIL_LINK, "email_link", actor=SUBJECT)
    return Answer.CONFIRMED


async def enter_code(
    session: AsyncSession,
    settings: Settings,
    *,
    customer_id: UUID,
    confirmation_id: UUID,
    code: str,
    actor: Actor,
) -> tuple[Confirmation, Answer]:
    """Confirm by the code of a text; a wrong one is counted, five are the end, and only the newest code counts."""
    await customers.get_customer(session, customer_id)
    found = await queries.find_confirmation(session, confirmation_id)
    if found is None or found.customer_id != customer_id or found.channel != Channel.SMS:
        raise ConfirmationNotFound()
    row = await _locked(session, found)
    is_right = is_code_of(settings, row.message_id, code)
    if row.confirmed_at is not None:
        return row, Answer.CONFIRMED if is_right else Answer.WRONG
    if row.tries >= MAX_TRIES:
        return row, Answer.SPENT
    if clock.now() >= row.expires_at or await _has_newer(session, row):
        return row, Answer.EXPIRED
    if not is_right:
        row.tries += 1
        await session.flush()
        return row, Answer.SPENT if row.tries >= MAX_TRIES else Answer.WRONG
    await _settle(session, row, Method.SMS_KEYWORD, "sms_code", actor=actor)
    return row, Answer.CONFIRMED


async def _locked(session: AsyncSession, row: Confirmation) -> Confirmation:
    """Lock the person, then the question: the order everybody keeps."""
    person = (await lock_people(session, [row.customer_id])).get(row.customer_id)
    if person is None or person.erased_at is not None:
        raise CustomerErased()
    return await session.get_one(Confirmation, row.id, with_for_update=True, populate_existing=True)


async def _has_newer(session: AsyncSession, row: Confirmation) -> bool:
    found = await session.scalars(
        select(Confirmation.id).where(
            Confirmation.contact_point_id == row.contact_point_id,
            Confirmation.channel == row.channel,
            Confirmation.asked_at > row.asked_at,
        )
    )
    return found.first() is not None


async def _settle(session: AsyncSession, row: Confirmation, method: Method, proof: str, *, actor: Actor) -> None:
    """Confirm the address and say the yeses that waited for it; every other link to it has done its work too."""
    now = clock.now()
    await session.execute(
        update(Confirmation)
        .where(Confirmation.contact_point_id == row.contact_point_id, Confirmation.confirmed_at.is_(None))
        .values(confirmed_at=now)
    )
    await session.refresh(row)
    evidence = {"method": proof, "message_id": str(row.message_id)}
    point = await customer_changes.set_level(
        session, row.contact_point_id, ContactLevel.CONFIRMED, evidence, actor=actor
    )
    await _end_rivals(session, point, actor=actor)
    granted = await _say_yes(session, row, method, proof, actor=actor)
    if (Purpose.MKT_OWN, Channel(row.channel)) in granted:
        await _lift(session, Channel(row.channel), point)


async def _end_rivals(session: AsyncSession, point: ContactPoint, *, actor: Actor) -> None:
    """End the address this one was given in place of, now that the new one is known to be right (C-23)."""
    if point.source != SELF_SOURCE or not point.is_primary:
        return
    rows = await session.scalars(
        select(ContactPoint.id).where(
            ContactPoint.customer_id == point.customer_id,
            ContactPoint.kind == point.kind,
            ContactPoint.valid_to.is_(None),
            ContactPoint.id != point.id,
            ContactPoint.valid_from < point.valid_from,
        )
    )
    for old_id in rows.all():
        await customer_changes.end_contact_point(session, point.customer_id, old_id, actor=actor)


_ANSWERED = {
    Channel.EMAIL: frozenset({None, Channel.EMAIL, Channel.POST}),
    Channel.SMS: frozenset({Channel.SMS, Channel.WHATSAPP, Channel.PHONE_OPERATOR, Channel.PHONE_AUTO}),
}
"""What an answer from an address speaks for. A letter has no way to be confirmed: whoever answers the mail of the same
person says it for the letter too, and so for what holds on every channel.
"""


def _answers(channel: Channel, contact_point_id: UUID, waiting: Waiting) -> bool:
    """Tell whether this address speaks for a yes: one said for another address waits for that one (C-23)."""
    if waiting.channel not in _ANSWERED[channel]:
        return False
    is_tied = waiting.channel is not None and waiting.channel is not Channel.POST
    return not is_tied or waiting.contact_point_id in {None, contact_point_id}


async def waiting_for(session: AsyncSession, row: Confirmation) -> list[Waiting]:
    """Return the yeses that an answer to this question would say."""
    return [
        each
        for each in await waiting_of(session, [row.customer_id])
        if _answers(Channel(row.channel), row.contact_point_id, each)
    ]


async def _say_yes(
    session: AsyncSession, row: Confirmation, method: Method, proof: str, *, actor: Actor
) -> set[tuple[Purpose, Channel | None]]:
    waiting = await waiting_for(session, row)
    said = [
        consents.Incoming(
            customer_id=row.customer_id,
            purpose=each.purpose,
            channel=each.channel,
            recipient_id=each.recipient_id,
            action=Action.GRANT,
            occurred_at=clock.now(),
            method=method,
            notice_version_id=each.notice_version_id,
            evidence=[{"type": proof, "uri": f"message:{row.message_id}"}],
            given_by="parent" if each.party is Party.PARENT else "subject",
            source="confirmation",
            locale=each.locale,
            contact_point_id=row.contact_point_id if each.channel in _ANSWERED_HERE[row.channel] else None,
            is_own_answer=True,
        )
        for each in waiting
    ]
    outcomes = await consents.record_many(session, said, actor=actor)
    return {(each.purpose, each.channel) for each, outcome in zip(said, outcomes, strict=True) if outcome.is_proven}


_ANSWERED_HERE = {"EMAIL": frozenset({Channel.EMAIL}), "SMS": _ANSWERED[Channel.SMS]}


async def _lift(session: AsyncSession, channel: Channel, point: ContactPoint) -> None:
    """A fresh yes from the address itself takes it off the list of those who left or were erased (C-25)."""
    for reason in (SuppressionReason.UNSUB, SuppressionReason.ERASED):
        with contextlib.suppress(SuppressionNotFound):
            await consents.lift(session, channel=channel, match_key=point.match_key, reason=reason, actor=SUBJECT)


# ── forgetting ────────────────────────────────────────────────────────────────────────────────────────────────────────


class Unconfirmed(NamedTuple):
    """What nobody confirmed within a month."""

    yeses: list[Waiting]
    contact_point_ids: list[UUID]
    """Addresses of which nobody ever said that they are right."""
    customer_ids: list[UUID]
    """Cards of which nothing else is left; erasing them is for whoever may."""


async def find_unconfirmed(session: AsyncSession, *, now: datetime) -> Unconfirmed:
    """Return what `forget_unconfirmed` would take away at this moment."""
    before = now - FORGOTTEN_AFTER
    people = await session.scalars(
        select(ConsentState.customer_id)
        .where(ConsentState.standing == Standing.PENDING, ConsentState.since < before)
        .distinct()
    )
    yeses = [each for each in await waiting_of(session, people.all()) if each.occurred_at < before]
    connection = await driver(session)
    points = await connection.fetch(_UNCONFIRMED_ADDRESSES, before)
    waiting_people = {each.customer_id for each in yeses} | {row["customer_id"] for row in points}
    left = await connection.fetch(_NOTHING_ELSE, list(waiting_people), [row["id"] for row in points], before)
    return Unconfirmed(yeses, [row["id"] for row in points], [row["id"] for row in left])


async def forget_unconfirmed(session: AsyncSession, *, now: datetime, actor: Actor) -> Unconfirmed:
    """Let yeses nobody confirmed lapse, and delete addresses nobody confirmed (C-12, C-31); return what it was.

    Running it twice changes nothing more. The cards in the answer are the caller's to erase.
    """
    found = await find_unconfirmed(session, now=now)
    lapsed = [
        consents.Incoming(
            customer_id=each.customer_id,
            purpose=each.purpose,
            channel=each.channel,
            recipient_id=each.recipient_id,
            action=Action.EXPIRE,
            occurred_at=now,
            method=Method.API,
            source="unconfirmed",
        )
        for each in found.yeses
    ]
    await consents.record_many(session, lapsed, actor=actor)
    for point_id in found.contact_point_ids:
        point = await customers.get_contact_point(session, point_id)
        await customer_changes.end_contact_point(session, point.customer_id, point_id, actor=actor)
        await session.delete(point)
    await session.flush()
    return found


_UNCONFIRMED_ADDRESSES = f"""
    select p.id, p.customer_id from contact_points p
    where p.level = 'UNVERIFIED' and p.valid_to is null
      and exists (select from confirmations c where c.contact_point_id = p.id)
      and not exists (
          select from confirmations c
          where c.contact_point_id = p.id and (c.confirmed_at is not null or c.asked_at >= $1))
      and not exists (select from soft_optins s where s.contact_point_id = p.id)
      and (p.source = '{SELF_SOURCE}' or not exists (select from transactions t where t.customer_id = p.customer_id))
    order by p.id
"""
"""What a till or a sale knows stays: only what rested on the missing confirmation goes."""

_NOTHING_ELSE = """
    select c.id from customers c
    where c.id = any($1::uuid[]) and c.erased_at is null and c.merged_into_id is null and c.created_at < $3
      and not exists (
          select from contact_points p
          where p.customer_id = c.id and p.valid_to is null and not p.id = any($2::uuid[]))
      and not exists (select from transactions t where t.customer_id = c.id)
      and not exists (select from identifiers i where i.customer_id = c.id and i.kind = 'CARD' and i.valid_to is null)
      and not exists (select from consent_states s where s.customer_id = c.id and s.standing = 'GRANTED')
    order by c.id
"""
