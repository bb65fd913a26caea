"""A day is planned once, each occasion is written to once, and one person gets one message a day."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message
from ritorno.recalls import due, queries, reading, service
from ritorno.recalls.models import Recall, RecallOccasion, RecallRun
from ritorno.recalls.rules import RecallKind
from ritorno.recalls.schemas import RecallRehearsalRequest
from ritorno.recalls.service import day_of, due_at
from ritorno.scores.models import CustomerScore
from tests.factories.campaigns import OWNER
from tests.factories.recalls import MORNING, TODAY, come_back, make_due, make_person, make_recall
from tests.factories.segments import make_segment

ROME = ZoneInfo("Europe/Rome")


async def run(session: AsyncSession, on: date = TODAY, at: datetime | None = None) -> None:
    with clock.frozen(at or datetime.combine(on, time(9), ROME)):
        await service.run_day(session, on, OWNER)


async def messages(session: AsyncSession) -> list[tuple[str, str, str | None]]:
    rows = await session.execute(select(Message.occasion, Message.status, Message.reason).order_by(Message.occasion))
    return [(row.occasion, row.status, row.reason) for row in rows]


async def test_planning_a_day_twice_plans_once(session: AsyncSession, settings: Settings) -> None:
    await make_recall(session, settings, RecallKind.RHYTHM)
    await make_due(session, last_on=date(2026, 11, 1))

    await run(session)
    await run(session)

    assert await messages(session) == [("rhythm:shop:2026-11-01", "queued", None)]
    assert len((await session.scalars(select(RecallRun))).all()) == 1


async def test_the_next_day_does_not_write_again_about_the_same_silence(
    session: AsyncSession, settings: Settings
) -> None:
    await make_recall(session, settings, RecallKind.RHYTHM, cooldown_days=0)
    await make_due(session)

    for day in range(4):
        await run(session, TODAY + timedelta(days=day))

    assert len(await messages(session)) == 1


async def test_a_new_fit_that_moves_the_due_date_opens_no_new_occasion(
    session: AsyncSession, settings: Settings
) -> None:
    await make_recall(session, settings, RecallKind.RHYTHM, cooldown_days=0)
    person = await make_due(session, last_on=date(2026, 11, 1))
    await run(session)
    score = await session.get_one(CustomerScore, person.id)
    score.due_on += timedelta(days=1)
    score.likely_to += timedelta(days=1)
    await session.flush()

    await run(session, TODAY + timedelta(days=2))

    assert len(await messages(session)) == 1


async def test_a_new_silence_inside_the_cooldown_waits(session: AsyncSession, settings: Settings) -> None:
    await make_recall(session, settings, RecallKind.RHYTHM, cooldown_days=10)
    person = await make_due(session, last_on=date(2026, 11, 1))
    await run(session)
    await come_back(session, person.id, on=date(2026, 11, 22), missed_on=date(2026, 11, 29))

    await run(session, TODAY + timedelta(days=9))
    first = len(await messages(session))
    await run(session, TODAY + timedelta(days=10))

    assert (first, len(await messages(session))) == (1, 2)


async def test_a_birthday_is_wished_once_a_year_without_looking_at_purchases(
    session: AsyncSession, settings: Settings
) -> None:
    """D-S8: a wish that uses the birth date alone needs no PROFILING."""
    await make_recall(session, settings, RecallKind.BIRTHDAY)
    await make_person(session, birth_on=date(1980, 11, 21), may_profile=False)
    await make_person(session, birth_on=date(1980, 11, 22), may_profile=False)

    await run(session)
    await run(session, TODAY + timedelta(days=365))

    assert await messages(session) == [
        ("birthday:2026", "queued", None),
        ("birthday:2027", "queued", None),
    ]


async def test_a_rhythm_reaches_only_who_agreed_to_the_use_of_purchases(
    session: AsyncSession, settings: Settings
) -> None:
    """C-18."""
    await make_recall(session, settings, RecallKind.RHYTHM)
    await make_due(session, may_profile=False)

    await run(session)

    assert [(status, reason) for _, status, reason in await messages(session)] == [("skipped", "NO_PROFILING")]


async def test_who_was_born_on_the_29th_of_february_is_wished_on_the_28th(
    session: AsyncSession, settings: Settings
) -> None:
    await make_recall(session, settings, RecallKind.BIRTHDAY)
    await make_person(session, birth_on=date(1984, 2, 29))

    await run(session, date(2026, 2, 28))
    await run(session, date(2026, 3, 1))

    assert await messages(session) == [("birthday:2026", "queued", None)]


@pytest.mark.parametrize(
    ("hour", "outcome"), [(time(11, 30), ("queued", None)), (time(12, 30), ("skipped", "TOO_LATE"))]
)
async def test_after_an_outage_yesterdays_birthday_is_wished_until_noon_then_dropped_with_a_reason(
    session: AsyncSession, settings: Settings, hour: time, outcome: tuple[str, str | None]
) -> None:
    await make_recall(session, settings, RecallKind.BIRTHDAY)
    await run(session, TODAY - timedelta(days=2))
    await make_person(session, birth_on=date(1980, 11, 20))

    await run(session, TODAY, datetime.combine(TODAY, hour, ROME))

    assert [(status, reason) for _, status, reason in await messages(session)] == [outcome]


async def test_what_fell_due_before_a_recall_was_switched_on_was_not_missed(
    session: AsyncSession, settings: Settings
) -> None:
    recall = await make_recall(session, settings, RecallKind.BIRTHDAY)
    recall.active_since = MORNING
    await make_person(session, birth_on=date(1980, 11, 20))

    await run(session)

    assert await messages(session) == []


async def test_one_person_gets_one_message_a_day_and_the_loser_says_why(
    session: AsyncSession, settings: Settings
) -> None:
    await make_recall(session, settings, RecallKind.RHYTHM)
    await make_recall(session, settings, RecallKind.BIRTHDAY)
    await make_due(session, birth_on=date(1980, 11, 21), last_on=date(2026, 11, 1))

    await run(session)

    assert await messages(session) == [
        ("birthday:2026", "queued", None),
        ("rhythm:shop:2026-11-01", "skipped", "ARBITRATED"),
    ]
    kept = (await session.scalars(select(RecallOccasion.occasion))).all()
    assert kept == ["birthday:2026"]


async def test_a_reason_the_gate_refuses_does_not_take_the_place_of_one_it_allows(
    session: AsyncSession, settings: Settings
) -> None:
    await make_recall(session, settings, RecallKind.RHYTHM)
    await make_recall(session, settings, RecallKind.BIRTHDAY)
    await make_due(session, birth_on=date(1980, 11, 21), last_on=date(2026, 11, 1), may_profile=False)

    await run(session)

    assert await messages(session) == [
        ("birthday:2026", "queued", None),
        ("rhythm:shop:2026-11-01", "skipped", "NO_PROFILING"),
    ]


async def test_who_is_dismissed_is_left_in_peace_until_the_day_named(session: AsyncSession, settings: Settings) -> None:
    recall = await make_recall(session, settings, RecallKind.RHYTHM)
    person = await make_due(session)
    until = TODAY + timedelta(days=2)
    await service.dismiss(session, recall_id=recall.id, customer_id=person.id, until=until, actor=OWNER)

    await run(session)
    before = await messages(session)
    await run(session, until)

    assert before == []
    assert len(await messages(session)) == 1


async def test_only_members_of_the_eligibility_segment_are_recalled(session: AsyncSession, settings: Settings) -> None:
    segment = await make_segment(session, {"field": "city", "op": "in", "value": ["Bologna"]})
    await make_recall(session, settings, RecallKind.RHYTHM, eligibility_segment_id=segment.id)
    await make_due(session, city="Bologna")
    await make_due(session, city="Modena")

    await run(session)

    assert len(await messages(session)) == 1


async def test_a_person_stays_in_the_same_arm_from_run_to_run(session: AsyncSession, settings: Settings) -> None:
    """X-06: held out is held out, not drawn again every morning."""
    await make_recall(session, settings, RecallKind.RHYTHM, control_share="0.50", cooldown_days=0)
    people = [await make_due(session, last_on=date(2026, 11, 1)) for _ in range(12)]
    await run(session)
    for person in people:
        await come_back(session, person.id, on=date(2026, 11, 22), missed_on=date(2026, 12, 20))

    await run(session, TODAY + timedelta(days=40))

    arms: dict[object, set[str | None]] = {}
    for customer_id, arm in await session.execute(select(Message.customer_id, Message.arm)):
        arms.setdefault(customer_id, set()).add(arm)
    assert all(len(each) == 1 for each in arms.values())
    assert {arm for each in arms.values() for arm in each} == {"TREATED", "CONTROL"}


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        (datetime(2026, 11, 21, 7, 0, tzinfo=ROME), datetime(2026, 11, 21, 9, 0, tzinfo=ROME)),
        (datetime(2026, 11, 21, 11, 0, tzinfo=ROME), datetime(2026, 11, 21, 11, 0, tzinfo=ROME)),
        (datetime(2026, 11, 21, 21, 0, tzinfo=ROME), datetime(2026, 11, 22, 9, 0, tzinfo=ROME)),
        # B-29: the night the clocks go forward, and the one they go back.
        (datetime(2027, 3, 28, 1, 30, tzinfo=ROME), datetime(2027, 3, 28, 9, 0, tzinfo=ROME)),
        (datetime(2026, 10, 25, 2, 30, tzinfo=ROME), datetime(2026, 10, 25, 9, 0, tzinfo=ROME)),
    ],
)
async def test_messages_leave_inside_the_hours_of_the_recall(
    session: AsyncSession, settings: Settings, at: datetime, leaves: datetime
) -> None:
    recall = await make_recall(session, settings, RecallKind.RHYTHM)

    day = await day_of(session, at.date(), at)

    assert due_at(recall, day) == leaves


async def test_a_shop_gets_its_first_recalls_once_and_switched_off(session: AsyncSession, settings: Settings) -> None:
    await make_recall(session, settings, RecallKind.RHYTHM)
    for recall in await session.scalars(select(Recall)):
        await session.delete(recall)
    await session.flush()

    await service.seed_defaults(session)
    await service.seed_defaults(session)

    found = (await session.scalars(select(Recall).order_by(Recall.kind))).all()
    assert [(recall.kind, recall.is_active) for recall in found] == [("birthday", False), ("rhythm", False)]


# ── who is due ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_due_list_says_who_why_and_what_may_be_done(session: AsyncSession, settings: Settings) -> None:
    await make_recall(session, settings, RecallKind.RHYTHM)
    await make_recall(session, settings, RecallKind.BIRTHDAY)
    rich = await make_due(session, value_minor=9000, last_on=date(2026, 11, 7))
    await make_due(session, value_minor=10, may_mail=False)
    await make_person(session, birth_on=date(1980, 11, 21))
    await make_due(session, missed_on=TODAY + timedelta(days=9))

    with clock.frozen(MORNING):
        found = await due.list_due(session, TODAY, store_id=None, limit=10, language="it")

    assert (found.total, found.allowed, found.to_ask) == (3, 2, 1)
    assert found.allowed + found.to_ask + found.said_no + found.later + found.to_fix == found.total
    first = found.items[0]
    assert first.customer_id == rich.id
    assert first.reason.startswith("Torna circa ogni")
    assert first.reason.endswith("14 giorni fa")
    assert (first.action, first.permission.verdict) == ("write", "ALLOW")
    assert [each.action for each in found.items] == ["write", "counter", "write"]
    assert {each.on: each.count for each in found.next_days}[TODAY + timedelta(days=3)] == 1


async def test_who_was_reached_or_is_held_out_leaves_the_due_list_and_who_was_refused_stays(
    session: AsyncSession, settings: Settings
) -> None:
    await make_recall(session, settings, RecallKind.RHYTHM)
    await make_due(session)
    refused = await make_due(session, may_mail=False)

    await run(session)
    with clock.frozen(MORNING):
        found = await due.list_due(session, TODAY, store_id=None, limit=10, language="it")

    assert [each.customer_id for each in found.items] == [refused.id]


async def test_the_next_run_plans_as_many_as_the_list_of_recalls_promises(
    session: AsyncSession, settings: Settings
) -> None:
    """UX §4.8: the next-run number equals the planner's for that day."""
    recall = await make_recall(session, settings, RecallKind.RHYTHM)
    for number in range(4):
        await make_due(session, missed_on=TODAY - timedelta(days=number))

    with clock.frozen(MORNING - timedelta(hours=1)):
        promised = (await reading.recalls_read(session, [await queries.get_named(session, recall.id)]))[0]
    await run(session, promised.next_run_on)

    assert promised.next_run_on == TODAY
    assert promised.due_count == len(await messages(session)) == 4


