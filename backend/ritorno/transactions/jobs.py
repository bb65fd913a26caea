"""What follows from other domains' news."""

from typing import Any
from uuid import UUID

from ritorno.kit.background import Work
from ritorno.kit.logging import log
from ritorno.transactions import service


async def claim(work: Work, payload: dict[str, Any]) -> None:
    """Somebody became recognisable: record the transactions that waited for them. A second run finds none."""
    customer_ids = [UUID(each) for each in payload["customer_ids"]]
    async with work.session() as session:
        claimed = await service.claim(session, customer_ids, actor=work.actor)
    if claimed:
        log.info("transactions.claimed", customer_count=len(customer_ids), transaction_count=claimed)
