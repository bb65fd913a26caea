"""Background entry points: receipts that overtook the worker, and those that never came (M-10)."""

from typing import Any

from ritorno.inbound import receipts
from ritorno.kit.background import Work


async def follow_receipts(work: Work, payload: dict[str, Any]) -> None:
    """Tell messages what their receipts say."""
    async with work.session() as session:
        await receipts.apply(session)


async def expire_receipts(work: Work, payload: dict[str, Any]) -> None:
    """Note which receipts will not come."""
    async with work.session() as session:
        await receipts.expire(session)
