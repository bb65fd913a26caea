"""A mail leaves through a real mail server, comes back days later as a genuine report, and its address is refused from
then on; somebody else presses "this is spam", and is left alone (E-10, E-11, E-14).
"""

import os
from datetime import timedelta
from email.message import EmailMessage
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from pathlib import Path

from httpx import AsyncClient

from ritorno.inbound import jobs as inbound
from ritorno.kit import clock
from tests.journeys.conftest import Mailbox, OpenShop, eventually
from tests.journeys.history import introduce_the_shop


async def test_e_10_a_mail_that_bounces_is_the_last_one_to_its_address(
    open_shop: OpenShop, mailbox: Mailbox, tmp_path: Path
) -> None:
    settings = {
        "smtp_url": mailbox.url,
        "bounce_address": "bounces@bottega.example",
        "mail_dir": tmp_path,
        "dns_server": "127.0.0.1:1",
    }
    async with open_shop(**settings) as shop:
        await introduce_the_shop(shop.api)
        dead, annoyed = await push_two_people(shop.api)
        template = await newsletter(shop.api)
        for person in (dead, annoyed):
            written = await shop.api.post(
                f"/v1/customers/{person}/messages", json={"template_id": template, "channel": "EMAIL"}
            )
            assert written.status_code == 202, written.text
        await eventually(lambda: _has(mailbox, 2))
        mails = {await customer_of(shop.api, mail): (mail, sender) for mail, sender in mailbox.received}
        assert len({sender for _, sender in mailbox.received}) == 2, "each has a way back of its own"

        file = tmp_path / "returned.eml"
        file.write_bytes(report_of(mails[dead][0], to=mails[dead][1]))
        os.utime(file, (0, 0))
        await shop.run(inbound.read_folder)
        taken = await shop.api.post(
            "/v1/inbound-mails", content=complaint_about(mails[annoyed][0]), headers={"Content-Type": "message/rfc822"}
        )

        assert (tmp_path / "done" / "returned.eml").is_file()
        assert (taken.status_code, taken.json()["kind"]) == (201, "complaint")
        assert await email_reason(shop.api, dead) == "HARD_BOUNCE"
        assert await email_reason(shop.api, annoyed) == "COMPLAINT"
        [row] = (await shop.api.get("/v1/messages", params={"customer_id": dead})).json()["items"]
        assert (row["status"], row["reason"]) == ("bounced", "HARD_BOUNCE")
        ledger = (await shop.api.get(f"/v1/customers/{annoyed}/consents")).json()["items"]
        assert ("OBJECT", "MKT_OWN", "EMAIL") in {(each["action"], each["purpose"], each["channel"]) for each in ledger}
        assert await refused_by_a_campaign(shop.api, template) == {"HARD_BOUNCE": 1, "COMPLAINT": 1}


async def _has(mailbox: Mailbox, count: int) -> bool:
    return len(mailbox.received) == count


async def push_two_people(api: AsyncClient) -> list[str]:
    """Push two people of Bologna who agreed to offers at the counter."""
    people = [{"source": "shop", "external_id": f"c{number}", "given_name": "Anna", "family_name": f"Prova {number}",
               "email": f"cliente{number}@example.com", "tags": ["caffè"]} for number in range(2)]  # fmt: skip
    pushed = (await api.post("/v1/customers/batch", json={"items": people})).json()
    assert pushed["counts"]["created"] == 2, pushed
    notices = {each["purpose"]: each["current_version"] for each in (await api.get("/v1/notices")).json()["items"]}
    at = (clock.now() - timedelta(days=30)).isoformat()
    scan = {"type": "scan", "uri": "forms/1.pdf", "sha256": "ab" * 32}
    grants = [{"source": "shop", "external_id": f"c{number}", "purpose": "MKT_OWN", "channel": "EMAIL",
               "action": "GRANT", "occurred_at": at, "method": "POS_PAPER", "evidence": [scan],
               "notice_version_id": notices["MKT_OWN"]["id"]} for number in range(2)]  # fmt: skip
    recorded = (await api.post("/v1/consents/batch", json={"items": grants})).json()
    assert recorded["counts"]["created"] == 2, recorded
    ids = []
    for number in range(2):
        found = (await api.post("/v1/customers/lookups", json={"email": f"cliente{number}@example.com"})).json()
        ids.append(found["items"][0]["id"])
        card = (await api.get(f"/v1/customers/{ids[-1]}")).json()
        await api.put(
            f"/v1/contact-points/{card['contact_points'][0]['id']}/level",
            json={"level": "CONFIRMED", "evidence": {"note": "asked at the counter"}},
        )
    return ids


