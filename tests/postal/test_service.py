"""Letters from the queue to the letter box and back."""

from uuid import uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Action, Channel
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging.models import CapturedMessage, Message, QueuedMessage
from ritorno.messaging.service import stop_queued
from ritorno.postal import jobs, queries, service
from ritorno.postal.errors import LetterBatchPosted, LettersToRemove
from ritorno.postal.models import LetterPiece
from ritorno.postal.schemas import LetterPieceFilter
from tests.factories.consents import STAFF, make_consent
from tests.factories.letters import make_letters, make_reader, make_sender, prepare


async def statuses(session: AsyncSession) -> list[tuple[str, str | None]]:
    rows = await session.execute(select(Message.status, Message.reason).order_by(Message.id))
    return [(status, reason) for status, reason in rows]


async def test_a_letter_is_prepared_printed_posted_and_counts_as_sent_with_its_cost(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    [message_id] = await make_letters(session, settings, [await make_reader(session)])

    batch = await prepare(work)
    pdf = b"".join(await service.pages(session, settings, batch.id, actor=STAFF))
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
    before = b"".join(await service.pages(session, settings, batch.id, actor=STAFF))
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
    await service.pages(session, settings, second.id, actor=STAFF)
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
