"""`/p/{token}`: a customer's own page, without an account (UX §4.18).

Opening it changes nothing. Every press is a POST to the same address and answers 200 with the page as it is now; what
may be pressed depends on the link (`visiting`).
"""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from fastapi import Request, Response
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.datastructures import FormData

from ritorno.consents import queries as consents
from ritorno.consents.layout import Shop
from ritorno.consents.public_answers import PRESSES_A_MINUTE, busy, form_of, html, lost, shop_of
from ritorno.disclosures import queries as disclosures
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.dates import long_date
from ritorno.kit.http import AppSettings, ReadSession, WriteSession, make_router
from ritorno.messaging import confirming
from ritorno.messaging.confirming import Answer
from ritorno.privacy import choosing, correcting, service
from ritorno.privacy.pages import own
from ritorno.privacy.pages.copy import Copy, copy_of
from ritorno.privacy.pages.own import Shown, Told
from ritorno.privacy.queries import find_open
from ritorno.privacy.rules import IdentityMethod, RequestChannel, RequestKind
from ritorno.privacy.visiting import SUBJECT, Reach, Visit, find_visit, send_link
from ritorno.stores.queries import get_business

router = make_router("", tag="public")

MAX_FIELDS = 200


@router.api_route("/p/{token}", methods=["GET", "HEAD"], include_in_schema=False)
async def open_own_page(request: Request, session: ReadSession, settings: AppSettings, token: str) -> Response:
    """Show what the link lets its reader see; nothing is changed."""
    visit = await find_visit(session, settings, token)
    if visit is None:
        return await lost(request, session)
    return html(await _page(session, visit))


@router.post("/p/{token}", include_in_schema=False)
async def change_own_page(request: Request, session: WriteSession, settings: AppSettings, token: str) -> Response:
    """Do what was pressed and show the page as it is now."""
    visit = await find_visit(session, settings, token)
    if visit is None:
        return await lost(request, session)
    refusal = busy(request, "presses", PRESSES_A_MINUTE)
    if refusal is not None:
        return refusal
    form = await form_of(request, fields=MAX_FIELDS)
    told = await _act(session, settings, visit, form)
    return html(await _page(session, await find_visit(session, settings, token) or visit, told))


async def _page(session: AsyncSession, visit: Visit, told: Told | None = None) -> str:
    shop, language = await shop_of(session), visit.customer.language
    if visit.is_closed:
        return own.closed(shop, language=language, is_erased=visit.customer.erased_at is not None)
    if visit.reach is Reach.OPENS:
        return own.door(shop, language=language, told=told)
    return own.own(shop, await _shown(session, visit), language=language, told=told)


async def _shown(session: AsyncSession, visit: Visit) -> Shown:
    customer = visit.customer
    reads = visit.reach is Reach.READS
    given = await disclosures.disclosures_of(session, customer.id) if reads else []
    codes = {version.id: each.notice.code for each in await consents.list_notices(session) for version in each.versions}
    return Shown(
        choices=await choosing.choices_of(session, customer, customer.language),
        data=await correcting.data_of(session, customer) if reads else None,
        holders=sorted({each.recipient.name for each in given}),
        awaits_code=await choosing.newest_code(session, customer.id, clock.now()) is not None,
        is_restricted=customer.restricted_at is not None,
        zone=(await get_business(session)).timezone,
        codes=codes,
    )


# ── what can be pressed ───────────────────────────────────────────────────────────────────────────────────────────────


class Press(NamedTuple):
    """One press: by whom, with what, and the words to answer in."""

    settings: Settings
    visit: Visit
    form: FormData
    copy: Copy
    shop: Shop

    def text(self, name: str) -> str:
        value = self.form.get(name)
        return value if isinstance(value, str) else ""


async def _act(session: AsyncSession, settings: Settings, visit: Visit, form: FormData) -> Told | None:
    """Do what was pressed, as far as this link reaches; what it does not reach, or a machine sent, does nothing."""
    press = Press(settings, visit, form, copy_of(visit.customer.language), await shop_of(session))
    if press.text(own.TRAP) or visit.is_closed:
        return None
    reach, act = _ACTS.get(press.text("act"), (Reach.READS, None))
    if act is None or visit.reach < reach:
        return None
    return await act(session, press)


