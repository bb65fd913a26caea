"""What the API says and hears of the opposition register."""

from typing import Literal
from uuid import UUID

from ritorno.kit.schemas import Input, Instant, Schema
from ritorno.oppositions.rules import RegisterKind, RowFault


class RefusedRow(Schema):
    """A row of the file that could not be read: its line, and why."""

    line: int
    fault: RowFault


class OppositionUploadRead(Schema):
    """One answer of the operator."""

    id: UUID
    kind: RegisterKind
    file_name: str
    sha256: str
    answered_at: Instant
    expires_at: Instant
    is_expired: bool
    rows_count: int
    numbers_count: int
    """Different numbers the answer speaks of."""
    listed_count: int
    matched_count: int
    """Contact points of the shop the answer speaks of."""
    refused_count: int
    refused: list[RefusedRow]
    """The first hundred."""
    revoked_count: int
    """Consents which a listing that has ended had revoked, written into the ledger by this upload."""
    uploaded_at: Instant
    uploaded_by_name: str


class OppositionCoverage(Schema):
    """How the numbers that may be called with consent stand towards one register."""

    kind: RegisterKind
    with_consent_count: int
    covered_count: int
    """Asked about, and the answer is not too old; listed ones included."""
    stale_count: int
    """Asked about, and the answer is too old."""
    never_count: int
    listed_count: int
    """Listed by the newest answer, however old it is."""
    last_answered_at: Instant | None
    expires_at: Instant | None
    """When the newest answer is too old."""
    valid_days: int
    age_days: int | None


class OppositionSummary(Schema):
    registers: list[OppositionCoverage]


class OppositionExtractCreate(Input):
    """Which numbers to ask the operator about: those whose answer is missing or ends within three days, or all."""

    kind: RegisterKind = RegisterKind.PHONE
    numbers: Literal["due", "all"] = "due"
