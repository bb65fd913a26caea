"""Letters that wait in the queue, and the business they come from."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import service as accountability
from ritorno.accountability.schemas import TermsAccept
from ritorno.accountability.words import terms_sha256
from ritorno.consents.rules import Channel
from ritorno.customers.models import Customer
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message
from ritorno.postal import jobs, making, service
from ritorno.postal.models import LetterBatch
from ritorno.postal.schemas import LetterBatchCreate
from tests.factories.consents import STAFF, make_consent
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business, make_plan, make_template

BODY = (
    "Gentile {{ customer.full_name | default: 'cliente' }},\n\nla aspettiamo.\n\n"
    "{{ business.name }}, {{ business.address }}. {{ why }} Se non desidera più ricevere lettere scriva a "
    "{{ business.email }}."
)


async def make_sender(session: AsyncSession) -> None:
    """Make a business that may post letters."""
    await make_business(session)
    body = TermsAccept(text_sha256=terms_sha256(), accepted_on=date(2026, 1, 1), accepted_by="Giulia Neri")
    await accountability.accept_terms(session, body, actor=STAFF)


async def make_reader(session: AsyncSession, street: str = "Via Po 1", **columns: str) -> Customer:
    """Make somebody who said yes to letters."""
    address = {"street": street, "postal_code": "10121", "city": "Torino", "province": "TO"}
    customer = await make_customer(session, address=address, **columns)
    await make_consent(session, customer.id, channel=Channel.POST)
    return customer


async def make_letters(
    session: AsyncSession, settings: Settings, people: list[Customer], *, touch_id: UUID | None = None, body: str = BODY
) -> list[UUID]:
    """Plan a letter to each, and return the messages in the order of the people."""
    template = await make_template(session, settings, channel=Channel.POST, body=body, subject="Ci manca")
    await make_plan(session, template, [person.id for person in people], touch_id=touch_id)
    rows = await session.execute(select(Message.customer_id, Message.id).where(Message.template_id == template.id))
    planned = {row[0]: row[1] for row in rows}
    await session.commit()
    return [planned[person.id] for person in people]


async def prepare(work: Work, **body: object) -> LetterBatch:
    """Prepare a batch to the end."""
    async with work.session() as session:
        batch = await service.request_batch(session, LetterBatchCreate.model_validate(body), actor=STAFF)
    await jobs.prepare(work, {"batch_id": str(batch.id)})
    async with work.session() as session:
        return await session.get_one(LetterBatch, batch.id)


async def print_pages(work: Work, batch: LetterBatch) -> bytes:
    """Fetch the pages of a batch."""
    return b"".join(await making.print_pages(work, batch.id, actor=STAFF))
