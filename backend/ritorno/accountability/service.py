"""Every change of the register, the processors, the terms, the incidents and the printed documents."""

import hashlib
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import defaults, queries, rules, words
from ritorno.accountability.errors import (
    ActivityCodeTaken,
    ActivityEnded,
    IncidentClosed,
    ProcessingNotRegistered,
    ProcessorNameTaken,
    SilenceNotAllowed,
)
from ritorno.accountability.models import (
    Document,
    IncidentEvent,
    IncidentRecord,
    ProcessingActivity,
    ProcessingActivityVersion,
    Processor,
    TermsAcceptance,
)
from ritorno.accountability.queries import Need
from ritorno.accountability.rulepack import Values, values_on
from ritorno.accountability.rules import (
    DocumentFormat,
    DocumentKind,
    Incident,
    Notification,
    ProcessingSide,
    Risk,
    TransferTool,
)
from ritorno.accountability.schemas import (
    IncidentCreate,
    IncidentPatch,
    IncidentRead,
    ProcessingActivityCreate,
    ProcessingActivityPatch,
    ProcessorCreate,
    ProcessorPatch,
    TermsAccept,
)
from ritorno.activity import service as activity
from ritorno.kit import clock, outbox, storage
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.problems import FieldError, Invalid
from ritorno.stores import queries as stores

# ── the register ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def require_registered(
    session: AsyncSession,
    *,
    purpose: str | None = None,
    channel: str | None = None,
    recipient_id: UUID | None = None,
    retention: tuple[str, str] | None = None,
) -> None:
    """Refuse what no row of the register in force covers (C-34).

    Called where a purpose, a channel, a recipient or a retention value begins to be used.
    """
    need = Need(purpose, channel, recipient_id, retention)
    if not await queries.is_registered(
        session, purpose=purpose, channel=channel, recipient_id=recipient_id, retention=retention
    ):
        missing = need.named()
        told = ", ".join(f"{name} {value}" for name, value in missing.items())
        raise ProcessingNotRegistered(f"No row of the register covers {told}.", missing=missing)


async def add_activity(session: AsyncSession, body: ProcessingActivityCreate, *, actor: Actor) -> ProcessingActivity:
    """Write a new row into the register."""
    values = body.model_dump(mode="json") | {"since": body.since}
    inserted = await session.scalars(
        insert(ProcessingActivity)
        .values(**values, version=1, updated_at=clock.now(), updated_by=actor.name)
        .on_conflict_do_nothing(index_elements=[ProcessingActivity.code])
        .returning(ProcessingActivity)
    )
    row = inserted.one_or_none()
    if row is None:
        raise ActivityCodeTaken()
    await _keep_version(session, row, actor, "processing_activity.added")
    return row


async def change_activity(
    session: AsyncSession, row: ProcessingActivity, body: ProcessingActivityPatch, *, actor: Actor
) -> ProcessingActivity:
    """Change a row; how it stood before stays in its versions."""
    if row.ended_on is not None:
        raise ActivityEnded()
    _set(row, body.model_dump(mode="json", exclude_unset=True), keep_null={"purpose"})
    await _turn(session, row, actor, "processing_activity.changed")
    return row


async def end_activity(
    session: AsyncSession, row: ProcessingActivity, ended_on: date, *, actor: Actor
) -> ProcessingActivity:
    """End a processing; its row stays in the register with its last day."""
    if row.ended_on is not None:
        raise ActivityEnded()
    if ended_on < row.since:
        raise Invalid(errors=[FieldError("ended_on", "ended_on", "is before the processing began")])
    row.ended_on = ended_on
    await _turn(session, row, actor, "processing_activity.ended")
    return row


async def _turn(session: AsyncSession, row: ProcessingActivity, actor: Actor, action: str) -> None:
    row.version += 1
    row.updated_at, row.updated_by = clock.now(), actor.name
    await session.flush()
    await _keep_version(session, row, actor, action)


async def _keep_version(session: AsyncSession, row: ProcessingActivity, actor: Actor, action: str) -> None:
    content = {name: getattr(row, name) for name in ProcessingActivityPatch.model_fields}
    content |= {name: getattr(row, name) for name in ("code", "side", "client")}
    content |= {"since": row.since.isoformat(), "ended_on": row.ended_on.isoformat() if row.ended_on else None}
    session.add(
        ProcessingActivityVersion(
            activity_id=row.id, version=row.version, content=content, made_at=row.updated_at, made_by=actor.name
        )
    )
    await activity.record(
        session,
        actor,
        action,
        subject="processing_activity",
        subject_id=row.id,
        details={"code": row.code, "version": row.version},
    )


async def seed_register(session: AsyncSession, *, actor: Actor) -> None:
    """Give a new installation the rows of what it does from the first day; rows that exist stay as they are."""
    known = {row.code for row in await queries.list_activities(session)}
    since = clock.today((await stores.get_business(session)).timezone)
    for default in defaults.activities(since):
        if default.code not in known:
            await add_activity(session, default, actor=actor)


# ── processors and the operator's terms ───────────────────────────────────────────────────────────────────────────────


