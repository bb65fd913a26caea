"""A campaign over HTTP, from draft to results."""

from datetime import timedelta
from typing import Any

from httpx import AsyncClient
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.campaigns.models import Campaign
from ritorno.identity.models import StaffSession
from ritorno.identity.rules import Role
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message, QueuedMessage
from ritorno.touches import jobs
from tests.conftest import ClientAs, TokenClient
from tests.factories.campaigns import make_crowd
from tests.factories.messaging import make_business, make_template


async def draft(
    client: AsyncClient, session: AsyncSession, settings: Settings, *, people: int = 12, **more: Any
) -> dict[str, Any]:
    await make_crowd(session, people, yes_every=2)
    await make_business(session)
    template = await make_template(session, settings)
    await session.commit()
    segment = (await client.post("/v1/segments", json={"name": "Tutti", "tree": {"all": []}})).json()
    body = {"name": "Autunno", "segment_id": segment["id"], "template_id": str(template.id), **more}
    created = await client.post("/v1/campaigns", json=body)
    assert created.status_code == 201, created.text
    answer: dict[str, Any] = created.json()
    return answer


async def test_a_campaign_is_drafted_rehearsed_launched_and_listed(
    client: AsyncClient, session: AsyncSession, settings: Settings, work: Work
) -> None:
    campaign = await draft(client, session, settings, control_share="0")
    url = f"/v1/campaigns/{campaign['id']}"

    rehearsal = (await client.post(f"{url}/rehearsals")).json()
    launched = await client.post(
        f"{url}/launches", json={"rehearsal_id": rehearsal["id"]}, headers={"Idempotency-Key": "first"}
    )
    again = await client.post(
        f"{url}/launches", json={"rehearsal_id": rehearsal["id"]}, headers={"Idempotency-Key": "first"}
    )
    await jobs.plan(work, {"touch_id": launched.json()["touch_id"]})
    read = (await client.get(url)).json()
    refused = (await client.get(f"{url}/recipients", params={"status": "skipped"})).json()
    results = (await client.get(f"{url}/results", headers={"Accept-Language": "en"})).json()

    assert (campaign["state"], campaign["control_share"], campaign["progress"]) == ("draft", "0.00", None)
    assert (rehearsal["audience"], rehearsal["will_receive"], rehearsal["denied"]) == (12, 6, 6)
    assert rehearsal["by_reason"] == [
        {"reason": "NO_SALE", "family": "not_asked", "count": 6, "sentence": "Non ha mai comprato"}
    ]
    assert rehearsal["sample"][0]["full_name"] == "Persona 0 Rossi"
    assert "Gentile Persona 0" in rehearsal["sample"][0]["text"]
    assert launched.status_code == 202
    assert again.json() == launched.json()
    assert (read["state"], read["progress"]["queued"], read["progress"]["skipped"]) == ("sending", 6, 6)
    assert (read["progress"]["total"], read["progress"]["is_planning"]) == (12, False)
    assert (refused["total"], refused["items"][0]["reason_sentence"]) == (6, "Non ha mai comprato")
    assert (results["state"], results["verdict"]["code"]) == ("open", "off")


async def test_a_launch_needs_its_key_and_a_rehearsal_of_this_version(
    client: AsyncClient, session: AsyncSession, settings: Settings
) -> None:
    campaign = await draft(client, session, settings, people=2)
    url = f"/v1/campaigns/{campaign['id']}"
    rehearsal = (await client.post(f"{url}/rehearsals")).json()
    await client.patch(url, json={"control_share": "0.2"}, headers={"If-Match": '"v1"'})
    body = {"rehearsal_id": rehearsal["id"]}

    without_key = await client.post(f"{url}/launches", json=body)
    stale = await client.post(f"{url}/launches", json=body, headers={"Idempotency-Key": "a"})
    elsewhere = await client.post(
        f"{url}/launches", json={"rehearsal_id": campaign["id"]}, headers={"Idempotency-Key": "b"}
    )

    assert without_key.json()["code"] == "idempotency-key-missing"
    assert (stale.status_code, stale.json()["code"]) == (409, "rehearsal-stale")
    assert elsewhere.json()["code"] == "rehearsal-not-found"


async def test_a_launch_to_many_asks_a_person_to_prove_who_they_are_and_a_token_by_its_scope(
    client: AsyncClient, session: AsyncSession, settings: Settings, token_client: TokenClient
) -> None:
    """S-13."""
    campaign = await draft(client, session, settings, people=110, control_share="0")
    url = f"/v1/campaigns/{campaign['id']}"
    rehearsal = (await client.post(f"{url}/rehearsals")).json()
    body, at = {"rehearsal_id": rehearsal["id"]}, (clock.now() + timedelta(hours=1)).isoformat()
    await session.execute(update(StaffSession).values(step_up_at=None))
    await session.commit()
    writer, sender = await token_client(["campaigns:write"]), await token_client(["campaigns:send"])

    person = await client.post(f"{url}/launches", json=body, headers={"Idempotency-Key": "a"})
    later = await client.put(f"{url}/schedule", json={"at": at})
    without_scope = await writer.post(f"{url}/launches", json=body, headers={"Idempotency-Key": "b"})
    token = await sender.post(f"{url}/launches", json=body, headers={"Idempotency-Key": "c"})

    assert rehearsal["will_receive"] == 55
    assert (person.status_code, person.json()["code"]) == (403, "step-up-required")
    assert later.json()["code"] == "step-up-required"
    assert without_scope.status_code == 403
    assert token.status_code == 202


