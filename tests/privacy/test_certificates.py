"""The consent certificate says what was chosen at a moment, and proves it (7(1), C-33)."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry
from ritorno.consents.rules import Action, Channel, Method, Purpose
from ritorno.customers.models import Customer
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.privacy import certificates
from tests.conftest import ClientAs
from tests.factories.consents import make_consent, make_notice_version
from tests.factories.customers import make_customer

OFFICER = Actor("user", None, "Carla Bruni", frozenset({"consents:read"}), "privacy_officer")
MARCH, JUNE = datetime(2026, 3, 1, 10, tzinfo=UTC), datetime(2026, 6, 1, 10, tzinfo=UTC)
MAY, JULY = datetime(2026, 5, 1, 10, tzinfo=UTC), datetime(2026, 7, 1, 10, tzinfo=UTC)


@pytest.fixture
async def anna(session: AsyncSession) -> Customer:
    """Somebody who said yes on paper in March and took it back by one click in June."""
    customer = await make_customer(session, email="anna@example.it", phone="+393331234567", card="2091234567894")
    version = await make_notice_version(session)
    await make_consent(session, customer.id, at=MARCH, version=version)
    await make_consent(session, customer.id, at=MARCH, channel=Channel.SMS, version=version)
    await make_consent(
        session, customer.id, at=JUNE, action=Action.WITHDRAW, method=Method.LIST_UNSUB_POST, evidence=[]
    )
    return customer


async def read(
    session: AsyncSession, settings: Settings, customer: Customer, at: datetime, language: str = "it"
) -> dict[str, Any]:
    return dict(await certificates.read(session, settings, customer.id, at=at, language=language, actor=OFFICER))


async def test_c_33_it_tells_what_stood_at_the_moment_asked(
    session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    in_may = await read(session, settings, anna, MAY)
    in_july = await read(session, settings, anna, JULY)

    assert [(each["channel"], each["code"]) for each in in_may["choices"]] == [("email", "GRANTED"), ("SMS", "GRANTED")]
    assert [(each["channel"], each["code"]) for each in in_july["choices"]] == [
        ("email", "WITHDRAWN"),
        ("SMS", "GRANTED"),
    ]


async def test_c_33_what_followed_is_told_apart(session: AsyncSession, settings: Settings, anna: Customer) -> None:
    in_may = await read(session, settings, anna, MAY)
    in_july = await read(session, settings, anna, JULY)

    assert [each["what"] for each in in_may["later"]] == ["Ritiro"]
    assert in_july["later"] == []
    assert [each["what"] for each in in_july["choices"][0]["entries"]] == ["Consenso", "Ritiro"]


async def test_c_11_each_entry_carries_its_proof(session: AsyncSession, settings: Settings, anna: Customer) -> None:
    told = await read(session, settings, anna, MAY)

    entry = told["choices"][0]["entries"][0]
    rows = dict(entry["rows"])
    assert rows["Espresso"] == "1 marzo 2026, ore 11:00"
    assert rows["Modo"] == "modulo di carta firmato"
    assert rows["Recapito"] == "anna@example.it"
    assert rows["Testo mostrato"].startswith("Testo 1")
    assert entry["evidence"] == [{"what": "scan · scan:1", "hash": "ab" * 32}]
    assert "Giulia" in entry["recorded"]


async def test_c_11_the_exact_text_is_printed_once_with_its_version_and_hash(
    session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    told = await read(session, settings, anna, MAY)

    numbers = [each["number"] for each in told["texts"]]
    assert numbers == [f"Testo {place}" for place in range(1, len(numbers) + 1)]
    assert told["texts"][0]["text"].startswith("Informativa")
    assert len(told["texts"][0]["hash"]) == 64
    assert told["texts"][0]["version"].startswith("versione 1 (it), in vigore dal")


async def test_c_08_it_says_that_the_chain_was_verified(
    session: AsyncSession, settings: Settings, anna: Customer
) -> None:
    told = await read(session, settings, anna, MAY)

    assert told["proof"]["state"] == "sound"
    assert told["proof"]["sentence"].startswith("3 registrazioni ricalcolate")
    [head] = told["proof"]["heads"]
    assert "n. 3" in head["label"]
    assert len(head["hash"]) == 64


async def test_c_19_a_yes_to_a_third_party_names_it(session: AsyncSession, settings: Settings) -> None:
    customer = await make_customer(session, email="anna@example.it")
    await make_consent(session, customer.id, purpose=Purpose.PROFILING, channel=None, at=MARCH)

    [choice] = (await read(session, settings, customer, MAY))["choices"]

    assert (choice["purpose"], choice["channel"]) == ("Profilazione", "tutti")


async def test_it_speaks_the_language_of_the_person(session: AsyncSession, settings: Settings, anna: Customer) -> None:
    told = await read(session, settings, anna, MAY, "en")

    assert told["words"]["title"] == "Consent certificate"
    assert told["choices"][0]["standing"] == "consent given"
    assert told["moment"] == "1 May 2026, at 12:00"


async def test_who_never_chose_has_a_certificate_that_says_so(session: AsyncSession, settings: Settings) -> None:
    customer = await make_customer(session)

    told = await read(session, settings, customer, MAY)

    assert (told["proof"]["state"], told["choices"], told["texts"]) == ("none", [], [])


@pytest.mark.parametrize("language", ["it", "en"])
async def test_it_prints_and_that_it_was_read_is_recorded(
    session: AsyncSession, client_as: ClientAs, anna: Customer, language: str
) -> None:
    anna.family_name = "#panic() $x$ <b>"
    await session.commit()
    client = await client_as("privacy_officer")

    response = await client.get(
        f"/v1/customers/{anna.id}/consent-certificate", params={"language": language, "at": "2026-05-01T10:00:00Z"}
    )

    assert (response.status_code, response.headers["content-type"]) == (200, "application/pdf")
    assert response.content.startswith(b"%PDF")
    [entry] = await session.scalars(select(AuditEntry).where(AuditEntry.action == "consent_certificate.downloaded"))
    assert entry.subject_id == anna.id


async def test_who_may_not_read_consents_gets_none(client_as: ClientAs, anna: Customer) -> None:
    client = await client_as("analyst")

    assert (await client.get(f"/v1/customers/{anna.id}/consent-certificate")).status_code == 403
