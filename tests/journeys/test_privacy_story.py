"""One person from a signed sheet to being forgotten, told through the API, and every moment between asked again.

Paper form → consent → campaign mail → one click → an old list → still refused → a letter → access pack → erasure →
the old list again → refused by hash.
"""

import asyncio
import csv
import io
import json
import zipfile
from typing import Any

from httpx import AsyncClient
from PIL import Image

from ritorno.kit import clock
from tests.journeys.conftest import OpenShop, Shop, eventually
from tests.journeys.history import introduce_the_shop

EMAIL = "marta.bellini@example.com"
MATRIX = tuple[str, str | None]


async def test_from_a_signed_form_to_being_forgotten_and_every_moment_between(open_shop: OpenShop) -> None:
    async with open_shop() as shop:
        await introduce_the_shop(shop.api)
        marta = await a_customer_with_a_confirmed_address(shop)
        told: list[tuple[str, MATRIX]] = []

        async def remember(expected: MATRIX) -> None:
            """Note what holds now, and when; the clock must move on before the next act."""
            assert await email_answer(shop.api, marta) == expected
            told.append((clock.now().isoformat(), expected))
            await asyncio.sleep(0.05)

        await remember(("DENY", "NO_SALE"))
        await sign_the_form(shop.api, marta)
        await remember(("ALLOW", None))
        link = await be_written_to(shop, marta)
        await remember(("ALLOW", None))
        await press_once(link)
        await remember(("DENY", "WITHDRAWN"))
        assert await bring_the_old_list_in(shop.api) == "merged"
        await remember(("DENY", "WITHDRAWN"))
        await object_by_letter(shop.api, marta)
        await remember(("DENY", "OBJECTED"))
        await ask_for_everything(shop, marta)
        for moment, expected in told:
            assert await email_answer(shop.api, marta, at=moment) == expected, moment

        erasure = await be_forgotten(shop.api, marta)

        assert erasure["is_partial"] is False
        # Before anything was said the ledger names no address, and the addresses themselves are gone.
        assert await email_answer(shop.api, marta, at=told[0][0]) == ("DENY", "BAD_CONTACT_POINT")
        for moment, expected in told[1:]:
            assert await email_answer(shop.api, marta, at=moment) == expected, moment
        certificate = await shop.api.get(f"/v1/customers/{marta}/consent-certificate", params={"at": told[1][0]})
        assert certificate.content.startswith(b"%PDF")
        assert (await shop.api.get(f"/v1/customers/{marta}/consent-verification")).json()["is_ok"] is True

        await bring_the_old_list_in(shop.api)

        [again] = await found_by_email(shop.api)
        assert again != marta
        assert await email_answer(shop.api, again) == ("DENY", "SUPPRESSED_ERASED")


async def a_customer_with_a_confirmed_address(shop: Shop) -> str:
    """Put a card, and let the person press the button of their mail; a scanner that opened it changed nothing."""
    put = await shop.api.put(
        "/v1/customers/till/1", json={"given_name": "Marta", "family_name": "Bellini", "email": EMAIL}
    )
    assert put.status_code == 201, put.text
    customer_id: str = put.json()["id"]
    card = (await shop.api.get(f"/v1/customers/{customer_id}")).json()
    [point] = card["contact_points"]
    asked = await shop.api.post(
        f"/v1/customers/{customer_id}/address-confirmations", json={"contact_point_id": point["id"], "channel": "EMAIL"}
    )
    assert asked.status_code == 201, asked.text
    mail = await read_mail(shop, asked.json()["message_id"])
    link = next(word for word in mail["text"].split() if "/confirm/" in word)
    async with AsyncClient() as scanner:
        for _ in range(3):
            assert (await scanner.get(link)).status_code == 200
    assert (await level_of(shop.api, customer_id)) != "CONFIRMED"
    async with AsyncClient() as person:
        assert (await person.post(link)).status_code == 200
    assert (await level_of(shop.api, customer_id)) == "CONFIRMED"
    return customer_id


async def read_mail(shop: Shop, message_id: str) -> dict[str, Any]:
    """Wait until a message is sent, and read it as it was captured."""

    async def is_sent() -> bool:
        return (await shop.api.get(f"/v1/messages/{message_id}")).json()["status"] in {"sent", "delivered"}

    await eventually(is_sent)
    message: dict[str, Any] = (await shop.api.get(f"/v1/messages/{message_id}")).json()
    return message


