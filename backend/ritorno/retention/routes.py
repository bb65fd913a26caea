"""Retention over HTTP: the clocks, and what tonight would remove."""

from typing import Annotated, Any

from fastapi import Depends, Request

from ritorno.accountability.errors import ProcessingNotRegistered
from ritorno.identity.auth import refuse_without_step_up, require
from ritorno.identity.errors import Forbidden, NotSignedIn, StepUpRequired
from ritorno.kit.actor import Actor
from ritorno.kit.http import Paging, ReadSession, WriteSession, make_router, problem_responses
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor
from ritorno.retention import previewing, queries, service
from ritorno.retention.errors import PeriodFixed, PeriodNeedsAssessment, PeriodsOutOfOrder
from ritorno.retention.rules import Clock
from ritorno.retention.schemas import (
    RetentionPeriodPut,
    RetentionPeriodRead,
    RetentionPeriodsRead,
    RetentionPreviewRead,
    RetentionRunRead,
)

router = make_router(tag="privacy")

Reader = Annotated[Actor, Depends(require("privacy:read"))]
Writer = Annotated[Actor, Depends(require("privacy:write"))]


@router.get("/retention-periods", responses=problem_responses(NotSignedIn, Forbidden))
async def list_retention_periods(session: ReadSession, actor: Reader) -> RetentionPeriodsRead:
    """Read how long each kind of data is kept, and who said so."""
    return RetentionPeriodsRead(items=await queries.list_periods(session))


@router.get("/retention-periods/{clock}", responses=problem_responses(NotSignedIn, Forbidden))
async def get_retention_period(session: ReadSession, clock: Clock, actor: Reader) -> RetentionPeriodRead:
    """Read how long one kind of data is kept."""
    return await queries.get_period(session, clock)


@router.put(
    "/retention-periods/{clock}",
    responses=problem_responses(
        NotSignedIn,
        Forbidden,
        StepUpRequired,
        PeriodFixed,
        PeriodNeedsAssessment,
        PeriodsOutOfOrder,
        ProcessingNotRegistered,
    ),
)
async def set_retention_period(
    session: WriteSession, request: Request, clock: Clock, body: RetentionPeriodPut, actor: Writer
) -> RetentionPeriodRead:
    """Keep one kind of data for another time; purchases longer than the default only with a signed assessment
    (C-30).
    """
    refuse_without_step_up(request, actor)
    await service.set_period(session, clock, body, actor=actor)
    return await queries.get_period(session, clock)


@router.post("/retention-runs/previews", responses=problem_responses(NotSignedIn, Forbidden))
async def preview_retention_run(session: ReadSession, actor: Reader) -> RetentionPreviewRead:
    """Read what tonight would remove, clock by clock."""
    return await previewing.preview(session)


@router.get("/retention-runs", responses=problem_responses(NotSignedIn, Forbidden, BadCursor))
async def list_retention_runs(session: ReadSession, paging: Paging, actor: Reader) -> Page[RetentionRunRead]:
    """List the nights, newest first, with what each let go of."""
    page: Page[Any] = await queries.list_runs(session, paging)
    return page
