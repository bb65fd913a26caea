"""What follows an erasure, and erasures nobody asked for: what is left of people who never confirmed a thing (C-12,
C-31).
"""

from typing import Any
from uuid import UUID

from ritorno.customers.errors import CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.customers.queries import living_of
from ritorno.erasures import repeating, service
from ritorno.erasures.rules import ErasureGround, ReportedBy
from ritorno.erasures.schemas import DeathReportCreate
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.stores.queries import get_business


async def note_outside(work: Work, payload: dict[str, Any]) -> None:
    """Keep the ids of erased cards where a restored backup does not reach."""
    await repeating.note_outside(work.settings, payload["customer_ids"])


async def receive_death(work: Work, payload: dict[str, Any]) -> None:
    """Write down a death we were told of on the telephone, on the card the person has by now; whoever is gone stays
    gone.
    """
    told_of = UUID(payload["customer_id"])
    async with work.session() as session:
        customer_id = (await living_of(session, [told_of])).get(told_of, told_of)
        told_on = clock.today((await get_business(session)).timezone)
        report = DeathReportCreate(reported_by=ReportedBy.RELATIVE, reported_on=told_on)
        try:
            await service.report_death(session, customer_id, report, actor=work.actor)
        except (CustomerErased, CustomerNotFound):
            return


async def erase_unconfirmed(work: Work, payload: dict[str, Any]) -> None:
    """Forget the people in `payload["customer_ids"]`, each in a unit of work; whoever is gone already stays gone."""
    for customer_id in payload["customer_ids"]:
        async with work.session() as session:
            try:
                await service.erase_customer(
                    session,
                    customer_id=UUID(customer_id),
                    because=ErasureGround.NO_LONGER_NEEDED,
                    actor=work.actor,
                )
            except (CustomerErased, CustomerMerged, CustomerNotFound):
                continue
