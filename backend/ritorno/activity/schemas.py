"""What the API says of audit, tasks and jobs."""

from typing import Any
from uuid import UUID

from ritorno.kit.schemas import Instant, Schema


class AuditEntryRead(Schema):
    id: UUID
    at: Instant
    actor_kind: str
    actor_name: str
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