async def level_of(api: AsyncClient, customer_id: str) -> str:
    card = (await api.get(f"/v1/customers/{customer_id}")).json()
    level: str = card["contact_points"][0]["level"]
    return level


async def sign_the_form(api: AsyncClient, customer_id: str) -> None:
    """Take the sheet as it was signed: yes to mail and to the use of purchases, no to texts, the rest left blank."""
    sheet = io.BytesIO()
    Image.new("L", (640, 900), 255).save(sheet, "PNG")
    scan = await api.post("/v1/evidence", files={"file": ("sheet.png", sheet.getvalue(), "image/png")})
    assert scan.status_code == 201, scan.text
    forms = (await api.get("/v1/consent-forms")).json()["items"]
    form = next(each["published"] for each in forms if each["code"] == "welcome")
    filled = await api.post(
        f"/v1/customers/{customer_id}/filled-forms",
        json={
            "form_version_id": form["id"],
            "choices": {"offers-email": "yes", "offers-sms": "no", "purchases": "yes"},
            "signed_on": clock.today("Europe/Rome").isoformat(),
            "method": "POS_PAPER",
            "evidence_sha256": scan.json()["sha256"],
        },
    )
    assert filled.status_code == 201, filled.text
    assert filled.json()["refused"] == []
    said = {(entry["purpose"], entry["channel"]): entry["action"] for entry in filled.json()["items"]}
    assert said == {("MKT_OWN", "EMAIL"): "GRANT", ("MKT_OWN", "SMS"): "DENY", ("PROFILING", None): "GRANT"}
    assert all(entry["is_proven"] for entry in filled.json()["items"])


async def be_written_to(shop: Shop, customer_id: str) -> str:
    """Launch a campaign to everybody, and return the unsubscribe link of the mail that reached this person."""
    api = shop.api
    segment = (await api.post("/v1/segments", json={"name": "Tutti", "tree": {"all": []}})).json()
    templates = (await api.get("/v1/templates", params={"channel": "EMAIL"})).json()["items"]
    template = next(each for each in templates if each["code"] == "newsletter")
    created = await api.post(
        "/v1/campaigns",
        json={"name": "Autunno", "segment_id": segment["id"], "template_id": template["id"], "control_share": "0"},
    )
    assert created.status_code == 201, created.text
    campaign = created.json()
    rehearsal = (await api.post(f"/v1/campaigns/{campaign['id']}/rehearsals")).json()
    assert rehearsal["will_receive"] == 1, rehearsal
    launched = await api.post(
        f"/v1/campaigns/{campaign['id']}/launches",
        json={"rehearsal_id": rehearsal["id"]},
        headers={"Idempotency-Key": "launch"},
    )
    assert launched.status_code == 202, launched.text

    async def is_done() -> bool:
        return bool((await api.get(f"/v1/campaigns/{campaign['id']}")).json()["state"] == "done")

    await eventually(is_done, within=40)
    found = (await api.get("/v1/messages", params={"touch_id": launched.json()["touch_id"]})).json()["items"]
    [message] = [each for each in found if each["customer_id"] == customer_id]
    link: str = (await read_mail(shop, message["id"]))["unsubscribe_url"]
    return link


async def press_once(link: str) -> None:
    async with AsyncClient() as person:
        for _ in range(2):
            assert (await person.post(link, data={"List-Unsubscribe": "One-Click"})).status_code == 200


async def bring_the_old_list_in(api: AsyncClient) -> str:
    """Import a list from years ago that says yes to everything, and return what became of its one row (B-07, C-10)."""
    rows = [{"source_key": "old-1", "given_name": "Marta", "family_name": "Bellini", "email": EMAIL, "consent": "yes"}]
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
    writer.writeheader()
    writer.writerows(rows)
    uploaded = await api.post("/v1/imports", content=out.getvalue().encode(), headers={"X-File-Name": "old.csv"})
    assert uploaded.status_code == 201, uploaded.text
    draft = uploaded.json()
    wanted = {"given_name": "given_name", "family_name": "family_name", "email": "email", "source_key": "external_id"}
    columns = [
        column | {"field": wanted.get(column["name"], "consent_email"), "policy": None} for column in draft["columns"]
    ]
    mapped = await api.patch(
        f"/v1/imports/{draft['id']}",
        json={"source": "old-list", "columns": columns},
        headers={"If-Match": uploaded.headers["ETag"]},
    )
    assert mapped.status_code == 200, mapped.text
    return await applied(api, draft["id"])


