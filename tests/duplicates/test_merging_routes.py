"""Merges over HTTP: who may, what they answer, and two at once."""

import asyncio
from uuid import uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Action
from ritorno.customers.errors import CustomerMerged
from ritorno.customers.models import Customer, Merge
from ritorno.duplicates import service
from ritorno.identity.rules import Role
from ritorno.transactions import service as transactions
from ritorno.transactions.models import Transaction
from tests.conftest import ClientAs, Sessions, TokenClient
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer
from tests.factories.duplicates import STAFF
from tests.factories.transactions import TILL, a_body, a_line, make_transaction


def key() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


async def two_cards(session: AsyncSession) -> tuple[Customer, Customer]:
    winner = await make_customer(session, given_name="Marta", family_name="Bellini", email="w@example.it", gender=None)
    loser = await make_customer(session, given_name="M.", family_name="Bellini", phone="+393330000001", gender="FEMALE")
    await make_transaction(session, loser, a_line("bread", "6.10"))
    await session.commit()
    return winner, loser


@pytest.mark.parametrize("role", [Role.CASHIER, Role.ANALYST])
async def test_the_counter_and_the_analyst_may_neither_merge_nor_look(
    session: AsyncSession, client_as: ClientAs, role: Role
) -> None:
    winner, loser = await two_cards(session)
    browser = await client_as(role)
    body = {"winner_id": str(winner.id), "loser_id": str(loser.id)}

    answers = [
        await browser.post("/v1/merges", json=body, headers=key()),
        await browser.post("/v1/merges/previews", json=body),
        await browser.post(f"/v1/merges/{uuid4()}/reversals", headers=key()),
        await browser.get(f"/v1/merges/{uuid4()}"),
        await browser.get(f"/v1/customers/{winner.id}/merges"),
    ]

    assert [answer.json()["code"] for answer in answers] == ["forbidden"] * 5


async def test_two_cards_are_merged_told_and_separated(session: AsyncSession, token_client: TokenClient) -> None:
    winner, loser = await two_cards(session)
    staff = await token_client(["duplicates:write", "customers:read"])
    body = {"winner_id": str(winner.id), "loser_id": str(loser.id), "choices": {"given_name": "loser"}}
    once = key()

    made = await staff.post("/v1/merges", json=body, headers=once)
    replayed = await staff.post("/v1/merges", json=body, headers=once)
    again = await staff.post("/v1/merges", json=body, headers=key())
    gone = await staff.get(f"/v1/customers/{loser.id}")
    history = await staff.get(f"/v1/customers/{winner.id}/merges")
    undone = await staff.post(f"/v1/merges/{made.json()['id']}/reversals", headers=key())
    back = await staff.get(f"/v1/customers/{loser.id}")

    assert (made.status_code, made.headers["location"]) == (201, f"/v1/merges/{made.json()['id']}")
    assert made.json()["moved"] == {"contact_points": 1, "transactions": 1}
    assert {"field": "gender", "source": "loser", "before": None, "after": "FEMALE"} in made.json()["fields"]
    assert replayed.json() == made.json()
    assert again.json()["id"] == made.json()["id"]
    assert (gone.status_code, gone.json()["code"], gone.json()["merged_into"]) == (
        409,
        "customer-merged",
        str(winner.id),
    )
    assert [(row["merged_by"], row["is_reversible"]) for row in history.json()["items"]] == [("till", True)]
    assert (undone.status_code, undone.json()["kept"], undone.json()["merge"]["is_reversible"]) == (201, [], False)
    assert back.status_code == 200


