"""Jobs, tasks and the audit log over HTTP: activity lies below identity, so its routes stand with the other screens'
reads.
"""

from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query

from ritorno.activity import queries, service
from ritorno.activity.errors import TaskNotFound
from ritorno.activity.models import AuditEntry, Job, ProofRun, Task
from ritorno.activity.rules import TaskState
from ritorno.activity.schemas import AuditEntryRead, AuditFilter, JobRead, ProofRunRead, TaskRead
from ritorno.identity.auth import require, signed_in
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import Paging, ReadSession, WriteSession, make_router, problem_responses
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor, Invalid

router = make_router(tag="activity")

Auditor = Annotated[Actor, Depends(require("audit:read"))]


@router.get("/jobs", response_model=Page[JobRead], responses=problem_responses(NotSignedIn))
async def list_jobs(session: ReadSession, paging: Paging, actor: Annotated[Actor, Depends(signed_in)]) -> Page[Job]:
    """List long work, newest first: running, done, failed with its reason."""
    return await queries.list_jobs(session, paging)


@router.get("/tasks", response_model=Page[TaskRead], responses=problem_responses(NotSignedIn))
async def list_tasks(
    session: ReadSession,
    paging: Paging,
    actor: Annotated[Actor, Depends(signed_in)],
    state: TaskState = TaskState.OPEN,
) -> Page[Task]:
    """List what needs a person."""
    return await queries.list_tasks(session, paging, state=state)


@router.put(
    "/tasks/{task_id}/completion",
    response_model=TaskRead,
    responses=problem_responses(NotSignedIn, Forbidden, TaskNotFound),
)
async def complete_task(
    session: WriteSession, task_id: UUID, actor: Annotated[Actor, Depends(require("activity:write"))]
) -> Task:
    """Say that a task was done."""
    return await service.complete_task(session, task_id, actor=actor)


@router.get(
    "/audit",
    response_model=Page[AuditEntryRead],
    responses=problem_responses(NotSignedIn, Forbidden, BadCursor, Invalid),
)
async def list_audit_entries(
    session: ReadSession, actor: Auditor, wanted: Annotated[AuditFilter, Query()]
) -> Page[AuditEntry]:
    """List who did, and who read, what; newest first."""
    return await queries.list_audit_entries(session, wanted)


@router.get(
    "/proof-runs",
    response_model=Page[ProofRunRead],
    responses=problem_responses(NotSignedIn, Forbidden, BadCursor),
)
async def list_proof_runs(session: ReadSession, paging: Paging, actor: Auditor) -> Page[ProofRun]:
    """List the nightly verifications of the consent ledger and the audit log, newest first, with what they found."""
    return await queries.list_proof_runs(session, paging)
