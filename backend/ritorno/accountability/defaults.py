"""The rows of the register that a new installation needs from its first day."""

from datetime import date

from ritorno.accountability.schemas import ProcessingActivityCreate


def activities(since: date) -> list[ProcessingActivityCreate]:
    """Return the rows, dated."""
    return []
