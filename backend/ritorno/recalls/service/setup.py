"""Setting recalls up, switching them on and off, and putting somebody off."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.catalog import queries as catalog
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.problems import FieldError, Invalid
from ritorno.messaging import queries as messages
from ritorno.messaging.models import Template
from ritorno.recalls import queries
from ritorno.recalls.models import Recall, RecallDismissal
from ritorno.recalls.rules import RecallKind
from ritorno.recalls.schemas import RecallCreate, RecallPatch
from ritorno.segments import queries as segments
from ritorno.touches import service as touches


async def create_recall(session: AsyncSession, body: RecallCreate, *, actor: Actor) -> Recall:
    """Set up a recall; it writes to nobody until it is switched on."""
    await _check_choices(session, body.template_id, body.category_id, body.eligibility_segment_id)
    _check_hours(body.send_from, body.send_until)
    now = clock.now()
    recall = Recall(**body.model_dump(), salt=touches.new_salt(), created_at=now, updated_at=now)
    session.add(recall)
    await session.flush()
    await _record(session, actor, "recall.created", recall)
    return recall


async def edit_recall(session: AsyncSession, recall: Recall, patch: RecallPatch, *, actor: Actor) -> Recall:
    """Change a recall from its next run on; runs already planned keep what they were planned with."""
    changes = patch.model_dump(exclude_unset=True)
    await _check_choices(
        session, changes.get("template_id"), changes.get("category_id"), changes.get("eligibility_segment_id")
    )
    for field, value in changes.items():
        setattr(recall, field, value)
    _check_hours(recall.send_from, recall.send_until)
    recall.version += 1
    recall.updated_at = clock.now()
    await _record(session, actor, "recall.edited", recall)
    return recall


async def switch(session: AsyncSession, recall: Recall, *, on: bool, actor: Actor) -> Recall:
    """Switch a recall on or off; switching it twice changes nothing more."""
    if recall.is_active != on:
        recall.is_active = on
        recall.updated_at = clock.now()
        recall.active_since = recall.updated_at if on else None
        await _record(session, actor, "recall.activated" if on else "recall.deactivated", recall)
    return recall


async def dismiss(
    session: AsyncSession, *, recall_id: UUID, customer_id: UUID, until: date | None, actor: Actor
) -> None:
    """Put somebody off until a day, or for ever when there is none; a second word replaces the first."""
    await queries.get_recall(session, recall_id)
    values = {"until": until, "dismissed_by": actor.id, "dismissed_at": clock.now()}
    await session.execute(
        insert(RecallDismissal)
        .values(recall_id=recall_id, customer_id=customer_id, **values)
        .on_conflict_do_update(index_elements=[RecallDismissal.recall_id, RecallDismissal.customer_id], set_=values)
    )
    await activity.record(
        session,
        actor,
        "recall.dismissed",
        subject="customer",
        subject_id=customer_id,
        details={"recall_id": str(recall_id), "until": until.isoformat() if until else None},
    )


async def seed_defaults(session: AsyncSession) -> None:
    """Give a new shop its first two recalls, switched off; a shop that has any recall is left alone."""
    if (await session.execute(select(Recall.id).limit(1))).first() is not None:
        return
    codes = {RecallKind.RHYTHM: "È ora di tornare", RecallKind.BIRTHDAY: "Compleanno"}
    rows = await session.scalars(select(Template).where(Template.code.in_([kind.value for kind in codes])))
    templates = {template.code: template for template in rows}
    for kind, name in codes.items():
        body = RecallCreate(kind=kind, name=name, template_id=templates[kind.value].id)
        await create_recall(session, body, actor=Actor.system("seed"))


async def _check_choices(
    session: AsyncSession, template_id: UUID | None, category_id: UUID | None, segment_id: UUID | None
) -> None:
    if template_id is not None:
        await messages.get_template(session, template_id)
    if category_id is not None:
        await catalog.get_category(session, category_id)
    if segment_id is not None:
        await segments.get_segment(session, segment_id)


def _check_hours(opens: time, closes: time) -> None:
    if opens >= closes:
        raise Invalid(errors=[FieldError("send_until", "order", "The last hour must come after the first.")])


async def _record(session: AsyncSession, actor: Actor, action: str, recall: Recall) -> None:
    await activity.record(session, actor, action, subject="recall", subject_id=recall.id)
