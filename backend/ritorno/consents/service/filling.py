"""A form that somebody filled in and signed, recorded at once: one entry for each purpose and channel of a box."""

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import form_queries
from ritorno.consents.errors import ConsentFormNotFound, ConsentFormNotPublished, EvidenceNotFound
from ritorno.consents.models import ConsentEvent, ConsentFormVersion, EvidenceFile, NoticeVersion
from ritorno.consents.rules import Action, Channel, Choice, Purpose
from ritorno.consents.schemas import FilledFormCreate, FilledFormRead, RefusedChoice
from ritorno.consents.service.recording import Incoming, record_many
from ritorno.consents.showing import show
from ritorno.customers.queries import get_customer
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.problems import FieldError, Invalid
from ritorno.stores.queries import get_business


class _Said(NamedTuple):
    """What one box says about one purpose on one channel."""

    box: str
    purpose: Purpose
    channel: Channel | None
    version: NoticeVersion
    action: Action


async def record_filled_form(
    session: AsyncSession, customer_id: UUID, body: FilledFormCreate, *, actor: Actor
) -> FilledFormRead:
    """Record every choice of a signed form, a blank one excepted; a choice that may not stand is told with its reason
    and does not spoil the others.
    """
    customer = await get_customer(session, customer_id)
    form = await _published(session, body.form_version_id)
    if await session.get(EvidenceFile, body.evidence_sha256) is None:
        raise EvidenceNotFound()
    said = await _said(session, form, body, body.language or customer.language)
    zone = ZoneInfo((await get_business(session)).timezone)
    rows = [
        Incoming(
            customer_id=customer_id,
            purpose=each.purpose,
            channel=each.channel,
            action=each.action,
            occurred_at=_moment(body.signed_on, each, zone),
            method=body.method,
            notice_version_id=each.version.id,
            evidence=[
                {"type": "scan", "sha256": body.evidence_sha256},
                {"type": "form", "uri": f"form:{form.id}"},
            ],
            given_by=body.given_by,
            source=body.store,
            locale=each.version.language,
        )
        for each in said
    ]
    outcomes = await record_many(session, rows, actor=actor)
    events = [
        await session.get_one(ConsentEvent, outcome.event_id) for outcome in outcomes if outcome.event_id is not None
    ]
    refused = [
        RefusedChoice(box=each.box, purpose=each.purpose, channel=each.channel, problem=outcome.problem.as_row())
        for each, outcome in zip(said, outcomes, strict=True)
        if outcome.problem is not None
    ]
    return FilledFormRead(items=await show(session, events), refused=refused)


async def _published(session: AsyncSession, form_version_id: UUID) -> ConsentFormVersion:
    form = await session.get(ConsentFormVersion, form_version_id)
    if form is None:
        raise ConsentFormNotFound()
    if form.published_at is None:
        raise ConsentFormNotPublished()
    return form


async def _said(session: AsyncSession, form: ConsentFormVersion, body: FilledFormCreate, language: str) -> list[_Said]:
    """Return what the choices say, in the order of the boxes; a choice for a box that is not there is refused."""
    boxes = [form_queries.box_of(each) for each in form.boxes]
    unknown = sorted(body.choices.keys() - {box.name for box in boxes})
    if unknown:
        raise Invalid(errors=[FieldError(f"choices.{name}", "unknown", "the form has no such box") for name in unknown])
    notices = await form_queries.quotable(session)
    found = []
    for box in boxes:
        choice = body.choices.get(box.name, Choice.BLANK)
        if choice is Choice.BLANK:
            continue
        texts = notices[box.notice].texts
        version = texts.get(language) or next(iter(texts.values()))
        action = Action.GRANT if choice is Choice.YES else Action.DENY
        channels: list[Channel | None] = [*box.channels] or [None]
        found += [_Said(box.name, box.purposes[0], channel, version, action) for channel in channels]
    return found


def _moment(signed_on: date, said: _Said, zone: ZoneInfo) -> datetime:
    """Return the instant a date stands for: now if it is today; else a yes counts from the day's first moment, so that
    it outlives no word of that day, and a no from its last.
    """
    now = clock.now()
    begins = datetime.combine(signed_on, time(), zone)
    ends = datetime.combine(signed_on + timedelta(days=1), time(), zone) - timedelta(microseconds=1)
    if begins <= now <= ends:
        return now
    return max(begins, min(ends, said.version.effective_from)) if said.action is Action.GRANT else ends
