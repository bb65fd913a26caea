"""The audit log and its seals (append-only), tasks that need a person, progress of long work, verifications."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    Computed,
    Identity,
    Index,
    LargeBinary,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.activity.rules import JobState, ProofKind, TaskState
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7


class AuditEntry(Base):
    """One act or one read (RULES S-16); the database refuses to change or remove it."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index(None, "subject_id", "at"),
        Index(None, "at", "id"),
        Index(None, "actor_id", "at", "id"),
        Index("ix_audit_entries_action", "action", "at", "id", postgresql_ops={"action": "text_pattern_ops"}),
        Index("ix_audit_entries_reads", "at", "id", postgresql_where=text("is_read")),
        UniqueConstraint("seq"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    seq: Mapped[int] = mapped_column(Identity(always=True))
    """The order of arrival; what was rolled back leaves a gap."""
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    actor_name: Mapped[str]
    action: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID | None]
    details: Mapped[dict[str, Any]]
    is_read: Mapped[bool] = mapped_column(
        Computed("split_part(action, '.', 2) in ('read', 'listed', 'downloaded')", persisted=True)
    )
    """Somebody looked; nothing changed."""


class AuditPending(Base):
    """An entry that was committed and not sealed yet; a trigger of the log puts it here."""

    __tablename__ = "audit_pending"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)


class AuditSeal(Base):
    """The digests of some entries, chained to the seal before and signed: whoever changes, adds or removes an entry
    with SQL alone can no longer make the seals agree.
    """

    __tablename__ = "audit_seals"
    __table_args__ = (
        CheckConstraint("number > 0 and (number = 1) = (prev_hash is null)", name="chain_begins_once"),
        CheckConstraint(
            "cardinality(seqs) > 0 and cardinality(seqs) = cardinality(digests)", name="one_digest_an_entry"
        ),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sealed_at: Mapped[datetime]
    last_at: Mapped[datetime]
    """When the newest of its entries happened."""
    seqs: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    digests: Mapped[list[bytes]] = mapped_column(ARRAY(LargeBinary))
    prev_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    kid: Mapped[str]
    signature: Mapped[bytes] = mapped_column(LargeBinary)


class AuditRelease(Base):
    """That the entries of a seal were let go of because their time was over (C-31): signed, and written by the owner of
    the tables alone. The seal itself stays, so that the chain has no gap.
    """

    __tablename__ = "audit_releases"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kid: Mapped[str]
    signature: Mapped[bytes] = mapped_column(LargeBinary)
    released_at: Mapped[datetime]


class ProofRun(Base):
    """One verification of a ledger from end to end: how far it came, and what it found."""

    __tablename__ = "proof_runs"
    __table_args__ = (one_of("kind", ProofKind), Index(None, "kind", "started_at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    kind: Mapped[str]
    started_at: Mapped[datetime]
    position: Mapped[str | None]
    """Where it goes on when it was interrupted."""
    checked_count: Mapped[int] = mapped_column(default=0)
    fault_count: Mapped[int] = mapped_column(default=0)
    faults: Mapped[list[Any]] = mapped_column(default=list)
    """The first of them: ids and codes."""
    finished_at: Mapped[datetime | None]


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
