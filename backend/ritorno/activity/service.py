"""Every change of activity: recording acts, raising and closing tasks, following jobs."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import queries
from ritorno.activity.errors import TaskNotFound
from ritorno.activity.models import AuditEntry, Job, Task
from ritorno.activity.rules import JobState, TaskState
from ritorno.kit import clock, rehoming
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7
from ritorno.kit.pages import PageQuery
from ritorno.kit.rehoming import Keys, Moved


async def record(
    session: AsyncSession,
    actor: Actor,
    action: str,
    *,
    subject: str,
    subject_id: UUID | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Append one act to the audit log, in the caller's unit of work; `details` holds ids and codes, never personal
    data.
    """
    session.add(
        AuditEntry(
            at=clock.now(),
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            action=action,
            subject_type=subject,
            subject_id=subject_id,
            details=details or {},
        )
    )


READ_AGAIN_AFTER = timedelta(minutes=10)


async def record_read(
    session: AsyncSession,
    actor: Actor,
    action: str,
    *,
    subject: str,
    subject_id: UUID | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Append that somebody looked, unless the same person looked at the same thing within the last ten minutes (S-16).

    `action` ends in `.read`, `.listed` or `.downloaded`: by these verbs the log tells looking from changing.
    """
    if await queries.has_lately(session, actor, action, subject_id, since=clock.now() - READ_AGAIN_AFTER):
        return
    await record(session, actor, action, subject=subject, subject_id=subject_id, details=details)


_RECORD = """
    insert into audit_entries
        (id, at, actor_kind, actor_id, actor_name, action, subject_type, subject_id, details)
    select id, $1, $2, $3, $4, $5, $6, subject_id, details::jsonb
    from unnest($7::uuid[], $8::uuid[], $9::text[]) as entry (id, subject_id, details)
"""


async def record_many(
    session: AsyncSession,
    actor: Actor,
    action: str,
    *,
    subject: str,
    rows: Sequence[tuple[UUID, dict[str, Any]]],
) -> None:
    """Append the same act about many subjects, each with its own details, in one statement."""
    if not rows:
        return
    ids = [uuid7() for _ in rows]
    subjects = [subject_id for subject_id, _ in rows]
    details = [orjson.dumps(each).decode() for _, each in rows]
    await (await driver(session)).execute(
        _RECORD, clock.now(), actor.kind, actor.id, actor.name, action, subject, ids, subjects, details
    )


MANY = 50
"""S-16: who looks at more people than this at once is remembered."""


async def record_view(
    session: AsyncSession, actor: Actor, action: str, paging: PageQuery, *, shown: int, of: UUID | None = None
) -> None:
    """Append that somebody looked at more than fifty people: on one page, or by going on to a further one."""
    if shown > MANY or (shown and not paging.is_first):
        await record_read(session, actor, action, subject=action.partition(".")[0], subject_id=of)


async def open_task(
    session: AsyncSession,
    *,
    kind: str,
    key: str,
    subject: str,
    subject_id: UUID | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Raise a task; the same key raises it once, and a task that was done stays done."""
    await session.execute(
        insert(Task)
        .values(
            id=uuid7(),
            key=key,
            kind=kind,
            subject_type=subject,
            subject_id=subject_id,
            details=details or {},
            state=TaskState.OPEN,
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[Task.key])
    )


async def complete_task(session: AsyncSession, task_id: UUID, *, actor: Actor) -> Task:
    """Close a task; closing it again changes nothing."""
    task = await session.get(Task, task_id, with_for_update=True)
    if task is None:
        raise TaskNotFound()
    if task.state == TaskState.OPEN:
        task.state, task.done_at, task.done_by = TaskState.DONE, clock.now(), actor.name
        await record(session, actor, "task.completed", subject="task", subject_id=task.id, details={"kind": task.kind})
    return task


async def complete_tasks_of(session: AsyncSession, *, kind: str, subject_id: UUID, actor: Actor) -> None:
    """Close every open task of a kind about one subject, when the work itself was done elsewhere."""
    await session.execute(
        update(Task)
        .where(Task.kind == kind, Task.subject_id == subject_id, Task.state == TaskState.OPEN)
        .values(state=TaskState.DONE, done_at=clock.now(), done_by=actor.name)
    )


async def start_job(
    session: AsyncSession,
    *,
    kind: str,
    label: str,
    subject: str | None = None,
    subject_id: UUID | None = None,
    total: int | None = None,
) -> Job:
    """Begin the progress row that people watch."""
    job = Job(kind=kind, label=label, subject_type=subject, subject_id=subject_id, total=total, started_at=clock.now())
    session.add(job)
    await session.flush()
    return job


async def advance_job(session: AsyncSession, job_id: UUID, *, done: int, total: int | None = None) -> None:
    """Say how far the work has come."""
    values: dict[str, Any] = {"done": done}
    if total is not None:
        values["total"] = total
    await session.execute(update(Job).where(Job.id == job_id).values(**values))


async def finish_job(session: AsyncSession, job_id: UUID, *, failure: str | None = None) -> None:
    """End the work, well or with a reason a person can read."""
    await session.execute(
        update(Job)
        .where(Job.id == job_id, Job.state == JobState.RUNNING)
        .values(state=JobState.FAILED if failure else JobState.DONE, failure=failure, finished_at=clock.now())
    )


async def rehome(session: AsyncSession, customer_id: UUID, *, into: UUID) -> Moved:
    """Let what a merged card asks of a person be asked of the living one."""
    return await rehoming.rehome(
        session, [Task], customer_id, into=into, column=_SUBJECT, only="t.subject_type = 'customer'"
    )


async def rehome_back(session: AsyncSession, customer_id: UUID, *, out_of: UUID, moved: Mapping[str, Keys]) -> None:
    """Give a card that is separated again its tasks."""
    await rehoming.rehome_back(session, [Task], customer_id, out_of=out_of, moved=moved, column=_SUBJECT)


_SUBJECT = "subject_id"
