"""`/s/{name}`: leads from the short link of a text to the page where one unsubscribes; opening it changes nothing."""

from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import select

from ritorno.consents import tokens
from ritorno.consents.public_answers import HEADERS, lost
from ritorno.consents.rules import Channel
from ritorno.customers.models import ContactPoint
from ritorno.kit.http import AppSettings, ReadSession, make_router
from ritorno.messaging.models import Message
from ritorno.messaging.short_links import read_short

router = make_router("", tag="public")

_NOBODY = UUID(int=0)


@router.api_route("/s/{name}", methods=["GET", "HEAD"], include_in_schema=False)
async def open_short_link(request: Request, session: ReadSession, settings: AppSettings, name: str) -> Response:
    """Lead on to the unsubscribe page of the number; a name we did not sign leads nowhere (B-03)."""
    contact_point_id = read_short(settings, name)
    if contact_point_id is None:
        return await lost(request, session)
    point = await session.get(ContactPoint, contact_point_id)
    # Of a number that was forgotten there is nothing left to stop: the page says so (B-05).
    customer_id = point.customer_id if point else _NOBODY
    newest = (
        select(Message.id)
        .where(
            Message.customer_id == customer_id,
            Message.contact_point_id == contact_point_id,
            Message.channel == Channel.SMS,
        )
        .order_by(Message.planned_at.desc())
        .limit(1)
    )
    message_id = (await session.scalars(newest)).first() or _NOBODY
    token = tokens.unsubscribe_token(settings, message_id, contact_point_id, customer_id)
    return RedirectResponse(f"/u/{token}", status_code=303, headers=HEADERS)
