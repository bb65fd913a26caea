"""Quality over HTTP: who may ask, what is answered, and that each number equals the list behind it."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.rules import ContactLevel
from ritorno.identity.rules import Role
from ritorno.kit import clock
from ritorno.quality import queries, service
from ritorno.stores import service as stores
from tests.conftest import ClientAs, TokenClient
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer

COMPLETE: dict[str, Any] = {
    "phone": "+393331234567",
    "address": {"street": "Via Roma 1", "city": "Bologna"},
    "card": "100",
    "gender": "FEMALE",
    "acquisition_source": "WEB",
}


async def make_shop(session: AsyncSession) -> list[Customer]:
    store_ids = await stores.ensure_stores(session, ["S1", "S2"])
    people = [
        await make_customer(session, email="anna@shop.example", home_store_id=store_ids["S1"], **COMPLETE),
        await make_customer(session, email="b@shop.example", level=ContactLevel.UNVERIFIED, acquisition_source="FILE"),
        await make_customer(session, home_store_id=store_ids["S1"], subject_type="COMPANY", given_name=None),
        await make_customer(session, home_store_id=store_ids["S2"], email="d@shop.example", family_name=None),
        await make_customer(session, home_store_id=store_ids["S2"], restricted_at=clock.now()),
    ]
    await make_consent(session, people[0].id)
    await session.execute(
        update(ContactPoint).where(ContactPoint.value == "d@shop.example").values(hard_bounced_at=clock.now())
    )
    await service.refresh(session, [each.id for each in people])
    await service.keep_day(session)
    await session.commit()
    return people


def counts_in(answer: Any) -> Iterator[dict[str, Any]]:
    """Yield every number of an answer that opens a list."""
    if isinstance(answer, dict):
        if "filter" in answer:
            yield answer
        for value in answer.values():
            yield from counts_in(value)
    elif isinstance(answer, list):
        for value in answer:
            yield from counts_in(value)


@pytest.mark.parametrize("rare", [0, 5_000])
async def test_each_number_of_the_shop_equals_the_list_it_opens(
    client: AsyncClient, session: AsyncSession, monkeypatch: pytest.MonkeyPatch, rare: int
) -> None:
    monkeypatch.setattr(queries, "RARE", rare)
    await make_shop(session)

    answer = (await client.get("/v1/quality")).json()

    assert answer["cards"] == 4
    counts = list(counts_in(answer))
    assert len(counts) > 100
    for each in counts:
        wanted = {name: value for name, value in each["filter"].items() if value}
        listed = (await client.get("/v1/customers", params=wanted)).json()
        assert (listed["total"], wanted) == (each["count"], wanted)


async def test_the_shop_is_told_by_field_by_store_and_by_source(client: AsyncClient, session: AsyncSession) -> None:
    await make_shop(session)

    answer = (await client.get("/v1/quality")).json()

    assert sum(band["count"] for band in answer["distribution"]) == 4
    assert (answer["bounced"]["count"], answer["unconfirmed"]["count"]) == (1, 1)
    fields = {each["field"]: each for each in answer["fields"]}
    assert (fields["email"]["filled"], fields["email"]["of"], fields["email"]["missing"]["count"]) == (2, 4, 2)
    # The company has no given name to miss.
    assert (fields["given_name"]["filled"], fields["given_name"]["of"], fields["given_name"]["share"]) == (3, 3, 1.0)
    assert fields["consent_email"]["missing"]["share"] == 0.75
    assert [(each["name"], each["cards"]) for each in answer["stores"]] == [("S1", 2), (None, 1), ("S2", 1)]
    assert {each["source"]: each["cards"] for each in answer["sources"]} == {"WEB": 1, "FILE": 1, None: 2}
    assert [(point["cards"], point["counts"]["bounced"]) for point in answer["trend"]] == [(4, 1)]
    assert answer["probable_duplicates"] == 0


async def test_an_empty_shop_has_no_shares(client: AsyncClient) -> None:
    answer = (await client.get("/v1/quality")).json()

    assert (answer["cards"], answer["mean_score"], answer["bounced"]["share"]) == (0, None, None)


async def test_a_list_takes_an_unknown_measure_for_a_mistake(client: AsyncClient) -> None:
    assert (await client.get("/v1/customers", params={"quality": "ugly"})).status_code == 422


async def test_a_card_tells_its_parts_what_they_lack_and_what_to_ask(
    client_as: ClientAs, session: AsyncSession
) -> None:
    customer = (await make_shop(session))[3]
    cashier = await client_as(Role.CASHIER)

    answer = (await cashier.get(f"/v1/customers/{customer.id}/quality")).json()

    assert answer["next_question"] == {"field": "email", "rank": "essential", "why": "bounced"}
    parts = {each["part"]: each for each in answer["parts"]}
    assert list(parts) == ["identity", "contacts", "consent", "demographics", "freshness"]
    assert parts["identity"]["gaps"] == [
        {"field": "family_name", "rank": "essential", "why": "missing"},
        {"field": "card_number", "rank": "useful", "why": "missing"},
    ]
    assert parts["freshness"] == {"part": "freshness", "score": 100, "gaps": []}
    assert 0 < answer["score"] < 100


async def test_nothing_is_asked_of_a_restricted_card(client: AsyncClient, session: AsyncSession) -> None:
    customer = (await make_shop(session))[4]

    answer = (await client.get(f"/v1/customers/{customer.id}/quality")).json()

    assert (answer["is_counted"], answer["next_question"]) == (False, None)


async def test_a_card_that_became_part_of_another_names_the_one_to_go_on_with(
    client: AsyncClient, session: AsyncSession
) -> None:
    kept, other, *_ = await make_shop(session)
    await session.execute(update(Customer).where(Customer.id == other.id).values(merged_into_id=kept.id))
    await session.commit()

    answers = [
        await client.get(f"/v1/customers/{other.id}/quality"),
        await client.post(f"/v1/customers/{other.id}/confirmations"),
    ]

    assert {(each.status_code, each.json()["merged_into"]) for each in answers} == {(409, str(kept.id))}


async def test_a_confirmation_is_noted_once_a_day_and_makes_the_card_fresh(
    client_as: ClientAs, session: AsyncSession
) -> None:
    customer = await make_customer(session, acquisition_source="FILE")
    await session.commit()
    cashier = await client_as(Role.CASHIER)
    before = (await cashier.get(f"/v1/customers/{customer.id}/quality")).json()

    answers = [await cashier.post(f"/v1/customers/{customer.id}/confirmations") for _ in range(2)]

    assert [each.status_code for each in answers] == [201, 201]
    assert before["confirmed_on"] is None
    assert answers[0].json()["confirmed_on"] == clock.today("Europe/Rome").isoformat()
    assert answers[0].json()["score"] == before["score"] + 20
    noted = await session.scalars(select(AuditEntry).where(AuditEntry.action == "customer.confirmed"))
    assert [each.subject_id for each in noted] == [customer.id]


async def test_the_card_of_an_erased_person_cannot_be_confirmed(client: AsyncClient, session: AsyncSession) -> None:
    customer = await make_customer(session, erased_at=clock.now())
    await session.commit()

    answer = await client.post(f"/v1/customers/{customer.id}/confirmations")

    assert (answer.status_code, answer.json()["code"]) == (409, "customer-erased")


async def test_the_owner_ranks_the_fields_and_sees_the_walk_begin(client: AsyncClient) -> None:
    answer = await client.put("/v1/quality/ranks", json={"ranks": {"gender": "unused", "birth_on": "essential"}})

    assert answer.status_code == 200
    body = answer.json()
    assert (body["ranks"]["gender"], body["ranks"]["birth_on"], body["ranks"]["email"]) == (
        "unused",
        "essential",
        "essential",
    )
    assert body["sweep"]["state"] == "running"
    assert (await client.get("/v1/quality/ranks")).json() == body
    assert (await client.get("/v1/quality")).json()["sweep"]["id"] == body["sweep"]["id"]


@pytest.mark.parametrize("ranks", [{"shoe_size": "useful"}, {"gender": "vital"}, ["gender"]])
async def test_a_rank_or_a_field_that_does_not_exist_is_refused(client: AsyncClient, ranks: object) -> None:
    assert (await client.put("/v1/quality/ranks", json={"ranks": ranks})).status_code == 422


async def test_only_the_owner_ranks_and_only_those_with_the_scope_see_the_shop(
    client_as: ClientAs, token_client: TokenClient
) -> None:
    marketer, cashier = await client_as(Role.MARKETER), await client_as(Role.CASHIER)
    token = await token_client(["customers:read"])

    assert (await marketer.get("/v1/quality")).status_code == 200
    assert (await marketer.put("/v1/quality/ranks", json={"ranks": {}})).status_code == 403
    assert (await cashier.get("/v1/quality")).status_code == 403
    assert (await token.get("/v1/quality")).status_code == 403
    assert (await token.post(f"/v1/customers/{uuid4()}/confirmations")).status_code == 403
    assert (await token.get(f"/v1/customers/{uuid4()}/quality")).status_code == 404
