"""Seals over the audit log (S-16): entries are written by many units of work at once, so what arrived is chained after
it is committed, a minute at a time.

A seal holds a digest of each of its entries, the hash of the seal before it, and a signature. Whoever has the database
but not the secret can change an entry, and cannot make the seals agree with it.
"""

import hashlib
from collections.abc import Collection
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson
from sqlalchemy import ARRAY, BigInteger, ColumnElement, Row, Select, any_, cast, delete, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from ritorno.activity.models import AuditEntry, AuditPending, AuditRelease, AuditSeal
from ritorno.kit import clock, crypto
from ritorno.kit.config import Settings

ENTRIES_PER_SEAL = 2_000
SEALS_PER_BATCH = 50
PURPOSE = "audit-seal"
RELEASE_PURPOSE = "audit-release"

_LOCK = "select pg_try_advisory_xact_lock(hashtext('audit-seal'))"


async def seal_next(session: AsyncSession, settings: Settings) -> AuditSeal | None:
    """Seal the oldest entries that are not sealed yet; None when there are none, or another worker is at it."""
    if not await session.scalar(text(_LOCK)):
        return None
    oldest = select(AuditPending.seq).order_by(AuditPending.seq).limit(ENTRIES_PER_SEAL)
    entries = (await session.execute(read_entries().where(AuditEntry.seq.in_(oldest)))).all()
    if not entries:
        return None
    newest = await session.execute(select(AuditSeal.number, AuditSeal.hash).order_by(AuditSeal.number.desc()).limit(1))
    before = newest.one_or_none()
    seal = AuditSeal(
        number=before.number + 1 if before else 1,
        sealed_at=clock.now(),
        last_at=max(entry.at for entry in entries),
        seqs=[entry.seq for entry in entries],
        digests=[entry_digest(entry) for entry in entries],
        prev_hash=before.hash if before else None,
    )
    seal.hash = seal_hash(seal)
    seal.kid, seal.signature = crypto.sign(settings, PURPOSE, seal.hash)
    session.add(seal)
    await session.execute(delete(AuditPending).where(_among(AuditPending.seq, seal.seqs)))
    return seal


def read_entries() -> Select[Any]:
    """Return the reading of what a digest covers, in the order of arrival."""
    return select(*(AuditEntry.__table__.c[name] for name in _SAID)).order_by(AuditEntry.seq)


_SAID = ("seq", "id", "at", "actor_kind", "actor_id", "actor_name", "action", "subject_type", "subject_id", "details")


def entry_digest(entry: Row[Any]) -> bytes:
    """Return the digest of everything an entry says, in one fixed spelling."""
    said = [
        entry.seq, str(entry.id), _moment(entry.at), entry.actor_kind, str(entry.actor_id), entry.actor_name,
        entry.action, entry.subject_type, str(entry.subject_id), entry.details,
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).digest()


def seal_hash(seal: AuditSeal) -> bytes:
    """Return the digest of a seal over its entries and the seal before it."""
    said = [
        seal.prev_hash.hex() if seal.prev_hash else None,
        seal.number,
        _moment(seal.sealed_at),
        _moment(seal.last_at),
        seal.seqs,
    ]
    return hashlib.sha256(orjson.dumps(said) + b"".join(seal.digests)).digest()


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")


