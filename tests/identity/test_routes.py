"""Signing in, the guard on every route, staff and tokens."""

from datetime import timedelta

import pyotp
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.identity import service
from ritorno.kit import clock
from tests.conftest import ClientAs, TokenClient

OWNER = {"email": "giulia@shop.example", "password": "una frase lunga e sua"}


async def _owner(session: AsyncSession) -> None:
    await service.ensure_admin(session, email=OWNER["email"], password=OWNER["password"], name="Giulia")
    await session.commit()


async def test_a_person_signs_in_and_the_cookie_is_out_of_reach_of_scripts(
    anonymous: AsyncClient, session: AsyncSession
) -> None:
    await _owner(session)

    answer = await anonymous.post("/v1/sessions", json=OWNER)

    assert answer.status_code == 201, answer.text
    assert answer.json()["name"] == "Giulia"
    assert answer.json()["business"]["timezone"] == "Europe/Rome"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()
    assert (await anonymous.get("/v1/me")).json()["email"] == OWNER["email"]


async def test_a_wrong_email_and_a_wrong_password_get_the_same_refusal(
    anonymous: AsyncClient, session: AsyncSession
) -> None:
    await _owner(session)

    wrong_password = (await anonymous.post("/v1/sessions", json=OWNER | {"password": "not this one"})).json()
    wrong_email = (await anonymous.post("/v1/sessions", json=OWNER | {"email": "nobody@shop.example"})).json()

    del wrong_password["request_id"], wrong_email["request_id"]
    assert wrong_password == wrong_email
    assert wrong_password["code"] == "sign-in-failed"


async def test_five_wrong_tries_close_the_door_even_to_the_right_password(
    anonymous: AsyncClient, session: AsyncSession
) -> None:
    await _owner(session)
    for _ in range(5):
        await anonymous.post("/v1/sessions", json=OWNER | {"password": "not this one"})

    answer = await anonymous.post("/v1/sessions", json=OWNER)

    assert answer.json()["code"] == "too-many-tries"
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert (await anonymous.post("/v1/sessions", json=OWNER)).status_code == 201


async def test_a_session_ends_after_thirty_idle_minutes(anonymous: AsyncClient, session: AsyncSession) -> None:
    await _owner(session)
    await anonymous.post("/v1/sessions", json=OWNER)

    with clock.frozen(clock.now() + timedelta(minutes=31)):
        answer = await anonymous.get("/v1/me")

    assert answer.json()["code"] == "not-signed-in"


async def test_signing_out_ends_the_session_on_the_server(anonymous: AsyncClient, session: AsyncSession) -> None:
    await _owner(session)
    await anonymous.post("/v1/sessions", json=OWNER)
    kept = dict(anonymous.cookies)

    await anonymous.delete("/v1/sessions/current")
    anonymous.cookies.update(kept)

    assert (await anonymous.get("/v1/me")).json()["code"] == "not-signed-in"


async def test_a_code_is_asked_once_enrolled_and_works_once(anonymous: AsyncClient, session: AsyncSession) -> None:
    await _owner(session)
    await anonymous.post("/v1/sessions", json=OWNER)
    anonymous.headers["X-Ritorno"] = "1"
    await anonymous.post("/v1/sessions/current/step-up", json={"password": OWNER["password"]})
    secret = (await anonymous.post("/v1/me/totp")).json()["secret"]
    recovery = (await anonymous.put("/v1/me/totp", json={"code": pyotp.TOTP(secret).now()})).json()["recovery_codes"]

    assert (await anonymous.post("/v1/sessions", json=OWNER)).json()["code"] == "code-required"
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        fresh = pyotp.TOTP(secret).at(clock.now())
        assert (await anonymous.post("/v1/sessions", json=OWNER | {"code": fresh})).status_code == 201
        assert (await anonymous.post("/v1/sessions", json=OWNER | {"code": fresh})).json()["code"] == "sign-in-failed"
        assert (await anonymous.post("/v1/sessions", json=OWNER | {"code": recovery[0]})).status_code == 201
        assert (await anonymous.post("/v1/sessions", json=OWNER | {"code": recovery[0]})).status_code == 401


async def test_a_request_from_another_site_is_refused_though_the_cookie_is_right(client: AsyncClient) -> None:
    foreign = await client.put("/v1/stores/S1", json={"name": "Centro"}, headers={"Sec-Fetch-Site": "cross-site"})
    bare = await client.put("/v1/stores/S1", json={"name": "Centro"}, headers={"Origin": "https://evil.example"})

    assert foreign.json()["code"] == "foreign-origin"
    assert bare.json()["code"] == "foreign-origin"


async def test_a_token_does_what_its_scopes_say_and_nothing_after_it_is_revoked(
    client: AsyncClient, anonymous: AsyncClient
) -> None:
    issued = (await client.post("/v1/tokens", json={"name": "Cassa 1", "scopes": ["stores:read"]})).json()
    bearer = {"Authorization": f"Bearer {issued['token']}"}

    assert (await anonymous.get("/v1/stores", headers=bearer)).json()["items"] == []
    refused = await anonymous.put("/v1/stores/S1", json={"name": "Centro"}, headers=bearer)
    assert refused.json()["code"] == "forbidden"
    assert issued["token"] not in (await client.get("/v1/tokens")).text
    await client.delete(f"/v1/tokens/{issued['id']}")
    assert (await anonymous.get("/v1/stores", headers=bearer)).json()["code"] == "not-signed-in"


async def test_nobody_issues_a_token_beyond_their_own_scopes(client_as: ClientAs, client: AsyncClient) -> None:
    marketer = await client_as("marketer")

    assert (await marketer.post("/v1/tokens", json={"name": "x", "scopes": ["*"]})).json()["code"] == "forbidden"
    unknown = (await client.post("/v1/tokens", json={"name": "x", "scopes": ["all:things"]})).json()
    assert unknown["errors"][0]["code"] == "unknown-scope"


async def test_the_last_owner_cannot_be_demoted(client: AsyncClient) -> None:
    people = (await client.get("/v1/users")).json()["items"]

    answer = await client.patch(f"/v1/users/{people[0]['id']}", json={"role": "cashier"})

    assert answer.json()["code"] == "last-owner"


async def test_an_unknown_field_is_named_and_refused(client: AsyncClient) -> None:
    """B-46: a smuggled tenant or role is a 422, not silently dropped."""
    answer = await client.put("/v1/stores/S1", json={"name": "Centro", "tenant_id": "x"})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "tenant_id"
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_page_limit_is_clamped_and_an_edited_cursor_refused(
    client: AsyncClient, token_client: TokenClient
) -> None:
    """B-46."""
    for number in range(3):
        await client.put(f"/v1/stores/S{number}", json={"name": f"Negozio {number}"})
    reader = await token_client(["stores:read"])

    first = (await reader.get("/v1/stores", params={"limit": 2})).json()
    second = (await reader.get("/v1/stores", params={"limit": 2, "cursor": first["next_cursor"]})).json()
    back = (await reader.get("/v1/stores", params={"limit": 2, "cursor": second["prev_cursor"]})).json()

    assert [store["code"] for store in first["items"] + second["items"]] == ["S0", "S1", "S2"]
    assert first["total"] == 3
    assert second["next_cursor"] is None
    assert [store["code"] for store in back["items"]] == ["S0", "S1"]
    assert (await reader.get("/v1/stores", params={"limit": 10**9})).status_code == 200
    edited = first["next_cursor"][:-2] + "zz"
    assert (await reader.get("/v1/stores", params={"cursor": edited})).json()["code"] == "bad-cursor"
