"""The register, processors, terms and incidents over HTTP: who may, in which version, with what answer."""

from datetime import timedelta

from httpx import AsyncClient
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import queries
from ritorno.identity.rules import Role
from ritorno.kit import clock
from ritorno.messaging import queries as messaging
from ritorno.messaging.service import seed_senders
from tests.conftest import ClientAs
from tests.factories.accountability import activity_body, make_activity, make_processor


async def test_a_row_is_written_changed_ended_and_its_versions_read(client_as: ClientAs, session: AsyncSession) -> None:
    officer = await client_as(Role.PRIVACY_OFFICER)
    body = activity_body(code="loyalty", purpose="LOYALTY", channels=["EMAIL"]).model_dump(mode="json")

    made = await officer.post("/v1/processing-activities", json=body)
    place = made.headers["Location"]
    unread = await officer.patch(place, json={"channels": ["EMAIL", "SMS"]})
    changed = await officer.patch(
        place, json={"channels": ["EMAIL", "SMS"]}, headers={"If-Match": made.headers["ETag"]}
    )
    stale = await officer.patch(place, json={"channels": []}, headers={"If-Match": made.headers["ETag"]})
    ended = await officer.post(
        f"{place}/endings", json={"ended_on": "2026-12-31"}, headers={"If-Match": changed.headers["ETag"]}
    )
    versions = (await officer.get(f"{place}/versions")).json()["items"]

    assert made.status_code == 201
    assert (unread.status_code, stale.status_code) == (428, 412)
    assert (changed.json()["channels"], changed.json()["version"]) == (["EMAIL", "SMS"], 2)
    assert ended.json()["ended_on"] == "2026-12-31"
    assert [each["version"] for each in versions] == [3, 2, 1]
    assert versions[2]["content"]["channels"] == ["EMAIL"]


async def test_the_register_names_the_processors_of_each_row(client: AsyncClient, session: AsyncSession) -> None:
    row = await make_activity(session, code="newsletter")
    processor = await make_processor(session, activities=["newsletter"])
    await session.commit()

    items = (await client.get("/v1/processing-activities")).json()["items"]

    assert [each["processors"] for each in items if each["id"] == str(row.id)] == [[processor.name]]


async def test_c_34_publishing_a_notice_answers_what_the_register_lacks(client_as: ClientAs) -> None:
    officer = await client_as(Role.PRIVACY_OFFICER)
    body = {
        "code": "opens", "name": "Aperture", "purpose": "TRACK_OPEN", "language": "it",
        "text": "Acconsento che si sappia se apro le email.", "offers_opt_out": True,
    }  # fmt: skip

    refused = await officer.post("/v1/notices", json=body)
    await officer.post("/v1/processing-activities", json=activity_body(purpose="TRACK_OPEN").model_dump(mode="json"))
    published = await officer.post("/v1/notices", json=body)

    assert (refused.status_code, refused.json()["code"]) == (409, "processing-not-registered")
    assert refused.json()["missing"] == {"purpose": "TRACK_OPEN"}
    assert published.status_code == 201


async def test_the_counter_neither_reads_nor_writes_the_register(client_as: ClientAs) -> None:
    cashier = await client_as(Role.CASHIER)
    marketer = await client_as(Role.MARKETER)

    assert (await cashier.get("/v1/processing-activities")).status_code == 403
    assert (await marketer.get("/v1/processing-activities")).status_code == 200
    refused = await marketer.post("/v1/processing-activities", json=activity_body().model_dump(mode="json"))
    assert refused.status_code == 403


