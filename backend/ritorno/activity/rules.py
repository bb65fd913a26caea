"""States of tasks and jobs."""

from enum import StrEnum


class TaskState(StrEnum):
    OPEN = "open"
    DONE = "done"


class JobState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
