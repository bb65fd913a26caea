"""The next person: allowed at this very moment, with one operator only, and given back by the clock."""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry
from ritorno.calls import queries, service
from ritorno.calls.service import offering
from ritorno.consents.rules import Action, Channel, Reason
from ritorno.customers.models import ContactPoint, Customer
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.messaging import service as messaging
from ritorno.messaging.models import Message, QueuedMessage, Template
from ritorno.messaging.rules import MessageStatus
from tests.calls.conftest import TUESDAY
from tests.conftest import Sessions
from tests.factories.calls import answer_register, make_call_desk, make_callable, make_operator, plan_calls
from tests.factories.consents import make_consent

FRESH = date(2026, 11, 20)


async def numbers_of(session: AsyncSession, customers: Sequence[Customer]) -> list[str]:
    ids = [customer.id for customer in customers]
    return list(await session.scalars(select(ContactPoint.value).where(ContactPoint.customer_id.in_(ids))))


async def wait_for(
    session: AsyncSession, script: Template, *names: str, checked_on: date | None = FRESH
) -> list[Customer]:
    """Let people with these names wait to be called, with an answer of the register about them."""
    people = [await make_callable(session, name) for name in names]
    if checked_on is not None:
        await answer_register(session, await numbers_of(session, people), checked_on)
    await plan_calls(session, script, people, due_at=TUESDAY - timedelta(hours=1))
    return people


async def take(session: AsyncSession, settings: Settings, operator: Actor) -> tuple[str | None, dict[str, int]]:
    """Ask for the next person; return their name and who was passed over."""
    offer = await service.offer_next(session, settings, touch_id=None, operator=operator)
    if offer.opened is None:
        return None, dict(offer.refused)
    customer = await session.get_one(Customer, (await session.get_one(Message, offer.opened.message_id)).customer_id)
    return customer.given_name, dict(offer.refused)


async def message_of(session: AsyncSession, customer: Customer) -> Message:
    statement = select(Message).where(Message.customer_id == customer.id).execution_options(populate_existing=True)
    return (await session.scalars(statement)).one()


# ── who is offered ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_d_t1_a_person_who_agreed_and_is_not_listed_is_offered_and_that_the_number_was_seen_is_kept(
    session: AsyncSession, settings: Settings, script: Template, giulia: Actor
) -> None:
    [anna] = await wait_for(session, script, "Anna")

    assert await take(session, settings, giulia) == ("Anna", {})

    opened = await queries.find_open_call(session, giulia.id)  # type: ignore[arg-type]
    assert opened is not None
    assert opened.decision["rule_id"] == "D-T1"
    assert opened.rpo_checked_at is not None
    seen = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "phone_number.read"))).one()
    assert (seen.subject_id, seen.actor_name) == (anna.id, "Giulia")


async def test_d_t2_whoever_entered_the_register_since_is_passed_over_with_the_reason(
    session: AsyncSession, settings: Settings, script: Template, giulia: Actor
) -> None:
    anna, _ = await wait_for(session, script, "Anna", "Bice")
    listed = date(2026, 11, 22)
    await answer_register(session, await numbers_of(session, [anna]), date(2026, 11, 23), listed_since=listed)

    assert await take(session, settings, giulia) == ("Bice", {Reason.RPO_REVOKED: 1})

    skipped = await message_of(session, anna)
    assert (skipped.status, skipped.reason) == (MessageStatus.SKIPPED, Reason.RPO_REVOKED)


async def test_d_t3_a_consent_after_the_entry_is_not_dialled_either(
    session: AsyncSession, settings: Settings, script: Template, giulia: Actor
) -> None:
    [anna] = await wait_for(session, script, "Anna")
    numbers = await numbers_of(session, [anna])
    await answer_register(session, numbers, date(2026, 11, 23), listed_since=date(2026, 3, 10))
    await make_consent(session, anna.id, channel=Channel.PHONE_OPERATOR, at=TUESDAY - timedelta(days=30))

    assert await take(session, settings, giulia) == (None, {Reason.RPO_LATER_CONSENT: 1})


async def test_d_t6_a_number_without_a_consent_is_never_dialled(
    session: AsyncSession, settings: Settings, script: Template, giulia: Actor
) -> None:
    [anna] = await wait_for(session, script, "Anna")
    await make_consent(session, anna.id, channel=Channel.PHONE_OPERATOR, action=Action.INVALIDATE, at=TUESDAY)

    name, refused = await take(session, settings, giulia)

    assert (name, sum(refused.values())) == (None, 1)


async def test_d_t7_an_answer_too_old_makes_a_person_wait_and_loses_nobody(
    session: AsyncSession, settings: Settings, script: Template, giulia: Actor
) -> None:
    [anna] = await wait_for(session, script, "Anna", checked_on=date(2026, 11, 8))

    assert await take(session, settings, giulia) == (None, {Reason.RPO_STALE: 1})
    assert (await queries.waiting(session, giulia.id)).touches[0].unchecked_count == 1

    await answer_register(session, await numbers_of(session, [anna]), date(2026, 11, 24))
    with clock.frozen(TUESDAY + timedelta(hours=2)):
        assert await take(session, settings, giulia) == ("Anna", {})


