"""The opposition register over HTTP: who may, what is told, that twice is once."""

import pytest
from httpx import AsyncClient, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry
from ritorno.consents.rules import Channel
from ritorno.identity.models import StaffSession
from tests.conftest import ClientAs
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer

FILE = "numero;esito\n3331234567;no\nboh;no\n"


async def send(client: AsyncClient, content: str = FILE, **form: str) -> Response:
    return await client.post(
        "/v1/opposition-uploads",
        files={"file": ("esito.csv", content.encode(), "text/csv")},
        data={"answered_on": "2026-11-20", **form},
    )


async def test_an_answer_is_taken_in_and_told_row_by_row(session: AsyncSession, client_as: ClientAs) -> None:
    await make_customer(session, phone="+393331234567")
    await session.commit()
    client = await client_as("privacy_officer")

    response = await send(client)

    assert response.status_code == 201
    told = response.json()
    assert (told["rows_count"], told["numbers_count"], told["matched_count"], told["refused_count"]) == (2, 1, 1, 1)
    assert told["refused"] == [{"line": 3, "fault": "BAD_PHONE"}]
    assert (await client.get("/v1/opposition-uploads")).json()["items"] == [told]


async def test_the_same_file_twice_is_once(client_as: ClientAs) -> None:
    client = await client_as("privacy_officer")

    first, second = await send(client), await send(client)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()


@pytest.mark.parametrize(
    ("content", "form", "code"),
    [
        ("name;city\nAnna;Roma\n", {}, "opposition-file-unreadable"),
        (FILE, {"answered_on": "2999-01-01"}, "invalid"),
        (FILE, {"kind": "FAX"}, "invalid"),
    ],
)
async def test_what_cannot_be_an_answer_is_refused(
    client_as: ClientAs, content: str, form: dict[str, str], code: str
) -> None:
    response = await send(await client_as("privacy_officer"), content, **form)

    assert (response.status_code, response.json()["code"]) == (422, code)


async def test_numbers_to_ask_about_need_a_second_look_at_who_asks(session: AsyncSession, client_as: ClientAs) -> None:
    customer = await make_customer(session, phone="+393331234567")
    await make_consent(session, customer.id, channel=Channel.PHONE_OPERATOR)
    await session.commit()
    client = await client_as("privacy_officer")

    response = await client.post("/v1/opposition-extracts", json={})
    for opened in await session.scalars(select(StaffSession)):
        opened.step_up_at = None
    await session.commit()
    refused = await client.post("/v1/opposition-extracts", json={})

    assert response.text == "numero\r\n+393331234567\r\n"
    assert refused.json()["code"] == "step-up-required"
    [entry] = await session.scalars(select(AuditEntry).where(AuditEntry.action == "opposition_extract.downloaded"))
    assert entry.details == {"kind": "PHONE", "numbers": 1}


@pytest.mark.parametrize("role", ["marketer", "cashier", "analyst"])
async def test_only_the_privacy_desk_changes_the_register(client_as: ClientAs, role: str) -> None:
    client = await client_as(role)

    assert (await send(client)).status_code == 403
    assert (await client.post("/v1/opposition-extracts", json={})).status_code == 403


async def test_nobody_reads_the_register_without_signing_in(anonymous: AsyncClient) -> None:
    for path in ("/v1/opposition-uploads", "/v1/opposition-uploads/summary"):
        assert (await anonymous.get(path)).status_code == 401


async def test_the_summary_is_read_by_whoever_reads_the_privacy_desk(client_as: ClientAs) -> None:
    client = await client_as("marketer")

    answer = (await client.get("/v1/opposition-uploads/summary")).json()

    assert [each["kind"] for each in answer["registers"]] == ["PHONE", "POSTAL"]
