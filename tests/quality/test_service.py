"""Cards are assessed from what the tables say, and the totals always equal what the cards add up to."""

import asyncio
import random
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Action, Channel, Method, Purpose
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.rules import ContactKind, ContactLevel
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.db import unit_of_work
from ritorno.quality import queries, service
from ritorno.quality.models import CardQuality, QualityDay, QualityTotal
from ritorno.quality.rules import DEFAULT_RANKS, Answer, Measure, QualityField, Rank, Reach, Said
from ritorno.stores import service as stores
from tests.conftest import Sessions
from tests.factories.consents import make_consent
from tests.factories.customers import make_contact_point, make_customer
from tests.factories.quality import counted_totals, running_totals

ROME = "Europe/Rome"
STAFF = Actor("user", UUID(int=7), "Giulia", frozenset({"*"}), "owner")


async def facts_of(session: AsyncSession, customer: Customer) -> queries.CardFacts:
    return (await queries.facts_of(session, [customer.id], ROME))[customer.id]


async def row_of(session: AsyncSession, customer: Customer) -> CardQuality | None:
    return await session.get(CardQuality, customer.id, populate_existing=True)


# ── the facts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_facts_of_a_full_card(session: AsyncSession) -> None:
    store_id = (await stores.ensure_stores(session, ["S1"]))["S1"]
    customer = await make_customer(
        session,
        email="anna@shop.example",
        phone="+393331234567",
        address={"street": "Via Roma 1", "city": "Bologna"},
        card="100",
        birth_on=date(1980, 5, 1),
        gender="FEMALE",
        home_store_id=store_id,
        acquisition_source="WEB",
        first_contact_on=date(2020, 1, 1),
        version=2,
    )
    await make_consent(session, customer.id, at=datetime(2024, 3, 1, 12, tzinfo=UTC))
    await make_consent(session, customer.id, channel=Channel.SMS, action=Action.DENY)
    await make_consent(session, customer.id, purpose=Purpose.PROFILING, channel=None, action=Action.OBJECT)

    card = await facts_of(session, customer)

    assert card.facts.filled == {
        QualityField.FAMILY_NAME,
        QualityField.GIVEN_NAME,
        QualityField.CARD_NUMBER,
        QualityField.ADDRESS,
        QualityField.BIRTH_ON,
        QualityField.GENDER,
        QualityField.HOME_STORE,
        QualityField.SOURCE,
    }
    assert (card.facts.email, card.facts.phone, card.facts.has_mobile) == (Reach.REACHED, Reach.REACHED, True)
    assert card.facts.answers[QualityField.CONSENT_EMAIL] == Answer(Said.YES, date(2024, 3, 1))
    assert card.facts.answers[QualityField.CONSENT_SMS].said is Said.NO
    assert card.facts.answers[QualityField.PROFILING].said is Said.CLOSED
    assert card.facts.is_changed
    assert (card.store_id, card.source, card.is_counted) == (store_id, "WEB", True)


async def test_the_best_address_of_a_kind_speaks_and_an_ended_one_does_not(session: AsyncSession) -> None:
    customer = await make_customer(session)
    now = clock.now()
    for number, more in enumerate(
        ({"hard_bounced_at": now, "invalid_at": now}, {"level": ContactLevel.UNVERIFIED}, {"valid_to": now})
    ):
        await make_contact_point(
            session, customer.id, kind=ContactKind.EMAIL, value=f"{number}@shop.example", is_primary=False, **more
        )

    facts = (await facts_of(session, customer)).facts

    assert facts.email is Reach.UNVERIFIED
    assert facts.has_bounced
    assert facts.phone is Reach.ABSENT


async def test_a_yes_without_proof_answers_nothing(session: AsyncSession) -> None:
    customer = await make_customer(session)
    await make_consent(session, customer.id, method=Method.IMPORT, evidence=[])

    assert (await facts_of(session, customer)).facts.answers == {}


@pytest.mark.parametrize(
    ("source", "first_contact_on", "confirmed_on"),
    [
        ("WEB", None, date(2025, 6, 1)),
        ("WEB", date(2020, 1, 1), date(2020, 1, 1)),
        ("FILE", None, None),
        ("FILE", date(2020, 1, 1), date(2020, 1, 1)),
    ],
)
async def test_a_card_is_confirmed_by_the_person_and_never_by_a_file(
    session: AsyncSession, source: str, first_contact_on: date | None, confirmed_on: date | None
) -> None:
    made_at = datetime(2025, 6, 1, 12, tzinfo=UTC)
    customer = await make_customer(
        session, acquisition_source=source, first_contact_on=first_contact_on, created_at=made_at
    )

    assert (await facts_of(session, customer)).facts.confirmed_on == confirmed_on


