"""The card as the API speaks of it. A body never carries consents: they have their own ledger and their own routes
(DESIGN §5).
"""

import re
from datetime import date
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints, WithJsonSchema, WrapValidator

from ritorno.customers.rules import (
    AcquisitionSource,
    ContactKind,
    ContactLevel,
    Gender,
    IdentifierKind,
    NoteWarning,
    SpendingCapacity,
    SubjectType,
    birth_problem,
)
from ritorno.kit import clock
from ritorno.kit.schemas import Input, Instant, Schema, clean_text
from ritorno.stores.schemas import Zone

MAX_BATCH = 5000


def _iso_only(value: object) -> object:
    """Dates are read in one way only: 01/02/2003 and time stamps are refused, not guessed (B-18)."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("write dates as YYYY-MM-DD")
    if isinstance(value, int | float):
        raise ValueError("write dates as YYYY-MM-DD")
    return value


def _plausible_birth(born: date) -> date:
    problem = birth_problem(born, clock.now().date())
    if problem:
        raise ValueError(f"a birth date that {problem}")
    return born


def _past(day: date) -> date:
    if day > clock.now().date():
        raise ValueError("a date in the future")
    return day


def _upper(value: object) -> object:
    return value.upper() if isinstance(value, str) else value


Birth = Annotated[date, BeforeValidator(_iso_only), AfterValidator(_plausible_birth)]
PastDay = Annotated[date, BeforeValidator(_iso_only), AfterValidator(_past)]
Name = Annotated[str, StringConstraints(max_length=200)]
Label = Annotated[str, AfterValidator(clean_text), StringConstraints(min_length=1, max_length=60)]
Country = Annotated[str, BeforeValidator(_upper), StringConstraints(pattern="^[A-Z]{2}$")]
Language = Annotated[str, StringConstraints(pattern="^[a-z]{2}$")]
Key = Annotated[str, AfterValidator(clean_text), StringConstraints(min_length=1, max_length=200)]


class Address(Input):
    street: str = Field(min_length=1, max_length=200)
    postal_code: str | None = Field(default=None, max_length=12)
    city: str = Field(min_length=1, max_length=100)
    province: str | None = Field(default=None, max_length=50)
    country: Country = "IT"


class CustomerWrite(Input):
    """A card as an integration or staff state it: absent means unchanged, `null` clears."""

    verbatim: ClassVar[frozenset[str]] = frozenset({"email", "phone"})
    """Control characters inside an address must be refused, not removed (B-12)."""

    subject_type: SubjectType | None = None
    given_name: Name | None = None
    family_name: Name | None = None
    birth_on: Birth | None = None
    is_minor: bool | None = None
    gender: Gender | None = None
    language: Language | None = None
    country: Country | None = None
    timezone: Zone | None = None
    acquisition_source: AcquisitionSource | None = None
    first_contact_on: PastDay | None = None
    spending_capacity: SpendingCapacity | None = None
    home_store: Key | None = Field(default=None, description="The code of a store.")
    tags: list[Label] | None = Field(default=None, max_length=100)
    interests: list[Label] | None = Field(default=None, max_length=100)
    cards: list[Key] | None = Field(default=None, max_length=20)
    email: str | None = Field(default=None, max_length=1000)
    phone: str | None = Field(default=None, max_length=100)
    address: Address | None = None


class CustomerBatchRow(CustomerWrite):
    """One row of a batch: a card and the key its source knows it by."""

    source: Key
    external_id: Key


def _unparsed(value: Any, _handler: Any) -> Any:
    return value


class CustomerBatch(Input):
    verbatim: ClassVar[frozenset[str]] = frozenset({"items"})

    # Each row is read on its own in the service, so that one bad row is reported alone.
    items: list[Annotated[CustomerBatchRow, WrapValidator(_unparsed)]] = Field(min_length=1, max_length=MAX_BATCH)


class ContactPointRead(Schema):
    id: UUID
    kind: ContactKind
    value: str
    display: str
    suggestion: str | None
    """What a mistyped email probably meant (B-14)."""
    is_mobile: bool | None
    level: ContactLevel
    is_primary: bool
    invalid_at: Instant | None
    hard_bounced_at: Instant | None
    address: dict[str, Any] | None
    source: str
    valid_from: Instant


class IdentifierRead(Schema):
    id: UUID
    kind: IdentifierKind
    source: str
    value: str
    valid_from: Instant
    valid_to: Instant | None


class CustomerRead(Schema):
    id: UUID
    subject_type: SubjectType
    given_name: str | None
    family_name: str | None
    full_name: str
    birth_on: date | None
    age_band: str | None
    is_minor_flagged: bool
    gender: Gender | None
    language: str
    acquisition_source: AcquisitionSource | None
    first_contact_on: date | None
    spending_capacity: SpendingCapacity | None
    home_store_id: UUID | None
    country: str
    timezone: str | None
    city: str | None
    tags: list[str]
    interests: list[str]
    contact_points: list[ContactPointRead]
    identifiers: list[IdentifierRead]
    deceased_at: Instant | None
    restricted_at: Instant | None
    erased_at: Instant | None
    version: int
    created_at: Instant
    updated_at: Instant


Status = Literal["created", "updated", "unchanged"]


class CustomerWritten(Schema):
    status: Status
    id: UUID


ProblemBody = Annotated[
    dict[str, Any],
    WithJsonSchema(
        {
            "type": "object",
            "required": ["code", "title", "status", "detail"],
            "properties": {
                "type": {"type": "string"},
                "code": {"type": "string"},
                "title": {"type": "string"},
                "status": {"type": "integer"},
                "detail": {"type": "string"},
                "errors": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "properties": {
                            "path": {"type": "string"},
                            "code": {"type": "string"},
                            "message": {"type": "string"},
                        },
                    },
                },
            },
        }
    ),
]


class RowOutcome(Schema):
    """What became of one row of a batch."""

    index: int
    status: Literal["created", "updated", "unchanged", "rejected"]
    id: UUID | None
    problem: ProblemBody | None


class BatchOutcome(Schema):
    items: list[RowOutcome]
    counts: dict[str, int]


class NoteWrite(Input):
    body: str = Field(min_length=1, max_length=5000)


class NoteRead(Schema):
    id: UUID
    body: str
    author_name: str
    created_at: Instant


class NoteWritten(NoteRead):
    warnings: list[NoteWarning]


class Interests(Input):
    labels: list[Label] = Field(max_length=100)


class ContactPointWrite(Input):
    verbatim: ClassVar[frozenset[str]] = frozenset({"value"})

    kind: ContactKind
    value: str | None = Field(default=None, max_length=1000)
    address: Address | None = None
    is_primary: bool = False


class LevelWrite(Input):
    level: ContactLevel
    evidence: dict[str, Any] | None = Field(
        default=None, description="What proves it: method, date, document or message id.", examples=[{"method": "otp"}]
    )


class Lookup(Input):
    """One way to recognise somebody; personal data travels in the body, never in a URL (S-15)."""

    verbatim: ClassVar[frozenset[str]] = frozenset({"email", "phone"})

    card: Key | None = None
    email: str | None = Field(default=None, max_length=254)
    phone: str | None = Field(default=None, max_length=40)
    q: str | None = Field(default=None, max_length=100)
    limit: int = Field(default=10, ge=1, le=50)


class Found(Schema):
    """A person as a search shows them: enough to tell two namesakes apart, no more."""

    id: UUID
    full_name: str
    city: str | None
    card_end: str | None
    phone_end: str | None
