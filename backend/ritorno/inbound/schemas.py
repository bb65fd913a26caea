"""Mail that came in, as the API speaks of it."""

from typing import Self
from uuid import UUID

from pydantic import ConfigDict, Field, model_validator

from ritorno.inbound.rules import HandledAs, MailKind, MailSource
from ritorno.kit.pages import PagedFilter
from ritorno.kit.schemas import Input, Instant, Schema
from ritorno.messaging.refusals import Blame


class InboundMailFilter(PagedFilter):
    """What the list may be narrowed by."""

    model_config = ConfigDict(extra="forbid")

    kind: MailKind | None = None
    is_open: bool | None = Field(default=None, description="true: those that wait for a person.")
    customer_id: UUID | None = None


class InboundMailRow(Schema):
    id: UUID
    received_at: Instant
    source: MailSource
    kind: MailKind
    message_id: UUID | None
    customer_id: UUID | None
    customer_name: str | None
    is_open: bool = Field(description="It waits for a person.")
    receiver: str | None = Field(description="The domain that bounced it.", examples=["gmail.com"])
    blame: Blame | None = Field(description="Of a bounce: hard, soft, or ours (policy, size, content).")
    status_code: str | None = Field(examples=["5.1.1"])
    diagnostic: str
    sender: str | None = Field(description="Who wrote it, while a person must look.")
    subject: str | None
    handled_at: Instant | None
    handled_by: str | None
    handled_as: HandledAs | None


class GuessedMessageRead(Schema):
    """What a mail without a token seems to answer: a person may confirm it, nothing follows from it by itself."""

    message_id: UUID
    customer_id: UUID
    customer_name: str


class InboundMailRead(InboundMailRow):
    text: str | None = Field(description="What it says, as plain text, while a person must look.")
    guess: GuessedMessageRead | None


class InboundMailHandlingPut(Input):
    """What a person read in it: whose address bounced, whose reply it is, or nothing that asks for an act."""

    outcome: HandledAs
    customer_id: UUID | None = None

    @model_validator(mode="after")
    def _names_somebody(self) -> Self:
        if (self.customer_id is None) != (self.outcome is HandledAs.IGNORED):
            raise ValueError("a bounce and a reply name a customer, an ignored mail does not")
        return self
