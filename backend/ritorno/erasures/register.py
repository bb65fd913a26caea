"""Who keeps what of a person: the register that an access pack and an erasure walk through, and that
`tests/contract/test_rights.py` checks.

A domain that stores `customer_id` writes `export` and `erase` and is named here. Both speak of one card; a person who
was merged has several, and every one of them is told and forgotten.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.erasures import queries
from ritorno.imports.lake import person as lake
from ritorno.imports.lake.engine import Lake
from ritorno.kit.config import Settings
from ritorno.messaging import service as messaging
from ritorno.recalls import service as recalls

Row = dict[str, Any]


class Export(Protocol):
    async def __call__(self, session: AsyncSession, customer_id: UUID) -> Sequence[Row] | Mapping[str, Any]: ...


class Erase(Protocol):
    async def __call__(self, session: AsyncSession, customer_id: UUID) -> None: ...


class Domain(NamedTuple):
    """How one domain tells and forgets what it keeps of a person, and in which tables."""

    name: str
    tables: tuple[str, ...]
    export: Export
    erase: Erase


DOMAINS = (
    Domain("messages", ("messages",), messaging.export, messaging.erase),
    Domain("recalls", ("recall_occasions", "recall_dismissals"), recalls.export, recalls.erase),
)

LAKE = "purchase_archive"
"""The section of the lines that live in the lake; they are streamed, because there may be very many."""


async def export_all(session: AsyncSession, settings: Settings, customer_id: UUID) -> AsyncIterator[tuple[str, Row]]:
    """Yield everything kept about a person as (section, row), section by section: JSON values in words people
    understand, nobody else's data.

    A domain that answers with several kinds of rows gives a section for each.
    """
    cards = await queries.cards_of(session, customer_id)
    for domain in DOMAINS:
        told: dict[str, list[Row]] = {}
        for card in cards:
            for section, rows in _sections(domain.name, await domain.export(session, card)).items():
                told.setdefault(section, []).extend(rows)
        for section, rows in told.items():
            for row in rows:
                yield section, row
    for card in cards:
        async for row in lake.export(session, Lake(settings), card):
            yield LAKE, row


async def erase_all(session: AsyncSession, customer_ids: Sequence[UUID]) -> None:
    """Forget a person in every domain, in the caller's unit of work; `customer_ids` are all the cards of theirs."""
    for domain in DOMAINS:
        for card in customer_ids:
            await domain.erase(session, card)
    for card in customer_ids:
        await lake.erase(session, card)


def _sections(name: str, told: Sequence[Row] | Mapping[str, Any]) -> dict[str, list[Row]]:
    if not isinstance(told, Mapping):
        return {name: list(told)}
    return {section: rows if isinstance(rows, list) else [rows] for section, rows in told.items()}
