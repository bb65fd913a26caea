"""Letters over HTTP: who may, what is refused, what the printer gets."""

import csv
from io import StringIO
from uuid import uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry
from ritorno.consents.rules import Action, Channel
from ritorno.identity.models import StaffSession
from ritorno.identity.rules import Role
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.postal import jobs
from tests.conftest import ClientAs, TokenClient
from tests.factories.consents import make_consent
from tests.factories.letters import make_letters, make_reader, make_sender, prepare
from tests.factories.messaging import make_business


async def test_a_batch_is_asked_for_watched_printed_and_posted(
    session: AsyncSession, settings: Settings, work: Work, client_as: ClientAs
) -> None:
    marketer = await client_as(Role.MARKETER)
    await make_sender(session)
    people = [await make_reader(session), await make_reader(session, "Via Po 2", given_name="=1+1")]
    await make_letters(session, settings, people)

    waiting = (await marketer.get("/v1/letters/waiting")).json()
    asked = await marketer.post("/v1/letter-batches", json={"window_side": "right"})
    path = asked.headers["Location"]
    early = await marketer.get(f"{path}/pdf")
    await jobs.prepare(work, {"batch_id": asked.json()["id"]})
    prepared = (await marketer.get(path)).json()
    unprinted = await marketer.put(f"{path}/posting", json={})
    pdf = await marketer.get(f"{path}/pdf")
    listed = await marketer.get(f"{path}/csv")
    pieces = (await marketer.get(f"{path}/pieces")).json()["items"]
    posted = (await marketer.put(f"{path}/posting", json={})).json()
    again = [(await marketer.get(f"{path}/{file}")).json()["code"] for file in ("pdf", "csv")]
    returned = (
        await marketer.post("/v1/letter-returns", json={"codes": [pieces[0]["code"]], "reason": "unknown"})
    ).json()
    [row] = (await marketer.get("/v1/letter-batches")).json()["items"]

    assert (waiting["count"], waiting["cost"]["amount"], waiting["held_count"]) == (2, "2.60", 0)
    assert (asked.status_code, asked.json()["state"]) == (202, "preparing")
    assert (early.status_code, early.json()["state"]) == (409, "preparing")
    assert (prepared["state"], prepared["live_count"], prepared["cost"]["amount"]) == ("prepared", 2, "2.60")
    assert (unprinted.status_code, unprinted.json()["code"]) == (409, "letter-batch-not-ready")
    assert pdf.content.startswith(b"%PDF-")
    assert listed.content.startswith("\ufeff".encode())
    rows = list(csv.reader(StringIO(listed.content.decode("utf-8-sig")), delimiter=";"))
    assert rows[1][2:6] == ["Anna Rossi", "Anna Rossi", "Via Po 1", "10121 TORINO TO"]
    assert rows[2][2] == "'=1+1 Rossi", "S-18"
    assert (posted["state"], posted["has_files"], again) == ("posted", False, ["letter-batch-not-ready"] * 2)
    assert returned == {"items": [{"code": pieces[0]["code"], "outcome": "noted"}], "noted_count": 1}
    assert (row["returned_count"], row["live_count"], row["to_remove"]) == (1, 2, [])
    acts = set(await session.scalars(select(AuditEntry.action)))
    assert acts >= {"letter_batch.requested", "letters.downloaded", "letter_addresses.downloaded"}
    assert acts >= {"letter_batch.posted", "letter.returned"}


async def test_printed_letters_that_may_not_leave_are_named_by_their_numbers(
    session: AsyncSession, settings: Settings, work: Work, client: AsyncClient
) -> None:
    await make_sender(session)
    anna = await make_reader(session)
    await make_letters(session, settings, [anna, await make_reader(session, "Via Po 2")])
    path = f"/v1/letter-batches/{(await prepare(work)).id}"
    await client.get(f"{path}/pdf")
    await make_consent(session, anna.id, channel=Channel.POST, action=Action.OBJECT, at=clock.now())
    await session.commit()

    refused = await client.put(f"{path}/posting", json={})
    posted = await client.put(f"{path}/posting", json={"removed": [1]})

    assert (refused.status_code, refused.json()["code"], refused.json()["numbers"]) == (409, "letters-to-remove", [1])
    assert (posted.status_code, posted.json()["dropped_count"]) == (200, 1)


async def test_one_letter_is_a_batch_of_one(
    session: AsyncSession, settings: Settings, work: Work, client: AsyncClient
) -> None:
    await make_sender(session)
    people = [await make_reader(session), await make_reader(session, "Via Po 2")]
    _, second = await make_letters(session, settings, people)

    asked = (await client.post("/v1/letter-batches", json={"message_id": str(second)})).json()
    await jobs.prepare(work, {"batch_id": asked["id"]})

    [piece] = (await client.get(f"/v1/letter-batches/{asked['id']}/pieces")).json()["items"]
    assert piece["message_id"] == str(second)
    both = await client.post("/v1/letter-batches", json={"message_id": str(second), "only_single": True})
    assert both.status_code == 422


async def test_c_01_no_letter_leaves_before_the_terms_are_accepted(session: AsyncSession, client: AsyncClient) -> None:
    await make_business(session)
    await session.commit()

    refused = await client.post("/v1/letter-batches", json={})

    assert (refused.status_code, refused.json()["code"]) == (409, "post-not-ready")


async def test_addresses_leave_the_house_only_after_fresh_proof_of_who_takes_them(
    session: AsyncSession, settings: Settings, work: Work, client: AsyncClient
) -> None:
    await make_sender(session)
    await make_letters(session, settings, [await make_reader(session)])
    path = f"/v1/letter-batches/{(await prepare(work)).id}"
    await session.execute(update(StaffSession).values(step_up_at=None))
    await session.commit()

    answers = [await client.get(f"{path}/{file}") for file in ("pdf", "csv")]

    assert [answer.json()["code"] for answer in answers] == ["step-up-required"] * 2


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/letters/waiting"),
        ("GET", "/v1/letter-batches"),
        ("POST", "/v1/letter-batches"),
        ("GET", "/v1/letter-batches/{id}"),
        ("GET", "/v1/letter-batches/{id}/pieces"),
        ("GET", "/v1/letter-batches/{id}/pdf"),
        ("GET", "/v1/letter-batches/{id}/csv"),
        ("PUT", "/v1/letter-batches/{id}/posting"),
        ("DELETE", "/v1/letter-batches/{id}"),
        ("POST", "/v1/letter-returns"),
    ],
)
async def test_letters_are_for_those_who_may_write_messages(
    session: AsyncSession, anonymous: AsyncClient, token_client: TokenClient, method: str, path: str
) -> None:
    await make_sender(session)
    path = path.format(id=uuid4())
    body = None if method in {"GET", "DELETE"} else {"codes": ["x"], "reason": "moved"} if "returns" in path else {}
    stranger = await token_client(["customers:write"])
    staff = await token_client(["messages:write"])

    assert (await anonymous.request(method, path, json=body)).status_code == 401
    assert (await stranger.request(method, path, json=body)).status_code == 403
    assert (await staff.request(method, path, json=body)).status_code in {200, 202, 404}
