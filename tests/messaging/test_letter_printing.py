"""A letter on paper: only what passed the gate, with the code that leads to the person's own page."""

from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel
from ritorno.kit.config import Settings
from ritorno.messaging.models import CapturedMessage, Message
from tests.conftest import TokenClient
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business, make_plan, make_template

BODY = (
    "{{ business.name }}\n{{ business.address }}\n\nGentile cliente, la aspettiamo.\n\n"
    "{{ why }} Se non desidera più ricevere lettere scriva a {{ business.email }}."
)


async def test_a_letter_is_printed_once_it_was_handed_over(
    session: AsyncSession, settings: Settings, token_client: TokenClient
) -> None:
    desk = await token_client(["messages:read"])
    await make_business(session)
    customer = await make_customer(session, address={"street": "Via Po 1", "city": "Torino"})
    template = await make_template(session, settings, channel=Channel.POST, body=BODY)
    await make_plan(session, template, [customer.id])
    message_id = (await session.scalars(select(Message.id))).one()
    await session.commit()
    path = f"/v1/messages/{message_id}/letter"

    waiting = await desk.get(path)
    await session.execute(update(Message).values(status="sent"))
    session.add(CapturedMessage(message_id=message_id, subject="Lettera", to_address="Via Po 1, Torino", raw=b"Ciao."))
    await session.commit()
    printed = await desk.get(path)

    assert (waiting.status_code, waiting.json()["code"]) == (409, "letter-not-handed-over")
    assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")
    assert (await desk.get(f"/v1/messages/{uuid4()}/letter")).status_code == 404
    assert (await (await token_client(["customers:read"])).get(path)).status_code == 403
