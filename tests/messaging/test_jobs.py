"""Dispatch: everything due leaves once, and what may not leave says why."""

from uuid import uuid4

from sqlalchemy import select

from ritorno.consents.rules import TemplateClass
from ritorno.kit.config import Settings
from ritorno.kit.db import unit_of_work
from ritorno.messaging.dispatch import Dispatch
from ritorno.messaging.models import CapturedMessage, Message, QueuedMessage
from tests.conftest import Sessions
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business, make_plan, make_template


async def test_a_due_message_is_captured_and_leaves_the_queue(
    clean_sessions: Sessions, clean_settings: Settings
) -> None:
    async with unit_of_work(clean_sessions) as session:
        await make_business(session)
        template = await make_template(session, clean_settings, template_class=TemplateClass.SERVICE)
        customer = await make_customer(session, given_name="Anna", email="anna@shop.example")
        await make_plan(session, template, [customer.id], touch_id=uuid4())

    await Dispatch(clean_settings, clean_sessions).run()

    async with clean_sessions() as session:
        message = (await session.scalars(select(Message))).one()
        captured = (await session.scalars(select(CapturedMessage))).one()
        assert message.status == "sent", (message.reason, message.history)
        assert (await session.scalars(select(QueuedMessage))).all() == []
        assert captured.to_address == "anna@shop.example"
        assert [event["status"] for event in message.history] == ["queued", "sending", "sent"]
