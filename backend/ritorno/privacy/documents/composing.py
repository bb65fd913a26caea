"""The contents of each document, block by block."""

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability.rules import DocumentKind
from ritorno.kit.config import Settings
from ritorno.privacy.documents import titles
from ritorno.stores import queries as stores


@dataclass(slots=True)
class Paper:
    """A composed document: blocks for the PDF, rows for the CSV."""

    title: str
    language: str
    shop: dict[str, str]
    blocks: list[dict[str, Any]] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def content(self) -> dict[str, Any]:
        return {"title": self.title, "shop": self.shop, "blocks": self.blocks, "rows": self.rows}

    def values(self, *, version: int) -> dict[str, Any]:
        return {
            "title": self.title,
            "lang": self.language,
            "shop": self.shop,
            "blocks": self.blocks,
            "version": version,
        }

    def csv(self) -> bytes:
        text = io.StringIO(newline="")
        csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(self.rows)
        return text.getvalue().encode("utf-8-sig")


async def compose(session: AsyncSession, settings: Settings, kind: DocumentKind, language: str) -> Paper:
    """Compose a document from what is configured now."""
    business = await stores.get_business(session)
    shop = {"name": business.name, "address": business.address}
    return Paper(titles.title(kind, language), language, shop)
