"""Asking for a file and reading it back, each format with a reader that is not its writer."""

import csv
import io
import json
from typing import Any
from uuid import UUID, uuid4

from httpx import AsyncClient
from python_calamine import CalamineWorkbook
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.exports import jobs, service
from ritorno.exports.models import Export
from ritorno.exports.schemas import ExportCreate
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work

OWNER = Actor("user", UUID(int=9), "Titolare", frozenset({"*"}), "owner")


def a_request(kind: str = "customers", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "format": "csv", "use": "INTERNAL", "reason": "Bilancio di fine anno"} | more


def to_email(kind: str = "customers", **more: Any) -> dict[str, Any]:
    """Return the body of a file meant for writing to people by email."""
    return a_request(kind, use="CONTACT", purpose="MKT_OWN", channel="EMAIL", reason="Invito all'inaugurazione") | more


async def ask(client: AsyncClient, body: dict[str, Any]) -> dict[str, Any]:
    answer = await client.post("/v1/exports", json=body, headers={"Idempotency-Key": str(uuid4())})
    assert answer.status_code == 202, answer.text
    export: dict[str, Any] = answer.json()
    return export


async def request(session: AsyncSession, body: dict[str, Any]) -> Export:
    export = await service.request_export(session, ExportCreate.model_validate(body), actor=OWNER)
    await session.commit()
    return export


async def make(session: AsyncSession, work: Work, body: dict[str, Any]) -> Export:
    """Ask for a file and let the worker make it."""
    export = await request(session, body)
    await jobs.produce(work, {"export_id": str(export.id)})
    await session.refresh(export)
    return export


def content(work: Work, export: Export) -> bytes:
    assert export.stored_name is not None, (export.state, export.failure)
    return (service.folder_of(work.settings) / export.stored_name).read_bytes()


def rows_of(work: Work, export: Export) -> list[dict[str, Any]]:
    """Return the rows of a finished file by column."""
    return READERS[export.format](content(work, export))


def read_csv(body: bytes) -> list[dict[str, Any]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def read_xlsx(body: bytes) -> list[dict[str, Any]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(body))
    rows = []
    for name in book.sheet_names:
        header, *found = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        rows += [dict(zip(header, row, strict=True)) for row in found]
    return rows


def read_ndjson(body: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in body.splitlines()]


READERS = {"csv": read_csv, "xlsx": read_xlsx, "ndjson": read_ndjson}
