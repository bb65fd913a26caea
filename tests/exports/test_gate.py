"""A file for contacting people asks the gate, person by person, when it is made."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel
from ritorno.customers.models import ContactPoint, CustomerTag
from ritorno.customers.rules import ContactKind
from ritorno.exports import jobs
from ritorno.exports.models import Export
from ritorno.kit import clock
from ritorno.kit.background import Work
from tests.exports.files import a_request, make, request, rows_of, to_email
from tests.factories.campaigns import make_crowd, withdraw
from tests.factories.consents import make_consent, make_soft_optin, sign_assessment
from tests.factories.customers import make_contact_point, make_customer
from tests.factories.segments import make_segment

MORNING = datetime(2026, 11, 17, 9, tzinfo=UTC)
"""A Tuesday, when the gate lets marketing leave."""


async def make_at(session: AsyncSession, work: Work, at: datetime, body: dict[str, Any]) -> Export:
    with clock.frozen(at):
        return await make(session, work, body)


def ids(work: Work, export: Export) -> list[UUID]:
    return [UUID(row["id"]) for row in rows_of(work, export)]


async def test_only_who_may_be_written_to_is_in_the_file_and_the_others_are_counted(
    session: AsyncSession, work: Work
) -> None:
    with clock.frozen(MORNING - timedelta(days=1)):
        yes, never, *_ = await make_crowd(session, 4, yes_every=2)
        refused = (await make_crowd(session, 1, first=10))[0]
        await withdraw(session, refused)
        without = await make_customer(session)
        await make_consent(session, without.id)

    export = await make_at(session, work, MORNING, to_email())

    rows = rows_of(work, export)
    assert [row["email"] for row in rows] == ["persona0@example.com", "persona2@example.com"]
    assert yes in ids(work, export)
    assert never not in ids(work, export)
    assert export.left_out == {"NO_SALE": 2, "WITHDRAWN": 1, "BAD_CONTACT_POINT": 1}
    assert export.rows_written + sum(export.left_out.values()) == export.rows_total == 6
    assert "phone" not in rows[0]


async def test_a_withdrawal_between_the_asking_and_the_making_is_heard(session: AsyncSession, work: Work) -> None:
    with clock.frozen(MORNING):
        first, second = await make_crowd(session, 2)
        export = await request(session, to_email())
        await withdraw(session, first)
        await session.commit()

        await jobs.produce(work, {"export_id": str(export.id)})

    await session.refresh(export)
    assert ids(work, export) == [second]
    assert export.left_out == {"WITHDRAWN": 1}


async def test_c_26_restricted_erased_and_dead_people_are_counted_before_the_gate_is_asked(
    session: AsyncSession, work: Work
) -> None:
    with clock.frozen(MORNING):
        people = await make_crowd(session, 3)
        for customer_id, mark in zip(people, ("restricted_at", "deceased_at", "erased_at"), strict=True):
            customer = await make_customer(session, **{mark: clock.now()}, email=f"{mark}@example.com")
            assert customer.id != customer_id

        export = await make(session, work, to_email())

    assert ids(work, export) == people
    assert export.left_out == {"RESTRICTED": 1, "DECEASED": 1, "ERASED": 1}


@pytest.mark.parametrize(
    ("filters", "columns", "needs"),
    [
        ({}, None, False),
        ({}, ["id", "email", "revenue"], True),
        ({}, ["id", "email", "tags"], True),
        ({"tag": "vip"}, None, True),
    ],
)
async def test_c_18_choosing_or_showing_by_behaviour_needs_profiling(
    session: AsyncSession, work: Work, filters: dict[str, str], columns: list[str] | None, needs: bool
) -> None:
    with clock.frozen(MORNING):
        asked = (await make_crowd(session, 1, profiling=True))[0]
        unasked = (await make_crowd(session, 1, first=10))[0]
        session.add_all([CustomerTag(customer_id=each, tag="vip") for each in (asked, unasked)])
        await session.flush()

        export = await make(session, work, to_email(filters=filters, columns=columns))

    assert ids(work, export) == ([asked] if needs else [asked, unasked])
    assert export.left_out == ({"NO_PROFILING": 1} if needs else {})


@pytest.mark.parametrize(("tree", "needs"), [({"all": []}, False), ({"field": "city", "value": ["Bologna"]}, True)])
async def test_c_18_a_segment_that_uses_behaviour_needs_profiling(
    session: AsyncSession, work: Work, tree: dict[str, Any], needs: bool
) -> None:
    with clock.frozen(MORNING):
        member = await make_customer(session, email="membro@example.com", city="Bologna")
        await make_consent(session, member.id)
        segment = await make_segment(session, tree)

        export = await make(session, work, to_email("members", filters={"segment_id": str(segment.id)}))

    assert export.left_out == ({"NO_PROFILING": 1} if needs else {})
    assert len(rows_of(work, export)) == (0 if needs else 1)


async def test_soft_optin_is_no_basis_for_a_file_because_nobody_knows_what_it_will_offer(
    session: AsyncSession, work: Work
) -> None:
    with clock.frozen(MORNING):
        customer = await make_customer(session)
        point = await make_contact_point(session, customer.id, kind=ContactKind.EMAIL)
        await make_soft_optin(session, customer.id, point.id)

        export = await make(session, work, to_email())

    assert ids(work, export) == []
    assert sum(export.left_out.values()) == 1


async def test_outside_the_hours_of_calls_nobody_is_in_the_file_and_the_reason_says_so(
    session: AsyncSession, work: Work
) -> None:
    with clock.frozen(MORNING):
        customer = await make_customer(session, phone="+393475550001")
        await make_consent(session, customer.id, channel=Channel.SMS)
    body = a_request(use="CONTACT", purpose="MKT_OWN", channel="SMS")

    by_night = await make_at(session, work, MORNING + timedelta(hours=14), body)
    by_day = await make_at(session, work, MORNING + timedelta(days=1), body)

    assert by_night.left_out == {"QUIET_HOURS": 1}
    assert [row["phone"] for row in rows_of(work, by_day)] == ["'+393475550001"]


async def test_the_address_is_the_one_the_gate_said_yes_to(session: AsyncSession, work: Work) -> None:
    with clock.frozen(MORNING):
        customer = await make_customer(session, email="vecchio@example.com")
        bounced = (await session.scalars(select(ContactPoint).where(ContactPoint.customer_id == customer.id))).one()
        bounced.hard_bounced_at, bounced.is_primary = clock.now(), False
        await make_contact_point(
            session, customer.id, kind=ContactKind.EMAIL, value="nuovo@example.com", is_primary=False
        )
        await make_consent(session, customer.id)

        export = await make(session, work, to_email())

    assert [row["email"] for row in rows_of(work, export)] == ["nuovo@example.com"]


async def test_a_letter_needs_the_address_in_its_parts(session: AsyncSession, work: Work) -> None:
    address = {"street": "Via Roma 1", "postal_code": "00121", "city": "Roma", "province": "RM", "country": "IT"}
    with clock.frozen(MORNING):
        customer = await make_customer(session, address=address, email="anna@example.com")
        await make_consent(session, customer.id, channel=Channel.POST)
        await sign_assessment(session)

        export = await make(session, work, a_request(use="CONTACT", purpose="MKT_OWN", channel="POST"))

    (row,) = rows_of(work, export)
    assert (row["street"], row["postal_code"], row["address_city"]) == ("Via Roma 1", "00121", "Roma")
    assert "email" not in row


async def test_an_internal_file_asks_nobody_and_shows_no_address(session: AsyncSession, work: Work) -> None:
    with clock.frozen(MORNING):
        people = await make_crowd(session, 2)
        await withdraw(session, people[0])

        export = await make(session, work, a_request())

    assert ids(work, export) == people
    assert not {"email", "phone", "street"} & set(rows_of(work, export)[0])
