"""Every change of recipients, the log of what they were given, and what they must be told afterwards (C-19)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import queries as accountability
from ritorno.accountability.service import require_registered
from ritorno.activity import service as activity
from ritorno.consents.models import Notice, NoticeVersion
from ritorno.consents.rules import Purpose, Standing
from ritorno.disclosures import queries
from ritorno.disclosures.errors import RecipientInactive, RecipientNameTaken, RecipientNotNamed
from ritorno.disclosures.models import Disclosure, DisclosureNotice, Handover, Recipient
from ritorno.disclosures.queries import Known
from ritorno.disclosures.rules import NoticeCause, NoticeState, RecipientStatus
from ritorno.disclosures.schemas import RecipientCreate, RecipientPatch, ThirdPartyRead
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.ids import uuid7
from ritorno.kit.problems import FieldError, Invalid
from ritorno.messaging import permissions

# ── recipients ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def add_recipient(session: AsyncSession, body: RecipientCreate, *, actor: Actor) -> Recipient:
    """Enter a third party; it receives nothing before it is activated."""
    inserted = await session.scalars(
        insert(Recipient)
        .values(id=uuid7(), **body.model_dump(), version=1, created_at=clock.now())
        .on_conflict_do_nothing(index_elements=[Recipient.name])
        .returning(Recipient)
    )
    row = inserted.one_or_none()
    if row is None:
        raise RecipientNameTaken()
    await activity.record(session, actor, "recipient.added", subject="recipient", subject_id=row.id)
    return row


_CONSENTED_TO = frozenset({"name", "category", "merchandise_category", "country", "stated_use"})


async def change_recipient(session: AsyncSession, row: Recipient, body: RecipientPatch, *, actor: Actor) -> Recipient:
    """Change a recipient; what people said yes to stays as they read it once somebody could (C-20)."""
    given = body.model_dump(exclude_unset=True, exclude_none=True)
    changed = {name: value for name, value in given.items() if getattr(row, name) != value}
    frozen = sorted(_CONSENTED_TO & changed.keys()) if row.activated_at is not None else []
    if frozen:
        raise Invalid(
            "People said yes to this recipient as it was: enter another one.",
            errors=[FieldError(name, name, "cannot change once the recipient was active") for name in frozen],
        )
    for name, value in changed.items():
        setattr(row, name, value)
    row.version += 1
    await session.flush()
    await activity.record(
        session,
        actor,
        "recipient.changed",
        subject="recipient",
        subject_id=row.id,
        details={"fields": sorted(changed)},
    )
    return row


async def activate(session: AsyncSession, row: Recipient, *, actor: Actor) -> Recipient:
    """Let a recipient be given data: the register must know it, and a text in force must name it (C-19, C-34)."""
    await require_registered(session, purpose=Purpose.THIRD_PARTY, recipient_id=row.id)
    if not await _is_named(session, row.id):
        raise RecipientNotNamed()
    if row.activated_at is None or row.ended_at is not None:
        row.activated_at, row.ended_at = clock.now(), None
        row.version += 1
        await session.flush()
        await activity.record(session, actor, "recipient.activated", subject="recipient", subject_id=row.id)
    return row


async def end(session: AsyncSession, row: Recipient, *, actor: Actor) -> Recipient:
    """Give a recipient nothing more; what it was given stays known."""
    if row.activated_at is not None and row.ended_at is None:
        row.ended_at = clock.now()
        row.version += 1
        await session.flush()
        await activity.record(session, actor, "recipient.ended", subject="recipient", subject_id=row.id)
    return row


async def require_active(session: AsyncSession, recipient_id: UUID) -> Recipient:
    """Return a recipient that may be given data now, or refuse."""
    row = await queries.get_recipient(session, recipient_id)
    if status_of(row) is not RecipientStatus.ACTIVE:
        raise RecipientInactive()
    await require_registered(session, purpose=Purpose.THIRD_PARTY, recipient_id=row.id)
    return row


def status_of(row: Recipient) -> RecipientStatus:
    """Return where a recipient stands."""
    if row.ended_at is not None:
        return RecipientStatus.ENDED
    return RecipientStatus.ACTIVE if row.activated_at is not None else RecipientStatus.DRAFT


async def _is_named(session: AsyncSession, recipient_id: UUID) -> bool:
    named = exists().where(
        Notice.id == NoticeVersion.notice_id,
        Notice.purpose == Purpose.THIRD_PARTY,
        Notice.recipient_id == recipient_id,
        NoticeVersion.effective_from <= clock.now(),
    )
    return bool(await session.scalar(select(named)))


async def recipient_read(session: AsyncSession, known: Known) -> ThirdPartyRead:
    """Return a recipient as the API says it, with what it lacks."""
    row = known.recipient
    own = {column.key: getattr(row, column.key) for column in Recipient.__table__.columns}
    return ThirdPartyRead.model_validate(
        own
        | {
            "status": status_of(row),
            "is_registered": await accountability.is_registered(
                session, purpose=Purpose.THIRD_PARTY, recipient_id=row.id
            ),
            "has_notice": await _is_named(session, row.id),
            "people_count": known.people_count,
            "pending_notices": known.pending_notices,
        }
    )


# ── the log ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def note_people(session: AsyncSession, run_id: UUID, people: Mapping[UUID, UUID | None]) -> None:
    """Note who stands in a file that is being made, each with the entry of the ledger the yes rests on.

    They count as given once `hand_over` closes the run.
    """
    if people:
        rows = [
            {"handover_id": run_id, "customer_id": customer_id, "consent_event_id": event_id}
            for customer_id, event_id in people.items()
        ]
        await session.execute(insert(Disclosure).on_conflict_do_nothing(), rows)


async def hand_over(
    session: AsyncSession,
    *,
    run_id: UUID,
    export_id: UUID,
    recipient_id: UUID,
    fields: Sequence[str],
    people_count: int,
    made_by: str,
) -> None:
    """Close a run: from now on its people count as given to the recipient (C-19)."""
    session.add(
        Handover(
            id=run_id,
            recipient_id=recipient_id,
            export_id=export_id,
            fields=list(fields),
            people_count=people_count,
            made_at=clock.now(),
            made_by=made_by,
        )
    )
    await session.flush()


# ── what recipients must be told ──────────────────────────────────────────────────────────────────────────────────────


async def tell_of_erasure(session: AsyncSession, customer_ids: Collection[UUID]) -> None:
    """Note that whoever was given these cards must be told of their erasure (art. 19)."""
    await tell(session, customer_ids, NoticeCause.ERASED)


async def tell(session: AsyncSession, customer_ids: Collection[UUID], cause: NoticeCause) -> None:
    """Note what every recipient of these cards must be told; what already waits is not noted twice."""
    await _note(session, await queries.holders_of(session, customer_ids), cause)


async def follow_refusals(session: AsyncSession, customer_ids: Collection[UUID]) -> None:
    """Note a withdrawal or an objection for every recipient that was given somebody who now says no to it.

    A merged card says what the living one says.
    """
    holders = await queries.holders_of(session, customer_ids)
    living = await queries.survivors_of(session, [customer_id for _, customer_id in holders])
    facts = await permissions.load_facts(session, list(set(living.values())), at=clock.now())
    for cause, standing in ((NoticeCause.WITHDRAWN, Standing.WITHDRAWN), (NoticeCause.OBJECTED, Standing.OBJECTED)):
        refused = []
        for recipient_id, customer_id in holders:
            state = facts[living[customer_id]].third_party.get(recipient_id)
            if state is not None and state.standing is standing:
                refused.append((recipient_id, customer_id))
        await _note(session, refused, cause)


async def follow_rectification(session: AsyncSession, customer_ids: Collection[UUID]) -> None:
    """Note a correction for every recipient that holds an address which has ended since (art. 19)."""
    await _note(session, await queries.holders_of_ended_contacts(session, customer_ids), NoticeCause.RECTIFIED)


async def _note(session: AsyncSession, holders: Sequence[tuple[UUID, UUID]], cause: NoticeCause) -> None:
    if not holders:
        return
    now = clock.now()
    rows = [
        {"id": uuid7(), "recipient_id": recipient_id, "customer_id": customer_id, "cause": cause, "created_at": now}
        for recipient_id, customer_id in holders
    ]
    await session.execute(insert(DisclosureNotice).on_conflict_do_nothing(), rows)


async def settle(session: AsyncSession, row: DisclosureNotice, *, actor: Actor) -> DisclosureNotice:
    """Say that the recipient was told by other means; saying it again changes nothing."""
    if row.state == NoticeState.PENDING:
        row.state, row.settled_at, row.settled_by = NoticeState.TOLD, clock.now(), actor.name
        await session.flush()
        await activity.record(session, actor, "disclosure_notice.told", subject="disclosure_notice", subject_id=row.id)
    return row


# ── the whole person ──────────────────────────────────────────────────────────────────────────────────────────────────


async def export(session: AsyncSession, customer_id: UUID) -> list[dict[str, Any]]:
    """Return to whom a person's data were given, when and which (art. 15(1)(c))."""
    return [
        {
            "recipient": given.recipient.name,
            "category": given.recipient.category,
            "country": given.recipient.country,
            "use": given.recipient.stated_use,
            "given_at": given.handover.made_at.isoformat(),
            "fields": given.handover.fields,
        }
        for given in await queries.disclosures_of(session, customer_id)
    ]


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Have the recipients told. The log itself holds ids alone, and stays to show that they were (art. 5(2))."""
    await tell_of_erasure(session, [customer_id])
