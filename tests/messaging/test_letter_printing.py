"""A letter on paper: only what passed the gate, with the code that leads to the person's own page."""

from datetime import date
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import service as accountability
from ritorno.accountability.schemas import TermsAccept
from ritorno.accountability.words import terms_sha256
from ritorno.consents.rules import Action, Channel
from ritorno.customers.models import Customer
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.messaging.models import CapturedMessage, Message
from tests.conftest import TokenClient
from tests.factories.consents import STAFF, make_consent
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business, make_plan, make_template

BODY = (
    "{{ business.name }}\n{{ business.address }}\n\nGentile cliente, la aspettiamo.\n\n"
    "{{ why }} Se non desidera più ricevere lettere scriva a {{ business.email }}."
)


async def planned(session: AsyncSession, settings: Settings) -> tuple[Customer, str]:
    """Plan a letter to somebody who said yes to letters; return where it is printed."""
    customer = await make_customer(session, address={"street": "Via Po 1", "city": "Torino"})
    await make_consent(session, customer.id, channel=Channel.POST)
    template = await make_template(session, settings, channel=Channel.POST, body=BODY)
    await make_plan(session, template, [customer.id])
    message_id = (await session.scalars(select(Message.id))).one()
    await session.commit()
    return customer, f"/v1/messages/{message_id}/letter"


async def hand_over(session: AsyncSession) -> None:
    message_id = (await session.scalars(select(Message.id))).one()
    await session.execute(update(Message).values(status="sent", sent_at=clock.now()))
    session.add(CapturedMessage(message_id=message_id, subject="Lettera", to_address="Via Po 1, Torino", raw=b"Ciao."))
    await session.commit()


async def accept_terms(session: AsyncSession) -> None:
    body = TermsAccept(text_sha256=terms_sha256(), accepted_on=date(2026, 1, 1), accepted_by="Giulia Neri")
    await accountability.accept_terms(session, body, actor=STAFF)


async def test_c_14_a_letter_is_not_printed_after_the_person_said_no(
    session: AsyncSession, settings: Settings, token_client: TokenClient
) -> None:
    """D-01: the letter leaves the house when it is printed, which may be days after it passed the gate."""
    desk = await token_client(["messages:read"])
    await make_business(session)
    customer, path = await planned(session, settings)
    await hand_over(session)

    before_terms = await desk.get(path)
    await accept_terms(session)
    await session.commit()
    before = await desk.get(path)
    await make_consent(session, customer.id, channel=Channel.POST, action=Action.OBJECT, at=clock.now())
    await session.commit()
    after = await desk.get(path)

    assert (before_terms.status_code, before_terms.json()["reason"]) == (409, "SENDER_NOT_READY")
    assert before.status_code == 200
    assert (after.status_code, after.json()["reason"]) == (409, "OBJECTED")


async def test_a_letter_is_printed_once_it_was_handed_over(
    session: AsyncSession, settings: Settings, token_client: TokenClient
) -> None:
    desk = await token_client(["messages:read"])
    await make_business(session)
    await accept_terms(session)
    _, path = await planned(session, settings)

    waiting = await desk.get(path)
    await hand_over(session)
    printed = await desk.get(path)

    assert (waiting.status_code, waiting.json()["code"]) == (409, "letter-not-handed-over")
    assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")
    assert (await desk.get(f"/v1/messages/{uuid4()}/letter")).status_code == 404
    assert (await (await token_client(["customers:read"])).get(path)).status_code == 403
