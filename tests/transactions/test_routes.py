"""Purchases over HTTP: who may, which status, which shape."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from tests.conftest import TokenClient
from tests.factories.customers import make_customer
from tests.factories.transactions import a_body, a_line

SOMETHING = UUID(int=7)
ROUTES = [
    ("PUT", "/v1/transactions/till/1", a_body()),
    ("POST", "/v1/transactions/batch", {"items": [a_body(source="till", external_id="1")]}),
    ("GET", f"/v1/transactions/{SOMETHING}", None),
    ("GET", f"/v1/customers/{SOMETHING}/transactions", None),
    ("GET", "/v1/unclaimed-transactions", None),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
async def test_every_route_refuses_strangers_and_tokens_without_the_scope(
    anonymous: AsyncClient, token_client: TokenClient, method: str, path: str, body: Any
) -> None:
    other = await token_client(["customers:write"])

    assert (await anonymous.request(method, path, json=body)).status_code == 401
    assert (await other.request(method, path, json=body)).status_code == 403


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
async def test_every_route_serves_who_has_the_scope(
    token_client: TokenClient, method: str, path: str, body: Any
) -> None:
    till = await token_client(["transactions:write"])

    response = await till.request(method, path, json=body)

    assert response.status_code == (404 if str(SOMETHING) in path else 200)


async def test_a_token_that_only_reads_may_not_write(token_client: TokenClient) -> None:
    reader = await token_client(["transactions:read"])

    assert (await reader.put("/v1/transactions/till/1", json=a_body())).status_code == 403


async def test_a_receipt_is_made_once_and_read_back(client: AsyncClient, session: AsyncSession) -> None:
    customer = await make_customer(session, card="2000")
    await session.commit()
    body = a_body(a_line(total="3.00", quantity="1.250"), customer={"card": "2000"}, store="01", channel="till")

    made = await client.put("/v1/transactions/till/r 1", json=body)
    again = await client.put("/v1/transactions/till/r 1", json=body)

    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json() == {"status": "created", "id": made.json()["id"], "customer_id": str(customer.id)}
    assert again.json() == made.json() | {"status": "unchanged"}
    read = (await client.get(made.headers["location"])).json()
    listed = (await client.get(f"/v1/customers/{customer.id}/transactions")).json()
    assert listed["items"] == [read]
    assert read["lines"][0] | {"sku": "bread"} == {
        "line_no": 1,
        "sku": "bread",
        "name": "Bread",
        "category_name": "breads",
        "quantity": "1.25",
        "discount": {"amount": "0.00", "currency": "EUR"},
        "total": {"amount": "3.00", "currency": "EUR"},
    }
    assert (read["occurred_at"], read["kind"]) == ("2026-01-05T09:00:00.000Z", "SALE")


async def test_a_wrong_body_names_the_field(client: AsyncClient) -> None:
    response = await client.put("/v1/transactions/till/1", json=a_body(a_line(total="1.234"), extra=1))

    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")
    assert [error["path"] for error in response.json()["errors"]] == ["extra"]


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"null", b'"x"', b"\xff"])
async def test_a_body_that_is_no_object_is_refused(client: AsyncClient, content: bytes) -> None:
    response = await client.put(
        "/v1/transactions/till/1", content=content, headers={"Content-Type": "application/json"}
    )

    assert response.status_code in {400, 422}


async def test_an_id_that_is_nobodys_is_refused(client: AsyncClient) -> None:
    response = await client.put("/v1/transactions/till/1", json=a_body(customer={"customer_id": str(uuid4())}))

    assert (response.status_code, response.json()["code"]) == (422, "customer-unknown")


async def test_what_waits_is_listed_without_telling_whom_it_names(client: AsyncClient) -> None:
    named = {"email": "anna@example.it", "card": "2000"}
    await client.put("/v1/transactions/till/1", json=a_body(customer=named))

    response = await client.get("/v1/unclaimed-transactions")

    assert [item["named_by"] for item in response.json()["items"]] == [["CARD", "EMAIL"]]
    assert "anna" not in response.text


async def test_a_batch_answers_row_by_row(client: AsyncClient) -> None:
    good = a_body(source="till", external_id="1", customer={"card": "7", "given_name": "Anna"})
    rows = [good, a_body(source="till"), 7, good]

    body = (await client.post("/v1/transactions/batch", json={"items": rows})).json()

    assert [row["status"] for row in body["items"]] == ["created", "rejected", "rejected", "unchanged"]
    assert body["items"][0]["customer_id"] is not None
    assert body["items"][1]["problem"]["errors"][0]["path"] == "external_id"
    assert body["counts"] == {"created": 1, "rejected": 2, "unchanged": 1}


async def test_b_46_a_batch_refuses_unknown_fields_and_more_than_5000_rows(client: AsyncClient) -> None:
    assert (await client.post("/v1/transactions/batch", json={"items": [{}], "role": "owner"})).status_code == 422
    assert (await client.post("/v1/transactions/batch", json={"items": [{}] * 5_001})).status_code == 422


async def test_pages_of_purchases_are_stable(client: AsyncClient, session: AsyncSession) -> None:
    customer = await make_customer(session, card="2000")
    await session.commit()
    for day in range(1, 6):
        body = a_body(at=f"2026-01-0{day}T10:00:00Z", customer={"card": "2000"})
        await client.put(f"/v1/transactions/till/{day}", json=body)
    url = f"/v1/customers/{customer.id}/transactions"

    first = (await client.get(url, params={"limit": 3})).json()
    second = (await client.get(url, params={"limit": 3, "cursor": first["next_cursor"]})).json()

    assert [item["external_id"] for item in first["items"] + second["items"]] == ["5", "4", "3", "2", "1"]
    assert (first["total"], second["total"], second["next_cursor"]) == (5, None, None)


def test_the_contract_publishes_the_bodies_that_are_read_elsewhere(app: FastAPI) -> None:
    published = app.openapi()["components"]["schemas"]

    assert {
        "TransactionWrite",
        "TransactionBatchRow",
        "LineWrite",
        "CustomerNamed",
        "CustomerBatchRow",
    } <= published.keys()
    assert published["TransactionBatchRow"]["required"] == ["occurred_at", "lines", "source", "external_id"]
