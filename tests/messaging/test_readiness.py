"""G1: whether a channel may be used is looked at, stored, and asked about as of any moment."""

from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import service as accountability
from ritorno.accountability.schemas import TermsAccept
from ritorno.accountability.words import terms_sha256
from ritorno.consents.rules import Ask, Channel, Purpose, Reason, Verdict
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging import jobs, queries, service
from ritorno.messaging.models import Sender, SenderReadiness
from ritorno.messaging.schemas import SenderPatch
from tests.conftest import ClientAs
from tests.consents.asking import answer
from tests.factories.consents import STAFF, make_consent, make_notice_version
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business

SERVICE = Ask(Purpose.SERVICE, Channel.EMAIL)
RECALL = Ask(Purpose.LEGAL_SAFETY, Channel.EMAIL)


def with_server(settings: Settings) -> Settings:
    return settings.model_copy(update={"smtp_url": type(settings.smtp_url)("smtp://mail.example:25")})


async def accept_terms(session: AsyncSession) -> None:
    body = TermsAccept(text_sha256=terms_sha256(), accepted_on=date(2026, 1, 1), accepted_by="Giulia Neri")
    await accountability.accept_terms(session, body, actor=STAFF)


async def state_of(session: AsyncSession, channel: Channel = Channel.EMAIL) -> SenderReadiness:
    return next(row for row in await queries.list_readiness(session) if row.channel == channel)


async def failing(session: AsyncSession) -> set[str]:
    return {check["code"] for check in (await state_of(session)).checks if not check["ok"]}


async def test_g_1_what_is_kept_in_the_outbox_is_always_ready(session: AsyncSession, settings: Settings) -> None:
    await service.refresh_readiness(session, settings)

    assert all(row.is_ready for row in await queries.list_readiness(session))
    assert {row.channel for row in await queries.list_readiness(session)} == set(Channel)


async def test_g_1_c_01_a_real_road_needs_a_notice_and_fit_senders(session: AsyncSession, settings: Settings) -> None:
    """C-01: no notice, no message; the answer changes as soon as what was missing is there."""
    await make_business(session)
    await accept_terms(session)
    real = with_server(settings)
    anna = await make_customer(session, email="anna@example.it")
    await make_consent(session, anna.id, at=clock.now(), version=await make_notice_version(session))
    await service.refresh_readiness(session, real)
    assert (await state_of(session)).is_ready

    sender = await session.scalar(select(Sender).where(Sender.channel == Channel.EMAIL))
    assert sender is not None
    address = sender.address
    await service.change_sender(session, sender, SenderPatch(address="nobody"), settings=real, actor=STAFF)

    assert await failing(session) == {"CAPTURED", "ADDRESS_VALID"}
    refused = await answer(session, anna)
    assert (refused.verdict, refused.reason, refused.rule_id) == (Verdict.DENY, Reason.SENDER_NOT_READY, "G1")
    assert (await answer(session, anna, SERVICE)).reason is Reason.SENDER_NOT_READY
    assert (await answer(session, anna, RECALL)).verdict is Verdict.REVIEW
    assert (await answer(session, anna, Ask(Purpose.MKT_OWN, Channel.SMS))).reason is not Reason.SENDER_NOT_READY

    await service.change_sender(session, sender, SenderPatch(address=address), settings=real, actor=STAFF)
    assert (await answer(session, anna)).verdict is Verdict.ALLOW


async def test_c_01_without_a_notice_and_the_terms_nothing_leaves_by_a_real_road(
    session: AsyncSession, settings: Settings
) -> None:
    """C-01: a notice and the terms of whoever processes; what is missing is named."""
    await make_business(session)
    real = with_server(settings)

    await service.refresh_readiness(session, real)
    assert await failing(session) == {"CAPTURED", "NOTICE_PUBLISHED", "TERMS_ACCEPTED"}
    await make_notice_version(session)
    await service.refresh_readiness(session, real)
    assert await failing(session) == {"CAPTURED", "TERMS_ACCEPTED"}
    await accept_terms(session)
    await service.refresh_readiness(session, real)
    assert (await state_of(session)).is_ready


async def test_g_1_a_channel_nobody_looked_at_is_not_ready(session: AsyncSession) -> None:
    anna = await make_customer(session, email="anna@example.it")
    await session.execute(delete(SenderReadiness).where(SenderReadiness.channel == Channel.EMAIL))

    assert (await answer(session, anna, SERVICE)).reason is Reason.SENDER_NOT_READY


async def test_looking_again_adds_a_row_only_when_the_answer_changed(session: AsyncSession, work: Work) -> None:
    before = len((await session.scalars(select(SenderReadiness))).all())

    await jobs.check_readiness(work, {})
    await jobs.check_readiness(work, {})

    assert len((await session.scalars(select(SenderReadiness))).all()) == before


async def test_readiness_is_read_by_those_who_read_messages(client_as: ClientAs) -> None:
    client = await client_as("owner")

    answered = (await client.get("/v1/sender-readiness")).json()

    assert {item["channel"] for item in answered["items"]} == set(Channel)
    assert all(item["checks"] for item in answered["items"])
