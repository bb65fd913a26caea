"""The card over HTTP: who may, which status, which shape."""

from typing import Any
from uuid import UUID

import pytest
from httpx import AsyncClient

from ritorno.identity.rules import Role
from tests.conftest import ClientAs, TokenClient

SOMEBODY = UUID(int=7)
ROUTES = [
    ("POST", "/v1/customers", {}),
    ("PUT", "/v1/customers/pos/1", {}),
    ("POST", "/v1/customers/batch", {"items": [{"source": "pos", "external_id": "1"}]}),
    ("POST", "/v1/customers/lookups", {"q": "ros"}),
    ("GET", f"/v1/customers/{SOMEBODY}", None),
    ("PATCH", f"/v1/customers/{SOMEBODY}", {}),
    ("GET", f"/v1/customers/{SOMEBODY}/notes", None),
    ("POST", f"/v1/customers/{SOMEBODY}/notes", {"body": "x"}),
    ("DELETE", f"/v1/customers/{SOMEBODY}/notes/{SOMEBODY}", None),
    ("PUT", f"/v1/customers/{SOMEBODY}/tags/vip", None),
    ("DELETE", f"/v1/customers/{SOMEBODY}/tags/vip", None),
    ("PUT", f"/v1/customers/{SOMEBODY}/interests", {"labels": []}),
    ("POST", f"/v1/customers/{SOMEBODY}/contact-points", {"kind": "EMAIL", "value": "a@example.it"}),
    ("DELETE", f"/v1/customers/{SOMEBODY}/contact-points/{SOMEBODY}", None),
    ("PUT", f"/v1/contact-points/{SOMEBODY}/level", {"level": "CONFIRMED", "evidence": {"method": "otp"}}),
]


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
async def test_every_route_refuses_strangers_and_tokens_without_the_scope(
    anonymous: AsyncClient, token_client: TokenClient, method: str, path: str, body: Any
) -> None:
    other = await token_client(["stores:read"])

    assert (await anonymous.request(method, path, json=body)).status_code == 401
    assert (await other.request(method, path, json=body)).status_code == 403


@pytest.mark.parametrize(("method", "path", "body"), ROUTES)
async def test_every_route_serves_who_has_the_scope(
    token_client: TokenClient, method: str, path: str, body: Any
) -> None:
    till = await token_client(["customers:write"])

    response = await till.request(method, path, json=body)

    assert response.status_code == (404 if str(SOMEBODY) in path else response.status_code)
    assert response.status_code in {200, 201, 404}


async def test_an_analyst_sees_no_customer(client_as: ClientAs) -> None:
    analyst = await client_as(Role.ANALYST)

    assert (await analyst.get(f"/v1/customers/{SOMEBODY}")).status_code == 403


async def create(client: AsyncClient, **fields: Any) -> dict[str, Any]:
    response = await client.post("/v1/customers", json={"given_name": "Anna", "family_name": "Rossi"} | fields)
    assert response.status_code == 201, response.text
    body: dict[str, Any] = response.json()
    return body


async def test_a_card_is_made_and_read_back(client: AsyncClient) -> None:
    made = await create(client, email="Anna@Example.it", birth_on="1980-05-01", tags=["vip"])

    response = await client.get(f"/v1/customers/{made['id']}")

    assert response.json() == made
    assert response.headers["etag"] == '"v1"'
    assert (made["full_name"], made["age_band"], made["tags"]) == ("Anna Rossi", "45–54", ["vip"])
    assert made["contact_points"][0] | {"id": "", "valid_from": ""} == {
        "id": "",
        "kind": "EMAIL",
        "value": "Anna@example.it",
        "display": "Anna@example.it",
        "suggestion": None,
        "is_mobile": None,
        "level": "UNVERIFIED",
        "is_primary": True,
        "invalid_at": None,
        "hard_bounced_at": None,
        "address": None,
        "source": "staff",
        "valid_from": "",
    }


async def test_s_07_a_change_needs_the_version_that_was_read(client: AsyncClient) -> None:
    made = await create(client)
    url = f"/v1/customers/{made['id']}"

    blind = await client.patch(url, json={"given_name": "A"})
    changed = await client.patch(url, json={"given_name": "Annetta"}, headers={"If-Match": '"v1"'})
    stale = await client.patch(url, json={"given_name": "B"}, headers={"If-Match": '"v1"'})

    assert (blind.status_code, changed.status_code, stale.status_code) == (428, 200, 412)
    assert (changed.headers["etag"], changed.json()["given_name"]) == ('"v2"', "Annetta")
    assert changed.json()["family_name"] == "Rossi"
    assert stale.json()["code"] == "stale-version"


async def test_a_patch_clears_with_null_and_leaves_what_it_does_not_say(client: AsyncClient) -> None:
    made = await create(client, spending_capacity="HIGH", language="en")

    changed = await client.patch(
        f"/v1/customers/{made['id']}", json={"spending_capacity": None}, headers={"If-Match": '"v1"'}
    )

    assert (changed.json()["spending_capacity"], changed.json()["language"]) == (None, "en")


