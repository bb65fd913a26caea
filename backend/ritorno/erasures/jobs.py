"""Erasures nobody asked for: what is left of people who never confirmed a thing (C-12, C-31)."""

from typing import Any
from uuid import UUID

from ritorno.customers.errors import CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.erasures import service
from ritorno.erasures.rules import ErasureGround
from ritorno.kit.background import Work


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
