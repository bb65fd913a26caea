"""Scans and signatures: kept by their hash, without what a camera wrote into them, and told apart by their bytes."""

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import AsyncClient, Response
from PIL import Image
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry
from ritorno.consents import pictures
from ritorno.consents.errors import EvidenceUnreadable
from ritorno.identity.rules import Role
from ritorno.kit.config import Settings
from tests.conftest import ClientAs, TokenClient

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
GPS = 0x8825


@pytest.fixture(autouse=True)
def _folder(app: FastAPI, settings: Settings, tmp_path: Path) -> None:
    app.state.settings = settings.model_copy(update={"data_dir": tmp_path})


def a_picture(form: str = "JPEG", size: tuple[int, int] = (40, 20), **more: Any) -> bytes:
    made = BytesIO()
    Image.new("RGB", size, (200, 10, 10)).save(made, form, **more)
    return made.getvalue()


def a_photograph() -> bytes:
    """Return a picture that says where it was taken, by which camera, and that it lies on its side."""
    exif = Image.Exif()
    exif[0x010F] = "Camera of Anna"
    exif[0x0112] = 6
    exif.get_ifd(GPS)[1] = "N"
    return a_picture(exif=exif.tobytes(), comment=b"via Roma 1")


async def upload(client: AsyncClient, content: bytes, name: str = "scan.bin", **form: str) -> Response:
    return await client.post("/v1/evidence", files={"file": (name, content, "text/html")}, data=form)


async def test_c_13_a_scan_is_kept_by_its_hash_and_given_back_as_a_file(
    session: AsyncSession, client: AsyncClient
) -> None:
    kept = await upload(client, PDF, "letter.html")
    again = await upload(client, PDF)

    assert kept.status_code == again.status_code == 201
    told = kept.json()
    assert told == {
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "media_type": "application/pdf",
        "size_bytes": len(PDF),
        "kind": "SCAN",
    }
    given = await client.get(kept.headers["Location"])
    assert given.content == PDF
    assert given.headers["Content-Type"] == "application/pdf"
    assert given.headers["Content-Disposition"] == f'attachment; filename="evidence-{told["sha256"][:12]}.pdf"'
    assert (given.headers["X-Content-Type-Options"], given.headers["Cache-Control"]) == ("nosniff", "no-store")
    acts = await session.scalars(select(AuditEntry.action).where(AuditEntry.subject_type == "evidence"))
    assert sorted(acts) == ["evidence.kept", "evidence.read"]


async def test_s_19_a_photograph_is_kept_upright_and_without_where_it_was_taken(client: AsyncClient) -> None:
    photograph = a_photograph()
    assert b"Camera of Anna" in photograph

    told = (await upload(client, photograph, kind="SIGNATURE")).json()

    kept = (await client.get(f"/v1/evidence/{told['sha256']}")).content
    assert hashlib.sha256(kept).hexdigest() == told["sha256"]
    assert b"Camera of Anna" not in kept
    assert b"via Roma 1" not in kept
    with Image.open(BytesIO(kept)) as picture:
        assert dict(picture.getexif()) == {}
        assert (picture.format, picture.size) == ("JPEG", (20, 40))
    assert (told["media_type"], told["kind"]) == ("image/jpeg", "SIGNATURE")


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
async def test_s_19_the_bytes_say_what_a_file_is_and_never_its_name(client: AsyncClient, form: str) -> None:
    told = await upload(client, a_picture(form), "scan.pdf")

    assert told.json()["media_type"] == f"image/{form.lower()}"


@pytest.mark.parametrize(
    "content",
    [b"", b"<script>alert(1)</script>", b"GIF89a" + b"\0" * 50, a_picture()[:60], b"\0\0\0\x18ftypheic" + b"\0" * 50],
)
async def test_what_is_no_pdf_and_no_picture_is_refused(client: AsyncClient, content: bytes) -> None:
    refused = await upload(client, content, "scan.pdf")

    assert (refused.status_code, refused.json()["code"]) == (422, "evidence-unreadable")


def test_s_19_a_picture_that_would_fill_the_memory_is_not_opened() -> None:
    bomb = a_picture("PNG", (4000, 3000))

    with pytest.raises(EvidenceUnreadable):
        pictures.clean(bomb, max_pixels=1_000_000)
    assert pictures.clean(bomb, max_pixels=12_000_000)[1] == "image/png"


async def test_a_file_beyond_the_limit_is_refused(app: FastAPI, client: AsyncClient) -> None:
    app.state.settings = app.state.settings.model_copy(update={"max_evidence_bytes": 1000})

    refused = await upload(client, PDF + b" " * 1000)

    assert (refused.status_code, refused.json()["code"]) == (413, "too-large")


async def test_who_may_not_record_consents_may_not_upload_and_who_may_not_read_them_gets_nothing(
    anonymous: AsyncClient, client_as: ClientAs, client: AsyncClient, token_client: TokenClient
) -> None:
    kept = (await upload(client, PDF)).headers["Location"]
    analyst = await client_as(Role.ANALYST)
    till = await token_client(["consents:write"])

    assert [(await upload(each, PDF)).status_code for each in (anonymous, analyst, till)] == [401, 403, 201]
    assert [(await each.get(kept)).status_code for each in (anonymous, analyst, till)] == [401, 403, 200]
    assert (await client.get(f"/v1/evidence/{'0' * 64}")).json()["code"] == "evidence-not-found"
