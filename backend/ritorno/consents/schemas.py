"""What the API says and hears about consent."""

from datetime import date
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field, StringConstraints, WrapValidator

from ritorno.consents.rules import (
    Action,
    AssessmentKind,
    Channel,
    Choice,
    EvidenceKind,
    FormMedium,
    LegalBasis,
    Method,
    Party,
    Purpose,
    Reason,
    ReplyKind,
)
from ritorno.kit.schemas import Input, Instant, InstantIn, Schema

Sha256 = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$", to_lower=True)]
Short = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Key = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Language = Annotated[str, StringConstraints(pattern="^[a-z]{2}$")]
Code = Annotated[str, StringConstraints(pattern="^[a-z0-9][a-z0-9._-]{0,62}$")]

MAX_BATCH = 5000


class EvidenceItem(Input):
    """A proof by reference: a scan, a recording, a form. Never the person's own data (C-22)."""

    type: Short = Field(examples=["scan", "signature", "recording", "form", "oral"])
    uri: Annotated[str, StringConstraints(max_length=500)] | None = None
    sha256: Sha256 | None = None
    note: Annotated[str, StringConstraints(max_length=500)] | None = None


class _Said(Input):
    purpose: Purpose
    channel: Channel | None = Field(default=None, description="Null for the purposes that hold for all channels.")
    recipient_id: UUID | None = Field(
        default=None,
        description="Of THIRD_PARTY alone: of a yes the one its notice names; a no without one covers all.",
    )
    method: Method
    evidence: list[EvidenceItem] = Field(default_factory=list, max_length=10)
    locale: Language | None = None
    given_by: Literal["subject", "parent"] = "subject"


class ConsentCreate(_Said):
    """One entry for one person. A yes without its text and proof is kept, and counts as no (C-11)."""

    action: Literal[Action.GRANT, Action.GRANT_PENDING, Action.DENY, Action.INVALIDATE]
    occurred_at: InstantIn
    notice_version_id: UUID | None = None
    source: Short | None = Field(default=None, description="The form, shop or page where it was said.")


class ConsentRow(_Said):
    """One entry of a batch, for a person named by the natural key of an integration."""

    source: Key
    external_id: Key
    action: Action
    occurred_at: InstantIn
    notice_version_id: UUID | None = None
    notice_version: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        default=None, description="`code@3`, or the SHA-256 of the exact text."
    )


def _unparsed(value: Any, _: object) -> Any:
    return value


class ConsentBatch(Input):
    verbatim: ClassVar[frozenset[str]] = frozenset({"items"})

    # Each row is read on its own in the service, so that one bad row is reported alone.
    items: list[Annotated[ConsentRow, WrapValidator(_unparsed)]] = Field(min_length=1, max_length=MAX_BATCH)


class WithdrawalCreate(Input):
    purpose: Purpose
    channel: Channel | None = Field(default=None, description="Null withdraws on every channel.")
    recipient_id: UUID | None = Field(default=None, description="Of THIRD_PARTY alone. Null withdraws from everybody.")
    occurred_at: InstantIn | None = None
    method: Method = Method.ORAL
    evidence: list[EvidenceItem] = Field(default_factory=list, max_length=10)


class ObjectionCreate(Input):
    """An objection as it was received (C-15, C-16): a date, a way, a scan or the word `oral`."""

    scope: Literal["all", "channel", "purpose", "storage"]
    channel: Channel | None = None
    purpose: Purpose | None = None
    recipient_id: UUID | None = Field(default=None, description="Of THIRD_PARTY alone. Null objects to everybody.")
    received_on: date
    method: Method
    evidence: list[EvidenceItem] = Field(default_factory=list, max_length=10)


class ProofRead(Schema):
    """A proof, and whether its file is kept here: an integration may hold its own and give us the hash."""

    type: str
    uri: str | None
    sha256: str | None
    note: str | None
    is_held: bool


