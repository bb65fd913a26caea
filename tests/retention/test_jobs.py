"""The night: what is over its time goes, what stays identifies nobody, and a killed night is finished (C-30, C-31)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import Task
from ritorno.consents import hashing
from ritorno.consents.rules import Channel, Method
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.rules import ContactLevel
from ritorno.erasures import service as erasures
from ritorno.erasures.schemas import HoldCreate
from ritorno.inbound import service as inbound
from ritorno.inbound.models import InboundMail
from ritorno.inbound.rules import MailSource
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.idempotency import IdempotencyKey
from ritorno.kit.outbox import OutboxEvent
from ritorno.messaging import confirming
from ritorno.messaging import service as messaging
from ritorno.messaging.models import Message, QueuedMessage
from ritorno.retention import jobs, previewing
from ritorno.retention.models import RetentionPeriod, RetentionRun
from ritorno.retention.rules import Clock
from ritorno.scores import jobs as scores
from ritorno.scores import service as scoring
from ritorno.scores.models import CategoryScore, CustomerScore
from ritorno.segments import queries as segments
from ritorno.segments.schemas import read_tree
from ritorno.transactions import service as transactions
from ritorno.transactions.models import CategoryProfile, Profile, Transaction, TransactionLine, UnclaimedTransaction
from ritorno.transactions.rules import HoldKind
from ritorno.worker.reactions import REACTIONS
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business, make_plan, make_template
from tests.factories.transactions import TILL, a_body, a_line, make_transaction

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
PROFILED = datetime(2025, 11, 24, 12, tzinfo=UTC)
"""The first noon that still counts for profiling; 12 months and a day ago is the noon before."""
TRACED = datetime(2024, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
EVER_BOUGHT = {"field": "bought", "at_least": 1}
STAFF = Actor("user", UUID(int=11), "Giulia", frozenset({"*"}), "owner")


@pytest.fixture(autouse=True)
def tonight() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


async def night(work: Work, session: AsyncSession) -> dict[str, int]:
    """Run a night and return what it let go of."""
    await session.commit()
    await jobs.run_night(work, {})
    session.expunge_all()
    run = (await session.scalars(select(RetentionRun).order_by(RetentionRun.id.desc()).limit(1))).one()
    assert run.finished_at is not None
    return run.counts


async def profile(session: AsyncSession, customer_id: UUID) -> tuple[int, int] | None:
    found = await session.get(Profile, customer_id, populate_existing=True)
    return (found.purchases, found.revenue_minor) if found else None


async def test_c_31_after_12_months_and_a_day_a_purchase_says_nothing_of_anybody(
    work: Work, session: AsyncSession
) -> None:
    anna = await make_customer(session)
    await make_transaction(session, anna, a_line("bread", "5.00"), at=PROFILED - DAY)
    await make_transaction(session, anna, a_line("milk", "3.00"), at=PROFILED)
    await make_transaction(session, anna, a_line("milk", "3.00"), at=NOW - 9 * DAY)

    await night(work, session)

    assert await profile(session, anna.id) == (2, 600)
    assert await session.scalar(select(func.count()).select_from(CategoryProfile)) == 1
    assert await session.scalar(select(func.count()).where(Transaction.customer_id == anna.id)) == 3


async def test_c_31_segments_and_scores_do_not_see_it_either(work: Work, session: AsyncSession) -> None:
    anna = await make_customer(session)
    for days in (1, 31, 61):
        await make_transaction(session, anna, a_line("bread", "5.00"), at=PROFILED - days * DAY)
    tree = read_tree(EVER_BOUGHT)
    assert await segments.count_members(session, tree, await segments.moment_of(session, tree, NOW)) == 1
    await scoring.refresh(session, NOW.date())
    assert await session.scalar(select(func.count()).select_from(CustomerScore)) == 1

    await night(work, session)
    await scores.rescore(work, {"customer_ids": [str(anna.id)]})

    assert await profile(session, anna.id) is None
    assert await segments.count_members(session, tree, await segments.moment_of(session, tree, NOW)) == 0
    assert await session.scalar(select(func.count()).select_from(CustomerScore)) == 0
    assert await session.scalar(select(func.count()).select_from(CategoryScore)) == 0


async def test_c_31_after_24_months_and_a_day_it_is_nobodys_and_the_receipt_stays(
    work: Work, session: AsyncSession
) -> None:
    anna = await make_customer(session)
    await make_transaction(session, anna, a_line("bread"), a_line("milk"), at=TRACED - DAY)
    await make_transaction(session, anna, a_line("bread"), at=TRACED)

    counts = await night(work, session)

    owners = (await session.scalars(select(Transaction.customer_id).order_by(Transaction.occurred_at))).all()
    assert owners == [None, anna.id]
    lines = select(func.count()).select_from(TransactionLine).where(TransactionLine.customer_id.is_(None))
    assert await session.scalar(lines) == 2
    assert counts[Clock.PURCHASES_TRACED] == 2
    assert (await night(work, session))[Clock.PURCHASES_TRACED] == 0


async def test_c_31_what_a_till_sends_again_of_it_stays_nobodys(work: Work, session: AsyncSession) -> None:
    anna = await make_customer(session, card="1000")
    await make_transaction(session, anna, a_line("bread"), at=TRACED - DAY, external_id="old")
    await night(work, session)

    body = a_body(a_line("bread", "9.00"), at=TRACED - DAY, customer={"card": "1000"})
    again = await transactions.put(session, "till", "old", body, actor=TILL)

    assert (again.status, again.customer_id) == ("unchanged", None)


async def test_c_31_a_late_receipt_from_before_the_window_counts_for_nobody(work: Work, session: AsyncSession) -> None:
    anna = await make_customer(session)
    await night(work, session)

    await make_transaction(session, anna, a_line("bread"), at=PROFILED - DAY)

    assert await profile(session, anna.id) is None


async def test_b_51_a_hold_keeps_receipts_past_the_window(work: Work, session: AsyncSession) -> None:
    anna = await make_customer(session)
    await make_transaction(session, anna, a_line("bread"), at=TRACED - DAY)
    await erasures.add_hold(session, anna.id, HoldCreate(kind=HoldKind.DISPUTE, note="open"), actor=STAFF)

    await night(work, session)

    assert (await session.scalars(select(Transaction.customer_id))).all() == [anna.id]


async def test_c_30_a_longer_period_brings_purchases_back_into_profiles(work: Work, session: AsyncSession) -> None:
    anna = await make_customer(session)
    await make_transaction(session, anna, a_line("bread"), at=PROFILED - 90 * DAY)
    await night(work, session)
    assert await profile(session, anna.id) is None
    session.add(
        RetentionPeriod(
            clock=Clock.PURCHASES_PROFILED, months=18, approver="G", reason="r", changed_at=NOW, changed_by="G"
        )
    )

    await night(work, session)

    assert await profile(session, anna.id) == (1, 300)


async def test_c_31_records_of_messages_go_after_24_months(
    work: Work, session: AsyncSession, settings: Settings
) -> None:
    await make_business(session)
    anna = await make_customer(session, email="x@example.it")
    template = await make_template(session, settings)
    for _ in range(2):
        await make_plan(session, template, [anna.id])
    await session.execute(delete(QueuedMessage))
    await session.execute(update(Message).values(planned_at=NOW - 100 * DAY, values={"given_name": "Anna"}))
    old = (await session.scalars(select(Message.id).order_by(Message.id).limit(1))).one()
    await session.execute(update(Message).where(Message.id == old).values(planned_at=TRACED - DAY))

    counts = await night(work, session)

    [left] = await session.scalars(select(Message))
    assert (left.id != old, left.values) == (True, {})
    assert (counts[Clock.MESSAGES], counts[Clock.MESSAGE_CONTENTS]) == (1, 2)


async def test_c_31_mail_that_nobody_read_loses_its_words_after_three_months(
    work: Work, session: AsyncSession, settings: Settings
) -> None:
    for number in range(2):
        raw = f"From: a@example.it\nMessage-ID: <{number}@x>\n\nBuongiorno".encode()
        await inbound.receive(session, settings, raw, source=MailSource.FOLDER)
    old = (await session.scalars(select(InboundMail.id).limit(1))).one()
    await session.execute(update(InboundMail).where(InboundMail.id == old).values(received_at=NOW - 100 * DAY))

    await night(work, session)

    mails = await session.scalars(select(InboundMail).execution_options(populate_existing=True))
    assert {mail.id == old: (mail.raw is None, mail.sender, mail.handled_as) for mail in mails} == {
        True: (True, None, "ignored"),
        False: (False, "a@example.it", None),
    }


async def test_c_31_unclaimed_receipts_forget_whom_they_named(work: Work, session: AsyncSession) -> None:
    body: dict[str, Any] = a_body(a_line(), customer={"email": "nobody@example.it"})
    await transactions.put(session, "till", "lost", body, actor=TILL)
    await session.execute(update(UnclaimedTransaction).values(received_at=TRACED - DAY))

    await night(work, session)

    [left] = await session.scalars(select(UnclaimedTransaction))
    assert left.reference_keys == []
    assert "customer" not in left.payload


async def test_c_31_cards_left_empty_by_what_nobody_confirmed_are_erased(
    work: Work, session: AsyncSession, settings: Settings
) -> None:
    """C-12: pending for a month and a day; a buyer who did not confirm either stays."""
    hashing.set_peppers(settings)
    await make_business(session)
    await messaging.seed_templates(session, settings=settings)
    people = []
    for days in (40, 39):
        with clock.frozen(NOW - days * DAY + timedelta(hours=10)):
            person = await make_customer(
                session, email=f"p{days}@example.it", level=ContactLevel.UNVERIFIED, created_at=clock.now()
            )
            await make_consent(session, person.id, method=Method.WEB, at=clock.now(), evidence=[])
            [point] = await session.scalars(select(ContactPoint).where(ContactPoint.customer_id == person.id))
            await confirming.ask(
                session, customer_id=person.id, contact_point_id=point.id, channel=Channel.EMAIL, actor=STAFF
            )
            people.append(person.id)
    visitor, buyer = people
    await make_transaction(session, await session.get_one(Customer, buyer), a_line("bread"), at=NOW - 9 * DAY)

    await night(work, session)
    told = select(OutboxEvent.payload).where(OutboxEvent.name == "customer.unconfirmed")
    [payload] = await session.scalars(told)
    for job in REACTIONS["customer.unconfirmed"] * 2:
        await job(work, payload)

    erased = await session.scalars(select(Customer.id).where(Customer.erased_at.is_not(None)))
    assert (payload, erased.all()) == ({"customer_ids": [str(visitor)]}, [visitor])
    await night(work, session)
    assert len((await session.scalars(told)).all()) == 1


async def test_c_31_the_day_of_the_last_purchase_outlives_its_trace(work: Work, session: AsyncSession) -> None:
    """From it the five years of the proof are counted, when nothing else says that somebody was here."""
    anna = await make_customer(session)
    for days in (5, 1):
        await make_transaction(session, anna, a_line("bread"), at=TRACED - days * DAY)

    await night(work, session)

    assert await session.scalar(select(Customer.last_detached_at)) == TRACED - DAY


async def test_answers_kept_for_a_repeat_go_after_two_days(work: Work, session: AsyncSession) -> None:
    for key, age in (("new", 1), ("old", 3)):
        session.add(
            IdempotencyKey(
                route="POST /v1/x",
                key=key,
                fingerprint=b"",
                status=201,
                media_type="application/json",
                body=b"{}",
                created_at=NOW - age * DAY,
            )
        )

    await night(work, session)

    assert (await session.scalars(select(IdempotencyKey.key))).all() == ["new"]


async def test_c_30_after_24_silent_months_one_task_asks_for_permission_again(
    work: Work, session: AsyncSession
) -> None:
    anna = await make_customer(session, email="x@example.it", created_at=TRACED - 90 * DAY)
    await make_consent(session, anna.id, channel=Channel.EMAIL)
    session.add(
        RetentionPeriod(clock=Clock.INACTIVE, months=24, approver="G", reason="r", changed_at=NOW, changed_by="G")
    )

    for _ in range(2):
        await night(work, session)

    [task] = await session.scalars(select(Task).where(Task.kind == "ask-permission-again"))
    assert task.details["count"] == 1


async def test_c_31_the_dry_run_counts_what_the_night_then_lets_go_of(work: Work, session: AsyncSession) -> None:
    anna = await make_customer(session)
    await make_transaction(session, anna, a_line("bread"), a_line("milk"), at=TRACED - DAY)
    await make_transaction(session, anna, a_line("bread"), at=PROFILED - DAY)
    before = await profile(session, anna.id)

    seen = {each.clock: each for each in (await previewing.preview(session)).clocks}

    assert (seen[Clock.PURCHASES_TRACED].count, seen[Clock.PURCHASES_TRACED].oldest_on) == (2, date(2024, 11, 23))
    assert seen[Clock.PURCHASES_PROFILED].count == 3
    assert seen[Clock.PURCHASES_TRACED].kept_since == date(2024, 11, 24)
    assert await profile(session, anna.id) == before
    assert (await night(work, session))[Clock.PURCHASES_TRACED] == 2
    after = {each.clock: each.count for each in (await previewing.preview(session)).clocks}
    assert (after[Clock.PURCHASES_TRACED], after[Clock.PURCHASES_PROFILED]) == (0, 0)


async def test_a_killed_night_goes_on_with_the_clock_and_the_card_it_was_at(work: Work, session: AsyncSession) -> None:
    people = [await make_customer(session) for _ in range(3)]
    for person in people:
        await make_transaction(session, person, a_line("bread"), at=TRACED - DAY)
    killed = RetentionRun(
        day=date(2026, 11, 23),
        clock=Clock.PURCHASES_PROFILED,
        after_id=sorted(person.id for person in people)[0],
        counts={"PURCHASES_TRACED": 1},
        started_at=NOW - DAY,
    )
    session.add(killed)

    counts = await night(work, session)

    assert counts[Clock.PURCHASES_TRACED] == 3
    assert await session.scalar(select(func.count()).select_from(RetentionRun)) == 1
