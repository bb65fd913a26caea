"""A no, however it came, acts on everything that waits on every channel it covers (E-06, C-14): the words, the event,
the job of the table of reactions, the queue.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import service as consents
from ritorno.consents.rules import Channel, Method, Purpose
from ritorno.consents.schemas import ReplyCreate
from ritorno.customers.models import ContactPoint, Customer
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.outbox import OutboxEvent
from ritorno.messaging.models import Message, QueuedMessage
from ritorno.worker.reactions import REACTIONS
from tests.factories.calls import SCRIPT, answer_register, make_call_desk
from tests.factories.consents import SCAN, STAFF, make_consent
from tests.factories.customers import make_customer
from tests.factories.letters import BODY
from tests.factories.messaging import make_plan, make_template

EMAIL, SMS, POST, PHONE = CHANNELS = Channel.EMAIL, Channel.SMS, Channel.POST, Channel.PHONE_OPERATOR
ADDRESS = {"street": "Via Po 1", "postal_code": "10121", "city": "Torino", "province": "TO"}
TEXTS = {EMAIL: None, SMS: "{{ business.name }}: la aspettiamo. {{ unsubscribe_url }}", POST: BODY, PHONE: SCRIPT}
TUESDAY = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)

Way = Callable[[AsyncSession, Customer], Awaitable[object]]


async def press_in_the_mail_program(session: AsyncSession, person: Customer) -> object:
    point_id = await session.scalar(
        select(ContactPoint.id).where(ContactPoint.customer_id == person.id, ContactPoint.kind == "EMAIL")
    )
    message_id = await session.scalar(select(Message.id).where(Message.customer_id == person.id))
    return await consents.unsubscribe(
        session,
        customer_id=person.id,
        contact_point_id=point_id,
        message_id=message_id,
        channels=[EMAIL],
        method=Method.LIST_UNSUB_POST,
    )


async def text_stop(session: AsyncSession, person: Customer) -> object:
    body = ReplyCreate(channel=SMS, text="stop grazie", received_at=clock.now())
    return await consents.record_reply(session, person.id, body, actor=STAFF)


async def take_the_yes_back_at_the_till(session: AsyncSession, person: Customer) -> object:
    return await consents.withdraw(
        session,
        customer_id=person.id,
        purpose=Purpose.MKT_OWN,
        channel=None,
        occurred_at=None,
        method=Method.ORAL,
        actor=STAFF,
    )


async def object_to_calls_on_the_line(session: AsyncSession, person: Customer) -> object:
    return await consents.object_(
        session,
        customer_id=person.id,
        scope="channel",
        channel=PHONE,
        received_on=TUESDAY.date(),
        method=Method.ORAL,
        actor=STAFF,
    )


async def object_to_everything_by_letter(session: AsyncSession, person: Customer) -> object:
    return await consents.object_(
        session,
        customer_id=person.id,
        scope="all",
        received_on=TUESDAY.date(),
        method=Method.LETTER,
        evidence=[SCAN],
        actor=STAFF,
    )


@pytest.fixture
async def person(session: AsyncSession, settings: Settings) -> AsyncIterator[Customer]:
    """Somebody for whom a mail, a text, a letter and a call wait until the evening."""
    with clock.frozen(TUESDAY):
        await make_call_desk(session, settings)
        person = await make_customer(session, email="anna@shop.example", phone="+393331234567", address=ADDRESS)
        for channel in CHANNELS:
            await make_consent(session, person.id, channel=channel)
        await answer_register(session, ["+393331234567"], date(2026, 11, 20))
        for channel, body in TEXTS.items():
            template = await make_template(session, settings, channel=channel, body=body, subject="Un saluto")
            await make_plan(session, template, [person.id], due_at=TUESDAY.replace(hour=16))
        await session.commit()
        yield person


@pytest.mark.parametrize(
    ("say_no", "covered"),
    [
        (press_in_the_mail_program, {EMAIL}),
        (text_stop, {SMS}),
        (object_to_calls_on_the_line, {PHONE}),
        (take_the_yes_back_at_the_till, set(CHANNELS)),
        (object_to_everything_by_letter, set(CHANNELS)),
    ],
)
async def test_e_06_c_14_a_no_stops_what_waits_on_every_channel_it_covers_and_nothing_else(
    session: AsyncSession, work: Work, person: Customer, say_no: Way, covered: set[Channel]
) -> None:
    await say_no(session, person)
    await session.commit()

    for event in await session.scalars(select(OutboxEvent).where(OutboxEvent.name.like("consent.%"))):
        for job in REACTIONS[event.name]:
            await job(work, event.payload)

    statement = select(Message.channel, Message.status).where(Message.customer_id == person.id)
    told = {Channel(row[0]): row[1] for row in await session.execute(statement)}
    waiting = set(await session.scalars(select(QueuedMessage.channel)))
    assert told == {channel: "skipped" if channel in covered else "queued" for channel in CHANNELS}
    assert waiting == set(CHANNELS) - covered