class QuotedNotice(Schema):
    """The exact words somebody answered."""

    id: UUID
    code: str
    name: str
    version: int
    language: str
    text: str


class ConsentRead(Schema):
    id: UUID
    purpose: Purpose
    channel: Channel | None
    recipient_id: UUID | None
    recipient_name: str | None
    action: Action
    legal_basis: LegalBasis
    occurred_at: Instant
    recorded_at: Instant
    party: Party
    actor_kind: str
    actor_name: str
    method: Method
    notice_version_id: UUID | None
    notice: QuotedNotice | None
    text_sha256: str | None
    source: str | None
    evidence: list[ProofRead]
    is_proven: bool


class ConsentsRecorded(Schema):
    """The entries an act appended; none, when everything already stood so."""

    items: list[ConsentRead]


class ConsentOutcome(Schema):
    """What became of one row of a batch."""

    index: int
    status: Literal["created", "unchanged", "rejected"]
    id: UUID | None
    customer_id: UUID | None
    is_proven: bool | None = Field(description="False: kept, but it counts as no until the proof arrives.")
    reason: Reason | None = Field(description="UNPROVEN for a yes that lacks its text or its proof (B-06, B-09).")
    problem: dict[str, Any] | None


class ConsentBatchOutcome(Schema):
    items: list[ConsentOutcome]
    counts: dict[str, int]


class NoticeVersionCreate(Input):
    language: Language
    text: Annotated[str, StringConstraints(min_length=1, max_length=100_000)]
    offers_opt_out: bool
    effective_from: InstantIn | None = None
    version: int | None = Field(default=None, ge=1, description="To add a language to a version that exists.")


class NoticeCreate(NoticeVersionCreate):
    code: Code
    name: Short
    purpose: Purpose
    recipient_id: UUID | None = Field(default=None, description="The third party a THIRD_PARTY notice names.")
    recipient_name: Short | None = Field(default=None, description="As the text says it.")
    merchandise: Short | None = Field(default=None, description="What the third party sells, as the text says it.")


class NoticeVersionRead(Schema):
    id: UUID
    version: int
    language: str
    text: str
    text_sha256: str
    offers_opt_out: bool
    effective_from: Instant


class NoticeRead(Schema):
    id: UUID
    code: str
    purpose: Purpose
    name: str
    recipient_id: UUID | None
    recipient_name: str | None
    merchandise: str | None
    current_version: NoticeVersionRead | None
    versions: list[NoticeVersionRead]


class NoticeDeliveryCreate(Input):
    notice_version_id: UUID
    delivered_at: InstantIn
    method: Method


class NoticeDeliveryRead(Schema):
    customer_id: UUID
    notice_version_id: UUID
    delivered_at: Instant
    method: Method


class SoftOptinCreate(Input):
    """The address the person gave while buying, and the notice that told them they could refuse (C-06)."""

    contact_point_id: UUID
    order_source: Key
    order_external_id: Key
    notice_version_id: UUID
    opt_out_offered_at: InstantIn | None = None


class SoftOptinRead(Schema):
    id: UUID
    customer_id: UUID
    contact_point_id: UUID
    order_source: str
    order_external_id: str
    notice_version_id: UUID
    offers_opt_out: bool
    opt_out_offered_at: Instant | None


class AssessmentPut(Input):
    signed_on: date
    approver: Short
    document_sha256: Sha256 | None = None
    months: Annotated[int, Field(ge=1, le=240)] | None = None
    """Of an assessment of retention, and of no other: how long purchases may be traced to a person."""


class AssessmentRead(Schema):
    kind: AssessmentKind
    signed_on: date
    approver: str
    document_sha256: str | None
    months: int | None
    recorded_at: Instant


# ── evidence files ────────────────────────────────────────────────────────────────────────────────────────────────────


class EvidenceFileRead(Schema):
    """A file that was kept. The hash is of what is kept: a picture is stored without what its camera wrote into it."""

    sha256: str
    media_type: str
    size_bytes: int
    kind: EvidenceKind


