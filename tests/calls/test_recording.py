"""What came of a call: the message, the ledger of calls, and what the person asked for on the line."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.calls import queries, reading, service
from ritorno.calls.errors import CallNotFound
from ritorno.calls.models import Call, CallNote
from ritorno.calls.rules import CallOutcome, CallResult, ObjectionScope
from ritorno.calls.schemas import CallOutcomeCreate
from ritorno.consents.models import ConsentState
from ritorno.consents.rules import Action, Ask, Channel, Purpose, Reason, Standing
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.rules import ContactKind
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.outbox import OutboxEvent
from ritorno.kit.problems import Invalid
from ritorno.messaging import service as messaging
from ritorno.messaging.models import Message, QueuedMessage, Template
from ritorno.messaging.queries import get_message
from ritorno.messaging.rules import MessageStatus
from tests.calls.conftest import TUESDAY
from tests.calls.test_offering import message_of, take, wait_for
from tests.consents.asking import answer as ask_gate
from tests.factories.calls import make_operator
from tests.factories.consents import make_consent
from tests.factories.customers import make_contact_point

UNIT_COST = 90


@pytest.fixture
async def anna(session: AsyncSession, settings: Settings, script: Template, giulia: Actor) -> Customer:
    """Somebody whom Giulia is calling."""
    [anna] = await wait_for(session, script, "Anna")
    assert (await take(session, settings, giulia))[0] == "Anna"
    return anna


async def record(
    session: AsyncSession, customer: Customer, operator: Actor, outcome: CallOutcome, **more: object
) -> tuple[Call, datetime | None]:
    body = CallOutcomeCreate.model_validate({"outcome": outcome, **more})
    return await service.record_outcome(session, await look(session, customer, operator), body, operator=operator)


async def look(session: AsyncSession, customer: Customer, operator: Actor) -> reading.Seen:
    """Read the open call as a request does, which knows nothing of what others do meanwhile."""
    assert operator.id is not None
    message = await message_of(session, customer)
    opened = await queries.get_open_call(session, message.id, operator.id)
    session.expunge(opened)
    return await reading.look_at(session, opened, await get_message(session, message.id))


async def queue_of(session: AsyncSession, message: Message) -> QueuedMessage | None:
    return await session.get(QueuedMessage, message.id, populate_existing=True)


async def test_who_was_reached_is_delivered_at_the_price_of_a_call(
    session: AsyncSession, anna: Customer, giulia: Actor
) -> None:
    call, again_at = await record(
        session, anna, giulia, CallOutcome.REACHED, result=CallResult.BOOKED, note="Passa giovedì alle 10"
    )

    message = await message_of(session, anna)
    assert (message.status, message.cost_minor, again_at) == (MessageStatus.DELIVERED, UNIT_COST, None)
    assert [state["status"] for state in message.history[-2:]] == ["sent", "delivered"]
    assert message.handoff_decision is not None
    assert message.handoff_decision["rule_id"] == "D-T1"
    assert await queue_of(session, message) is None
    assert (call.decision["rule_id"], call.rpo_checked_at is not None) == ("D-T1", True)
    assert (await session.get_one(CallNote, call.id)).body == "Passa giovedì alle 10"


async def test_what_is_sent_twice_is_one_call(session: AsyncSession, anna: Customer, giulia: Actor) -> None:
    seen = await look(session, anna, giulia)
    body = CallOutcomeCreate(outcome=CallOutcome.NO_ANSWER)
    await service.record_outcome(session, seen, body, operator=giulia)

    for again in (
        service.record_outcome(session, seen, body, operator=giulia),
        service.give_back(session, seen.opened, operator=giulia),
    ):
        with pytest.raises(CallNotFound):
            async with session.begin_nested():
                await again

    assert len((await session.scalars(select(Call))).all()) == 1


async def test_whoever_was_away_too_long_does_not_end_the_call_of_a_colleague(
    session: AsyncSession, settings: Settings, anna: Customer, giulia: Actor
) -> None:
    seen = await look(session, anna, giulia)
    bruno = await make_operator(session, "Bruno")

    with clock.frozen(TUESDAY + timedelta(minutes=16)):
        assert (await take(session, settings, bruno))[0] == "Anna"
        for late in (
            service.record_outcome(session, seen, CallOutcomeCreate(outcome=CallOutcome.BUSY), operator=giulia),
            service.give_back(session, seen.opened, operator=giulia),
        ):
            with pytest.raises(CallNotFound):
                async with session.begin_nested():
                    await late

    assert await queries.find_open_call(session, bruno.id) is not None  # type: ignore[arg-type]


async def test_a_call_made_before_a_pause_counts_all_the_same(
    session: AsyncSession, anna: Customer, giulia: Actor
) -> None:
    row = await session.get_one(QueuedMessage, (await message_of(session, anna)).id)
    row.touch_id = uuid4()
    await session.flush()
    await messaging.hold_touch(session, row.touch_id)

    await record(session, anna, giulia, CallOutcome.REACHED, result=CallResult.BOOKED)

    assert (await message_of(session, anna)).status == MessageStatus.DELIVERED


@pytest.mark.parametrize("outcome", [CallOutcome.NO_ANSWER, CallOutcome.BUSY, CallOutcome.VOICEMAIL])
async def test_a_call_nobody_answered_is_made_again_later(
    session: AsyncSession, anna: Customer, giulia: Actor, outcome: CallOutcome
) -> None:
    _, again_at = await record(session, anna, giulia, outcome)

    message = await message_of(session, anna)
    queued = await queue_of(session, message)
    assert queued is not None
    assert (queued.due_at, queued.state, queued.attempts) == (again_at, "queued", 1)
    assert again_at == TUESDAY + timedelta(hours=4)
    assert (message.status, message.reason) == (MessageStatus.DEFERRED, CallOutcome.NO_ANSWER)


async def test_after_three_calls_nobody_answered_the_message_has_failed_and_costs_three_calls(
    session: AsyncSession, settings: Settings, anna: Customer, giulia: Actor
) -> None:
    _, again_at = await record(session, anna, giulia, CallOutcome.NO_ANSWER)
    for _ in range(2):
        assert again_at is not None
        with clock.frozen(again_at):
            assert (await take(session, settings, giulia))[0] == "Anna"
            _, again_at = await record(session, anna, giulia, CallOutcome.BUSY)

    message = await message_of(session, anna)
    assert again_at is None
    assert (message.status, message.reason) == (MessageStatus.FAILED, CallOutcome.NO_ANSWER)
    assert message.cost_minor == 3 * UNIT_COST


async def test_who_asks_to_be_called_at_an_hour_is_offered_then_before_everybody_else(
    session: AsyncSession, settings: Settings, script: Template, anna: Customer, giulia: Actor
) -> None:
    wished = TUESDAY + timedelta(hours=5)
    await record(session, anna, giulia, CallOutcome.CALL_BACK, callback_at=wished)
    await wait_for(session, script, "Bice")

    message = await message_of(session, anna)
    waiting = await queries.waiting(session, giulia.id)
    assert (message.status, message.reason) == (MessageStatus.DEFERRED, CallOutcome.CALL_BACK)
    assert [(each.customer_name, each.due_at) for each in waiting.callbacks] == [("Anna Rossi", wished)]
    with clock.frozen(wished):
        assert (await take(session, settings, giulia))[0] == "Anna"


@pytest.mark.parametrize(
    ("moment", "code"),
    [
        (TUESDAY.replace(hour=20), "outside-hours"),
        (TUESDAY.replace(day=29), "outside-hours"),  # a Sunday
        (TUESDAY - timedelta(minutes=1), "out-of-range"),
        (TUESDAY + timedelta(days=15), "out-of-range"),
    ],
)
async def test_d_t9_nobody_is_called_back_outside_the_hours(
    session: AsyncSession, anna: Customer, giulia: Actor, moment: datetime, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await record(session, anna, giulia, CallOutcome.CALL_BACK, callback_at=moment)

    assert [error.code for error in refused.value.errors] == [code]


@pytest.mark.parametrize("scope", [ObjectionScope.CALLS, ObjectionScope.EVERYTHING])
async def test_c_15_an_objection_on_the_line_counts_at_once_on_what_was_said(
    session: AsyncSession, anna: Customer, giulia: Actor, scope: ObjectionScope
) -> None:
    await make_contact_point(session, anna.id, kind=ContactKind.EMAIL)
    await make_consent(session, anna.id, channel=Channel.EMAIL)

    await record(session, anna, giulia, CallOutcome.OBJECTED, objects_to=scope)

    call = await ask_gate(session, anna, Ask(Purpose.MKT_OWN, Channel.PHONE_OPERATOR), TUESDAY)
    mail = await ask_gate(session, anna, Ask(Purpose.MKT_OWN, Channel.EMAIL), TUESDAY)
    assert call.reason is Reason.OBJECTED
    assert (mail.reason is Reason.OBJECTED) is (scope is ObjectionScope.EVERYTHING)
    assert (await message_of(session, anna)).status == MessageStatus.DELIVERED


async def test_m_12_a_number_of_somebody_else_is_used_no_more(
    session: AsyncSession, anna: Customer, giulia: Actor
) -> None:
    await record(session, anna, giulia, CallOutcome.WRONG_NUMBER)

    message = await message_of(session, anna)
    assert (message.status, message.reason) == (MessageStatus.BOUNCED, CallOutcome.WRONG_NUMBER)
    point = (await session.scalars(select(ContactPoint).where(ContactPoint.customer_id == anna.id))).one()
    state = (await session.scalars(select(ConsentState).where(ConsentState.customer_id == anna.id))).one()
    assert point.valid_to is not None
    assert state.standing != Standing.GRANTED


async def test_b_53_a_death_told_on_the_line_stops_everything_and_is_reported(
    session: AsyncSession, anna: Customer, giulia: Actor
) -> None:
    await record(session, anna, giulia, CallOutcome.DECEASED)

    assert (await session.get_one(Customer, anna.id)).deceased_at is not None
    assert (await message_of(session, anna)).reason == Reason.DECEASED
    assert "death.told" in await events(session)


async def test_c_27_who_asks_where_the_number_comes_from_has_asked_for_access(
    session: AsyncSession, anna: Customer, giulia: Actor
) -> None:
    await record(session, anna, giulia, CallOutcome.ASKED_SOURCE)

    assert "access.asked" in await events(session)


async def events(session: AsyncSession) -> list[str]:
    return list(await session.scalars(select(OutboxEvent.name)))


async def test_c_14_a_call_that_was_stopped_while_it_lasted_is_still_written_down(
    session: AsyncSession, anna: Customer, giulia: Actor
) -> None:
    await make_consent(session, anna.id, channel=Channel.PHONE_OPERATOR, action=Action.WITHDRAW, at=TUESDAY)
    await messaging.stop_queued(session, [anna.id])

    call, _ = await record(session, anna, giulia, CallOutcome.NO_ANSWER)

    message = await message_of(session, anna)
    assert (message.status, message.reason) == (MessageStatus.SKIPPED, Reason.WITHDRAWN)
    assert call.outcome == CallOutcome.NO_ANSWER


async def test_an_outcome_that_comes_after_the_lease_counts_while_nobody_else_took_the_person(
    session: AsyncSession, anna: Customer, giulia: Actor
) -> None:
    with clock.frozen(TUESDAY + timedelta(minutes=40)):
        await record(session, anna, giulia, CallOutcome.REACHED, result=CallResult.INTERESTED)

    assert (await message_of(session, anna)).status == MessageStatus.DELIVERED


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"outcome": "REACHED"}, "result"),
        ({"outcome": "BUSY", "result": "BOOKED"}, "result"),
        ({"outcome": "CALL_BACK"}, "callback_at"),
        ({"outcome": "BUSY", "objects_to": "CALLS"}, "objects_to"),
    ],
)
async def test_what_does_not_go_together_is_refused(
    session: AsyncSession, anna: Customer, giulia: Actor, said: dict[str, str], path: str
) -> None:
    with pytest.raises(Invalid) as refused:
        await record(session, anna, giulia, **said)  # type: ignore[arg-type]

    assert [error.path for error in refused.value.errors] == [path]


async def test_c_24_the_words_go_with_the_person_and_the_proof_stays(
    session: AsyncSession, anna: Customer, giulia: Actor
) -> None:
    call, _ = await record(session, anna, giulia, CallOutcome.REACHED, result=CallResult.INTERESTED, note="Ha un cane")
    told = await service.export(session, anna.id)

    await service.erase(session, anna.id)

    assert [row["note"] for row in told] == ["Ha un cane"]
    assert (await session.scalars(select(CallNote))).all() == []
    assert (await session.get_one(Call, call.id)).decision["rule_id"] == "D-T1"
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        await session.execute(text("update calls set outcome = 'BUSY'"))


async def test_what_the_operator_reads_is_the_script_the_law_and_the_clock(
    session: AsyncSession, settings: Settings, anna: Customer, giulia: Actor
) -> None:
    assert giulia.id is not None
    message = await message_of(session, anna)
    opened = await queries.get_open_call(session, message.id, giulia.id)
    number = (await session.scalars(select(ContactPoint).where(ContactPoint.customer_id == anna.id))).one().value

    seen = await reading.look_at(session, opened, message)
    call = await reading.read_call(session, settings, seen, operator=giulia)

    assert (call.may_call, call.number, call.refusal) == (True, number, None)
    assert call.script is not None
    assert "Giulia" in call.script.opening[0]
    assert "Bottega Caffè" in call.script.opening[0]
    assert "1 febbraio 2026" in call.script.opening[1]
    assert call.script.body.startswith("Parlo con Anna Rossi?")
    assert call.register_stamp is not None
    assert (call.register_stamp.valid_until - call.register_stamp.checked_at).days == 15
    assert (call.clock.zone, call.clock.is_open) == ("Europe/Rome", True)
    assert call.clock.openings[0].closes_at == TUESDAY.replace(hour=19, minute=0)
    assert call.person.last_purchase is None


async def test_c_14_once_the_answer_turned_neither_number_nor_script_are_shown(
    session: AsyncSession, settings: Settings, anna: Customer, giulia: Actor
) -> None:
    assert giulia.id is not None
    message = await message_of(session, anna)
    opened = await queries.get_open_call(session, message.id, giulia.id)
    await make_consent(session, anna.id, channel=Channel.PHONE_OPERATOR, action=Action.WITHDRAW, at=TUESDAY)

    call = await reading.read_call(session, settings, await reading.look_at(session, opened, message), operator=giulia)

    assert (call.may_call, call.number, call.script) == (False, None, None)
    assert call.refusal is not None
    assert call.refusal.reason == Reason.WITHDRAWN
