"""Consent forms: drafts that may be anything, and published versions that are what the law allows (C-05, B-10)."""

from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents import form_queries
from ritorno.consents.errors import ConsentFormCodeTaken, ConsentFormHasNoDraft, ConsentFormRefused
from ritorno.consents.models import ConsentForm, ConsentFormVersion
from ritorno.consents.schemas import ConsentFormCreate, ConsentFormPatch
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.ids import uuid7
from ritorno.kit.problems import FieldError


async def create_form(session: AsyncSession, body: ConsentFormCreate, *, actor: Actor) -> UUID:
    """Begin a form with the draft of its first version and return its id."""
    inserted = await session.execute(
        insert(ConsentForm).values(id=uuid7(), code=body.code).on_conflict_do_nothing().returning(ConsentForm.id)
    )
    form_id = inserted.scalar_one_or_none()
    if form_id is None:
        raise ConsentFormCodeTaken()
    session.add(ConsentFormVersion(form_id=form_id, version=1, **body.model_dump(mode="json", exclude={"code"})))
    await session.flush()
    await _note(session, "consent_form.drafted", form_id, 1, actor=actor)
    return form_id


async def change_form(session: AsyncSession, form_id: UUID, body: ConsentFormPatch, *, actor: Actor) -> None:
    """Change the draft; where all versions are published, begin the next from the newest."""
    newest = (await form_queries.versions_of(session, form_id, lock=True))[0]
    given = {name: value for name, value in body.model_dump(mode="json").items() if value is not None}
    if newest.published_at is None:
        draft = newest
        for name, value in given.items():
            setattr(draft, name, value)
    else:
        draft = ConsentFormVersion(form_id=form_id, version=newest.version + 1, **_content(newest) | given)
        session.add(draft)
    await session.flush()
    await _note(session, "consent_form.drafted", form_id, draft.version, actor=actor)


def _content(version: ConsentFormVersion) -> dict[str, Any]:
    return {"name": version.name, "medium": version.medium, "texts": version.texts, "boxes": version.boxes}


async def publish_form(session: AsyncSession, form_id: UUID, *, actor: Actor) -> None:
    """Put the draft into use for good, unless a box of it would not be a free and separate choice (B-10)."""
    draft = (await form_queries.versions_of(session, form_id, lock=True))[0]
    if draft.published_at is not None:
        raise ConsentFormHasNoDraft()
    now = clock.now()
    faults = form_queries.faults_of(draft, await form_queries.quotable(session), now)
    if faults:
        read = [form_queries.fault_read(each) for each in faults]
        raise ConsentFormRefused(errors=[FieldError(each.path, each.code, each.message) for each in read])
    draft.published_at = now
    draft.published_by = actor.name
    await session.flush()
    await _note(session, "consent_form.published", form_id, draft.version, actor=actor)


async def _note(session: AsyncSession, action: str, form_id: UUID, version: int, *, actor: Actor) -> None:
    await activity.record(
        session, actor, action, subject="consent_form", subject_id=form_id, details={"version": version}
    )
