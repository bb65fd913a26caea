"""Background entry points: sealing what arrived, and verifying every seal each night."""

from typing import Any

from ritorno.activity import proofs, sealing
from ritorno.activity import service as activity
from ritorno.activity.models import ProofRun
from ritorno.activity.rules import ProofKind
from ritorno.kit.background import Work
from ritorno.kit.logging import log


async def seal(work: Work, _payload: dict[str, Any]) -> None:
    """Seal what was committed since the last time. The head of the chain goes to the log, which may leave this host."""
    is_more = True
    while is_more:
        async with work.session() as session:
            made = await sealing.seal_next(session, work.settings)
        is_more = made is not None and len(made.seqs) == sealing.ENTRIES_PER_SEAL
        if made is not None:
            log.info("audit.sealed", number=made.number, hash=made.hash.hex(), entries_count=len(made.seqs))


async def verify(work: Work, _payload: dict[str, Any]) -> None:
    """Verify the whole log, one unit of work for some seals; what is wrong asks a person."""
    async with work.session() as session:
        run_id = (await proofs.begin(session, ProofKind.AUDIT)).id
    is_last = False
    while not is_last:
        async with work.session() as session:
            run = await session.get_one(ProofRun, run_id)
            batch = await sealing.verify_next(session, work.settings, after=sealing.Link.read(run.position))
            proofs.advance(
                run,
                position=str(batch.upto),
                checked=batch.checked,
                faults=[fault.as_row() for fault in batch.faults],
            )
            is_last = batch.is_last
    async with work.session() as session:
        run = await session.get_one(ProofRun, run_id)
        last = await proofs.find_last(session, ProofKind.AUDIT)
        found = await sealing.find_lost_end(session, sealing.Link.read(last.position if last else None))
        found += await sealing.find_unsealed(session)
        proofs.advance(run, position=run.position or "0:", checked=0, faults=[fault.as_row() for fault in found])
        await proofs.finish(session, run, actor=work.actor)
        if run.fault_count:
            await activity.open_task(
                session,
                kind="audit.broken",
                key=f"audit.broken:{run.id}",
                subject="proof_run",
                subject_id=run.id,
                details={"faults": run.fault_count},
            )
