"""The composed reads: the list, the card, the story, today."""

from datetime import UTC, datetime, timedelta
from typing import Any

from httpx import AsyncClient
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry
from ritorno.kit import clock
from ritorno.scores import service as scores
from tests.conftest import ClientAs, TokenClient
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer
from tests.factories.transactions import a_line, make_transaction

NOW = datetime(2026, 11, 20, 10, tzinfo=UTC)


async def make_regular(session: AsyncSession, name: str, *, visits: int = 4, every: int = 9, **more: Any) -> Any:
    """Somebody who bought bread every few days, the last time fourteen days ago."""
    person = await make_customer(session, family_name=name, **more)
    for number in range(visits):
        await make_transaction(
            session,
            person,
            at=NOW - timedelta(days=14 + every * number),
            lines=[a_line("bread", "3.00", category="Pane"), a_line("coffee", "8.90", category="Caffè")],
        )
    return person


async def test_the_list_shows_worth_rhythm_and_the_gates_answer(client: AsyncClient, session: AsyncSession) -> None:
    person = await make_regular(session, "Bianchi", email="anna.bianchi@example.com")
    await make_consent(session, person.id)
    await make_customer(session, family_name="Azzurri")
    with clock.frozen(NOW):
        await scores.refresh(session, NOW.date())
        await session.commit()

        page = (await client.get("/v1/customers")).json()

    assert [row["full_name"] for row in page["items"]] == ["Anna Azzurri", "Anna Bianchi"]
    assert page["total"] == 2
    stranger, regular = page["items"]
    assert regular["revenue_12m"] == {"amount": "47.60", "currency": "EUR"}
    assert regular["visit_days"] == 4
    assert regular["last_purchase_on"] == "2026-11-06"
    assert regular["recent_visits"] == ["2026-10-10", "2026-10-19", "2026-10-28", "2026-11-06"]
    assert regular["email_permission"]["verdict"] == "ALLOW"
    assert stranger["email_permission"]["family"] in {"not_asked", "to_fix"}
    assert stranger["visit_days"] == 0


async def test_the_list_pages_both_ways_in_the_order_asked(client: AsyncClient, session: AsyncSession) -> None:
    for number in range(5):
        await make_regular(session, f"Verdi {number}", visits=number + 1)
    await session.commit()

    first = (await client.get("/v1/customers", params={"sort": "-revenue", "limit": 2})).json()
    then = (
        await client.get("/v1/customers", params={"sort": "-revenue", "limit": 2, "cursor": first["next_cursor"]})
    ).json()
    back = (
        await client.get("/v1/customers", params={"sort": "-revenue", "limit": 2, "cursor": then["prev_cursor"]})
    ).json()

    assert [row["full_name"] for row in first["items"] + then["items"]] == [f"Anna Verdi {n}" for n in (4, 3, 2, 1)]
    assert [row["full_name"] for row in back["items"]] == ["Anna Verdi 4", "Anna Verdi 3"]


async def test_opening_a_card_tells_the_profile_to_the_cent_and_leaves_a_trace(
    client: AsyncClient, session: AsyncSession
) -> None:
    person = await make_regular(session, "Bianchi")
    with clock.frozen(NOW):
        await scores.refresh(session, NOW.date())
        await session.commit()

        card = (await client.get(f"/v1/customers/{person.id}/card", headers={"Accept-Language": "en"})).json()

    assert card["profile"]["revenue"] == {"amount": "47.60", "currency": "EUR"}
    assert card["profile"]["mean_basket"] == {"amount": "11.90", "currency": "EUR"}
    assert card["profile"]["visits_12m"] == 4
    assert {lane["name"] for lane in card["top_categories"]} == {"Pane", "Caffè"}
    assert all(len(lane["visits"]) == 4 for lane in card["top_categories"])
    assert "14 days ago" in card["score"]["reason"]
    read = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "customer.read"))).all()
    assert [entry.subject_id for entry in read] == [person.id]


async def test_a_card_without_purchases_is_whole(client: AsyncClient, session: AsyncSession) -> None:
    person = await make_customer(session)
    await session.commit()

    card = (await client.get(f"/v1/customers/{person.id}/card")).json()

    assert card["profile"] is None
    assert card["score"] is None
    assert card["top_categories"] == []


async def test_the_story_holds_every_kind_newest_first_and_pages(client: AsyncClient, session: AsyncSession) -> None:
    person = await make_regular(session, "Bianchi", email="anna.bianchi@example.com")
    await make_consent(session, person.id)
    await session.commit()
    await client.post(f"/v1/customers/{person.id}/notes", json={"body": "Preferisce il pane integrale"})
    story: list[dict[str, Any]] = []
    cursor: str | None = ""

    while cursor is not None:
        params = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await client.get(f"/v1/customers/{person.id}/timeline", params=params)).json()
        story += page["items"]
        cursor = page["next_cursor"]

    assert [entry["at"] for entry in story] == sorted((entry["at"] for entry in story), reverse=True)
    assert sorted(entry["kind"] for entry in story) == ["consent", "note", *["purchase"] * 4]
    purchase = next(entry for entry in story if entry["kind"] == "purchase")
    assert purchase["amount"] == {"amount": "11.90", "currency": "EUR"}
    assert purchase["detail"]["lines"] == 2
    notes = (await client.get(f"/v1/customers/{person.id}/timeline", params={"kind": "notes"})).json()
    assert [entry["detail"]["body"] for entry in notes["items"]] == ["Preferisce il pane integrale"]


async def test_today_counts_what_waits_for_a_person(client: AsyncClient, session: AsyncSession) -> None:
    await make_customer(session)
    await session.commit()

    today = (await client.get("/v1/desk/today")).json()

    assert today["customers"] == 1
    assert today["open_tasks"] == 0
    assert today["runs"] == []


async def test_names_are_for_those_who_may_read_customers(client_as: ClientAs, token_client: TokenClient) -> None:
    analyst = await client_as("analyst")
    till = await token_client(["transactions:write"])

    assert (await analyst.get("/v1/customers")).json()["code"] == "forbidden"
    assert (await till.get("/v1/customers")).json()["needs"] == "customers:read"