async def newsletter(api: AsyncClient) -> str:
    templates = (await api.get("/v1/templates", params={"channel": "EMAIL"})).json()["items"]
    template_id: str = next(each["id"] for each in templates if each["code"] == "newsletter")
    return template_id


def report_of(mail: EmailMessage, *, to: str) -> bytes:
    """Write what a mail server writes when nobody lives at an address (RFC 3464)."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"], report["To"], report["Subject"] = "MAILER-DAEMON@example.com", to, "Undelivered Mail"
    report["Message-ID"] = "<report-1@example.com>"
    report.attach(MIMEText("Your mail did not arrive."))
    fields = EmailMessage()
    fields["Reporting-MTA"] = "dns; mx.example.com"
    recipient = EmailMessage()
    recipient["Final-Recipient"] = f"rfc822; {mail['To']}"
    recipient["Action"], recipient["Status"] = "failed", "5.1.1"
    recipient["Diagnostic-Code"] = f"smtp; 550 5.1.1 <{mail['To']}> no such user"
    told = EmailMessage()
    told["Content-Type"] = "message/delivery-status"
    told.set_payload([fields, recipient])
    report.attach(told)
    report.attach(MIMEMessage(mail))
    return report.as_bytes()


def complaint_about(mail: EmailMessage) -> bytes:
    """Write what a mail provider writes when somebody presses "this is spam" (RFC 5965); the person is left out."""
    report = MIMEMultipart("report", report_type="feedback-report")
    report["From"], report["To"], report["Subject"] = "fbl@example.com", "fbl@bottega.example", "Abuse report"
    report["Message-ID"] = "<complaint-1@example.com>"
    report.attach(MIMEText("Somebody complained."))
    fields = EmailMessage()
    fields["Feedback-Type"], fields["User-Agent"], fields["Version"] = "abuse", "Provider/1", "1"
    report.attach(MIMEMessage(fields, "feedback-report"))
    del mail["To"]
    report.attach(MIMEMessage(mail))
    return report.as_bytes()


async def customer_of(api: AsyncClient, mail: EmailMessage) -> str:
    message_id = str(mail["Message-ID"]).strip("<>").partition("@")[0]
    customer_id: str = (await api.get(f"/v1/messages/{message_id}")).json()["customer_id"]
    return customer_id


async def email_reason(api: AsyncClient, customer_id: str) -> str | None:
    rows = (await api.get(f"/v1/customers/{customer_id}/permissions")).json()["rows"]
    cells = next(row["cells"] for row in rows if row["purpose"] == "MKT_OWN")
    reason: str | None = next(cell["reason"] for cell in cells if cell["channel"] == "EMAIL")
    return reason


async def refused_by_a_campaign(api: AsyncClient, template_id: str) -> dict[str, int]:
    """Rehearse a campaign to both and return whom it leaves out, and why."""
    tree = {"field": "tag", "op": "in", "value": ["caffè"]}
    segment = (await api.post("/v1/segments", json={"name": "Chi beve caffè", "tree": tree})).json()
    body = {"name": "Caffè", "segment_id": segment["id"], "template_id": template_id}
    campaign = (await api.post("/v1/campaigns", json=body)).json()
    rehearsal = (await api.post(f"/v1/campaigns/{campaign['id']}/rehearsals")).json()
    assert rehearsal["audience"] == 2, rehearsal
    return {each["reason"]: each["count"] for each in rehearsal["by_reason"]}
