"""Nobody is given anything unregistered or unnamed; what was given is known, and its recipients are told."""

from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability.errors import ProcessingNotRegistered
from ritorno.consents import service as consents
from ritorno.consents.rules import Method, Purpose
from ritorno.customers import service as customers
from ritorno.customers.models import ContactPoint
from ritorno.disclosures import jobs, queries, service
from ritorno.disclosures.errors import RecipientInactive, RecipientNameTaken, RecipientNotNamed
from ritorno.disclosures.models import DisclosureNotice
from ritorno.disclosures.schemas import RecipientPatch
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.ids import uuid7
from ritorno.kit.problems import Invalid
from tests.factories.accountability import OFFICER, make_activity
from tests.factories.consents import STAFF, make_notice_version
from tests.factories.customers import make_customer
from tests.factories.disclosures import agree, give, make_draft, make_recipient


async def told_of(session: AsyncSession, customer_id: UUID) -> list[str]:
    found = await session.scalars(
        select(DisclosureNotice.cause).where(DisclosureNotice.customer_id == customer_id).order_by(DisclosureNotice.id)
    )
    return list(found)


async def test_c_34_a_recipient_is_activated_when_the_register_and_a_text_name_it(session: AsyncSession) -> None:
    draft = await make_draft(session)

    with pytest.raises(ProcessingNotRegistered):
        await service.activate(session, draft, actor=OFFICER)
    await make_activity(session, purpose="THIRD_PARTY", recipient_ids=[draft.id])
    with pytest.raises(RecipientNotNamed):
        await service.activate(session, draft, actor=OFFICER)
    with pytest.raises(RecipientInactive):
        await service.require_active(session, draft.id)
    await make_notice_version(session, purpose=Purpose.THIRD_PARTY, recipient_id=draft.id)
    await service.activate(session, draft, actor=OFFICER)

    assert (await service.require_active(session, draft.id)).id == draft.id


async def test_c_20_what_people_said_yes_to_never_changes_behind_them(session: AsyncSession) -> None:
    recipient, _ = await make_recipient(session)

    with pytest.raises(Invalid) as refusal:
        await service.change_recipient(
            session, recipient, RecipientPatch(name="Altri S.r.l.", stated_use="Anything"), actor=OFFICER
        )
    await service.change_recipient(
        session, recipient, RecipientPatch(privacy_contact="dpo@assicura.example"), actor=OFFICER
    )

    assert sorted(each.path for each in refusal.value.errors) == ["name", "stated_use"]
    assert recipient.privacy_contact == "dpo@assicura.example"


async def test_two_recipients_never_share_a_name(session: AsyncSession) -> None:
    await make_draft(session, name="Assicura")

    with pytest.raises(RecipientNameTaken):
        await make_draft(session, name="Assicura")


async def test_an_ended_recipient_is_given_nothing_more(session: AsyncSession) -> None:
    recipient, _ = await make_recipient(session)

    await service.end(session, recipient, actor=OFFICER)

    with pytest.raises(RecipientInactive):
        await service.require_active(session, recipient.id)


async def test_c_19_people_count_as_given_only_once_their_file_was_handed_over(session: AsyncSession) -> None:
    recipient, _ = await make_recipient(session)
    person = await make_customer(session, email="a@example.com")
    await service.note_people(session, uuid7(), {person.id: None})
    assert await queries.disclosures_of(session, person.id) == []

    await give(session, recipient, person.id)

    given = await queries.disclosures_of(session, person.id)
    assert [(each.recipient.id, each.handover.fields) for each in given] == [(recipient.id, ["id", "email"])]
    assert (await service.export(session, person.id))[0]["recipient"] == recipient.name
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        await session.execute(text("delete from disclosures"))


