"""Letters to the person about a request: that it reached us, that it takes longer, what was answered.

Which one it is follows from where the request stands; the words are in `letter_words`, the paper in `letter.typ`.
"""

from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import Customer
from ritorno.erasures.rules import KeptPart
from ritorno.erasures.words import KEPT
from ritorno.kit import clock
from ritorno.kit.dates import long_date
from ritorno.kit.paper import print_pdf
from ritorno.privacy import queries
from ritorno.privacy.letter_words import SAID, Letter, kept_after
from ritorno.privacy.models import PrivacyRequest
from ritorno.privacy.rules import BEFORE_IDENTITY, Outcome, RequestState
from ritorno.privacy.words import KINDS, side
from ritorno.stores.models import Business
from ritorno.stores.queries import get_business


class Printed(NamedTuple):
    """A letter, and a file name that names nobody."""

    pdf: bytes
    name: str


async def print_letter(session: AsyncSession, request: PrivacyRequest) -> Printed:
    """Return the letter of this moment as a PDF, in the person's language."""
    business = await get_business(session)
    customer = await session.get(Customer, request.customer_id) if request.customer_id else None
    language = side(customer.language if customer else business.language)
    letter = letter_of(request)
    values = _values(request, letter, business, customer, language)
    erasure = await queries.find_erasure(session, request.id)
    if erasure is not None:
        values["kept"] = [KEPT[KeptPart(each["part"])][language] for each in erasure.kept]
    name = f"{SAID[language].file[letter]}-{request.received_on.isoformat()}.pdf"
    return Printed(await print_pdf("ritorno.privacy", "letter.typ", values), name)


def letter_of(request: PrivacyRequest) -> Letter:
    """Return what there is to say now."""
    if request.state == RequestState.ANSWERED:
        return Letter.ANSWER
    if request.state == RequestState.WITHDRAWN:
        return Letter.WITHDRAWN
    return Letter.EXTENSION if request.extended_on is not None else Letter.RECEIPT


def _values(
    request: PrivacyRequest, letter: Letter, business: Business, customer: Customer | None, language: str
) -> dict[str, Any]:
    words, zone = SAID[language], ZoneInfo(business.timezone)
    today = clock.today(business.timezone)
    name = " ".join(part for part in (customer.given_name, customer.family_name) if part) if customer else ""
    said = {
        "kind": KINDS[language][request.kind],
        "received": long_date(request.received_on, language),
        "due": long_date(request.due_on, language),
        "reason": request.extension_reason if letter is Letter.EXTENSION else request.answer_reason or "",
        "contact": business.email or business.phone or business.address or business.name,
        "closed": long_date(request.closed_at.astimezone(zone).date(), language) if request.closed_at else "",
    }
    paragraphs = [words.opening[letter]]
    if letter is Letter.RECEIPT and request.state in BEFORE_IDENTITY:
        paragraphs.append(words.identity)
    if letter is Letter.ANSWER:
        paragraphs += _answer(request, language, is_known=customer is not None)
    return {
        "title": words.title[letter].format(**said),
        "language": language,
        "shop": {"name": business.name, "address": business.address},
        "place_and_day": long_date(today, language),
        "to": name or request.claimed_identity or "",
        "greeting": words.greeting.format(name=name) if name else words.greeting_unknown,
        "paragraphs": [each.format(**said) for each in paragraphs],
        "reason_title": words.reason_title,
        "reason": said["reason"] if letter in {Letter.EXTENSION, Letter.ANSWER} else "",
        "kept_title": words.kept_title,
        "kept": kept_after(request.kind, language) if _was_granted(request) else [],
        "rights": [each.format(**said) for each in words.rights],
        "signed": business.name,
        "footer": words.footer.format(shop=business.name, received=said["received"]),
    }


def _was_granted(request: PrivacyRequest) -> bool:
    return request.outcome in {Outcome.GRANTED, Outcome.PARTLY} and request.customer_id is not None


def _answer(request: PrivacyRequest, language: str, *, is_known: bool) -> list[str]:
    """Return what was done: for somebody we hold nothing about, that."""
    words = SAID[language]
    assert request.outcome is not None
    if request.outcome == Outcome.REFUSED:
        return [words.refused]
    if not is_known:
        return [words.nothing_held]
    return [words.partly] * (request.outcome == Outcome.PARTLY) + [words.done[request.kind]]