async def test_a_campaign_is_scheduled_paused_resumed_and_cancelled(
    client: AsyncClient, session: AsyncSession, settings: Settings
) -> None:
    campaign = await draft(client, session, settings, people=2, control_share="0")
    url = f"/v1/campaigns/{campaign['id']}"
    unrehearsed = await client.put(f"{url}/schedule", json={"at": "2030-01-01T09:00:00+01:00"})
    rehearsal = (await client.post(f"{url}/rehearsals")).json()

    scheduled = (await client.put(f"{url}/schedule", json={"at": "2030-01-01T09:00:00+01:00"})).json()
    draft_again = (await client.delete(f"{url}/schedule")).json()
    body = {"rehearsal_id": rehearsal["id"]}
    await client.post(f"{url}/launches", json=body, headers={"Idempotency-Key": "a"})
    paused = (await client.put(f"{url}/pause")).json()
    sending = (await client.delete(f"{url}/pause")).json()
    cancelled = (await client.delete(f"{url}/delivery")).json()
    dead = await client.put(f"{url}/pause")

    assert unrehearsed.json()["code"] == "rehearsal-not-found"
    assert (scheduled["state"], scheduled["scheduled_at"]) == ("scheduled", "2030-01-01T08:00:00.000Z")
    assert [each["state"] for each in (draft_again, paused, sending, cancelled)] == [
        "draft",
        "paused",
        "sending",
        "cancelled",
    ]
    assert (dead.status_code, dead.json()["code"], dead.json()["state"]) == (409, "campaign-state", "cancelled")


async def test_a_draft_is_edited_by_who_read_it_and_thrown_away(
    client: AsyncClient, session: AsyncSession, settings: Settings
) -> None:
    campaign = await draft(client, session, settings, people=1)
    url = f"/v1/campaigns/{campaign['id']}"

    blind = await client.patch(url, json={"name": "Altro"})
    saved = await client.patch(url, json={"name": "Altro"}, headers={"If-Match": '"v1"'})
    too_much = await client.patch(url, json={"control_share": "0.9"}, headers={"If-Match": '"v2"'})
    unknown = await client.patch(url, json={"owner": "me"}, headers={"If-Match": '"v2"'})
    gone = await client.delete(url, headers={"If-Match": '"v2"'})

    assert blind.status_code == 428
    assert (saved.json()["name"], saved.json()["version"], saved.headers["etag"]) == ("Altro", 2, '"v2"')
    assert (too_much.status_code, unknown.status_code, gone.status_code) == (422, 422, 204)
    assert (await client.get(url)).json()["code"] == "campaign-not-found"
    assert (await client.get("/v1/campaigns")).json()["total"] == 0


async def test_who_may_not_see_campaigns_is_refused(client_as: ClientAs) -> None:
    cashier, analyst = await client_as(Role.CASHIER), await client_as(Role.ANALYST)

    assert (await cashier.get("/v1/campaigns")).status_code == 403
    assert (await analyst.post("/v1/campaigns", json={"name": "X"})).status_code == 403


async def test_a_campaign_is_sent_again_to_those_it_did_not_reach(
    client: AsyncClient, client_as: ClientAs, session: AsyncSession, settings: Settings, work: Work
) -> None:
    campaign = await draft(client, session, settings, control_share="0")
    url = f"/v1/campaigns/{campaign['id']}"
    too_early = await client.post(f"{url}/further-attempts")
    rehearsal = (await client.post(f"{url}/rehearsals")).json()
    key = {"Idempotency-Key": "first"}
    launched = await client.post(f"{url}/launches", json={"rehearsal_id": rehearsal["id"]}, headers=key)
    await jobs.plan(work, {"touch_id": launched.json()["touch_id"]})
    ids = list(await session.scalars(select(QueuedMessage.message_id).order_by(QueuedMessage.message_id)))
    await session.execute(delete(QueuedMessage))
    for message_id, (status, reason) in zip(ids, [("failed", "GAVE_UP"), ("bounced", "HARD_BOUNCE")], strict=False):
        ended = update(Message).where(Message.id == message_id).values(status=status, reason=reason)
        await session.execute(ended)
    await session.execute(update(Campaign).values(state="done"))
    await session.commit()

    forbidden = await (await client_as(Role.CASHIER)).post(f"{url}/further-attempts")
    again = await client.post(f"{url}/further-attempts")
    waiting = list(await session.scalars(select(QueuedMessage.message_id)))
    await session.execute(update(Campaign).values(state="done"))
    await session.commit()
    nobody = await client.post(f"{url}/further-attempts")

    assert (too_early.status_code, too_early.json()["code"], forbidden.status_code) == (409, "campaign-state", 403)
    assert (again.status_code, again.json()["state"], waiting) == (202, "sending", ids[:1])
    assert (nobody.status_code, nobody.json()["state"]) == (202, "done")
