"""From what is configured to a printed version: composed, compared with the newest, printed only when it says something
else.
"""

import hashlib

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability import queries as accountability
from ritorno.accountability import service as changes
from ritorno.accountability.errors import DocumentNotFound
from ritorno.accountability.models import Document
from ritorno.accountability.rules import DocumentFormat, DocumentKind
from ritorno.accountability.schemas import DocumentCreate, DocumentRead
from ritorno.kit import paper, storage
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.privacy.documents import composing, titles

MEDIA_TYPES: dict[str, str] = {DocumentFormat.PDF: "application/pdf", DocumentFormat.CSV: "text/csv; charset=utf-8"}


async def make(
    session: AsyncSession, settings: Settings, body: DocumentCreate, *, actor: Actor
) -> tuple[Document, bool]:
    """Print a document; the newest version is returned untouched when it says the same already."""
    composed = await composing.compose(session, settings, body.kind, body.language)
    inputs = orjson.dumps(composed.content, option=orjson.OPT_SORT_KEYS)
    newest = await accountability.newest_document(session, body.kind, body.language, body.format)
    if newest is not None and newest.inputs_sha256 == hashlib.sha256(inputs).hexdigest():
        return newest, False
    version = newest.version + 1 if newest else 1
    if body.format is DocumentFormat.CSV:
        content = composed.csv()
    else:
        content = await paper.print_pdf("ritorno.privacy.documents", "document.typ", composed.printed(version))
    row = await changes.keep_document(
        session,
        settings,
        kind=body.kind,
        language=body.language,
        document_format=body.format,
        content=content,
        inputs=inputs,
        actor=actor,
    )
    return row, True


async def read(settings: Settings, row: Document) -> bytes:
    """Return a version as it was printed."""
    content = await storage.read(settings, changes.STORAGE, row.sha256)
    if content is None:
        raise DocumentNotFound("Its file is no longer in the data folder.")
    return content


def document_read(row: Document) -> DocumentRead:
    """Return a version as the API says it."""
    own = {column.key: getattr(row, column.key) for column in Document.__table__.columns}
    return DocumentRead.model_validate(own | {"title": titles.title(DocumentKind(row.kind), row.language)})


def file_name(row: Document) -> str:
    """Return the name a browser saves it under."""
    return f"{row.kind.lower().replace('_', '-')}-v{row.version}-{row.language}.{row.format}"
