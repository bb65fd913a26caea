"""What follows for recipients when somebody they were given says no, changes, or is erased."""

from typing import Any
from uuid import UUID

from ritorno.disclosures import service
from ritorno.disclosures.rules import NoticeCause
from ritorno.kit.background import Work


async def follow_refusals(work: Work, payload: dict[str, Any]) -> None:
    """Note whom a withdrawal or an objection must be told to."""
    async with work.session() as session:
        await service.follow_refusals(session, _people(payload))


async def follow_restriction(work: Work, payload: dict[str, Any]) -> None:
    """Note whom a restriction must be told to (art. 19)."""
    async with work.session() as session:
        await service.tell(session, _people(payload), NoticeCause.RESTRICTED)


async def follow_rectification(work: Work, payload: dict[str, Any]) -> None:
    """Note whom a corrected contact must be told to (art. 19)."""
    async with work.session() as session:
        await service.follow_rectification(session, _people(payload))


def _people(payload: dict[str, Any]) -> list[UUID]:
    return [UUID(str(each)) for each in payload["customer_ids"]]
