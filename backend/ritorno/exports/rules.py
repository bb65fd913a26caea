"""What may go into a file, and what it is called: columns by use (C-18, C-26)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

KEPT = timedelta(days=7)
"""How long a finished file may be fetched."""
LEFTOVER = timedelta(days=1)
"""No run lasts as long: what is older and no export's own was left by a worker that was killed."""


class ExportKind(StrEnum):
    CUSTOMERS = "customers"
    MEMBERS = "members"
    """The people of one segment."""
    TRANSACTIONS = "transactions"
    """One row for each line of a receipt."""
    MESSAGES = "messages"
    RESULTS = "results"


class ExportFormat(StrEnum):
    CSV = "csv"
    XLSX = "xlsx"
    NDJSON = "ndjson"


MEDIA_TYPES: dict[str, str] = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.NDJSON: "application/x-ndjson",
}


class ExportUse(StrEnum):
    """What the file is for, which decides what it may hold."""

    INTERNAL = "INTERNAL"
    """Analysis and accounting: nobody can be contacted with it."""
    CONTACT = "CONTACT"
    """Contacting people: the gate answers for each of them."""
    DISCLOSURE = "DISCLOSURE"
    """Giving people's data to a named third party: the gate answers for each of them, and each is logged (C-19)."""


class ExportState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    """The file is gone: its seven days are over, or somebody removed it."""


UNFINISHED = frozenset({ExportState.WAITING, ExportState.RUNNING})

PEOPLE = frozenset({ExportKind.CUSTOMERS, ExportKind.MEMBERS})
"""The kinds with one row for each person; only these can be meant for contacting somebody."""

FILTERS: dict[ExportKind, frozenset[str]] = {
    ExportKind.CUSTOMERS: frozenset({"store_id", "tag", "city", "stage"}),
    ExportKind.MEMBERS: frozenset({"segment_id"}),
    ExportKind.TRANSACTIONS: frozenset({"store_id", "from_on", "to_on"}),
    ExportKind.MESSAGES: frozenset({"touch_id", "from_on", "to_on"}),
    ExportKind.RESULTS: frozenset({"touch_id", "subject_id", "from_on", "to_on"}),
}

SCOPES: dict[ExportKind, tuple[str, ...]] = {
    ExportKind.CUSTOMERS: ("customers:read",),
    ExportKind.MEMBERS: ("customers:read", "segments:read"),
    ExportKind.TRANSACTIONS: ("transactions:read",),
    ExportKind.MESSAGES: ("messages:read",),
    ExportKind.RESULTS: ("results:read",),
}
"""What somebody must be able to read on screen before a file of it may leave, beside `exports:run`."""


class Trait(StrEnum):
    """What sets a column apart."""

    PLAIN = "plain"
    SENSITIVE = "sensitive"
    """Only when asked for by name."""
    BEHAVIOUR = "behaviour"
    """Learnt from what the person did or likes: choosing whom to contact by it is profiling (C-18)."""
    EMAIL = "email"
    PHONE = "phone"
    POSTAL = "postal"


CONTACT_TRAITS = frozenset({Trait.EMAIL, Trait.PHONE, Trait.POSTAL})

TRAIT_OF_CHANNEL = {
    "EMAIL": Trait.EMAIL,
    "SMS": Trait.PHONE,
    "WHATSAPP": Trait.PHONE,
    "PHONE_OPERATOR": Trait.PHONE,
    "POST": Trait.POSTAL,
}


@dataclass(frozen=True, slots=True)
class Column:
    key: str
    trait: Trait = Trait.PLAIN


_PEOPLE = (
    Column("id"),
    Column("external_ids"),
    Column("cards"),
    Column("given_name"),
    Column("family_name"),
    Column("birth_on", Trait.SENSITIVE),
    Column("gender", Trait.SENSITIVE),
    Column("language"),
    Column("email", Trait.EMAIL),
    Column("phone", Trait.PHONE),
    Column("street", Trait.POSTAL),
    Column("postal_code", Trait.POSTAL),
    Column("address_city", Trait.POSTAL),
    Column("province", Trait.POSTAL),
    Column("country", Trait.POSTAL),
    Column("city"),
    Column("store"),
    Column("tags", Trait.BEHAVIOUR),
    Column("interests", Trait.BEHAVIOUR),
    Column("first_contact_on"),
    Column("created_at"),
    Column("purchases", Trait.BEHAVIOUR),
    Column("revenue", Trait.BEHAVIOUR),
    Column("currency"),
    Column("last_purchase_on", Trait.BEHAVIOUR),
)

