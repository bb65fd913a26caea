"""`/confirm/{token}`: double opt-in by a button, never by opening the page (C-12)."""

from fastapi import Request, Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import tokens
from ritorno.consents.models import Notice, NoticeVersion
from ritorno.consents.public_answers import PRESSES_A_MINUTE, busy, form_of, html, lost, shop_of
from ritorno.consents.tokens import Link, Use
from ritorno.customers.models import Customer
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.http import AppSettings, ReadSession, WriteSession, make_router
from ritorno.messaging import confirmation_words, confirming, queries
from ritorno.messaging.confirming import Answer
from ritorno.messaging.errors import ConfirmationTooOften
from ritorno.messaging.models import Confirmation

router = make_router("", tag="public")


@router.api_route("/confirm/{token}", methods=["GET", "HEAD"], include_in_schema=False)
async def open_confirmation_page(request: Request, session: ReadSession, settings: AppSettings, token: str) -> Response:
    """Show the question and the button; a scanner that opens every link confirms nothing."""
    found = await _find(session, settings, token)
    if found is None:
        return await lost(request, session)
    link, row, customer = found
    shop = await shop_of(session)
    if row.confirmed_at is not None:
        return html(confirmation_words.done(shop, language=customer.language, choices_url=_choices(settings, link)))
    if clock.now() >= row.expires_at:
        return html(confirmation_words.expired(shop, language=customer.language))
    texts = await _texts(session, row, customer.language)
    return html(confirmation_words.ask(shop, language=customer.language, texts=texts))


@router.post("/confirm/{token}", include_in_schema=False)
async def confirm_address(request: Request, session: WriteSession, settings: AppSettings, token: str) -> Response:
    """Confirm, or send the link again once it has expired; a second press is answered like the first."""
    found = await _find(session, settings, token)
    if found is None:
        return await lost(request, session)
    refusal = busy(request, "presses", PRESSES_A_MINUTE)
    if refusal is not None:
        return refusal
    link, row, customer = found
    shop = await shop_of(session)
    if await confirming.confirm_link(session, row) is Answer.CONFIRMED:
        return html(confirmation_words.done(shop, language=customer.language, choices_url=_choices(settings, link)))
    if confirmation_words.AGAIN not in await form_of(request):
        return html(confirmation_words.expired(shop, language=customer.language))
    too_often = await _send_again(session, row)
    return html(confirmation_words.sent(shop, language=customer.language, too_often=too_often))


async def _find(session: AsyncSession, settings: Settings, token: str) -> tuple[Link, Confirmation, Customer] | None:
    """Return what a genuine link asks, None when it is not genuine or whoever was asked is gone."""
    link = tokens.read(settings, token, Use.CONFIRM)
    row = await queries.find_confirmation_of(session, link.message_id) if link is not None else None
    if link is None or row is None:
        return None
    customer = await session.get_one(Customer, row.customer_id)
    return None if customer.erased_at is not None else (link, row, customer)


async def _texts(session: AsyncSession, row: Confirmation, language: str) -> list[confirmation_words.Text]:
    """Return the texts the waiting yeses were said to, each once."""
    waiting = {each.notice_version_id for each in await confirming.waiting_for(session, row)}
    rows = await session.execute(
        select(Notice.name, NoticeVersion.text)
        .join(Notice, Notice.id == NoticeVersion.notice_id)
        .where(NoticeVersion.id.in_(waiting - {None}))
        .order_by(Notice.name)
    )
    return [confirmation_words.Text(name, text) for name, text in rows]


async def _send_again(session: AsyncSession, row: Confirmation) -> bool:
    """Write to the same address again; return whether it was asked too often already.

    Whatever else stands in the way is not told to whoever holds an old link.
    """
    return isinstance(await confirming.ask_again(session, row), ConfirmationTooOften)


def _choices(settings: Settings, link: Link) -> str:
    """Return the way to the person's own page: this very mail has just proved to reach them."""
    ids = (link.message_id, link.contact_point_id, link.customer_id)
    return "/p/" + tokens.write(settings, Use.CHOICES, *ids, issued_at=link.issued_at)
