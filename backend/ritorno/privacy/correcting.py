"""A person corrects their own data (art. 16, C-23): what they type is theirs, and a new address is asked about first.

A new address becomes the main one at once and unverified; the one before stays beside it until the new one answers.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rulepack import rule_pack
from ritorno.consents.rules import Channel, age_on
from ritorno.customers import service as customers
from ritorno.customers.models import ContactPoint, Customer
from ritorno.customers.preparing import Contact, prepare
from ritorno.customers.rules import SELF_SOURCE, ContactKind
from ritorno.customers.schemas import CustomerWrite
from ritorno.kit import clock
from ritorno.kit.problems import Invalid, field_errors
from ritorno.messaging import confirming
from ritorno.messaging.models import Confirmation
from ritorno.privacy.visiting import SUBJECT, Reach, Visit, current_points
from ritorno.stores.queries import get_business

PLAIN = ("given_name", "family_name", "birth_on", "language")
ADDRESS = ("street", "postal_code", "city", "province", "country")
FIELDS = (*PLAIN, "email", "phone", *ADDRESS)


class Data(NamedTuple):
    """What the form shows, as text; and what may not be changed there."""

    values: dict[str, str]
    unconfirmed: str | None
    """A new mail address that was not confirmed yet."""
    may_change_birth: bool


class Corrected(NamedTuple):
    """What became of a press on Save; `faults` names the fields that could not be read."""

    fields: list[str]
    faults: dict[str, str]
    asked_by_mail: bool = False
    code: Confirmation | None = None


async def data_of(session: AsyncSession, customer: Customer) -> Data:
    """Return a person's data as the form shows it."""
    points = await current_points(session, customer.id)
    email, phone, postal = (points.get(kind) for kind in (ContactKind.EMAIL, ContactKind.PHONE, ContactKind.POSTAL))
    address: Mapping[str, Any] = postal.address if postal is not None and postal.address else {}
    values = {
        "given_name": customer.given_name or "",
        "family_name": customer.family_name or "",
        "birth_on": customer.birth_on.isoformat() if customer.birth_on else "",
        "language": customer.language,
        "email": email.value if email else "",
        "phone": phone.value if phone else "",
        **{name: str(address.get(name) or "") for name in ADDRESS},
    }
    is_new = email is not None and email.source == SELF_SOURCE and email.level == "UNVERIFIED"
    return Data(values, email.value if email and is_new else None, _may_change_birth(customer))


def _may_change_birth(customer: Customer) -> bool:
    """A minor does not grow up by typing another year: the counter helps with that (C-17)."""
    if customer.birth_on is None:
        return not customer.is_minor_flagged
    today = clock.now().date()
    return age_on(customer.birth_on, today) >= rule_pack(customer.country, today).ages.adult_from


async def correct(session: AsyncSession, visit: Visit, typed: Mapping[str, str]) -> Corrected:
    """Change what differs from the card; nothing at all is changed while a field cannot be read."""
    assert visit.reach is Reach.READS
    customer = visit.customer
    known = await data_of(session, customer)
    differs = {
        name: typed[name].strip() for name in FIELDS if name in typed and typed[name].strip() != known.values[name]
    }
    if not known.may_change_birth:
        differs.pop("birth_on", None)
    if not differs:
        return Corrected([], {})
    body = _body(differs, typed)
    contacts, faults = _read(body, customer.country or (await get_business(session)).country)
    faults |= _missing(differs, visit.point)
    if faults:
        return Corrected([], faults)
    plain = {name: value for name, value in body.items() if name in PLAIN}
    if plain:
        await customers.change(session, customer, CustomerWrite.model_validate(plain), actor=SUBJECT)
    asked_by_mail, code = False, None
    for kind, contact in contacts.items():
        point = await _put(session, customer, kind, contact)
        if point is None or point.source != SELF_SOURCE or point.level != "UNVERIFIED":
            continue
        if kind is ContactKind.EMAIL:
            asked_by_mail = await _ask(session, point, Channel.EMAIL) is not None
        elif kind is ContactKind.PHONE and point.is_mobile:
            code = await _ask(session, point, Channel.SMS)
    return Corrected(sorted(differs), {}, asked_by_mail, code)


def _read(body: Mapping[str, Any], country: str) -> tuple[dict[ContactKind, Contact | None], dict[str, str]]:
    """Return the addresses that were typed and everything that cannot be read, all of it at once."""
    faults: dict[str, str] = {}
    readable = dict(body)
    try:
        CustomerWrite.model_validate(body)
    except ValidationError as error:
        refused = field_errors(error.errors())
        faults = {_field(each.path): each.code for each in refused}
        readable = {name: body[name] for name in body if name not in {each.path.partition(".")[0] for each in refused}}
    try:
        return prepare(CustomerWrite.model_validate(readable), country).contacts, faults
    except Invalid as refusal:
        return {}, faults | {_field(each.path): each.code for each in refusal.errors}


def _body(differs: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, Any]:
    body: dict[str, Any] = {name: value or None for name, value in differs.items() if name not in ADDRESS}
    if any(name in differs for name in ADDRESS):
        address = {name: value for name in ADDRESS if (value := typed.get(name, "").strip())}
        body["address"] = address if set(address) - {"country"} else None
    return body


def _missing(differs: Mapping[str, str], point: ContactPoint | None) -> dict[str, str]:
    """Return what may not be left empty: the address this very link came to, and the language."""
    faults = {}
    if differs.get("email") == "" and point is not None and point.kind == ContactKind.EMAIL:
        faults["email"] = "missing"
    if "language" in differs and differs["language"] not in {"it", "en"}:
        faults["language"] = "unknown"
    return faults


def _field(path: str) -> str:
    """Return the field of the form a refusal speaks of."""
    head, _, tail = path.partition(".")
    return tail or ("street" if head == "address" else head)


async def _put(
    session: AsyncSession, customer: Customer, kind: ContactKind, contact: Contact | None
) -> ContactPoint | None:
    """State an address; a mail address or a mobile number keeps the one before until it answers (C-23)."""
    before = (await current_points(session, customer.id)).get(kind)
    if contact is None:
        if before is not None:
            await customers.end_contact_point(session, customer.id, before.id, actor=SUBJECT)
        return None
    point = await customers.add_contact_point(
        session, customer.id, contact, is_primary=True, source=SELF_SOURCE, actor=SUBJECT
    )
    answers = kind is ContactKind.EMAIL or bool(point.is_mobile)
    if before is not None and before.id != point.id and not answers:
        await customers.end_contact_point(session, customer.id, before.id, actor=SUBJECT)
    return point


async def _ask(session: AsyncSession, point: ContactPoint, channel: Channel) -> Confirmation | None:
    answer = await confirming.try_asking(
        session, customer_id=point.customer_id, contact_point_id=point.id, channel=channel, actor=SUBJECT
    )
    return answer if isinstance(answer, Confirmation) else None
