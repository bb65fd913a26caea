"""Merges as the API speaks of them."""

from datetime import date
from typing import Any
from uuid import UUID

from pydantic import Field as Described
from pydantic import model_validator

from ritorno.customers.rules import MergeReason
from ritorno.customers.schemas import ContactPointRead
from ritorno.duplicates.rules import CardField, Side
from ritorno.kit.money import MoneyRead
from ritorno.kit.schemas import Input, Instant, Schema
from ritorno.messaging.permission_schemas import PermissionMatrix


class MergeWrite(Input):
    """Which two cards, which of them stays, and whose value for each field somebody chose."""

    winner_id: UUID
    loser_id: UUID
    choices: dict[CardField, Side] = Described(
        default_factory=dict,
        description="Unnamed fields keep the winner's value, or the loser's where the winner has none.",
        examples=[{"family_name": "loser", "email": "winner"}],
    )
    pair_id: UUID | None = Described(default=None, description="The pair this decides, from the queue.")

    @model_validator(mode="after")
    def _two_cards(self) -> "MergeWrite":
        if self.winner_id == self.loser_id:
            raise ValueError("a card cannot be merged into itself")
        return self


class MergedField(Schema):
    """One field of the card that took another value, and whose it was."""

    field: str
    source: Side | None
    """None where neither was chosen: the stricter of both stands, as for a restriction."""
    before: Any
    after: Any


class MergeRead(Schema):
    id: UUID
    winner_id: UUID
    loser_id: UUID
    loser_name: str
    """As its card says, which is kept as it was."""
    pair_id: UUID | None
    reason: MergeReason
    choices: dict[CardField, Side]
    fields: list[MergedField]
    moved: dict[str, int]
    """How many rows went over, by table: transactions, contact_points, messages…"""
    merged_at: Instant
    merged_by: str
    unmerged_at: Instant | None
    unmerged_by: str | None
    is_reversible: bool
    """False once undone, and while a later merge of the same card stands."""


class KeptChange(Schema):
    """A value that was changed again after the merge, and was left so when the cards were separated."""

    table: str
    id: UUID
    field: str
    value: Any


class ReversalRead(Schema):
    """The two cards as they are again, and what a later change kept from going back."""

    merge: MergeRead
    kept: list[KeptChange]


class ComparedField(Schema):
    """One field of both cards, and which value would stay."""

    field: CardField
    winner: str | None
    loser: str | None
    kept: Side
    differs: bool


class ComparedCard(Schema):
    """One of the two cards as the compare screen shows it."""

    id: UUID
    full_name: str
    created_at: Instant
    cards: list[str]
    tags: list[str]
    contact_points: list[ContactPointRead]
    visits: int
    revenue: MoneyRead
    last_purchase_on: date | None
    permissions: PermissionMatrix


class MergePreview(Schema):
    """What a merge would do, worked out by doing it and taking it back."""

    winner: ComparedCard
    loser: ComparedCard
    merged: ComparedCard
    fields: list[ComparedField]
