"""Merging the automatic tier: only what a person never doubted."""

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import Customer
from ritorno.duplicates.service import finding
from ritorno.duplicates.service.automating import merge_automatic
from ritorno.kit.actor import Actor
from tests.duplicates.test_pairs import make_pair
from tests.factories.customers import make_customer

SYSTEM = Actor.system("duplicates")


async def three(session: AsyncSession) -> list[Customer]:
    return [await make_customer(session, given_name="Giuseppe", family_name="Russo") for _ in range(3)]


async def test_the_automatic_tier_is_merged_into_the_older_card_and_the_rest_waits(session: AsyncSession) -> None:
    one, other, third = await three(session)
    sure = await make_pair(session, one, other, tier="automatic", probability=0.999)
    doubtful = await make_pair(session, one, third, tier="review", probability=0.9999)

    merged = await merge_automatic(session, actor=SYSTEM)

    await session.refresh(other)
    await session.refresh(sure)
    await session.refresh(doubtful)
    assert (merged, other.merged_into_id, sure.state) == (1, one.id, "merged")
    assert doubtful.state == "open"


async def test_a_card_takes_part_once_and_is_compared_anew(session: AsyncSession) -> None:
    one, other, third = await three(session)
    await make_pair(session, one, other, tier="automatic", probability=0.999)
    await make_pair(session, other, third, tier="automatic", probability=0.998)

    assert await merge_automatic(session, actor=SYSTEM) == 1
    assert await merge_automatic(session, actor=SYSTEM) == 0


async def test_what_somebody_separated_is_not_merged_again(session: AsyncSession) -> None:
    one, other, _ = await three(session)
    await make_pair(session, one, other, tier="automatic", probability=0.999)
    await merge_automatic(session, actor=SYSTEM)
    await finding.mark_unmerged(session, one.id, other.id)
    other.merged_into_id = None
    await session.commit()

    assert await merge_automatic(session, actor=SYSTEM) == 0