async def test_c_36_processors_are_entered_with_country_tool_agreement_and_sub_processors(
    client_as: ClientAs,
) -> None:
    officer = await client_as(Role.PRIVACY_OFFICER)
    body = {
        "name": "Posta Serena S.r.l.",
        "service": {"it": "Invio di email", "en": "Sending mail"},
        "country": "IT",
        "transfer_tool": "IN_EEA",
        "activities": ["own-marketing"],
        "sub_processors": [{"name": "Cloudland", "service": "Hosting", "country": "US", "transfer_tool": "DPF"}],
        "since": "2026-01-01",
    }

    made = await officer.post("/v1/processors", json=body)
    twice = await officer.post("/v1/processors", json=body)
    signed = await officer.patch(
        made.headers["Location"], json={"dpa_signed_on": "2026-03-02"}, headers={"If-Match": made.headers["ETag"]}
    )
    abroad = await officer.post("/v1/processors", json=body | {"name": "Elsewhere", "country": "US"})

    assert made.status_code == 201
    assert (twice.status_code, twice.json()["code"]) == (409, "processor-name-taken")
    assert (signed.json()["dpa_signed_on"], signed.json()["sub_processors"][0]["country"]) == ("2026-03-02", "US")
    assert abroad.status_code == 422


async def test_c_01_the_terms_are_read_and_accepted_once_by_their_digest(client: AsyncClient) -> None:
    before = (await client.get("/v1/processing-terms")).json()

    body = {"text_sha256": before["text_sha256"], "accepted_on": "2026-11-01", "accepted_by": "Giulia Riva"}
    after = await client.post("/v1/processing-terms/acceptances", json=body)

    assert not before["is_accepted"]
    assert len(before["text"]["it"].split("\n")) == len(before["text"]["en"].split("\n"))
    assert (after.status_code, after.json()["is_accepted"], after.json()["accepted_by"]) == (201, True, "Giulia Riva")


async def test_c_32_an_incident_is_written_down_with_its_clock_and_closed_when_everybody_was_told(
    client_as: ClientAs,
) -> None:
    officer = await client_as(Role.PRIVACY_OFFICER)
    aware = clock.now() - timedelta(hours=80)
    body = {"title": "Email al cliente sbagliato", "became_aware_at": aware.isoformat(), "facts": "Uno scambio."}

    made = await officer.post("/v1/incidents", json=body)
    place = made.headers["Location"]
    early = await officer.put(f"{place}/closure")
    told = await officer.patch(
        place,
        json={"risk": "RISK", "notified_at": clock.now().isoformat()},
        headers={"If-Match": made.headers["ETag"]},
    )
    closed = await officer.put(f"{place}/closure")
    events = (await officer.get(f"{place}/events")).json()["items"]

    assert (made.json()["is_waiting"], made.json()["is_overdue"], made.json()["decision"]) == (True, True, "UNDECIDED")
    assert (early.status_code, early.json()["code"]) == (409, "silence-not-allowed")
    assert (told.json()["is_waiting"], told.json()["decision"]) == (False, "NOTIFY")
    assert closed.json()["closed_at"] is not None
    assert [each["seq"] for each in events] == [1, 2, 3]
    assert (await officer.get("/v1/incidents")).json()["items"][0]["id"] == made.json()["id"]


async def test_an_incident_of_the_future_is_refused(client: AsyncClient) -> None:
    body = {"title": "Domani", "became_aware_at": (clock.now() + timedelta(hours=1)).isoformat()}

    assert (await client.post("/v1/incidents", json=body)).status_code == 422


async def test_c_34_a_sender_is_not_ready_on_a_channel_the_register_does_not_know(
    client: AsyncClient, session: AsyncSession
) -> None:
    await seed_senders(session, domain="shop.example")
    sender = next(each for each in await messaging.list_senders(session) if each.channel == "SMS")
    for row in await queries.list_activities(session):
        row.channels = [each for each in row.channels if each != "SMS"]
    await session.commit()

    refused = await client.patch(
        f"/v1/senders/{sender.id}", json={"name": "Riva"}, headers={"If-Match": f'"v{sender.version}"'}
    )

    assert (refused.status_code, refused.json()["missing"]) == (409, {"channel": "SMS"})
