"""What follows an erasure, and erasures nobody asked for: what is left of people who never confirmed a thing (C-12,
C-31).
"""

from typing import Any
from uuid import UUID

from ritorno.customers.errors import CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.erasures import repeating, service
from ritorno.erasures.rules import ErasureGround
from ritorno.kit.background import Work


async def note_outside(work: Work, payload: dict[str, Any]) -> None:
    """Keep the ids of erased cards where a restored backup does not reach."""
    await repeating.note_outside(work.settings, payload["customer_ids"])


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
