"""Requests over HTTP: who may receive, read and answer, and what the screen is told (C-27, C-29)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.identity.models import StaffSession, User
from ritorno.identity.rules import Role
from ritorno.kit import clock
from ritorno.privacy.models import PrivacyRequest
from ritorno.privacy.rules import IdentityMethod, RequestKind
from tests.conftest import ClientAs, TokenClient
from tests.factories.customers import make_customer
from tests.factories.privacy import make_request

KNOWN = IdentityMethod.KNOWN_IN_PERSON


def key() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


async def received(client: AsyncClient, **body: Any) -> dict[str, Any]:
    answer = await client.post(
        "/v1/privacy-requests", json={"kind": "ACCESS", "channel": "LETTER"} | body, headers=key()
    )
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def test_c_29_any_counter_receives_a_request_and_only_the_desk_reads_them(
    session: AsyncSession, client_as: ClientAs
) -> None:
    customer = await make_customer(session)
    cashier, analyst = await client_as(Role.CASHIER), await client_as(Role.ANALYST)

    told = await received(cashier, customer_id=str(customer.id))
    refused = await analyst.post("/v1/privacy-requests", json={}, headers=key())
    listed = await cashier.get("/v1/privacy-requests")

    assert told["clock"]["days_left"] in range(28, 31)
    assert (refused.status_code, listed.status_code) == (403, 403)


async def test_a_repeated_post_receives_one_request(session: AsyncSession, client: AsyncClient) -> None:
    customer = await make_customer(session)
    body, same = {"kind": "ERASURE", "channel": "WEB", "customer_id": str(customer.id)}, key()

    answers = [await client.post("/v1/privacy-requests", json=body, headers=same) for _ in range(2)]

    assert answers[0].json() == answers[1].json()
    assert await session.scalar(select(func.count()).select_from(PrivacyRequest)) == 1


async def test_b_49_nobody_at_all_is_refused_and_somebody_unknown_is_logged(client: AsyncClient) -> None:
    nobody = await client.post("/v1/privacy-requests", json={"kind": "ACCESS", "channel": "EMAIL"}, headers=key())
    unknown = await received(client, claimed_identity="marta@altrove.example", channel="EMAIL")

    assert nobody.status_code == 422
    assert (unknown["state"], unknown["customer_id"], unknown["customer_name"]) == ("received", None, None)
    packs = await client.post(f"/v1/privacy-requests/{unknown['id']}/packs", json={}, headers=key())
    assert packs.json()["code"] == "identity-missing"


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        (
            "it",
            (
                "Ricevuta il 31 gennaio 2027: un mese di calendario finisce prima di 30 giorni; "
                "la risposta è dovuta entro il 28 febbraio 2027."
            ),
        ),
        (
            "en",
            "Received on 31 January 2027: a calendar month ends before 30 days; the answer is due by 28 February 2027.",
        ),
    ],
)
async def test_c_27_the_clock_is_explained_in_the_readers_language(
    client: AsyncClient, session: AsyncSession, language: str, sentence: str
) -> None:
    customer = await make_customer(session)
    with clock.frozen(datetime(2027, 1, 31, 9, tzinfo=UTC)):
        request = await make_request(session, customer.id)
    await session.commit()

    answer = await client.get(f"/v1/privacy-requests/{request.id}", headers={"Accept-Language": language})

    assert answer.json()["clock"]["explanation"] == sentence


async def make_three(session: AsyncSession) -> list[PrivacyRequest]:
    """Make a late one, one due in a few days and one that was just received."""
    customer = await make_customer(session)
    today = clock.today("Europe/Rome")
    made = [
        await make_request(session, customer.id, kind=kind, received_on=today - timedelta(days=age))
        for kind, age in ((RequestKind.ACCESS, 1), (RequestKind.ERASURE, 40), (RequestKind.ACCESS, 25))
    ]
    await session.commit()
    return made


async def test_c_29_the_list_begins_with_what_is_due_first_and_the_summary_counts_what_is_late(
    session: AsyncSession, client: AsyncClient
) -> None:
    fresh, late, soon = await make_three(session)

    listed = (await client.get("/v1/privacy-requests?is_open=true")).json()
    overdue = (await client.get("/v1/privacy-requests?overdue=true")).json()
    access = (await client.get("/v1/privacy-requests?kind=ACCESS&sort=-received")).json()
    summary = (await client.get("/v1/privacy-requests/summary")).json()

    assert [row["id"] for row in listed["items"]] == [str(each.id) for each in (late, soon, fresh)]
    assert [row["id"] for row in overdue["items"]] == [str(late.id)]
    assert [row["id"] for row in access["items"]] == [str(each.id) for each in (fresh, soon)]
    assert listed["items"][0]["clock"]["is_overdue"]
    assert summary == {"open": 3, "overdue": 1, "due_soon": 1, "next_due_on": late.due_on.isoformat()}


async def test_the_list_is_paged_by_what_is_due(session: AsyncSession, client: AsyncClient) -> None:
    fresh, late, soon = await make_three(session)

    first = (await client.get("/v1/privacy-requests?limit=2")).json()
    second = (await client.get(f"/v1/privacy-requests?limit=2&cursor={first['next_cursor']}")).json()

    ids = [row["id"] for row in [*first["items"], *second["items"]]]
    assert ids == [str(each.id) for each in (late, soon, fresh)]
    assert (await client.get("/v1/privacy-requests?tenant_id=1")).status_code == 422


async def test_a_request_goes_through_its_states_over_http(session: AsyncSession, client: AsyncClient) -> None:
    customer = await make_customer(session, given_name="Marta", family_name="Bianchi")
    user = await session.scalar(select(User.id).limit(1))
    request = await received(client, customer_id=str(customer.id), kind="RECTIFICATION", wish="CAP 40125")
    path = f"/v1/privacy-requests/{request['id']}"

    handled = await client.put(f"{path}/handler", json={"user_id": str(user)})
    paused = await client.put(f"{path}/pause", json={"reason": "La firma non coincide"})
    resumed = await client.delete(f"{path}/pause")
    known = await client.put(f"{path}/identity", json={"method": "KNOWN_IN_PERSON"})
    extended = await client.put(f"{path}/extension", json={"reason": "Archivio su carta"})
    answered = await client.put(f"{path}/answer", json={"outcome": "GRANTED"})
    again = await client.put(f"{path}/withdrawal")

    assert handled.json()["handler_name"] == "owner"
    assert (paused.json()["state"], paused.json()["clock"]["is_paused"]) == ("identity_pending", True)
    assert resumed.json()["clock"]["is_paused"] is False
    assert known.json()["state"] == "in_progress"
    assert extended.json()["clock"]["is_extended"]
    told = answered.json()
    assert (told["state"], told["outcome"], told["clock"]) == ("answered", "GRANTED", None)
    assert told["customer_name"] == "Marta Bianchi"
    assert [event["kind"] for event in told["events"]] == [
        "received", "assigned", "paused", "resumed", "identity_confirmed", "extended", "answered",
    ]  # fmt: skip
    assert again.json()["code"] == "privacy-request-closed"


async def test_an_answer_needs_a_fresh_proof_of_who_gives_it(
    session: AsyncSession, client_as: ClientAs, token_client: TokenClient
) -> None:
    customer = await make_customer(session)
    request = await make_request(session, customer.id, kind=RequestKind.RECTIFICATION, identity=KNOWN)
    officer, reader = await client_as(Role.PRIVACY_OFFICER), await token_client(["privacy:read"])
    rows = await session.scalars(select(StaffSession))
    for row in rows:
        row.step_up_at = clock.now() - timedelta(hours=1)
    await session.commit()

    stale = await officer.put(f"/v1/privacy-requests/{request.id}/answer", json={"outcome": "GRANTED"})
    reading = await reader.put(f"/v1/privacy-requests/{request.id}/answer", json={"outcome": "GRANTED"})

    assert stale.json()["code"] == "step-up-required"
    assert reading.status_code == 403


@pytest.mark.parametrize("kind", list(RequestKind))
@pytest.mark.parametrize("language", ["it", "en"])
async def test_every_kind_has_its_letters_in_both_languages(
    session: AsyncSession, client: AsyncClient, kind: RequestKind, language: str
) -> None:
    customer = await make_customer(session, given_name="Zoë #[x] *", language=language)
    request = await make_request(session, customer.id, kind=kind, identity=KNOWN)
    await session.commit()
    path = f"/v1/privacy-requests/{request.id}"
    names = []

    names.append((await client.get(f"{path}/letter")).headers["content-disposition"])
    await client.put(f"{path}/extension", json={"reason": "Archivio su carta"})
    names.append((await client.get(f"{path}/letter")).headers["content-disposition"])
    await client.put(f"{path}/answer", json={"outcome": "REFUSED", "reason": "Richiesta già evasa"})
    letter = await client.get(f"{path}/letter")
    names.append(letter.headers["content-disposition"])

    assert letter.content.startswith(b"%PDF")
    assert len(set(names)) == 3
    assert not [name for name in names if "Zo" in name]


async def test_a_letter_to_an_unknown_person_says_that_nothing_is_held(
    session: AsyncSession, client: AsyncClient
) -> None:
    request = await received(client, claimed_identity="Ines Moro, via Po 3")
    path = f"/v1/privacy-requests/{request['id']}"
    await client.put(f"{path}/identity", json={"method": "DOCUMENT_SEEN"})

    answered = await client.put(f"{path}/answer", json={"outcome": "GRANTED"})
    letter = await client.get(f"{path}/letter")

    assert answered.json()["state"] == "answered"
    assert letter.content.startswith(b"%PDF")