async def test_a_yes_an_address_confirmed_by_the_person_and_staff_make_a_card_fresh(session: AsyncSession) -> None:
    customer = await make_customer(session, first_contact_on=date(2020, 1, 1))
    await make_consent(session, customer.id, at=datetime(2024, 3, 1, 12, tzinfo=UTC))
    assert (await facts_of(session, customer)).facts.confirmed_on == date(2024, 3, 1)

    for at, day in (("not a date", date(2024, 3, 1)), ("2025-02-01T12:00:00+00:00", date(2025, 2, 1))):
        await make_contact_point(
            session, customer.id, kind=ContactKind.EMAIL, is_primary=False, level_evidence={"at": at}
        )
        assert (await facts_of(session, customer)).facts.confirmed_on == day

    await service.confirm(session, customer.id, actor=STAFF)
    assert (await facts_of(session, customer)).facts.confirmed_on == clock.today(ROME)


# ── kept in step ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_totals_equal_the_cards_after_any_changes(session: AsyncSession) -> None:
    chance = random.Random(7)
    store_ids = [None, *(await stores.ensure_stores(session, ["S1", "S2"])).values()]
    people = [await make_customer(session, email="a@shop.example" if step % 2 else None) for step in range(30)]
    ids = [person.id for person in people]
    for _ in range(5):
        for each in chance.sample(ids, 12):
            await session.execute(
                update(Customer)
                .where(Customer.id == each)
                .values(
                    home_store_id=chance.choice(store_ids),
                    acquisition_source=chance.choice([None, "WEB", "FILE"]),
                    birth_on=chance.choice([None, date(1980, 1, 1)]),
                    subject_type=chance.choice(["PERSON", "COMPANY"]),
                    restricted_at=chance.choice([None, None, clock.now()]),
                )
            )
        await session.execute(delete(Customer).where(Customer.id == chance.choice(ids)))

        await service.refresh(session, ids)

        assert await running_totals(session) == await counted_totals(session)
    running = await running_totals(session)
    await session.execute(delete(QualityTotal))
    await session.execute(delete(CardQuality))
    await service.refresh(session, ids)
    assert await running_totals(session) == running


async def test_a_second_refresh_changes_nothing(session: AsyncSession) -> None:
    people = [await make_customer(session) for _ in range(3)]

    assert await service.refresh(session, [each.id for each in people]) == 3
    assert await service.refresh(session, [each.id for each in people]) == 0


@pytest.mark.parametrize("left", ["restricted_at", "deceased_at", "erased_at"])
async def test_a_card_that_left_is_counted_no_more(session: AsyncSession, left: str) -> None:
    customer = await make_customer(session)
    await service.refresh(session, [customer.id])
    assert await running_totals(session)

    await session.execute(update(Customer).where(Customer.id == customer.id).values(**{left: clock.now()}))
    await service.refresh(session, [customer.id])

    assert await row_of(session, customer) is None
    assert await running_totals(session) == {}


async def test_a_card_merged_into_another_is_counted_no_more_and_again_when_unmerged(session: AsyncSession) -> None:
    kept, other = await make_customer(session), await make_customer(session)
    for target, cards in ((None, 2), (kept.id, 1), (None, 2)):
        await session.execute(update(Customer).where(Customer.id == other.id).values(merged_into_id=target))

        await service.refresh(session, [kept.id, other.id])

        totals = await running_totals(session)
        assert sum(value for (_, _, measure), value in totals.items() if measure == "cards") == cards


async def test_a_bounce_moves_a_card_from_one_list_to_another(session: AsyncSession) -> None:
    customer = await make_customer(session, email="anna@shop.example")
    await service.refresh(session, [customer.id])
    before = await row_of(session, customer)
    assert before is not None
    assert Measure.MISSING_EMAIL not in before.measures
    score = before.score

    await session.execute(update(ContactPoint).values(hard_bounced_at=clock.now(), invalid_at=clock.now()))
    await service.refresh(session, [customer.id])

    after = await row_of(session, customer)
    assert after is not None
    assert {Measure.MISSING_EMAIL, Measure.BOUNCED} <= set(after.measures)
    assert after.score < score