async def test_the_time_machine_writes_nothing_and_counts_birthdays_of_a_past_year(
    session: AsyncSession, settings: Settings
) -> None:
    recall = await make_recall(session, settings, RecallKind.BIRTHDAY)
    for month in (1, 2, 2, 7):
        await make_person(session, birth_on=date(1980, month, 20))
    asked = RecallRehearsalRequest.model_validate({"from": "2025-12-01", "until": "2026-11-20"})

    with clock.frozen(MORNING):
        named = await queries.get_named(session, recall.id)
        found = await reading.rehearse_recall(session, named, asked, language="it", at=MORNING)

    assert (found.occasions, found.people, found.will_receive) == (4, 4, 4)
    assert sum(week.messages for week in found.weeks) == 4
    assert await messages(session) == []


# ── the person's own rights ───────────────────────────────────────────────────────────────────────────────────────────


async def test_a_persons_recalls_are_told_moved_with_a_merged_card_and_forgotten(
    session: AsyncSession, settings: Settings
) -> None:
    recall = await make_recall(session, settings, RecallKind.RHYTHM)
    person, kept = await make_due(session), await make_person(session)
    await run(session)
    for customer_id in (person.id, kept.id):
        await service.dismiss(session, recall_id=recall.id, customer_id=customer_id, until=TODAY, actor=OWNER)

    told = await service.export(session, person.id)
    await service.rehome(session, person.id, into=kept.id)
    moved, left = await service.export(session, kept.id), await service.export(session, person.id)
    for customer_id in (person.id, kept.id):
        await service.erase(session, customer_id)

    assert [each["kind"] for each in told] == ["occasion", "dismissal"]
    assert [each["kind"] for each in moved] == ["occasion", "dismissal"]
    assert [each["kind"] for each in left] == ["dismissal"]
    assert await service.export(session, person.id) == await service.export(session, kept.id) == []
