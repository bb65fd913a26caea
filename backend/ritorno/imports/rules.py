"""What a file may bring and what becomes of it: kinds, fields, policies, states and outcomes on plain values.

Recognition is by exact keys only, in a fixed order that the screen shows; probable matches belong to `duplicates`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from ritorno.customers.rules import LoadPolicy as Policy


class ImportKind(StrEnum):
    CUSTOMERS = "customers"
    CONSENTS = "consents"
    TRANSACTIONS = "transactions"
    PRODUCTS = "products"
    STORES = "stores"
    BALANCES = "balances"
    SUPPRESSIONS = "suppressions"


class ImportState(StrEnum):
    """`draft → rehearsing → rehearsed → applying → applied → undoing → undone`; an edit leads back to draft."""

    DRAFT = "draft"
    REHEARSING = "rehearsing"
    REHEARSED = "rehearsed"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDOING = "undoing"
    UNDONE = "undone"


WORKING = frozenset({ImportState.REHEARSING, ImportState.APPLYING, ImportState.UNDOING})
EDITABLE = frozenset({ImportState.DRAFT, ImportState.REHEARSED})


class ImportOutcome(StrEnum):
    """What became of one row. MERGED: the person was known already, under other keys than this file's own."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    MERGED = "merged"
    UNCLAIMED = "unclaimed"
    REJECTED = "rejected"


class NameOrder(StrEnum):
    FAMILY_FIRST = "family_first"
    GIVEN_FIRST = "given_first"


class ReceiptScope(StrEnum):
    """What makes a receipt number unique: by itself, in its store, or in its store on its day."""

    RECEIPT = "receipt"
    STORE = "store"
    STORE_DAY = "store_day"


class FieldType(StrEnum):
    TEXT = "text"
    DATE = "date"
    NUMBER = "number"
    MONEY = "money"
    YES_NO = "yes_no"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Field:
    """A thing a column may become."""

    name: str
    type: FieldType = FieldType.TEXT
    policies: tuple[Policy, ...] = ()
    is_required: bool = False
    group: str = ""


_SCALAR = (Policy.FILL, Policy.OVERWRITE, Policy.NEWEST)
_BESIDE = (*_SCALAR, Policy.APPEND)
_ADDED = (Policy.APPEND, Policy.OVERWRITE)


def _fields(group: str, policies: tuple[Policy, ...], *names: str, type: FieldType = FieldType.TEXT) -> list[Field]:  # noqa: A002
    return [Field(name, type, policies, group=group) for name in names]


