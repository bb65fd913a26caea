"""The register, processors, incidents and documents as the API speaks of them."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from ritorno.accountability.rules import DocumentFormat, DocumentKind, Notification, ProcessingSide, Risk, TransferTool
from ritorno.kit.pages import PagedFilter
from ritorno.kit.schemas import Input, Instant, InstantIn, Schema

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{1,60}$")]
Term = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]{1,60}$")]
Duration = Annotated[str, StringConstraints(pattern=r"^P(\d+Y)?(\d+M)?(\d+D)?$", min_length=3, max_length=20)]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Short = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Long = Annotated[str, StringConstraints(max_length=8000)]


class Bilingual(Schema):
    """A text in both languages."""

    it: str
    en: str


class BilingualIn(Input):
    """A text in both languages, as it is written."""

    it: Annotated[str, StringConstraints(max_length=4000)]
    en: Annotated[str, StringConstraints(max_length=4000)]


class ProcessingActivityCreate(Input):
    """A new row of the register; `purpose`, `channels` and `legal_bases` are the codes of the consent ledger."""

    code: Code
    side: ProcessingSide = ProcessingSide.CONTROLLER
    client: Annotated[Short | None, Field(description="In whose name; belongs to a row of a processor.")] = None
    purpose: Term | None = None
    channels: list[Term] = Field(default=[], max_length=20)
    legal_bases: list[Term] = Field(default=[], max_length=10)
    name: BilingualIn
    aim: BilingualIn
    people: BilingualIn
    data_categories: BilingualIn
    recipients: BilingualIn
    recipient_ids: list[UUID] = Field(default=[], max_length=200)
    transfers: BilingualIn
    retention: BilingualIn
    retention_periods: dict[Term, Duration] = Field(
        default_factory=dict, max_length=40, description="Clock of retention → ISO 8601 duration, such as P24M."
    )
    security: BilingualIn
    since: date

    @model_validator(mode="after")
    def _names_its_client(self) -> Self:
        if (self.side is ProcessingSide.PROCESSOR) != (self.client is not None):
            raise ValueError("client belongs to a row of a processor, which needs it")
        return self


class ProcessingActivityPatch(Input):
    """What changes of a row; what is absent stays."""

    purpose: Term | None = None
    channels: list[Term] | None = Field(default=None, max_length=20)
    legal_bases: list[Term] | None = Field(default=None, max_length=10)
    name: BilingualIn | None = None
    aim: BilingualIn | None = None
    people: BilingualIn | None = None
    data_categories: BilingualIn | None = None
    recipients: BilingualIn | None = None
    recipient_ids: list[UUID] | None = Field(default=None, max_length=200)
    transfers: BilingualIn | None = None
    retention: BilingualIn | None = None
    retention_periods: dict[Term, Duration] | None = Field(default=None, max_length=40)
    security: BilingualIn | None = None


class ProcessingActivityEnd(Input):
    """The last day of a processing."""

    ended_on: date


class ProcessingActivityRead(Schema):
    """One row of the register, with the processors that serve it."""

    id: UUID
    code: str
    side: ProcessingSide
    client: str | None
    purpose: str | None
    channels: list[str]
    legal_bases: list[str]
    name: Bilingual
    aim: Bilingual
    people: Bilingual
    data_categories: Bilingual
    recipients: Bilingual
    recipient_ids: list[UUID]
    transfers: Bilingual
    retention: Bilingual
    retention_periods: dict[str, str]
    security: Bilingual
    since: date
    ended_on: date | None
    version: int
    updated_at: Instant
    updated_by: str
    processors: list[str]


class ProcessingActivityVersionRead(Schema):
    """A row as it stood: `content` holds its fields."""

    version: int
    content: dict[str, object]
    made_at: Instant
    made_by: str


class SubProcessor(Input):
    """Whom a processor uses in turn (art. 28(2))."""

    name: Short
    service: Short
    country: Country
    transfer_tool: TransferTool


class SubProcessorRead(Schema):
    """Whom a processor uses in turn."""

    name: str
    service: str
    country: str
    transfer_tool: TransferTool


class ProcessorCreate(Input):
    """Somebody who processes for the business."""

    name: Short
    service: BilingualIn
    country: Country
    transfer_tool: TransferTool
    transfer_note: Annotated[str, StringConstraints(max_length=500)] = ""
    activities: list[Code] = Field(default=[], max_length=100)
    dpa_signed_on: date | None = None
    dpa_sha256: Sha256 | None = None
    sub_processors: list[SubProcessor] = Field(default=[], max_length=100)
    since: date


class ProcessorPatch(Input):
    """What changes of a processor; what is absent stays, `null` clears the agreement or reopens."""

    name: Short | None = None
    service: BilingualIn | None = None
    country: Country | None = None
    transfer_tool: TransferTool | None = None
    transfer_note: Annotated[str, StringConstraints(max_length=500)] | None = None
    activities: list[Code] | None = Field(default=None, max_length=100)
    dpa_signed_on: date | None = None
    dpa_sha256: Sha256 | None = None
    sub_processors: list[SubProcessor] | None = Field(default=None, max_length=100)
    ended_on: date | None = None


class ProcessorRead(Schema):
    """Somebody who processes for the business."""

    id: UUID
    name: str
    service: Bilingual
    country: str
    transfer_tool: TransferTool
    transfer_note: str
    activities: list[str]
    dpa_signed_on: date | None
    dpa_sha256: str | None
    sub_processors: list[SubProcessorRead]
    since: date
    ended_on: date | None
    version: int
    updated_at: Instant
    updated_by: str


class TermsRead(Schema):
    """What the operator of this installation undertakes, and whether the business has accepted it (C-01)."""

    version: str
    text_sha256: str
    text: Bilingual
    is_accepted: bool
    accepted_on: date | None
    accepted_by: str | None


class TermsAccept(Input):
    """Who accepts, for the business, and when; `text_sha256` names the words that were read."""

    text_sha256: Sha256
    accepted_on: date
    accepted_by: Short
    document_sha256: Annotated[Sha256 | None, Field(description="The signed paper, as evidence.")] = None


class IncidentCreate(Input):
    """A breach that somebody has become aware of."""

    title: Short
    side: ProcessingSide = ProcessingSide.CONTROLLER
    became_aware_at: InstantIn
    happened_at: InstantIn | None = None
    facts: Long = ""
    effects: Long = ""
    measures: Long = ""
    people_count: int | None = Field(default=None, ge=0, le=2_000_000_000)
    data_categories: Long = ""
    risk: Risk | None = None


class IncidentPatch(Input):
    """What is known in addition; each change is kept as an event."""

    title: Short | None = None
    happened_at: InstantIn | None = None
    facts: Long | None = None
    effects: Long | None = None
    measures: Long | None = None
    people_count: int | None = Field(default=None, ge=0, le=2_000_000_000)
    data_categories: Long | None = None
    risk: Risk | None = None
    decision: Notification | None = None
    decision_reason: Long | None = None
    notified_at: InstantIn | None = None
    people_told_at: InstantIn | None = None


class IncidentRead(Schema):
    """A breach as it is known now; `due_at` is when the authority (or the controller) must have been told."""

    id: UUID
    title: str
    side: ProcessingSide
    became_aware_at: Instant
    happened_at: Instant | None
    facts: str
    effects: str
    measures: str
    people_count: int | None
    data_categories: str
    risk: Risk | None
    decision: Notification
    decision_reason: str
    notified_at: Instant | None
    people_told_at: Instant | None
    closed_at: Instant | None
    version: int
    due_at: Instant
    is_waiting: bool
    is_overdue: bool
    must_tell_people: bool


class IncidentEventRead(Schema):
    """One thing that was written, by whom; `changes` is field → new value."""

    seq: int
    at: Instant
    actor_name: str
    changes: dict[str, object]


class DocumentCreate(Input):
    """A document to be printed."""

    kind: DocumentKind
    language: Annotated[str, StringConstraints(pattern="^(it|en)$")] = "it"
    format: DocumentFormat = DocumentFormat.PDF

    @model_validator(mode="after")
    def _has_rows(self) -> Self:
        if self.format is DocumentFormat.CSV and self.kind not in TABLES:
            raise ValueError("only the registers, the processors and the breach log come as CSV")
        return self


TABLES = {
    DocumentKind.REGISTER,
    DocumentKind.REGISTER_PROCESSOR,
    DocumentKind.DPA_LIST,
    DocumentKind.BREACH_LOG,
}
"""Documents that are lists, and so come as CSV too."""


class DocumentRead(Schema):
    """One printed version, the title in its own language."""

    id: UUID
    kind: DocumentKind
    language: str
    format: DocumentFormat
    version: int
    title: str
    sha256: str
    size_bytes: int
    made_at: Instant
    made_by: str


class DocumentFilter(PagedFilter):
    """Which documents."""

    kind: DocumentKind | None = None
    language: Annotated[str, StringConstraints(pattern="^(it|en)$")] | None = None
    newest: Annotated[bool, Field(description="Only the newest version of each.")] = False
