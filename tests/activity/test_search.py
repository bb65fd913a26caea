"""The audit log is searched by person, actor, act, kind and time (S-16)."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.activity.models import ProofRun
from ritorno.identity.rules import Role
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from tests.conftest import ClientAs

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
GIULIA, MARCO = (Actor("user", UUID(int=place), name) for place, name in enumerate(("Giulia", "Marco"), start=1))
ANNA, BICE = uuid4(), uuid4()


@pytest.fixture
async def officer(session: AsyncSession, client_as: ClientAs) -> AsyncClient:
    """The privacy officer, with a log of six entries an hour apart."""
    said = [
        (GIULIA, "customer.read", ANNA),
        (GIULIA, "customer.edited", ANNA),
        (MARCO, "customer.read", BICE),
        (MARCO, "customers.listed", None),
        (GIULIA, "consent.recorded", BICE),
        (MARCO, "export.downloaded", None),
    ]
    for hour, (actor, action, subject_id) in enumerate(said):
        with clock.frozen(NOON + timedelta(hours=hour)):
            await activity.record(session, actor, action, subject="customer", subject_id=subject_id)
    await session.commit()
    return await client_as(Role.PRIVACY_OFFICER)


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"subject_id": str(ANNA)}, ["customer.edited", "customer.read"]),
        ({"actor_id": str(MARCO.id)}, ["export.downloaded", "customers.listed", "customer.read"]),
        ({"action": "customer."}, ["customer.read", "customer.edited", "customer.read"]),
        ({"action": "customer.read"}, ["customer.read", "customer.read"]),
        ({"kind": "read"}, ["export.downloaded", "customers.listed", "customer.read", "customer.read"]),
        ({"kind": "change"}, ["consent.recorded", "customer.edited"]),
        ({"since": "2026-11-20T15:00:00Z", "kind": "read"}, ["export.downloaded", "customers.listed"]),
        ({"until": "2026-11-20T13:00:00Z"}, ["customer.read"]),
        ({"actor_id": str(GIULIA.id), "subject_id": str(BICE)}, ["consent.recorded"]),
    ],
)
async def test_s_16_the_log_is_searched(officer: AsyncClient, wanted: dict[str, str], found: list[str]) -> None:
    answer = (await officer.get("/v1/audit", params={"until": "2026-11-21T00:00:00Z"} | wanted)).json()

    assert [entry["action"] for entry in answer["items"]] == found
    assert answer["total"] == len(found)


async def test_s_16_pages_of_the_log_follow_each_other(officer: AsyncClient) -> None:
    seen: list[str] = []
    cursor = None
    while True:
        wanted = {"limit": 2, "until": "2026-11-21T00:00:00Z"} | ({"cursor": cursor} if cursor else {})
        page = (await officer.get("/v1/audit", params=wanted)).json()
        seen += [entry["id"] for entry in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break

    assert len(seen) == len(set(seen)) == 6


@pytest.mark.parametrize("wanted", [{"action": "%"}, {"kind": "all"}, {"nonsense": "1"}, {"since": "2026-11-20T12:00"}])
async def test_a_search_that_makes_no_sense_is_refused(officer: AsyncClient, wanted: dict[str, str]) -> None:
    assert (await officer.get("/v1/audit", params=wanted)).status_code == 422


async def test_s_16_verifications_are_listed_with_what_they_found(session: AsyncSession, officer: AsyncClient) -> None:
    fault = {"fault": "changed", "customer_id": str(ANNA), "seq": 2, "entry_id": str(BICE)}
    session.add(
        ProofRun(kind="consents", started_at=NOON, finished_at=NOON, checked_count=9, fault_count=1, faults=[fault])
    )
    await session.commit()

    [run] = (await officer.get("/v1/proof-runs")).json()["items"]

    assert (run["kind"], run["checked_count"], run["fault_count"]) == ("consents", 9, 1)
    assert run["faults"] == [fault | {"seal": None}]


@pytest.mark.parametrize("role", [Role.MARKETER, Role.CASHIER, Role.ANALYST])
async def test_s_16_only_an_auditor_reads_the_log(client_as: ClientAs, role: Role) -> None:
    client = await client_as(role)

    assert (await client.get("/v1/audit")).status_code == 403
    assert (await client.get("/v1/proof-runs")).status_code == 403
