"""States of tasks and jobs, and which ledgers are verified."""

from enum import StrEnum


class TaskState(StrEnum):
    OPEN = "open"
    DONE = "done"


class JobState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ProofKind(StrEnum):
    """A ledger that is verified from end to end."""

    CONSENTS = "consents"
    AUDIT = "audit"