@dataclass(frozen=True, slots=True)
class SealFault:
    """What is wrong with one entry of the audit log, or with one seal.

    An entry is `changed`, `missing`, or `unsealed`: put there behind our back. A seal is `seal-changed`,
    `seal-missing`, or `seal-forged`: its signature, or that of the release of its entries, is not ours.
    """

    fault: str
    seal: int | None = None
    seq: int | None = None
    entry_id: str | None = None

    def as_row(self) -> dict[str, Any]:
        """Return it as a verification keeps it."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(slots=True)
class Link:
    """How far the seals were verified: the last one, and the hash the next must be chained to."""

    number: int = 0
    hash: bytes | None = None

    @classmethod
    def read(cls, position: str | None) -> "Link":
        """Return the link a verification noted."""
        number, _, digest = (position or "0:").partition(":")
        return cls(int(number), bytes.fromhex(digest) or None)

    def __str__(self) -> str:
        return f"{self.number}:{self.hash.hex() if self.hash else ''}"


@dataclass(slots=True)
class SealBatch:
    """Some seals, verified."""

    upto: Link
    checked: int = 0
    faults: list[SealFault] = field(default_factory=list)
    is_last: bool = False


async def verify_next(session: AsyncSession, settings: Settings, *, after: Link) -> SealBatch:
    """Verify the seals that follow one, and each entry they cover."""
    following = select(AuditSeal).where(AuditSeal.number > after.number).order_by(AuditSeal.number)
    seals = (await session.scalars(following.limit(SEALS_PER_BATCH))).all()
    chosen = select(AuditRelease).where(_among(AuditRelease.number, [seal.number for seal in seals]))
    releases = {release.number: release for release in await session.scalars(chosen)}
    batch = SealBatch(after, is_last=len(seals) < SEALS_PER_BATCH)
    for seal in seals:
        release = releases.get(seal.number)
        is_released = release is not None and _is_genuine(release, seal, settings)
        batch.faults += _faults_of_seal(seal, settings, batch.upto)
        if release is not None and not is_released:
            batch.faults.append(SealFault("seal-forged", seal.number))
        batch.faults += await _faults_of_entries(session, seal, may_be_gone=is_released)
        batch.upto = Link(seal.number, seal.hash)
        batch.checked += 0 if is_released else len(seal.seqs)
    return batch


def _faults_of_seal(seal: AuditSeal, settings: Settings, before: Link) -> list[SealFault]:
    faults = [SealFault("seal-missing", number) for number in range(before.number + 1, seal.number)]
    is_chained = bool(faults) or seal.prev_hash == before.hash
    if seal.hash != seal_hash(seal) or not is_chained:
        faults.append(SealFault("seal-changed", seal.number))
    elif not crypto.verify(settings, PURPOSE, seal.kid, seal.hash, seal.signature):
        faults.append(SealFault("seal-forged", seal.number))
    return faults


async def _faults_of_entries(session: AsyncSession, seal: AuditSeal, *, may_be_gone: bool) -> list[SealFault]:
    rows = await session.execute(read_entries().where(_among(AuditEntry.seq, seal.seqs)))
    entries = {entry.seq: entry for entry in rows}
    faults = []
    for seq, digest in zip(seal.seqs, seal.digests, strict=True):
        entry = entries.get(seq)
        if entry is None and not may_be_gone:
            faults.append(SealFault("missing", seal.number, seq))
        elif entry is not None and entry_digest(entry) != digest:
            faults.append(SealFault("changed", seal.number, seq, str(entry.id)))
    return faults


# ── letting go ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def release_next(session: AsyncSession, settings: Settings, *, before: datetime) -> int | None:
    """Let go of the entries of the oldest seal that holds nothing younger than a moment; return how many, or None when
    there is no such seal (C-31).

    The session is the owner's: the database lets nobody else.
    """
    seal = await session.scalar(
        select(AuditSeal)
        .where(AuditSeal.last_at < before, AuditSeal.number.not_in(select(AuditRelease.number)))
        .order_by(AuditSeal.number)
        .limit(1)
    )
    if seal is None:
        return None
    kid, signature = crypto.sign(settings, RELEASE_PURPOSE, seal.hash)
    session.add(AuditRelease(number=seal.number, kid=kid, signature=signature, released_at=clock.now()))
    await session.flush()
    return await session.scalar(select(func.let_go_of_audit(seal.number, before)))


def _is_genuine(release: AuditRelease, seal: AuditSeal, settings: Settings) -> bool:
    return crypto.verify(settings, RELEASE_PURPOSE, release.kid, seal.hash, release.signature)


async def find_lost_end(session: AsyncSession, known: Link) -> list[SealFault]:
    """Hold the seals against the last one that an earlier verification saw: the end of a chain can be cut off."""
    if known.number == 0:
        return []
    digest = await session.scalar(select(AuditSeal.hash).where(AuditSeal.number == known.number))
    if digest is None:
        return [SealFault("seal-missing", known.number)]
    return [] if digest == known.hash else [SealFault("seal-changed", known.number)]


async def find_unsealed(session: AsyncSession) -> list[SealFault]:
    """Return entries that no seal covers and that do not wait for one."""
    return [SealFault("unsealed", None, seq, str(entry_id)) for seq, entry_id in await session.execute(text(_UNSEALED))]


_UNSEALED = """
    select e.seq, e.id from audit_entries e
    where not exists (select from audit_pending p where p.seq = e.seq)
      and not exists (select from (select unnest(seqs) as seq from audit_seals) s where s.seq = e.seq)
    order by e.seq limit 100
"""


def _among(column: InstrumentedAttribute[int], values: Collection[int]) -> ColumnElement[bool]:
    return column == any_(cast(list(values), ARRAY(BigInteger)))
