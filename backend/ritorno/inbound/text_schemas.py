"""Texts people sent us, as the API speaks of them."""

from typing import Literal
from uuid import UUID

from pydantic import ConfigDict

from ritorno.consents.rules import ReplyKind
from ritorno.inbound.text_rules import Handling
from ritorno.kit.pages import PagedFilter
from ritorno.kit.schemas import Input, Instant, Schema


class InboundTextFilter(PagedFilter):
    """What the list may be narrowed by; `is_open` asks for what a person still has to read, or for the rest."""

    model_config = ConfigDict(extra="forbid")

    is_open: bool | None = None
    kind: ReplyKind | None = None
    customer_id: UUID | None = None


class InboundTextRead(Schema):
    """One text somebody sent us; a cashier does not see the number."""

    id: UUID
    received_at: Instant
    kind: ReplyKind
    text: str
    from_number: str | None
    customer_id: UUID | None
    customer_name: str | None
    message_id: UUID | None
    is_open: bool
    suggestion: Literal[Handling.OBJECTION, Handling.WRONG_PERSON] | None
    handled_at: Instant | None
    handled_by: str | None
    handled_as: Handling | None


class InboundTextHandlingPut(Input):
    """What a person read in it: a no, that the number is somebody else's, or nothing that asks for an act."""

    outcome: Literal[Handling.OBJECTION, Handling.WRONG_PERSON, Handling.NOTHING]