async def test_c_19_a_withdrawal_is_noted_for_each_recipient_that_holds_the_person(
    session: AsyncSession, work: Work
) -> None:
    (first, version), (second, other) = await make_recipient(session), await make_recipient(session)
    person = await make_customer(session, email="a@example.com")
    await agree(session, person.id, first, version)
    await agree(session, person.id, second, other)
    await give(session, first, person.id)
    await give(session, second, person.id)
    await consents.withdraw(
        session,
        customer_id=person.id,
        purpose=Purpose.THIRD_PARTY,
        channel=None,
        recipient_id=first.id,
        occurred_at=clock.now(),
        method=Method.LETTER,
        actor=STAFF,
    )
    await session.commit()

    payload = {"customer_ids": [str(person.id)]}
    await jobs.follow_refusals(work, payload)
    await jobs.follow_refusals(work, payload)

    rows = (await session.scalars(select(DisclosureNotice))).all()
    assert [(row.recipient_id, row.cause, row.state) for row in rows] == [(first.id, "WITHDRAWN", "pending")]


async def test_c_19_a_no_to_own_offers_alone_tells_no_recipient(session: AsyncSession, work: Work) -> None:
    recipient, version = await make_recipient(session)
    person = await make_customer(session, email="a@example.com")
    await agree(session, person.id, recipient, version)
    await give(session, recipient, person.id)
    await session.commit()

    await jobs.follow_refusals(work, {"customer_ids": [str(person.id)]})

    assert await told_of(session, person.id) == []


async def test_c_19_an_objection_to_everything_an_erasure_and_a_restriction_are_told_too(
    session: AsyncSession, work: Work
) -> None:
    recipient, version = await make_recipient(session)
    person = await make_customer(session, email="a@example.com")
    await agree(session, person.id, recipient, version)
    await give(session, recipient, person.id)
    today = clock.now().date()
    await consents.object_(
        session, customer_id=person.id, scope="all", received_on=today, method=Method.ORAL, actor=STAFF
    )
    await session.commit()

    await jobs.follow_refusals(work, {"customer_ids": [str(person.id)]})
    await jobs.follow_restriction(work, {"customer_ids": [str(person.id)]})
    async with work.session() as own:
        await service.erase(own, person.id)

    assert await told_of(session, person.id) == ["OBJECTED", "RESTRICTED", "ERASED"]


async def test_c_19_a_corrected_address_is_told_once_to_whoever_holds_the_old_one(
    session: AsyncSession, work: Work
) -> None:
    recipient, _ = await make_recipient(session)
    person = await make_customer(session, email="old@example.com")
    await give(session, recipient, person.id)
    await customers.add_tag(session, person.id, "vip", actor=OFFICER)
    await session.commit()
    payload = {"customer_ids": [str(person.id)]}
    await jobs.follow_rectification(work, payload)
    assert await told_of(session, person.id) == []

    point = await session.scalar(select(ContactPoint).where(ContactPoint.customer_id == person.id))
    assert point is not None
    await customers.end_contact_point(session, person.id, point.id, actor=OFFICER)
    await session.commit()
    await jobs.follow_rectification(work, payload)
    await jobs.follow_rectification(work, payload)

    assert await told_of(session, person.id) == ["RECTIFIED"]


async def test_a_notice_that_was_settled_is_raised_again_by_a_new_cause_of_the_same_kind(
    session: AsyncSession,
) -> None:
    recipient, _ = await make_recipient(session)
    person = await make_customer(session, email="a@example.com")
    await give(session, recipient, person.id)
    await service.tell_of_erasure(session, [person.id])
    row = (await session.scalars(select(DisclosureNotice))).one()

    await service.settle(session, row, actor=OFFICER)
    await service.settle(session, row, actor=OFFICER)
    await service.tell_of_erasure(session, [person.id])

    assert (row.state, row.settled_by) == ("told", OFFICER.name)
    assert await told_of(session, person.id) == ["ERASED", "ERASED"]


async def test_what_was_given_of_a_merged_card_is_told_of_the_living_one(session: AsyncSession) -> None:
    recipient, _ = await make_recipient(session)
    gone, living = await make_customer(session), await make_customer(session)
    await give(session, recipient, gone.id)
    gone.merged_into_id = living.id
    await session.flush()

    await service.tell_of_erasure(session, [living.id])

    assert len(await queries.disclosures_of(session, living.id)) == 1
    assert await told_of(session, gone.id) == ["ERASED"]
