"""Calls over HTTP: what waits, the next person, what came of it. A machine makes no calls, so no token passes."""

from typing import Annotated
from uuid import UUID

from fastapi import Depends

from ritorno.calls import queries, reading, service
from ritorno.calls.errors import CallNotFound
from ritorno.calls.schemas import (
    CallCreate,
    CallLeaseRead,
    CallOffer,
    CallOutcomeCreate,
    CallRead,
    CallRecorded,
    CallsWaiting,
    RefusedCount,
)
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import AppSettings, ReadSession, WriteSession, make_router, problem_responses
from ritorno.kit.problems import Invalid
from ritorno.messaging.queries import get_message

router = make_router(tag="calls")
_GUARD = (NotSignedIn, Forbidden)


async def _operator(actor: Annotated[Actor, Depends(require("calls:write"))]) -> Actor:
    """Let people in who make calls; numbers are never handed to a program."""
    if actor.kind != "user":
        raise Forbidden("Calls are made by a person, not by a token.")
    return actor


Operator = Annotated[Actor, Depends(_operator)]


@router.get("/calls/waiting", response_model=CallsWaiting, responses=problem_responses(*_GUARD))
async def read_waiting_calls(session: ReadSession, actor: Operator) -> CallsWaiting:
    """Show how many people wait to be called, by campaign and recall, and who asked to be called again today."""
    return await queries.waiting(session, actor.id)


@router.post("/calls", response_model=CallOffer, responses=problem_responses(*_GUARD, Invalid))
async def open_next_call(session: WriteSession, settings: AppSettings, body: CallCreate, actor: Operator) -> CallOffer:
    """Take the next person who may be called at this moment, for fifteen minutes; the one in hand, if there is one.

    Whoever the gate refuses is passed over and counted; after a hundred of them `has_more` says to ask again. Seeing a
    number is recorded.
    """
    offer = await service.offer_next(session, settings, touch_id=body.touch_id, operator=actor)
    call = None
    if offer.opened is not None:
        seen = await reading.look_at(session, offer.opened, await get_message(session, offer.opened.message_id))
        call = await reading.read_call(session, settings, seen, operator=actor)
    return CallOffer(
        call=call,
        refused=[RefusedCount(reason=reason, count=count) for reason, count in offer.refused.most_common()],
        has_more=offer.has_more,
        next_due_at=None if call is not None else await queries.next_due_at(session, body.touch_id),
    )


@router.get("/calls/{call_id}", response_model=CallRead, responses=problem_responses(*_GUARD, CallNotFound))
async def read_call(session: ReadSession, settings: AppSettings, call_id: UUID, actor: Operator) -> CallRead:
    """Ask the gate again about the person in hand: a screen asks every ten seconds, so that a no shows at once."""
    assert actor.id is not None
    opened = await queries.get_open_call(session, call_id, actor.id)
    seen = await reading.look_at(session, opened, await get_message(session, call_id))
    return await reading.read_call(session, settings, seen, operator=actor)


@router.put("/calls/{call_id}/lease", response_model=CallLeaseRead, responses=problem_responses(*_GUARD, CallNotFound))
async def renew_call_lease(session: WriteSession, call_id: UUID, actor: Operator) -> CallLeaseRead:
    """Keep the person for another fifteen minutes."""
    return CallLeaseRead(lease_until=await service.renew(session, call_id, operator=actor))


@router.delete("/calls/{call_id}", status_code=204, responses=problem_responses(*_GUARD, CallNotFound))
async def give_back_call(session: WriteSession, call_id: UUID, actor: Operator) -> None:
    """Give the person back to the list: nobody was called."""
    assert actor.id is not None
    opened = await queries.get_open_call(session, call_id, actor.id)
    await service.give_back(session, opened, operator=actor)


@router.post(
    "/calls/{call_id}/outcome",
    status_code=201,
    response_model=CallRecorded,
    responses=problem_responses(*_GUARD, CallNotFound, Invalid),
)
async def record_call_outcome(
    session: WriteSession, call_id: UUID, body: CallOutcomeCreate, actor: Operator
) -> CallRecorded:
    """Write down what came of the call, and do what was asked on the line: no more calls, a call back, a request."""
    assert actor.id is not None
    opened = await queries.get_open_call(session, call_id, actor.id)
    seen = await reading.look_at(session, opened, await get_message(session, call_id))
    call, again_at = await service.record_outcome(session, seen, body, operator=actor)
    return CallRecorded(
        id=call.id,
        message_id=call.message_id,
        outcome=call.outcome,
        result=call.result,
        ended_at=call.ended_at,
        again_at=again_at,
    )
