"""What the API says of audit, tasks, jobs and verifications."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from ritorno.activity.rules import ProofKind
from ritorno.kit.pages import PagedFilter
from ritorno.kit.schemas import Instant, InstantIn, Schema


class AuditFilter(PagedFilter):
    """Which entries of the audit log are asked for (S-16)."""

    model_config = ConfigDict(extra="forbid")

    subject_id: UUID | None = None
    actor_id: UUID | None = None
    action: Annotated[str | None, Field(max_length=60, pattern=r"^[a-z_]+(\.[a-z_]*)?$")] = None
    """The beginning of an action: `customer.` finds everything about cards."""
    kind: Literal["read", "change"] | None = None
    """Who looked, or who changed something."""
    since: InstantIn | None = None
    until: InstantIn | None = None
    """Up to this moment, without it."""


class AuditEntryRead(Schema):
    id: UUID
    seq: int
    at: Instant
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    is_read: bool
    action: str
    subject_type: str
    subject_id: UUID | None
    details: dict[str, Any]


class TaskRead(Schema):
    id: UUID
    kind: str
    subject_type: str
    subject_id: UUID | None
    details: dict[str, Any]
    state: str
    created_at: Instant
    done_at: Instant | None


class JobRead(Schema):
    id: UUID
    kind: str
    label: str
    subject_type: str | None
    subject_id: UUID | None
    state: str
    done: int
    total: int | None
    failure: str | None
    started_at: Instant
    finished_at: Instant | None


class ProofFaultRead(Schema):
    """One entry that is not as it was written."""

    fault: str
    customer_id: UUID | None = None
    seq: int | None = None
    entry_id: UUID | None = None
    seal: int | None = None


class ProofRunRead(Schema):
    """One verification of a ledger from end to end."""

    id: UUID
    kind: ProofKind
    started_at: Instant
    checked_count: int
    fault_count: int
    faults: list[ProofFaultRead]
    """The first of them."""
    finished_at: Instant | None
