"""The telephone over HTTP."""

from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.identity.rules import Role
from ritorno.messaging.models import Template
from tests.calls.test_offering import wait_for
from tests.conftest import ClientAs, TokenClient


async def test_an_afternoon_of_calls(session: AsyncSession, script: Template, client_as: ClientAs) -> None:
    """Two people wait; the counter calls one, gives the other back."""
    await wait_for(session, script, "Anna", "Bice")
    counter = await client_as(Role.CASHIER)

    waiting = (await counter.get("/v1/calls/waiting")).json()
    first = (await counter.post("/v1/calls", json={})).json()["call"]
    again = (await counter.get(f"/v1/calls/{first['id']}")).json()
    leased = await counter.put(f"/v1/calls/{first['id']}/lease")
    recorded = await counter.post(
        f"/v1/calls/{first['id']}/outcome", json={"outcome": "REACHED", "result": "INTERESTED"}
    )
    repeated = await counter.post(
        f"/v1/calls/{first['id']}/outcome", json={"outcome": "REACHED", "result": "INTERESTED"}
    )
    second = (await counter.post("/v1/calls", json={})).json()["call"]
    given_back = await counter.delete(f"/v1/calls/{second['id']}")
    left = (await counter.get("/v1/calls/waiting")).json()

    assert (waiting["waiting_count"], waiting["due_count"], waiting["open_call_id"]) == (2, 2, None)
    assert (again["number"], again["may_call"]) == (first["number"], True)
    assert leased.status_code == 200
    assert (recorded.status_code, recorded.json()["again_at"]) == (201, None)
    assert (repeated.status_code, repeated.json()["code"]) == (404, "call-not-found")
    assert second["id"] != first["id"]
    assert given_back.status_code == 204
    assert (left["due_count"], left["open_call_id"]) == (1, None)


async def test_a_call_belongs_to_whoever_took_it(session: AsyncSession, script: Template, client_as: ClientAs) -> None:
    await wait_for(session, script, "Anna")
    giulia, bruno = await client_as(Role.MARKETER), await client_as(Role.CASHIER)
    call = (await giulia.post("/v1/calls", json={})).json()["call"]

    answers = [
        await bruno.get(f"/v1/calls/{call['id']}"),
        await bruno.put(f"/v1/calls/{call['id']}/lease"),
        await bruno.delete(f"/v1/calls/{call['id']}"),
        await bruno.post(f"/v1/calls/{call['id']}/outcome", json={"outcome": "BUSY"}),
    ]

    assert {answer.json()["code"] for answer in answers} == {"call-not-found"}


async def test_numbers_are_for_people_who_call_and_for_no_program(
    client_as: ClientAs, token_client: TokenClient
) -> None:
    program = await token_client(["*"])
    analyst = await client_as(Role.ANALYST)

    assert [(await each.post("/v1/calls", json={})).status_code for each in (program, analyst)] == [403, 403]


async def test_an_empty_list_says_so(client: AsyncClient) -> None:
    offer = (await client.post("/v1/calls", json={})).json()

    assert offer == {"call": None, "refused": [], "has_more": False, "next_due_at": None}
