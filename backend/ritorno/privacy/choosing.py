"""What a person may choose on their own page, and their choices written down (C-05, C-12…C-17)."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import queries as consents
from ritorno.consents import service as consent_changes
from ritorno.consents.models import NoticeVersion, SoftOptin
from ritorno.consents.queries import NoticeTexts
from ritorno.consents.rulepack import pack_for
from ritorno.consents.rules import (
    NEGATIVE,
    Action,
    Channel,
    Method,
    Party,
    Purpose,
    Standing,
    State,
    StateKey,
    age_on,
    fold_recipients_together,
    fold_together,
    refuse_minor,
    takes_channel,
)
from ritorno.consents.waiting import waiting_of
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.rules import ContactKind, ContactLevel
from ritorno.disclosures import queries as disclosures
from ritorno.disclosures.models import Recipient
from ritorno.kit import clock
from ritorno.messaging import confirming
from ritorno.messaging.models import Confirmation
from ritorno.privacy.visiting import SUBJECT, Reach, Visit, current_points
from ritorno.stores.queries import get_business

OFFERED = (
    Purpose.MKT_OWN,
    Purpose.PROFILING,
    Purpose.MARKET_RESEARCH,
    Purpose.THIRD_PARTY,
    Purpose.TRACK_OPEN,
    Purpose.TRACK_CLICK,
)
"""The purposes a person chooses about, in the order people think of them."""

CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.WHATSAPP, Channel.PHONE_OPERATOR, Channel.POST)
_KIND_OF = {
    Channel.EMAIL: ContactKind.EMAIL,
    Channel.SMS: ContactKind.PHONE,
    Channel.WHATSAPP: ContactKind.PHONE,
    Channel.PHONE_OPERATOR: ContactKind.PHONE,
    Channel.POST: ContactKind.POSTAL,
}
_MOBILE = frozenset({Channel.SMS, Channel.WHATSAPP})


class Cell(NamedTuple):
    """One choice: yes or no to one purpose, on one channel or to one third party."""

    name: str
    purpose: Purpose
    channel: Channel | None
    recipient_id: UUID | None
    standing: Standing | None
    is_waiting: bool
    """A yes was said and nobody confirmed it yet."""
    may_say_yes: bool
    is_soft: bool = False
    """Written to as a customer, until they say no (C-06)."""


class Block(NamedTuple):
    """One text and the choices about it (C-05: one purpose, one text)."""

    purpose: Purpose
    recipient_name: str | None
    version: NoticeVersion | None
    cells: list[Cell]


class Choices(NamedTuple):
    """The whole matrix of one person."""

    blocks: list[Block]
    is_minor: bool

    def cell(self, name: str) -> Cell | None:
        return next((cell for block in self.blocks for cell in block.cells if cell.name == name), None)


async def choices_of(session: AsyncSession, customer: Customer, language: str, *, on_paper: bool = False) -> Choices:
    """Return what a person can choose; paper has boxes for every channel."""
    business = await get_business(session)
    languages = (language, business.language)
    texts = [(each.notice, _in_force(each, languages)) for each in await consents.list_notices(session)]
    cards = (await consents.cards_of(session, [customer.id]))[customer.id]
    waiting = {(each.purpose, each.channel, each.recipient_id) for each in await waiting_of(session, [customer.id])}
    points = await current_points(session, customer.id)
    is_soft = await _is_soft(session, customer.id)
    reader = _Reader(customer, points, waiting, home=business.country, is_soft=is_soft, on_paper=on_paper)
    states, named = fold_together(cards), fold_recipients_together(cards)
    active = {each.recipient.id for each in await disclosures.list_recipients(session) if _is_active(each.recipient)}
    blocks: list[Block] = []
    for purpose in OFFERED:
        own = [(notice, version) for notice, version in texts if notice.purpose == purpose and version is not None]
        if purpose is Purpose.THIRD_PARTY:
            blocks += [
                Block(purpose, notice.recipient_name, version, [reader.cell_of_recipient(notice.recipient_id, named)])
                for notice, version in own
                if notice.recipient_id is not None and (notice.recipient_id in active or notice.recipient_id in named)
            ]
            continue
        newest = max((version for _, version in own), key=lambda version: version.effective_from, default=None)
        cells = reader.cells(purpose, states, has_text=newest is not None)
        if cells:
            blocks.append(Block(purpose, None, newest, cells))
    return Choices(blocks, reader.is_minor)


def _is_active(recipient: Recipient) -> bool:
    return recipient.activated_at is not None and recipient.ended_at is None


class _Reader:
    """What a person can be asked: by the addresses they have, their age, and whether their card may be used."""

    def __init__(
        self,
        customer: Customer,
        points: Mapping[ContactKind, ContactPoint],
        waiting: Collection[tuple[Purpose, Channel | None, UUID | None]],
        *,
        home: str,
        is_soft: bool,
        on_paper: bool,
    ) -> None:
        self._points = points
        self._waiting = waiting
        self._is_soft = is_soft
        self._on_paper = on_paper
        self._is_restricted = customer.restricted_at is not None
        today = clock.now().date()
        self._ages = pack_for(customer.country, home, today).ages
        known = age_on(customer.birth_on, today) if customer.birth_on else None
        self._age = 0 if known is None and customer.is_minor_flagged else known

    @property
    def is_minor(self) -> bool:
        return self._age is not None and self._age < self._ages.adult_from

    def cells(self, purpose: Purpose, states: Mapping[StateKey, State], *, has_text: bool) -> list[Cell]:
        """Return the choices about one text; without a text there is only what can be taken back."""
        channels: Sequence[Channel | None] = CHANNELS if takes_channel(purpose) else (None,)
        cells = [
            self._cell(purpose, channel, None, states.get((purpose, channel)), has_text=has_text)
            for channel in channels
            if self._uses(channel, states.get((purpose, channel)))
        ]
        return [cell for cell in cells if has_text or cell.standing is Standing.GRANTED]

    def cell_of_recipient(self, recipient_id: UUID, named: Mapping[UUID, State]) -> Cell:
        return self._cell(Purpose.THIRD_PARTY, None, recipient_id, named.get(recipient_id), has_text=True)

    def _uses(self, channel: Channel | None, state: State | None) -> bool:
        """Tell whether a channel is worth a choice: there is an address for it, or something was said."""
        if channel is None or state is not None:
            return True
        if channel is Channel.WHATSAPP:
            return False
        point = self._points.get(_KIND_OF[channel])
        return self._on_paper or (point is not None and (channel not in _MOBILE or bool(point.is_mobile)))

    def _cell(
        self,
        purpose: Purpose,
        channel: Channel | None,
        recipient_id: UUID | None,
        state: State | None,
        *,
        has_text: bool,
    ) -> Cell:
        refused = refuse_minor(purpose, Method.EMAIL_LINK, Party.SUBJECT, age=self._age, ages=self._ages)
        is_own_mail = purpose is Purpose.MKT_OWN and channel is Channel.EMAIL
        return Cell(
            name=".".join(str(part) for part in (purpose, channel, recipient_id) if part),
            purpose=purpose,
            channel=channel,
            recipient_id=recipient_id,
            standing=state.standing if state else None,
            is_waiting=(purpose, channel, recipient_id) in self._waiting,
            may_say_yes=has_text and refused is None and not self._is_restricted,
            is_soft=is_own_mail and state is None and self._is_soft,
        )


def _in_force(notice: NoticeTexts, languages: Sequence[str]) -> NoticeVersion | None:
    """Return the newest text that counts today, in the first of these languages it has."""
    current = [version for version in notice.versions if version.effective_from <= clock.now()]
    if not current:
        return None
    newest = [version for version in current if version.version == current[0].version]
    by_language = {version.language: version for version in newest}
    return next((by_language[each] for each in languages if each in by_language), newest[0])


async def _is_soft(session: AsyncSession, customer_id: UUID) -> bool:
    return bool(
        await session.scalar(select(exists().where(SoftOptin.customer_id == customer_id, SoftOptin.offers_opt_out)))
    )


# ── choosing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Chosen(NamedTuple):
    """What became of a press on Save."""

    changed: int
    waits_for_mail: bool
    code: Confirmation | None
    """The code that was sent to the mobile number, if a yes waits for it."""


async def choose(session: AsyncSession, visit: Visit, choices: Choices, wanted: Mapping[str, bool]) -> Chosen:
    """Write down what differs from what stands; a yes counts at once only from an address that is known to be theirs.

    Any other yes waits: for the press in a mail, or for the code of a text (C-12).
    """
    assert visit.reach >= Reach.CHOOSES
    points = await current_points(session, visit.customer.id)
    versions = {cell.name: block.version for block in choices.blocks for cell in block.cells}
    said = []
    for name, is_yes in wanted.items():
        cell = choices.cell(name)
        if cell is None or (is_yes and not cell.may_say_yes):
            continue
        incoming = _said(visit, cell, versions[name], points, is_yes=is_yes)
        if incoming is not None:
            said.append(incoming)
    outcomes = await consent_changes.record_many(session, said, actor=SUBJECT)
    kept = [each for each, outcome in zip(said, outcomes, strict=True) if outcome.problem is None]
    waiting = [each for each in kept if each.action is Action.GRANT_PENDING]
    by_text = [each for each in waiting if each.channel in _ANSWERED_BY_TEXT]
    code = await send_code(session, visit) if by_text else None
    return Chosen(len(kept), waits_for_mail=len(waiting) > len(by_text), code=code)


_ANSWERED_BY_TEXT = frozenset({Channel.SMS, Channel.WHATSAPP, Channel.PHONE_OPERATOR})


def _said(
    visit: Visit,
    cell: Cell,
    version: NoticeVersion | None,
    points: Mapping[ContactKind, ContactPoint],
    *,
    is_yes: bool,
) -> consent_changes.Incoming | None:
    """Return the entry a choice makes, None where it says what stands already."""
    if is_yes and cell.standing is Standing.GRANTED:
        return None
    if not is_yes and cell.standing in NEGATIVE and not cell.is_waiting:
        return None
    point = points.get(_KIND_OF[cell.channel]) if cell.channel is not None else None
    if not is_yes:
        action = Action.WITHDRAW if cell.standing is Standing.GRANTED else Action.DENY
        method = Method.EMAIL_LINK
    elif _counts_at_once(visit, cell.channel, point):
        action, method = Action.GRANT, Method.EMAIL_LINK
    else:
        action, method = Action.GRANT_PENDING, Method.WEB
    return consent_changes.Incoming(
        customer_id=visit.customer.id,
        purpose=cell.purpose,
        channel=cell.channel,
        recipient_id=cell.recipient_id,
        action=action,
        occurred_at=clock.now(),
        method=method,
        notice_version_id=version.id if is_yes and version is not None else None,
        evidence=visit.evidence,
        source="preferences",
        contact_point_id=point.id if point is not None else None,
    )


def _counts_at_once(visit: Visit, channel: Channel | None, point: ContactPoint | None) -> bool:
    """Tell whether this press is itself the confirmation: it comes from an address known to be theirs, and the one it
    is about is known too. A letter has no way to be confirmed.
    """
    if not visit.is_from_confirmed_address:
        return False
    return channel in {None, Channel.POST} or (point is not None and point.level == ContactLevel.CONFIRMED)


async def stop_everything(session: AsyncSession, visit: Visit) -> None:
    """Object to everything there is to object to, in one press (C-15)."""
    today = clock.today((await get_business(session)).timezone)
    for scope, purpose in (("all", None), ("purpose", Purpose.MARKET_RESEARCH)):
        await consent_changes.object_(
            session,
            customer_id=visit.customer.id,
            scope=scope,
            purpose=purpose,
            received_on=today,
            method=Method.EMAIL_LINK,
            evidence=visit.evidence,
            actor=SUBJECT,
        )


async def send_code(session: AsyncSession, visit: Visit) -> Confirmation | None:
    """Send a code to the mobile number on file; None where there is none, or it was asked too often."""
    point = (await current_points(session, visit.customer.id)).get(ContactKind.PHONE)
    if point is None or not point.is_mobile:
        return None
    answer = await confirming.try_asking(
        session, customer_id=visit.customer.id, contact_point_id=point.id, channel=Channel.SMS, actor=SUBJECT
    )
    return answer if isinstance(answer, Confirmation) else None


async def newest_code(session: AsyncSession, customer_id: UUID, now: datetime) -> Confirmation | None:
    """Return the code that may still be entered."""
    found = await session.scalars(
        select(Confirmation)
        .where(
            Confirmation.customer_id == customer_id,
            Confirmation.channel == Channel.SMS,
            Confirmation.confirmed_at.is_(None),
            Confirmation.expires_at > now,
        )
        .order_by(Confirmation.asked_at.desc())
        .limit(1)
    )
    return found.first()
