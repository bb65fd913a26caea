"""Dispatch: everything due leaves once, what may not leave says why, and every answer of a server has its place."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from ritorno.activity.models import Task
from ritorno.consents.models import ConsentState
from ritorno.consents.rules import Standing, TemplateClass
from ritorno.customers.models import ContactPoint
from ritorno.embedded import Services
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.db import unit_of_work
from ritorno.messaging import dispatch, service
from ritorno.messaging.dispatch import Dispatch, Pace
from ritorno.messaging.jobs import deliver_due, settle, stop_queued
from ritorno.messaging.models import CapturedMessage, Message, QueuedMessage, Sender
from tests.conftest import Sessions, settings_for
from tests.factories.messaging import make_business, make_plan, make_template
from tests.messaging.crowd import Moody, make_crowd


async def _plan(
    sessions: Sessions, settings: Settings, size: int, *, template_class: TemplateClass = TemplateClass.MARKETING
) -> UUID:
    touch_id = uuid4()
    async with unit_of_work(sessions) as session:
        await make_business(session)
        template = await make_template(session, settings, template_class=template_class)
        await make_plan(session, template, await make_crowd(session, size), touch_id=touch_id)
    return touch_id


async def _rows(sessions: Sessions) -> list[tuple[Message, ContactPoint]]:
    async with sessions() as session:
        joined = select(Message, ContactPoint).join(ContactPoint, ContactPoint.id == Message.contact_point_id)
        return [(row[0], row[1]) for row in await session.execute(joined.order_by(ContactPoint.value))]


async def _queue(sessions: Sessions) -> list[QueuedMessage]:
    async with sessions() as session:
        return list((await session.scalars(select(QueuedMessage))).all())


def _address(number: int) -> str:
    return f"person-{number}@crowd.example"


async def test_without_a_mail_server_every_message_is_captured(
    clean_sessions: Sessions, clean_settings: Settings
) -> None:
    await _plan(clean_sessions, clean_settings, 30)

    handed_over = await Dispatch(clean_settings, clean_sessions).run()
    again = await Dispatch(clean_settings, clean_sessions).run()

    rows = await _rows(clean_sessions)
    async with clean_sessions() as session:
        captured = (await session.scalars(select(CapturedMessage))).all()
    assert (handed_over, again) == (30, 0)
    assert {message.status for message, _ in rows} == {"sent"}
    assert {each.to_address for each in captured} == {point.value for _, point in rows}
    assert [event["status"] for event in rows[0][0].history] == ["queued", "sending", "sent"]
    assert await _queue(clean_sessions) == []


async def test_several_workers_at_once_send_each_message_once(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    server, settings = moody
    await _plan(clean_sessions, settings, 300)
    narrow = Pace(lanes=2, group=4, claim=20)

    sent = await asyncio.gather(*(Dispatch(settings, clean_sessions, pace=narrow).run() for _ in range(3)))

    assert sum(sent) == server.total == 300
    assert set(server.received.values()) == {1}


async def test_each_answer_of_the_server_has_its_place(clean_sessions: Sessions, moody: tuple[Moody, Settings]) -> None:
    server, settings = moody
    server.at_address = {
        _address(0): "550 5.1.1 user unknown",
        _address(1): "451 4.3.0 try later",
        _address(2): "550 5.7.26 not authenticated",
    }
    server.at_text = {_address(3): "452 4.2.2 too much"}
    await _plan(clean_sessions, settings, 6)

    await Dispatch(settings, clean_sessions, pace=Pace(lanes=1)).run()

    rows = await _rows(clean_sessions)
    told = [(message.status, message.reason) for message, _ in rows]
    assert told == [
        ("bounced", "HARD_BOUNCE"),
        ("queued", None),
        ("failed", "REFUSED_BY_SERVER"),
        ("queued", None),
        ("sent", None),
        ("sent", None),
    ]
    assert [point.hard_bounced_at is not None for _, point in rows] == [True, False, False, False, False, False]
    waiting = await _queue(clean_sessions)
    assert all(each.due_at > clock.now() + timedelta(minutes=20) and each.attempts == 1 for each in waiting)
    assert len(waiting) == 2


async def test_a_refusal_for_now_is_tried_later_with_the_same_message_id(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    server, settings = moody
    server.at_text = {_address(0): "451 4.3.0 try later"}
    await _plan(clean_sessions, settings, 1)
    await Dispatch(settings, clean_sessions).run()
    server.at_text = {}

    with clock.frozen(clock.now() + timedelta(hours=1)):
        await Dispatch(settings, clean_sessions).run()

    message = (await _rows(clean_sessions))[0][0]
    assert message.status == "sent"
    assert list(server.message_ids) == [f"<{message.id}@bottega.example>"]


async def test_a_line_that_breaks_after_the_text_leaves_a_doubt_and_no_second_copy(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    """B-31, E-15."""
    server, settings = moody
    server.hang_up_on = _address(0)
    await _plan(clean_sessions, settings, 3, template_class=TemplateClass.SERVICE)

    await Dispatch(settings, clean_sessions, pace=Pace(lanes=1)).run()
    with clock.frozen(clock.now() + timedelta(days=2)):
        await Dispatch(settings, clean_sessions, pace=Pace(lanes=1)).run()

    rows = await _rows(clean_sessions)
    async with clean_sessions() as session:
        task = (await session.scalars(select(Task))).one()
    assert [message.status for message, _ in rows] == ["unknown", "sent", "sent"]
    assert task.subject_id == rows[0][0].id
    assert set(server.received.values()) == {1}


async def test_while_the_server_is_away_messages_wait_and_lose_no_attempt(
    clean_database: Services, clean_sessions: Sessions
) -> None:
    settings = settings_for(clean_database, smtp_url="smtp://127.0.0.1:9")
    await _plan(clean_sessions, settings, 3)

    await Dispatch(settings, clean_sessions).run()

    assert {message.status for message, _ in await _rows(clean_sessions)} == {"queued"}
    assert {(each.state, each.attempts) for each in await _queue(clean_sessions)} == {("queued", 0)}


async def test_a_withdrawal_between_queue_and_hand_off_wins(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    """B-28."""
    server, settings = moody
    await _plan(clean_sessions, settings, 3)
    rows = await _rows(clean_sessions)
    async with unit_of_work(clean_sessions) as session:
        gone = rows[0][0].customer_id
        await session.execute(
            update(ConsentState).where(ConsentState.customer_id == gone).values(standing=Standing.WITHDRAWN)
        )

    await Dispatch(settings, clean_sessions).run()

    message = (await _rows(clean_sessions))[0][0]
    assert (message.status, message.reason) == ("skipped", "WITHDRAWN")
    assert message.handoff_decision is not None
    assert _address(0) not in server.received


async def test_a_group_that_waited_behind_a_slow_server_is_asked_about_again(
    clean_sessions: Sessions, moody: tuple[Moody, Settings], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, settings = moody
    # Every answer is too old at once, so each group is asked about twice and one withdrawal comes in between.
    monkeypatch.setattr(dispatch, "ASK_AGAIN_AFTER", timedelta(0))
    await _plan(clean_sessions, settings, 40)
    last = (await _rows(clean_sessions))[-1][0]
    road = asyncio.create_task(Dispatch(settings, clean_sessions, pace=Pace(lanes=1, group=2)).run())
    await server.has_taken(1)

    async with unit_of_work(clean_sessions) as session:
        waiting = await session.get_one(QueuedMessage, last.id)
        was_claimed = waiting.state == "claimed"
        await session.execute(
            update(ConsentState).where(ConsentState.customer_id == last.customer_id).values(standing=Standing.WITHDRAWN)
        )
    await road

    by_id = {message.id: message for message, _ in await _rows(clean_sessions)}
    assert was_claimed
    assert (by_id[last.id].status, by_id[last.id].reason) == ("skipped", "WITHDRAWN")
    assert server.total == 39


async def test_a_pause_stops_what_is_claimed_and_the_rest_goes_on_later(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    server, settings = moody
    touch_id = await _plan(clean_sessions, settings, 200)
    road = asyncio.create_task(Dispatch(settings, clean_sessions, pace=Pace(lanes=1, group=2)).run())
    await server.has_taken(10)

    async with unit_of_work(clean_sessions) as session:
        await service.hold_touch(session, touch_id)
    at_pause = server.total
    await road
    after_pause = server.total
    async with unit_of_work(clean_sessions) as session:
        await service.release_touch(session, touch_id)
    await Dispatch(settings, clean_sessions).run()

    # The group being handed over ends as it ends; nothing else leaves.
    assert after_pause - at_pause <= 4
    assert (server.total, set(server.received.values())) == (200, {1})


async def test_a_worker_told_to_stop_leaves_nothing_in_doubt(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    server, settings = moody
    await _plan(clean_sessions, settings, 200)
    road = asyncio.create_task(Dispatch(settings, clean_sessions, pace=Pace(lanes=2, group=2)).run())
    await server.has_taken(10)

    road.cancel()
    with pytest.raises(asyncio.CancelledError):
        await road

    states = {each.state for each in await _queue(clean_sessions)}
    sent = [message for message, _ in await _rows(clean_sessions) if message.status == "sent"]
    assert states == {"queued"}
    assert len(sent) == server.total < 200


async def test_a_stream_without_a_sender_writes_to_nobody(clean_sessions: Sessions, clean_settings: Settings) -> None:
    await _plan(clean_sessions, clean_settings, 2)
    async with unit_of_work(clean_sessions) as session:
        await session.execute(update(Sender).values(is_ready=False))

    await Dispatch(clean_settings, clean_sessions).run()

    told = {(message.status, message.reason) for message, _ in await _rows(clean_sessions)}
    assert told == {("skipped", "SENDER_NOT_READY")}


async def test_every_job_may_run_twice(clean_sessions: Sessions, clean_settings: Settings) -> None:
    await _plan(clean_sessions, clean_settings, 5)
    customer_id = (await _rows(clean_sessions))[0][0].customer_id
    work = Work(clean_settings, clean_sessions, Actor.system("tests"))

    for _ in range(2):
        await deliver_due(work, {})
        await stop_queued(work, {"customer_ids": [str(customer_id)]})
        await settle(work, {})

    rows = await _rows(clean_sessions)
    assert [len(message.history) for message, _ in rows] == [3] * 5
    assert {message.status for message, _ in rows} == {"sent"}
