"""`/u/{token}`: the page and the one-click endpoint of every marketing message (E-01…E-05, RFC 8058).

Opening it, by a person or by a scanner, changes nothing; a POST unsubscribes, whatever its body, without cookie,
login or reason.
"""

from collections import deque
from typing import Any

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from ritorno.consents import pages, queries, service, tokens
from ritorno.consents.rules import Channel, Method
from ritorno.consents.tokens import Unsubscribe
from ritorno.kit import clock
from ritorno.kit.http import AppSettings, ReadSession, WriteSession, make_router
from ritorno.stores.queries import get_business

router = make_router("", tag="public")

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


@router.api_route("/u/{token}", methods=["GET", "HEAD"], include_in_schema=False)
async def open_unsubscribe_page(request: Request, session: ReadSession, settings: AppSettings, token: str) -> Response:
    """Show the question and the button; nothing is changed (E-03)."""
    said = tokens.read_unsubscribe(settings, token)
    if said is None:
        return await _lost(request, session)
    reader = await queries.find_reader(session, said.customer_id, said.contact_point_id)
    shop = await _shop(session)
    if reader.channel in reader.stopped:
        return _html(
            pages.stopped(
                shop,
                language=reader.language,
                still_open=_still_open(reader),
                because=reader.because,
                is_new=False,
            )
        )
    return _html(pages.ask(shop, language=reader.language, channel=reader.channel, because=reader.because))


@router.post("/u/{token}", include_in_schema=False)
async def unsubscribe(request: Request, session: WriteSession, settings: AppSettings, token: str) -> Response:
    """Unsubscribe at once; a repeat, also in parallel, is answered the same and appends nothing (E-02, B-02)."""
    said = tokens.read_unsubscribe(settings, token)
    if said is None:
        return await _lost(request, session)
    form = await _form(request)
    reader = await queries.find_reader(session, said.customer_id, said.contact_point_id)
    is_machine = "List-Unsubscribe" in form
    await _stop(session, said, {reader.channel, *_also(form)}, is_machine=is_machine)
    if is_machine:
        return Response("OK", media_type="text/plain", headers=_HEADERS)
    now = await queries.find_reader(session, said.customer_id, said.contact_point_id)
    page = pages.stopped(
        await _shop(session),
        language=now.language,
        still_open=_still_open(now),
        because=reader.because,
        is_new=True,
    )
    return _html(page)


async def _stop(session: AsyncSession, said: Unsubscribe, channels: set[Channel], *, is_machine: bool) -> None:
    await service.unsubscribe(
        session,
        customer_id=said.customer_id,
        contact_point_id=said.contact_point_id,
        message_id=said.message_id,
        channels=sorted(channels),
        method=Method.LIST_UNSUB_POST if is_machine else Method.EMAIL_LINK,
    )


async def _form(request: Request) -> FormData:
    """Return the fields of either kind of form; a body we cannot read unsubscribes all the same."""
    try:
        return await request.form(max_files=0, max_fields=20)
    except HTTPException:
        return FormData()


def _also(form: FormData) -> set[Channel]:
    wanted = {part.strip() for value in form.getlist("also") if isinstance(value, str) for part in value.split(",")}
    return {channel for channel in pages.OFFERED if channel in wanted}


def _still_open(reader: queries.Reader) -> list[Channel]:
    return [channel for channel in pages.OFFERED if channel not in reader.stopped and not reader.is_gone]


async def _shop(session: AsyncSession) -> pages.Shop:
    business = await get_business(session)
    return pages.Shop(business.name, business.address, business.email, business.phone)


def _html(page: str, status: int = 200) -> Response:
    return Response(page, status_code=status, media_type="text/html; charset=utf-8", headers=_HEADERS)


BAD_TOKENS_A_MINUTE = 30


async def _lost(request: Request, session: AsyncSession) -> Response:
    """Answer a wrong token: always the same page, and slower company for whoever tries many (B-03)."""
    business = await get_business(session)
    language = request.headers.get("accept-language", "")[:2].lower()
    page = pages.lost(await _shop(session), language=language if language in {"it", "en"} else business.language)
    if _tries_too_much(request):
        return Response("", status_code=429, headers={**_HEADERS, "Retry-After": "60"})
    return _html(page, 404)


def _tries_too_much(request: Request) -> bool:
    """Count one address's wrong tokens within a minute; genuine links are never counted, nobody is kept here."""
    state: Any = request.app.state
    if not hasattr(state, "wrong_tokens"):
        state.wrong_tokens = {}
    tries: dict[str, deque[float]] = state.wrong_tokens
    if len(tries) > 10_000:
        tries.clear()
    recent = tries.setdefault(request.client.host if request.client else "", deque())
    now = clock.now().timestamp()
    while recent and recent[0] < now - 60:
        recent.popleft()
    recent.append(now)
    return len(recent) > BAD_TOKENS_A_MINUTE
