"""One run that makes a batch, part by part from the queue, then part by part to paper; and one that hands it out.

Every step is a unit of work of its own and starts from what is stored, so a run that was killed is simply run again,
and two runs at once share the work.
"""

from collections.abc import Iterator
from uuid import UUID

from ritorno.activity import service as activity
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.logging import log
from ritorno.postal import queries
from ritorno.postal.rules import BatchState
from ritorno.postal.service import batches, preparing, printing


async def make(work: Work, batch_id: UUID) -> None:
    """Make a batch ready to be printed; nothing to do when it is, or was given up."""
    try:
        await _fill(work, batch_id)
        await _make_pages(work, batch_id)
    except Exception as error:
        # The text of a foreign error is left out, because it may carry personal data.
        async with work.session() as session:
            await batches.fail(session, batch_id, f"{type(error).__name__} while the letters were made")
        raise
    async with work.session() as session:
        await batches.finish(session, batch_id)
    log.info("letters.prepared", batch_id=str(batch_id))


async def print_pages(work: Work, batch_id: UUID, *, actor: Actor) -> Iterator[bytes]:
    """Return the pages of those who may be written to at this moment as one PDF.

    Whoever drops out is committed before the pages are made again, so that nothing in the queue waits for Typst.
    """
    async with work.session() as session:
        await printing.hand_out(session, batch_id)
    await _make_pages(work, batch_id)
    async with work.session() as session:
        return await printing.pages(session, work.settings, batch_id, actor=actor)


async def _fill(work: Work, batch_id: UUID) -> None:
    async with work.session() as session:
        await preparing.begin(session, batch_id)
    more = True
    while more:
        async with work.session() as session:
            more = await preparing.fill_part(session, work.settings, batch_id)


async def _make_pages(work: Work, batch_id: UUID) -> None:
    async with work.session() as session:
        batch = await queries.get_batch(session, batch_id)
        numbers = await printing.parts_to_make(session, work.settings, batch_id)
        is_wanted = batch.cancelled_at is None
    for number in numbers if is_wanted else ():
        async with work.session() as session:
            draft = await printing.read_part(session, batch_id, number)
        made = await printing.make_part(work.settings, draft)
        async with work.session() as session:
            await printing.keep_part(session, work.settings, draft, made)
            if batch.state == BatchState.PREPARING and batch.job_id is not None:
                await activity.advance_job(session, batch.job_id, done=await preparing.done_so_far(session, batch))
