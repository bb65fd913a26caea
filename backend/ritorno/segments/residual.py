"""What of a tree only the gate can answer: a small expression over its answers and over flags the statement returns."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Flag:
    """A part without permissions: its truth is the n-th flag of the row."""

    index: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A permission: its truth is the gate's answer."""

    index: int


@dataclass(frozen=True, slots=True)
class Every:
    parts: tuple["Residual", ...]


@dataclass(frozen=True, slots=True)
class Some:
    parts: tuple["Residual", ...]


@dataclass(frozen=True, slots=True)
class Unless:
    part: "Residual"


Residual = Flag | Asked | Every | Some | Unless


def holds(residual: Residual, flags: tuple[bool, ...], answers: tuple[bool, ...]) -> bool:
    """Return whether one row is a member, given its flags and what the gate said to each permission."""
    match residual:
        case Flag(index):
            return flags[index]
        case Asked(index):
            return answers[index]
        case Every(parts):
            return all(holds(part, flags, answers) for part in parts)
        case Some(parts):
            return any(holds(part, flags, answers) for part in parts)
        case Unless(part):
            return not holds(part, flags, answers)