async def test_d_t7_what_staff_can_mend_leaves_a_person_in_the_list_when_something_else_changes(
    session: AsyncSession, script: Template
) -> None:
    [anna] = await wait_for(session, script, "Anna", checked_on=date(2026, 11, 8))

    assert await messaging.stop_queued(session, [anna.id]) == 0
    assert (await message_of(session, anna)).status == MessageStatus.QUEUED


async def test_a_list_that_is_refused_as_a_whole_is_refused_in_rounds_and_says_that_there_is_more(
    session: AsyncSession, settings: Settings, script: Template, giulia: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offering, "BATCH", 2)
    monkeypatch.setattr(offering, "ROUNDS", 2)
    await wait_for(session, script, *["Anna"] * 5, checked_on=date(2026, 11, 8))

    offers = [await service.offer_next(session, settings, touch_id=None, operator=giulia) for _ in range(2)]

    assert [(offer.opened, offer.refused[Reason.RPO_STALE], offer.has_more) for offer in offers] == [
        (None, 4, True),
        (None, 1, False),
    ]


async def test_d_t9_outside_the_hours_nobody_is_offered_and_everybody_waits_for_the_morning(
    session: AsyncSession, settings: Settings, script: Template, giulia: Actor
) -> None:
    await wait_for(session, script, "Anna")

    with clock.frozen(TUESDAY.replace(hour=19, minute=30)):
        assert await take(session, settings, giulia) == (None, {Reason.QUIET_HOURS: 1})
        assert (await queries.next_due_at(session, None)) == TUESDAY.replace(day=25, hour=8, minute=0)


async def test_c_14_a_withdrawal_reaches_whoever_waits_and_whoever_is_on_the_screen(
    session: AsyncSession, settings: Settings, script: Template, giulia: Actor
) -> None:
    anna, _ = await wait_for(session, script, "Anna", "Bice")
    assert (await take(session, settings, giulia))[0] == "Anna"

    await make_consent(session, anna.id, channel=Channel.PHONE_OPERATOR, action=Action.WITHDRAW, at=TUESDAY)
    await messaging.stop_queued(session, [anna.id])

    held = await queries.hold_of(session, (await message_of(session, anna)).id, giulia.id)  # type: ignore[arg-type]
    assert held.lease_until is None
    assert (await take(session, settings, giulia))[0] == "Bice"


# ── one operator each ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_asking_twice_gives_the_same_person_until_something_came_of_it(
    session: AsyncSession, settings: Settings, script: Template, giulia: Actor
) -> None:
    await wait_for(session, script, "Anna", "Bice")

    assert [(await take(session, settings, giulia))[0] for _ in range(2)] == ["Anna", "Anna"]


async def test_a_killed_browser_gives_the_person_back_when_the_lease_ends(
    session: AsyncSession, settings: Settings, script: Template, giulia: Actor
) -> None:
    """Nothing has to sweep it up; a colleague simply gets the person."""
    await wait_for(session, script, "Anna")
    bruno = await make_operator(session, "Bruno")
    assert (await take(session, settings, giulia))[0] == "Anna"
    assert (await take(session, settings, bruno))[0] is None

    with clock.frozen(TUESDAY + timedelta(minutes=16)):
        assert (await take(session, settings, bruno))[0] == "Anna"
        assert (await take(session, settings, giulia))[0] is None


async def test_a_paused_campaign_offers_nobody(
    session: AsyncSession, settings: Settings, script: Template, giulia: Actor
) -> None:
    [anna] = await wait_for(session, script, "Anna")
    row = await session.get_one(QueuedMessage, (await message_of(session, anna)).id)
    row.touch_id = uuid4()
    await session.flush()
    await messaging.hold_touch(session, row.touch_id)

    assert await take(session, settings, giulia) == (None, {})
    assert (await queries.waiting(session, giulia.id)).touches[0].paused_count == 1
    row.due_at = TUESDAY + timedelta(hours=1)
    await session.flush()
    assert await queries.next_due_at(session, None) is None


async def test_two_operators_at_once_never_get_the_same_person(
    clean_sessions: Sessions, clean_settings: Settings
) -> None:
    """The first has not committed yet: the second takes somebody else and does not wait."""
    async with clean_sessions() as session, session.begin():
        script = await make_call_desk(session, clean_settings)
        await wait_for(session, script, *[f"Anna{number}" for number in range(25)])
        operators = [await make_operator(session, name) for name in ("Giulia", "Bruno")]
    async with clean_sessions() as one, clean_sessions() as other, one.begin(), other.begin():
        first, _ = await take(one, clean_settings, operators[0])
        second, _ = await take(other, clean_settings, operators[1])

    assert first is not None
    assert second is not None
    assert first != second
