"""Templates, senders and messages as the API speaks of them."""

from datetime import date
from typing import Annotated, ClassVar, Literal, Self
from uuid import UUID

from pydantic import ConfigDict, EmailStr, Field, SecretStr, field_validator, model_validator

from ritorno.consents.rules import Channel, Purpose, ServiceKind, TemplateClass
from ritorno.kit.money import MoneyRead
from ritorno.kit.pages import PagedFilter
from ritorno.kit.schemas import Input, Instant, Schema
from ritorno.messaging.checks import MAX_BODY, MAX_SUBJECT, Draft
from ritorno.messaging.rules import Arm, CheckState, MessageStatus, Severity, TemplateStatus

SendableChannel = Literal[Channel.EMAIL, Channel.SMS, Channel.POST, Channel.PHONE_OPERATOR]
"""The channels this version can write templates for."""


class TemplateTextWrite(Input):
    """One language; the body is kept to the letter."""

    verbatim: ClassVar[frozenset[str]] = frozenset({"body"})

    language: str = Field(pattern="^[a-z]{2}$", examples=["it"])
    subject: str = Field(default="", max_length=MAX_SUBJECT)
    body: str = Field(max_length=MAX_BODY, description="MJML for email, plain text elsewhere; both with Liquid.")

    @field_validator("body")
    @classmethod
    def _no_nul(cls, body: str) -> str:
        return body.replace("\x00", "")

    def as_draft(self) -> Draft:
        return Draft(self.language, self.subject, self.body)


Texts = Annotated[list[TemplateTextWrite], Field(min_length=1, max_length=10)]


def _one_of_each(texts: list[TemplateTextWrite] | None) -> None:
    languages = [text.language for text in texts or []]
    if len(set(languages)) != len(languages):
        raise ValueError("one text for each language")


class TemplateCreate(Input):
    name: str = Field(min_length=1, max_length=200)
    channel: SendableChannel
    template_class: TemplateClass
    purpose: Purpose
    service_kind: ServiceKind | None = None
    similarity_group: str | None = Field(default=None, max_length=100)
    is_measured: bool = Field(default=False, description="Measure openings and clicks of those who allow it.")
    texts: Texts

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        _one_of_each(self.texts)
        return self


class TemplatePatch(Input):
    name: str | None = Field(default=None, min_length=1, max_length=200)
    template_class: TemplateClass | None = None
    purpose: Purpose | None = None
    service_kind: ServiceKind | None = None
    similarity_group: str | None = Field(default=None, max_length=100)
    is_measured: bool | None = None
    texts: Texts | None = None

    @model_validator(mode="after")
    def _distinct(self) -> Self:
        _one_of_each(self.texts)
        return self


class TemplateTextRead(Schema):
    language: str
    subject: str
    body: str


class TemplateProblemRead(Schema):
    """One thing wrong with a template; an error keeps it a draft."""

    code: str = Field(examples=["OPT_OUT_MISSING"])
    severity: Severity
    language: str
    message: str
    line: int | None


class TemplateRead(Schema):
    id: UUID
    code: str | None
    name: str
    channel: Channel
    template_class: TemplateClass
    purpose: Purpose
    service_kind: ServiceKind | None
    similarity_group: str | None
    status: TemplateStatus
    uses_purchases: bool
    is_measured: bool
    version: int
    texts: list[TemplateTextRead]
    problems: list[TemplateProblemRead]
    variables: list[str]
    created_at: Instant
    updated_at: Instant


class PreviewRequest(Input):
    channel: SendableChannel
    template_class: TemplateClass
    purpose: Purpose
    texts: Texts
    language: str = Field(pattern="^[a-z]{2}$")
    customer_id: UUID | None = None


class OddCharacterRead(Schema):
    """A character that makes the whole text dearer, and what could stand in its place (M-03)."""

    character: str = Field(examples=["È"])
    count: int
    replacement: str | None = Field(examples=["E'"])


class TextPartsRead(Schema):
    """What one text is billed as, on merged words (M-02, M-04)."""

    characters: int
    alphabet: Literal["GSM-7", "UCS-2"]
    parts: int
    max_parts: int
    cost: MoneyRead
    odd_characters: list[OddCharacterRead]


class PreviewRead(Schema):
    """What one person would read; `missing` names the values this person lacks and the text does not make good."""

    subject: str | None
    html: str | None
    text: str | None
    problems: list[TemplateProblemRead]
    missing: list[str]
    parts: TextPartsRead | None
    """For a text alone."""


class VariableRead(Schema):
    name: str = Field(examples=["customer.given_name"])
    label: str
    example: str
    source: str
    uses_purchases: bool


class DnsRecordRead(Schema):
    """One record for the DNS of the business, ready to be copied."""

    name: str = Field(examples=["marketing-20261124-1._domainkey.shop.example"])
    type: str = Field(examples=["TXT"])
    value: str


