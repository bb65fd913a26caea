"""Imports in the background; each job goes on from the cursor of its import."""

from typing import Any
from uuid import UUID

from ritorno.imports import watching
from ritorno.imports.service import keeping, running, undoing
from ritorno.kit.background import Work


async def rehearse(work: Work, payload: dict[str, Any]) -> None:
    """Count what an import would do."""
    await running.guarded(work, UUID(payload["import_id"]), running.rehearse)


async def apply(work: Work, payload: dict[str, Any]) -> None:
    """Apply an import, chunk by chunk."""
    await running.guarded(work, UUID(payload["import_id"]), running.apply)


async def undo(work: Work, payload: dict[str, Any]) -> None:
    """Take an import back, chunk by chunk."""
    await running.guarded(work, UUID(payload["import_id"]), undoing.undo)


async def watch(work: Work, _payload: dict[str, Any]) -> None:
    """Take what lies in the watched folder."""
    await watching.watch(work)


async def forget_files(work: Work, _payload: dict[str, Any]) -> None:
    """Remove uploaded files three months after their import; what they did stays known (C-31)."""
    await keeping.forget_old(work)


async def forget_applied(work: Work, _payload: dict[str, Any]) -> None:
    """Remove the files that were applied, after somebody was erased."""
    await keeping.forget_applied(work)
