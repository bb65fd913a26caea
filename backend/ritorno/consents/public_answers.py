"""What the public pages share at the door: headers, the one page for every wrong token, slower company for the curious.

Counts live in the process and name nobody: an address of the network and a minute.
"""

from collections import deque
from typing import Any

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from ritorno.consents import pages
from ritorno.consents.layout import LANGUAGES, Shop
from ritorno.kit import clock
from ritorno.stores.queries import get_business

HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}

BAD_TOKENS_A_MINUTE = 30
PRESSES_A_MINUTE = 30


def html(page: str, status: int = 200) -> Response:
    return Response(page, status_code=status, media_type="text/html; charset=utf-8", headers=HEADERS)


async def shop_of(session: AsyncSession) -> Shop:
    business = await get_business(session)
    return Shop(business.name, business.address, business.email, business.phone)


async def form_of(request: Request, *, fields: int = 20) -> FormData:
    """Return the fields of either kind of form; a body we cannot read is an empty one."""
    try:
        return await request.form(max_files=0, max_fields=fields)
    except HTTPException:
        return FormData()


async def lost(request: Request, session: AsyncSession) -> Response:
    """Answer a wrong token: always the same page, and nothing at all to whoever tries many (B-03)."""
    business = await get_business(session)
    language = request.headers.get("accept-language", "")[:2].lower()
    page = pages.lost(await shop_of(session), language=language if language in LANGUAGES else business.language)
    return busy(request, "wrong_tokens", BAD_TOKENS_A_MINUTE) or html(page, 404)


def busy(request: Request, kind: str, limit: int) -> Response | None:
    """Count one address's requests of a kind within a minute; return the refusal once there are too many."""
    state: Any = request.app.state
    if not hasattr(state, "public_requests"):
        state.public_requests = {}
    counted: dict[tuple[str, str], deque[float]] = state.public_requests
    if len(counted) > 10_000:
        counted.clear()
    recent = counted.setdefault((kind, request.client.host if request.client else ""), deque())
    now = clock.now().timestamp()
    while recent and recent[0] < now - 60:
        recent.popleft()
    recent.append(now)
    if len(recent) <= limit:
        return None
    return Response("", status_code=429, headers={**HEADERS, "Retry-After": "60"})
