"""Reads of audit, tasks and jobs."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry, Job, Task
from ritorno.activity.rules import TaskState
from ritorno.kit.pages import Page, PageQuery, paginate

_BY_TIME = [datetime.fromisoformat, UUID]


async def list_audit_entries(session: AsyncSession, query: PageQuery, *, subject_id: UUID | None) -> Page[AuditEntry]:
    statement = select(AuditEntry)
    if subject_id is not None:
        statement = statement.where(AuditEntry.subject_id == subject_id)
    return await paginate(
        session, statement, key=[AuditEntry.at, AuditEntry.id], query=query, descending=True, cast=_BY_TIME
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
