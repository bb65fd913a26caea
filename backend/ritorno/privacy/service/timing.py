"""The clock of a request: two more months once, a stop while it is in doubt who asks, reminders, who looks after it."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.activity.models import Task
from ritorno.identity.queries import get_user
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.privacy import queries
from ritorno.privacy.errors import ExtensionRefused, IdentityKnown
from ritorno.privacy.models import PrivacyRequest
from ritorno.privacy.rules import (
    BEFORE_IDENTITY,
    PAUSE_ASKS_AFTER,
    RequestEventKind,
    RequestState,
    alert_due,
    due_day,
    may_extend,
)
from ritorno.privacy.service.noting import TASK, lock_open, note
from ritorno.stores.queries import get_business


async def extend(session: AsyncSession, request_id: UUID, *, reason: str, actor: Actor) -> PrivacyRequest:
    """Take two more months, once and within the first term; the same reason again changes nothing."""
    request = await lock_open(session, request_id)
    if request.extension_reason == reason:
        return request
    today = await _today(session)
    standing = (today - request.paused_on).days if request.paused_on else 0
    if not may_extend(
        request.received_on,
        today=today,
        paused_days=request.paused_days + standing,
        is_extended=request.extended_on is not None,
    ):
        raise ExtensionRefused()
    request.extended_on, request.extension_reason = today, reason
    settle_due_day(request)
    await activity.complete_tasks_of(session, kind=TASK, subject_id=request.id, actor=actor)
    await note(session, request, RequestEventKind.EXTENDED, actor=actor, due_on=request.due_on.isoformat())
    return request


async def pause(session: AsyncSession, request_id: UUID, *, reason: str, actor: Actor) -> PrivacyRequest:
    """Stop the clock because of a doubt about who asks; stopping it again changes nothing."""
    request = await lock_open(session, request_id)
    if request.state not in BEFORE_IDENTITY:
        raise IdentityKnown()
    if request.paused_on is None:
        request.paused_on, request.pause_reason = await _today(session), reason
        request.state = RequestState.IDENTITY_PENDING
        await note(session, request, RequestEventKind.PAUSED, actor=actor)
    return request


async def resume(session: AsyncSession, request_id: UUID, *, actor: Actor) -> PrivacyRequest:
    """Let the clock run on."""
    request = await lock_open(session, request_id)
    await run_on(session, request, actor=actor)
    return request


async def run_on(session: AsyncSession, request: PrivacyRequest, *, actor: Actor) -> None:
    """Add the days a clock stood still to its term; one that runs is left alone."""
    if request.paused_on is None:
        return
    days = max((await _today(session) - request.paused_on).days, 0)
    request.paused_on, request.paused_days = None, request.paused_days + days
    settle_due_day(request)
    await note(session, request, RequestEventKind.RESUMED, actor=actor, days=str(days))


def settle_due_day(request: PrivacyRequest) -> None:
    """Bring the stored day along, by which lists are sorted."""
    request.due_on = due_day(
        request.received_on, paused_days=request.paused_days, is_extended=request.extended_on is not None
    )


async def assign(session: AsyncSession, request_id: UUID, *, user_id: UUID | None, actor: Actor) -> PrivacyRequest:
    """Say who looks after it."""
    request = await lock_open(session, request_id)
    if request.handler_id != user_id:
        user = await get_user(session, user_id) if user_id is not None else None
        request.handler_id, request.handler_name = user_id, user.name if user else None
        await note(session, request, RequestEventKind.ASSIGNED, actor=actor, user_id=str(user_id or ""))
    return request


BATCH = 200


async def remind(session: AsyncSession, after: UUID | None) -> UUID | None:
    """Raise the tasks of one batch of open requests: 10, 5 and 1 days before the due day, and one for a clock that has
    stood still for a week. Each is raised once. Return where the next batch begins, None at the end.
    """
    today = await _today(session)
    batch = await queries.open_requests(session, after, BATCH)
    for request in batch:
        if request.paused_on is not None:
            if (today - request.paused_on).days >= PAUSE_ASKS_AFTER:
                await _ask(session, request, f"paused:{request.paused_on}")
            continue
        days = alert_due(request.due_on, today)
        if days is not None:
            await _ask(session, request, f"{request.due_on}:{days}", days=days)
    return batch[-1].id if len(batch) == BATCH else None


async def _ask(session: AsyncSession, request: PrivacyRequest, about: str, *, days: int | None = None) -> None:
    """Raise a reminder in place of the one before it."""
    key = f"privacy-request:{request.id}:{about}"
    if await session.scalar(select(Task.id).where(Task.key == key)) is not None:
        return
    await activity.complete_tasks_of(session, kind=TASK, subject_id=request.id, actor=Actor.system("privacy"))
    await activity.open_task(
        session,
        kind=TASK,
        key=key,
        subject="privacy_request",
        subject_id=request.id,
        details={"kind": request.kind, "due_on": request.due_on.isoformat(), "days": days, "is_paused": days is None},
    )


async def _today(session: AsyncSession) -> date:
    return clock.today((await get_business(session)).timezone)
