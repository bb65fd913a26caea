"""Letters from the queue to the letter box and back."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from asyncpg.exceptions import LockNotAvailableError
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Action, Channel
from ritorno.embedded import Services
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging.models import CapturedMessage, Message, QueuedMessage
from ritorno.messaging.service import cancel_touch, stop_queued
from ritorno.postal import jobs, making, queries, service
from ritorno.postal.errors import LetterBatchNotReady, LetterBatchPosted, LettersToRemove
from ritorno.postal.models import LetterPiece
from ritorno.postal.schemas import LetterBatchCreate, LetterPieceFilter
from ritorno.postal.service import preparing
from tests.conftest import Sessions, settings_for
from tests.factories.consents import STAFF, make_consent
from tests.factories.letters import make_letters, make_reader, make_sender, prepare, print_pages
from tests.factories.messaging import make_plan, make_template


async def statuses(session: AsyncSession) -> list[tuple[str, str | None]]:
    rows = await session.execute(select(Message.status, Message.reason).order_by(Message.id))
    return [(status, reason) for status, reason in rows]


async def test_a_letter_is_prepared_printed_posted_and_counts_as_sent_with_its_cost(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    [message_id] = await make_letters(session, settings, [await make_reader(session)])

    batch = await prepare(work)
    pdf = await print_pages(work, batch)
    await service.post_batch(session, batch.id, set(), actor=STAFF)
    await service.post_batch(session, batch.id, set(), actor=STAFF)

    message = await session.get_one(Message, message_id, populate_existing=True)
    piece = (await session.scalars(select(LetterPiece).execution_options(populate_existing=True))).one()
    assert pdf.startswith(b"%PDF-1.7")
    assert (message.status, message.cost_minor) == ("sent", 130)
    assert (piece.state, piece.number, piece.pages) == ("posted", 1, 1)
    assert await session.scalar(select(func.count()).select_from(QueuedMessage)) == 0
    assert [state["status"] for state in message.history] == ["queued", "sending", "sent"]


async def test_c_14_the_gate_is_asked_again_when_a_batch_is_prepared(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    anna, bruno = await make_reader(session), await make_reader(session, "Via Po 2")
    await make_letters(session, settings, [anna, bruno])
    await make_consent(session, anna.id, channel=Channel.POST, action=Action.OBJECT, at=clock.now())
    await session.commit()

    batch = await prepare(work)

    assert await statuses(session) == [("skipped", "OBJECTED"), ("queued", None)]
    assert batch.left_out == {"OBJECTED": 1}


async def test_c_14_who_says_no_after_printing_is_named_until_taken_from_the_pile(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    people = [
        await make_reader(session),
        await make_reader(session, "Via Po 2"),
        await make_reader(session, "Via Po 3"),
    ]
    await make_letters(session, settings, people)
    batch = await prepare(work)

    await make_consent(session, people[0].id, channel=Channel.POST, action=Action.OBJECT, at=clock.now())
    before = await print_pages(work, batch)
    await make_consent(session, people[1].id, channel=Channel.POST, action=Action.OBJECT, at=clock.now())
    await stop_queued(session, [people[1].id])
    listed = await queries.list_pieces(session, batch.id, LetterPieceFilter())
    with pytest.raises(LettersToRemove) as refused:
        await service.post_batch(session, batch.id, set(), actor=STAFF)
    await service.post_batch(session, batch.id, {2}, actor=STAFF)

    assert b"/Count 4" in before, "two pieces, each a sheet"
    assert [(each.piece.number, each.state, each.reason, each.must_be_removed) for each in listed.items] == [
        (1, "dropped", "OBJECTED", False),
        (2, "dropped", "OBJECTED", True),
        (3, "ready", None, False),
    ]
    assert refused.value.extra["numbers"] == [2]
    assert await statuses(session) == [("skipped", "OBJECTED"), ("skipped", "OBJECTED"), ("sent", None)]


async def test_d_11_one_letter_box_gets_one_copy_of_an_offer_however_it_is_spelt(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    people = [
        await make_reader(session, "Via Po, 1"),
        await make_reader(session, "V. Po n. 1", given_name="Bruno"),
        await make_reader(session, "Via Po 11", given_name="Carla"),
    ]
    await make_letters(session, settings, people, touch_id=uuid4())

    batch = await prepare(work)

    assert await statuses(session) == [("queued", None), ("skipped", "SHARED_ADDRESS"), ("queued", None)]
    assert batch.left_out == {"SHARED_ADDRESS": 1}


async def test_d_11_the_box_gets_its_copy_from_somebody_else_when_the_chosen_one_says_no(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    anna = await make_reader(session, "Via Po, 1")
    people = [anna, await make_reader(session, "V. Po n. 1", given_name="Bruno")]
    await make_letters(session, settings, people, touch_id=uuid4())
    batch = await prepare(work)

    await make_consent(session, anna.id, channel=Channel.POST, action=Action.OBJECT, at=clock.now())
    await session.commit()
    async with work.session() as unit:
        await making.printing.hand_out(unit, batch.id)
    await prepare(work)

    assert await statuses(session) == [("skipped", "OBJECTED"), ("queued", None)]
    living = select(LetterPiece.recipient["name"].astext).where(LetterPiece.state == "ready")
    assert await session.scalar(living) == "Bruno Rossi"


async def test_d_11_a_touch_that_was_stopped_wakes_nobody_at_the_same_address(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    touch_id = uuid4()
    people = [await make_reader(session, "Via Po, 1"), await make_reader(session, "V. Po n. 1")]
    await make_letters(session, settings, people, touch_id=touch_id)
    batch = await prepare(work)

    await cancel_touch(session, touch_id)
    await session.commit()
    async with work.session() as unit:
        await making.printing.hand_out(unit, batch.id)

    assert await statuses(session) == [("cancelled", None), ("skipped", "SHARED_ADDRESS")]


async def test_b_30_one_person_has_one_offer_in_batches_at_a_time(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    anna = await make_reader(session)
    await make_letters(session, settings, [anna])
    await make_letters(session, settings, [anna])
    await make_letters(session, settings, [anna])

    first = await prepare(work, size=1)
    second = await prepare(work)

    assert first.left_out == {}
    assert (second.state, second.left_out) == ("cancelled", {"FREQ_CAP": 2})
    assert await statuses(session) == [("queued", None), ("deferred", "FREQ_CAP"), ("deferred", "FREQ_CAP")]


async def test_b_30_whoever_was_written_to_meanwhile_waits_again_when_the_pile_is_posted(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    people = [await make_reader(session), await make_reader(session, "Via Po 2")]
    letter, _ = await make_letters(session, settings, people)
    batch = await prepare(work)
    await print_pages(work, batch)
    template = await make_template(session, settings)
    days_ago = clock.now() - timedelta(days=5)
    for _ in range(4):
        await make_plan(session, template, [people[0].id], due_at=days_ago)
    await session.execute(
        update(Message).where(Message.template_id == template.id).values(status="sent", sent_at=days_ago)
    )
    await session.commit()

    with pytest.raises(LettersToRemove) as refused:
        await service.post_batch(session, batch.id, set(), actor=STAFF)
    await service.post_batch(session, batch.id, {1}, actor=STAFF)

    message = await session.get_one(Message, letter, populate_existing=True)
    assert refused.value.extra["numbers"] == [1]
    assert (message.status, message.reason) == ("deferred", "FREQ_CAP")
    assert (await session.get_one(QueuedMessage, letter, populate_existing=True)).worker is None


async def test_c_14_what_was_posted_is_not_handed_out_again(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    await make_letters(session, settings, [await make_reader(session)])
    batch = await prepare(work)
    await print_pages(work, batch)
    await service.post_batch(session, batch.id, set(), actor=STAFF)
    await session.commit()

    with pytest.raises(LetterBatchNotReady):
        await print_pages(work, batch)
    with pytest.raises(LetterBatchNotReady):
        await service.addresses(session, batch.id, actor=STAFF)


async def test_nothing_in_the_queue_waits_while_pages_are_made(
    clean_database: Services, clean_sessions: Sessions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others may change every row at the moment the pages are set, though somebody has just dropped out."""
    work = Work(settings_for(clean_database), clean_sessions, STAFF)
    async with work.session() as session:
        await make_sender(session)
        people = [await make_reader(session), await make_reader(session, "Via Po 2")]
        await make_letters(session, work.settings, people)
    batch = await prepare(work)
    async with work.session() as session:
        await make_consent(session, people[0].id, channel=Channel.POST, action=Action.OBJECT, at=clock.now())
    make_part = making.printing.make_part
    free = []

    async def look(*args: Any) -> Any:
        async with work.session() as other:
            rows = await other.scalars(select(QueuedMessage.message_id).with_for_update(skip_locked=True))
            free.append(len(rows.all()))
        return await make_part(*args)

    monkeypatch.setattr(making.printing, "make_part", look)
    await print_pages(work, batch)

    assert free == [1]