async def applied(api: AsyncClient, import_id: str) -> str:
    for what, state in (("rehearsals", "rehearsed"), ("applications", "applied")):
        asked = await api.post(f"/v1/imports/{import_id}/{what}", headers={"Idempotency-Key": f"{what}-{import_id}"})
        assert asked.status_code == 202, asked.text

        async def is_there(state: str = state) -> bool:
            read = (await api.get(f"/v1/imports/{import_id}")).json()
            assert read["state"] != "failed", read["failure"]
            return bool(read["state"] == state)

        await eventually(is_there)
    rows = (await api.get(f"/v1/imports/{import_id}/rows")).json()["items"]
    outcome: str = rows[0]["outcome"]
    return outcome


async def object_by_letter(api: AsyncClient, customer_id: str) -> None:
    letter = await api.post(
        "/v1/evidence", files={"file": ("letter.pdf", b"%PDF-1.7\n%letter\n%%EOF\n", "application/pdf")}
    )
    assert letter.status_code == 201, letter.text
    objected = await api.post(
        f"/v1/customers/{customer_id}/objections",
        json={
            "scope": "all",
            "received_on": clock.today("Europe/Rome").isoformat(),
            "method": "LETTER",
            "evidence": [{"type": "scan", "sha256": letter.json()["sha256"]}],
        },
    )
    assert objected.status_code == 201, objected.text


async def ask_for_everything(shop: Shop, customer_id: str) -> None:
    """Ask for access, be known at the counter, and open the pack."""
    api = shop.api
    asked = await api.post(
        "/v1/privacy-requests",
        json={"kind": "ACCESS", "channel": "LETTER", "customer_id": customer_id},
        headers={"Idempotency-Key": "access"},
    )
    assert asked.status_code == 201, asked.text
    request_id = asked.json()["id"]
    known = await api.put(f"/v1/privacy-requests/{request_id}/identity", json={"method": "KNOWN_IN_PERSON"})
    assert known.status_code == 200, known.text
    pack = await api.post(f"/v1/privacy-requests/{request_id}/packs", json={}, headers={"Idempotency-Key": "pack"})
    assert pack.status_code == 202, pack.text

    async def is_ready() -> bool:
        read = (await api.get(f"/v1/privacy-packs/{pack.json()['id']}")).json()
        assert read["failure"] is None, read
        return bool(read["state"] == "done")

    await eventually(is_ready)
    content = (await api.get(f"/v1/privacy-packs/{pack.json()['id']}/file")).content
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        names = opened.namelist()
        data = json.loads(opened.read(next(name for name in names if name.endswith("data.json"))))
        page = opened.read(next(name for name in names if name.endswith("index.html"))).decode()
    assert any(name.endswith(".csv") for name in names)
    assert EMAIL in json.dumps(data)
    assert "Bellini" in page


async def be_forgotten(api: AsyncClient, customer_id: str) -> dict[str, Any]:
    preview = (await api.post(f"/v1/customers/{customer_id}/erasure-previews")).json()
    assert preview["is_partial"] is False, preview
    erased = await api.post(f"/v1/customers/{customer_id}/erasures", json={}, headers={"Idempotency-Key": "erase"})
    assert erased.status_code == 201, erased.text
    assert await found_by_email(api) == []
    done: dict[str, Any] = erased.json()
    return done


async def found_by_email(api: AsyncClient) -> list[str]:
    return [each["id"] for each in (await api.post("/v1/customers/lookups", json={"email": EMAIL})).json()["items"]]


async def email_answer(api: AsyncClient, customer_id: str, at: str | None = None) -> MATRIX:
    """Return the gate's verdict and reason about an offer by mail, now or at a moment."""
    read = await api.get(f"/v1/customers/{customer_id}/permissions", params={"at": at} if at else {})
    assert read.status_code == 200, read.text
    rows = {row["purpose"]: row["cells"] for row in read.json()["rows"]}
    cell = next(cell for cell in rows["MKT_OWN"] if cell["channel"] == "EMAIL")
    return cell["verdict"], cell["reason"]
