"""Complaints, replies, unsubscriptions and what nobody can attribute: their effects, and the list a person works
through.
"""

from typing import Any
from uuid import uuid4

import pytest
from httpx import AsyncClient
from pydantic import SecretStr
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry, Task
from ritorno.consents.models import Reply
from ritorno.consents.rules import Reason, Verdict
from ritorno.customers.models import ContactPoint, Customer
from ritorno.erasures.register import erase_all
from ritorno.identity.rules import Role
from ritorno.inbound import service
from ritorno.inbound.models import InboundMail
from ritorno.inbound.rules import MailSource
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message
from ritorno.messaging.rules import MessageStatus
from tests.conftest import ClientAs, TokenClient
from tests.consents.asking import RESEARCH, SERVICE, answer, events_of
from tests.factories.customers import make_customer
from tests.inbound.samples import about, sample

MAIL = {"Content-Type": "message/rfc822"}
NO_ONE = uuid4()


@pytest.fixture
async def webhook(token_client: TokenClient) -> AsyncClient:
    """What a mail server's pipe or a mail provider calls."""
    return await token_client(["messages:write"])


async def post(webhook: AsyncClient, raw: bytes, **headers: str) -> dict[str, Any]:
    told = await webhook.post("/v1/inbound-mails", content=raw, headers=MAIL | headers)
    assert told.status_code in {200, 201}, told.text
    body: dict[str, Any] = told.json()
    return body


# ── what they do ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["arf_abuse", "arf_headers_only"])
async def test_e_14_a_complaint_is_an_objection_and_the_address_is_left_alone(
    session: AsyncSession, settings: Settings, webhook: AsyncClient, anna: Customer, message: Message, name: str
) -> None:
    raw = about(name, settings, message.id)

    first, again = await post(webhook, raw), await post(webhook, raw)

    said = [(event.action, event.purpose, event.channel) for event in await events_of(session, anna)][1:]
    assert said == [("OBJECT", "MKT_OWN", "EMAIL")]
    assert (await events_of(session, anna))[-1].evidence == [{"type": "message", "uri": f"message:{message.id}"}]
    assert (await answer(session, anna)).reason is Reason.COMPLAINT
    assert (await answer(session, anna, RESEARCH)).verdict is Verdict.DENY
    assert (await answer(session, anna, SERVICE)).verdict is Verdict.ALLOW
    assert (first["kind"], first["customer_name"], first["is_open"]) == ("complaint", "Anna Rossi", False)
    assert again["id"] == first["id"]
    await session.refresh(message)
    assert message.status == MessageStatus.SENT, "it arrived: somebody saw it"


@pytest.mark.parametrize("name", ["arf_without_version", "arf_not_spam"])
async def test_e_14_what_is_no_complaint_does_nothing(
    session: AsyncSession, settings: Settings, webhook: AsyncClient, anna: Customer, message: Message, name: str
) -> None:
    await post(webhook, about(name, settings, message.id))

    assert (await answer(session, anna)).verdict is Verdict.ALLOW


async def test_b_32_a_forged_complaint_is_ignored_and_logged(
    session: AsyncSession,
    settings: Settings,
    webhook: AsyncClient,
    anna: Customer,
    message: Message,
    capsys: pytest.CaptureFixture[str],
) -> None:
    other_shop = settings.model_copy(update={"secret_key": SecretStr("another secret, long enough")})

    told = await post(webhook, about("arf_abuse", other_shop, message.id))

    assert (told["kind"], told["customer_id"], told["is_open"]) == ("forged", None, False)
    assert (await answer(session, anna)).verdict is Verdict.ALLOW
    assert "kind=forged" in "".join(capsys.readouterr()).replace("'", "")


async def test_a_mail_to_the_unsubscribe_address_is_one_click(
    session: AsyncSession, settings: Settings, webhook: AsyncClient, anna: Customer, message: Message
) -> None:
    """E-01: the same as a POST, and a repeat appends nothing."""
    for number in range(2):
        raw = about("unsubscribe", settings, message.id).replace(b"<u1@", f"<u{number}@".encode())
        assert (await post(webhook, raw))["kind"] == "unsubscribe"

    assert [event.action for event in await events_of(session, anna)] == ["GRANT", "WITHDRAW"]


