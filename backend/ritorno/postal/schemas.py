"""Letters as the API speaks of them. A piece is read by people; a returned letter is answered without a name."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from ritorno.kit.money import MoneyRead
from ritorno.kit.pages import PagedFilter
from ritorno.kit.schemas import Input, Instant, Schema
from ritorno.postal.rules import MAX_PIECES, BatchState, PieceState, ReturnOutcome, ReturnReason, Window


class WaitingLettersRow(Schema):
    """What waits of one campaign or recall; without a touch, the letters to one person."""

    touch_id: UUID | None
    touch_name: str | None
    count: int
    oldest_at: Instant
    cost: MoneyRead


class WaitingLettersRead(Schema):
    items: list[WaitingLettersRow]
    count: int
    cost: MoneyRead
    held_count: int
    """What is due and may not leave now, because its campaign or its stream is paused."""
    max_pieces: int


class LetterBatchCreate(Input):
    """Everything that waits, or one part of it: a campaign or recall, the letters to one person, or one letter."""

    touch_id: UUID | None = None
    only_single: bool = Field(default=False, description="Only letters to one person, of no campaign and no recall.")
    message_id: UUID | None = None
    size: int = Field(default=MAX_PIECES, ge=1, le=MAX_PIECES)
    window_side: Window = Window.LEFT
    is_duplex: bool = True

    @model_validator(mode="after")
    def _is_one_part(self) -> Self:
        if sum((self.touch_id is not None, self.only_single, self.message_id is not None)) > 1:
            raise ValueError("touch_id, only_single and message_id exclude each other")
        return self


class LeftOutLetters(Schema):
    reason: str
    count: int


class LetterBatchRead(Schema):
    id: UUID
    state: BatchState
    touch_id: UUID | None
    touch_name: str | None
    message_id: UUID | None
    only_single: bool
    window_side: Window
    is_duplex: bool
    asked_count: int
    """How many letters the gate was asked about."""
    left_out: list[LeftOutLetters]
    pieces_count: int
    """The pieces that were made, dropped ones included."""
    live_count: int
    """The pieces that go out or went out."""
    dropped_count: int
    to_remove: list[int]
    """Numbers of printed pieces that may not leave any more: they are taken from the pile before it is posted."""
    returned_count: int
    pages_count: int
    cost: MoneyRead
    progress: float | None
    """How far the making is, from 0 to 1."""
    failure: str | None
    created_at: Instant
    created_by: str
    prepared_at: Instant | None
    printed_at: Instant | None
    posted_at: Instant | None
    posted_by: str | None
    cancelled_at: Instant | None
    has_files: bool
    """Its pages and addresses are still kept: until a month after posting."""


class LetterPieceFilter(PagedFilter):
    state: PieceState | None = None


class LetterPieceRow(Schema):
    id: UUID
    number: int
    code: str
    message_id: UUID
    customer_id: UUID
    name: str | None
    lines: list[str]
    pages: int | None
    state: PieceState
    reason: str | None
    must_be_removed: bool
    returned_at: Instant | None
    return_reason: ReturnReason | None


class LetterPostingPut(Input):
    removed: list[int] = Field(
        default_factory=list,
        max_length=MAX_PIECES,
        description="The numbers of the pieces that were taken from the pile, as `to_remove` tells them.",
    )


class LetterReturnCreate(Input):
    codes: list[Annotated[str, Field(max_length=64)]] = Field(min_length=1, max_length=200)
    reason: ReturnReason


class LetterReturnRow(Schema):
    code: str
    outcome: ReturnOutcome


class LetterReturnsRead(Schema):
    items: list[LetterReturnRow]
    noted_count: int