async def test_batches_wait_for_each_other_to_fill_and_a_cancellation_for_whoever_holds_a_row(
    clean_database: Services, clean_sessions: Sessions
) -> None:
    """Else one letter box would get two copies, and a letter would stay with a batch that is no more."""
    work = Work(settings_for(clean_database), clean_sessions, STAFF)
    async with work.session() as session:
        await make_sender(session)
        people = [await make_reader(session), await make_reader(session)]
        await make_letters(session, work.settings, people, touch_id=uuid4())
    async with work.session() as session:
        batches = [await service.request_batch(session, LetterBatchCreate(size=1), actor=STAFF) for _ in range(2)]

    async with clean_sessions() as one, clean_sessions() as other:
        await other.execute(text("set lock_timeout = '50ms'"))
        await preparing.fill_part(one, work.settings, batches[0].id)
        with pytest.raises(DBAPIError, match="lock timeout"):
            await preparing.fill_part(other, work.settings, batches[1].id)
        await one.commit()
        await one.execute(select(QueuedMessage).with_for_update())
        await other.rollback()
        await other.execute(text("set lock_timeout = '50ms'"))
        with pytest.raises(LockNotAvailableError):
            await service.cancel_batch(other, batches[0].id, actor=STAFF)


async def test_a_batch_given_up_gives_its_letters_back_and_a_posted_one_cannot_be(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    await make_letters(session, settings, [await make_reader(session)])
    first = await prepare(work)
    await service.cancel_batch(session, first.id, actor=STAFF)
    await service.cancel_batch(session, first.id, actor=STAFF)
    await session.commit()
    [waiting] = await queries.list_waiting(session, now=clock.now())

    second = await prepare(work)
    await print_pages(work, second)
    await service.post_batch(session, second.id, set(), actor=STAFF)

    assert (waiting.free_count, waiting.cost_minor) == (1, 130)
    assert await statuses(session) == [("sent", None)]
    with pytest.raises(LetterBatchPosted):
        await service.cancel_batch(session, second.id, actor=STAFF)


async def test_a_batch_that_is_made_twice_is_made_once(session: AsyncSession, settings: Settings, work: Work) -> None:
    await make_sender(session)
    await make_letters(session, settings, [await make_reader(session), await make_reader(session, "Via Po 2")])
    batch = await prepare(work, size=1)

    await jobs.prepare(work, {"batch_id": str(batch.id)})

    assert await session.scalar(select(func.count()).select_from(LetterPiece)) == 1
    [waiting] = await queries.list_waiting(session, now=clock.now())
    assert waiting.free_count == 1


async def test_a_batch_for_which_nobody_is_left_ends_at_once(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    anna = await make_reader(session)
    await make_letters(session, settings, [anna])
    await make_consent(session, anna.id, channel=Channel.POST, action=Action.OBJECT, at=clock.now())
    await session.commit()

    batch = await prepare(work)

    assert (batch.state, batch.left_out) == ("cancelled", {"OBJECTED": 1})
    assert await session.scalar(select(func.count()).select_from(CapturedMessage)) == 0
