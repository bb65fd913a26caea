"""How far our texts came: forward only, late news ignored, silence noted, dead numbers let go (M-10, M-11)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Ask, Channel, Purpose, Reason, TemplateClass
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.rules import ContactLevel
from ritorno.inbound.text_jobs import expire_receipts, follow_receipts
from ritorno.inbound.text_models import TextReceipt
from ritorno.inbound.text_rules import ReceiptStatus, follows, read_status
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging import jobs
from ritorno.messaging.models import CapturedMessage, Message
from tests.consents.asking import answer
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business, make_plan, make_template
from tests.inbound.calling import ANNA, call, receipt, with_provider

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
BODY = "{{ business.name }}: il suo ordine è pronto."


@pytest.fixture
async def network(app: FastAPI, anonymous: AsyncClient, settings: Settings) -> AsyncClient:
    app.state.settings = with_provider(settings)
    return anonymous


@pytest.fixture
async def anna(session: AsyncSession) -> Customer:
    await make_business(session)
    customer = await make_customer(session, phone=ANNA, level=ContactLevel.UNVERIFIED)
    await session.execute(update(ContactPoint).where(ContactPoint.customer_id == customer.id).values(is_mobile=True))
    await make_consent(session, customer.id, channel=Channel.SMS, at=NOON - timedelta(days=30))
    await session.commit()
    return customer


async def sent(
    session: AsyncSession, settings: Settings, customer: Customer, *, status: str = "sent", at: datetime = NOON
) -> UUID:
    """Have a text that left at a moment."""
    template = await make_template(
        session, settings, channel=Channel.SMS, template_class=TemplateClass.SERVICE, body=BODY
    )
    await make_plan(session, template, [customer.id])
    message = (await session.scalars(select(Message).where(Message.template_id == template.id))).one()
    message.status, message.sent_at, message.planned_at = status, at if status == "sent" else None, at
    await session.commit()
    return message.id


async def state(session: AsyncSession, message_id: UUID) -> tuple[str, str | None]:
    message = await session.get_one(Message, message_id, populate_existing=True)
    return message.status, message.reason


async def point(session: AsyncSession, customer: Customer) -> ContactPoint:
    statement = select(ContactPoint).where(ContactPoint.customer_id == customer.id)
    return (await session.scalars(statement.execution_options(populate_existing=True))).one()


@pytest.mark.parametrize(
    ("present", "told", "counts"),
    [
        (None, "queued", True),
        ("queued", "sent", True),
        ("sent", "queued", False),
        ("sent", "sent", False),
        ("sent", "delivered", True),
        ("delivered", "sent", False),
        ("delivered", "failed", False),
        ("undelivered", "delivered", False),
        ("expired", "sent", False),
        ("expired", "delivered", True),
    ],
)
def test_m_10_news_only_moves_a_text_forward(present: str | None, told: str, counts: bool) -> None:
    assert follows(ReceiptStatus(present) if present else None, ReceiptStatus(told)) is counts


def test_m_10_every_word_of_the_provider_has_its_place() -> None:
    words = ["accepted", "scheduled", "queued", "sending", "sent", "delivered", "undelivered", "failed", "canceled"]

    assert None not in [read_status(word) for word in words]
    assert read_status("partially_delivered") is None


async def test_m_10_a_delivered_text_proves_the_number(
    network: AsyncClient, session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    message_id = await sent(session, settings, anna)

    answers = [(await receipt(network, message_id, status)).status_code for status in ("queued", "sent", "delivered")]

    assert answers == [204, 204, 204]
    assert await state(session, message_id) == ("delivered", None)
    assert (await point(session, anna)).level == ContactLevel.DELIVERED_OK


async def test_m_10_b_39_a_receipt_that_is_late_or_told_again_changes_nothing(
    network: AsyncClient, session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    message_id = await sent(session, settings, anna)
    for status in ("delivered", "sent", "delivered", "failed"):
        await receipt(network, message_id, status)

    message = await session.get_one(Message, message_id, populate_existing=True)
    assert [event["status"] for event in message.history] == ["queued", "delivered"]


async def test_b_39_a_receipt_without_signature_changes_nothing(
    network: AsyncClient, session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    message_id = await sent(session, settings, anna)
    path = f"/v1/sms/twilio/receipts/{message_id}"

    answer_given = await call(network, path, {"MessageStatus": "delivered"}, token="other")

    assert answer_given.status_code == 403
    assert await state(session, message_id) == ("sent", None)


async def test_m_10_a_receipt_of_a_text_we_do_not_know_is_ignored(network: AsyncClient, session: AsyncSession) -> None:
    assert (await receipt(network, UUID(int=5), "delivered")).status_code == 204
    assert list(await session.scalars(select(TextReceipt))) == []


async def test_m_10_a_number_nobody_has_twice_in_a_week_is_dead(
    network: AsyncClient, session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    first, second = await sent(session, settings, anna), await sent(session, settings, anna)

    with clock.frozen(NOON):
        await receipt(network, first, "undelivered", "30005")
    assert await state(session, first) == ("bounced", "UNDELIVERED")
    assert (await point(session, anna)).hard_bounced_at is None

    with clock.frozen(NOON + timedelta(days=6)):
        await receipt(network, second, "undelivered", "30003")

    assert await state(session, second) == ("bounced", "HARD_BOUNCE")
    assert (await point(session, anna)).hard_bounced_at is not None


async def test_m_10_a_number_nobody_has_twice_in_a_month_is_not_dead_yet(
    network: AsyncClient, session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    first, second = await sent(session, settings, anna), await sent(session, settings, anna)

    with clock.frozen(NOON):
        await receipt(network, first, "undelivered", "30005")
    with clock.frozen(NOON + timedelta(days=8)):
        await receipt(network, second, "undelivered", "30005")

    assert (await point(session, anna)).hard_bounced_at is None


async def test_m_10_a_stop_at_the_provider_is_an_objection(
    network: AsyncClient, session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    message_id = await sent(session, settings, anna)

    await receipt(network, message_id, "failed", "21610")
    await receipt(network, await sent(session, settings, anna), "failed", "21610")

    assert (await answer(session, anna, Ask(Purpose.MKT_OWN, Channel.SMS))).reason is Reason.OBJECTED
    assert (await point(session, anna)).hard_bounced_at is None


async def test_m_11_a_receipt_settles_a_text_in_doubt(
    network: AsyncClient, session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    left = await sent(session, settings, anna, status="unknown")
    arrived = await sent(session, settings, anna, status="unknown")

    await receipt(network, left, "sent")
    await receipt(network, arrived, "delivered")

    assert [await state(session, each) for each in (left, arrived)] == [("sent", None), ("delivered", None)]


async def test_m_10_a_receipt_that_overtakes_the_worker_waits_for_it(
    network: AsyncClient, session: AsyncSession, settings: Settings, work: Work, anna: Customer
) -> None:
    message_id = await sent(session, settings, anna, status="sending")

    await receipt(network, message_id, "delivered")
    assert await state(session, message_id) == ("sending", None)
    await session.execute(update(Message).where(Message.id == message_id).values(status="sent", sent_at=clock.now()))
    await session.commit()
    await follow_receipts(work, {})
    await follow_receipts(work, {})

    assert await state(session, message_id) == ("delivered", None)


async def test_m_10_three_days_of_silence_are_noted_and_the_text_stays_sent(
    network: AsyncClient, session: AsyncSession, settings: Settings, work: Work, anna: Customer
) -> None:
    told, silent, kept = [await sent(session, settings, anna) for _ in range(3)]
    captured = CapturedMessage(message_id=kept, subject="", to_address=ANNA, raw=b"", captured_at=NOON)
    session.add(captured)
    await session.commit()
    with clock.frozen(NOON):
        await receipt(network, told, "delivered")

    for hours in (71, 73, 74):
        with clock.frozen(NOON + timedelta(hours=hours)):
            await jobs.settle(work, {})
            await expire_receipts(work, {})

    receipts = {each.message_id: each.status for each in await session.scalars(select(TextReceipt))}
    assert receipts == {told: "delivered", silent: "expired"}
    message = await session.get_one(Message, silent, populate_existing=True)
    assert (message.status, [event["detail"] for event in message.history]) == ("sent", [None, "RECEIPT_EXPIRED"])
    with clock.frozen(NOON + timedelta(hours=80)):
        await receipt(network, silent, "delivered")
    assert await state(session, silent) == ("delivered", None)
