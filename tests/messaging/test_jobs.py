"""Dispatch: everything due leaves once, and what may not leave says why."""

from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import TemplateClass
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging.dispatch import Dispatch, Pace
from ritorno.messaging.models import CapturedMessage, Message, QueuedMessage
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business, make_plan, make_template

ONE_LANE = Pace(lanes=1)
"""The session of a rolled-back test is one connection: one lane at a time."""


async def test_a_due_message_is_captured_and_leaves_the_queue(session: AsyncSession, settings: Settings, work: Work) -> None:
    await make_business(session)
    template = await make_template(session, settings, template_class=TemplateClass.SERVICE)
    customer = await make_customer(session, given_name="Anna", email="anna@shop.example")
    await make_plan(session, template, [customer.id], touch_id=uuid4())
    await session.commit()

    await Dispatch(settings, work.sessions, pace=ONE_LANE).run()

    session.expire_all()
    message = (await session.scalars(select(Message))).one()
    captured = (await session.scalars(select(CapturedMessage))).one()
    assert message.status == "sent", (message.reason, message.history)
    assert (await session.scalars(select(QueuedMessage))).all() == []
    assert captured.to_address == "anna@shop.example"
    assert [event["status"] for event in message.history] == ["queued", "sending", "sent"]
