"""Where measured links and pictures lead: public, signed, and silent about who asked (E-20…E-23, B-54, B-55).

A link goes where our own table says, whatever the request adds to it; a picture is always a picture.
"""

from base64 import b64decode

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from ritorno.consents.public_answers import HEADERS, lost
from ritorno.kit.http import AppSettings, WriteSession, make_router
from ritorno.messaging.tracking import measuring
from ritorno.messaging.tracking.measuring import Asked

router = make_router("", tag="public")

_POINT = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@router.api_route("/c/{token}", methods=["GET", "HEAD"], include_in_schema=False)
async def follow_link(request: Request, session: WriteSession, settings: AppSettings, token: str) -> Response:
    """Lead on to where the text said; a token that was altered leads nowhere."""
    url = await measuring.follow(session, settings, token, _asked(request))
    if url is None:
        return await lost(request, session)
    return RedirectResponse(url, status_code=302, headers=HEADERS)


@router.api_route("/o/{token}.gif", methods=["GET", "HEAD"], include_in_schema=False)
async def show_picture(request: Request, session: WriteSession, settings: AppSettings, token: str) -> Response:
    """Show one transparent point, to everybody."""
    await measuring.see(session, settings, token, _asked(request))
    return Response(_POINT, media_type="image/gif", headers=HEADERS)


def _asked(request: Request) -> Asked:
    return Asked(request.method, request.headers.get("user-agent", ""))
