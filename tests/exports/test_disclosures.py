"""A file for a third party: only who said yes to that one is in it, and each of them is noted (C-19, D-R1)."""

from uuid import uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import ContactPoint
from ritorno.disclosures import queries
from ritorno.disclosures.errors import RecipientInactive
from ritorno.disclosures.models import Handover, Recipient
from ritorno.exports import jobs
from ritorno.kit import clock
from ritorno.kit.background import Work
from tests.exports.files import a_request, ask, make, request, rows_of
from tests.factories.customers import make_customer
from tests.factories.disclosures import agree, make_draft, make_recipient


def to_third_party(recipient: Recipient, **more: object) -> dict[str, object]:
    body = a_request(
        use="DISCLOSURE", recipient_id=str(recipient.id), channel="EMAIL", reason="Accordo con l'assicuratore"
    )
    return body | more


async def test_d_r1_only_who_said_yes_to_this_recipient_is_in_its_file(session: AsyncSession, work: Work) -> None:
    (recipient, version), (other, about_other) = await make_recipient(session), await make_recipient(session)
    yes, to_another, silent, unreachable = [
        await make_customer(session, email=f"{name}@example.com") for name in ("yes", "another", "silent", "gone")
    ]
    consent = await agree(session, yes.id, recipient, version)
    await agree(session, to_another.id, other, about_other)
    await agree(session, unreachable.id, recipient, version)
    await session.execute(
        update(ContactPoint).where(ContactPoint.customer_id == unreachable.id).values(hard_bounced_at=clock.now())
    )

    export = await make(session, work, to_third_party(recipient))

    assert [(row["id"], row["email"]) for row in rows_of(work, export)] == [(str(yes.id), "yes@example.com")]
    assert export.left_out == {"NO_THIRD_PARTY": 2, "BAD_CONTACT_POINT": 1}
    given = await queries.disclosures_of(session, yes.id)
    assert [(each.recipient.id, each.disclosure.consent_event_id) for each in given] == [(recipient.id, consent.id)]
    assert given[0].handover.fields == export.columns
    assert await queries.disclosures_of(session, silent.id) == []


async def test_c_19_a_run_that_is_repeated_notes_each_person_once(session: AsyncSession, work: Work) -> None:
    recipient, version = await make_recipient(session)
    person = await make_customer(session, email="yes@example.com")
    await agree(session, person.id, recipient, version)

    export = await make(session, work, to_third_party(recipient))
    await jobs.produce(work, {"export_id": str(export.id)})

    handovers = (await session.scalars(select(Handover))).all()
    assert [(each.export_id, each.people_count) for each in handovers] == [(export.id, 1)]
    assert len(await queries.disclosures_of(session, person.id)) == 1


async def test_nothing_is_made_for_a_recipient_that_is_not_active(session: AsyncSession) -> None:
    draft = await make_draft(session)

    with pytest.raises(RecipientInactive):
        await request(session, to_third_party(draft))


async def test_what_a_third_party_is_given_is_the_least_it_takes(client: AsyncClient, session: AsyncSession) -> None:
    recipient, _ = await make_recipient(session)
    await session.commit()
    headers = {"Idempotency-Key": str(uuid4())}

    export = await ask(client, to_third_party(recipient))
    for wrong in (
        {"columns": ["id", "purchases"]},
        {"columns": ["id", "birth_on"]},
        {"columns": ["email"]},
        {"channel": None},
        {"purpose": "MKT_OWN"},
        {"recipient_id": None},
        {"use": "INTERNAL", "channel": None},
    ):
        answer = await client.post("/v1/exports", json=to_third_party(recipient, **wrong), headers=headers)
        assert answer.status_code == 422, wrong

    assert export["columns"] == ["id", "given_name", "family_name", "language", "email"]
    assert export["recipient_id"] == str(recipient.id)
