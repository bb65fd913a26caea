"""Reads of audit, tasks and jobs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry, Job, ProofRun, Task
from ritorno.activity.rules import TaskState
from ritorno.activity.schemas import AuditFilter
from ritorno.kit.actor import Actor
from ritorno.kit.pages import Page, PageQuery, paginate

_BY_TIME = [datetime.fromisoformat, UUID]


async def list_audit_entries(session: AsyncSession, wanted: AuditFilter) -> Page[AuditEntry]:
    """Return who did, and who read, what: newest first."""
    return await paginate(
        session,
        _matching(wanted),
        key=[AuditEntry.at, AuditEntry.id],
        query=wanted.page,
        descending=True,
        cast=_BY_TIME,
    )


def _matching(wanted: AuditFilter) -> Select[AuditEntry]:
    statement = select(AuditEntry)
    if wanted.subject_id is not None:
        statement = statement.where(AuditEntry.subject_id == wanted.subject_id)
    if wanted.actor_id is not None:
        statement = statement.where(AuditEntry.actor_id == wanted.actor_id)
    if wanted.action is not None:
        statement = statement.where(AuditEntry.action.startswith(wanted.action, autoescape=True))
    if wanted.kind is not None:
        statement = statement.where(AuditEntry.is_read if wanted.kind == "read" else ~AuditEntry.is_read)
    if wanted.since is not None:
        statement = statement.where(AuditEntry.at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(AuditEntry.at < wanted.until)
    return statement


async def has_lately(
    session: AsyncSession, actor: Actor, action: str, subject_id: UUID | None, *, since: datetime
) -> bool:
    """Tell whether this actor did the same to the same subject since a moment."""
    same = exists().where(
        AuditEntry.actor_id == actor.id,
        AuditEntry.actor_name == actor.name,
        AuditEntry.action == action,
        AuditEntry.subject_id == subject_id,
        AuditEntry.at > since,
    )
    return bool(await session.scalar(select(same)))


async def list_proof_runs(session: AsyncSession, query: PageQuery) -> Page[ProofRun]:
    """Return the verifications of the ledgers, newest first."""
    return await paginate(
        session, select(ProofRun), key=[ProofRun.started_at, ProofRun.id], query=query, descending=True, cast=_BY_TIME
    )


async def list_tasks(session: AsyncSession, query: PageQuery, *, state: TaskState) -> Page[Task]:
    statement = select(Task).where(Task.state == state)
    return await paginate(
        session, statement, key=[Task.created_at, Task.id], query=query, descending=True, cast=_BY_TIME
    )


async def list_jobs(session: AsyncSession, query: PageQuery) -> Page[Job]:
    return await paginate(
        session, select(Job), key=[Job.started_at, Job.id], query=query, descending=True, cast=_BY_TIME
    )