async def test_a_preview_shows_both_cards_and_the_one_they_would_become(
    session: AsyncSession, client: AsyncClient
) -> None:
    winner, loser = await two_cards(session)
    await make_transaction(session, winner, a_line("bread", "4.00"))
    await make_consent(session, winner.id)
    await make_consent(session, loser.id, action=Action.WITHDRAW)
    await session.commit()

    answer = await client.post("/v1/merges/previews", json={"winner_id": str(winner.id), "loser_id": str(loser.id)})

    shown = answer.json()
    assert answer.status_code == 200
    assert [shown[side]["revenue"]["amount"] for side in ("winner", "loser", "merged")] == ["4.00", "6.10", "10.10"]
    assert [shown[side]["visits"] for side in ("winner", "loser", "merged")] == [1, 1, 1]
    by_email = [shown[side]["permissions"]["rows"][0]["cells"][0]["reason"] for side in ("winner", "loser", "merged")]
    assert by_email == [None, "BAD_CONTACT_POINT", "WITHDRAWN"]
    fields = {row["field"]: (row["winner"], row["loser"], row["kept"], row["differs"]) for row in shown["fields"]}
    assert fields["given_name"] == ("Marta", "M.", "winner", True)
    assert fields["gender"] == (None, "FEMALE", "loser", True)
    assert fields["phone"] == (None, "+39 333 000 0001", "loser", True)
    assert fields["family_name"] == ("Bellini", "Bellini", "winner", False)
    assert await session.scalar(select(func.count()).select_from(Merge)) == 0
    assert (await client.get(f"/v1/customers/{loser.id}")).status_code == 200


async def test_what_cannot_be_merged_says_why(session: AsyncSession, client: AsyncClient) -> None:
    winner, loser = await two_cards(session)

    async def code(body: dict[str, object], headers: dict[str, str] | None = None) -> str:
        answer = await client.post("/v1/merges", json=body, headers=key() if headers is None else headers)
        return str(answer.json()["code"])

    both = {"winner_id": str(winner.id), "loser_id": str(loser.id)}
    assert await code(both, headers={}) == "idempotency-key-missing"
    assert await code(both | {"loser_id": str(winner.id)}) == "invalid"
    assert await code(both | {"choices": {"shoe_size": "loser"}}) == "invalid"
    assert await code(both | {"loser_id": str(uuid4())}) == "customer-not-found"
    lost = await client.post(f"/v1/merges/{uuid4()}/reversals", headers=key())
    assert lost.json()["code"] == "merge-not-found"


# ── two at once ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_two_merges_of_the_same_cards_the_opposite_way_round_end_in_one(clean_sessions: Sessions) -> None:
    async with clean_sessions.begin() as session:
        one, other = await make_customer(session), await make_customer(session)

    async def merge(winner: Customer, loser: Customer) -> object:
        async with clean_sessions.begin() as session:
            return await service.merge(session, winner_id=winner.id, loser_id=loser.id, actor=STAFF)

    results = await asyncio.gather(merge(one, other), merge(other, one), return_exceptions=True)

    assert {type(result) for result in results} == {Merge, CustomerMerged}
    async with clean_sessions() as session:
        assert await session.scalar(select(func.count()).select_from(Merge)) == 1


@pytest.mark.parametrize("way", ["single", "batch"])
async def test_a_receipt_that_comes_in_during_a_merge_lands_on_the_living_card(
    clean_sessions: Sessions, way: str
) -> None:
    async with clean_sessions.begin() as session:
        one = await make_customer(session)
        other = await make_customer(session, card="200")
        await transactions.put(session, "till", "first", a_body(customer={"card": "200"}), actor=TILL)

    async def sell() -> None:
        async with clean_sessions.begin() as session:
            if way == "single":
                await transactions.put(session, "till", "second", a_body(customer={"card": "200"}), actor=TILL)
            else:
                rows = [{"source": "till", "external_id": "second", **a_body(customer={"card": "200"})}]
                await transactions.put_many(session, rows, actor=TILL)

    async with clean_sessions.begin() as session:
        await service.merge(session, winner_id=one.id, loser_id=other.id, actor=STAFF)
        selling = asyncio.create_task(sell())
        await asyncio.sleep(0.5)
        assert not selling.done()
    await selling

    async with clean_sessions() as session:
        owners = list(await session.scalars(select(Transaction.customer_id)))
    assert owners == [one.id, one.id]
