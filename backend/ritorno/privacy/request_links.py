"""`/privacy-requests/{token}`: what a person does about their request, without an account (C-28, E-05).

Whoever reads the stored address holds the link. It works for seven days; opening it changes nothing, a press does.
"""

from datetime import timedelta
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from fastapi.responses import FileResponse
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import tokens
from ritorno.consents.public_answers import HEADERS, PRESSES_A_MINUTE, busy, form_of, html, lost, shop_of
from ritorno.consents.tokens import Use
from ritorno.customers.models import Customer
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.dates import long_date
from ritorno.kit.http import AppSettings, ReadSession, WriteSession, make_router
from ritorno.kit.problems import Problem
from ritorno.privacy import letters, queries, request_pages, service
from ritorno.privacy.models import PrivacyPack, PrivacyRequest
from ritorno.privacy.reading import clock_of, today_of
from ritorno.privacy.request_pages import Told
from ritorno.privacy.rules import BEFORE_IDENTITY, LINK_DAYS, PackState, RequestState
from ritorno.privacy.service.identifying import SUBJECT
from ritorno.stores.queries import get_business

router = make_router("", tag="public")


@router.api_route("/privacy-requests/{token}", methods=["GET", "HEAD"], include_in_schema=False)
async def open_request_page(request: Request, session: ReadSession, settings: AppSettings, token: str) -> Response:
    """Show where the request stands, and the button for what comes next."""
    asked = await _find(session, settings, token)
    return await lost(request, session) if asked is None else html(await _page(session, asked))


@router.post("/privacy-requests/{token}", include_in_schema=False)
async def act_on_request(request: Request, session: WriteSession, settings: AppSettings, token: str) -> Response:
    """Confirm, hand over the pack or the letter; a second press is answered like the first."""
    asked = await _find(session, settings, token)
    if asked is None:
        return await lost(request, session)
    if (refusal := busy(request, "presses", PRESSES_A_MINUTE)) is not None:
        return refusal
    form = await form_of(request)
    if "confirm" in form:
        asked = await service.confirm_link(session, asked.id)
    elif asked.identified_at is not None and "pack" in form:
        return await _pack(session, settings, asked) or html(await _page(session, asked))
    elif asked.state == RequestState.ANSWERED and "letter" in form:
        return await _letter(session, asked)
    return html(await _page(session, asked))


async def _find(session: AsyncSession, settings: Settings, token: str) -> PrivacyRequest | None:
    """Return the request of a genuine link of the last seven days, whose address still is the person's."""
    link = tokens.read(settings, token, Use.REQUEST)
    if link is None or clock.now() > link.issued_at + timedelta(days=LINK_DAYS):
        return None
    return await queries.find_by_message(session, link.message_id, link.contact_point_id)


async def _page(session: AsyncSession, asked: PrivacyRequest) -> str:
    shop, business = await shop_of(session), await get_business(session)
    customer = await session.get_one(Customer, asked.customer_id)
    language = customer.language
    told = Told(
        asked.kind,
        long_date(asked.received_on, language),
        long_date(clock_of(asked, await today_of(session)).due_on, language),
    )
    if asked.state in BEFORE_IDENTITY:
        return request_pages.ask(shop, told, language=language)
    if asked.state == RequestState.WITHDRAWN:
        return request_pages.closed(shop, told, language=language)
    pack = await _ready_pack(session, asked)
    until = None
    if pack is not None and pack.expires_at is not None:
        until = long_date(pack.expires_at.astimezone(ZoneInfo(business.timezone)).date(), language)
    has_letter = asked.state == RequestState.ANSWERED
    if until is None and not has_letter:
        return request_pages.waiting(shop, told, language=language)
    return request_pages.ready(shop, told, language=language, until=until, has_letter=has_letter)


async def _ready_pack(session: AsyncSession, asked: PrivacyRequest) -> PrivacyPack | None:
    """Return the newest pack that was sent and still is there: the desk decides when it goes out."""
    now = clock.now()
    for pack in await queries.packs_of(session, asked.id):
        is_there = pack.state == PackState.DONE and pack.expires_at is not None and pack.expires_at > now
        if is_there and pack.sent_at is not None:
            return pack
    return None


async def _pack(session: AsyncSession, settings: Settings, asked: PrivacyRequest) -> Response | None:
    pack = await _ready_pack(session, asked)
    if pack is None:
        return None
    try:
        fetched = await service.fetch_pack(session, pack.id, settings, actor=SUBJECT)
    except Problem:
        return None
    return FileResponse(
        fetched.path,
        media_type="application/zip",
        filename=fetched.name,
        content_disposition_type="attachment",
        headers=HEADERS,
    )


async def _letter(session: AsyncSession, asked: PrivacyRequest) -> Response:
    printed = await letters.print_letter(session, asked)
    disposition = {"Content-Disposition": f'attachment; filename="{printed.name}"'}
    return Response(printed.pdf, media_type="application/pdf", headers=HEADERS | disposition)