@pytest.mark.parametrize("name", ["absence_it", "absence_outlook", "absence_precedence"])
async def test_b_35_an_absence_is_no_reply_and_nobody_reads_it(
    session: AsyncSession, settings: Settings, webhook: AsyncClient, anna: Customer, message: Message, name: str
) -> None:
    told = await post(webhook, about(name, settings, message.id))

    assert (told["kind"], told["is_open"], told["sender"]) == ("auto_reply", False, None)
    assert await session.scalar(select(func.count(Reply.id))) == 0
    assert (await answer(session, anna)).verdict is Verdict.ALLOW


async def test_b_36_a_reply_that_asks_to_stop_is_obeyed_at_once(
    session: AsyncSession, settings: Settings, webhook: AsyncClient, anna: Customer, message: Message
) -> None:
    told = await post(webhook, about("reply_stop", settings, message.id))

    assert (told["kind"], told["is_open"], told["customer_id"]) == ("reply", False, str(anna.id))
    assert (await events_of(session, anna))[-1].action == "OBJECT"
    assert (await session.scalars(select(Reply.text))).one() == "Non scrivetemi più, grazie"


async def test_b_36_a_reply_that_may_ask_to_stop_is_a_task_due_the_next_working_day(
    session: AsyncSession, settings: Settings, webhook: AsyncClient, anna: Customer, message: Message
) -> None:
    raw = about("reply_stop", settings, message.id).replace(
        b"Non scrivetemi", b"Basta con tutti questi messaggi, non scrivetemi"
    )

    told = await post(webhook, raw)

    assert told["is_open"] is False
    task = (await session.scalars(select(Task))).one()
    assert (task.kind, task.subject_id) == ("reply_to_read", anna.id)
    assert (await answer(session, anna)).verdict is Verdict.ALLOW


async def test_b_36_a_question_is_noted_and_waits_to_be_read(
    session: AsyncSession, settings: Settings, webhook: AsyncClient, anna: Customer, message: Message
) -> None:
    told = await post(webhook, about("reply_question", settings, message.id))

    assert (told["kind"], told["is_open"], told["subject"]) == ("reply", True, "Re: La aspettiamo")
    assert told["text"].startswith("Siete aperti domenica?")
    assert (await session.scalars(select(Task.kind))).all() == ["inbound_mail_to_read"]


async def test_a_reply_of_somebody_who_was_erased_leaves_nothing(
    session: AsyncSession, settings: Settings, webhook: AsyncClient, anna: Customer, message: Message
) -> None:
    anna.erased_at = message.sent_at
    await session.commit()

    told = await post(webhook, about("reply_stop", settings, message.id))

    assert (told["is_open"], told["text"]) == (False, None)
    assert await session.scalar(select(func.count(Reply.id))) == 0


async def test_words_about_a_message_that_is_gone_are_read_by_a_person(
    settings: Settings, webhook: AsyncClient
) -> None:
    reply = await post(webhook, about("reply_stop", settings, NO_ONE))
    bounce = await post(webhook, about("postfix_unknown", settings, NO_ONE))

    assert (reply["kind"], reply["is_open"], reply["message_id"]) == ("reply", True, str(NO_ONE))
    assert (bounce["kind"], bounce["is_open"]) == ("bounce", False)


# ── over HTTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_same_mail_by_two_ways_is_one_row(
    session: AsyncSession, settings: Settings, webhook: AsyncClient, anna: Customer, message: Message
) -> None:
    raw = about("postfix_unknown", settings, message.id)
    first = await webhook.post("/v1/inbound-mails", content=raw, headers=MAIL)

    relayed = b"Received: by elsewhere\r\n" + raw
    mail, is_new = await service.receive(session, settings, relayed, source=MailSource.IMAP)

    assert first.status_code == 201
    assert (str(mail.id), is_new) == (first.json()["id"], False)
    again = await webhook.post("/v1/inbound-mails", content=raw, headers=MAIL)
    assert (again.status_code, again.headers["Location"]) == (200, f"/v1/inbound-mails/{mail.id}")


