"""Imports as the API speaks of them."""

from datetime import date
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, StringConstraints

from ritorno.customers.rules import LoadPolicy as Policy
from ritorno.customers.rules import MatchRule
from ritorno.customers.schemas import Country, Key
from ritorno.imports.rules import FieldType, ImportKind, ImportOutcome, ImportState, NameOrder, ReceiptScope
from ritorno.kit.schemas import Input, Instant, Schema

ShortText = Annotated[str, StringConstraints(max_length=200)]
MappingName = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[^/]+$")]


class FileFormatIO(Input):
    """How a file is read; every part of it was detected and may be corrected."""

    kind: Literal["csv", "xlsx", "ods"]
    encoding: Annotated[str, StringConstraints(max_length=40)] | None = None
    delimiter: Annotated[str, StringConstraints(min_length=1, max_length=1)] | None = None
    quote: Annotated[str, StringConstraints(max_length=1)] | None = None
    decimal: Literal[".", ","] = "."
    sheet: ShortText | None = None
    sheets: list[str] = Field(default_factory=list)
    header_row: int = Field(default=1, ge=0, le=1000)
    has_bom: bool = False

    verbatim = frozenset({"delimiter", "quote", "sheet", "sheets"})


class ColumnMapping(Input):
    """What one column becomes: a field with its policy, or nothing."""

    index: int = Field(ge=0, le=2000)
    name: ShortText
    field: ShortText | None = None
    policy: Policy | None = None
    date_format: Annotated[str, StringConstraints(max_length=20)] | None = None


class ImportOptions(Input):
    """What holds for every row."""

    name_order: NameOrder = NameOrder.FAMILY_FIRST
    country: Country | None = Field(default=None, description="Reads phones without a prefix; default the business's.")
    match: list[MatchRule] = Field(default_factory=lambda: list(MatchRule), max_length=10)
    checks_cards: bool = Field(default=True, description="Refuse 13-digit cards whose check digit is wrong (B-47).")
    consent_on: date | None = Field(default=None, description="When a consent column was answered, if no column says.")
    consent_text: ShortText | None = Field(default=None, description="A notice as `code@version` or by its hash.")
    consent_evidence: ShortText | None = Field(default=None, description="Where the proof lies: a reference, no names.")
    receipt_scope: ReceiptScope = ReceiptScope.RECEIPT
    customer_source: Key | None = Field(
        default=None, description="Whose keys the receipts' customer ids are; default this file's own source."
    )
    list_separator: Annotated[str, StringConstraints(min_length=1, max_length=3)] = ","


class ImportPatch(Input):
    kind: ImportKind | None = None
    source: Key | None = None
    format: FileFormatIO | None = None
    columns: list[ColumnMapping] | None = Field(default=None, max_length=1000)
    options: ImportOptions | None = None


class FaultRead(Schema):
    """Why the mapping cannot be used yet."""

    code: str
    column: int | None
    field: str | None


class JobProgress(Schema):
    done: int
    total: int | None


class KeptRead(Schema):
    """What an undo left, because it was changed again later."""

    row_no: int
    subject_id: UUID | None
    label: str | None
    fields: list[str]


class ImportRead(Schema):
    id: UUID
    kind: ImportKind
    state: ImportState
    file_name: str
    file_bytes: int
    is_file_kept: bool
    source: str
    format: FileFormatIO
    columns: list[ColumnMapping]
    options: ImportOptions
    faults: list[FaultRead]
    row_total: int | None
    row_done: int
    counts: dict[str, int] = Field(description="Rows by outcome, of the rehearsal or of the application.")
    rehearsal_counts: dict[str, int]
    undo_counts: dict[str, int] = Field(description="`removed`, `restored`, `kept`.")
    same_file_as: UUID | None = Field(description="An earlier import of the very same file, applied and not undone.")
    job_id: UUID | None
    failure: str | None
    created_by: str
    created_at: Instant
    rehearsed_at: Instant | None
    applied_at: Instant | None
    undone_at: Instant | None
    version: int


class ImportSummary(Schema):
    id: UUID
    kind: ImportKind
    state: ImportState
    file_name: str
    row_total: int | None
    row_done: int
    counts: dict[str, int]
    failure: str | None
    created_by: str
    created_at: Instant
    applied_at: Instant | None
    undone_at: Instant | None


class ColumnPreview(Schema):
    """One column as it was found, and what it seems to be."""

    index: int
    name: str
    samples: list[str]
    filled: int
    date_formats: list[str]
    proposed_field: str | None
    proposed_because: Literal["header", "values"] | None
    proposed_policy: Policy | None


class FindingRead(Schema):
    code: str
    row: int | None
    column: str | None
    message: str


class ImportPreview(Schema):
    """The beginning of the file, and how it was understood."""

    format: FileFormatIO
    proposed_kind: ImportKind | None
    columns: list[ColumnPreview]
    rows: list[list[str]]
    warnings: list[FindingRead]
    saved_mapping: str | None = Field(description="A mapping kept for files with these headers.")


class ChangeRead(Schema):
    field: str
    before: Any
    after: Any


class ImportRowRead(Schema):
    row_no: int
    outcome: ImportOutcome
    subject_id: UUID | None
    label: str | None
    matched_by: MatchRule | None
    changes: list[ChangeRead]
    findings: list[FindingRead]
    kept: list[str]


class ImportFieldRead(Schema):
    name: str
    type: FieldType
    policies: list[Policy]
    is_required: bool
    group: str


class FieldsRead(Schema):
    items: list[ImportFieldRead]


class MappingWrite(Input):
    kind: ImportKind
    source: Key
    format: FileFormatIO
    columns: list[ColumnMapping] = Field(max_length=1000)
    options: ImportOptions = Field(default_factory=ImportOptions)


class MappingRead(Schema):
    name: str
    kind: ImportKind
    source: str
    format: FileFormatIO
    columns: list[ColumnMapping]
    options: ImportOptions
    updated_by: str
    updated_at: Instant


class MappingsRead(Schema):
    items: list[MappingRead]
