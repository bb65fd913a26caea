"""Vocabularies of accountability, and the clock of a breach (C-32…C-36)."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class ProcessingSide(StrEnum):
    """In whose name the business acts: its own, or another's (art. 30(1) and 30(2))."""

    CONTROLLER = "CONTROLLER"
    PROCESSOR = "PROCESSOR"


class TransferTool(StrEnum):
    """What makes data lawful where a processor keeps them (art. 44-49)."""

    IN_EEA = "IN_EEA"
    ADEQUACY = "ADEQUACY"
    DPF = "DPF"
    """EU-US Data Privacy Framework: adequacy for certified companies only."""
    SCC = "SCC"
    BCR = "BCR"
    DEROGATION = "DEROGATION"


class Risk(StrEnum):
    """What an incident may do to the people concerned (art. 33, 34)."""

    UNLIKELY = "UNLIKELY"
    RISK = "RISK"
    HIGH = "HIGH"


class Notification(StrEnum):
    """Whether the authority, or the people, are told."""

    UNDECIDED = "UNDECIDED"
    NOTIFY = "NOTIFY"
    NOT_NOTIFY = "NOT_NOTIFY"


class DocumentKind(StrEnum):
    """What can be printed (C-33)."""

    REGISTER = "REGISTER"
    REGISTER_PROCESSOR = "REGISTER_PROCESSOR"
    NOTICE = "NOTICE"
    """The privacy notice for data the person gives (art. 13)."""
    NOTICE_14 = "NOTICE_14"
    """The same for data that come from elsewhere (art. 14)."""
    DPIA_SCREENING = "DPIA_SCREENING"
    LIA_POST = "LIA_POST"
    LIA_PHONE = "LIA_PHONE"
    DPA_LIST = "DPA_LIST"
    TRANSFERS = "TRANSFERS"
    STAFF_INSTRUCTIONS = "STAFF_INSTRUCTIONS"
    SECURITY_MEASURES = "SECURITY_MEASURES"
    BREACH_LOG = "BREACH_LOG"
    PROCESSING_TERMS = "PROCESSING_TERMS"
    """What the operator of this installation undertakes (art. 28), to be accepted once (C-01)."""


class DocumentFormat(StrEnum):
    PDF = "pdf"
    CSV = "csv"


class BreachClock(NamedTuple):
    """How long an incident may wait, from a dated file (C-32)."""

    authority: timedelta
    controller: timedelta
    """A processor tells the controller."""
    alerts_before: tuple[timedelta, ...]
    notify_from: Risk
    """The least risk that the authority must be told of."""


class Incident(NamedTuple):
    """What the clock looks at."""

    side: ProcessingSide
    became_aware_at: datetime
    risk: Risk | None
    decision: Notification
    notified_at: datetime | None
    people_told_at: datetime | None
    closed_at: datetime | None


def due_at(incident: Incident, clock: BreachClock) -> datetime:
    """Return until when somebody must be told: the authority, or the controller when we only process."""
    wait = clock.controller if incident.side is ProcessingSide.PROCESSOR else clock.authority
    return incident.became_aware_at + wait


def is_waiting(incident: Incident) -> bool:
    """Tell whether the clock still runs: nobody was told, and nobody decided that nobody must be."""
    return incident.closed_at is None and incident.notified_at is None and incident.decision != Notification.NOT_NOTIFY


def must_tell_people(incident: Incident) -> bool:
    """Tell whether art. 34 is still open."""
    return incident.risk is Risk.HIGH and incident.people_told_at is None


def alerts_due(incident: Incident, clock: BreachClock, at: datetime) -> list[int]:
    """Return the alerts whose moment has come, each by the hours that are then left; 0 when the time is over."""
    if not is_waiting(incident):
        return []
    end = due_at(incident, clock)
    found = [int(before / _HOUR) for before in clock.alerts_before if end - before <= at]
    return [*found, 0] if end <= at else found


_HOUR = timedelta(hours=1)
_ORDER = {Risk.UNLIKELY: 0, Risk.RISK: 1, Risk.HIGH: 2}


def may_stay_silent(risk: Risk, clock: BreachClock) -> bool:
    """Tell whether the authority need not be told of such a risk."""
    return _ORDER[risk] < _ORDER[clock.notify_from]


def tool_fits(country: str, tool: TransferTool, eea: frozenset[str]) -> bool:
    """Tell whether a country and the stated tool go together: inside the EEA no tool is needed, outside one is."""
    return (country in eea) == (tool is TransferTool.IN_EEA)