FIELDS: Mapping[ImportKind, Sequence[Field]] = {
    ImportKind.CUSTOMERS: [
        *_fields("keys", (), "external_id", "card", "fiscal_code"),
        *_fields("person", _SCALAR, "given_name", "family_name", "full_name", "company_name"),
        *_fields("person", _SCALAR, "birth_on", type=FieldType.DATE),
        *_fields("person", _SCALAR, "gender", "language", "country", "spending_capacity"),
        *_fields("contacts", _BESIDE, "email", "phone", "phone_2", "street", "postal_code", "city", "province"),
        *_fields("shop", _SCALAR, "home_store", "acquisition_source"),
        *_fields("shop", _SCALAR, "first_contact_on", type=FieldType.DATE),
        *_fields("shop", _ADDED, "tags", "interests", type=FieldType.LIST),
        *_fields("shop", (Policy.APPEND,), "note"),
        *_fields("shop", (), "changed_on", type=FieldType.DATE),
        *_fields("consents", (), "consent_email", "consent_sms", "consent_phone", "consent_post", "consent_profiling",
                 type=FieldType.YES_NO),
        *_fields("consents", (), "consent_on", type=FieldType.DATE),
        *_fields("consents", (), "consent_text", "consent_evidence"),
    ],
    ImportKind.CONSENTS: [
        *_fields("keys", (), "external_id", "card", "email", "phone"),
        *(Field(name, is_required=True, group="consents") for name in ("purpose", "answer")),
        *_fields("consents", (), "channel", "notice", "evidence"),
        *_fields("consents", (), "occurred_on", type=FieldType.DATE),
    ],
    ImportKind.TRANSACTIONS: [
        Field("receipt", is_required=True, group="receipt"),
        Field("occurred_on", FieldType.DATE, is_required=True, group="receipt"),
        *_fields("receipt", (), "occurred_time", "store", "channel", "payment", "reason"),
        *_fields("customer", (), "card", "customer_id", "email", "phone", "given_name", "family_name"),
        Field("sku", is_required=True, group="line"),
        *_fields("line", (), "product_name", "category", "brand"),
        *_fields("line", (), "quantity", type=FieldType.NUMBER),
        Field("total", FieldType.MONEY, is_required=True, group="line"),
        *_fields("line", (), "unit_price", "discount", type=FieldType.MONEY),
    ],
    ImportKind.PRODUCTS: [
        Field("sku", is_required=True, group="product"),
        *_fields("product", _SCALAR, "name", "category", "brand", "kind", "similarity_group"),
        *_fields("product", _SCALAR, "is_own", type=FieldType.YES_NO),
        *_fields("product", _SCALAR, "usual_interval_days", type=FieldType.NUMBER),
    ],
    ImportKind.STORES: [
        Field("code", is_required=True, group="store"),
        *_fields("store", _SCALAR, "name", "city", "timezone"),
    ],
    ImportKind.BALANCES: [
        Field("card", is_required=True, group="balance"),
        Field("points", FieldType.NUMBER, is_required=True, group="balance"),
        *_fields("balance", (), "as_of", type=FieldType.DATE),
        *_fields("balance", (), "amount", type=FieldType.MONEY),
    ],
    ImportKind.SUPPRESSIONS: [
        *_fields("address", (), "email", "phone", "value", "channel", "reason"),
        *_fields("address", (), "since", type=FieldType.DATE),
    ],
}  # fmt: skip


DEFAULT_POLICY = {"phone_2": Policy.APPEND, "tags": Policy.APPEND, "interests": Policy.APPEND, "note": Policy.APPEND}
"""Elsewhere a column fills what is blank."""


def default_policy(field: Field) -> Policy | None:
    return DEFAULT_POLICY.get(field.name, Policy.FILL) if field.policies else None


def field_of(kind: ImportKind, name: str) -> Field | None:
    return next((field for field in FIELDS[kind] if field.name == name), None)


PERSON_KEYS = frozenset(
    {"external_id", "card", "fiscal_code", "email", "phone", "full_name", "family_name", "given_name", "company_name"}
)


@dataclass(frozen=True, slots=True)
class MappedColumn:
    """What a column of the file becomes; `field` None leaves it out."""

    index: int
    field: str | None
    policy: Policy | None = None
    date_format: str | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a mapping cannot be used yet; `column` is its place in the file."""

    code: str
    column: int | None
    field: str | None = None


def mapping_faults(kind: ImportKind, columns: Sequence[MappedColumn]) -> list[Fault]:
    """Return everything that keeps a mapping from being used; a date column without a declared format is one (B-18)."""
    faults = []
    seen: set[str] = set()
    for column in columns:
        if column.field is None:
            continue
        field = field_of(kind, column.field)
        if field is None:
            faults.append(Fault("unknown-field", column.index, column.field))
            continue
        if column.field in seen:
            faults.append(Fault("field-twice", column.index, column.field))
        seen.add(column.field)
        if field.type is FieldType.DATE and not column.date_format:
            faults.append(Fault("date-format-missing", column.index, column.field))
        if column.policy is not None and column.policy not in field.policies:
            faults.append(Fault("policy-not-possible", column.index, column.field))
    faults += [
        Fault("field-missing", None, field.name)
        for field in FIELDS[kind]
        if field.is_required and field.name not in seen
    ]
    if kind is ImportKind.CUSTOMERS and not seen & PERSON_KEYS:
        faults.append(Fault("nobody-named", None))
    if kind is ImportKind.CONSENTS and not seen & {"external_id", "card", "email", "phone"}:
        faults.append(Fault("nobody-named", None))
    if kind is ImportKind.SUPPRESSIONS and not seen & {"email", "phone", "value"}:
        faults.append(Fault("field-missing", None, "value"))
    return faults
