"""The do-not-contact list, and the facts the gate is given from the database."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import hashing
from ritorno.consents import service as consents
from ritorno.consents.errors import SuppressionStays
from ritorno.consents.models import Suppression
from ritorno.consents.rules import (
    Action,
    Channel,
    Reason,
    SuppressionReason,
    SuppressionScope,
    Verdict,
    decide,
)
from ritorno.customers.models import ContactPoint
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.db import driver
from ritorno.messaging import permissions
from tests.consents.asking import MARKETING, SERVICE, answer, unsubscribe
from tests.factories.consents import STAFF, make_consent
from tests.factories.customers import make_customer


@pytest.fixture(autouse=True)
def _peppers(settings: Settings) -> None:
    hashing.set_peppers(settings)


# ── the do-not-contact list ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("many", [False, True], ids=["one", "many"])
async def test_e_11_an_address_that_rests_and_turns_out_dead_rests_for_ever(session: AsyncSession, many: bool) -> None:
    dead = SuppressionReason.HARD_BOUNCE
    address = {"channel": Channel.EMAIL, "match_key": "a@example.it", "reason": dead, "actor": STAFF}
    resting = await consents.suppress(session, **address, until=clock.now() + timedelta(days=180))

    if many:
        told = (Channel.EMAIL, "a@example.it", dead, clock.now())
        entries = await consents.suppress_many(session, [told, told], scope=SuppressionScope.ALL)
        assert entries == [(resting, False)] * 2
    else:
        assert await consents.suppress(session, **address, scope=SuppressionScope.ALL) == resting
    await consents.suppress(session, **address, until=clock.now() + timedelta(days=180))

    row = await session.get_one(Suppression, resting, populate_existing=True)
    assert (row.until, row.scope) == (None, SuppressionScope.ALL)


async def test_a_suppressed_address_is_found_by_its_hash_and_never_stored(session: AsyncSession) -> None:
    """C-25, G8: marketing stops; a service notice still leaves, unless the scope is everything."""
    customer = await make_customer(session, email="a@example.it")
    await make_consent(session, customer.id)

    await consents.suppress(
        session, channel=Channel.EMAIL, match_key="a@example.it", reason=SuppressionReason.MANUAL, actor=STAFF
    )

    assert (await answer(session, customer)).reason is Reason.SUPPRESSED
    assert (await answer(session, customer, SERVICE)).verdict is Verdict.ALLOW
    row = (await session.execute(text("select suppressions::text from suppressions"))).scalar_one()
    assert "example" not in row

    await consents.suppress(
        session,
        channel=Channel.EMAIL,
        match_key="a@example.it",
        reason=SuppressionReason.IMPORT,
        scope=SuppressionScope.ALL,
        actor=STAFF,
    )
    assert (await answer(session, customer, SERVICE)).reason is Reason.SUPPRESSED


async def test_a_complaint_is_lifted_only_after_the_address_is_verified_again(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")
    await make_consent(session, customer.id)
    for reason in (SuppressionReason.COMPLAINT, SuppressionReason.UNSUB):
        await consents.suppress(session, channel=Channel.EMAIL, match_key="a@example.it", reason=reason, actor=STAFF)
    where = {"channel": Channel.EMAIL, "match_key": "a@example.it", "actor": STAFF}

    await consents.lift(session, reason=SuppressionReason.UNSUB, **where)
    with pytest.raises(SuppressionStays):
        await consents.lift(session, reason=SuppressionReason.COMPLAINT, **where)

    assert (await answer(session, customer)).reason is Reason.COMPLAINT
    await consents.lift(session, reason=SuppressionReason.COMPLAINT, is_verified_again=True, **where)
    assert (await answer(session, customer)).verdict is Verdict.ALLOW


async def test_without_the_hashing_key_a_suppressed_shop_writes_to_nobody(
    session: AsyncSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D-04: the list exists and cannot be read, so the answer is no."""
    customer = await make_customer(session, email="a@example.it")
    await make_consent(session, customer.id)
    await consents.suppress(
        session, channel=Channel.EMAIL, match_key="b@example.it", reason=SuppressionReason.MANUAL, actor=STAFF
    )
    monkeypatch.setattr(hashing, "_peppers", ())

    assert (await answer(session, customer)).reason is Reason.CHECK_UNAVAILABLE


