"""Reads the dated values of accountability; a law that changes is a new entry with its day, never a line of code."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import orjson

from ritorno.accountability.rules import BreachClock, Risk


@dataclass(frozen=True, slots=True)
class Values:
    """What is in force from a day on."""

    from_on: date
    breach: BreachClock
    large_scale_people: int
    """From how many people on we call our processing large-scale in the DPIA screening (art. 35(3)); ours, no law's."""
    eea: frozenset[str]


def values_on(day: date) -> Values:
    """Return the values in force on a day."""
    known = _read()
    return [each for each in known if each.from_on <= day][-1] if known[0].from_on <= day else known[0]


@cache
def _read() -> tuple[Values, ...]:
    raw = orjson.loads((files("ritorno.rulepack") / "accountability.json").read_bytes())
    return tuple(
        Values(
            date.fromisoformat(each["from"]),
            BreachClock(
                authority=timedelta(hours=each["breach"]["authority_hours"]),
                controller=timedelta(hours=each["breach"]["controller_hours"]),
                alerts_before=tuple(timedelta(hours=hours) for hours in each["breach"]["alerts_hours_before"]),
                notify_from=Risk(each["breach"]["notify_from"]),
            ),
            each["large_scale_people"],
            frozenset(each["eea"]),
        )
        for each in sorted(raw, key=lambda each: str(each["from"]))
    )
