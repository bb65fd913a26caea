"""Imports over HTTP: from the raw body of a file to the rows that were rejected."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from httpx import AsyncClient, Response

from ritorno.identity.rules import Role
from ritorno.imports import jobs
from ritorno.imports.uploading import folder_of, receive
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.problems import TooLarge
from tests.conftest import ClientAs, Sessions
from tests.imports.cards import snapshot, values

PEOPLE = b"""Codice cliente;Cognome;Nome;E-mail;Nato il
1;Rossi;Anna;anna@example.it;03/05/1980
2;=1+1;Rotta;due@@chiocciole;13/05/1980
3;Verdi;Ugo;ugo@example.it;31/12/1880
"""


PHONES = b"""Codice cliente;Cognome;Nome;E-mail;Telefono
1;Rossi;Anna;anna@example.it;333 1234567
2;=1+1;Rotta;due@@chiocciole;
3;Verdi;Ugo;ugo@example.it;+39 12
"""


@pytest.fixture
def settings(shop: Work) -> Settings:
    """The rehearsal has a connection of its own, so everything here commits."""
    return shop.settings


@pytest.fixture
def sessions(shop: Work) -> Sessions:
    return shop.sessions


async def upload(client: AsyncClient, content: bytes = PEOPLE, name: str = "clienti%202026.csv") -> Response:
    return await client.post("/v1/imports", content=content, headers={"X-File-Name": name})


def key() -> dict[str, str]:
    return {"Idempotency-Key": uuid4().hex}


def seen(version: int) -> dict[str, str]:
    return {"If-Match": f'"v{version}"'}


async def drafted(client: AsyncClient, content: bytes = PEOPLE) -> str:
    answer = await upload(client, content)
    assert answer.status_code == 201, answer.text
    import_id: str = answer.json()["id"]
    return import_id


async def ran(client: AsyncClient, work: Work, import_id: str, what: str) -> dict[str, Any]:
    """Ask for something, let a worker do it, and read the import."""
    answer = await client.post(f"/v1/imports/{import_id}/{what}", headers=key())
    assert answer.status_code == 202, answer.text
    job = {"rehearsals": jobs.rehearse, "applications": jobs.apply, "reversals": jobs.undo}[what]
    await job(work, {"import_id": import_id})
    found: dict[str, Any] = (await client.get(f"/v1/imports/{import_id}")).json()
    return found


# ── the draft ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_file_becomes_a_draft_with_its_columns_proposed(client: AsyncClient, shop: Work) -> None:
    answer = await upload(client)

    draft = answer.json()
    assert answer.status_code == 201
    assert answer.headers["Location"] == f"/v1/imports/{draft['id']}"
    assert answer.headers["ETag"] == f'"v{draft["version"]}"'
    assert (draft["state"], draft["kind"], draft["file_name"]) == ("draft", "customers", "clienti 2026.csv")
    assert [column["field"] for column in draft["columns"]] == [
        "external_id", "family_name", "given_name", "email", "birth_on",
    ]  # fmt: skip
    assert draft["columns"][4]["date_format"] == "DD/MM/YYYY"
    assert draft["faults"] == []
    assert await values(shop, "select count(*) from customers") == [0]


async def test_a_name_of_a_file_is_never_a_path(client: AsyncClient, shop: Work) -> None:
    answer = await upload(client, name="..%2F..%5C..%2Fetc%2Fpasswd%00.csv")

    assert answer.json()["file_name"] == "passwd.csv"
    assert {path.parent for path in folder_of(shop.settings).iterdir()} == {folder_of(shop.settings)}


async def test_the_beginning_of_a_file_can_be_looked_at(client: AsyncClient) -> None:
    import_id = await drafted(client)

    shown = (await client.get(f"/v1/imports/{import_id}/preview")).json()

    assert shown["rows"][0] == ["1", "Rossi", "Anna", "anna@example.it", "03/05/1980"]
    assert (shown["format"]["delimiter"], shown["proposed_kind"], shown["saved_mapping"]) == (";", "customers", None)
    assert shown["columns"][3] | {"samples": [], "filled": 0} == {
        "index": 3, "name": "E-mail", "samples": [], "filled": 0, "date_formats": [], "proposed_field": "email",
        "proposed_because": "header", "proposed_policy": "fill",
    }  # fmt: skip


async def test_a_draft_is_changed_only_by_who_has_seen_its_newest_version(client: AsyncClient) -> None:
    import_id = await drafted(client)
    url = f"/v1/imports/{import_id}"

    blind = await client.patch(url, json={"source": "till"})
    changed = await client.patch(url, json={"source": "till"}, headers=seen(1))
    stale = await client.patch(url, json={"source": "other"}, headers=seen(1))

    assert [answer.status_code for answer in (blind, changed, stale)] == [428, 200, 412]
    assert (changed.json()["source"], changed.headers["ETag"]) == ("till", '"v2"')


async def test_columns_that_are_not_stated_are_left_out_and_none_is_invented(client: AsyncClient) -> None:
    import_id = await drafted(client)
    url = f"/v1/imports/{import_id}"
    only = {"index": 3, "name": "whatever", "field": "email", "policy": "fill"}

    changed = await client.patch(url, json={"columns": [only]}, headers=seen(1))
    invented = await client.patch(url, json={"columns": [only | {"index": 5}]}, headers=seen(2))
    twice = await client.patch(url, json={"columns": [only, only]}, headers=seen(2))

    assert [column["field"] for column in changed.json()["columns"]] == [None, None, None, "email", None]
    assert [column["name"] for column in changed.json()["columns"]][3] == "E-mail"
    assert [answer.json()["errors"][0]["code"] for answer in (invented, twice)] == ["no-such-column", "column-twice"]


async def test_a_mapping_with_faults_can_be_neither_rehearsed_nor_applied(client: AsyncClient, shop: Work) -> None:
    import_id = await drafted(client)
    columns = (await client.get(f"/v1/imports/{import_id}")).json()["columns"]
    columns[4]["date_format"] = None

    changed = await client.patch(f"/v1/imports/{import_id}", json={"columns": columns}, headers=seen(1))
    refused = [
        await client.post(f"/v1/imports/{import_id}/{what}", headers=key()) for what in ("rehearsals", "applications")
    ]

    assert changed.json()["faults"] == [{"code": "date-format-missing", "column": 4, "field": "birth_on"}]
    assert [(answer.status_code, answer.json()["code"]) for answer in refused] == [(409, "mapping-incomplete")] * 2
    assert await values(shop, "select count(*) from outbox_events where name like 'import.%_asked'") == [0]


async def test_a_deleted_draft_leaves_no_file(client: AsyncClient, shop: Work) -> None:
    import_id = await drafted(client)
    await ran(client, shop, import_id, "rehearsals")
    assert list(folder_of(shop.settings).iterdir())

    answer = await client.delete(f"/v1/imports/{import_id}")

    assert answer.status_code == 204
    assert list(folder_of(shop.settings).iterdir()) == []
    assert (await client.get(f"/v1/imports/{import_id}")).status_code == 404


# ── what is refused ───────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_file_of_two_gigabytes_is_refused_before_it_is_read(client: AsyncClient, shop: Work) -> None:
    async def never() -> AsyncIterator[bytes]:
        raise AssertionError("The body was read.")
        yield b""

    answer = await client.post(
        "/v1/imports", content=never(), headers={"X-File-Name": "a.csv", "Content-Length": str(2 * 1024**3)}
    )

    assert answer.status_code == 413
    assert answer.json()["limit"] == shop.settings.max_upload_bytes == 1_000_000_000
    assert not folder_of(shop.settings).exists()


async def test_a_file_that_grows_past_the_limit_leaves_nothing(shop: Work) -> None:
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"x" * 1000

    with pytest.raises(TooLarge):
        await receive(endless(), "a.csv", shop.settings.model_copy(update={"max_upload_bytes": 10_000}))

    assert list(folder_of(shop.settings).iterdir()) == []


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\r\n \r\n", "empty"),
        (b"%PDF-1.7 ...", "not-a-table"),
        (bytes(range(256)) * 40, "not-a-table"),
    ],
)
async def test_a_file_that_is_no_table_is_refused_and_not_kept(
    client: AsyncClient, shop: Work, content: bytes, reason: str
) -> None:
    answer = await upload(client, content)

    assert (answer.status_code, answer.json()["code"], answer.json()["reason"]) == (422, "file-unreadable", reason)
    assert list(folder_of(shop.settings).iterdir()) == []


ROUTES = [
    ("GET", ""), ("GET", "/{id}"), ("GET", "/{id}/preview"), ("PATCH", "/{id}"), ("DELETE", "/{id}"),
    ("POST", "/{id}/rehearsals"), ("POST", "/{id}/applications"), ("POST", "/{id}/reversals"), ("GET", "/{id}/rows"),
    ("GET", "/{id}/rejected-rows"),
]  # fmt: skip


@pytest.mark.parametrize("role", [Role.CASHIER, Role.ANALYST])
async def test_who_only_serves_or_counts_sees_no_import(client_as: ClientAs, role: Role) -> None:
    client = await client_as(role)
    urls = [(method, f"/v1/imports{path}".replace("{id}", str(uuid4()))) for method, path in ROUTES]
    urls += [("GET", "/v1/import-fields?kind=customers"), ("GET", "/v1/import-mappings"),
             ("PUT", "/v1/import-mappings/x"), ("DELETE", "/v1/import-mappings/x")]  # fmt: skip

    answers = [(await client.request(method, url, headers=key())).status_code for method, url in urls]

    assert answers == [403] * len(urls)
    assert (await upload(client)).status_code == 403


async def test_the_privacy_officer_reads_imports_and_makes_none(client_as: ClientAs, client: AsyncClient) -> None:
    import_id = await drafted(client)
    officer = await client_as(Role.PRIVACY_OFFICER)

    assert (await officer.get(f"/v1/imports/{import_id}/rows")).status_code == 200
    assert (await officer.get(f"/v1/imports/{import_id}/preview")).status_code == 403
    assert (await officer.post(f"/v1/imports/{import_id}/applications", headers=key())).status_code == 403


async def test_what_changes_cards_wants_a_key_and_answers_once(client: AsyncClient, shop: Work) -> None:
    import_id = await drafted(client)
    url, once = f"/v1/imports/{import_id}/applications", key()

    missing = [await client.post(f"/v1/imports/{import_id}/{what}") for what in ("applications", "reversals")]
    first, again = await client.post(url, headers=once), await client.post(url, headers=once)
    other = await client.post(url, headers=key())

    assert [answer.status_code for answer in missing] == [400, 400]
    assert (first.status_code, again.status_code, other.status_code) == (202, 202, 409)
    assert first.json() == again.json()
    assert await values(shop, "select count(*) from outbox_events where name = 'import.application_asked'") == [1]


# ── what it does ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_file_is_rehearsed_applied_and_taken_back(client: AsyncClient, shop: Work) -> None:
    before = await snapshot(shop)
    import_id = await drafted(client)

    rehearsed = await ran(client, shop, import_id, "rehearsals")
    applied = await ran(client, shop, import_id, "applications")
    same = (await upload(client)).json()
    undone = await ran(client, shop, import_id, "reversals")

    assert (rehearsed["state"], rehearsed["counts"]) == ("rehearsed", {"created": 1, "rejected": 2})
    assert (applied["state"], applied["counts"], applied["row_done"]) == ("applied", rehearsed["counts"], 3)
    assert same["same_file_as"] == import_id
    assert (undone["state"], undone["undo_counts"]) == ("undone", {"removed": 1})
    assert await snapshot(shop) == before


async def test_rows_are_read_by_what_became_of_them_a_page_at_a_time(client: AsyncClient, shop: Work) -> None:
    import_id = await drafted(client)
    await ran(client, shop, import_id, "applications")
    url = f"/v1/imports/{import_id}/rows"

    first = (await client.get(url, params={"outcome": "rejected", "limit": 1})).json()
    second = (await client.get(url, params={"outcome": "rejected", "limit": 1, "cursor": first["next_cursor"]})).json()
    [created] = (await client.get(url, params={"outcome": "created"})).json()["items"]

    assert (first["total"], [row["row_no"] for row in first["items"] + second["items"]]) == (2, [3, 4])
    assert second["next_cursor"] is None
    assert [(found["code"], found["column"]) for found in first["items"][0]["findings"]] == [("bad-email", "E-mail")]
    assert created["label"] == "Anna Rossi"
    assert UUID(created["subject_id"]) in await values(shop, "select id from customers")


async def test_s_18_rejected_rows_come_back_as_they_were_with_their_reason_and_run_in_no_spreadsheet(
    client: AsyncClient, shop: Work
) -> None:
    import_id = await drafted(client)
    await ran(client, shop, import_id, "rehearsals")

    answer = await client.get(f"/v1/imports/{import_id}/rejected-rows")

    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="rejected.csv"'
    table = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))
    assert table[0] == ["Codice cliente", "Cognome", "Nome", "E-mail", "Nato il", "motivo"]
    assert [row[:5] for row in table[1:]] == [
        ["2", "'=1+1", "Rotta", "due@@chiocciole", "13/05/1980"],
        ["3", "Verdi", "Ugo", "ugo@example.it", "31/12/1880"],
    ]
    assert table[1][5].startswith("E-mail: ")
    assert table[2][5] == "Nato il: La data di nascita è impossibile"


async def test_rejected_rows_that_were_mended_can_be_sent_again_alone(client: AsyncClient, shop: Work) -> None:
    import_id = await drafted(client, PHONES)
    await ran(client, shop, import_id, "applications")
    rejected = (await client.get(f"/v1/imports/{import_id}/rejected-rows")).content
    assert b"'+39 12" in rejected

    mended = rejected.replace(b"due@@chiocciole", b"due@example.it").replace(b"+39 12", b"+39 347 1234567")
    again = await ran(client, shop, await drafted(client, mended), "applications")

    assert again["counts"] == {"created": 2}
    assert await values(shop, "select family_name from customers order by id") == ["Rossi", "=1+1", "Verdi"]


async def test_the_fields_of_a_kind_say_what_they_may_do(client: AsyncClient) -> None:
    fields = {field["name"]: field for field in (await client.get("/v1/import-fields?kind=customers")).json()["items"]}

    assert fields["email"] == {
        "name": "email", "type": "text", "policies": ["fill", "overwrite", "newest", "append"], "is_required": False,
        "group": "contacts",
    }  # fmt: skip
    assert (await client.get("/v1/import-fields?kind=poems")).status_code == 422


async def test_a_mapping_is_kept_found_by_its_headers_and_forgotten(client: AsyncClient) -> None:
    draft = (await upload(client)).json()
    body = {name: draft[name] for name in ("kind", "format", "columns")} | {"source": "nightly"}
    body["columns"][1]["policy"] = "overwrite"

    put = await client.put("/v1/import-mappings/nightly till", json=body)
    next_one = (await upload(client, PEOPLE.replace(b"Cognome", b"COGNOME"))).json()
    shown = (await client.get(f"/v1/imports/{next_one['id']}/preview")).json()
    listed = (await client.get("/v1/import-mappings")).json()["items"]
    gone = await client.delete("/v1/import-mappings/nightly till")

    assert put.status_code == 200
    assert (next_one["source"], next_one["columns"][1]["policy"]) == ("nightly", "overwrite")
    assert shown["saved_mapping"] == "nightly till"
    assert [mapping["name"] for mapping in listed] == ["nightly till"]
    assert gone.status_code == 204
    assert (await client.delete("/v1/import-mappings/nightly till")).json()["code"] == "import-mapping-not-found"


async def test_imports_are_listed_newest_first(client: AsyncClient) -> None:
    ids = [await drafted(client) for _ in range(3)]

    page = (await client.get("/v1/imports", params={"limit": 2})).json()
    rest = (await client.get("/v1/imports", params={"limit": 2, "cursor": page["next_cursor"]})).json()

    assert [each["id"] for each in page["items"] + rest["items"]] == ids[::-1]
