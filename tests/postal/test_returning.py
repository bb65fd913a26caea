"""What the post brings back."""

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import Task
from ritorno.consents.rules import Ask, Channel, Purpose, decide
from ritorno.customers.models import ContactPoint
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message
from ritorno.messaging.permissions import load_facts
from ritorno.postal import service
from ritorno.postal.models import LetterPiece
from ritorno.postal.rules import ReturnOutcome, ReturnReason
from tests.factories.consents import STAFF
from tests.factories.letters import make_letters, make_reader, make_sender, prepare, print_pages


async def posted(session: AsyncSession, settings: Settings, work: Work, count: int = 1) -> list[str]:
    """Post letters and return their codes."""
    await make_sender(session)
    await make_letters(session, settings, [await make_reader(session, f"Via Po {each}") for each in range(count)])
    batch = await prepare(work)
    await print_pages(work, batch)
    await service.post_batch(session, batch.id, set(), actor=STAFF)
    return list(await session.scalars(select(LetterPiece.code).order_by(LetterPiece.number)))


async def test_d_p4_after_a_letter_came_back_its_address_is_refused_and_staff_are_asked_for_another(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    [code] = await posted(session, settings, work)

    outcomes = await service.record_returns(session, [code.lower()], ReturnReason.MOVED, actor=STAFF)
    await session.flush()

    message = (await session.scalars(select(Message).execution_options(populate_existing=True))).one()
    facts = (await load_facts(session, [message.customer_id], at=clock.now()))[message.customer_id]
    decision = decide(facts, Ask(Purpose.MKT_OWN, Channel.POST), clock.now())
    task = (await session.scalars(select(Task))).one()
    assert outcomes == [ReturnOutcome.NOTED]
    assert (message.status, message.reason, message.history[-1]["detail"]) == ("bounced", "RETURNED", "MOVED")
    assert (decision.rule_id, decision.reason) == ("D-P4", "BAD_CONTACT_POINT")
    assert (task.kind, task.subject_id) == ("address_returned", message.customer_id)


async def test_a_letter_that_came_back_is_noted_once_with_its_first_reason(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    [code] = await posted(session, settings, work)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")

    first = await service.record_returns(session, [code, code, wrong, "00000000"], ReturnReason.UNKNOWN, actor=STAFF)
    again = await service.record_returns(session, [code], ReturnReason.DECEASED, actor=STAFF)

    piece = (await session.scalars(select(LetterPiece).execution_options(populate_existing=True))).one()
    assert first == ["noted", "already_noted", "misread", "not_ours"]
    assert again == ["already_noted"]
    assert piece.return_reason == "unknown"
    assert len((await session.scalars(select(Task))).all()) == 1


async def test_a_death_the_post_tells_of_is_a_question_for_a_person_and_marks_nobody(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    codes = await posted(session, settings, work, count=2)

    await service.record_returns(session, codes[:1], ReturnReason.DECEASED, actor=STAFF)
    await service.record_returns(session, codes[1:], ReturnReason.REFUSED, actor=STAFF)

    kinds = await session.scalars(select(Task.kind).order_by(Task.id))
    points = await session.scalars(select(ContactPoint.invalid_at).execution_options(populate_existing=True))
    assert list(kinds) == ["death_to_check", "letter_refused"]
    assert all(points)


async def test_a_letter_that_was_not_posted_cannot_come_back(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    [code] = await posted(session, settings, work)
    await session.execute(update(LetterPiece).values(state="ready"))

    assert await service.record_returns(session, [code], ReturnReason.UNKNOWN, actor=STAFF) == ["not_posted"]
