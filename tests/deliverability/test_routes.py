"""Health over HTTP: shapes, who may look and who may hold."""

from datetime import timedelta

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import clock
from tests.conftest import TokenClient
from tests.factories.deliverability import make_hour
from tests.factories.messaging import make_business

HOLD = "/v1/stream-holds/EMAIL/MARKETING"


@pytest.fixture
async def shop(session: AsyncSession) -> None:
    await make_business(session)
    await make_hour(session, clock.now() - timedelta(hours=1), receiver="google", sent=400, deferred=4, bounced=2)
    await make_hour(session, clock.now() - timedelta(days=40), sent=999)
    await session.commit()


async def test_the_health_of_each_sender_is_shown(client: AsyncClient, shop: None) -> None:
    shown = (await client.get("/v1/deliverability")).json()

    mail = next(each for each in shown["streams"] if (each["channel"], each["stream"]) == ("EMAIL", "MARKETING"))
    assert (mail["last_24h"]["sent"], mail["last_30_days"]["sent"]) == (400, 400)
    assert mail["last_24h"]["bounce_rate"] == pytest.approx(2 / 402)
    assert (mail["leaves"], mail["hold"], mail["warm_up"]) == (False, None, None)
    assert shown["limits"]["complaints_24h"] == 0.002
    receipts = next(each for each in shown["streams"] if (each["channel"], each["stream"]) == ("EMAIL", "SERVICE"))
    assert (receipts["last_24h"]["sent"], receipts["last_24h"]["complaint_rate"]) == (0, None)


async def test_thirty_days_are_there_whether_or_not_something_was_sent(client: AsyncClient, shop: None) -> None:
    days = (await client.get("/v1/deliverability/days")).json()["days"]

    assert len(days) == 30
    assert sum(day["sent"] for day in days) == 400
    assert days[0]["day"] < days[-1]["day"]


async def test_each_receiver_is_shown_with_its_pace(client: AsyncClient, shop: None) -> None:
    receivers = (await client.get("/v1/deliverability/receivers")).json()["receivers"]

    assert [(each["receiver"], each["sent"], each["per_minute"]) for each in receivers] == [("google", 400, None)]


async def test_e_08_a_stream_is_held_and_lifted_by_hand_with_a_reason(client: AsyncClient, shop: None) -> None:
    held = await client.put(HOLD, json={"note": "Il listino è sbagliato"})
    shown = (await client.get("/v1/deliverability")).json()["streams"]
    without = await client.request("DELETE", HOLD, json={})
    lifted = await client.request("DELETE", HOLD, json={"because": "Listino corretto"})
    again = await client.request("DELETE", HOLD, json={"because": "Listino corretto"})

    assert (held.status_code, held.json()["reason"]) == (200, "BY_HAND")
    assert [each["hold"]["id"] for each in shown if each["hold"]] == [held.json()["id"]]
    assert without.status_code == 422
    assert lifted.json()["lifted_because"] == "Listino corretto"
    assert (again.status_code, again.json()["code"]) == (409, "stream-not-held")
    listed = (await client.get("/v1/stream-holds")).json()["items"]
    assert [each["lifted_by"] for each in listed] == [lifted.json()["lifted_by"]]


async def test_e_18_a_young_domain_is_made_known_little_by_little_and_shown(client: AsyncClient, shop: None) -> None:
    async def shown() -> list[dict[str, object]]:
        streams = (await client.get("/v1/deliverability")).json()["streams"]
        return [each["warm_up"] for each in streams if each["warm_up"]]

    senders = (await client.get("/v1/senders")).json()["items"]
    sender = next(each for each in senders if (each["channel"], each["stream"]) == ("EMAIL", "MARKETING"))

    await client.put(f"/v1/senders/{sender['id']}/warm-up")
    assert [(each["allowance"], each["sent"], each["deferred"]) for each in await shown()] == [(50, 0, 0)]

    await client.delete(f"/v1/senders/{sender['id']}/warm-up")
    assert await shown() == []


async def test_who_reads_messages_may_look_and_not_hold(token_client: TokenClient, shop: None) -> None:
    reader = await token_client(["messages:read"])

    assert (await reader.get("/v1/deliverability/waiting")).json() == {"has_worker": True, "items": []}
    assert (await reader.put(HOLD, json={"note": "Prova"})).status_code == 403