COLUMNS: dict[ExportKind, tuple[Column, ...]] = {
    ExportKind.CUSTOMERS: _PEOPLE,
    ExportKind.MEMBERS: _PEOPLE,
    ExportKind.TRANSACTIONS: tuple(
        Column(key)
        for key in (
            "transaction_id", "source", "external_id", "kind", "occurred_at", "business_day", "store", "channel",
            "payment", "receipt_total", "currency", "customer_id", "line_no", "sku", "product", "category", "brand",
            "quantity", "discount", "total",
        )
    ),
    ExportKind.MESSAGES: tuple(
        Column(key)
        for key in (
            "id", "customer_id", "touch_id", "touch", "channel", "purpose", "template_class", "arm", "state", "reason",
            "planned_at", "due_at", "sent_at", "delivered_at", "cost", "currency",
        )
    ),
    ExportKind.RESULTS: tuple(
        Column(key)
        for key in (
            "touch_id", "name", "kind", "subject_id", "channel", "purpose", "starts_at", "closes_on", "state",
            "verdict", "arm", "people", "delivered", "visitors", "conversion_rate", "conversion_low",
            "conversion_high", "revenue", "revenue_per_person", "currency", "unsubscribed",
        )
    ),
}  # fmt: skip


def offered(kind: ExportKind, use: ExportUse, channel: str | None) -> tuple[Column, ...]:
    """Return the columns such a file may hold: addresses only to contact people or to give them away, and only those of
    the channel asked for.
    """
    own = TRAIT_OF_CHANNEL[channel] if use is not ExportUse.INTERNAL and channel else None
    columns = (column for column in COLUMNS[kind] if column.trait not in CONTACT_TRAITS or column.trait is own)
    if use is ExportUse.DISCLOSURE:
        return tuple(column for column in columns if column.trait not in _KEPT_IN_THE_HOUSE)
    return tuple(columns)


_KEPT_IN_THE_HOUSE = frozenset({Trait.SENSITIVE, Trait.BEHAVIOUR})
"""What a third party is never given."""


_ENOUGH_TO_CONTACT = frozenset({"id", "given_name", "family_name", "language"})


def default_columns(kind: ExportKind, use: ExportUse, channel: str | None) -> list[str]:
    """Return what a file holds when no columns are named: to contact people no more than that takes."""
    columns = offered(kind, use, channel)
    if use is not ExportUse.INTERNAL:
        return [each.key for each in columns if each.key in _ENOUGH_TO_CONTACT or each.trait in CONTACT_TRAITS]
    return [each.key for each in columns if each.trait is not Trait.SENSITIVE]


def shows_behaviour(kind: ExportKind, columns: list[str]) -> bool:
    """Return whether people could be chosen by what they did, from these columns (C-18)."""
    return any(column.trait is Trait.BEHAVIOUR and column.key in columns for column in COLUMNS[kind])


# ── cells ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

Cell = str | int | float | list[str] | None


def cell_text(cell: Cell) -> str:
    """Return a cell as one text: lists joined by a bar, nothing for nothing."""
    if cell is None:
        return ""
    return " | ".join(cell) if isinstance(cell, list) else str(cell)


XLSX_ROWS = 1_048_575
"""Rows of one sheet below its header."""


def file_name(kind: str, extension: str, on: date) -> str:
    """Return the name a browser saves the file under."""
    return f"{kind}-{on.isoformat()}.{extension}"


# ── who is left out ───────────────────────────────────────────────────────────────────────────────────────────────────


def barred(
    *,
    erased_at: datetime | None,
    merged_into: object | None,
    restricted_at: datetime | None,
    deceased_at: datetime | None,
) -> str | None:
    """Return why a card may stand in no file of people, or None (C-24, C-26); a merged one stands in its survivor's
    row.
    """
    if erased_at is not None:
        return "ERASED"
    if merged_into is not None:
        return "MERGED"
    if restricted_at is not None:
        return "RESTRICTED"
    return "DECEASED" if deceased_at is not None else None


SMALLEST_CELL = 10


def told(people: int | None) -> int | None:
    """Return a count of people, or None where they are too few to be told (X-14)."""
    return people if people is not None and people >= SMALLEST_CELL else None
