"""The main job through the API alone, with a token: purchases in, a campaign out, a mail read, an unsubscribe honoured,
results.
"""

import email
import email.policy
import re
from email.message import EmailMessage
from typing import Any

from httpx import AsyncClient

from tests.journeys.conftest import Mailbox, OpenShop, Shop, eventually
from tests.journeys.history import AGREED, PEOPLE, introduce_the_shop, push_history


async def test_the_story_with_the_captured_outbox(open_shop: OpenShop) -> None:
    async with open_shop() as shop:
        campaign = await launch_a_campaign(shop.api)
        messages = await shop.api.get("/v1/messages", params={"touch_id": campaign["touch_id"], "status": "sent"})
        one = (await shop.api.get(f"/v1/messages/{messages.json()['items'][0]['id']}")).json()

        assert one["captured"] is True
        await unsubscribe_and_be_refused(shop, one["unsubscribe_url"], one["customer_id"])
        await read_the_results(shop.api, campaign)


async def test_the_story_with_a_real_mail_server(open_shop: OpenShop, mailbox: Mailbox) -> None:
    """Done when 3: headers, both parts, and a link that works, in the mail as it was received."""
    async with open_shop(smtp_url=mailbox.url) as shop:
        campaign = await launch_a_campaign(shop.api)
        sent = campaign["progress"]["sent"] + campaign["progress"]["delivered"]

        assert len(mailbox.messages) == sent
        assert len({str(message["To"]) for message in mailbox.messages}) == sent
        received = mailbox.messages[0]
        assert_a_proper_marketing_mail(received, shop)
        link = link_of(received)
        number = re.search(r"cliente(\d+)@", str(received["To"]))
        assert number is not None
        found = (await shop.api.post("/v1/customers/lookups", json={"email": f"cliente{number[1]}@example.com"})).json()
        await unsubscribe_and_be_refused(shop, link, found["items"][0]["id"])
        await read_the_results(shop.api, campaign)


async def launch_a_campaign(api: AsyncClient) -> dict[str, Any]:
    """Push people, purchases and permissions as a web shop would; rehearse, launch, and wait until it is done."""
    await introduce_the_shop(api)
    await push_history(api)
    category = (await api.get("/v1/categories", params={"q": "Caffè"})).json()["items"][0]
    tree = {"field": "bought", "category_id": category["id"], "at_least": 2, "days": 90, "spent_at_least": "10.00"}
    preview = (await api.post("/v1/segments/preview", json={"tree": tree})).json()
    assert preview["count"] == PEOPLE, preview
    segment = (await api.post("/v1/segments", json={"name": "Chi beve caffè", "tree": tree})).json()
    templates = (await api.get("/v1/templates", params={"channel": "EMAIL"})).json()["items"]
    template = next(each for each in templates if each["code"] == "newsletter")
    created = await api.post(
        "/v1/campaigns",
        json={
            "name": "Caffè d'autunno",
            "segment_id": segment["id"],
            "template_id": template["id"],
            "control_share": "0.50",
            "window_days": 14,
        },
    )
    assert created.status_code == 201, created.text
    campaign = created.json()
    rehearsal = (await api.post(f"/v1/campaigns/{campaign['id']}/rehearsals")).json()
    outcomes = rehearsal["will_receive"] + rehearsal["control"] + rehearsal["deferred"] + rehearsal["denied"]
    assert outcomes == rehearsal["audience"] == PEOPLE
    assert rehearsal["will_receive"] + rehearsal["control"] == AGREED, rehearsal["by_reason"]
    assert 0 < rehearsal["control"] < AGREED
    assert {reason["reason"] for reason in rehearsal["by_reason"]} >= {"NO_BASIS", "NO_PROFILING"}, rehearsal
    launched = await api.post(
        f"/v1/campaigns/{campaign['id']}/launches",
        json={"rehearsal_id": rehearsal["id"]},
        headers={"Idempotency-Key": f"launch-{campaign['id']}"},
    )
    assert launched.status_code == 202, launched.text

    async def is_done() -> bool:
        return bool((await api.get(f"/v1/campaigns/{campaign['id']}")).json()["state"] == "done")

    await eventually(is_done, within=40)
    done: dict[str, Any] = (await api.get(f"/v1/campaigns/{campaign['id']}")).json()
    progress = done["progress"]
    assert progress["delivered"] + progress["sent"] == rehearsal["will_receive"], progress
    assert progress["control"] == rehearsal["control"]
    return done


async def unsubscribe_and_be_refused(shop: Shop, link: str, customer_id: str) -> None:
    """A scanner's GET changes nothing (E-03, B-01); the one-click POST does, once (E-02, B-02); then we are refused."""
    async with AsyncClient() as somebody:
        page = await somebody.get(link)
        assert page.status_code == 200
        assert await email_answer(shop.api, customer_id) == ("ALLOW", "CONSENT_6_1_A")
        for _ in range(2):
            done = await somebody.post(link, data={"List-Unsubscribe": "One-Click"})
            assert done.status_code == 200
    refused = (
        await shop.api.post(
            "/v1/contact-decisions", json={"customer_ids": [customer_id], "purpose": "MKT_OWN", "channel": "EMAIL"}
        )
    ).json()["items"][0]
    assert (refused["verdict"], refused["reason"], refused["family"]) == ("DENY", "WITHDRAWN", "said_no")
    ledger = (await shop.api.get(f"/v1/customers/{customer_id}/consents")).json()["items"]
    assert [entry["action"] for entry in ledger if entry["method"] == "LIST_UNSUB_POST"] == ["WITHDRAW"]


async def email_answer(api: AsyncClient, customer_id: str) -> tuple[str, str]:
    answer = await api.get(f"/v1/customers/{customer_id}/permissions")
    rows = {row["purpose"]: row["cells"] for row in answer.json()["rows"]}
    cell = next(cell for cell in rows["MKT_OWN"] if cell["channel"] == "EMAIL")
    return cell["verdict"], cell["basis"]


async def read_the_results(api: AsyncClient, campaign: dict[str, Any]) -> None:
    results = (await api.get(f"/v1/campaigns/{campaign['id']}/results")).json()
    people = {arm["arm"].lower(): arm["people"] for arm in results["arms"]}
    assert people["treated"] == campaign["progress"]["delivered"] + campaign["progress"]["sent"]
    assert people["control"] == campaign["progress"]["control"]
    assert results["state"] == "open"
    assert results["verdict"]["code"] == "more", "no verdict before the window closes (X-11)"


def assert_a_proper_marketing_mail(message: EmailMessage, shop: Shop) -> None:
    """E-01, E-15, E-19, D-06."""
    unsubscribe = str(message["List-Unsubscribe"])
    assert unsubscribe.startswith(f"<{shop.url}/u/")
    assert str(message["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    assert re.fullmatch(r"<[0-9a-f-]{36}@[^>]+>", str(message["Message-ID"]))
    assert message.get_content_type() == "multipart/alternative"
    parts = message.get_payload()
    assert isinstance(parts, list)
    plain, html = parts
    assert isinstance(plain, EmailMessage)
    assert isinstance(html, EmailMessage)
    assert plain.get_content_type() == "text/plain"
    assert html.get_content_type() == "text/html"
    for part in (plain, html):
        text = part.get_content()
        assert "Anna" in text
        assert "{{" not in text
        assert f"{shop.url}/u/" in text
    assert max(len(line) for line in message.as_bytes(policy=email.policy.SMTP).split(b"\r\n")) <= 998


def link_of(message: EmailMessage) -> str:
    return str(message["List-Unsubscribe"]).split(">")[0].strip("<")
