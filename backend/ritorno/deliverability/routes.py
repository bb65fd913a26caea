"""How well our messages arrive, over HTTP."""

from typing import Annotated

from fastapi import Depends

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.deliverability import queries, service, views, waiting
from ritorno.deliverability.errors import StreamNotHeld
from ritorno.deliverability.schemas import (
    DeliverabilityRead,
    DeliveryDaysRead,
    ReceiversHealthRead,
    StreamHoldLift,
    StreamHoldPut,
    StreamHoldRead,
    WaitingListRead,
    WaitingRead,
)
from ritorno.identity.auth import require
from ritorno.identity.errors import Forbidden, NotSignedIn
from ritorno.kit.actor import Actor
from ritorno.kit.http import AppSettings, ReadSession, WriteSession, make_router, problem_responses
from ritorno.kit.pages import Page
from ritorno.kit.problems import Invalid

router = make_router(tag="deliverability")

Reader = Annotated[Actor, Depends(require("messages:read"))]
Writer = Annotated[Actor, Depends(require("messages:write"))]
_GUARD = (NotSignedIn, Forbidden)


@router.get("/deliverability", response_model=DeliverabilityRead, responses=problem_responses(*_GUARD))
async def show_deliverability(session: ReadSession, settings: AppSettings, actor: Reader) -> DeliverabilityRead:
    """Show how the messages of each sender arrive: what of it came back, what its domain lacks, and what holds it."""
    return await views.health(session, settings)


@router.get("/deliverability/days", response_model=DeliveryDaysRead, responses=problem_responses(*_GUARD, Invalid))
async def list_delivery_days(
    session: ReadSession,
    actor: Reader,
    channel: Channel = Channel.EMAIL,
    stream: TemplateClass = TemplateClass.MARKETING,
) -> DeliveryDaysRead:
    """Show thirty days of one stream."""
    return await views.days(session, channel, stream)


@router.get(
    "/deliverability/receivers", response_model=ReceiversHealthRead, responses=problem_responses(*_GUARD, Invalid)
)
async def list_delivery_receivers(
    session: ReadSession,
    actor: Reader,
    channel: Channel = Channel.EMAIL,
    stream: TemplateClass = TemplateClass.MARKETING,
) -> ReceiversHealthRead:
    """Show what each large receiver took in within thirty days, and how fast we may write to it now (E-17)."""
    return await views.receivers(session, channel, stream)


@router.get("/deliverability/waiting", response_model=WaitingListRead, responses=problem_responses(*_GUARD))
async def list_waiting_work(session: ReadSession, actor: Reader) -> WaitingListRead:
    """Show everything that waits, since when and why; what is stuck comes first."""
    found = await waiting.list_waiting(session)
    return WaitingListRead(
        has_worker=waiting.has_worker(found), items=[WaitingRead.model_validate(each) for each in found]
    )


@router.get("/stream-holds", response_model=Page[StreamHoldRead], responses=problem_responses(*_GUARD))
async def list_stream_holds(session: ReadSession, actor: Reader) -> Page[StreamHoldRead]:
    """List the last times a stream was told to wait, newest first."""
    rows = [StreamHoldRead.model_validate(hold) for hold in await queries.list_holds(session)]
    return Page[StreamHoldRead](items=rows, total=len(rows))


@router.put(
    "/stream-holds/{channel}/{stream}",
    response_model=StreamHoldRead,
    responses=problem_responses(*_GUARD, Invalid),
)
async def hold_stream(
    session: WriteSession, channel: Channel, stream: TemplateClass, body: StreamHoldPut, actor: Writer
) -> StreamHoldRead:
    """Let a stream wait; one that waits already keeps its first reason (E-08)."""
    return StreamHoldRead.model_validate(
        await service.hold_by_hand(session, channel, stream, note=body.note, actor=actor)
    )


@router.delete(
    "/stream-holds/{channel}/{stream}",
    response_model=StreamHoldRead,
    responses=problem_responses(*_GUARD, StreamNotHeld, Invalid),
)
async def lift_stream_hold(
    session: WriteSession, channel: Channel, stream: TemplateClass, body: StreamHoldLift, actor: Writer
) -> StreamHoldRead:
    """Let a stream go on, and say what was done."""
    return StreamHoldRead.model_validate(
        await service.lift(session, channel, stream, because=body.because, actor=actor)
    )
