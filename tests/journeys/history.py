"""What a till and a web shop would have pushed before the story begins."""

from datetime import date, timedelta

from httpx import AsyncClient

from ritorno.kit import clock
from tests.journeys.conftest import eventually

PEOPLE = 30
AGREED = 20
ASKED = 25


async def introduce_the_shop(api: AsyncClient) -> None:
    """Say who the shop is: a marketing mail cannot leave without it (D-06)."""
    said = await api.patch(
        "/v1/business", json={"name": "Bottega", "address": "Via Roma 1, Bologna", "phone": "051 123"}
    )
    assert said.status_code == 200, said.text
    terms = (await api.get("/v1/processing-terms")).json()
    accepted = await api.post(
        "/v1/processing-terms/acceptances",
        json={"text_sha256": terms["text_sha256"], "accepted_on": "2026-01-01", "accepted_by": "Giulia Neri"},
    )
    assert accepted.status_code == 201, accepted.text
    await eventually(lambda: _is_ready(api), within=60)


async def _is_ready(api: AsyncClient) -> bool:
    """Tell whether mail may leave: the terms are accepted and a notice is in force (G1)."""
    channels = (await api.get("/v1/sender-readiness")).json()["items"]
    return any(each["channel"] == "EMAIL" and each["is_ready"] for each in channels)


async def push_history(api: AsyncClient) -> None:
    """Push thirty people who buy coffee: twenty agreed to everything, five only to offers, five were never asked.

    The first of them was born on this day.
    """
    today = clock.today("Europe/Rome")
    birthday_of_one, birthday_of_all = _born_on(today), _born_on(today + timedelta(days=100))
    people = [
        {
            "source": "shop",
            "external_id": f"c{number}",
            "given_name": "Anna",
            "family_name": f"Prova {number}",
            "email": f"cliente{number}@example.com",
            "cards": [],
            "birth_on": (birthday_of_one if number == 0 else birthday_of_all).isoformat(),
        }
        for number in range(PEOPLE)
    ]
    pushed = (await api.post("/v1/customers/batch", json={"items": people})).json()
    assert pushed["counts"]["created"] == PEOPLE, pushed
    sales = [
        {
            "source": "shop",
            "external_id": f"o{number}-{visit}",
            "occurred_at": (clock.now() - timedelta(days=_days_ago(number, visit))).isoformat(),
            "customer": {"source": "shop", "external_id": f"c{number}"},
            "channel": "store",
            "lines": [
                {"sku": "CAF", "name": "Caffè in grani", "category": "Caffè", "quantity": "1", "total": "8.90"},
                {"sku": "BIS", "name": "Biscotti", "category": "Biscotti", "quantity": "2", "total": "5.00"},
            ],
        }
        for number in range(PEOPLE)
        for visit in range(1, 8)
    ]
    counts = (await api.post("/v1/transactions/batch", json={"items": sales})).json()["counts"]
    assert counts["created"] == len(sales), counts
    again = (await api.post("/v1/transactions/batch", json={"items": sales})).json()["counts"]
    assert again == {"unchanged": len(sales)}, "what is sent twice changes nothing"
    signed = (clock.now() - timedelta(days=30)).isoformat()
    notices = {each["purpose"]: each["current_version"] for each in (await api.get("/v1/notices")).json()["items"]}
    grants = [
        {
            "source": "shop",
            "external_id": f"c{number}",
            "purpose": purpose,
            "channel": channel,
            "action": "GRANT",
            "occurred_at": signed,
            "method": "POS_PAPER",
            "notice_version_id": notices[purpose]["id"],
            "evidence": [{"type": "scan", "uri": f"forms/{number}.pdf", "sha256": "ab" * 32}],
        }
        for number in range(ASKED)
        for purpose, channel in (
            (("MKT_OWN", "EMAIL"), ("PROFILING", None)) if number < AGREED else (("MKT_OWN", "EMAIL"),)
        )
    ]
    recorded = (await api.post("/v1/consents/batch", json={"items": grants})).json()
    assert recorded["counts"]["created"] == len(grants), recorded
    for number in range(ASKED):
        found = (await api.post("/v1/customers/lookups", json={"email": f"cliente{number}@example.com"})).json()
        card = (await api.get(f"/v1/customers/{found['items'][0]['id']}")).json()
        raised = await api.put(
            f"/v1/contact-points/{card['contact_points'][0]['id']}/level",
            json={"level": "CONFIRMED", "evidence": {"note": "asked at the counter"}},
        )
        assert raised.status_code < 300, raised.text


def _days_ago(number: int, visit: int) -> int:
    """Return when a visit was: every nine days, give or take two, and not for the last twelve."""
    return 3 + 9 * visit + (number + 3 * visit) % 5 - (number + 3) % 5


def _born_on(day: date) -> date:
    return day.replace(year=1984)
