"""Exports as the API speaks of them."""

from datetime import date
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator

from ritorno.consents.rules import Channel, Purpose
from ritorno.exports.rules import (
    FILTERS,
    PEOPLE,
    ExportFormat,
    ExportKind,
    ExportState,
    ExportUse,
    Trait,
    offered,
)
from ritorno.kit.schemas import Input, Instant, Schema
from ritorno.scores.rules import Stage


class ExportFilter(Input):
    """What a file is about; which of these go with which kind is told by `GET /v1/export-kinds`."""

    segment_id: UUID | None = None
    store_id: UUID | None = None
    tag: Annotated[str, Field(min_length=1, max_length=60)] | None = None
    city: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    stage: Stage | None = None
    touch_id: UUID | None = None
    subject_id: Annotated[UUID, Field(description="A campaign or a recall.")] | None = None
    from_on: date | None = None
    to_on: Annotated[date, Field(description="The last day that is in the file.")] | None = None


class ExportCreate(Input):
    """A file to be made, and what it is for."""

    kind: ExportKind
    format: ExportFormat = ExportFormat.CSV
    filters: ExportFilter = ExportFilter()
    columns: list[str] | None = Field(default=None, min_length=1, max_length=60)
    use: ExportUse
    purpose: Literal[Purpose.MKT_OWN, Purpose.MARKET_RESEARCH, Purpose.SERVICE] | None = None
    recipient_id: Annotated[
        UUID | None,
        Field(description="The third party of a `DISCLOSURE`; only people who said yes to it are in it."),
    ] = None
    channel: Literal[Channel.EMAIL, Channel.SMS, Channel.WHATSAPP, Channel.PHONE_OPERATOR, Channel.POST] | None = None
    reason: str = Field(min_length=3, max_length=500, description="Why, for whoever reads the list later.")

    @model_validator(mode="after")
    def _is_one_thing(self) -> Self:
        given = self.filters.model_fields_set - {
            name for name in self.filters.model_fields_set if getattr(self.filters, name) is None
        }
        if foreign := given - FILTERS[self.kind]:
            raise ValueError(f"{self.kind} cannot be filtered by {', '.join(sorted(foreign))}")
        if self.kind is ExportKind.MEMBERS and self.filters.segment_id is None:
            raise ValueError("members need the segment_id of their segment")
        if self.use is ExportUse.CONTACT and (self.purpose is None or self.channel is None):
            raise ValueError("a file for contacting people needs purpose and channel")
        if self.use is ExportUse.INTERNAL and (self.purpose or self.channel):
            raise ValueError("purpose and channel belong to a file for contacting people")
        if (self.use is ExportUse.DISCLOSURE) != (self.recipient_id is not None):
            raise ValueError("recipient_id belongs to a disclosure, which needs it")
        if self.use is ExportUse.DISCLOSURE and (self.purpose or self.channel is None):
            raise ValueError("a disclosure needs the channel whose addresses it holds, and no purpose")
        if self.use is not ExportUse.INTERNAL and self.kind not in PEOPLE:
            raise ValueError(f"{self.kind} are not for contacting people")
        if self.use is ExportUse.DISCLOSURE and self.columns and "id" not in self.columns:
            raise ValueError("a disclosure holds the id, by which the recipient can be told of a withdrawal")
        known = {column.key for column in offered(self.kind, self.use, self.channel)}
        if unknown := set(self.columns or ()) - known:
            raise ValueError(f"this file cannot hold {', '.join(sorted(unknown))}")
        return self


class LeftOutRead(Schema):
    """How many rows were not written, and why: a reason of the gate, or `MERGED`."""

    reason: str
    count: int


class ExportRead(Schema):
    """One file that was asked for; `rows_written` and `left_out` grow while it is being made."""

    id: UUID
    kind: ExportKind
    format: ExportFormat
    filters: ExportFilter
    columns: list[str]
    use: ExportUse
    purpose: Purpose | None
    channel: Channel | None
    recipient_id: UUID | None
    reason: str
    state: ExportState
    rows_total: int | None
    rows_written: int
    left_out: list[LeftOutRead]
    size_bytes: int | None
    sha256: str | None
    failure: str | None
    job_id: UUID | None
    requested_by: UUID | None
    requested_by_name: str
    created_at: Instant
    finished_at: Instant | None
    expires_at: Instant | None
    downloaded_at: Instant | None


class ExportColumnRead(Schema):
    """One column: `email`, `phone` and `postal` only in a file for that channel, `sensitive` only when named."""

    key: str
    trait: Trait


class ExportKindRead(Schema):
    """What a kind may be filtered by and hold, and the scopes it needs beside `exports:run`."""

    kind: ExportKind
    filters: list[str]
    columns: list[ExportColumnRead]
    scopes: list[str]
    may_contact: bool


class ExportKindsRead(Schema):
    items: list[ExportKindRead]