async def test_the_recipient_of_the_envelope_may_be_told_beside_the_mail(
    settings: Settings, webhook: AsyncClient, anna: Customer, message: Message
) -> None:
    lost = sample("postfix_unknown", TOKEN="root@localhost")
    token = about("postfix_unknown", settings, message.id).split(b"Delivered-To: ")[1].split(b"\r\n")[0].decode()

    told = await post(webhook, lost, **{"X-Envelope-To": token})

    assert (told["kind"], told["customer_id"]) == ("bounce", str(anna.id))


@pytest.mark.parametrize("raw", [b"", b"\x00" * 999, b"no headers", b"A: b\x00\r\n\r\n\xff\x00"])
async def test_whatever_is_sent_is_taken(webhook: AsyncClient, raw: bytes) -> None:
    told = await post(webhook, raw)

    assert told["kind"] in {"unreadable", "unattributed"}
    assert told["is_open"] is True


async def test_a_mail_with_its_attachments_is_taken_and_too_much_is_refused_before_it_is_read(
    webhook: AsyncClient, settings: Settings
) -> None:
    raw = b"A: b\r\n\r\n" + b"x" * settings.max_body_bytes
    too_much = b"x" * (settings.max_batch_bytes + 1)

    told = [await webhook.post("/v1/inbound-mails", content=each, headers=MAIL) for each in (raw, too_much)]

    assert [each.status_code for each in told] == [201, 413]


async def test_a_stranger_is_listed_with_a_guess_and_a_person_says_whose_reply_it_is(
    session: AsyncSession,
    settings: Settings,
    client: AsyncClient,
    webhook: AsyncClient,
    anna: Customer,
    message: Message,
) -> None:
    raw = sample("stranger").replace(b"0199aaaa-bbbb-7ccc-8ddd-eeeeeeeeeeee", str(message.id).encode())
    told = await post(webhook, raw)
    assert (told["kind"], told["customer_id"]) == ("unattributed", None)

    listed = (await client.get("/v1/inbound-mails", params={"is_open": True, "kind": "unattributed"})).json()
    seen = (await client.get(f"/v1/inbound-mails/{told['id']}")).json()

    assert [each["id"] for each in listed["items"]] == [told["id"]]
    assert (seen["sender"], seen["text"]) == (
        "anna@altrove.example",
        "Ho cambiato indirizzo, mi cancellate dalla lista?",
    )
    assert seen["guess"] == {"message_id": str(message.id), "customer_id": str(anna.id), "customer_name": "Anna Rossi"}
    assert (await answer(session, anna)).verdict is Verdict.ALLOW, "a guess does nothing"

    body = {"outcome": "reply", "customer_id": str(anna.id)}
    handled = await client.put(f"/v1/inbound-mails/{told['id']}/handling", json=body)
    again = await client.put(f"/v1/inbound-mails/{told['id']}/handling", json=body)

    assert handled.status_code == 200, handled.text
    assert again.json() == handled.json()
    assert (handled.json()["handled_as"], handled.json()["text"], handled.json()["sender"]) == ("reply", None, None)
    assert (await session.scalars(select(Reply.customer_id))).one() == anna.id
    tasks = await session.execute(select(Task.kind, Task.state).order_by(Task.kind))
    assert [tuple(row) for row in tasks] == [("inbound_mail_to_read", "done"), ("reply_to_read", "open")]
    acts = await session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("inbound_mail.")))
    assert sorted(acts) == ["inbound_mail.handled", "inbound_mail.read"]
    other = await client.put(f"/v1/inbound-mails/{told['id']}/handling", json={"outcome": "ignored"})
    assert (other.status_code, other.json()["code"]) == (409, "inbound-mail-handled")


async def test_b_36_a_mail_without_words_is_nobodys_reply_and_stays(
    client: AsyncClient, webhook: AsyncClient, anna: Customer
) -> None:
    told = await post(webhook, b"From: anna@altrove.example\r\n\r\n")

    said = {"outcome": "reply", "customer_id": str(anna.id)}
    refused = await client.put(f"/v1/inbound-mails/{told['id']}/handling", json=said)

    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "no-words")
    assert (await client.get(f"/v1/inbound-mails/{told['id']}")).json()["is_open"] is True


