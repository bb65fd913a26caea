"""Background entry points: the past of people whose lines moved."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from ritorno.customers.models import Customer
from ritorno.imports.lake import profiles
from ritorno.imports.lake.engine import Lake
from ritorno.kit.background import Work


async def recount(work: Work, payload: dict[str, Any]) -> None:
    """Count again, from the lake, the past of the customers in `payload["customer_ids"]`."""
    wanted = [UUID(customer_id) for customer_id in payload["customer_ids"]]
    async with work.session() as session:
        present = list(await session.scalars(select(Customer.id).where(Customer.id.in_(wanted)).order_by(Customer.id)))
        if present:
            await profiles.recount_people(session, Lake(work.settings), present)
