"""Forgetting a person: what goes, what stays, and what can never come back; freezing a card; a death."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import service as consents
from ritorno.consents.models import ConsentEvent, SoftOptin
from ritorno.consents.rules import Channel, Reason, SuppressionReason
from ritorno.consents.tokens import unsubscribe_token
from ritorno.customers.errors import CustomerErased
from ritorno.customers.models import ContactPoint, Customer
from ritorno.duplicates import service as duplicates
from ritorno.erasures import jobs, previewing, service
from ritorno.erasures.errors import CardRestricted, FutureDay, PersonNotTold
from ritorno.erasures.models import DeathReport, Erasure, ProcessorErasure
from ritorno.erasures.register import export_all
from ritorno.erasures.rules import AskedBy, KeptPart, ReportedBy, RestrictionExit, RestrictionGround
from ritorno.erasures.schemas import DeathReportCreate, HoldCreate, RestrictionCreate, RestrictionLift
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message, QueuedMessage
from ritorno.messaging.rules import MessageStatus
from ritorno.retention import jobs as retention
from ritorno.transactions.models import Profile, Transaction, TransactionLine
from ritorno.transactions.rules import HoldKind
from tests.conftest import Sessions
from tests.factories.accountability import make_processor
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer
from tests.factories.duplicates import Double, make_double
from tests.factories.messaging import make_business, make_plan, make_template
from tests.factories.transactions import a_line, make_transaction

STAFF = Actor("user", UUID(int=11), "Giulia", frozenset({"*"}), "owner")
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with clock.frozen(datetime(2026, 11, 24, 12, tzinfo=UTC)):
        yield


@pytest.fixture
async def double(session: AsyncSession, settings: Settings) -> Double:
    made = await make_double(session, settings)
    await duplicates.merge(session, winner_id=made.winner_id, loser_id=made.loser_id, actor=STAFF)
    return made


async def test_c_24_a_person_goes_with_all_their_cards_and_the_receipts_stay(
    session: AsyncSession, double: Double
) -> None:
    receipts = await session.scalar(select(func.count()).select_from(Transaction))

    done = await service.erase_customer(session, customer_id=double.winner_id, actor=STAFF)

    cards = [await session.get_one(Customer, UUID(each)) for each in done.card_ids]
    assert {card.id for card in cards} == {double.winner_id, double.loser_id}
    assert all(card.erased_at and not card.given_name and not card.search_name for card in cards)
    assert await session.scalar(select(func.count()).select_from(ContactPoint)) == 0
    assert await session.scalar(select(func.count()).select_from(Transaction)) == receipts
    owned = select(func.count()).select_from(TransactionLine).where(TransactionLine.customer_id.is_not(None))
    assert await session.scalar(owned) == 0
    assert await session.scalar(select(func.count()).select_from(Profile)) == 0


async def test_c_24_the_proof_of_consents_stays_whole(session: AsyncSession, double: Double) -> None:
    before = list(await session.scalars(select(ConsentEvent.hash).order_by(ConsentEvent.id)))

    await service.erase_customer(session, customer_id=double.winner_id, actor=STAFF)

    assert list(await session.scalars(select(ConsentEvent.hash).order_by(ConsentEvent.id))) == before
    assert await session.scalar(select(func.count()).select_from(SoftOptin)) == 1


async def test_c_24_an_erased_address_that_comes_back_is_refused_for_marketing(session: AsyncSession) -> None:
    anna = await make_customer(session, email="x@example.it", phone="+393331112233")
    await service.erase_customer(session, customer_id=anna.id, actor=STAFF)

    again = await make_customer(session, email="x@example.it", phone="+393331112233")
    await make_consent(session, again.id, channel=Channel.EMAIL, at=clock.now() - timedelta(days=30))

    standing = await consents.suppressed_among(
        session, [(Channel.EMAIL, "x@example.it"), (Channel.SMS, "+393331112233")]
    )
    assert set(standing.values()) == {SuppressionReason.ERASED}
    assert len(standing) == 2


async def test_c_24_what_waits_is_not_sent(session: AsyncSession, settings: Settings) -> None:
    await make_business(session)
    anna = await make_customer(session, email="x@example.it")
    await make_plan(session, await make_template(session, settings), [anna.id])

    planned = await previewing.preview(session, anna.id)
    await service.erase_customer(session, customer_id=anna.id, actor=STAFF)

    assert planned.queued_messages == 1
    assert await session.scalar(select(func.count()).select_from(QueuedMessage)) == 0
    message = (await session.scalars(select(Message))).one()
    assert (message.status, message.reason) == (MessageStatus.SKIPPED, Reason.ERASED)


async def test_a_second_erasure_is_refused(session: AsyncSession) -> None:
    anna = await make_customer(session)
    await service.erase_customer(session, customer_id=anna.id, actor=STAFF)

    with pytest.raises(CustomerErased):
        await service.erase_customer(session, customer_id=anna.id, actor=STAFF)


async def test_two_who_erase_one_person_at_once_leave_one_proof(clean_sessions: Sessions) -> None:
    async with clean_sessions() as session, session.begin():
        customer_id = (await make_customer(session, email="marta@example.com")).id

    async def erase() -> None:
        async with clean_sessions() as session, session.begin():
            await service.erase_customer(session, customer_id=customer_id, actor=STAFF)

    ended = await asyncio.gather(erase(), erase(), return_exceptions=True)

    assert [type(each) for each in ended if each is not None] == [CustomerErased]
    async with clean_sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Erasure)) == 1


async def test_c_24_processors_are_told_one_by_one(session: AsyncSession) -> None:
    processor = await make_processor(session)
    anna = await make_customer(session)

    done = await service.erase_customer(session, customer_id=anna.id, actor=STAFF)
    [waiting] = await session.scalars(select(ProcessorErasure).where(ProcessorErasure.processor_id == processor.id))
    told = await service.mark_told(session, waiting.id, actor=STAFF)
    again = await service.mark_told(session, waiting.id, actor=Actor.system("tests"))

    assert (waiting.erasure_id, told.told_by, again.told_by) == (done.id, "Giulia", "Giulia")


async def test_b_05_an_unsubscribe_link_of_an_erased_person_answers(
    anonymous: AsyncClient, session: AsyncSession, settings: Settings
) -> None:
    await make_business(session)
    anna = await make_customer(session, email="x@example.it")
    point = (await session.scalars(select(ContactPoint.id))).one()
    link = f"/u/{unsubscribe_token(settings, UUID(int=1), point, anna.id)}"
    await service.erase_customer(session, customer_id=anna.id, actor=STAFF)

    answer = await anonymous.post(link, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    standing = await consents.suppressed_among(session, [(Channel.EMAIL, "x@example.it")])
    assert list(standing.values()) == [SuppressionReason.ERASED]


# ── B-51 ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def receipts_of(session: AsyncSession, customer_id: UUID) -> int:
    statement = select(func.count()).select_from(Transaction).where(Transaction.customer_id == customer_id)
    return await session.scalar(statement) or 0


async def test_b_51_while_a_dispute_is_open_an_erasure_is_partial_and_says_why(session: AsyncSession) -> None:
    anna = await make_customer(session, email="x@example.it")
    await make_transaction(session, anna, a_line())
    await service.add_hold(session, anna.id, HoldCreate(kind=HoldKind.DISPUTE, note="a broken lamp"), actor=STAFF)

    done = await service.erase_customer(session, customer_id=anna.id, actor=STAFF)

    assert done.is_partial
    assert done.kept[0] == {"part": KeptPart.LOCKED_DOCUMENTS, "until": None}
    assert await receipts_of(session, anna.id) == 1
    assert (await session.get_one(Customer, anna.id)).family_name is None


async def test_b_51_the_locked_documents_go_when_the_hold_is_lifted(session: AsyncSession, work: Work) -> None:
    anna = await make_customer(session)
    await make_transaction(session, anna, a_line())
    hold = await service.add_hold(session, anna.id, HoldCreate(kind=HoldKind.TAX, note="invoice 7"), actor=STAFF)
    await service.erase_customer(session, customer_id=anna.id, actor=STAFF)

    await service.lift_hold(session, hold.id, actor=STAFF)
    await session.commit()
    for _ in range(2):
        await retention.release_held(work, {"customer_ids": [str(anna.id)]})

    await session.refresh(hold)
    assert hold.note == ""
    assert await receipts_of(session, anna.id) == 0


# ── export ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_everything_is_told_and_nothing_of_anybody_else(
    session: AsyncSession, settings: Settings, double: Double
) -> None:
    other = await make_customer(session, given_name="Zeno", family_name="Altrui", email="zeno@example.it")
    await make_transaction(session, other, a_line("secret"))

    told: dict[str, list[dict[str, object]]] = {}
    async for section, row in export_all(session, settings, double.loser_id):
        told.setdefault(section, []).append(row)

    assert {row["value"] for row in told["contact_points"]} >= {"marta@example.it", "old@example.it"}
    assert len(told["purchases"]) == 10
    assert {"card", "consents", "messages", "notes", "purchase_profile", "acts"} <= told.keys()
    assert "text" in told["consents"][0]
    said = str(told)
    assert not any(word in said for word in ("Zeno", "Altrui", "Secret", "Giulia"))


# ── C-26 ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

FROZEN = RestrictionCreate(ground=RestrictionGround.ACCURACY, asked_by=AskedBy.PERSON, asked_on=TODAY)


async def test_c_26_a_card_is_frozen_with_its_reason_and_used_again_only_once_its_person_was_told(
    session: AsyncSession,
) -> None:
    anna = await make_customer(session)
    await service.restrict(session, anna.id, FROZEN, actor=STAFF)

    tomorrow = RestrictionLift(exit=RestrictionExit.GROUND_ENDED, told_on=TODAY + timedelta(days=1))
    with pytest.raises(PersonNotTold):
        await service.lift_restriction(session, anna.id, tomorrow, actor=STAFF)
    with pytest.raises(CardRestricted):
        await service.restrict(session, anna.id, FROZEN, actor=STAFF)
    lift = RestrictionLift(exit=RestrictionExit.GROUND_ENDED, told_on=TODAY)
    lifted = await service.lift_restriction(session, anna.id, lift, actor=STAFF)

    assert (lifted.ground, lifted.told_on, lifted.exit) == ("ACCURACY", TODAY, "GROUND_ENDED")
    assert (await session.get_one(Customer, anna.id)).restricted_at is None


async def test_c_26_a_card_frozen_by_an_objection_is_told_of_too(session: AsyncSession) -> None:
    anna = await make_customer(session, restricted_at=clock.now())

    lift = RestrictionLift(exit=RestrictionExit.CONSENT, told_on=TODAY)
    lifted = await service.lift_restriction(session, anna.id, lift, actor=STAFF)

    assert (lifted.ground, lifted.exit) == ("OBJECTION", "CONSENT")


async def test_c_26_nobody_asks_tomorrow(session: AsyncSession) -> None:
    anna = await make_customer(session)

    asked = FROZEN.model_copy(update={"asked_on": TODAY + timedelta(days=1)})
    with pytest.raises(FutureDay):
        await service.restrict(session, anna.id, asked, actor=STAFF)


# ── B-53 ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_b_53_a_relative_reports_a_death_and_nothing_is_sent_any_more(
    session: AsyncSession, settings: Settings
) -> None:
    await make_business(session)
    anna = await make_customer(session, email="x@example.it")
    await make_consent(session, anna.id, channel=Channel.EMAIL)
    await make_plan(session, await make_template(session, settings), [anna.id])
    report = DeathReportCreate(reported_by=ReportedBy.RELATIVE, reported_on=TODAY, heirs_note="write to nobody")

    first = await service.report_death(session, anna.id, report, actor=STAFF)
    second = await service.report_death(session, anna.id, report, actor=STAFF)

    assert first.id == second.id
    assert (await session.get_one(Customer, anna.id)).deceased_at == clock.now()
    assert await session.scalar(select(func.count()).select_from(QueuedMessage)) == 0
    assert (await session.scalars(select(Message.reason))).all() == [Reason.DECEASED]


async def test_b_53_a_wrong_report_is_taken_back_by_the_privacy_officer(session: AsyncSession) -> None:
    anna = await make_customer(session)
    await service.report_death(session, anna.id, DeathReportCreate(reported_on=TODAY), actor=STAFF)

    reversed_ = await service.reverse_death(session, anna.id, actor=STAFF)

    assert reversed_.reversed_by == "Giulia"
    assert (await session.get_one(Customer, anna.id)).deceased_at is None


async def test_b_53_a_death_told_about_a_card_that_was_merged_since_is_reported_of_the_person(
    session: AsyncSession, work: Work, double: Double
) -> None:
    await session.commit()

    await jobs.receive_death(work, {"customer_id": str(double.loser_id)})

    assert (await session.scalars(select(DeathReport.customer_id))).one() == double.winner_id
