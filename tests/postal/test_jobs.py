"""The making of a batch goes on after a death, and what nobody needs is thrown away."""

import os
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import clock, storage
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging import handoff
from ritorno.messaging.models import QueuedMessage
from ritorno.postal import jobs, queries, service
from ritorno.postal.models import LetterBatch, LetterPart, LetterPiece
from ritorno.postal.schemas import LetterBatchCreate
from ritorno.postal.service import preparing
from tests.factories.consents import STAFF
from tests.factories.letters import make_letters, make_reader, make_sender, prepare, print_pages


async def test_a_run_that_was_killed_goes_on_with_what_it_had_taken_and_nobody_is_taken_twice(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    """The first part is whole, the second was half taken when its worker died: it never happened."""
    await make_sender(session)
    people = [await make_reader(session, f"Via Po {number}") for number in range(1, preparing.PART + 3)]
    await make_letters(session, settings, people)
    async with work.session() as unit:
        batch = await service.request_batch(unit, LetterBatchCreate(), actor=STAFF)
    async with work.session() as unit:
        await preparing.fill_part(unit, settings, batch.id)
    async with work.sessions() as dying:
        await preparing.fill_part(dying, settings, batch.id)
        await dying.rollback()
    async with work.session() as unit:
        await handoff.expire_leases(unit, now=clock.now() + timedelta(days=30))

    await jobs.prepare(work, {"batch_id": str(batch.id)})

    numbers = (await session.scalars(select(LetterPiece.number).order_by(LetterPiece.number))).all()
    assert list(numbers) == list(range(1, len(people) + 1))
    assert await session.scalar(select(func.count(LetterPiece.message_id.distinct()))) == len(people)
    assert (await session.get_one(LetterBatch, batch.id, populate_existing=True)).state == "prepared"
    assert set(await session.scalars(select(QueuedMessage.worker))) == {batch.id}


async def test_pages_are_forgotten_once_posted_and_addresses_a_month_after(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    await make_letters(session, settings, [await make_reader(session)])
    batch = await prepare(work)
    await print_pages(work, batch)
    await service.post_batch(session, batch.id, set(), actor=STAFF)
    await session.commit()
    digest = await session.scalar(select(LetterPart.pdf_sha256))
    assert digest is not None

    early = await service.forget_files(session, settings, now=clock.now() + timedelta(days=29))
    has_pages = await storage.read(settings, "letters", digest) is not None
    late = await service.forget_files(session, settings, now=clock.now() + timedelta(days=31))

    piece = (await session.scalars(select(LetterPiece).execution_options(populate_existing=True))).one()
    assert (early, late, has_pages) == (0, 1, False)
    assert (piece.recipient, piece.state) == (None, "posted")


async def test_c_24_an_erased_person_is_on_no_page_that_is_kept(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    anna = await make_reader(session)
    await make_letters(session, settings, [anna, await make_reader(session, "Via Po 2")])
    batch = await prepare(work)
    digest = await session.scalar(select(LetterPart.pdf_sha256))
    assert digest is not None

    told = await service.export(session, anna.id)
    await service.erase(session, anna.id)
    await session.commit()
    await jobs.forget_files(work, {})

    assert told[0]["address"] == "Anna Rossi, Via Po 1, 10121 TORINO TO, IT"
    assert (await service.export(session, anna.id))[0]["address"] is None
    assert await storage.read(settings, "letters", digest) is None
    assert await queries.parts_of(session, batch.id)


async def test_pages_that_no_part_names_are_thrown_away_after_a_day(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_sender(session)
    await make_letters(session, settings, [await make_reader(session)])
    await prepare(work)
    mine = await session.scalar(select(LetterPart.pdf_sha256))
    old, young = [await storage.keep(settings, "letters", content) for content in (b"old", b"young")]
    assert mine is not None
    for digest in (mine, old):
        os.utime(storage.path_of(settings, "letters", digest), (0, 0))

    await jobs.forget_files(work, {})

    kept = [await storage.read(settings, "letters", digest) is not None for digest in (mine, old, young)]
    assert kept == [True, False, True]