async def test_refreshes_of_the_same_cards_at_once_count_each_card_once(clean_sessions: Sessions) -> None:
    async with unit_of_work(clean_sessions) as session:
        ids = [(await make_customer(session)).id for _ in range(40)]

    async def refresh_some(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(4):
            async with unit_of_work(clean_sessions) as session:
                chosen = chance.sample(ids, 25)
                values = {"birth_on": chance.choice([None, date(1980, 1, 1)])}
                # As in life the change commits first, and its refresh is a job of its own.
                await session.execute(update(Customer).where(Customer.id == chosen[0]).values(**values))
            async with unit_of_work(clean_sessions) as session:
                await service.refresh(session, chosen)

    await asyncio.gather(*(refresh_some(seed) for seed in range(6)))

    async with clean_sessions() as session:
        running = await running_totals(session)
        assert running == await counted_totals(session)
        assert await service.refresh(session, ids) == 0
        assert sum(value for (_, _, measure), value in running.items() if measure == "cards") == 40


async def test_a_card_that_comes_back_while_its_row_is_being_removed_is_counted(clean_sessions: Sessions) -> None:
    async def set_restricted(at: datetime | None) -> None:
        async with unit_of_work(clean_sessions) as session:
            await session.execute(update(Customer).where(Customer.id == customer_id).values(restricted_at=at))

    async def refresh_it() -> None:
        async with unit_of_work(clean_sessions) as session:
            await service.refresh(session, [customer_id])

    async with unit_of_work(clean_sessions) as session:
        customer_id = (await make_customer(session)).id
    await refresh_it()
    await set_restricted(clock.now())
    async with unit_of_work(clean_sessions) as removing:
        await service.refresh(removing, [customer_id])
        await set_restricted(None)
        counting = asyncio.create_task(refresh_it())
        await asyncio.sleep(0.3)
        assert not counting.done()
    await counting

    async with clean_sessions() as session:
        assert await session.get(CardQuality, customer_id)
        assert await running_totals(session) == await counted_totals(session)


# ── time ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_only_the_cards_a_date_has_caught_up_with_are_assessed_again(session: AsyncSession) -> None:
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    with clock.frozen(now):
        due, other = [
            await make_customer(session, version=2, first_contact_on=day)
            for day in (date(2024, 11, 25), date(2024, 11, 28))
        ]
        await service.refresh(session, [due.id, other.id])
    with clock.frozen(now + timedelta(days=1)):
        assert await queries.cards_to_recheck(session, date(2026, 11, 25), 10) == [due.id]

        assert await service.refresh_due(session) is False

    row, untouched = await row_of(session, due), await row_of(session, other)
    assert row is not None
    assert untouched is not None
    assert Measure.STALE in row.measures
    assert Measure.STALE not in untouched.measures
    assert row.recheck_on == date(2027, 11, 25)
    assert await running_totals(session) == await counted_totals(session)


async def test_a_day_is_kept_once_with_its_newest_totals(session: AsyncSession) -> None:
    first, second = [await make_customer(session) for _ in range(2)]
    for each in (first, second):
        await service.refresh(session, [each.id])
        await service.keep_day(session)

    kept = await session.execute(select(QualityDay.day, QualityDay.value).where(QualityDay.measure == "cards"))

    assert kept.all() == [(clock.today(ROME), 2)]


# ── what people decide ────────────────────────────────────────────────────────────────────────────────────────────────


async def test_ranks_begin_a_walk_over_every_card_which_goes_on_where_it_stopped(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    people = [await make_customer(session, family_name=None) for _ in range(3)]
    await service.refresh(session, [each.id for each in people])
    before = await row_of(session, people[2])
    assert before is not None
    score = before.score

    await service.rank_fields(session, {QualityField.FAMILY_NAME: Rank.UNUSED}, actor=STAFF)
    assert await service.sweep_next(session)
    unswept = await row_of(session, people[2])
    assert unswept is not None
    assert unswept.score == score
    while await service.sweep_next(session):
        pass

    after = await row_of(session, people[2])
    assert after is not None
    assert after.score > score
    sweep = await queries.find_sweep(session)
    assert sweep is not None
    assert (sweep.done, sweep.finished_at is not None) == (3, True)
    assert await queries.find_running_job(session) is None


async def test_the_same_ranks_begin_no_walk(session: AsyncSession) -> None:
    await service.rank_fields(session, DEFAULT_RANKS, actor=STAFF)

    assert await queries.find_sweep(session) is None


async def test_ranks_changed_again_begin_the_walk_again(session: AsyncSession) -> None:
    await make_customer(session)
    await service.rank_fields(session, {QualityField.GENDER: Rank.ESSENTIAL}, actor=STAFF)
    await service.sweep_next(session)

    await service.rank_fields(session, {QualityField.GENDER: Rank.UNUSED}, actor=STAFF)

    sweep = await queries.find_sweep(session, lock=True)
    assert sweep is not None
    assert (sweep.after_id, sweep.done, sweep.finished_at) == (None, 0, None)
