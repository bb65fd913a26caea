"""Who goes first on the road, and who waits: fair shares, streams, holds, slow receivers, young domains."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID, uuid4

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.embedded import Services
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.db import unit_of_work
from ritorno.messaging import handoff, service
from ritorno.messaging.dispatch import Dispatch, Pace
from ritorno.messaging.handoff import Line
from ritorno.messaging.jobs import deliver_marketing, deliver_service
from ritorno.messaging.mime import Letter
from ritorno.messaging.models import Message, QueuedMessage, Sender, SendPace, TouchHold
from ritorno.messaging.planning import ONE_PERSON
from ritorno.messaging.recording import record_receipts
from ritorno.messaging.rules import HoldReason, Outcome, QueueState
from ritorno.messaging.transports.port import NOT_BEGUN, Receipt
from ritorno.messaging.transports.smtp import SmtpTransport
from ritorno.transactions.models import Profile
from tests.conftest import Sessions, settings_for
from tests.factories.messaging import allow, make_business, make_plan, make_template
from tests.messaging.crowd import Moody, Sink, address, listening, make_crowd

MARKETING = Line(Channel.EMAIL, TemplateClass.MARKETING)
SERVICE = Line(Channel.EMAIL, TemplateClass.SERVICE)
TUESDAY = datetime(2026, 11, 24, 10, tzinfo=UTC)
LEASE = timedelta(seconds=30)
ONE_LANE = Pace(lanes=1, group=2)


async def _queue(sessions: Sessions) -> Counter[str]:
    async with sessions() as session:
        return Counter(await session.scalars(select(QueuedMessage.state)))


# ── fair shares ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def _touches(session: AsyncSession, settings: Settings, *sizes: int) -> list[UUID]:
    """Plan one touch after another, the first due first."""
    await make_business(session)
    template = await make_template(session, settings)
    people = iter(await make_crowd(session, sum(sizes)))
    touches = [uuid4() for _ in sizes]
    for minutes, (touch_id, size) in enumerate(zip(touches, sizes, strict=True)):
        due_at = TUESDAY + timedelta(minutes=5 * minutes)
        await make_plan(session, template, list(islice(people, size)), touch_id=touch_id, due_at=due_at)
    return touches


async def _claim(session: AsyncSession, limit: int, *, at: datetime = TUESDAY + timedelta(hours=1)) -> Counter[UUID]:
    claim = await handoff.claim(session, uuid4(), lines=[MARKETING, SERVICE], now=at, lease=LEASE, limit=limit)
    ids = [message.id for message in claim.messages]
    return Counter(await session.scalars(select(QueuedMessage.touch_id).where(QueuedMessage.message_id.in_(ids))))


async def test_a_small_campaign_does_not_stand_behind_a_big_one(session: AsyncSession, settings: Settings) -> None:
    big, small, recall = await _touches(session, settings, 90, 4, 30)

    first = await _claim(session, 30)
    second = await _claim(session, 30)

    assert first == {big: 10, small: 4, recall: 10}
    assert second == {big: 15, recall: 15}


async def test_a_claim_takes_only_what_is_due(session: AsyncSession, settings: Settings) -> None:
    big, small = await _touches(session, settings, 12, 4)

    early = await _claim(session, 100, at=TUESDAY)
    rest = await _claim(session, 100)

    assert (early, rest) == ({big: 12}, {small: 4})


async def test_messages_to_one_person_come_before_every_touch(session: AsyncSession, settings: Settings) -> None:
    (big,) = await _touches(session, settings, 20)
    ids = list(await session.scalars(select(QueuedMessage.message_id).limit(3)))
    await session.execute(
        update(QueuedMessage)
        .where(QueuedMessage.message_id.in_(ids))
        .values(touch_id=None, priority=ONE_PERSON, due_at=TUESDAY + timedelta(minutes=30))
    )

    first = await _claim(session, 10)
    second = await _claim(session, 10)

    assert (first, second) == ({None: 3}, {big: 10})


async def test_more_touches_than_a_claim_takes_all_get_their_turn(session: AsyncSession, settings: Settings) -> None:
    touches = await _touches(session, settings, *([2] * 12))

    taken: Counter[UUID] = Counter()
    while found := await _claim(session, 4):
        assert set(found.values()) <= {1, 2}
        taken += found

    assert taken == dict.fromkeys(touches, 2)


async def test_a_paused_touch_and_a_held_stream_are_not_claimed(session: AsyncSession, settings: Settings) -> None:
    paused, other = await _touches(session, settings, 5, 5)
    await service.hold_touch(session, paused)

    assert await _claim(session, 20) == {other: 5}


# ── streams ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Hanging(Sink):
    """A mail server that falls silent in the middle of every mail to these people, until it is let go."""

    def __init__(self, silent_for: set[str]) -> None:
        super().__init__()
        self.silent_for = silent_for
        self.hanging = asyncio.Semaphore(0)
        self.goes_on = asyncio.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if envelope.rcpt_tos[0] in self.silent_for:
            self.hanging.release()
            await self.goes_on.wait()
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
async def hanging(clean_database: Services) -> AsyncIterator[tuple[Hanging, Settings]]:
    server = Hanging({address(number) for number in range(80)})
    async with listening(server) as url:
        yield server, settings_for(clean_database, smtp_url=url)


async def test_e_09_service_mail_leaves_while_every_marketing_lane_hangs(
    clean_sessions: Sessions, hanging: tuple[Hanging, Settings]
) -> None:
    server, settings = hanging
    async with unit_of_work(clean_sessions) as session:
        await make_business(session)
        offers, orders = (
            await make_template(session, settings),
            await make_template(session, settings, template_class=TemplateClass.SERVICE),
        )
        people = await make_crowd(session, 90)
        await make_plan(session, offers, people[:80], touch_id=uuid4())
    work = Work(settings, clean_sessions, Actor.system("tests"))
    marketing = asyncio.create_task(deliver_marketing(work, {}))
    for _ in range(Pace().lanes):
        await server.hanging.acquire()
    async with unit_of_work(clean_sessions) as session:
        await make_plan(session, orders, people[80:], touch_id=None)

    await deliver_service(work, {})
    served = server.total
    await deliver_marketing(work, {})
    server.goes_on.set()
    await marketing

    assert served == 10
    assert (server.total, set(server.received.values())) == (90, {1})


async def test_what_falls_due_while_one_lane_hangs_goes_to_the_others(
    clean_sessions: Sessions, hanging: tuple[Hanging, Settings]
) -> None:
    server, settings = hanging
    server.silent_for = {address(0)}
    async with unit_of_work(clean_sessions) as session:
        await make_business(session)
        template = await make_template(session, settings)
        people = await make_crowd(session, 6)
        await make_plan(session, template, people[:1], touch_id=uuid4())
    road = asyncio.create_task(Dispatch(settings, clean_sessions, pace=Pace(lanes=2, group=2)).run())
    await server.hanging.acquire()
    async with unit_of_work(clean_sessions) as session:
        await make_plan(session, template, people[1:], touch_id=uuid4())

    await server.has_taken(5)
    server.goes_on.set()

    assert await road == 6


async def test_a_held_stream_waits_even_for_what_is_claimed_and_goes_on_when_it_is_lifted(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    """B-33, E-08."""
    server, settings = moody
    async with unit_of_work(clean_sessions) as session:
        await _touches(session, settings, 60)
    road = asyncio.create_task(Dispatch(settings, clean_sessions, pace=ONE_LANE).run())
    await server.has_taken(4)

    async with unit_of_work(clean_sessions) as session:
        hold = await service.hold_stream(session, *MARKETING, HoldReason.BY_HAND)
    at_hold = server.total
    await road
    waiting = await _queue(clean_sessions)
    after_hold = server.total
    async with unit_of_work(clean_sessions) as session:
        await service.lift_hold(session, await session.merge(hold), Actor.system("tests"), because="Provato.")
    await Dispatch(settings, clean_sessions).run()

    assert after_hold - at_hold <= 2 * ONE_LANE.group
    assert waiting == {"queued": 60 - after_hold}
    assert (server.total, set(server.received.values())) == (60, {1})


async def test_a_cancellation_stops_what_is_claimed(clean_sessions: Sessions, moody: tuple[Moody, Settings]) -> None:
    server, settings = moody
    async with unit_of_work(clean_sessions) as session:
        (touch_id,) = await _touches(session, settings, 60)
    road = asyncio.create_task(Dispatch(settings, clean_sessions, pace=ONE_LANE).run())
    await server.has_taken(4)

    async with unit_of_work(clean_sessions) as session:
        await service.cancel_touch(session, touch_id)
    at_cancel = server.total
    await road

    async with clean_sessions() as session:
        statuses = Counter(await session.scalars(select(Message.status)))
    assert server.total - at_cancel <= 2 * ONE_LANE.group
    assert statuses == {"sent": server.total, "cancelled": 60 - server.total}
    assert await _queue(clean_sessions) == {}


async def test_what_a_server_sends_back_of_a_cancelled_touch_is_taken_out_too(
    session: AsyncSession, settings: Settings
) -> None:
    (touch_id,) = await _touches(session, settings, 2)
    worker, now = uuid4(), TUESDAY + timedelta(hours=1)
    claim = await handoff.claim(session, worker, lines=[MARKETING], now=now, lease=LEASE, limit=1)
    [leaving] = claim.messages
    await handoff.mark_sending(session, worker, {leaving.id: allow()}, now=now, lease=LEASE)

    await service.cancel_touch(session, touch_id)
    while_sending = await service.finish_cancelling(session, touch_id)
    refused = Receipt(leaving.id, Outcome.RETRY, "451 4.3.0 later")
    await record_receipts(session, worker, {leaving.id: leaving}, [refused], now=now)
    taken_out = await service.finish_cancelling(session, touch_id)
    again = await service.finish_cancelling(session, touch_id)

    assert (while_sending, taken_out, again) == (False, True, False)
    assert set(await session.scalars(select(Message.status))) == {"cancelled"}
    assert await session.scalar(select(TouchHold.touch_id)) is None


async def test_what_was_set_aside_for_a_pace_nobody_keeps_any_more_goes_back(
    session: AsyncSession, settings: Settings
) -> None:
    """E-17."""
    (touch_id,) = await _touches(session, settings, 3)
    await session.execute(update(QueuedMessage).values(state=QueueState.PACED))

    await handoff.expire_leases(session, now=TUESDAY)

    assert await _claim(session, 10) == {touch_id: 3}


async def test_d_01_no_mail_is_begun_on_an_answer_that_is_too_old(moody: tuple[Moody, Settings]) -> None:
    server, settings = moody
    letters = [
        Letter(uuid4(), "EMAIL", "ciao@bottega.example", address(number), "Ciao", b"Message-ID: <1@x>\r\n\r\nCiao\r\n")
        for number in range(2)
    ]
    transport = SmtpTransport(settings.smtp_url.get_secret_value())

    receipts = await transport.deliver(letters, until=clock.now() - timedelta(seconds=1))
    await transport.close()

    assert [(each.outcome, each.detail) for each in receipts] == [(Outcome.UNREACHABLE, NOT_BEGUN)] * 2
    assert server.total == 0


# ── slow receivers ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_e_17_a_receiver_that_asks_for_it_gets_less_and_the_others_all(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    """What is beyond the tokens stands aside: no attempt is counted, and it goes out as tokens come."""
    server, settings = moody
    with clock.frozen(TUESDAY + timedelta(hours=1)):
        async with unit_of_work(clean_sessions) as session:
            await _touches(session, settings, 100, 8)
            session.add(
                SendPace(
                    **MARKETING._asdict(),
                    receiver="crowd.example",
                    per_minute=60,
                    tokens=3,
                    updated_at=clock.now(),
                    clean_since=clock.now(),
                )
            )
            ids = list(await session.scalars(select(QueuedMessage.message_id).limit(20)))
            elsewhere = update(QueuedMessage).where(QueuedMessage.message_id.in_(ids)).values(receiver="google")
            await session.execute(elsewhere)
        first = await Dispatch(settings, clean_sessions).run()
        at_once = await Dispatch(settings, clean_sessions).run()
    waiting = await _queue(clean_sessions)
    with clock.frozen(TUESDAY + timedelta(hours=1, seconds=10)):
        second = await Dispatch(settings, clean_sessions).run()
    async with clean_sessions() as session:
        rows = (await session.scalars(select(Message).where(Message.status == "queued"))).all()
        attempts = set(await session.scalars(select(QueuedMessage.attempts)))
    with clock.frozen(TUESDAY + timedelta(days=1)):
        rest = await Dispatch(settings, clean_sessions).run()

    assert (first, at_once, second, rest) == (23, 0, 10, 75)
    assert waiting == {"paced": 85}
    assert {len(row.history) for row in rows} == {1}
    assert attempts == {0}
    assert set(server.received.values()) == {1}


async def test_e_17_a_refusal_for_haste_makes_a_pace_and_a_day_of_calm_forgets_it(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    server, settings = moody
    server.at_address = {address(number): "451 4.7.1 slow down" for number in range(3)}
    with clock.frozen(TUESDAY):
        async with unit_of_work(clean_sessions) as session:
            await _touches(session, settings, 3)
        await Dispatch(settings, clean_sessions).run()
    async with clean_sessions() as session:
        paces = [(row.receiver, row.per_minute) for row in await session.scalars(select(SendPace))]
    server.at_address = {}
    with clock.frozen(TUESDAY + timedelta(days=1)):
        sent = await Dispatch(settings, clean_sessions).run()

    async with clean_sessions() as session:
        left = (await session.scalars(select(SendPace))).all()
    assert paces == [("crowd.example", 600)]
    assert (sent, left) == (3, [])


async def test_e_17_a_slow_line_is_fair_between_campaigns(session: AsyncSession, settings: Settings) -> None:
    big, small = await _touches(session, settings, 40, 4)
    await session.execute(update(QueuedMessage).values(state="paced", receiver="yahoo"))

    claimed = await handoff.claim_paced(
        session, uuid4(), MARKETING, "yahoo", now=TUESDAY + timedelta(hours=1), lease=LEASE, limit=8
    )

    ids = [message.id for message in claimed]
    touches = await session.scalars(select(QueuedMessage.touch_id).where(QueuedMessage.message_id.in_(ids)))
    assert Counter(touches) == {big: 4, small: 4}


async def test_e_17_yahoo_gets_twenty_mails_over_one_connection(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    server, settings = moody
    async with unit_of_work(clean_sessions) as session:
        await make_business(session)
        template = await make_template(session, settings)
        people = await make_crowd(session, 45, domain="yahoo.it")
        await make_plan(session, template, people, touch_id=uuid4())

    sent = await Dispatch(settings, clean_sessions, pace=Pace(lanes=1, group=10)).run()

    assert (sent, len(server.connections)) == (45, 3)


# ── young domains ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_e_18_a_young_domain_writes_to_fifty_the_engaged_first_and_to_more_the_next_day(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    server, settings = moody
    with clock.frozen(TUESDAY):
        async with unit_of_work(clean_sessions) as session:
            await make_business(session)
            sender = (
                await session.scalars(select(Sender).where(Sender.channel == "EMAIL", Sender.stream == "MARKETING"))
            ).one()
            await service.start_warmup(session, sender, actor=Actor.system("tests"))
            template = await make_template(session, settings)
            people = await make_crowd(session, 170)
            bought = {"purchases": 1, "first_at": TUESDAY, "last_at": TUESDAY - timedelta(days=2)}
            session.add_all(Profile(customer_id=each, **bought) for each in people[-10:])
            await session.flush()
            await make_plan(session, template, people, touch_id=uuid4())
        both = await asyncio.gather(*(Dispatch(settings, clean_sessions, pace=ONE_LANE).run() for _ in range(2)))
        engaged = {address(number) for number in range(160, 170)}
        first_day, were_first = server.total, engaged <= server.received.keys()
    with clock.frozen(TUESDAY + timedelta(days=1)):
        second_day = await Dispatch(settings, clean_sessions).run()
    async with unit_of_work(clean_sessions) as session:
        sender = (
            await session.scalars(select(Sender).where(Sender.channel == "EMAIL", Sender.stream == "MARKETING"))
        ).one()
        counted = (sender.warmup_allowance, sender.warmup_sent)
        await service.stop_warmup(session, sender, actor=Actor.system("tests"))
    with clock.frozen(TUESDAY + timedelta(days=1)):
        rest = await Dispatch(settings, clean_sessions).run()

    assert (sum(both), first_day, were_first) == (50, 50, True)
    assert (second_day, counted, rest) == (100, (100, 100), 20)
    assert set(server.received.values()) == {1}


async def test_e_18_deferrals_hold_a_young_domain_for_the_day(
    clean_sessions: Sessions, moody: tuple[Moody, Settings]
) -> None:
    server, settings = moody
    with clock.frozen(TUESDAY):
        async with unit_of_work(clean_sessions) as session:
            await make_business(session)
            sender = (
                await session.scalars(select(Sender).where(Sender.channel == "EMAIL", Sender.stream == "MARKETING"))
            ).one()
            await service.start_warmup(session, sender, actor=Actor.system("tests"))
            sender.warmup_sent, sender.warmup_deferred = 22, 1
            template = await make_template(session, settings)
            first, *others = await make_crowd(session, 3)
            await make_plan(session, template, [first], touch_id=uuid4())
        server.at_address = {address(0): "451 4.3.2 later"}
        tried = await Dispatch(settings, clean_sessions).run()
        async with unit_of_work(clean_sessions) as session:
            await make_plan(session, template, others, touch_id=uuid4())
        held = await Dispatch(settings, clean_sessions).run()

    assert (tried, held, server.total) == (1, 0, 0)
    assert await _queue(clean_sessions) == {"queued": 3}
