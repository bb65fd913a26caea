"""Imports in the background; each job goes on from the cursor of its import."""

from typing import Any
from uuid import UUID

from ritorno.imports.service import running, undoing
from ritorno.kit.background import Transient, Work

BROKEN = "It broke off on a fault of ours. Nothing is half written: go on, or take it back."


async def rehearse(work: Work, payload: dict[str, Any]) -> None:
    """Count what an import would do."""
    await _guarded(work, payload, running.rehearse)


async def apply(work: Work, payload: dict[str, Any]) -> None:
    """Apply an import, chunk by chunk."""
    await _guarded(work, payload, running.apply)


async def undo(work: Work, payload: dict[str, Any]) -> None:
    """Take an import back, chunk by chunk."""
    await _guarded(work, payload, undoing.undo)


async def _guarded(work: Work, payload: dict[str, Any], run: Any) -> None:
    import_id = UUID(payload["import_id"])
    try:
        await run(work, import_id)
    except Transient:
        raise
    except Exception:
        # The person who waits must see it; the delivery then fails with its reason, as every job's does.
        await running.stop(work, import_id, BROKEN)
        raise
