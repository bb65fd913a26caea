"""Requests and packs in the background: reminders and removals of the night, packs, erasures that were asked for."""

from typing import Any
from uuid import UUID

from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.privacy import service
from ritorno.privacy.packs import building


async def remind(work: Work, payload: dict[str, Any]) -> None:
    """Raise what is due in 10, 5 and 1 days as tasks (C-29)."""
    after: UUID | None = None
    while True:
        async with work.session() as session:
            after = await service.remind(session, after)
        if after is None:
            return


async def build_pack(work: Work, payload: dict[str, Any]) -> None:
    """Build the pack that was asked for."""
    await building.build(work, UUID(payload["pack_id"]))


async def expire_packs(work: Work, payload: dict[str, Any]) -> None:
    """Remove the packs that are over their seven days."""
    async with work.session() as session:
        await service.expire_packs(session, work.settings, clock.now())


async def receive_erasure(work: Work, payload: dict[str, Any]) -> None:
    """Turn an objection to storage into a request for erasure."""
    async with work.session() as session:
        await service.receive_erasures(session, [UUID(payload["customer_id"])], actor=work.actor)


async def receive_access(work: Work, payload: dict[str, Any]) -> None:
    """Turn the question where we have a number from, asked on the telephone, into a request for access."""
    async with work.session() as session:
        await service.receive_access(session, UUID(payload["customer_id"]), actor=work.actor)


async def forget_words(work: Work, payload: dict[str, Any]) -> None:
    """Forget what an erased person wrote to us, and take their packs away."""
    async with work.session() as session:
        for customer_id in payload["customer_ids"]:
            await service.erase(session, UUID(customer_id))
        await service.expire_packs(session, work.settings, clock.now())
