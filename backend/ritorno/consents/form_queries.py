"""Reads of consent forms: their versions with the words of the notices they quote, and what is wrong with each."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.errors import ConsentFormNotFound
from ritorno.consents.models import ConsentForm, ConsentFormVersion, Notice, NoticeVersion
from ritorno.consents.rules import (
    Box,
    Channel,
    Fault,
    FormFault,
    FormMedium,
    Purpose,
    Quoted,
    lint,
    newest_in_force,
)
from ritorno.consents.schemas import (
    ConsentFormRead,
    ConsentFormVersionRead,
    FormBoxRead,
    FormFaultRead,
    FormTextRead,
)


async def list_forms(session: AsyncSession, *, at: datetime) -> list[ConsentFormRead]:
    """Return every form with its versions, by code; an installation has a handful."""
    forms = (await session.scalars(select(ConsentForm).order_by(ConsentForm.code))).all()
    return await _read(session, forms, at)


async def get_form(session: AsyncSession, form_id: UUID, *, at: datetime) -> ConsentFormRead:
    """Return one form with its versions."""
    form = await session.get(ConsentForm, form_id)
    if form is None:
        raise ConsentFormNotFound()
    return (await _read(session, [form], at))[0]


async def versions_of(session: AsyncSession, form_id: UUID, *, lock: bool = False) -> list[ConsentFormVersion]:
    """Return the versions of one form, newest first."""
    form = await session.get(ConsentForm, form_id, with_for_update=lock)
    if form is None:
        raise ConsentFormNotFound()
    found = await session.scalars(
        select(ConsentFormVersion)
        .where(ConsentFormVersion.form_id == form_id)
        .order_by(ConsentFormVersion.version.desc())
        .execution_options(populate_existing=True)
    )
    return list(found)


class Quotable(NamedTuple):
    """One version of a notice in all its languages."""

    notice: Notice
    texts: dict[str, NoticeVersion]


async def quotable(session: AsyncSession) -> dict[str, Quotable]:
    """Return every version of every notice, by `code@version`."""
    rows = await session.execute(select(NoticeVersion, Notice).join(Notice, Notice.id == NoticeVersion.notice_id))
    found: dict[str, Quotable] = {}
    for version, notice in rows:
        name = f"{notice.code}@{version.version}"
        found.setdefault(name, Quotable(notice, {})).texts[version.language] = version
    return found


def faults_of(version: ConsentFormVersion, notices: dict[str, Quotable], at: datetime) -> list[Fault]:
    """Return why a version may not be published at a moment."""
    begins: dict[UUID, dict[int, datetime]] = defaultdict(dict)
    for notice, texts in notices.values():
        for each in texts.values():
            begins[notice.id][each.version] = min(
                each.effective_from, begins[notice.id].get(each.version, each.effective_from)
            )
    in_force = {notice_id: newest_in_force(versions, at) for notice_id, versions in begins.items()}
    quoted = {
        name: Quoted(
            purpose=Purpose(notice.purpose),
            recipient_id=notice.recipient_id,
            is_in_force=name == f"{notice.code}@{in_force[notice.id]}",
            texts={language: each.text for language, each in texts.items()},
        )
        for name, (notice, texts) in notices.items()
    }
    return lint([box_of(each) for each in version.boxes], list(version.texts), quoted)


def box_of(kept: dict[str, Any]) -> Box:
    """Return a box as the rules see it."""
    return Box(
        name=kept["name"],
        notice=kept["notice"],
        purposes=[Purpose(each) for each in kept["purposes"]],
        channels=[Channel(each) for each in kept["channels"]],
        is_preticked=kept["is_preticked"],
        is_required=kept["is_required"],
        texts=kept["texts"],
    )


def fault_read(fault: Fault) -> FormFaultRead:
    return FormFaultRead(path=fault.path, code=fault.fault, message=_MESSAGES[fault.fault])


async def _read(session: AsyncSession, forms: Sequence[ConsentForm], at: datetime) -> list[ConsentFormRead]:
    rows = await session.scalars(
        select(ConsentFormVersion)
        .where(ConsentFormVersion.form_id.in_([form.id for form in forms]))
        .order_by(ConsentFormVersion.version.desc())
        .execution_options(populate_existing=True)
    )
    versions: dict[UUID, list[ConsentFormVersion]] = defaultdict(list)
    for row in rows:
        versions[row.form_id].append(row)
    notices = await quotable(session)
    return [_form(form, [_version(each, notices, at) for each in versions[form.id]]) for form in forms]


def _form(form: ConsentForm, versions: list[ConsentFormVersionRead]) -> ConsentFormRead:
    return ConsentFormRead(
        id=form.id,
        code=form.code,
        published=next((each for each in versions if each.published_at is not None), None),
        draft=next((each for each in versions if each.published_at is None), None),
        versions=versions,
    )


def _version(version: ConsentFormVersion, notices: dict[str, Quotable], at: datetime) -> ConsentFormVersionRead:
    return ConsentFormVersionRead(
        id=version.id,
        version=version.version,
        name=version.name,
        medium=FormMedium(version.medium),
        texts={language: FormTextRead(**text) for language, text in version.texts.items()},
        boxes=[_box(each, notices.get(each["notice"])) for each in version.boxes],
        faults=[fault_read(each) for each in faults_of(version, notices, at)],
        created_at=version.created_at,
        published_at=version.published_at,
        published_by=version.published_by,
    )


def _box(kept: dict[str, Any], quotable: Quotable | None) -> FormBoxRead:
    quoted = {language: each.text for language, each in quotable.texts.items()} if quotable else {}
    notice = quotable.notice if quotable else None
    return FormBoxRead(
        **kept | {"texts": quoted | kept["texts"]},
        recipient_name=notice.recipient_name if notice else None,
        merchandise=notice.merchandise if notice else None,
    )


_MESSAGES = {
    FormFault.NO_BOX: "a form asks for something: it has at least one box",
    FormFault.SAME_NAME: "another box of this form has this name",
    FormFault.BUNDLED_CONSENT: "one box asks for one purpose",
    FormFault.PRETICKED: "a box that is ticked beforehand is no consent",
    FormFault.MADE_A_CONDITION: "consent is never a condition: the box must be optional",
    FormFault.NOTICE_UNKNOWN: "no notice has this code and version",
    FormFault.NOTICE_NOT_IN_FORCE: "a newer version of this notice counts, or this one has not begun",
    FormFault.OTHER_PURPOSE: "this notice is about another purpose",
    FormFault.OTHER_TEXT: "the words are not those of the notice",
    FormFault.LANGUAGE_MISSING: "the notice has no text in a language of this form",
    FormFault.RECIPIENT_MISSING: "a notice about third parties names the one and what it sells",
    FormFault.CHANNEL_MISSING: "this purpose is agreed to for each channel",
    FormFault.CHANNEL_NOT_TAKEN: "this purpose holds for all channels: name none",
}
