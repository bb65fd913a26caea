"""One key, one effect: a replay gets the first answer again, and two at once leave one of them."""

import asyncio

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import idempotency
from ritorno.kit.idempotency import Claim, InFlight
from tests.conftest import ClientAs, Sessions
from tests.factories.customers import make_customer


async def test_b_45_the_same_key_answers_again_and_another_body_under_it_is_refused(
    session: AsyncSession, client: AsyncClient
) -> None:
    customer = await make_customer(session, email="a@example.it")
    await session.commit()
    where, key = f"/v1/customers/{customer.id}/replies", {"Idempotency-Key": "once"}
    body = {"channel": "SMS", "text": "ciao", "received_at": "2026-11-20T10:00:00Z"}

    first = await client.post(where, json=body, headers=key)
    again = await client.post(where, json=body, headers=key)
    other = await client.post(where, json=body | {"text": "altro"}, headers=key)

    assert (again.json(), again.headers["Idempotency-Replayed"]) == (first.json(), "true")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency-key-reused")
    assert (await client.get(where)).json()["total"] == 1


async def test_b_45_an_act_that_must_happen_once_asks_for_its_key(client_as: ClientAs) -> None:
    officer = await client_as("privacy_officer")

    missing = await officer.post("/v1/exports", json={})

    assert (missing.status_code, missing.json()["code"]) == (400, "idempotency-key-missing")


async def test_b_45_of_two_at_the_same_moment_one_is_lost_whole(clean_sessions: Sessions) -> None:
    claim = Claim("/v1/things", "once", b"same")

    async def act() -> None:
        async with clean_sessions() as session, session.begin():
            await idempotency.replay_or_pass(session, claim)
            await asyncio.sleep(0.05)
            await idempotency.keep(session, claim, 201, b"{}", "application/json")

    done = await asyncio.gather(act(), act(), return_exceptions=True)

    assert [type(each) for each in done if each is not None] == [InFlight]
    async with clean_sessions() as session:
        with pytest.raises(idempotency.Replay):
            await idempotency.replay_or_pass(session, claim)