# ── the facts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_unknown_person_is_answered_too(session: AsyncSession) -> None:
    facts = await permissions.load_facts(session, [unknown := uuid4()], at=clock.now())

    assert decide(facts[unknown], MARKETING, clock.now()).reason is Reason.ERASED


async def test_on_a_shared_address_everybody_must_be_welcome(session: AsyncSession) -> None:
    """D-11, B-15: an opt-out by one stops the copy to both, whichever is asked about."""
    anna = await make_customer(session, email="family@example.it")
    luca = await make_customer(session, given_name="Luca", email="family@example.it")
    await make_consent(session, anna.id)
    assert (await answer(session, anna)).rule_id == "D-11"
    await make_consent(session, luca.id)
    assert (await answer(session, anna)).verdict is Verdict.ALLOW

    await unsubscribe(session, luca)

    decision = await answer(session, anna)
    assert (decision.reason, decision.rule_id) == (Reason.WITHDRAWN, "D-11")


async def test_an_address_on_a_crowd_of_cards_belongs_to_nobody(session: AsyncSession) -> None:
    people = [await make_customer(session, email="shop@example.it") for _ in range(26)]
    await make_consent(session, people[0].id)

    assert (await answer(session, people[0])).reason is Reason.BAD_CONTACT_POINT


async def test_a_past_moment_is_answered_from_the_ledger(session: AsyncSession) -> None:
    customer = await make_customer(session, email="a@example.it")
    await session.execute(
        text("update contact_points set valid_from = '2026-01-01' where customer_id = :id"), {"id": customer.id}
    )
    await make_consent(session, customer.id, at=datetime(2026, 3, 1, tzinfo=UTC))
    await make_consent(session, customer.id, action=Action.WITHDRAW, at=datetime(2026, 6, 1, tzinfo=UTC))

    assert (await answer(session, customer, at=datetime(2026, 2, 1, tzinfo=UTC))).reason is Reason.NO_SALE
    assert (await answer(session, customer, at=datetime(2026, 4, 1, tzinfo=UTC))).verdict is Verdict.ALLOW
    assert (await answer(session, customer)).reason is Reason.WITHDRAWN


async def test_a_better_address_is_used_when_the_preferred_one_is_dead(session: AsyncSession) -> None:
    customer = await make_customer(session, email="old@example.it")
    session.add(
        ContactPoint(
            customer_id=customer.id,
            kind="EMAIL",
            value="new@example.it",
            match_key="new@example.it",
            level="CONFIRMED",
            source="till",
        )
    )
    await session.flush()
    await make_consent(session, customer.id)
    await session.execute(
        text("update contact_points set hard_bounced_at = now(), invalid_at = now() where match_key = 'old@example.it'")
    )

    assert (await answer(session, customer)).verdict is Verdict.ALLOW


async def test_a_yes_does_not_move_to_a_new_address_until_the_person_confirms_it(session: AsyncSession) -> None:
    """C-23: the yes was said for the old address; delivering to the new one is not the person's word."""
    customer = await make_customer(session, email="old@example.it")
    await make_consent(session, customer.id)
    await session.execute(text("update contact_points set valid_to = now(), is_primary = false"))
    new = ContactPoint(
        customer_id=customer.id,
        kind="EMAIL",
        value="new@example.it",
        match_key="new@example.it",
        level="DELIVERED_OK",
        source="till",
        is_primary=True,
    )
    session.add(new)
    await session.flush()

    assert (await answer(session, customer)).rule_id == "C-13"
    new.level = "CONFIRMED"
    await session.flush()
    assert (await answer(session, customer)).verdict is Verdict.ALLOW


async def test_a_whole_batch_costs_one_statement(session: AsyncSession) -> None:
    """DESIGN §2: one query per batch, whatever its size; a second only where some address is suppressed."""
    people = [await make_customer(session, email=f"p{number}@example.it") for number in range(30)]
    seen: list[str] = []
    connection = await driver(session)
    await permissions.load_facts(session, [people[0].id], at=clock.now())  # the driver learns the types once
    await asyncio.sleep(0.01)

    with connection.query_logger(lambda record: seen.append(record.query)):
        await permissions.load_facts(session, [customer.id for customer in people], at=clock.now())
        await asyncio.sleep(0.01)  # the logger is called a moment later

    assert len(seen) == 1
