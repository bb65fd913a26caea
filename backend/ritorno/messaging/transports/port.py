"""What every transport can do."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from ritorno.messaging.mime import Letter
from ritorno.messaging.rules import Outcome


class Receipt(NamedTuple):
    """What became of one letter, with the server's own words."""

    message_id: UUID
    outcome: Outcome
    detail: str


NOT_BEGUN = "not begun"


def not_begun(letters: Sequence[Letter]) -> list[Receipt]:
    """Return the receipts of letters that nobody was asked to take."""
    return [Receipt(each.message_id, Outcome.UNREACHABLE, NOT_BEGUN) for each in letters]


class Transport(Protocol):
    """One line out of the house, used by one lane at a time."""

    async def deliver(self, letters: Sequence[Letter], *, until: datetime | None = None) -> list[Receipt]:
        """Hand each letter over once and return its receipt, in order; never raise for what a server says.

        After `until` no further letter is begun: what the gate said is too old by then (D-01).
        """

    async def close(self) -> None:
        """Let go of the connection."""