async def test_b_46_unknown_fields_are_refused(client: AsyncClient) -> None:
    response = await client.post("/v1/customers", json={"tenant_id": 1, "role": "owner"})

    assert response.status_code == 422
    assert sorted(error["path"] for error in response.json()["errors"]) == ["role", "tenant_id"]


async def test_a_body_with_consents_is_refused(client: AsyncClient) -> None:
    response = await client.put("/v1/customers/pos/1", json={"given_name": "A", "consents": []})

    assert (response.status_code, response.json()["errors"][0]["path"]) == (422, "consents")


async def test_b_46_a_limit_is_clamped_and_an_edited_cursor_refused(client: AsyncClient) -> None:
    made = await create(client)
    url = f"/v1/customers/{made['id']}/notes"

    assert (await client.get(url, params={"limit": 1_000_000_000})).status_code == 200
    assert (await client.get(url, params={"cursor": "abcd"})).json()["code"] == "bad-cursor"


async def test_a_natural_key_may_be_repeated(client: AsyncClient) -> None:
    body = {"given_name": "Anna", "email": "anna@example.it"}

    first = await client.put("/v1/customers/pos/7 a", json=body)
    again = await client.put("/v1/customers/pos/7 a", json=body)

    assert (first.status_code, again.status_code) == (201, 200)
    assert (again.json()["status"], again.json()["id"]) == ("unchanged", first.json()["id"])


async def test_b_16_every_wrong_field_is_named(client: AsyncClient) -> None:
    response = await client.put(
        "/v1/customers/pos/1", json={"email": "a@b", "phone": "abc", "cards": ["ok", "à"], "address": None}
    )

    errors = {error["path"]: error["code"] for error in response.json()["errors"]}
    assert (response.status_code, errors) == (422, {"email": "bad-email", "phone": "bad-phone", "cards.1": "bad-card"})


async def test_a_batch_answers_row_by_row(client: AsyncClient) -> None:
    rows = [{"source": "pos", "external_id": "1"}, {"source": "pos"}, {"source": "pos", "external_id": "1", "x": 1}]

    body = (await client.post("/v1/customers/batch", json={"items": rows})).json()

    assert [row["status"] for row in body["items"]] == ["created", "rejected", "rejected"]
    assert body["items"][1]["problem"]["errors"][0]["path"] == "external_id"
    assert body["counts"] == {"created": 1, "rejected": 2}


async def test_a_batch_has_at_most_5000_rows(client: AsyncClient) -> None:
    response = await client.post("/v1/customers/batch", json={"items": [{}] * 5_001})

    assert response.status_code == 422


async def test_c_22_a_note_is_kept_with_a_warning(client: AsyncClient) -> None:
    made = await create(client)
    url = f"/v1/customers/{made['id']}/notes"

    written = (await client.post(url, json={"body": "È celiaca"})).json()

    assert written["warnings"] == ["health"]
    listed = (await client.get(url)).json()
    assert [note["body"] for note in listed["items"]] == ["È celiaca"]
    assert (await client.delete(f"{url}/{written['id']}")).status_code == 204
    assert (await client.get(url)).json()["items"] == []


async def test_tags_and_interests_change_the_card(client: AsyncClient) -> None:
    made = await create(client)
    url = f"/v1/customers/{made['id']}"

    await client.put(f"{url}/tags/vip")
    await client.put(f"{url}/tags/vip")
    await client.put(f"{url}/interests", json={"labels": ["vino", "pane", "vino"]})
    card = (await client.get(url)).json()

    assert (card["tags"], card["interests"], card["version"]) == (["vip"], ["pane", "vino"], 3)
    assert (await client.delete(f"{url}/tags/vip")).status_code == 204
    assert (await client.get(url)).json()["tags"] == []


async def test_a_contact_point_is_added_raised_and_ended(client: AsyncClient) -> None:
    made = await create(client)
    url = f"/v1/customers/{made['id']}"

    point = (await client.post(f"{url}/contact-points", json={"kind": "PHONE", "value": "333 1234567"})).json()
    bare = await client.put(f"/v1/contact-points/{point['id']}/level", json={"level": "CONFIRMED"})
    raised = await client.put(
        f"/v1/contact-points/{point['id']}/level", json={"level": "CONFIRMED", "evidence": {"method": "otp"}}
    )

    assert (point["value"], point["display"], point["is_mobile"]) == ("+393331234567", "+39 333 123 4567", True)
    assert (bare.status_code, raised.json()["level"]) == (422, "CONFIRMED")
    assert (await client.delete(f"{url}/contact-points/{point['id']}")).status_code == 204
    assert (await client.get(url)).json()["contact_points"] == []


async def test_a_lookup_takes_one_way_of_recognising_somebody(client: AsyncClient) -> None:
    made = await create(client, phone="333 1234567", cards=["2000"])

    found = (await client.post("/v1/customers/lookups", json={"phone": "0039 3331234567"})).json()

    assert [each["id"] for each in found["items"]] == [made["id"]]
    assert (await client.post("/v1/customers/lookups", json={"card": "2000", "q": "x"})).status_code == 422
    assert (await client.post("/v1/customers/lookups", json={})).status_code == 422
