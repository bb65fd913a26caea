"""How requests and packs are shown: the clock of today and its reason, names, what was done."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import clock
from ritorno.kit.pages import Page, PageQuery
from ritorno.privacy import queries
from ritorno.privacy.models import PrivacyPack, PrivacyRequest
from ritorno.privacy.rules import Clock, may_extend, read_clock
from ritorno.privacy.schemas import (
    ClockRead,
    PackRead,
    PrivacyRequestFilter,
    PrivacyRequestRead,
    PrivacyRequestRow,
    RequestEventRead,
    RequestSummary,
)
from ritorno.privacy.words import explain_clock
from ritorno.stores.queries import get_business


async def today_of(session: AsyncSession) -> date:
    """Return the shop's day."""
    return clock.today((await get_business(session)).timezone)


async def list_requests(
    session: AsyncSession, asked: PrivacyRequestFilter, query: PageQuery, *, language: str
) -> Page[PrivacyRequestRow]:
    """Return a page of requests with their clocks."""
    today = await today_of(session)
    page = await queries.list_requests(session, asked, query, today=today)
    rows = await _rows(session, page.items, today=today, language=language)
    return Page[PrivacyRequestRow](**{**page.model_dump(exclude={"items"}), "items": rows})


async def summary(session: AsyncSession) -> RequestSummary:
    """Return what Today shows."""
    return RequestSummary.model_validate(await queries.count_requests(session, await today_of(session)))


async def request_read(session: AsyncSession, request: PrivacyRequest, *, language: str) -> PrivacyRequestRead:
    """Return one request with its events and packs."""
    row = (await _rows(session, [request], today=await today_of(session), language=language))[0]
    events = await queries.events_of(session, request.id)
    packs = await queries.packs_of(session, request.id)
    return PrivacyRequestRead(
        **row.model_dump(),
        wish=request.wish,
        evidence_sha256=request.evidence_sha256,
        paused_on=request.paused_on,
        pause_reason=request.pause_reason,
        paused_days=request.paused_days,
        extended_on=request.extended_on,
        extension_reason=request.extension_reason,
        answer_reason=request.answer_reason,
        received_by=request.received_by,
        events=[RequestEventRead.model_validate(event) for event in events],
        packs=[pack_read(pack) for pack in packs],
    )


def pack_read(pack: PrivacyPack) -> PackRead:
    """Return a pack as the API says it."""
    return PackRead.model_validate(pack)


def clock_of(request: PrivacyRequest, today: date) -> Clock:
    """Return where a request's clock stands today."""
    return read_clock(
        request.received_on,
        today=today,
        paused_days=request.paused_days,
        paused_on=request.paused_on,
        is_extended=request.extended_on is not None,
    )


def clock_read(request: PrivacyRequest, *, today: date, language: str) -> ClockRead:
    """Return the clock in figures and in a sentence."""
    told, is_extended = clock_of(request, today), request.extended_on is not None
    standing = max((today - request.paused_on).days, 0) if request.paused_on else 0
    return ClockRead(
        due_on=told.due_on,
        target_on=told.target_on,
        rule=told.rule,
        days_left=told.days_left,
        share_left=round(told.share_left, 3),
        is_overdue=told.is_overdue,
        is_paused=told.is_paused,
        is_extended=is_extended,
        may_extend=may_extend(
            request.received_on, today=today, paused_days=request.paused_days + standing, is_extended=is_extended
        ),
        explanation=explain_clock(
            told,
            received_on=request.received_on,
            paused_days=request.paused_days + standing,
            is_extended=is_extended,
            language=language,
        ),
    )


async def _rows(
    session: AsyncSession, requests: Sequence[PrivacyRequest], *, today: date, language: str
) -> list[PrivacyRequestRow]:
    names = await queries.names_of(session, {each.customer_id for each in requests if each.customer_id})
    return [
        PrivacyRequestRow(
            id=request.id,
            kind=request.kind,
            channel=request.channel,
            state=request.state,
            customer_id=request.customer_id,
            customer_name=names.get(request.customer_id) if request.customer_id else None,
            claimed_identity=request.claimed_identity,
            received_on=request.received_on,
            clock=clock_read(request, today=today, language=language) if request.closed_at is None else None,
            identity_method=request.identity_method,
            identified_at=request.identified_at,
            handler_id=request.handler_id,
            handler_name=request.handler_name,
            outcome=request.outcome,
            closed_at=request.closed_at,
            created_at=request.created_at,
        )
        for request in requests
    ]
