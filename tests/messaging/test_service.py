"""Planning, stopping and settling messages: one row for everybody, and a no that always wins."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import Task
from ritorno.consents.models import ConsentState
from ritorno.consents.rules import (
    Channel,
    Decision,
    Family,
    LegalBasis,
    Method,
    Party,
    Purpose,
    Reason,
    Standing,
    TemplateClass,
    Verdict,
)
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.rules import ContactLevel
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.ids import uuid7
from ritorno.messaging import queries, recording, service
from ritorno.messaging.errors import ContactRefused, MessageNotInDoubt, TemplateNotReady
from ritorno.messaging.models import CapturedMessage, Message, QueuedMessage, TemplateText, TouchHold
from ritorno.messaging.rules import Arm
from ritorno.messaging.schemas import TemplatePatch, TemplateTextWrite
from tests.factories.customers import make_customer
from tests.factories.messaging import MJML, make_business, make_plan, make_template

STAFF = Actor.system("tests")


async def _agreed(session: AsyncSession, customer: Customer, standing: Standing = Standing.GRANTED) -> None:
    session.add(
        ConsentState(
            customer_id=customer.id,
            purpose=Purpose.MKT_OWN,
            channel=Channel.EMAIL,
            standing=standing,
            since=clock.now() - timedelta(days=30),
            event_id=uuid7(),
            method=Method.POS_PAPER,
            party=Party.SUBJECT,
        )
    )
    await session.flush()


async def _messages(session: AsyncSession, touch_id: UUID) -> dict[UUID, Message]:
    statement = select(Message).where(Message.touch_id == touch_id).execution_options(populate_existing=True)
    rows = await session.scalars(statement)
    return {message.customer_id: message for message in rows}


async def _queue_length(session: AsyncSession) -> int:
    return (await session.execute(select(func.count()).select_from(QueuedMessage))).scalar_one()


def _no(reason: Reason, verdict: Verdict = Verdict.DENY) -> Decision:
    return Decision(verdict, Family.SAID_NO, reason, "G9", LegalBasis.NONE)


async def test_planning_twice_plans_once(session: AsyncSession, settings: Settings) -> None:
    await make_business(session)
    template = await make_template(session, settings)
    anna = await make_customer(session, email="anna@shop.example")
    touch_id = uuid4()

    first = await make_plan(session, template, [anna.id], touch_id=touch_id)
    again = await make_plan(session, template, [anna.id], touch_id=touch_id)

    assert first == {"queued": 1}
    assert again == {}
    assert await _queue_length(session) == 1


async def test_two_people_with_one_address_get_one_copy(session: AsyncSession, settings: Settings) -> None:
    await make_business(session)
    template = await make_template(session, settings)
    family = [await make_customer(session, given_name=name, email="casa@shop.example") for name in ("Anna", "Bruno")]
    touch_id = uuid4()

    planned = await make_plan(session, template, [each.id for each in family], touch_id=touch_id)

    rows = (await _messages(session, touch_id)).values()
    assert planned == {"queued": 1, "skipped": 1}
    assert sorted((row.status, row.reason) for row in rows) == [("queued", None), ("skipped", "SHARED_ADDRESS")]
    assert await _queue_length(session) == 1


async def test_everybody_gets_a_row_with_the_reason_of_their_own(session: AsyncSession, settings: Settings) -> None:
    """B-24 among them: who lacks a value the text needs is left out, with its name."""
    await make_business(session)
    template = await make_template(session, settings, body=MJML.replace(" | default: 'cliente'", ""))
    refused, held_out, outdone = [await make_customer(session, email=f"p{number}@shop.example") for number in range(3)]
    nameless = await make_customer(session, given_name=None, email="nameless@shop.example")
    homeless = await make_customer(session)
    touch_id = uuid4()

    await make_plan(session, template, [refused.id], touch_id=touch_id, decision=_no(Reason.OBJECTED))
    await make_plan(session, template, [nameless.id, homeless.id], touch_id=touch_id)
    await make_plan(session, template, [held_out.id], touch_id=touch_id, arm=Arm.CONTROL)
    await make_plan(session, template, [outdone.id], touch_id=touch_id, skip=Reason.ARBITRATED)

    rows = await _messages(session, touch_id)
    told = {customer_id: (row.status, row.reason) for customer_id, row in rows.items()}
    assert told == {
        refused.id: ("skipped", "OBJECTED"),
        nameless.id: ("skipped", "MERGE_MISSING"),
        homeless.id: ("skipped", "BAD_CONTACT_POINT"),
        held_out.id: ("control", "HOLDOUT"),
        outdone.id: ("skipped", "ARBITRATED"),
    }
    assert rows[nameless.id].history[-1]["detail"] == "customer.given_name"
    assert await _queue_length(session) == 0


async def test_a_deferred_message_waits_for_its_moment(session: AsyncSession, settings: Settings) -> None:
    await make_business(session)
    template = await make_template(session, settings)
    anna = await make_customer(session, email="anna@shop.example")
    touch_id, tomorrow = uuid4(), clock.now() + timedelta(days=1)
    later = Decision(Verdict.DEFER, Family.LATER, Reason.FREQ_CAP, "G16", LegalBasis.NONE, until=tomorrow)

    await make_plan(session, template, [anna.id], touch_id=touch_id, decision=later)

    message = (await _messages(session, touch_id))[anna.id]
    queued = await queries.find_queued(session, message.id)
    assert (message.status, message.reason) == ("deferred", "FREQ_CAP")
    assert queued is not None
    assert queued.due_at == tomorrow


async def test_only_the_values_the_text_uses_are_kept(session: AsyncSession, settings: Settings) -> None:
    await make_business(session)
    template = await make_template(session, settings)
    anna = await make_customer(session, given_name="Anna", family_name="Rossi", email="anna@shop.example")
    touch_id = uuid4()

    await make_plan(session, template, [anna.id], touch_id=touch_id, values={"recall.category": "Caffè"})

    assert (await _messages(session, touch_id))[anna.id].values == {"customer": {"given_name": "Anna"}}


async def test_a_template_that_is_not_ready_plans_nothing(session: AsyncSession, settings: Settings) -> None:
    await make_business(session)
    template = await make_template(session, settings, body="<mjml><mj-body></mj-body></mjml>")
    anna = await make_customer(session, email="anna@shop.example")

    assert template.status == "draft"
    with pytest.raises(TemplateNotReady):
        await make_plan(session, template, [anna.id], touch_id=uuid4())


async def test_an_edit_begins_a_version_and_what_is_planned_keeps_its_own(
    session: AsyncSession, settings: Settings
) -> None:
    await make_business(session)
    template = await make_template(session, settings, subject="Prima")
    anna = await make_customer(session, email="anna@shop.example")
    touch_id = uuid4()
    await make_plan(session, template, [anna.id], touch_id=touch_id)

    patch = TemplatePatch(texts=[TemplateTextWrite(language="it", subject="Dopo", body=MJML)])
    await service.edit_template(session, template, patch, settings=settings, actor=STAFF)

    message = (await _messages(session, touch_id))[anna.id]
    text = await queries.get_text(session, message)
    assert (template.version, message.template_version) == (2, 1)
    assert text is not None
    assert text.subject == "Prima"
    assert (await session.execute(select(func.count()).select_from(TemplateText))).scalar_one() == 2


# ── stopping ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_withdrawal_stops_a_message_already_queued(session: AsyncSession, settings: Settings) -> None:
    await make_business(session)
    template = await make_template(session, settings)
    anna, bruno = [await make_customer(session, email=f"{name}@shop.example") for name in ("anna", "bruno")]
    for each in (anna, bruno):
        await _agreed(session, each)
    touch_id = uuid4()
    await make_plan(session, template, [anna.id, bruno.id], touch_id=touch_id)

    state = await session.get_one(ConsentState, (anna.id, Purpose.MKT_OWN, Channel.EMAIL))
    state.standing = Standing.WITHDRAWN
    await session.flush()
    stopped = await service.stop_queued(session, [anna.id])
    again = await service.stop_queued(session, [anna.id])

    rows = await _messages(session, touch_id)
    assert (stopped, again) == (1, 0)
    assert (rows[anna.id].status, rows[anna.id].reason) == ("skipped", "WITHDRAWN")
    assert rows[anna.id].handoff_decision is not None
    assert rows[bruno.id].status == "queued"
    assert await _queue_length(session) == 1


async def test_a_pause_holds_and_a_cancellation_empties_the_queue(session: AsyncSession, settings: Settings) -> None:
    await make_business(session)
    template = await make_template(session, settings)
    people = [await make_customer(session, email=f"p{number}@shop.example") for number in range(3)]
    touch_id, other = uuid4(), uuid4()
    await make_plan(session, template, [each.id for each in people], touch_id=touch_id)
    await make_plan(session, template, [people[0].id], touch_id=other)

    await service.hold_touch(session, touch_id)
    held = list(await session.scalars(select(TouchHold.touch_id)))
    await service.release_touch(session, touch_id)
    part = await service.cancel_touch(session, touch_id, limit=2)
    still_held = list(await session.scalars(select(TouchHold.touch_id)))
    rest = await service.finish_cancelling(session, touch_id)
    more = await service.finish_cancelling(session, touch_id)

    assert (held, still_held, await session.scalar(select(func.count()).select_from(TouchHold))) == (
        [touch_id],
        [touch_id],
        0,
    )
    assert (part, rest, more) == (2, True, False)
    assert {row.status for row in (await _messages(session, touch_id)).values()} == {"cancelled"}
    assert {row.status for row in (await _messages(session, other)).values()} == {"queued"}
    assert await _queue_length(session) == 1


# ── one person ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_one_message_to_one_person_goes_through_the_gate(session: AsyncSession, settings: Settings) -> None:
    await make_business(session)
    template = await make_template(session, settings)
    agreed = await make_customer(session, email="si@shop.example")
    silent = await make_customer(session, email="forse@shop.example")
    await _agreed(session, agreed)

    message = await service.write_to_customer(
        session, customer_id=agreed.id, template_id=template.id, channel=Channel.EMAIL, actor=STAFF
    )
    with pytest.raises(ContactRefused) as refused:
        await service.write_to_customer(
            session, customer_id=silent.id, template_id=template.id, channel=Channel.EMAIL, actor=STAFF
        )

    assert message.status == "queued"
    assert message.touch_id is None
    assert refused.value.extra["family"] == "not_asked"


# ── in doubt ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _in_doubt(session: AsyncSession, settings: Settings, template_class: TemplateClass) -> Message:
    await make_business(session)
    template = await make_template(session, settings, template_class=template_class)
    anna = await make_customer(session, email="anna@shop.example")
    touch_id = uuid4()
    await make_plan(session, template, [anna.id], touch_id=touch_id)
    queued = (await session.scalars(select(QueuedMessage))).one()
    queued.state, queued.worker, queued.lease_until = "sending", uuid4(), clock.now() - timedelta(seconds=1)
    await session.flush()
    await recording.record_lost_workers(session, now=clock.now())
    return (await _messages(session, touch_id))[anna.id]


async def test_what_a_dead_worker_was_handing_over_is_listed_and_leaves_the_queue(
    session: AsyncSession, settings: Settings
) -> None:
    message = await _in_doubt(session, settings, TemplateClass.MARKETING)

    assert message.status == "unknown"
    assert await _queue_length(session) == 0
    assert (await session.scalars(select(Task))).all() == []


async def test_a_service_message_in_doubt_asks_a_person_who_settles_it_once(
    session: AsyncSession, settings: Settings
) -> None:
    message = await _in_doubt(session, settings, TemplateClass.SERVICE)

    task = (await session.scalars(select(Task))).one()
    assert task.kind == "message_in_doubt"
    await service.resolve(session, message, was_received=False, actor=STAFF)
    await service.resolve(session, message, was_received=False, actor=STAFF)
    with pytest.raises(MessageNotInDoubt):
        await service.resolve(session, message, was_received=True, actor=STAFF)
    await session.refresh(task)
    assert (message.status, message.reason, task.state) == ("failed", "NOT_RECEIVED", "done")


# ── afterwards ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_mail_that_did_not_bounce_for_a_day_proves_its_address(session: AsyncSession, settings: Settings) -> None:
    await make_business(session)
    template = await make_template(session, settings, template_class=TemplateClass.SERVICE)
    new = ContactLevel.UNVERIFIED
    anna, demo = [await make_customer(session, email=f"{name}@shop.example", level=new) for name in ("anna", "demo")]
    touch_id = uuid4()
    await make_plan(session, template, [anna.id, demo.id], touch_id=touch_id)
    for message in (await _messages(session, touch_id)).values():
        message.status, message.sent_at = "sent", clock.now() - timedelta(hours=25)
    captured = (await _messages(session, touch_id))[demo.id]
    session.add(CapturedMessage(message_id=captured.id, subject="x", to_address="x", raw=b"x"))
    await session.flush()

    settled, again = await service.settle(session), await service.settle(session)

    rows = await _messages(session, touch_id)
    levels = {
        point.customer_id: point.level
        for point in await session.scalars(
            select(ContactPoint).where(ContactPoint.customer_id.in_(rows)).execution_options(populate_existing=True)
        )
    }
    assert (settled, again) == (1, 0)
    assert (rows[anna.id].status, levels[anna.id]) == ("delivered", ContactLevel.DELIVERED_OK)
    assert (rows[demo.id].status, levels[demo.id]) == ("sent", ContactLevel.UNVERIFIED)


async def test_erasing_a_person_forgets_the_words_and_keeps_the_record(
    session: AsyncSession, settings: Settings
) -> None:
    await make_business(session)
    template = await make_template(session, settings)
    anna = await make_customer(session, email="anna@shop.example")
    touch_id = uuid4()
    await make_plan(session, template, [anna.id], touch_id=touch_id)

    await service.erase(session, anna.id)

    message = (await _messages(session, touch_id))[anna.id]
    assert (message.status, message.reason, message.values) == ("skipped", "ERASED", {})
    assert await _queue_length(session) == 0


async def test_the_templates_that_come_with_the_product_are_seeded_once(
    session: AsyncSession, settings: Settings
) -> None:
    await make_business(session)

    await service.seed_templates(session, settings=settings)
    await service.seed_templates(session, settings=settings)

    codes = [template.code for template in (await queries.list_templates(session, queries.PageQuery(limit=50))).items]
    assert sorted(filter(None, codes)) == sorted(set(filter(None, codes)))
    assert "rhythm" in codes
