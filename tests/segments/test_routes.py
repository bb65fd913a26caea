"""Segments over HTTP: the builder's preview, saved filters, and who is in one."""

from datetime import date
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.identity.rules import Role
from tests.conftest import ClientAs, TokenClient
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer

BOLOGNA = {"field": "city", "op": "in", "value": ["Bologna"]}


async def test_the_preview_counts_exactly_and_says_why_each_is_in_it(
    client: AsyncClient, session: AsyncSession
) -> None:
    anna = await make_customer(session, given_name="Anna", family_name="Conti", city="Bologna", email="a@example.com")
    await make_customer(session, given_name="Ugo", city="Modena")
    await make_consent(session, anna.id)
    await session.commit()

    answer = (await client.post("/v1/segments/preview", json={"tree": BOLOGNA})).json()

    assert (answer["count"], answer["sentence"]) == (1, "Chi vive a Bologna.")
    assert answer["sample"] == [{"customer_id": str(anna.id), "full_name": "Anna Conti", "because": "vive a Bologna"}]
    assert (answer["uses_purchases"], answer["lost_to_profiling"]) == (True, 1)
    assert answer["reach"] == {"EMAIL": 0, "SMS": 0, "POST": 0}


async def test_a_permission_is_asked_of_the_gate(client: AsyncClient, session: AsyncSession) -> None:
    yes = await make_customer(session, email="a@example.com")
    await make_customer(session, email="b@example.com")
    await make_consent(session, yes.id)
    await session.commit()
    may = {"field": "permission", "channel": "EMAIL", "purpose": "MKT_OWN"}

    allowed = (await client.post("/v1/segments/preview", json={"tree": may})).json()
    others = (await client.post("/v1/segments/preview", json={"tree": {"not": may}})).json()
    mixed = (await client.post("/v1/segments/preview", json={"tree": {"any": [may, BOLOGNA]}})).json()

    assert (allowed["count"], others["count"], mixed["count"]) == (1, 1, 1)
    assert allowed["sentence"] == "Chi può ricevere offerte per email."
    assert allowed["sample"][0]["because"] == "può ricevere offerte per email"
    assert (allowed["uses_purchases"], allowed["lost_to_profiling"]) == (False, 0)
    assert allowed["reach"]["EMAIL"] == 1


async def test_a_filter_is_saved_changed_only_by_who_read_it_and_taken_off_the_list(client: AsyncClient) -> None:
    created = await client.post("/v1/segments", json={"name": "Bolognesi", "tree": BOLOGNA})
    url = f"/v1/segments/{created.json()['id']}"

    blind = await client.patch(url, json={"name": "Altri"})
    stale = await client.patch(url, json={"name": "Altri"}, headers={"If-Match": '"v9"'})
    saved = await client.patch(url, json={"name": "Altri"}, headers={"If-Match": created.headers["etag"]})
    removed = await client.delete(url, headers={"If-Match": saved.headers["etag"]})

    assert (created.status_code, created.headers["location"]) == (201, url)
    assert (blind.status_code, stale.status_code) == (428, 412)
    assert (saved.json()["name"], saved.json()["version"], saved.json()["tree"]) == ("Altri", 2, BOLOGNA)
    assert removed.status_code == 204
    assert (await client.get(url)).json()["code"] == "segment-not-found"


async def test_one_person_is_in_or_out_because(client: AsyncClient, session: AsyncSession) -> None:
    young = await make_customer(session, birth_on=date(2004, 5, 5))
    old = await make_customer(session, birth_on=date(1950, 5, 5))
    await session.commit()
    tree = {"field": "age", "op": "at_least", "value": 60}
    segment = (await client.post("/v1/segments", json={"name": "Over 60", "tree": tree})).json()
    url = f"/v1/segments/{segment['id']}/members"

    inside = (await client.get(f"{url}/{old.id}")).json()
    outside = (await client.get(f"{url}/{young.id}", headers={"Accept-Language": "en"})).json()
    page = (await client.get(url, params={"limit": 1})).json()

    assert (inside["is_member"], outside["is_member"]) == (True, False)
    assert inside["because"].startswith("ha 7")
    assert outside["because"].startswith("is 2")
    assert (page["total"], [each["customer_id"] for each in page["items"]]) == (1, [str(old.id)])


async def test_members_come_in_pages_without_repeats(client: AsyncClient, session: AsyncSession) -> None:
    people = [str((await make_customer(session)).id) for _ in range(5)]
    await session.commit()
    segment = (await client.post("/v1/segments", json={"name": "Tutti", "tree": {"all": []}})).json()
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await client.get(f"/v1/segments/{segment['id']}/members", params=params)).json()
        seen += [each["customer_id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert seen == sorted(people)
    assert (await client.get(f"/v1/segments/{segment['id']}/members?cursor=xx")).status_code == 400


async def test_every_preset_is_a_filter_that_counts(client: AsyncClient) -> None:
    presets = (await client.get("/v1/segments/presets")).json()["items"]

    for preset in presets:
        answer = await client.post("/v1/segments/preview", json={"tree": preset["tree"]})
        assert answer.status_code == 200, preset
        assert answer.json()["sentence"] == preset["sentence"]
    assert len(presets) == 12
    assert {"In ritardo", "Migliori clienti", "Compleanno questo mese"} < {preset["name"] for preset in presets}


async def test_the_fields_say_their_operators_and_choices(client: AsyncClient) -> None:
    fields = {each["key"]: each for each in (await client.get("/v1/segment-fields")).json()["items"]}

    assert fields["age"]["kind"] == "number"
    assert "between" in fields["age"]["operators"]
    assert fields["stage"]["choices"][0] == {"value": "none", "label": "senza acquisti"}
    assert not fields["language"]["uses_purchases"]
    assert fields["bought"]["uses_purchases"]


@pytest.mark.parametrize(
    "tree",
    [
        {"field": "salary", "op": "is", "value": 1},
        {"field": "bought", "category_id": "00000000-0000-7000-8000-000000000000"},
        {"all": [{"all": [{"all": [{"all": [{"all": [{"all": [{"all": [{"all": [{"all": []}]}]}]}]}]}]}]}]},
    ],
)
async def test_what_cannot_be_a_filter_is_refused_with_its_place(client: AsyncClient, tree: dict[str, Any]) -> None:
    answer = await client.post("/v1/segments/preview", json={"tree": tree})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


async def test_who_may_not_read_segments_is_refused(client_as: ClientAs, token_client: TokenClient) -> None:
    cashier = await client_as(Role.CASHIER)
    reader = await token_client(["segments:read"])

    assert (await cashier.get("/v1/segments")).status_code == 403
    assert (await reader.get("/v1/segments")).status_code == 200
    assert (await reader.post("/v1/segments", json={"name": "X", "tree": BOLOGNA})).status_code == 403
