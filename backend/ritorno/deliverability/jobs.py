"""Background entry points: count, watch, and tell what is stuck."""

from typing import Any

from ritorno.deliverability import counting, waiting, watching
from ritorno.kit.background import Work


async def watch(work: Work, payload: dict[str, Any]) -> None:
    """Count what ended and hold a stream that does harm (E-08, B-33)."""
    more = True
    while more:
        async with work.session() as session:
            more = await counting.count_ended(session)
    async with work.session() as session:
        await watching.hold_where_needed(session)


async def tell_stuck(work: Work, payload: dict[str, Any]) -> None:
    """Open a task for what has waited too long."""
    async with work.session() as session:
        await waiting.ask_for_hands(session)


async def forget_old(work: Work, payload: dict[str, Any]) -> None:
    """Drop sums nobody looks at any more."""
    async with work.session() as session:
        await counting.forget_old(session)
