"""What every transport can do."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol
from uuid import UUID

from ritorno.messaging.mime import Letter
from ritorno.messaging.rules import Outcome


class Receipt(NamedTuple):
    """What became of one letter, with the server's own words."""

    message_id: UUID
    outcome: Outcome
    detail: str


class Transport(Protocol):
    """One line out of the house, used by one lane at a time."""

    async def deliver(self, letters: Sequence[Letter]) -> list[Receipt]:
        """Hand each letter over once and return its receipt, in order; never raise for what a server says."""

    async def close(self) -> None:
        """Let go of the connection."""
