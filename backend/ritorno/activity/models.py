"""The audit log (append-only), tasks that need a person, and progress of long work."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, func
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.activity.rules import JobState, TaskState
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7


class AuditEntry(Base):
    """One act or one read (RULES S-16); the database refuses to change or remove it."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index(None, "subject_id", "at"),
        Index(None, "at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]]


class Task(Base):
    """Something only a person can decide; `key` keeps it from being raised twice."""

    __tablename__ = "tasks"
    __table_args__ = (one_of("state", TaskState), Index(None, "state", "created_at", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]]
    state: Mapped[str] = mapped_column(default=TaskState.OPEN)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]


class Job(Base):
    """Long work as people see it: how far, how it ended."""

    __tablename__ = "jobs"
    __table_args__ = (one_of("state", JobState), Index(None, "started_at", "id"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    label: Mapped[str]
    subject_type: Mapped[str | None]
    subject_id: Mapped[UUID | None]
    state: Mapped[str] = mapped_column(default=JobState.RUNNING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    failure: Mapped[str | None]
    started_at: Mapped[datetime] = mapped_column(server_default=func.now())
    finished_at: Mapped[datetime | None]