async def test_a_person_says_whose_address_bounced(
    session: AsyncSession, client: AsyncClient, webhook: AsyncClient, anna: Customer
) -> None:
    told = await post(webhook, sample("postfix_unknown", TOKEN="ciao@bottega.example"))
    assert (told["kind"], told["status_code"], told["is_open"]) == ("unattributed", "5.1.1", True)

    body = {"outcome": "bounce", "customer_id": str(anna.id)}
    handled = await client.put(f"/v1/inbound-mails/{told['id']}/handling", json=body)

    assert handled.status_code == 200
    assert (await answer(session, anna)).reason is Reason.HARD_BOUNCE


@pytest.mark.parametrize("body", [{"outcome": "reply"}, {"outcome": "ignored", "customer_id": str(NO_ONE)}, {}])
async def test_an_answer_names_somebody_exactly_when_it_is_about_somebody(
    client: AsyncClient, webhook: AsyncClient, body: dict[str, str]
) -> None:
    told = await post(webhook, sample("stranger"))

    refused = await client.put(f"/v1/inbound-mails/{told['id']}/handling", json=body)

    assert refused.status_code == 422


REQUESTS = [
    ("POST", "/v1/inbound-mails", "messages:write"),
    ("GET", "/v1/inbound-mails", "messages:read"),
    ("GET", f"/v1/inbound-mails/{NO_ONE}", "messages:read"),
    ("PUT", f"/v1/inbound-mails/{NO_ONE}/handling", "messages:write"),
]


@pytest.mark.parametrize(("method", "path", "scope"), REQUESTS, ids=[f"{each[0]} {each[2]}" for each in REQUESTS])
async def test_every_route_asks_who_it_is_and_for_its_scope(
    anonymous: AsyncClient, token_client: TokenClient, method: str, path: str, scope: str
) -> None:
    body = {"outcome": "ignored"} if method == "PUT" else None

    assert (await anonymous.request(method, path, json=body)).status_code == 401
    assert (await (await token_client(["customers:read"])).request(method, path, json=body)).status_code == 403
    allowed = await (await token_client([scope])).request(method, path, json=body)
    assert allowed.status_code in {200, 201, 404}


async def test_a_cashier_reads_no_mail(client_as: ClientAs) -> None:
    assert (await (await client_as(Role.CASHIER)).get("/v1/inbound-mails")).status_code == 403


async def test_pages_go_on_where_they_ended(client: AsyncClient, webhook: AsyncClient) -> None:
    for number in range(3):
        await post(webhook, sample("stranger").replace(b"<s1@", f"<s{number}@".encode()))

    first = (await client.get("/v1/inbound-mails", params={"limit": 2})).json()
    rest = (await client.get("/v1/inbound-mails", params={"limit": 2, "cursor": first["next_cursor"]})).json()

    assert (first["total"], len(first["items"]), len(rest["items"])) == (3, 2, 1)
    assert not {each["id"] for each in first["items"]} & {each["id"] for each in rest["items"]}


# ── the rights of the person ──────────────────────────────────────────────────────────────────────────────────────────


async def test_what_came_back_is_told_to_the_person_and_goes_with_them(
    session: AsyncSession, settings: Settings, webhook: AsyncClient, anna: Customer, message: Message
) -> None:
    await post(webhook, about("postfix_unknown", settings, message.id))
    [told] = await service.export(session, anna.id)
    assert (told["kind"], told["status_code"]) == ("bounce", "5.1.1")

    await erase_all(session, [anna.id])

    assert (await session.scalars(select(InboundMail))).all() == []
    assert (await session.scalars(select(ContactPoint))).all() == []


async def test_a_merged_card_brings_its_mail_and_takes_it_back(
    session: AsyncSession, settings: Settings, webhook: AsyncClient, anna: Customer, message: Message
) -> None:
    await post(webhook, about("reply_question", settings, message.id))
    other = await make_customer(session, email="anna@nuova.example")

    moved = await service.rehome(session, anna.id, into=other.id)
    assert (await session.scalars(select(InboundMail.customer_id))).all() == [other.id]

    await service.rehome_back(session, anna.id, out_of=other.id, moved=moved)
    assert (await session.scalars(select(InboundMail.customer_id))).all() == [anna.id]
