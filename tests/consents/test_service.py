"""What must hold of the ledger and of its projection, and what each way of saying no does."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import hashing
from ritorno.consents import service as consents
from ritorno.consents.errors import BadTime, MinorConsent, ObjectionStands, PersonalDataInEvidence
from ritorno.consents.models import ConsentEvent, ConsentState
from ritorno.consents.rules import (
    Action,
    Ask,
    Channel,
    Method,
    Purpose,
    Reason,
    SuppressionReason,
    Verdict,
)
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.outbox import OutboxEvent
from tests.conftest import Sessions
from tests.consents.asking import OFFICER, RESEARCH, SERVICE, answer, events_of, unsubscribe
from tests.factories.consents import SCAN, STAFF, make_consent, make_notice_version
from tests.factories.customers import make_customer


@pytest.fixture(autouse=True)
def _peppers(settings: Settings) -> None:
    hashing.set_peppers(settings)


# ── the ledger ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("change", ["update consent_events set action = 'GRANT'", "delete from consent_events"])
async def test_the_database_refuses_to_change_the_ledger(session: AsyncSession, change: str) -> None:
    customer = await make_customer(session, email="a@example.it")
    await make_consent(session, customer.id)

    with pytest.raises(DBAPIError):
        await session.execute(text(change))


async def test_each_entry_is_chained_to_the_one_before_it(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")

    await make_consent(session, customer.id)
    await make_consent(session, customer.id, channel=Channel.SMS)
    await unsubscribe(session, customer)

    events = await events_of(session, customer)
    assert [event.seq for event in events] == [1, 2, 3]
    assert [event.prev_hash for event in events] == [None, events[0].hash, events[1].hash]
    assert [consents.chain_hash(event) for event in events] == [event.hash for event in events]


async def test_the_states_can_be_rebuilt_from_the_ledger_alone(session: AsyncSession) -> None:
    people = [await make_customer(session, email=f"p{number}@example.it") for number in range(3)]
    for customer in people:
        await make_consent(session, customer.id)
        await make_consent(session, customer.id, purpose=Purpose.PROFILING, channel=None)
    await unsubscribe(session, people[0])
    await consents.object_(
        session, customer_id=people[1].id, scope="all", received_on=date(2026, 10, 1), method=Method.ORAL, actor=STAFF
    )
    columns = list(ConsentState.__table__.columns)
    kept = {tuple(row) for row in await session.execute(select(*columns))}

    await session.execute(delete(ConsentState))
    await consents.project(session, [customer.id for customer in people])

    assert {tuple(row) for row in await session.execute(select(*columns))} == kept


async def test_an_older_import_never_resurrects_a_withdrawn_consent(session: AsyncSession) -> None:
    """C-10: WITHDRAW on 10 May, then an import of a GRANT dated 3 March: the state stays WITHDRAWN."""
    customer = await make_customer(session, email="a@example.it")
    await make_consent(session, customer.id, action=Action.WITHDRAW, at=datetime(2026, 5, 10, tzinfo=UTC))

    await make_consent(session, customer.id, method=Method.IMPORT, at=datetime(2026, 3, 3, tzinfo=UTC))

    assert (await answer(session, customer)).reason is Reason.WITHDRAWN


async def test_repeating_an_entry_changes_nothing_but_a_late_proof_counts(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")
    version = await make_notice_version(session)
    at = clock.now() - timedelta(days=3)
    unproven = await make_consent(session, customer.id, at=at, version=version, evidence=[])
    assert (await answer(session, customer)).reason is Reason.UNPROVEN

    again = await make_consent(session, customer.id, at=at, version=version, evidence=[])
    proven = await make_consent(session, customer.id, at=at, version=version, evidence=[SCAN])

    assert again.id == unproven.id
    assert proven.id != unproven.id
    assert (await answer(session, customer)).verdict is Verdict.ALLOW


@pytest.mark.parametrize(
    "at", [datetime(2030, 1, 1, tzinfo=UTC), datetime(1980, 1, 1, tzinfo=UTC), datetime(2019, 6, 1, tzinfo=UTC)]
)
async def test_an_impossible_moment_is_refused(session: AsyncSession, at: datetime) -> None:
    """B-08: in the future, before birth, or before the notice existed."""
    customer = await make_customer(session, email="a@example.it", birth_on=date(1990, 1, 1))

    with pytest.raises(BadTime):
        await make_consent(session, customer.id, at=at)


async def test_a_thirteen_year_old_cannot_say_yes_and_nothing_is_stored(session: AsyncSession) -> None:
    """B-19, C-17."""
    child = await make_customer(session, email="a@example.it", birth_on=date(2013, 6, 1))

    with pytest.raises(MinorConsent):
        await make_consent(session, child.id, method=Method.WEB)

    assert await events_of(session, child) == []
    assert (await answer(session, child)).reason is Reason.MINOR


async def test_evidence_may_not_spell_out_the_person(session: AsyncSession) -> None:
    """C-22: the ledger outlives the card, so it holds references only."""
    customer = await make_customer(session, email="a@example.it")

    for note in ("scritto da anna@example.it", "ha chiamato dal 333 123 4567", "RSSNNA80A41F205X"):
        with pytest.raises(PersonalDataInEvidence):
            await make_consent(session, customer.id, evidence=[{"type": "oral", "note": note}])


async def test_only_the_privacy_officer_overturns_an_objection_and_only_with_proof(session: AsyncSession) -> None:
    """C-16, B-52."""
    customer = await make_customer(session, email="a@example.it")
    await consents.object_(
        session, customer_id=customer.id, scope="all", received_on=date(2026, 3, 1), method=Method.ORAL, actor=STAFF
    )
    owner = Actor("user", uuid4(), "Olga", frozenset({"*"}), "owner")

    for actor in (STAFF, owner):
        with pytest.raises(ObjectionStands):
            await make_consent(session, customer.id, actor=actor)
    with pytest.raises(ObjectionStands):
        await make_consent(session, customer.id, actor=OFFICER, evidence=[])
    await make_consent(session, customer.id, actor=OFFICER)

    assert (await answer(session, customer)).verdict is Verdict.ALLOW


# ── saying no ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_unscoped_objection_closes_every_channel_and_what_feeds_marketing(session: AsyncSession) -> None:
    """C-15."""
    customer = await make_customer(session, email="a@example.it", phone="+393331234567")
    for channel in (Channel.EMAIL, Channel.SMS):
        await make_consent(session, customer.id, channel=channel)

    await consents.object_(
        session, customer_id=customer.id, scope="all", received_on=date(2026, 11, 1), method=Method.ORAL, actor=STAFF
    )

    for channel in Channel:
        assert (await answer(session, customer, Ask(Purpose.MKT_OWN, channel))).reason in {
            Reason.OBJECTED,
            Reason.BAD_CONTACT_POINT,
        }
    for purpose in (Purpose.PROFILING, Purpose.THIRD_PARTY, Purpose.TRACK_OPEN, Purpose.TRACK_CLICK):
        assert (await answer(session, customer, Ask(purpose, None))).reason is Reason.OBJECTED
    assert (await answer(session, customer, SERVICE)).verdict is Verdict.ALLOW


async def test_a_scoped_objection_closes_its_channel_only(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")
    await make_consent(session, customer.id)

    await consents.object_(
        session,
        customer_id=customer.id,
        scope="channel",
        channel=Channel.SMS,
        received_on=date(2026, 11, 1),
        method=Method.ORAL,
        actor=STAFF,
    )

    assert (await answer(session, customer)).verdict is Verdict.ALLOW


async def test_a_withdrawal_without_a_channel_closes_every_channel_that_was_open(session: AsyncSession) -> None:
    """C-14."""
    customer = await make_customer(session, email="a@example.it", phone="+393331234567")
    for channel in (Channel.EMAIL, Channel.SMS):
        await make_consent(session, customer.id, channel=channel)
    said = {
        "customer_id": customer.id,
        "purpose": Purpose.MKT_OWN,
        "channel": None,
        "occurred_at": None,
        "method": Method.ORAL,
        "actor": STAFF,
    }

    first = await consents.withdraw(session, **said)
    second = await consents.withdraw(session, **said)

    assert [event.channel for event in first] == ["EMAIL", "SMS"]
    assert second == []
    assert (await answer(session, customer)).reason is Reason.WITHDRAWN


async def test_an_objection_of_today_outweighs_a_yes_of_this_morning(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")
    await make_consent(session, customer.id, at=clock.now() - timedelta(seconds=5))

    await consents.object_(
        session,
        customer_id=customer.id,
        scope="all",
        received_on=clock.today("Europe/Rome"),
        method=Method.ORAL,
        actor=STAFF,
    )

    assert (await answer(session, customer)).reason is Reason.OBJECTED


async def test_not_wanting_to_be_kept_restricts_the_card_and_asks_for_erasure(session: AsyncSession) -> None:
    """C-26, DESIGN §5."""
    customer = await make_customer(session, email="a@example.it")

    await consents.object_(
        session,
        customer_id=customer.id,
        scope="storage",
        received_on=date(2026, 11, 1),
        method=Method.ORAL,
        actor=STAFF,
    )

    assert (await answer(session, customer, SERVICE)).reason is Reason.RESTRICTED
    asked = await session.scalars(select(OutboxEvent.payload).where(OutboxEvent.name == "erasure.asked"))
    assert list(asked) == [{"customer_id": str(customer.id)}]


async def test_one_click_withdraws_where_a_yes_stands_and_objects_elsewhere(session: AsyncSession) -> None:
    """DESIGN §5, C-14."""
    consenting = await make_customer(session, email="a@example.it")
    never_asked = await make_customer(session, email="b@example.it")
    await make_consent(session, consenting.id)
    await make_consent(session, consenting.id, purpose=Purpose.MARKET_RESEARCH)

    await unsubscribe(session, consenting)
    await unsubscribe(session, never_asked)

    assert [event.action for event in await events_of(session, consenting)][-1] == Action.WITHDRAW
    assert [event.action for event in await events_of(session, never_asked)] == [Action.OBJECT]
    assert (await answer(session, consenting)).reason is Reason.WITHDRAWN
    assert (await answer(session, consenting, RESEARCH)).reason is Reason.WITHDRAWN
    assert (await answer(session, never_asked)).reason is Reason.OBJECTED


async def test_b_02_a_repeated_click_appends_nothing(session: AsyncSession) -> None:
    """One after the other."""
    customer = await make_customer(session, email="a@example.it")
    await make_consent(session, customer.id)

    first = await unsubscribe(session, customer)
    second = await unsubscribe(session, customer)

    assert (len(first), len(second)) == (1, 0)


async def test_b_02_clicks_at_the_same_moment_append_one_event(clean_sessions: Sessions) -> None:
    """Really in parallel: ten connections, one event."""
    async with clean_sessions() as session, session.begin():
        customer = await make_customer(session, email="a@example.it")
        await make_consent(session, customer.id)

    async def click() -> int:
        async with clean_sessions() as session, session.begin():
            return len(await unsubscribe(session, customer))

    appended = await asyncio.gather(*(click() for _ in range(10)))

    async with clean_sessions() as session:
        counted = await session.scalar(
            select(func.count()).select_from(ConsentEvent).where(ConsentEvent.action == Action.WITHDRAW)
        )
    assert sum(appended) == 1
    assert counted == 1


async def test_b_05_an_erased_card_takes_a_click_without_a_trace_and_stays_suppressed(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it", erased_at=clock.now())
    await consents.suppress(
        session, channel=Channel.EMAIL, match_key="a@example.it", reason=SuppressionReason.ERASED, actor=STAFF
    )

    await unsubscribe(session, customer)
    await consents.unsubscribe(
        session,
        customer_id=uuid4(),
        contact_point_id=uuid4(),
        message_id=uuid4(),
        channels=[Channel.EMAIL],
        method=Method.EMAIL_LINK,
    )

    again = await make_customer(session, email="a@example.it")
    await make_consent(session, again.id)
    assert await events_of(session, customer) == []
    assert (await answer(session, again)).reason is Reason.SUPPRESSED_ERASED


async def test_what_people_say_is_published_with_ids_only(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")

    await make_consent(session, customer.id)
    await unsubscribe(session, customer)
    await consents.object_(
        session, customer_id=customer.id, scope="all", received_on=date(2026, 11, 1), method=Method.ORAL, actor=STAFF
    )

    rows = await session.execute(
        select(OutboxEvent.name, OutboxEvent.payload)
        .where(OutboxEvent.name.startswith("consent."))
        .order_by(OutboxEvent.id)
    )
    assert [tuple(row) for row in rows] == [
        ("consent.granted", {"customer_ids": [str(customer.id)]}),
        ("consent.withdrawn", {"customer_ids": [str(customer.id)]}),
        ("consent.objected", {"customer_ids": [str(customer.id)]}),
    ]
