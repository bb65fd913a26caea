"""Packs as things that are asked for, built, sent, taken and removed; what goes into one is in `privacy.packs`."""

import shutil
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.customers.queries import get_customer
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.ids import uuid7
from ritorno.privacy import queries
from ritorno.privacy.errors import IdentityMissing, PackExpired, PackNotAsked, PackNotReady
from ritorno.privacy.models import PrivacyPack
from ritorno.privacy.rules import PACK_DAYS, PACK_OF, PackState, RequestEventKind
from ritorno.privacy.service.identifying import stored_contact_of
from ritorno.privacy.service.noting import note
from ritorno.privacy.service.writing import Occasion, write_link
from ritorno.privacy.words import side

LEFTOVER = timedelta(days=1)
"""No run lasts as long: an older file of no pack was left by a worker that was killed."""


async def ask_for_pack(session: AsyncSession, request_id: UUID, *, language: str | None, actor: Actor) -> PrivacyPack:
    """Ask for the pack of a request once it is known who asks; while one is waited for, it is the answer."""
    request = await queries.get_request(session, request_id, lock=True)
    kind = PACK_OF.get(request.kind)
    if kind is None:
        raise PackNotAsked()
    if request.customer_id is None or request.identified_at is None:
        raise IdentityMissing()
    customer = await get_customer(session, request.customer_id)
    wanted = side(language or customer.language)
    for pack in await queries.packs_of(session, request_id):
        if pack.state in {PackState.WAITING, PackState.RUNNING} and pack.language == wanted:
            return pack
    pack = PrivacyPack(
        request_id=request.id,
        customer_id=request.customer_id,
        kind=kind,
        language=wanted,
        copy_number=await queries.count_copies(session, request.customer_id, kind) + 1,
        state=PackState.WAITING,
        sections={},
        requested_by=actor.id,
        requested_by_name=actor.name,
        created_at=clock.now(),
    )
    session.add(pack)
    await session.flush()
    await outbox.publish(session, "privacy_pack.requested", {"pack_id": pack.id})
    await note(session, request, RequestEventKind.PACK_ASKED, actor=actor, pack_id=str(pack.id))
    return pack


class Fetched(NamedTuple):
    """A file to hand over, and the name a browser saves it under."""

    path: Path
    name: str


async def fetch_pack(session: AsyncSession, pack_id: UUID, settings: Settings, *, actor: Actor) -> Fetched:
    """Return the file of a pack that is done, and write down that this person took it (S-16)."""
    pack = await ready_pack(session, pack_id)
    assert pack.stored_name is not None
    path = folder_of(settings) / pack.stored_name
    if not path.is_file():
        raise PackExpired("The file is not in the data folder any more.")
    pack.fetched_at = clock.now()
    request = await queries.get_request(session, pack.request_id)
    await note(session, request, RequestEventKind.PACK_FETCHED, actor=actor, pack_id=str(pack.id))
    await activity.record(
        session, actor, "privacy_pack.downloaded", subject="customer", subject_id=pack.customer_id,
        details={"pack_id": str(pack.id), "request_id": str(pack.request_id)},
    )  # fmt: skip
    return Fetched(path, pack_name(pack))


async def deliver_pack(session: AsyncSession, pack_id: UUID, *, actor: Actor) -> PrivacyPack:
    """Send the link to the stored address."""
    pack = await ready_pack(session, pack_id)
    request = await queries.get_request(session, pack.request_id, lock=True)
    contact = await stored_contact_of(session, request)
    message_id = await write_link(session, pack.customer_id, contact, Occasion.PACK, actor=actor)
    pack.sent_at = clock.now()
    await note(session, request, RequestEventKind.PACK_SENT, actor=actor, message_id=message_id, pack_id=str(pack.id))
    return pack


async def ready_pack(session: AsyncSession, pack_id: UUID) -> PrivacyPack:
    """Lock and return a pack whose file can be fetched."""
    pack = await queries.get_pack(session, pack_id, lock=True)
    if pack.state == PackState.EXPIRED or (pack.expires_at is not None and pack.expires_at <= clock.now()):
        raise PackExpired()
    if pack.state != PackState.DONE or pack.stored_name is None:
        raise PackNotReady(f"This pack is {pack.state}.", state=pack.state)
    return pack


def folder_of(settings: Settings) -> Path:
    """Return where packs wait to be fetched."""
    return settings.data_dir / "privacy-packs"


def pack_name(pack: PrivacyPack) -> str:
    """Return a file name that names nobody."""
    word = {"it": {"ACCESS": "i-suoi-dati", "PORTABILITY": "dati-portabili"}, "en": {
        "ACCESS": "your-data", "PORTABILITY": "portable-data"}}[pack.language][pack.kind]  # fmt: skip
    return f"{word}-{pack.created_at.date().isoformat()}.zip"


# ── building one, step by step: each is one unit of work of the job ───────────────────────────────────────────────────


async def claim_pack(session: AsyncSession, pack_id: UUID) -> PrivacyPack | None:
    """Begin to build a pack from the start: whoever was at it before finds another's run and steps back. None when
    there is nothing to build.
    """
    pack = await queries.get_pack(session, pack_id, lock=True)
    if pack.state in {PackState.DONE, PackState.EXPIRED}:
        return None
    pack.state, pack.run_id, pack.failure = PackState.RUNNING, uuid7(), None
    return pack


async def finish_pack(
    session: AsyncSession, pack_id: UUID, run_id: UUID, *, stored_name: str, size: int, sha256: str,
    sections: dict[str, int], actor: Actor,
) -> bool:  # fmt: skip
    """Hand the file over for seven days; False when this run is no longer the one that builds it."""
    pack = await queries.get_pack(session, pack_id, lock=True)
    if pack.run_id != run_id:
        return False
    now = clock.now()
    pack.state, pack.stored_name, pack.run_id = PackState.DONE, stored_name, None
    pack.size_bytes, pack.sha256, pack.sections = size, sha256, sections
    pack.finished_at, pack.expires_at = now, now + timedelta(days=PACK_DAYS)
    await activity.record(
        session, actor, "privacy_pack.built", subject="customer", subject_id=pack.customer_id,
        details={"pack_id": str(pack.id), "kind": pack.kind, "sections": sections},
    )  # fmt: skip
    return True


async def fail_pack(session: AsyncSession, pack_id: UUID, run_id: UUID, failure: str) -> bool:
    """Say that the pack could not be built; False when this run is no longer the one that builds it."""
    pack = await queries.get_pack(session, pack_id, lock=True)
    if pack.run_id != run_id:
        return False
    pack.state, pack.failure, pack.run_id, pack.finished_at = PackState.FAILED, failure, None, clock.now()
    return True


async def expire_packs(session: AsyncSession, settings: Settings, at: datetime) -> int:
    """Remove the files that are over their time, and what a killed run left; return how many packs expired."""
    over = await queries.packs_kept_too_long(session, at)
    folder = folder_of(settings)
    for pack in over:
        if pack.stored_name is not None:
            (folder / pack.stored_name).unlink(missing_ok=True)
        pack.state, pack.stored_name = PackState.EXPIRED, None
    await session.flush()
    kept = await queries.stored_names(session)
    for found in folder.iterdir() if folder.is_dir() else ():
        if found.name not in kept and found.stat().st_mtime < (at - LEFTOVER).timestamp():
            shutil.rmtree(found, ignore_errors=True) if found.is_dir() else found.unlink(missing_ok=True)
    return len(over)