async def add_processor(session: AsyncSession, body: ProcessorCreate, *, actor: Actor) -> Processor:
    """Enter somebody who processes for the business (C-36)."""
    _refuse_wrong_tool(body.country, body.transfer_tool, await _values(session))
    for index, each in enumerate(body.sub_processors):
        _refuse_wrong_tool(each.country, each.transfer_tool, await _values(session), f"sub_processors.{index}.")
    values = body.model_dump(mode="json") | {"since": body.since, "dpa_signed_on": body.dpa_signed_on}
    inserted = await session.scalars(
        insert(Processor)
        .values(**values, version=1, updated_at=clock.now(), updated_by=actor.name)
        .on_conflict_do_nothing(index_elements=[Processor.name])
        .returning(Processor)
    )
    row = inserted.one_or_none()
    if row is None:
        raise ProcessorNameTaken()
    await activity.record(session, actor, "processor.added", subject="processor", subject_id=row.id)
    return row


async def change_processor(session: AsyncSession, row: Processor, body: ProcessorPatch, *, actor: Actor) -> Processor:
    """Change what is known of a processor."""
    changed = body.model_dump(mode="json", exclude_unset=True)
    changed |= {name: getattr(body, name) for name in ("dpa_signed_on", "ended_on") if name in changed}
    _set(row, changed, keep_null={"dpa_signed_on", "dpa_sha256", "ended_on"})
    values = await _values(session)
    _refuse_wrong_tool(row.country, TransferTool(row.transfer_tool), values)
    for index, each in enumerate(body.sub_processors or ()):
        _refuse_wrong_tool(each.country, each.transfer_tool, values, f"sub_processors.{index}.")
    if row.dpa_sha256 is not None and row.dpa_signed_on is None:
        raise Invalid(errors=[FieldError("dpa_signed_on", "dpa_signed_on", "belongs to the agreement that is kept")])
    row.version += 1
    row.updated_at, row.updated_by = clock.now(), actor.name
    await session.flush()
    await activity.record(
        session,
        actor,
        "processor.changed",
        subject="processor",
        subject_id=row.id,
        details={"fields": sorted(changed), "version": row.version},
    )
    return row


def _refuse_wrong_tool(country: str, tool: TransferTool, values: Values, path: str = "") -> None:
    if not rules.tool_fits(country, tool, values.eea):
        needed = "needs no tool: say IN_EEA" if country in values.eea else "is outside the EEA and needs a tool"
        raise Invalid(errors=[FieldError(f"{path}transfer_tool", "transfer_tool", f"{country} {needed}")])


async def accept_terms(session: AsyncSession, body: TermsAccept, *, actor: Actor) -> TermsAcceptance:
    """Keep that the business accepted what the operator undertakes; only the words in force can be accepted (C-01)."""
    if body.text_sha256 != words.terms_sha256():
        raise Invalid(errors=[FieldError("text_sha256", "text_sha256", "is not the text in force")])
    row = TermsAcceptance(
        version=words.TERMS_VERSION,
        text_sha256=body.text_sha256,
        accepted_on=body.accepted_on,
        accepted_by=body.accepted_by,
        document_sha256=body.document_sha256,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )
    session.add(row)
    await session.flush()
    await activity.record(
        session, actor, "terms.accepted", subject="terms", subject_id=row.id, details={"version": row.version}
    )
    await outbox.publish(session, "terms.accepted", {"terms_id": row.id})
    return row


# ── incidents ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def open_incident(session: AsyncSession, body: IncidentCreate, *, actor: Actor) -> IncidentRecord:
    """Write down a breach; its clock runs from the moment somebody became aware of it (C-32)."""
    now = clock.now()
    if body.became_aware_at > now or (body.happened_at is not None and body.happened_at > body.became_aware_at):
        raise Invalid(
            errors=[FieldError("became_aware_at", "became_aware_at", "comes after it happened, and not later than now")]
        )
    row = IncidentRecord(**body.model_dump(), decision=Notification.UNDECIDED, decision_reason="", version=1)
    session.add(row)
    await session.flush()
    told = body.model_dump(mode="json", exclude_defaults=True)
    session.add(IncidentEvent(incident_id=row.id, seq=1, at=now, actor_name=actor.name, changes=told))
    await activity.record(session, actor, "incident.opened", subject="incident", subject_id=row.id)
    await _raise_task(session, row, "opened")
    return row


async def change_incident(
    session: AsyncSession, row: IncidentRecord, body: IncidentPatch, *, actor: Actor
) -> IncidentRecord:
    """Add what is known; nothing that was written before is lost, because each change is an event of its own."""
    if row.closed_at is not None:
        raise IncidentClosed()
    given = body.model_dump(exclude_unset=True)
    changed = {
        name: value
        for name, value in given.items()
        if (value is not None or name in _MAY_BE_CLEARED) and getattr(row, name) != value
    }
    for name, value in changed.items():
        setattr(row, name, value)
    await _judge(session, row)
    await _write_down(session, row, body.model_dump(mode="json", include=set(changed)), "incident.changed", actor)
    return row


_MAY_BE_CLEARED = frozenset({"happened_at", "people_count", "risk", "notified_at", "people_told_at"})


