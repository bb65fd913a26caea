"""Claiming as the worker does it: after the event, twice without harm."""

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers import service as customers
from ritorno.customers.schemas import CustomerWrite
from ritorno.kit.background import Work
from ritorno.kit.outbox import OutboxEvent
from ritorno.transactions import jobs, service
from ritorno.transactions.models import Profile, UnclaimedTransaction
from ritorno.worker.reactions import REACTIONS
from tests.factories.transactions import TILL, a_body


async def test_the_event_of_a_new_card_claims_what_waited_and_a_second_run_finds_nothing(
    session: AsyncSession, work: Work
) -> None:
    await service.put(session, "till", "r1", a_body(customer={"email": "anna@example.it"}), actor=TILL)
    body = CustomerWrite(given_name="Anna", email="Anna@Example.it")
    anna = await customers.put(session, "pos", "1", body, actor=TILL)
    await session.commit()
    event = (await session.scalars(select(OutboxEvent).where(OutboxEvent.name == "customer.identified"))).one()

    await jobs.claim(work, event.payload)
    await jobs.claim(work, event.payload)

    assert await session.scalar(select(func.count()).select_from(UnclaimedTransaction)) == 0
    assert await session.scalar(select(Profile.purchases).where(Profile.customer_id == anna.id)) == 1


def test_the_table_of_reactions_names_the_claim() -> None:
    assert [reaction.__name__ for reaction in REACTIONS["customer.identified"]] == ["claim"]
