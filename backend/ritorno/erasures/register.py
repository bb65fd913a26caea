"""Who keeps what of a person: the register that an access pack and an erasure walk through, and that
`tests/contract/test_rights.py` checks.

A domain that stores `customer_id` writes `export` and `erase` and is named here. Both speak of one card; a person who
was merged has several, and every one of them is told and forgotten.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import Column
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import person as activity
from ritorno.calls.service import person as calls
from ritorno.campaigns import person as campaigns
from ritorno.consents.service import person as consents
from ritorno.customers.service import person as customers
from ritorno.disclosures import service as disclosures
from ritorno.erasures import person as erasures
from ritorno.erasures import queries
from ritorno.exports import person as exports
from ritorno.imports.lake import person as lake
from ritorno.imports.lake.engine import Lake
from ritorno.imports.service import person as imports
from ritorno.inbound import text_person as inbound_texts
from ritorno.inbound.service import person as inbound_mails
from ritorno.kit.config import Settings
from ritorno.kit.db import Base
from ritorno.messaging.service import person as messaging
from ritorno.oppositions import service as oppositions
from ritorno.postal.service import person as postal
from ritorno.quality import person as quality
from ritorno.recalls import service as recalls
from ritorno.scores import person as scores
from ritorno.transactions.service import person as transactions

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
    Domain("imports", ("import_rows", "imported_customers"), imports.export, imports.erase),
    Domain(
        "transactions",
        (
            "transactions", "transaction_lines", "profiles", "category_profiles", "past_profiles",
            "past_category_profiles", "holds",
        ),
        transactions.export,
        transactions.erase,
    ),
    Domain("scores", ("customer_scores", "category_scores"), scores.export, scores.erase),
    Domain("messages", ("messages", "confirmations"), messaging.export, messaging.erase),
    Domain("inbound_texts", ("inbound_texts",), inbound_texts.export, inbound_texts.erase),
    Domain("inbound_mails", ("inbound_mails",), inbound_mails.export, inbound_mails.erase),
    Domain("letters", ("letter_pieces",), postal.export, postal.erase),
    Domain("calls", ("calls",), calls.export, calls.erase),
    Domain("recalls", ("recall_occasions", "recall_dismissals"), recalls.export, recalls.erase),
    Domain("campaigns", (), campaigns.export, campaigns.erase),
    Domain("exports", (), exports.export, exports.erase),
    Domain("disclosures", ("disclosures", "disclosure_notices"), disclosures.export, disclosures.erase),
    Domain(
        "consents",
        (
            "consent_events", "consent_states", "consent_checkpoints", "recipient_states", "notice_deliveries",
            "soft_optins", "replies",
        ),
        consents.export,
        consents.erase,
    ),
    Domain("opposition_register", (), oppositions.export, oppositions.erase),
    Domain("tasks", ("tasks", "audit_entries"), activity.export, activity.erase),
    Domain("rights", ("restrictions", "death_reports", "erasures"), erasures.export, erasures.erase),
    # The card itself near the end: the others find what is the person's by its numbers and addresses.
    Domain(
        "customers",
        (
            "customers", "contact_points", "identifiers", "customer_tags", "customer_interests", "customer_notes",
            "duplicate_pairs", "merges",
        ),
        customers.export,
        customers.erase,
    ),
    Domain("quality", ("card_quality", "card_confirmations"), quality.export, quality.erase),
)  # fmt: skip

LAKE = "purchase_archive"
"""The section of the lines that live in the lake; they are streamed, because there may be very many."""

LAKE_TABLE = "lake_pseudonyms"

KEPT = {
    "audit_entries": "codes of what was done, and by whom of the staff: the proof of everything else (art. 5(2))",
    "calls": "that a call was made, when, and why it was allowed (art. 17(3)(e)): ids and codes",
    "consent_checkpoints": "signatures of a chain, without a word of anybody",
    "consent_events": "the proof that what was sent was allowed (art. 17(3)(e)): ids and codes",
    "customers": "the empty card, for what is proved of it",
    "disclosure_notices": "which third party was told of what (art. 19): ids and codes",
    "disclosures": "which third party has to be told (art. 19): ids",
    "erasures": "the proof of the erasure itself",
    "holds": "receipts that a tax duty, a dispute or a warranty locks (B-51); words go with the lock",
    "letter_pieces": "that a letter was posted or came back, without name, address and words",
    "merges": "that two cards were one, so that their ledgers are read together; what was on them is gone",
    "messages": "that something was sent and when, without text and address",
    "notice_deliveries": "the proof that a person was informed (C-20): ids",
    "restrictions": "that a right was used, in codes",
    "death_reports": "that a death was reported, without a word about the family",
    "soft_optins": "the proof of an address given at a sale (C-06): ids and the number of an order",
}
"""Tables of which rows stay after an erasure, and why."""

ELSEWHERE = {
    "jobs": "progress of work, by id",
    "privacy_packs": "of the privacy desk, which tells and forgets them itself when a person is erased",
    "privacy_requests": "of the privacy desk, which tells them, and keeps the log of art. 12 without its words",
    "touches": "its subjects are campaigns and recalls",
}
"""Tables that may name a customer and are no domain's of this register, and why."""


def names_a_customer(column: Column[Any]) -> bool:
    by_key = any(key.column.table.name == "customers" for key in column.foreign_keys)
    return column.name in {"customer_id", "subject_id"} or by_key


TABLES = {
    table: tuple(column.name for column in Base.metadata.tables[table].columns if names_a_customer(column))
    for domain in DOMAINS
    for table in domain.tables
    if table != "customers"
} | {LAKE_TABLE: ("customer_id",)}
"""Table → the columns that name a person."""


async def export_all(session: AsyncSession, settings: Settings, customer_id: UUID) -> AsyncIterator[tuple[str, Row]]:
    """Yield everything kept about a person as (section, row), section by section: JSON values in words people
    understand, nobody else's data.

    A domain that answers with several kinds of rows gives a section for each.
    """
    cards = await queries.cards_of(session, customer_id)
    for domain in reversed(DOMAINS):
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
    for card in customer_ids:
        await lake.erase(session, card)
    for domain in DOMAINS:
        for card in customer_ids:
            await domain.erase(session, card)


def _sections(name: str, told: Sequence[Row] | Mapping[str, Any]) -> dict[str, list[Row]]:
    if not isinstance(told, Mapping):
        return {name: list(told)}
    return {section: rows if isinstance(rows, list) else [rows] for section, rows in told.items()}
