"""Which field a column may be, from its header (Italian and English, abbreviated as tills do) and from its values."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from ritorno.imports.reading.formats import Column


class Proposal(NamedTuple):
    """A field for a column, how sure (0…1), and what it was recognised by."""

    field: str
    confidence: float
    because: Literal["header", "values"]


FIELDS: Mapping[str, tuple[str, ...]] = {
    "customers": (
        "external_id", "card", "fiscal_code", "given_name", "family_name", "full_name", "company_name", "birth_on",
        "gender", "language", "email", "phone", "phone_2", "street", "postal_code", "city", "province", "country",
        "tags", "interests", "note", "home_store", "first_contact_on", "acquisition_source", "spending_capacity",
        "changed_on", "consent_email", "consent_sms", "consent_phone", "consent_post", "consent_profiling",
        "consent_on", "consent_text", "consent_evidence",
    ),
    "consents": (
        "external_id", "card", "email", "phone", "purpose", "channel", "answer", "occurred_on", "notice", "evidence",
    ),
    "transactions": (
        "receipt", "occurred_on", "occurred_time", "store", "card", "customer_id", "email", "phone", "sku",
        "product_name", "category", "brand", "quantity", "unit_price", "discount", "total", "channel", "payment",
        "reason", "given_name", "family_name",
    ),
    "products": (
        "sku", "name", "category", "brand", "kind", "is_own", "similarity_group", "usual_interval_days",
    ),
    "stores": ("code", "name", "city", "timezone"),
    "balances": ("card", "points", "as_of", "amount"),
    "suppressions": ("channel", "email", "phone", "value", "reason", "since"),
}  # fmt: skip
"""The fields of each kind of import."""


def propose(kind: str, columns: Sequence[Column]) -> dict[int, Proposal]:
    """Return a field for each column that seems to have one; each field at most once, headers before values."""
    raise NotImplementedError


def propose_kind(columns: Sequence[Column]) -> str | None:
    """Return the kind of import these columns seem made for, or None."""
    raise NotImplementedError
