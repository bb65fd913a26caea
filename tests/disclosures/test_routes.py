"""Third parties over HTTP: entered, registered, named, activated; what they were given and are told."""

from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Purpose
from ritorno.disclosures import service
from ritorno.identity.rules import Role
from tests.conftest import ClientAs
from tests.factories.accountability import activity_body
from tests.factories.consents import make_notice_version
from tests.factories.customers import make_customer
from tests.factories.disclosures import give, make_recipient

BODY = {
    "name": "Assicura Famiglia S.p.A.",
    "category": "insurer",
    "merchandise_category": "home insurance",
    "country": "IT",
    "privacy_contact": "privacy@assicura.example",
    "stated_use": "To propose a home insurance, once",
}


async def test_a_recipient_is_entered_registered_named_and_activated(
    client_as: ClientAs, session: AsyncSession
) -> None:
    officer = await client_as(Role.PRIVACY_OFFICER)
    made = await officer.post("/v1/recipients", json=BODY)
    place, recipient_id = made.headers["Location"], made.json()["id"]

    unregistered = await officer.put(f"{place}/activation")
    row = activity_body(purpose="THIRD_PARTY", recipient_ids=[recipient_id]).model_dump(mode="json")
    await officer.post("/v1/processing-activities", json=row)
    unnamed = await officer.put(f"{place}/activation")
    await make_notice_version(session, purpose=Purpose.THIRD_PARTY, recipient_id=recipient_id)
    await session.commit()
    active = await officer.put(f"{place}/activation")
    ended = await officer.delete(f"{place}/activation")

    assert (made.json()["status"], made.json()["is_registered"], made.json()["has_notice"]) == ("draft", False, False)
    assert unregistered.json()["code"] == "processing-not-registered"
    assert unnamed.json()["code"] == "recipient-not-named"
    assert (active.json()["status"], ended.json()["status"]) == ("active", "ended")


async def test_c_19_a_person_is_told_to_whom_their_data_went(client: AsyncClient, session: AsyncSession) -> None:
    recipient, _ = await make_recipient(session)
    person = await make_customer(session, email="a@example.com")
    await give(session, recipient, person.id)
    await session.commit()

    items = (await client.get(f"/v1/customers/{person.id}/disclosures")).json()["items"]
    listed = (await client.get("/v1/recipients")).json()["items"]

    assert [(each["recipient_name"], each["fields"]) for each in items] == [(recipient.name, ["id", "email"])]
    assert [(each["people_count"], each["pending_notices"]) for each in listed] == [(1, 0)]


async def test_c_19_what_a_recipient_must_be_told_is_listed_and_settled(
    client_as: ClientAs, session: AsyncSession
) -> None:
    officer, cashier = await client_as(Role.PRIVACY_OFFICER), await client_as(Role.CASHIER)
    recipient, _ = await make_recipient(session)
    person = await make_customer(session, email="a@example.com")
    await give(session, recipient, person.id)
    await service.tell_of_erasure(session, [person.id])
    await session.commit()

    pending = (await officer.get("/v1/disclosure-notices", params={"state": "pending"})).json()["items"]
    settled = await officer.put(f"/v1/disclosure-notices/{pending[0]['id']}/settlement")
    left = (await officer.get("/v1/disclosure-notices", params={"state": "pending"})).json()["items"]

    assert [(each["cause"], each["privacy_contact"]) for each in pending] == [("ERASED", recipient.privacy_contact)]
    assert (settled.json()["state"], settled.json()["settled_by"]) == ("told", "privacy_officer")
    assert str(person.id) in pending[0]["text"]
    assert "a@example.com" not in pending[0]["text"]
    assert left == []
    assert (await cashier.get("/v1/disclosure-notices")).status_code == 403