# ── forms ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class FormText(Input):
    """What a form says in one language, beside its boxes."""

    title: Short
    introduction: Annotated[str, StringConstraints(max_length=5000)] = ""


class FormBox(Input):
    """One choice. What may not be, such as a ticked box, can be said here so that publishing can refuse it (B-10)."""

    name: Code
    notice: Annotated[str, StringConstraints(max_length=100)] = Field(examples=["offers@1"])
    purposes: list[Purpose] = Field(min_length=1, max_length=11)
    channels: list[Channel] = Field(default_factory=list, max_length=8)
    is_preticked: bool = False
    is_required: bool = False
    texts: dict[Language, str] = Field(
        default_factory=dict, description="Words of its own; they must be those of the notice. Best left out."
    )


class ConsentFormCreate(Input):
    code: Code
    name: Short
    medium: FormMedium
    texts: dict[Language, FormText] = Field(min_length=1, max_length=10)
    boxes: list[FormBox] = Field(max_length=30)


class ConsentFormPatch(Input):
    """Changes the draft; without one, the next version begins from the one in use."""

    name: Short | None = None
    medium: FormMedium | None = None
    texts: dict[Language, FormText] | None = Field(default=None, min_length=1, max_length=10)
    boxes: list[FormBox] | None = Field(default=None, max_length=30)


class FormFaultRead(Schema):
    """Why the form may not be published as it is."""

    path: str
    code: str
    message: str


class FormTextRead(Schema):
    title: str
    introduction: str


class FormBoxRead(Schema):
    """A box with the words of its notice in each language."""

    name: str
    notice: str
    purposes: list[Purpose]
    channels: list[Channel]
    is_preticked: bool
    is_required: bool
    texts: dict[str, str]
    recipient_name: str | None
    merchandise: str | None


class ConsentFormVersionRead(Schema):
    id: UUID
    version: int
    name: str
    medium: FormMedium
    texts: dict[str, FormTextRead]
    boxes: list[FormBoxRead]
    faults: list[FormFaultRead]
    created_at: Instant
    published_at: Instant | None
    published_by: str | None


class ConsentFormRead(Schema):
    """A form: the version in use, the draft of the next, and all versions, newest first."""

    id: UUID
    code: str
    published: ConsentFormVersionRead | None
    draft: ConsentFormVersionRead | None
    versions: list[ConsentFormVersionRead]


class FilledFormCreate(Input):
    """A form somebody filled in and signed: a choice for each box that was there."""

    form_version_id: UUID
    choices: dict[str, Choice] = Field(min_length=1, max_length=30)
    signed_on: date
    method: Literal[Method.POS_PAPER, Method.POS_TABLET]
    evidence_sha256: Sha256
    store: Short | None = Field(default=None, description="The code of the shop.")
    language: Language | None = Field(default=None, description="The language it was read in; else the person's.")
    given_by: Literal["subject", "parent"] = "subject"


class RefusedChoice(Schema):
    """A choice that could not be recorded, and why."""

    box: str
    purpose: Purpose
    channel: Channel | None
    problem: dict[str, Any]


class FilledFormRead(Schema):
    items: list[ConsentRead]
    refused: list[RefusedChoice]


# ── replies ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class ReplyCreate(Input):
    """What a person answered to a message, word for word."""

    channel: Literal[Channel.EMAIL, Channel.SMS, Channel.WHATSAPP]
    text: Annotated[str, StringConstraints(min_length=1, max_length=5000)]
    received_at: InstantIn


class ReplyRead(Schema):
    id: UUID
    channel: Channel
    text: str
    kind: ReplyKind
    received_at: Instant
    recorded_by: str


class ReplyRecorded(ReplyRead):
    """What became of it: the objections a stop left, and by when a person has to read what is not clear."""

    items: list[ConsentRead]
    read_by: date | None
