"""Who moves which rows of a person: the register a merge walks through, and `tests/contract/test_rights.py` checks.

A table that names a customer belongs to exactly one of the four groups below. A new domain that stores `customer_id`
writes `rehome` and `rehome_back` in its service (`kit/rehoming.py` does the work) and adds itself to `DOMAINS`; a
projection is made again by whoever keeps it when `customer.merged` and `customer.unmerged` are published.
"""

from collections.abc import Mapping
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents import service as consents
from ritorno.customers import service as customers
from ritorno.imports.lake import person as lake
from ritorno.inbound import text_person as inbound_texts
from ritorno.inbound.service import person as inbound_mails
from ritorno.kit.rehoming import Keys, Moved
from ritorno.messaging import service as messaging
from ritorno.postal import service as postal
from ritorno.privacy import service as privacy
from ritorno.recalls import service as recalls
from ritorno.transactions import service as transactions


class Rehome(Protocol):
    async def __call__(self, session: AsyncSession, customer_id: UUID, *, into: UUID) -> Moved: ...


class RehomeBack(Protocol):
    async def __call__(
        self, session: AsyncSession, customer_id: UUID, *, out_of: UUID, moved: Mapping[str, Keys]
    ) -> None: ...


class Domain(NamedTuple):
    """How one domain moves its rows, and in which tables."""

    tables: tuple[str, ...]
    rehome: Rehome
    rehome_back: RehomeBack


DOMAINS = (
    Domain(("tasks",), activity.rehome, activity.rehome_back),
    Domain(
        ("contact_points", "identifiers", "customer_tags", "customer_interests", "customer_notes"),
        customers.rehome,
        customers.rehome_back,
    ),
    Domain(("notice_deliveries", "soft_optins", "replies"), consents.rehome, consents.rehome_back),
    Domain(
        ("transactions", "transaction_lines", "holds"),
        transactions.rehome,
        transactions.rehome_back,
    ),
    Domain(("lake_pseudonyms",), lake.rehome, lake.rehome_back),
    Domain(("messages", "confirmations"), messaging.rehome, messaging.rehome_back),
    Domain(("inbound_texts",), inbound_texts.rehome, inbound_texts.rehome_back),
    Domain(("inbound_mails",), inbound_mails.rehome, inbound_mails.rehome_back),
    Domain(("letter_pieces",), postal.rehome, postal.rehome_back),
    Domain(("recall_occasions", "recall_dismissals"), recalls.rehome, recalls.rehome_back),
    Domain(("privacy_requests", "privacy_packs"), privacy.rehome, privacy.rehome_back),
)

LEDGERS = {
    "audit_entries",
    "calls",
    "consent_checkpoints",
    "consent_events",
    "death_reports",
    "disclosure_notices",
    "disclosures",
    "erasures",
    "restrictions",
}
"""Rows that never change owner; they are read through the merge link."""

PROJECTIONS = {
    "card_quality",
    "category_profiles",
    "category_scores",
    "consent_states",
    "customer_scores",
    "past_category_profiles",
    "past_profiles",
    "profiles",
    "recipient_states",
}
"""Rows that can be made again from others."""

OF_BOTH = {"card_confirmations", "customers", "duplicate_pairs", "import_rows", "imported_customers", "jobs", "merges"}
"""Rows about the cards as cards, or that pass by themselves: they stay."""
