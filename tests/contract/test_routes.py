"""Every route refuses strangers, and every refusal is documented."""

import re
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import APIRoute
from httpx import AsyncClient

from ritorno import app as application
from ritorno.kit.problems import Problem

ROOT = Path(__file__).parents[2]
PUBLIC = {"/v1/sign-in-hints", "/v1/sessions", "/v1/sessions/current"}
SIGNED = {"/v1/sms/twilio/inbound", "/v1/sms/twilio/receipts/{message_id}"}
"""No session opens them, but the signature of a provider (M-09)."""


def api_routes() -> list[APIRoute]:
    return [route for router in application.ROUTERS for route in router.routes if isinstance(route, APIRoute)]


async def test_every_route_of_the_api_refuses_somebody_who_is_not_signed_in(anonymous: AsyncClient) -> None:
    open_doors = []
    for route in api_routes():
        if not route.path.startswith("/v1/") or route.path in PUBLIC:
            continue
        path = re.sub(r"{[^}]+}", "00000000-0000-7000-8000-000000000000", route.path)
        for method in route.methods or ():
            answer = await anonymous.request(
                method, path, headers={"X-Ritorno": "1", "Idempotency-Key": "contract-test"}
            )
            refusals = {403} if route.path in SIGNED else {401, 422}
            if answer.status_code not in refusals or "problem+json" not in answer.headers["content-type"]:
                open_doors.append((method, path, answer.status_code))

    assert open_doors == []


def test_operations_are_named_for_the_generated_client() -> None:
    names = [route.name for route in api_routes()]

    assert sorted(names) == sorted(set(names)), sorted({name for name in names if names.count(name) > 1})
    assert not [name for name in names if name in {"list", "get", "create", "update", "delete"}]


def every_problem(parent: type[Problem] = Problem) -> set[type[Problem]]:
    found = set()
    for child in parent.__subclasses__():
        if not child.__name__.startswith("_") and child.__module__.startswith("ritorno."):
            found.add(child)
        found |= every_problem(child)
    return found


def test_every_refusal_has_its_paragraph_and_every_paragraph_its_refusal(app: FastAPI) -> None:
    page = (ROOT / "docs/problems.md").read_text()
    documented = re.findall(r"^### `([a-z0-9-]+)`\n(\d{3}|The status varies)\. ", page, re.MULTILINE)
    general = {("internal", "500"), ("conflict", "409"), ("not-found", "404"), ("method-not-allowed", "405")}
    general.add(("refused", "The status varies"))

    assert documented == sorted(documented)
    assert set(documented) == {(problem.code, str(problem.status)) for problem in every_problem()} | general


def test_every_refusal_states_a_status_and_says_what_is_wrong_in_a_short_title() -> None:
    for problem in every_problem():
        assert 400 <= problem.status < 600, problem
        assert 5 < len(problem.title) < 90, problem
        assert not problem.title.endswith("."), problem


async def test_a_list_that_is_filtered_is_paged_all_the_same(client: AsyncClient) -> None:
    """One model of the query says both, or a page size would be an unknown parameter."""
    for path in ("documents", "disclosure-notices", "audit", "privacy-requests", "processor-erasures?is_told=false"):
        answer = await client.get(f"/v1/{path}", params={"limit": 1} if "?" not in path else None)

        assert answer.status_code == 200, (path, answer.text)
        assert set(answer.json()) >= {"items", "next_cursor"}
