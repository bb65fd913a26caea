"""Documents say what is really configured, in both languages, in versions that are never written over."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import service as accountability
from ritorno.accountability.rules import DocumentKind, Notification, Risk
from ritorno.accountability.schemas import BilingualIn, IncidentPatch, ProcessingActivityPatch
from ritorno.consents.rules import Purpose
from ritorno.identity.rules import Role
from ritorno.kit.config import Settings
from ritorno.messaging.service import seed_senders
from ritorno.privacy.documents import composing, gaps
from ritorno.privacy.documents.assessments import answers_of
from tests.conftest import ClientAs
from tests.factories.accountability import OFFICER, make_activity, make_incident, make_processor
from tests.factories.consents import make_consent, make_notice_version
from tests.factories.customers import make_customer
from tests.factories.disclosures import make_recipient
from tests.factories.messaging import make_business


@pytest.fixture
def shop(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"data_dir": tmp_path})


@pytest.fixture
def app(app: FastAPI, shop: Settings) -> FastAPI:
    app.state.settings = shop
    return app


def said(value: Any) -> str:
    """Return every word of a composed document."""
    if isinstance(value, dict):
        return "\n".join(said(each) for key, each in value.items() if key != "kind")
    if isinstance(value, list):
        return "\n".join(said(each) for each in value)
    return str(value)


async def words_of(session: AsyncSession, shop: Settings, kind: DocumentKind, language: str = "it") -> str:
    return said((await composing.compose(session, shop, kind, language)).content)


@pytest.mark.parametrize("language", ["it", "en"])
@pytest.mark.parametrize("kind", list(DocumentKind))
async def test_c_33_every_document_is_printed_in_both_languages(
    client: AsyncClient, session: AsyncSession, kind: DocumentKind, language: str
) -> None:
    await make_business(session)
    await make_processor(session, country="US", transfer_tool="SCC", activities=["own-marketing"])
    await make_recipient(session)
    await make_incident(session, risk=Risk.HIGH)
    await session.commit()

    made = await client.post("/v1/documents", json={"kind": kind, "language": language})
    file = await client.get(f"{made.headers['Location']}/file")

    assert (made.status_code, made.json()["version"]) == (201, 1)
    assert file.headers["content-type"] == "application/pdf"
    assert file.content.startswith(b"%PDF-1.7")


async def test_a_new_version_is_made_only_when_something_changed_and_the_old_one_stays(
    client: AsyncClient, session: AsyncSession
) -> None:
    body = {"kind": "REGISTER", "language": "it"}
    first = await client.post("/v1/documents", json=body)
    again = await client.post("/v1/documents", json=body)
    await make_activity(session, purpose="TRACK_OPEN")
    await session.commit()
    second = await client.post("/v1/documents", json=body)

    kept = await client.get(f"/v1/documents/{first.json()['id']}/file")
    newest = (await client.get("/v1/documents", params={"kind": "REGISTER", "newest": True})).json()["items"]
    every = (await client.get("/v1/documents", params={"kind": "REGISTER"})).json()["items"]

    assert (first.status_code, again.status_code, second.status_code) == (201, 200, 201)
    assert again.json()["id"] == first.json()["id"]
    assert (second.json()["version"], second.json()["title"]) == (2, "Registro dei trattamenti")
    assert kept.status_code == 200
    assert [each["version"] for each in newest] == [2]
    assert [each["version"] for each in every] == [2, 1]
    with pytest.raises(DBAPIError, match=r"append-only|permission denied"):
        await session.execute(text("update documents set version = 9"))


async def test_c_34_the_register_comes_as_csv_too_one_row_for_each_processing(
    client: AsyncClient, session: AsyncSession
) -> None:
    formula = BilingualIn(it="=HYPERLINK(0)", en="=HYPERLINK(0)")
    await make_activity(session, code="strange", name=formula)
    await session.commit()

    made = await client.post("/v1/documents", json={"kind": "REGISTER", "language": "en", "format": "csv"})
    file = await client.get(f"{made.headers['Location']}/file")
    no_list = await client.post("/v1/documents", json={"kind": "LIA_POST", "format": "csv"})

    rows = {row["Code"]: row for row in csv.DictReader(io.StringIO(file.content.decode("utf-8-sig"), newline=""))}
    assert rows["own-marketing"]["Processing"] == "The shop's offers and news"
    assert rows["strange"]["Processing"] == "'=HYPERLINK(0)"
    assert no_list.status_code == 422


async def test_c_33_the_register_tells_recipients_processors_and_the_retention_really_in_force(
    session: AsyncSession, shop: Settings
) -> None:
    recipient, _ = await make_recipient(session)
    processor = await make_processor(session, activities=["own-marketing"])

    register = await words_of(session, shop, DocumentKind.REGISTER)

    assert recipient.name in register
    assert f"{processor.name} (Italia)" in register
    assert "Acquisti legati alla persona\n24 mesi" in register


async def test_c_33_what_is_done_for_others_stands_in_a_register_of_its_own(
    session: AsyncSession, shop: Settings
) -> None:
    await make_activity(session, side="PROCESSOR", client="Consorzio Botteghe", code="for-others")

    assert "Consorzio Botteghe" in await words_of(session, shop, DocumentKind.REGISTER_PROCESSOR)
    assert "Consorzio Botteghe" not in await words_of(session, shop, DocumentKind.REGISTER)


async def test_c_33_the_notice_says_purposes_bases_periods_recipients_rights_and_how_to_object(
    session: AsyncSession, shop: Settings
) -> None:
    await make_business(session)
    recipient, _ = await make_recipient(session)
    await make_processor(session, country="US", transfer_tool="DPF")

    notice = await composing.compose(session, shop, DocumentKind.NOTICE, "it")
    words = said(notice.content)

    for piece in ("onsenso (art. 6.1.a)", "Fino al no della persona", "Stati Uniti", "Garante", "14 anni", "12 mesi"):
        assert piece in words
    assert recipient.name in words
    objecting = [block for block in notice.blocks if block["kind"] == "note"]
    assert len(objecting) == 1
    assert "art. 21" in said(objecting[0])
    assert "accessi del personale" not in words.lower()


async def test_c_33_data_that_come_from_others_have_a_notice_that_tells_the_source(
    session: AsyncSession, shop: Settings
) -> None:
    notice = await words_of(session, shop, DocumentKind.NOTICE_14)

    assert "Da dove vengono i dati" in notice
    assert "entro un mese" in notice


async def test_c_33_a_retention_text_is_printed_as_it_was_approved(session: AsyncSession, shop: Settings) -> None:
    row = await make_activity(session, purpose="LOYALTY", code="loyalty")
    approved = ProcessingActivityPatch(retention=BilingualIn(it="Undici mesi esatti", en="Eleven months exactly"))
    await accountability.change_activity(session, row, approved, actor=OFFICER)

    assert "Undici mesi esatti" in await words_of(session, shop, DocumentKind.NOTICE)
    assert "Eleven months exactly" in await words_of(session, shop, DocumentKind.NOTICE, "en")


async def test_c_33_the_dpia_screening_is_answered_from_what_is_in_use(session: AsyncSession, shop: Settings) -> None:
    person = await make_customer(session, email="a@example.com")
    before = await composing.compose(session, shop, DocumentKind.DPIA_SCREENING, "it")
    await make_consent(session, person.id, purpose=Purpose.PROFILING, channel=None)
    await make_consent(session, person.id, purpose=Purpose.SPECIAL_CAT, channel=None)

    after = await composing.compose(session, shop, DocumentKind.DPIA_SCREENING, "it")

    def tones(composed: composing.Composed) -> list[str]:
        return [each.tone for each in answers_of(composed.known, composed.say)]

    assert len(tones(before)) == 12
    assert (tones(before)[0], tones(before)[9]) == ("no", "no")
    assert (tones(after)[0], tones(after)[9]) == ("open", "yes")
    assert "è necessaria" in said(after.content)


async def test_c_32_the_breach_log_prints_the_reason_for_silence(session: AsyncSession, shop: Settings) -> None:
    row = await make_incident(session, title="Tablet smarrito")
    silence = IncidentPatch(
        risk=Risk.UNLIKELY, decision=Notification.NOT_NOTIFY, decision_reason="Il dispositivo era cifrato."
    )
    await accountability.change_incident(session, row, silence, actor=OFFICER)

    log = await words_of(session, shop, DocumentKind.BREACH_LOG)

    assert "Tablet smarrito" in log
    assert "Il dispositivo era cifrato." in log
    assert "72 ore" in log


async def test_c_36_a_third_party_far_away_is_a_transfer_too(session: AsyncSession, shop: Settings) -> None:
    await make_business(session)
    recipient, _ = await make_recipient(session)
    recipient.country = "US"
    await session.flush()

    transfers = await words_of(session, shop, DocumentKind.TRANSFERS, "en")

    assert f"{recipient.name} · United States · third party, with each person's consent" in transfers
    assert "No data leave" not in transfers


async def test_c_36_transfers_are_listed_with_those_of_the_suppliers_suppliers(
    session: AsyncSession, shop: Settings
) -> None:
    cloud = {"name": "Cloudland Inc.", "service": "Hosting", "country": "US", "transfer_tool": "DPF"}
    await make_processor(session, sub_processors=[cloud])

    transfers = await words_of(session, shop, DocumentKind.TRANSFERS, "en")

    assert "Cloudland Inc. · United States · EU-US Data Privacy Framework" in transfers


async def test_c_34_gaps_name_what_is_used_unregistered_and_registered_unused(
    client_as: ClientAs, session: AsyncSession, shop: Settings
) -> None:
    officer = await client_as(Role.PRIVACY_OFFICER)
    await seed_senders(session, domain="shop.example")
    await make_notice_version(session, purpose=Purpose.MKT_OWN)
    assert (await gaps.find(session, shop, language="it")).unregistered == []

    tracking = await make_activity(session, purpose="TRACK_OPEN", channels=["WHATSAPP"])
    version = await make_notice_version(session, purpose=Purpose.TRACK_CLICK)
    for row in await session.execute(text("select id from processing_activities where purpose = 'TRACK_CLICK'")):
        await session.execute(
            text("update processing_activities set ended_on = '2026-01-01', since = '2020-01-01' where id = :id"),
            {"id": row.id},
        )
    await session.commit()

    found = (await officer.get("/v1/processing-activities/gaps", headers={"Accept-Language": "it"})).json()

    assert [(each["kind"], each["code"]) for each in found["unregistered"]] == [("PURPOSE", "TRACK_CLICK")]
    assert found["unregistered"][0]["label"] == "Sapere se un link è stato seguito"
    unused = {(each["kind"], each["code"]): each["found_in"] for each in found["unused"]}
    assert unused["PURPOSE", "TRACK_OPEN"] == [f"row {tracking.code}"]
    assert ("CHANNEL", "WHATSAPP") in unused
    assert version.version == 1


async def test_documents_are_made_by_the_privacy_desk_and_read_by_marketing(client_as: ClientAs) -> None:
    marketer, cashier = await client_as(Role.MARKETER), await client_as(Role.CASHIER)

    assert (await marketer.get("/v1/documents")).status_code == 200
    assert (await marketer.post("/v1/documents", json={"kind": "NOTICE"})).status_code == 403
    assert (await cashier.get("/v1/documents")).status_code == 403
    unknown = await marketer.get("/v1/documents/00000000-0000-7000-8000-000000000000/file")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "document-not-found")
