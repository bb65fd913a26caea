"""Which document is composed by whom, and what all of them share."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability.rules import DocumentKind
from ritorno.kit.config import Settings
from ritorno.kit.spreadsheets import neutral
from ritorno.privacy.documents import (
    assessments,
    breaches,
    conduct,
    configured,
    notices,
    register,
    suppliers,
    titles,
)
from ritorno.privacy.documents.blocks import Block
from ritorno.privacy.documents.configured import Configured
from ritorno.privacy.documents.speech import Speech

_BLOCKS: dict[DocumentKind, Callable[[Configured, Speech], list[Block]]] = {
    DocumentKind.REGISTER: register.controller,
    DocumentKind.REGISTER_PROCESSOR: register.processor,
    DocumentKind.NOTICE: notices.given_by_the_person,
    DocumentKind.NOTICE_14: notices.received_from_others,
    DocumentKind.DPIA_SCREENING: assessments.screening,
    DocumentKind.LIA_POST: assessments.by_post,
    DocumentKind.LIA_PHONE: assessments.by_phone,
    DocumentKind.DPA_LIST: suppliers.agreements,
    DocumentKind.TRANSFERS: suppliers.transfers,
    DocumentKind.STAFF_INSTRUCTIONS: conduct.instructions,
    DocumentKind.SECURITY_MEASURES: conduct.measures,
    DocumentKind.BREACH_LOG: breaches.log,
    DocumentKind.PROCESSING_TERMS: suppliers.undertakings,
}
_ROWS: dict[DocumentKind, Callable[[Configured, Speech], list[list[str]]]] = {
    DocumentKind.REGISTER: lambda known, say: register.table(known, say, "CONTROLLER"),
    DocumentKind.REGISTER_PROCESSOR: lambda known, say: register.table(known, say, "PROCESSOR"),
    DocumentKind.DPA_LIST: suppliers.agreements_table,
    DocumentKind.BREACH_LOG: breaches.table,
}


@dataclass(frozen=True, slots=True)
class Composed:
    """What a document says, before it is printed."""

    title: str
    say: Speech
    known: Configured
    blocks: list[Block]
    rows: list[list[str]]

    @property
    def content(self) -> dict[str, Any]:
        """Return what makes two versions different: neither the day nor the number of the version."""
        return {"title": self.title, "shop": self._shop, "blocks": self.blocks, "rows": self.rows}

    @property
    def _shop(self) -> dict[str, str]:
        return {"name": self.known.business.name, "address": self.known.business.address}

    def printed(self, version: int) -> dict[str, Any]:
        """Return the values `document.typ` prints."""
        say, day = self.say, self.say.day(self.known.today)
        return {
            "title": self.title,
            "lang": say.language,
            "shop": self._shop,
            "footer": say(
                f"Versione {version} del {day} · compilato da Ritorno da ciò che è configurato; non è un parere legale",
                f"Version {version} of {day} · compiled by Ritorno from what is configured; not legal advice",
            ),
            "blocks": self.blocks,
        }

    def csv(self) -> bytes:
        """Return the rows as CSV, in UTF-8 with a BOM for Excel; no cell can be a formula (S-18)."""
        text = io.StringIO(newline="")
        lines = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        lines.writerows([neutral(cell) for cell in row] for row in self.rows)
        return text.getvalue().encode("utf-8-sig")


async def compose(session: AsyncSession, settings: Settings, kind: DocumentKind, language: str) -> Composed:
    """Compose a document from what is configured now."""
    known = await configured.load(session, settings)
    say = Speech(language, known.business.timezone)
    rows = _ROWS[kind](known, say) if kind in _ROWS else []
    return Composed(titles.title(kind, language), say, known, _BLOCKS[kind](known, say), rows)
