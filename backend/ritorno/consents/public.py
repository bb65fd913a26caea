"""`/u/{token}`: the page and the one-click endpoint of every marketing message (E-01…E-05, RFC 8058).

Opening it, by a person or by a scanner, changes nothing; a POST unsubscribes, whatever its body, without cookie,
login or reason.
"""

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData

from ritorno.consents import pages, queries, service, tokens
from ritorno.consents.public_answers import HEADERS, form_of, html, lost, shop_of
from ritorno.consents.rules import Channel, Method
from ritorno.consents.tokens import Link
from ritorno.kit.config import Settings
from ritorno.kit.http import AppSettings, ReadSession, WriteSession, make_router

router = make_router("", tag="public")


@router.api_route("/u/{token}", methods=["GET", "HEAD"], include_in_schema=False)
async def open_unsubscribe_page(request: Request, session: ReadSession, settings: AppSettings, token: str) -> Response:
    """Show the question and the button; nothing is changed (E-03)."""
    said = tokens.read_unsubscribe(settings, token)
    if said is None:
        return await lost(request, session)
    reader = await queries.find_reader(session, said.customer_id, said.contact_point_id)
    shop = await shop_of(session)
    if reader.channel in reader.stopped:
        return html(
            pages.stopped(
                shop,
                language=reader.language,
                still_open=_still_open(reader),
                because=reader.because,
                is_new=False,
                choices_url=_choices_url(settings, said, reader),
            )
        )
    return html(pages.ask(shop, language=reader.language, channel=reader.channel, because=reader.because))


@router.post("/u/{token}", include_in_schema=False)
async def unsubscribe(request: Request, session: WriteSession, settings: AppSettings, token: str) -> Response:
    """Unsubscribe at once; a repeat, also in parallel, is answered the same and appends nothing (E-02, B-02)."""
    said = tokens.read_unsubscribe(settings, token)
    if said is None:
        return await lost(request, session)
    form = await form_of(request)
    reader = await queries.find_reader(session, said.customer_id, said.contact_point_id)
    is_machine = "List-Unsubscribe" in form
    await _stop(session, said, {reader.channel, *_also(form)}, is_machine=is_machine)
    if is_machine:
        return Response("OK", media_type="text/plain", headers=HEADERS)
    now = await queries.find_reader(session, said.customer_id, said.contact_point_id)
    page = pages.stopped(
        await shop_of(session),
        language=now.language,
        still_open=_still_open(now),
        because=reader.because,
        is_new=True,
        choices_url=_choices_url(settings, said, now),
    )
    return html(page)


async def _stop(session: AsyncSession, said: Link, channels: set[Channel], *, is_machine: bool) -> None:
    await service.unsubscribe(
        session,
        customer_id=said.customer_id,
        contact_point_id=said.contact_point_id,
        message_id=said.message_id,
        channels=sorted(channels),
        method=Method.LIST_UNSUB_POST if is_machine else Method.EMAIL_LINK,
    )


def _also(form: FormData) -> set[Channel]:
    wanted = {part.strip() for value in form.getlist("also") if isinstance(value, str) for part in value.split(",")}
    return {channel for channel in pages.OFFERED if channel in wanted}


def _still_open(reader: queries.Reader) -> list[Channel]:
    return [channel for channel in pages.OFFERED if channel not in reader.stopped and not reader.is_gone]


def _choices_url(settings: Settings, said: Link, reader: queries.Reader) -> str | None:
    """Return the way to finer choices. This token can only unsubscribe (E-05): the page it leads to sends a link by
    mail before anything can be changed there.
    """
    if reader.is_gone:
        return None
    return f"/p/{tokens.write_for_paper(settings, said.customer_id)}"
