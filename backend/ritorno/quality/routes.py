"""Quality over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from ritorno.customers.errors import CustomerErased, CustomerMerged, CustomerNotFound
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import ReadSession, WriteSession, make_router, problem_responses
from ritorno.kit.problems import Invalid
from ritorno.quality import reading, service
from ritorno.quality.schemas import CardQualityRead, QualityRead, RanksRead, RanksWrite

router = make_router(tag="quality")

Reader = Annotated[Actor, Depends(require("quality:read"))]
Ranker = Annotated[Actor, Depends(require("quality:write"))]
Looker = Annotated[Actor, Depends(require("customers:read"))]
"""Who opens a card may see what is worth asking: it is the till that asks."""
Asker = Annotated[Actor, Depends(require("customers:write"))]


@router.get("/quality", responses=problem_responses(NotSignedIn, Forbidden))
async def get_quality(session: ReadSession, actor: Reader) -> QualityRead:
    """Tell how complete, valid and fresh the cards are: the shop, each store, each source; every number names the
    list behind it.
    """
    return await reading.read_shop(session)


@router.get("/quality/ranks", responses=problem_responses(NotSignedIn, Forbidden))
async def get_quality_ranks(session: ReadSession, actor: Reader) -> RanksRead:
    """Tell how much the owner wants each field."""
    return await reading.read_ranks(session)


@router.put("/quality/ranks", responses=problem_responses(NotSignedIn, Forbidden, Invalid))
async def put_quality_ranks(session: WriteSession, body: RanksWrite, actor: Ranker) -> RanksRead:
    """Rank the fields: this orders the card, weighs the score and picks what to ask. Every card is scored again in
    the background.
    """
    await service.rank_fields(session, body.ranks, actor=actor)
    return await reading.read_ranks(session)


@router.get(
    "/customers/{customer_id}/quality",
    responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerMerged),
)
async def get_customer_quality(session: ReadSession, customer_id: UUID, actor: Looker) -> CardQualityRead:
    """Tell what a card scores, what each part lacks, and the one thing worth asking next."""
    return await reading.read_card(session, customer_id)


@router.post(
    "/customers/{customer_id}/confirmations",
    status_code=201,
    responses=problem_responses(NotSignedIn, Forbidden, CustomerNotFound, CustomerErased, CustomerMerged),
)
async def confirm_customer(session: WriteSession, customer_id: UUID, actor: Asker) -> CardQualityRead:
    """Note that the person confirmed the data of the card today; twice on a day changes nothing."""
    await service.confirm(session, customer_id, actor=actor)
    return await reading.read_card(session, customer_id)
