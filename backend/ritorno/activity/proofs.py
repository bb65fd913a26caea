"""Verifications of the ledgers as rows: an interrupted one goes on where it was, and every night leaves its finding."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.activity.models import ProofRun
from ritorno.activity.rules import ProofKind
from ritorno.kit import clock
from ritorno.kit.actor import Actor

GIVEN_UP_AFTER = timedelta(hours=20)
KEPT_FAULTS = 100


async def begin(session: AsyncSession, kind: ProofKind) -> ProofRun:
    """Return the run that was interrupted today, or a new one."""
    run = await session.scalar(
        select(ProofRun)
        .where(
            ProofRun.kind == kind,
            ProofRun.finished_at.is_(None),
            ProofRun.started_at > clock.now() - GIVEN_UP_AFTER,
        )
        .order_by(ProofRun.started_at.desc())
        .limit(1)
    )
    if run is None:
        run = ProofRun(kind=kind, started_at=clock.now(), checked_count=0, fault_count=0, faults=[])
        session.add(run)
        await session.flush()
    return run


async def find_last(session: AsyncSession, kind: ProofKind) -> ProofRun | None:
    """Return the newest run that came to its end."""
    return await session.scalar(
        select(ProofRun)
        .where(ProofRun.kind == kind, ProofRun.finished_at.is_not(None))
        .order_by(ProofRun.started_at.desc())
        .limit(1)
    )


def advance(run: ProofRun, *, position: str, checked: int, faults: Sequence[dict[str, Any]]) -> None:
    """Say how far a run has come, and what it found on the way."""
    run.position = position
    run.checked_count += checked
    run.fault_count += len(faults)
    run.faults = [*run.faults, *faults][:KEPT_FAULTS]


async def finish(session: AsyncSession, run: ProofRun, *, actor: Actor) -> None:
    """End a run, and say in the audit log what it came to."""
    run.finished_at = clock.now()
    await activity.record(
        session,
        actor,
        f"{run.kind}.verified",
        subject="proof_run",
        subject_id=run.id,
        details={"checked": run.checked_count, "faults": run.fault_count},
    )
