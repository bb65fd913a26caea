"""The jobs, each run twice (STYLE §4), and the events that start them."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Action, Method
from ritorno.customers import service as customers
from ritorno.customers.models import ContactPoint
from ritorno.customers.rules import ContactLevel
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.outbox import OutboxEvent
from ritorno.quality import jobs, service
from ritorno.quality.models import CardQuality, QualityDay
from ritorno.quality.rules import Measure, QualityField, Rank
from ritorno.worker.reactions import REACTIONS
from tests.factories.consents import STAFF, make_consent
from tests.factories.customers import make_customer
from tests.factories.quality import counted_totals, running_totals


async def test_cards_that_changed_are_assessed_and_twice_is_harmless(
    session: AsyncSession, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    people = [await make_customer(session) for _ in range(5)]
    await session.commit()

    for _ in range(2):
        await jobs.refresh(work, {"customer_ids": [str(each.id) for each in people]})

    assert await session.scalar(select(func.count()).select_from(CardQuality)) == 5
    assert await running_totals(session) == await counted_totals(session)


async def test_the_first_day_fills_in_the_cards_that_were_there_before(
    session: AsyncSession, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    for _ in range(5):
        await make_customer(session)
    await session.commit()

    for _ in range(2):
        await jobs.turn_day(work, {})

    assert await session.scalar(select(func.count()).select_from(CardQuality)) == 5
    assert await session.scalar(select(QualityDay.value).where(QualityDay.measure == "cards")) == 5


async def test_a_day_turns_the_cards_it_has_caught_up_with(session: AsyncSession, work: Work) -> None:
    today = clock.today("Europe/Rome")
    await make_customer(session, first_contact_on=today - timedelta(days=720))
    await session.commit()
    await jobs.turn_day(work, {})
    assert (await session.scalars(select(CardQuality))).one().measures.count(Measure.STALE) == 0

    with clock.frozen(clock.now() + timedelta(days=30)):
        for _ in range(2):
            await jobs.turn_day(work, {})

    card = (await session.scalars(select(CardQuality).execution_options(populate_existing=True))).one()
    assert Measure.STALE in card.measures


async def test_ranks_are_applied_by_the_walk_and_twice_is_harmless(session: AsyncSession, work: Work) -> None:
    customer = await make_customer(session, given_name=None)
    await service.refresh(session, [customer.id])
    await service.rank_fields(session, {QualityField.GIVEN_NAME: Rank.UNUSED}, actor=STAFF)
    await session.commit()

    for _ in range(2):
        await jobs.sweep(work, {})

    card = await session.get(CardQuality, customer.id, populate_existing=True)
    fresh = await running_totals(session)
    assert card is not None
    assert fresh == await counted_totals(session)
    assert await service.refresh(session, [customer.id]) == 0


async def test_whatever_changes_a_card_publishes_an_event_that_assesses_it(session: AsyncSession) -> None:
    customer = await make_customer(session, email="anna@shop.example", level=ContactLevel.UNVERIFIED)
    point = (await session.scalars(select(ContactPoint))).one()
    actor = Actor.system("tests")

    async def events_of_last_change() -> set[str]:
        found = await session.scalars(select(OutboxEvent).where(OutboxEvent.relayed_at.is_(None)))
        names = set()
        for event in found:
            event.relayed_at = clock.now()
            if event.name != "notice.published":
                assert event.payload == {"customer_ids": [str(customer.id)]}
                names.add(event.name)
        await session.flush()
        return {name for name in names if jobs.refresh in REACTIONS.get(name, ())}

    await customers.mark_delivered(session, [point.id], at=clock.now())
    assert await events_of_last_change() == {"contact_point.delivered"}
    await customers.mark_delivered(session, [point.id], at=clock.now())
    assert await events_of_last_change() == set()
    await customers.mark_bounced(session, point.id, at=clock.now(), actor=actor)
    assert await events_of_last_change() == {"contact_point.bounced"}
    await make_consent(session, customer.id)
    assert await events_of_last_change() == {"consent.granted"}
    await make_consent(session, customer.id, action=Action.DENY)
    assert await events_of_last_change() == {"consent.withdrawn"}
    await make_consent(session, customer.id, method=Method.WEB)
    assert await events_of_last_change() <= {"consent.requested", "consent.granted"}
    await customers.restrict(session, customer.id, actor=actor)
    assert await events_of_last_change() == {"customer.changed"}
