"""One act on a request: its line in the ledger of the request and in the audit log; at the end its reminders go."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.privacy import queries
from ritorno.privacy.errors import RequestClosed
from ritorno.privacy.models import PrivacyRequest, PrivacyRequestEvent
from ritorno.privacy.rules import RequestEventKind, RequestState

TASK = "privacy_request_due"


async def lock_open(session: AsyncSession, request_id: UUID) -> PrivacyRequest:
    """Lock a request that still waits for its answer."""
    request = await queries.get_request(session, request_id, lock=True)
    if request.closed_at is not None:
        raise RequestClosed(state=request.state)
    return request


async def note(
    session: AsyncSession,
    request: PrivacyRequest,
    kind: RequestEventKind,
    *,
    actor: Actor,
    message_id: UUID | None = None,
    **details: str,
) -> None:
    """Write down who did what, and the mail that went with it; `details` are codes and ids, never a person's words."""
    session.add(
        PrivacyRequestEvent(
            request_id=request.id,
            at=clock.now(),
            kind=kind,
            actor_kind=actor.kind,
            actor_id=actor.id,
            actor_name=actor.name,
            message_id=message_id,
            details=details,
        )
    )
    await activity.record(
        session,
        actor,
        f"privacy_request.{kind}",
        subject="privacy_request",
        subject_id=request.id,
        details={"kind": request.kind, "customer_id": str(request.customer_id) if request.customer_id else None}
        | details,
    )
    await session.flush()


async def close(session: AsyncSession, request: PrivacyRequest, state: RequestState, *, actor: Actor) -> None:
    """End a request and the tasks that asked for it."""
    request.state, request.closed_at, request.paused_on = state, clock.now(), None
    await activity.complete_tasks_of(session, kind=TASK, subject_id=request.id, actor=actor)
