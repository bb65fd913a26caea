"""Limits, headers and replays, on routes that exist."""

import asyncpg
import pytest
from httpx import ASGITransport, AsyncClient

from ritorno.app import create_app
from ritorno.kit.config import Settings


async def test_a_body_over_the_limit_is_refused_with_the_limit_in_the_answer(client: AsyncClient) -> None:
    answer = await client.put("/v1/stores/S1", content=b'{"name": "' + b"x" * 1_100_000 + b'"}')

    assert answer.status_code == 413
    assert answer.json()["limit"] == 1_000_000


async def test_a_body_that_is_not_json_is_told_so(client: AsyncClient) -> None:
    answer = await client.put("/v1/stores/S1", content=b"{not json", headers={"Content-Type": "application/json"})

    assert answer.json()["code"] == "malformed"


async def test_every_answer_carries_the_security_headers_and_is_never_stored(client: AsyncClient) -> None:
    headers = (await client.get("/v1/me")).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["cache-control"] == "no-store"
    assert headers["x-request-id"]


async def test_control_and_bidirectional_characters_never_enter(client: AsyncClient) -> None:
    """B-21: a right-to-left override cannot disguise a name."""
    store = (await client.put("/v1/stores/S1", json={"name": " Cen\u202etro\x00 <b> "})).json()

    assert store["name"] == "Centro <b>"


async def test_an_unknown_path_is_a_problem_too(client: AsyncClient) -> None:
    answer = await client.get("/v1/nothing-here")

    assert answer.status_code == 404
    assert answer.json()["code"] == "not-found"


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (asyncpg.UniqueViolationError("x"), 409, "conflict"),
        (asyncpg.LockNotAvailableError("x"), 503, "unavailable"),
        (asyncpg.DeadlockDetectedError("x"), 503, "unavailable"),
        (asyncpg.UndefinedColumnError("column secret_column does not exist"), 500, "internal"),
        (ConnectionRefusedError("postgres://user:password@host"), 503, "unavailable"),
    ],
)
async def test_a_failing_database_is_told_without_its_inner_life(
    settings: Settings, failure: Exception, status: int, code: str
) -> None:
    app = create_app(settings)

    @app.get("/v1/breaks")
    async def break_down() -> None:
        raise failure

    transport = ASGITransport(app, raise_app_exceptions=False)
    async with AsyncClient(transport=transport, base_url="http://testserver") as anonymous:
        answer = await anonymous.get("/v1/breaks")

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert "secret" not in answer.text
    assert "password" not in answer.text