async def _link(session: AsyncSession, press: Press) -> Told:
    await send_link(session, press.visit)
    return Told(press.copy.sent.format(contact=press.shop.contact))


async def _choose(session: AsyncSession, press: Press) -> Told:
    choices = await choosing.choices_of(session, press.visit.customer, press.visit.customer.language)
    names = {cell.name for block in choices.blocks for cell in block.cells}
    wanted = {name: press.text(name) == "yes" for name in names if press.text(name) in {"yes", "no"}}
    chosen = await choosing.choose(session, press.visit, choices, wanted)
    if chosen.changed == 0:
        return Told(press.copy.nothing)
    said = [press.copy.saved] if not chosen.waits_for_mail and chosen.code is None else []
    said += [press.copy.waits_for_mail] if chosen.waits_for_mail else []
    said += [press.copy.code_sent] if chosen.code is not None else []
    return Told(" ".join(said))


async def _stop(session: AsyncSession, press: Press) -> Told:
    await choosing.stop_everything(session, press.visit)
    return Told(press.copy.stopped)


async def _correct(session: AsyncSession, press: Press) -> Told:
    typed = {name: press.text(name) for name in correcting.FIELDS if name in press.form}
    corrected = await correcting.correct(session, press.visit, typed)
    if corrected.faults:
        return Told(press.copy.faults, {name: typed.get(name, "") for name in corrected.faults})
    # The language itself may have changed.
    copy = copy_of(press.visit.customer.language)
    if not corrected.fields:
        return Told(copy.nothing)
    said = [copy.saved]
    said += [copy.waits_for_mail] if corrected.asked_by_mail else []
    said += [copy.code_sent] if corrected.code is not None else []
    return Told(" ".join(said))


async def _enter_code(session: AsyncSession, press: Press) -> Told:
    asked = await choosing.newest_code(session, press.visit.customer.id, clock.now())
    typed = press.text("code").strip()
    if asked is None:
        return Told(press.copy.code_over)
    if len(typed) != 6 or not typed.isdecimal() or not typed.isascii():
        return Told(press.copy.faults, {"code": typed})
    _, answer = await confirming.enter_code(
        session,
        press.settings,
        customer_id=press.visit.customer.id,
        confirmation_id=asked.id,
        code=typed,
        actor=SUBJECT,
    )
    words = {Answer.CONFIRMED: press.copy.code_right, Answer.WRONG: press.copy.code_wrong}
    return Told(words.get(answer, press.copy.code_over))


async def _code_again(session: AsyncSession, press: Press) -> Told:
    sent = await choosing.send_code(session, press.visit)
    return Told(press.copy.code_sent if sent is not None else press.copy.code_over)


async def _ask(session: AsyncSession, press: Press) -> Told | None:
    """Write a request down for the desk; one that is open already is not asked twice."""
    kind = press.text("request")
    if kind not in press.copy.requests:
        return None
    customer = press.visit.customer
    await consents.lock_people(session, [customer.id])
    request = await find_open(session, customer.id, RequestKind(kind))
    if request is None:
        is_known = press.visit.reach is Reach.READS
        request = await service.receive_request(
            session,
            kind=RequestKind(kind),
            channel=RequestChannel.WEB,
            customer_id=customer.id,
            identity=IdentityMethod.LINK_TO_STORED_CONTACT if is_known else None,
            actor=SUBJECT,
        )
    return Told(press.copy.asked.format(day=long_date(request.due_on, customer.language)))


_Act = Callable[[AsyncSession, Press], Awaitable[Told | None]]
_ACTS: dict[str, tuple[Reach, _Act]] = {
    "link": (Reach.OPENS, _link),
    "choose": (Reach.CHOOSES, _choose),
    "stop": (Reach.CHOOSES, _stop),
    "code": (Reach.CHOOSES, _enter_code),
    "code-again": (Reach.CHOOSES, _code_again),
    "ask": (Reach.CHOOSES, _ask),
    "data": (Reach.READS, _correct),
}