async def _judge(session: AsyncSession, row: IncidentRecord) -> None:
    """Refuse a decision the facts do not carry: silence needs a reason, and a risk that allows it (art. 33(1))."""
    if row.notified_at is not None:
        row.decision = Notification.NOTIFY
    if row.decision != Notification.NOT_NOTIFY:
        return
    if not row.decision_reason.strip():
        raise Invalid(errors=[FieldError("decision_reason", "decision_reason", "says why nobody is told")])
    clock_in_force = (await _values(session)).breach
    if row.risk is None or not rules.may_stay_silent(Risk(row.risk), clock_in_force):
        raise SilenceNotAllowed()


async def close_incident(session: AsyncSession, row: IncidentRecord, *, actor: Actor) -> IncidentRecord:
    """Close an incident whose clock no longer runs and whose people, at high risk, were told."""
    if row.closed_at is not None:
        return row
    known = incident_of(row)
    if rules.is_waiting(known) or rules.must_tell_people(known):
        raise SilenceNotAllowed("Somebody still has to be told, or to decide that nobody must be.")
    row.closed_at = clock.now()
    await _write_down(session, row, {"closed_at": row.closed_at.isoformat()}, "incident.closed", actor)
    await activity.complete_tasks_of(session, kind=_TASK, subject_id=row.id, actor=actor)
    return row


async def _write_down(
    session: AsyncSession, row: IncidentRecord, changes: dict[str, Any], action: str, actor: Actor
) -> None:
    if not changes:
        return
    row.version += 1
    await session.flush()
    last = await session.scalar(select(func.max(IncidentEvent.seq)).where(IncidentEvent.incident_id == row.id))
    session.add(
        IncidentEvent(incident_id=row.id, seq=(last or 0) + 1, at=clock.now(), actor_name=actor.name, changes=changes)
    )
    await activity.record(
        session, actor, action, subject="incident", subject_id=row.id, details={"fields": sorted(changes)}
    )


async def raise_alerts(session: AsyncSession) -> None:
    """Raise a task for each alert whose moment has come; each is raised once."""
    now = clock.now()
    breach = (await _values(session)).breach
    for row in await queries.every_incident(session):
        for hours_left in rules.alerts_due(incident_of(row), breach, now):
            await _raise_task(session, row, str(hours_left), hours_left=hours_left)


_TASK = "incident_due"


async def _raise_task(session: AsyncSession, row: IncidentRecord, step: str, *, hours_left: int | None = None) -> None:
    breach = (await _values(session)).breach
    await activity.open_task(
        session,
        kind=_TASK,
        key=f"incident:{row.id}:{step}",
        subject="incident",
        subject_id=row.id,
        details={"due_at": rules.due_at(incident_of(row), breach).isoformat(), "hours_left": hours_left},
    )


def incident_of(row: IncidentRecord) -> Incident:
    """Return what the clock looks at."""
    return Incident(
        ProcessingSide(row.side),
        row.became_aware_at,
        Risk(row.risk) if row.risk else None,
        Notification(row.decision),
        row.notified_at,
        row.people_told_at,
        row.closed_at,
    )


async def incident_read(session: AsyncSession, row: IncidentRecord) -> IncidentRead:
    """Return an incident with what its clock says."""
    known, breach = incident_of(row), (await _values(session)).breach
    waiting, due = rules.is_waiting(known), rules.due_at(known, breach)
    own = {column.key: getattr(row, column.key) for column in IncidentRecord.__table__.columns}
    return IncidentRead.model_validate(
        own
        | {
            "due_at": due,
            "is_waiting": waiting,
            "is_overdue": waiting and due < clock.now(),
            "must_tell_people": rules.must_tell_people(known),
        }
    )


# ── printed documents ─────────────────────────────────────────────────────────────────────────────────────────────────


async def keep_document(
    session: AsyncSession,
    settings: Settings,
    *,
    kind: DocumentKind,
    language: str,
    document_format: DocumentFormat,
    content: bytes,
    inputs: bytes,
    actor: Actor,
) -> Document:
    """Keep a printed document as the next version of its kind."""
    newest = await queries.newest_document(session, kind, language, document_format)
    row = Document(
        kind=kind,
        language=language,
        format=document_format,
        version=newest.version + 1 if newest else 1,
        sha256=await storage.keep(settings, STORAGE, content),
        size_bytes=len(content),
        inputs_sha256=hashlib.sha256(inputs).hexdigest(),
        made_at=clock.now(),
        made_by=actor.name,
    )
    session.add(row)
    await session.flush()
    await activity.record(
        session,
        actor,
        "document.made",
        subject="document",
        subject_id=row.id,
        details={"kind": kind, "language": language, "version": row.version, "sha256": row.sha256},
    )
    return row


STORAGE = "documents"


async def _values(session: AsyncSession) -> Values:
    return values_on(clock.today((await stores.get_business(session)).timezone))


def _set(row: object, changed: dict[str, Any], *, keep_null: set[str]) -> None:
    for name, value in changed.items():
        if value is not None or name in keep_null:
            setattr(row, name, value)
