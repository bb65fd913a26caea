"""Files that prove a consent: kept by the hash of their bytes, given out to whoever may read consents (C-13, S-19)."""

import asyncio

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents import pictures
from ritorno.consents.errors import EvidenceNotFound
from ritorno.consents.models import EvidenceFile
from ritorno.consents.rules import EvidenceKind
from ritorno.kit import storage
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.problems import TooLarge

KIND = "evidence"
SUFFIXES = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}


async def keep_evidence(
    session: AsyncSession, settings: Settings, content: bytes, *, kind: EvidenceKind, actor: Actor
) -> EvidenceFile:
    """Keep a scan or a signature and return it; the same file a second time is the one that is there."""
    if len(content) > settings.max_evidence_bytes:
        raise TooLarge(f"The limit here is {settings.max_evidence_bytes} bytes.", limit=settings.max_evidence_bytes)
    cleaned, media_type = await asyncio.to_thread(pictures.clean, content, max_pixels=settings.max_evidence_pixels)
    sha256 = await storage.keep(settings, KIND, cleaned)
    inserted = await session.execute(
        insert(EvidenceFile)
        .values(sha256=sha256, media_type=media_type, size_bytes=len(cleaned), kind=kind, uploaded_by=actor.name)
        .on_conflict_do_nothing()
        .returning(EvidenceFile.sha256)
    )
    if inserted.scalar_one_or_none() is not None:
        await activity.record(
            session, actor, "evidence.kept", subject="evidence", details={"sha256": sha256, "kind": kind}
        )
    return await session.get_one(EvidenceFile, sha256)


async def read_evidence(
    session: AsyncSession, settings: Settings, sha256: str, *, actor: Actor
) -> tuple[EvidenceFile, bytes]:
    """Return a file with its bytes, and note who read it (S-16)."""
    kept = await session.get(EvidenceFile, sha256)
    content = await storage.read(settings, KIND, sha256) if kept is not None else None
    if kept is None or content is None:
        raise EvidenceNotFound()
    await activity.record(session, actor, "evidence.read", subject="evidence", details={"sha256": sha256})
    return kept, content
