"""What a bounce does: to the message, to the address, to the stream (E-10…E-13, B-32…B-34)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import service as consents
from ritorno.consents.rules import Reason, Verdict
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.rules import ContactKind
from ritorno.inbound import service
from ritorno.inbound.models import InboundMail
from ritorno.inbound.rules import MailSource
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.ids import uuid7
from ritorno.messaging.letters import claimed_again
from ritorno.messaging.models import Message, QueuedMessage
from ritorno.messaging.recording import record_receipts
from ritorno.messaging.rules import MessageStatus, Outcome
from ritorno.messaging.transports.port import Receipt
from tests.consents.asking import SERVICE, answer
from tests.factories.customers import make_contact_point, make_customer
from tests.factories.inbound import make_sent_mail
from tests.inbound.samples import about

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


async def come_back(
    session: AsyncSession, settings: Settings, name: str, message: Message, *, at: datetime | None = None, **more: str
) -> InboundMail:
    """Receive a sample about a message, as of a moment."""
    raw = about(name, settings, message.id, **more)
    undated = raw.replace(b"\r\nDate: ", b"\r\nX-Date: ")
    own = undated.replace(b"Message-ID: <", f"Message-ID: <{message.id}.".encode())
    with clock.frozen(at or clock.now()):
        mail, _ = await service.receive(session, settings, own, source=MailSource.WEBHOOK)
        await session.commit()
    await session.refresh(message)
    return mail


async def test_e_11_a_dead_address_is_refused_at_the_first_bounce(
    session: AsyncSession, settings: Settings, anna: Customer, message: Message
) -> None:
    assert (await answer(session, anna)).verdict is Verdict.ALLOW

    mail = await come_back(session, settings, "postfix_unknown", message)

    assert (message.status, message.reason) == (MessageStatus.BOUNCED, "HARD_BOUNCE")
    assert message.history[-1]["detail"].startswith("smtp; 550 5.1.1")
    assert (await answer(session, anna)).reason is Reason.HARD_BOUNCE
    assert (await answer(session, anna, SERVICE)).reason is Reason.HARD_BOUNCE
    assert (mail.kind, mail.blame, mail.receiver) == ("bounce", "hard", "altrove.example")
    assert mail.handled_at is not None
    assert mail.raw is None, "nobody has to read it"


@pytest.mark.parametrize(
    ("name", "reason"), [("gmail_full", "SOFT_BOUNCE"), ("gmail_unauthenticated", "REFUSED_BY_SERVER")]
)
async def test_b_33_b_34_e_11_a_full_mailbox_and_our_own_fault_condemn_no_address(
    session: AsyncSession, settings: Settings, anna: Customer, message: Message, name: str, reason: str
) -> None:
    await come_back(session, settings, name, message)

    assert (message.status, message.reason) == (MessageStatus.BOUNCED, reason)
    assert (await answer(session, anna)).verdict is Verdict.ALLOW


async def test_e_10_the_body_names_nobody_only_the_token_does(
    session: AsyncSession, settings: Settings, anna: Customer, message: Message
) -> None:
    other = await make_customer(session, email="bea@altrove.example")

    await come_back(session, settings, "postfix_unknown", message, **{"anna@altrove.example": "bea@altrove.example"})

    assert await bounced(session) == {anna.id}
    assert other.id not in await bounced(session)


async def test_b_32_a_forged_bounce_is_listed_and_does_nothing(
    session: AsyncSession, settings: Settings, anna: Customer, message: Message
) -> None:
    other_shop = settings.model_copy(update={"secret_key": SecretStr("another secret, long enough")})
    raw = about("postfix_unknown", other_shop, message.id)

    mail, _ = await service.receive(session, settings, raw, source=MailSource.FOLDER)

    assert (mail.kind, mail.message_id, mail.customer_id) == ("forged", None, None)
    assert message.status == MessageStatus.SENT
    assert await bounced(session) == set()


async def test_e_11_a_domain_that_nobody_finds_is_dead_the_second_time_a_day_later(
    session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    for hours, dead in ((0, False), (5, False), (25, True)):
        message = await make_sent_mail(session, settings, anna.id, at=NOON)

        await come_back(session, settings, "postfix_no_domain", message, at=NOON + timedelta(hours=hours))

        assert bool(await bounced(session)) is dead


async def test_e_12_five_soft_bounces_on_three_days_let_an_address_rest_and_one_probe_decides(
    session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    async def soft_on(day: int, hour: int = 0) -> None:
        at = NOON + timedelta(days=day, hours=hour)
        await come_back(session, settings, "gmail_full", await make_sent_mail(session, settings, anna.id, at=at), at=at)

    async def refused_on(day: int) -> Reason | None:
        return (await answer(session, anna, SERVICE, NOON + timedelta(days=day))).reason

    for day, hour in ((0, 0), (0, 1), (0, 2), (0, 3), (1, 0)):
        await soft_on(day, hour)
    assert await refused_on(1) is None, "five, but on two days"
    await soft_on(2)
    assert await refused_on(2) is Reason.HARD_BOUNCE

    with clock.frozen(NOON + timedelta(days=181)):
        assert await consents.end_rests(session) == 0
    with clock.frozen(NOON + timedelta(days=182, hours=1)):
        assert await consents.end_rests(session) == 1
    assert await refused_on(183) is None

    await soft_on(184)
    assert await refused_on(184) is Reason.HARD_BOUNCE, "it failed its probe"


async def test_e_12_a_probe_that_arrives_gives_an_address_its_patience_back(
    session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    for day in (0, 0, 1, 1, 2):
        at = NOON + timedelta(days=day, seconds=1)
        await come_back(session, settings, "gmail_full", await make_sent_mail(session, settings, anna.id, at=at), at=at)
    with clock.frozen(NOON + timedelta(days=190)):
        await consents.end_rests(session)
    at = NOON + timedelta(days=191)
    await make_sent_mail(session, settings, anna.id, at=at, status=MessageStatus.DELIVERED)

    at = NOON + timedelta(days=192)
    await come_back(session, settings, "gmail_full", await make_sent_mail(session, settings, anna.id, at=at), at=at)

    assert (await answer(session, anna, SERVICE, at)).reason is None


async def test_e_12_what_a_server_refuses_at_once_counts_with_what_comes_back(
    session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    full, ours = "552 5.2.2 mailbox full", "550 5.7.1 not from you"
    for day, told in ((0, full), (0, ours), (1, full), (1, full), (1, full), (2, full)):
        assert (await answer(session, anna, SERVICE, NOON)).reason is None
        at = NOON + timedelta(days=day)
        message = await make_sent_mail(session, settings, anna.id, at=at, status=MessageStatus.UNKNOWN)
        receipt = Receipt(message.id, Outcome.REFUSED, told)
        await record_receipts(session, uuid7(), {message.id: claimed_again(message)}, [receipt], now=at)
        await session.commit()

    assert (await answer(session, anna, SERVICE, NOON + timedelta(days=2))).reason is Reason.HARD_BOUNCE


@pytest.mark.parametrize(("days", "status"), [(4, "bounced"), (6, "delivered")])
async def test_e_13_a_late_bounce_revises_what_was_delivered_for_five_days(
    session: AsyncSession, settings: Settings, anna: Customer, days: int, status: str
) -> None:
    message = await make_sent_mail(session, settings, anna.id, at=NOON, status=MessageStatus.DELIVERED)

    await come_back(session, settings, "postfix_unknown", message, at=NOON + timedelta(days=days))

    assert message.status == status
    assert await bounced(session) == {anna.id}, "that the address is dead is true at any time"


async def test_e_13_a_bounce_may_overtake_the_worker_that_writes_down_that_it_was_sent(
    session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    message = await make_sent_mail(session, settings, anna.id, status=MessageStatus.SENDING)
    session.add(
        QueuedMessage(
            message_id=message.id,
            channel="EMAIL",
            stream="MARKETING",
            due_at=NOON,
            state="sending",
            priority=5,
            worker=uuid7(),
        )
    )
    await session.commit()

    await come_back(session, settings, "postfix_unknown", message)

    assert message.status == MessageStatus.BOUNCED
    assert (await session.scalars(select(QueuedMessage.message_id))).all() == [], "nobody can write over it any more"


async def test_the_same_bounce_twice_is_one_row_and_a_harder_one_counts(
    session: AsyncSession, settings: Settings, anna: Customer, message: Message
) -> None:
    first = await come_back(session, settings, "gmail_full", message)
    again = await come_back(session, settings, "gmail_full", message)

    assert again.id == first.id
    assert [each["status"] for each in message.history] == ["sent", "bounced"]

    await come_back(session, settings, "postfix_unknown", message)
    await come_back(session, settings, "outlook_rejected", message)

    assert message.reason == "HARD_BOUNCE"
    assert [each["status"] for each in message.history] == ["sent", "bounced", "bounced"]


async def test_a_bounce_of_one_of_two_addresses_leaves_the_other_in_use(
    session: AsyncSession, settings: Settings, anna: Customer, message: Message
) -> None:
    await make_contact_point(session, anna.id, kind=ContactKind.EMAIL, value="anna@nuova.example", is_primary=False)

    await come_back(session, settings, "postfix_unknown", message)

    assert (await answer(session, anna)).verdict is Verdict.ALLOW


async def bounced(session: AsyncSession) -> set[UUID]:
    marked = select(ContactPoint.customer_id).where(ContactPoint.hard_bounced_at.is_not(None))
    return set(await session.scalars(marked))
