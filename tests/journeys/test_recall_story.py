"""Recalls through the API: who is due and why, a day planned once, and nobody written to for two reasons."""

from typing import Any

from httpx import AsyncClient

from ritorno.kit import clock
from ritorno.recalls import jobs as recalls
from ritorno.scores import jobs as scores
from tests.journeys.conftest import OpenShop
from tests.journeys.history import AGREED, PEOPLE, introduce_the_shop, push_history

WRITTEN = {"queued", "claimed", "sending", "sent", "delivered", "control"}


async def test_the_due_are_told_with_their_reason_and_planned_once(open_shop: OpenShop) -> None:
    async with open_shop() as shop:
        await introduce_the_shop(shop.api)
        await push_history(shop.api)
        await shop.run(scores.refresh)
        await read_the_due_list(shop.api)
        for recall in await recalls_of(shop.api):
            switched = await shop.api.put(f"/v1/recalls/{recall['id']}/activation")
            assert switched.json()["is_active"] is True

        await shop.run(recalls.plan_day)

        planned = {recall["kind"]: recall["last_run"]["planned"] for recall in await recalls_of(shop.api)}
        messages = await all_messages(shop.api)
        written = [person for person, outcome, _ in messages if outcome == "written"]
        assert planned == {"rhythm": PEOPLE, "birthday": 1}
        assert len(written) == len(set(written)) == AGREED, "one message a person, whatever the reasons to write"
        assert {reason for _, outcome, reason in messages if outcome == "skipped"} == {
            "NO_PROFILING",
            "NO_BASIS",
            "ARBITRATED",
        }

        await shop.run(scores.refresh)
        await shop.run(recalls.plan_day)

        assert await all_messages(shop.api) == messages, "a second run of a day plans nothing"


async def read_the_due_list(api: AsyncClient) -> None:
    """Everybody once, with the reason in words and what the gate says today."""
    due = (await api.get("/v1/recalls/due", headers={"Accept-Language": "it"})).json()
    assert due["on"] == clock.today("Europe/Rome").isoformat()
    assert due["total"] == len(due["items"]) == len({item["customer_id"] for item in due["items"]}) == PEOPLE
    assert (due["allowed"], due["to_ask"]) == (AGREED, PEOPLE - AGREED)
    reasons = [item["reason"] for item in due["items"] if item["recall_kind"] == "rhythm"]
    assert all("circa ogni 9 giorni, l'ultima volta 12 giorni fa" in reason for reason in reasons)
    to_ask = {item["permission"]["reason"] for item in due["items"] if item["permission"]["family"] == "not_asked"}
    assert to_ask == {"NO_PROFILING", "NO_BASIS"}


async def recalls_of(api: AsyncClient) -> list[dict[str, Any]]:
    recalls: list[dict[str, Any]] = (await api.get("/v1/recalls")).json()["items"]
    return recalls


async def all_messages(api: AsyncClient) -> set[tuple[str, str, str | None]]:
    """Return (person, outcome, reason) of everything that was planned; what leaves meanwhile counts as written."""
    found = (await api.get("/v1/messages", params={"limit": 200})).json()["items"]
    return {
        (each["customer_id"], "written" if each["status"] in WRITTEN else each["status"], each["reason"])
        for each in found
    }
