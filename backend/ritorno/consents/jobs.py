"""Background entry points of consent."""

from typing import Any
from uuid import UUID

from ritorno.activity import proofs
from ritorno.activity import service as activity
from ritorno.activity.models import ProofRun
from ritorno.activity.rules import ProofKind
from ritorno.consents import verifying
from ritorno.kit.background import Work


async def verify(work: Work, _payload: dict[str, Any]) -> None:
    """Verify the ledger from end to end (C-08), some people at a time; each person at fault asks somebody once.

    States are made again from the ledger, whatever it says; the ledger itself is nobody's to mend.
    """
    async with work.session() as session:
        run_id = (await proofs.begin(session, ProofKind.CONSENTS)).id
    is_last = False
    while not is_last:
        async with work.session() as session:
            run = await session.get_one(ProofRun, run_id)
            after = UUID(run.position or str(UUID(int=0)))
            batch = await verifying.verify_next(session, work.settings, after=after, keep_checkpoints=True)
            faults = [verifying.as_row(fault) for fault in batch.faults]
            proofs.advance(run, position=str(batch.after), checked=batch.checked, faults=faults)
            differing = [UUID(fault.customer_id) for fault in batch.faults if fault.fault == "state-differs"]
            if differing:
                await verifying.mend_states(session, differing)
            for customer_id in {fault.customer_id for fault in batch.faults}:
                await activity.open_task(
                    session,
                    kind="consents.broken",
                    key=f"consents.broken:{customer_id}",
                    subject="customer",
                    subject_id=UUID(customer_id),
                    details={"run": str(run_id)},
                )
            is_last = batch.is_last
    async with work.session() as session:
        await proofs.finish(session, await session.get_one(ProofRun, run_id), actor=work.actor)
