"""Who read what is recorded, once, and cheaply (S-16)."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry
from ritorno.kit import clock
from tests.conftest import ClientAs
from tests.factories.customers import make_customer


async def reads(session: AsyncSession) -> list[str]:
    found = await session.scalars(select(AuditEntry.action).where(AuditEntry.is_read).order_by(AuditEntry.seq))
    return list(found)


async def test_s_16_opening_a_card_is_recorded_once_in_ten_minutes(session: AsyncSession, client_as: ClientAs) -> None:
    customer = await make_customer(session)
    await session.commit()
    client = await client_as("marketer")
    now = clock.now()

    for path in (f"/v1/customers/{customer.id}", f"/v1/customers/{customer.id}/card"):
        await client.get(path)
    with clock.frozen(now + timedelta(minutes=11)):
        await client.get(f"/v1/customers/{customer.id}")

    assert await reads(session) == ["customer.read", "customer.read"]


async def test_s_16_each_reader_of_a_card_is_recorded(session: AsyncSession, client_as: ClientAs) -> None:
    customer = await make_customer(session)
    await session.commit()

    for role in ("marketer", "privacy_officer"):
        await (await client_as(role)).get(f"/v1/customers/{customer.id}")

    entries = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "customer.read"))).all()
    assert [entry.actor_name for entry in entries] == ["marketer", "privacy_officer"]
    assert {entry.subject_id for entry in entries} == {customer.id}


async def test_s_16_a_card_that_is_not_there_leaves_no_trace(session: AsyncSession, client_as: ClientAs) -> None:
    client = await client_as("marketer")

    await client.get("/v1/customers/00000000-0000-0000-0000-000000000000")

    assert await reads(session) == []


async def test_s_16_looking_at_more_than_fifty_people_is_recorded(session: AsyncSession, client_as: ClientAs) -> None:
    for number in range(51):
        await make_customer(session, family_name=f"Rossi {number}")
    await session.commit()
    client = await client_as("marketer")

    await client.get("/v1/customers", params={"limit": 50})
    assert await reads(session) == []
    await client.get("/v1/customers", params={"limit": 51})

    assert await reads(session) == ["customers.listed"]


async def test_s_16_going_on_to_the_next_page_is_looking_at_more(session: AsyncSession, client_as: ClientAs) -> None:
    for number in range(3):
        await make_customer(session, family_name=f"Rossi {number}")
    await session.commit()
    client = await client_as("marketer")

    first = (await client.get("/v1/customers", params={"limit": 2})).json()
    await client.get("/v1/customers", params={"limit": 2, "cursor": first["next_cursor"]})

    assert await reads(session) == ["customers.listed"]
