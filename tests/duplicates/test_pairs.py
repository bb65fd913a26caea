"""The queue of pairs over HTTP: who may see it, in which order, and what a verdict does."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import Customer, DuplicatePair
from ritorno.customers.rules import PairState
from ritorno.duplicates.service import finding
from ritorno.kit import clock
from tests.conftest import ClientAs, TokenClient
from tests.factories.customers import make_customer

EVIDENCE = [
    {"field": "phone", "level": "same", "weight": 12.5},
    {"field": "family_name", "level": "same", "weight": 8.0},
    {"field": "given_name", "level": "similar", "weight": 4.0},
    {"field": "birth_on", "level": "unknown", "weight": 0.0},
    {"field": "city", "level": "different", "weight": -1.5},
]


async def make_pair(
    session: AsyncSession, one: Customer, other: Customer, *, probability: float = 0.97, **columns: Any
) -> DuplicatePair:
    low, high = sorted((one.id, other.id))
    pair = DuplicatePair(
        low_id=low,
        high_id=high,
        probability=probability,
        **{"tier": "review", "evidence": EVIDENCE, "found_at": clock.now(), "key": "-"} | columns,
    )
    session.add(pair)
    await session.commit()
    return pair


@pytest.fixture
async def marta(session: AsyncSession) -> Customer:
    return await make_customer(
        session, given_name="Marta", family_name="Bellini", phone="+393331234567", city="Bologna"
    )


@pytest.fixture
async def m_bellini(session: AsyncSession) -> Customer:
    return await make_customer(session, given_name="M.", family_name="Bellini", phone="+393331234567", city="Modena")


async def test_a_pair_shows_what_both_cards_hold_now(
    client: AsyncClient, session: AsyncSession, marta: Customer, m_bellini: Customer
) -> None:
    pair = await make_pair(session, marta, m_bellini)

    body = (await client.get(f"/v1/duplicates/{pair.id}")).json()

    assert (body["low"]["full_name"], body["high"]["full_name"]) == ("Marta Bellini", "M. Bellini")
    assert body["certainty"] == "medium"
    assert body["agreeing"] == ["phone", "family_name", "given_name"]
    phone, city = body["evidence"][0], body["evidence"][-1]
    assert phone == {
        "field": "phone",
        "level": "same",
        "weight": 12.5,
        "low": ["+39 333 123 4567"],
        "high": ["+39 333 123 4567"],
    }
    assert (city["low"], city["high"], city["level"]) == (["Bologna"], ["Modena"], "different")


async def test_the_queue_gives_the_surest_first_page_by_page(
    client: AsyncClient, session: AsyncSession, marta: Customer, m_bellini: Customer
) -> None:
    third = await make_customer(session, given_name="Marta", family_name="Belini")
    for one, other, probability in ((marta, third, 0.91), (marta, m_bellini, 0.999), (m_bellini, third, 0.95)):
        await make_pair(session, one, other, probability=probability)

    first = (await client.get("/v1/duplicates", params={"limit": 2})).json()
    second = (await client.get("/v1/duplicates", params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert [pair["probability"] for pair in first["items"] + second["items"]] == [0.999, 0.95, 0.91]
    assert first["total"] == 3
    assert second["next_cursor"] is None


async def test_an_erased_card_leaves_the_queue_at_once(
    client: AsyncClient, session: AsyncSession, marta: Customer, m_bellini: Customer
) -> None:
    await make_pair(session, marta, m_bellini)
    marta.erased_at = clock.now()
    await session.commit()

    assert (await client.get("/v1/duplicates")).json()["items"] == []
    assert (await client.get(f"/v1/customers/{m_bellini.id}/duplicates")).json() == []


async def test_a_card_knows_what_it_may_be_a_double_of(
    client: AsyncClient, session: AsyncSession, marta: Customer, m_bellini: Customer
) -> None:
    pair = await make_pair(session, marta, m_bellini)

    for card in (marta, m_bellini):
        found = (await client.get(f"/v1/customers/{card.id}/duplicates")).json()
        assert [each["id"] for each in found] == [str(pair.id)]


async def test_two_people_leave_the_queue_and_may_come_back_by_hand(
    client: AsyncClient, session: AsyncSession, marta: Customer, m_bellini: Customer
) -> None:
    pair = await make_pair(session, marta, m_bellini)
    verdict = f"/v1/duplicates/{pair.id}/verdict"

    said = (await client.put(verdict, json={"verdict": "distinct"})).json()
    queue = (await client.get("/v1/duplicates")).json()
    apart = (await client.get("/v1/duplicates", params={"state": "distinct"})).json()
    taken_back = (await client.put(verdict, json={"verdict": "open"})).json()

    assert (said["state"], said["decided_by"]) == ("distinct", "owner")
    assert queue["items"] == []
    assert [each["id"] for each in apart["items"]] == [str(pair.id)]
    assert taken_back["state"] == "open"


async def test_a_merged_pair_takes_no_verdict_until_the_cards_are_two_again(
    client: AsyncClient, session: AsyncSession, marta: Customer, m_bellini: Customer
) -> None:
    pair = await make_pair(session, marta, m_bellini)
    verdict = f"/v1/duplicates/{pair.id}/verdict"

    await finding.mark_merged(session, m_bellini.id, marta.id)
    await session.commit()
    refused = await client.put(verdict, json={"verdict": "distinct"})
    await finding.mark_unmerged(session, marta.id, m_bellini.id)
    await session.commit()
    accepted = await client.put(verdict, json={"verdict": "skipped"})

    assert (refused.status_code, refused.json()["code"]) == (409, "pair-merged")
    assert accepted.json()["state"] == PairState.SKIPPED


async def test_asking_twice_for_a_search_watches_the_same_job(client: AsyncClient) -> None:
    first = await client.post("/v1/duplicates/searches")
    second = await client.post("/v1/duplicates/searches")

    assert first.status_code == 202
    assert (first.json()["state"], first.json()["kind"]) == ("running", finding.JOB_KIND)
    assert second.json()["id"] == first.json()["id"]


@pytest.mark.parametrize(
    ("method", "path", "body", "scope"),
    [
        ("GET", "/v1/duplicates", None, "duplicates:read"),
        ("GET", "/v1/duplicates/{}", None, "duplicates:read"),
        ("GET", "/v1/customers/{}/duplicates", None, "duplicates:read"),
        ("PUT", "/v1/duplicates/{}/verdict", {"verdict": "distinct"}, "duplicates:write"),
        ("POST", "/v1/duplicates/searches", None, "duplicates:write"),
    ],
)
async def test_pairs_ask_for_their_scope(
    token_client: TokenClient, method: str, path: str, body: object, scope: str
) -> None:
    path = path.format(UUID(int=7 << 76 | 2 << 62))

    without = await (await token_client(["customers:read"])).request(method, path, json=body)
    with_it = await (await token_client([scope])).request(method, path, json=body)

    assert (without.status_code, without.json()["code"]) == (403, "forbidden")
    assert with_it.status_code in {200, 202, 404}


async def test_an_unknown_pair_or_verdict_is_refused(client: AsyncClient, client_as: ClientAs) -> None:
    unknown = await client.get(f"/v1/duplicates/{uuid4()}")
    misspelt = await client.put(f"/v1/duplicates/{uuid4()}/verdict", json={"verdict": "merged"})

    assert (unknown.status_code, unknown.json()["code"]) == (404, "pair-not-found")
    assert misspelt.status_code == 422
