"""The search over real tables: which cards it reads, what it keeps of a verdict, and what a second run changes."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import Job
from ritorno.activity.rules import JobState
from ritorno.customers.models import ContactPoint, Customer, DuplicatePair
from ritorno.customers.rules import ContactKind, PairState
from ritorno.duplicates import jobs
from ritorno.duplicates.service import finding
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from tests.factories.customers import make_contact_point, make_customer

STAFF = Actor.system("Franca")
HOME = {"street": "Via Roma, 12", "postal_code": "00185", "city": "Roma"}


async def make_two(session: AsyncSession) -> tuple[Customer, Customer]:
    """Two cards of one person, and a stranger."""
    born = date(1960, 4, 12)
    one = await make_customer(
        session, given_name="Giuseppe", family_name="D'Angelo", phone="+393331234567", address=HOME, birth_on=born
    )
    other = await make_customer(
        session, given_name="GIUSEPPE", family_name="DANGELO", phone="+393331234567", birth_on=born
    )
    await make_customer(session, given_name="Carla", family_name="Neri", phone="+393339999999")
    await session.commit()
    return one, other


async def pairs(session: AsyncSession) -> Sequence[DuplicatePair]:
    fresh = select(DuplicatePair).order_by(DuplicatePair.id).execution_options(populate_existing=True)
    return (await session.scalars(fresh)).all()


async def test_a_search_finds_the_pair_says_why_and_finishes_its_job(session: AsyncSession, work: Work) -> None:
    one, other = await make_two(session)

    await jobs.search(work, {})

    [pair] = await pairs(session)
    assert (pair.low_id, pair.high_id) == tuple(sorted((one.id, other.id)))
    assert (pair.state, pair.tier, pair.probability > 0.99) == ("open", "automatic", True)
    levels = {each["field"]: each["level"] for each in pair.evidence}
    assert (levels["phone"], levels["birth_on"], levels["email"]) == ("same", "same", "unknown")
    assert "393331234567" not in str(pair.evidence)
    job = (await session.scalars(select(Job).where(Job.kind == finding.JOB_KIND))).one()
    assert job.state == JobState.DONE


async def test_searching_twice_changes_nothing_more(session: AsyncSession, work: Work) -> None:
    await make_two(session)

    await jobs.search(work, {})
    [first] = [(pair.id, pair.state, pair.key) for pair in await pairs(session)]
    await jobs.search(work, {})

    assert [(pair.id, pair.state, pair.key) for pair in await pairs(session)] == [first]


async def test_two_people_do_not_come_back_until_a_name_or_a_contact_changes(session: AsyncSession, work: Work) -> None:
    one, _ = await make_two(session)
    await jobs.search(work, {})
    [pair] = await pairs(session)
    await finding.decide(session, pair.id, PairState.DISTINCT, actor=STAFF)
    await session.commit()

    await jobs.search(work, {})
    [still] = [(pair.state, pair.decided_by) for pair in await pairs(session)]
    await make_contact_point(session, one.id, kind=ContactKind.EMAIL, value="g.dangelo@example.it")
    await session.commit()
    await jobs.search(work, {})
    [then] = [(pair.state, pair.decided_by) for pair in await pairs(session)]

    assert still == ("distinct", "Franca")
    assert then == ("open", None)


async def test_a_verdict_is_about_the_cards_as_they_are_now(session: AsyncSession, work: Work) -> None:
    one, _ = await make_two(session)
    await jobs.search(work, {})
    await make_contact_point(session, one.id, kind=ContactKind.EMAIL, value="g.dangelo@example.it")
    [pair] = await pairs(session)
    await finding.decide(session, pair.id, PairState.SKIPPED, actor=STAFF)
    await session.commit()

    await jobs.search(work, {})

    assert [pair.state for pair in await pairs(session)] == ["skipped"]


async def test_a_pair_no_longer_found_is_stale_and_opens_again_when_it_is(session: AsyncSession, work: Work) -> None:
    one, _ = await make_two(session)
    await jobs.search(work, {})
    one.restricted_at = clock.now()
    await session.commit()

    await jobs.search(work, {})
    [blocked] = [pair.state for pair in await pairs(session)]
    one.restricted_at = None
    await session.commit()
    await jobs.search(work, {})

    assert blocked == "stale"
    assert [pair.state for pair in await pairs(session)] == ["open"]


async def test_an_erased_or_merged_card_is_compared_with_nobody(session: AsyncSession, work: Work) -> None:
    one, other = await make_two(session)
    third = await make_customer(
        session, given_name="Giuseppe", family_name="D'Angelo", phone="+393331234567", birth_on=date(1960, 4, 12)
    )
    await jobs.search(work, {})
    before = len(await pairs(session))
    one.erased_at, other.merged_into_id = clock.now(), third.id
    await session.commit()

    await jobs.search(work, {})

    assert before == 3
    assert [(pair.state, pair.high_id == third.id) for pair in await pairs(session)] == [("stale", True)]


async def test_an_address_that_ended_is_evidence_no_more(session: AsyncSession, work: Work) -> None:
    one, _ = await make_two(session)
    point = (await session.scalars(select(ContactPoint).where(ContactPoint.customer_id == one.id))).first()
    assert point is not None
    point.valid_to = clock.now()
    await session.commit()

    await jobs.search(work, {})

    [pair] = await pairs(session)
    assert {each["field"]: each["level"] for each in pair.evidence}["phone"] == "unknown"
    assert pair.tier == "review"


async def test_a_search_asked_for_runs_under_the_job_people_watch_and_only_once(
    session: AsyncSession, work: Work
) -> None:
    await make_two(session)
    job = await finding.request_search(session, actor=STAFF)
    await session.commit()

    await jobs.search(work, {"job_id": str(job.id)})
    await session.refresh(job)
    finished_at = job.finished_at
    await jobs.search(work, {"job_id": str(job.id)})
    await session.refresh(job)

    assert (job.state, job.finished_at) == (JobState.DONE, finished_at)


async def test_a_search_cut_off_by_a_crash_does_not_block_the_next(session: AsyncSession, work: Work) -> None:
    cut_off = await finding.start_search(session)
    await session.commit()

    await jobs.search(work, {})

    await session.refresh(cut_off)
    assert (cut_off.state, cut_off.failure is not None) == (JobState.FAILED, True)