class ReadinessRead(Schema):
    """One condition: a failed one keeps the channel, or its marketing, from being used; a warning keeps nothing."""

    code: str = Field(examples=["ADDRESS_VALID", "DMARC_PUBLISHED"])
    ok: bool
    state: CheckState
    detail: str
    publish: DnsRecordRead | None


class SigningKeyRead(Schema):
    """A key that signs mail; it waits until its record is found in the DNS."""

    id: UUID
    domain: str
    selector: str
    state: Literal["waiting", "active", "retired"]
    is_given: bool
    made_at: Instant
    made_by: str
    active_since: Instant | None
    retired_at: Instant | None
    record: DnsRecordRead


class SigningKeyCreate(Input):
    """Nothing: a key is made here. Or the owner's own, RSA in PEM with at least 2048 bits, and its selector."""

    verbatim: ClassVar[frozenset[str]] = frozenset({"private_key"})

    private_key: SecretStr | None = None
    selector: str | None = Field(default=None, pattern=r"^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$")


class SenderReadinessRead(Schema):
    """Whether a channel may be used at all, since when, and each condition as it was last found (G1)."""

    channel: Channel
    is_ready: bool
    is_ready_for_marketing: bool
    since: Instant
    checked_at: Instant
    checks: list[ReadinessRead]


class SenderRead(Schema):
    id: UUID
    channel: Channel
    stream: TemplateClass
    name: str
    address: str
    reply_to: str | None
    is_ready: bool
    unit_cost_minor: int
    registered_on: date | None
    max_parts: int
    readiness: list[ReadinessRead]
    checks: list[ReadinessRead]
    """What the network said of its domain at `checked_at` (E-07)."""
    checked_at: Instant | None
    bulk_since: Instant | None
    """Since when large receivers hold it to the rules for large senders."""
    signing_keys: list[SigningKeyRead]
    version: int


class SenderPatch(Input):
    name: str | None = Field(default=None, min_length=1, max_length=100)
    address: str | None = Field(default=None, min_length=1, max_length=254)
    reply_to: EmailStr | None = None
    unit_cost_minor: int | None = Field(default=None, ge=0, le=100_000)
    registered_on: date | None = Field(
        default=None,
        description="Of texts: since when the name stands in the register, or the number is assigned (M-07).",
    )
    max_parts: int | None = Field(default=None, ge=1, le=10)


class MessageFilter(PagedFilter):
    """What a list of messages may be narrowed by."""

    model_config = ConfigDict(extra="forbid")

    status: MessageStatus | None = None
    reason: str | None = Field(default=None, max_length=60)
    touch_id: UUID | None = None
    channel: Channel | None = None
    customer_id: UUID | None = None
    day: date | None = None


class MessageRow(Schema):
    """One message of a list; a cashier does not see the address (UX §4.10)."""

    id: UUID
    customer_id: UUID
    customer_name: str
    channel: Channel
    purpose: Purpose
    touch_id: UUID | None
    touch_name: str | None
    template_name: str
    status: MessageStatus
    reason: str | None
    reason_sentence: str | None
    arm: Arm | None
    to: str | None
    subject: str | None
    planned_at: Instant
    due_at: Instant
    sent_at: Instant | None


class MessageEventRead(Schema):
    status: MessageStatus
    at: Instant
    detail: str | None


class KeptDecisionRead(Schema):
    """The gate's answer as it was kept beside the message (D-01)."""

    verdict: str
    family: str
    reason: str | None
    rule_id: str
    basis: str
    until: str | None
    sentence: str | None


class MessageRead(MessageRow):
    html: str | None
    text: str | None
    headers: list[tuple[str, str]]
    decision: KeptDecisionRead | None
    handoff_decision: KeptDecisionRead | None
    history: list[MessageEventRead]
    captured: bool
    unsubscribe_url: str | None


class MessageCounts(Schema):
    by_status: dict[str, int]


class ResolutionPut(Input):
    outcome: Literal["received", "not_received"]


class CustomerMessageCreate(Input):
    template_id: UUID
    channel: SendableChannel


class ConfirmationCreate(Input):
    """Ask whether an address reaches the person: a link by mail, or a code by text (C-12)."""

    contact_point_id: UUID
    channel: Literal[Channel.EMAIL, Channel.SMS]


class ConfirmationRead(Schema):
    id: UUID
    contact_point_id: UUID
    channel: Channel
    message_id: UUID
    asked_at: Instant
    expires_at: Instant
    tries_left: int
    confirmed_at: Instant | None


class CodeCreate(Input):
    code: str = Field(pattern="^[0-9]{6}$", examples=["123456"])


class CodeRead(Schema):
    """What a code was worth: `spent` after five wrong ones, `expired` in ten minutes or once a newer one was sent."""

    outcome: Literal["confirmed", "wrong", "spent", "expired"]
    confirmation: ConfirmationRead
