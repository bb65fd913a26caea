"""From the body of a transaction to the values that are recorded: shapes by msgspec, many times faster than Pydantic,
then money, quantities and references, every refusal with the path of its field.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from hashlib import blake2b
from operator import attrgetter
from typing import Annotated, Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from ritorno.customers.normalising import Refused, normalise_card, normalise_email, normalise_phone
from ritorno.customers.preparing import Card, Contact, email_contact, phone_contact
from ritorno.customers.rules import AcquisitionSource, ContactKind, Reference, ReferenceKind
from ritorno.kit import clock
from ritorno.kit.money import to_minor
from ritorno.kit.problems import FieldError, Invalid
from ritorno.kit.schemas import clean_text
from ritorno.transactions.rules import Line, Revision, TransactionKind, kind_of

Key = Annotated[str, Meta(min_length=1, max_length=200)]
Text = Annotated[str, Meta(max_length=300)]
Instant = Annotated[datetime, Meta(tz=True)]
Amount = Annotated[str, Meta(max_length=20)] | int

Body = TypeVar("Body", bound="TransactionBody")
Stated = TypeVar("Stated", str, str | None)

MAX_AHEAD = timedelta(days=1)
"""A till's clock may be wrong by a zone, not by more."""


class LineBody(Struct, forbid_unknown_fields=True, kw_only=True, gc=False):
    sku: Key
    name: Text | None = None
    category: Text | None = None
    brand: Text | None = None
    quantity: Amount = "1"
    unit_price: Amount | None = None
    discount: Amount | None = None
    total: Amount


class CustomerBody(Struct, forbid_unknown_fields=True, kw_only=True, gc=False):
    customer_id: UUID | None = None
    card: Annotated[str, Meta(max_length=200)] | None = None
    source: Annotated[str, Meta(max_length=200)] | None = None
    external_id: Annotated[str, Meta(max_length=200)] | None = None
    email: Annotated[str, Meta(max_length=1000)] | None = None
    phone: Annotated[str, Meta(max_length=100)] | None = None
    given_name: Text | None = None
    family_name: Text | None = None


class OriginalBody(Struct, forbid_unknown_fields=True, kw_only=True, gc=False):
    source: Key
    external_id: Key


class TransactionBody(Struct, forbid_unknown_fields=True, kw_only=True):
    occurred_at: Instant
    lines: Annotated[list[LineBody], Meta(min_length=1, max_length=1000)]
    customer: CustomerBody | None = None
    store: Key | None = None
    channel: Text | None = None
    payment: Text | None = None
    reason: Text | None = None
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] | None = None
    kind: Annotated[str, Meta(pattern="^(SALE|RETURN|sale|return)$")] | None = None
    original: OriginalBody | None = None
    total: Amount | None = None
    updated_at: Instant | None = None
    version: Annotated[int, Meta(ge=0, le=2**62)] | None = None


class RowBody(TransactionBody, forbid_unknown_fields=True, kw_only=True):
    source: Key
    external_id: Key


@dataclass(frozen=True, slots=True)
class House:
    """What of the business decides how a body is read."""

    zone: ZoneInfo
    currency: str
    country: str


class Purchase(Struct, frozen=True, kw_only=True):
    """One transaction, ready to be recorded."""

    key: tuple[str, str]
    source: str
    external_id: str
    kind: TransactionKind
    occurred_at: datetime
    business_day: date
    lines: list[Line]
    total_minor: int
    currency: str
    references: tuple[Reference, ...]
    newcomer: Card | None
    """The card to make when nobody is recognised and the body says enough."""
    store: str | None
    channel: str | None
    payment: str | None
    reason: str | None
    original: tuple[str, str] | None
    revision: Revision
    content_hash: int
    body: TransactionBody


def read_row(body: Any, house: House) -> Purchase:
    """Return one row of a batch; Invalid when it is not one."""
    row = _convert(body, RowBody)
    return purchase_of(row, row.source, row.external_id, house)


def read_body(body: Any, source: str, external_id: str, house: House) -> Purchase:
    """Return the transaction a PUT states under its key; Invalid when it is none."""
    return purchase_of(_convert(body, TransactionBody), source, external_id, house)


def read_kept(payload: str | bytes, source: str, external_id: str, house: House) -> Purchase:
    """Return a transaction that was kept unclaimed."""
    return purchase_of(msgspec.json.decode(payload, type=TransactionBody), source, external_id, house)


_MESSAGE_PATH = re.compile(r"^(?P<message>.*?)(?: - at `\$?(?P<path>[^`]*)`)?$", re.DOTALL)
_INDEX = re.compile(r"\[(\d+|\.\.\.)\]")
_NAMED_FIELD = re.compile(r"(?:missing required|contains unknown) field `([^`]+)`")


def _convert(body: Any, shape: type[Body]) -> Body:
    try:
        return msgspec.convert(body, shape)
    except msgspec.ValidationError as error:
        found = _MESSAGE_PATH.match(str(error))
        assert found is not None
        path = _INDEX.sub(r".\1", found["path"] or "").strip(".")
        named = _NAMED_FIELD.search(found["message"])
        if named:
            path = f"{path}.{named[1]}".strip(".")
        code = "shape" if not named else "missing" if "missing" in found["message"] else "unknown-field"
        raise Invalid(errors=[FieldError(path, code, found["message"].replace("`", ""))]) from error


class _Refusals:
    """Collects what is wrong with one body, so that a caller reads it all at once."""

    def __init__(self) -> None:
        self.errors: list[FieldError] = []

    def note(self, path: str, code: str, message: str) -> None:
        self.errors.append(FieldError(path, code, message))

    def text(self, path: str, stated: Stated) -> Stated:
        """Return a text cleaned, or as it is with a note that it cannot be."""
        try:
            return _clean(stated)
        except ValueError as error:
            self.note(path, "bad-text", str(error))
            return stated


def purchase_of(body: TransactionBody, source: str, external_id: str, house: House) -> Purchase:
    """Return the values a body states; Invalid names every field that cannot be."""
    refusals = _Refusals()
    currency = body.currency or house.currency
    if currency != house.currency:
        refusals.note("currency", "other-currency", f"this business counts in {house.currency}")
    if body.occurred_at > clock.now() + MAX_AHEAD or body.occurred_at.year < 1970:
        refusals.note("occurred_at", "bad-time", "is in the future or before 1970")
    lines = _lines(body, currency, refusals)
    totals = [line.total_minor for line in lines]
    total = sum(totals)
    if body.total is not None and _amount(body.total, currency, "total", refusals) not in {total, None}:
        refusals.note("total", "total-mismatch", "is not the sum of the totals of the lines")
    stated = TransactionKind(body.kind.upper()) if body.kind else None
    kind = kind_of(stated, totals, has_original=body.original is not None)
    if kind is TransactionKind.RETURN:
        for number, line in enumerate(lines):
            if line.total_minor > 0 or line.quantity_milli > 0:
                refusals.note(f"lines.{number}.total", "return-not-negative", "returned goods count below zero")
    references, newcomer = _customer(body, house, refusals) if body.customer else ((), None)
    key = (refusals.text("source", source), refusals.text("external_id", external_id))
    store, channel, payment, reason = (
        refusals.text(name, getattr(body, name)) for name in ("store", "channel", "payment", "reason")
    )
    original = None
    if body.original:
        original = (
            refusals.text("original.source", body.original.source),
            refusals.text("original.external_id", body.original.external_id),
        )
    if refusals.errors:
        raise Invalid(errors=refusals.errors)
    return Purchase(
        key=key,
        source=key[0],
        external_id=key[1],
        kind=kind,
        occurred_at=body.occurred_at,
        business_day=body.occurred_at.astimezone(house.zone).date(),
        lines=lines,
        total_minor=total,
        currency=currency,
        references=references,
        newcomer=newcomer,
        store=store,
        channel=channel,
        payment=payment,
        reason=reason,
        original=original,
        revision=Revision(body.version, body.updated_at),
        content_hash=_digest(body),
        body=body,
    )


def _digest(body: TransactionBody) -> int:
    """Return 64 bits that tell a repeated body from a changed one."""
    return int.from_bytes(blake2b(msgspec.msgpack.encode(_STATED(body)), digest_size=8).digest(), "big", signed=True)


_STATED = attrgetter(*TransactionBody.__struct_fields__)


def payload_of(purchase: Purchase) -> str:
    """Return the body as it is kept while nobody is recognised in it."""
    stated = dict(zip(TransactionBody.__struct_fields__, _STATED(purchase.body), strict=True))
    return msgspec.json.encode({name: value for name, value in stated.items() if value is not None}).decode()


def _lines(body: TransactionBody, currency: str, refusals: _Refusals) -> list[Line]:
    lines = []
    for number, line in enumerate(body.lines):
        try:
            lines.append(
                Line(
                    _clean(line.sku),
                    _milli(line.quantity),
                    _minor(line.discount, currency) if line.discount is not None else 0,
                    _minor(line.total, currency),
                    _clean(line.name),
                    _clean(line.category),
                    _clean(line.brand),
                )
            )
            if line.unit_price is not None:
                _decimal(line.unit_price)
        except ValueError:
            _explain_line(line, number, currency, refusals)
    return lines


def _explain_line(line: LineBody, number: int, currency: str, refusals: _Refusals) -> None:
    """Say which field of a line could not be read."""
    for name in ("quantity", "discount", "total", "unit_price"):
        value = getattr(line, name)
        try:
            if value is not None:
                (_milli(value) if name == "quantity" else _decimal(value))
                if name in {"discount", "total"}:
                    _minor(value, currency)
        except ValueError as error:
            refusals.note(f"lines.{number}.{name}", "bad-number", str(error))
    for name in ("sku", "name", "category", "brand"):
        try:
            _clean(getattr(line, name))
        except ValueError as error:
            refusals.note(f"lines.{number}.{name}", "bad-text", str(error))


def _amount(value: str | int, currency: str, path: str, refusals: _Refusals) -> int | None:
    try:
        return _minor(value, currency)
    except ValueError as error:
        refusals.note(path, "bad-number", str(error))
        return None


@lru_cache(maxsize=100_000)
def _minor(value: str | int, currency: str) -> int:
    return to_minor(str(value), currency)


@lru_cache(maxsize=10_000)
def _decimal(value: str | int) -> Decimal:
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError("not a decimal number") from error
    if not number.is_finite() or abs(number) >= 10**14:
        raise ValueError("not a number that can be")
    return number


@lru_cache(maxsize=10_000)
def _milli(value: str | int) -> int:
    scaled = _decimal(value).scaleb(3)
    if scaled != int(scaled):
        raise ValueError("more than three decimals")
    if abs(scaled) >= 10**15:
        raise ValueError("not a quantity that can be")
    return int(scaled)


def _clean(text: Stated) -> Stated:
    """Return a text as `kit.schemas.Input` would, only faster: nearly every text has nothing to clean (B-21)."""
    if not text or (text.isprintable() and text[0] != " " and text[-1] != " "):
        return text
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("is not text") from error
    cleaned = clean_text(text)
    if not cleaned:
        raise ValueError("holds nothing but blanks and control characters")
    return cleaned


def _customer(body: TransactionBody, house: House, refusals: _Refusals) -> tuple[tuple[Reference, ...], Card | None]:
    """Return every way the body names its customer, surest first, and the card to make where nobody is found."""
    named = body.customer
    assert named is not None
    references: list[Reference] = []
    contacts: dict[ContactKind, Contact | None] = {}
    if named.customer_id:
        references.append(Reference(ReferenceKind.CUSTOMER_ID, "", str(named.customer_id)))
    try:
        path = "card"
        if named.card:
            references.append(Reference(ReferenceKind.CARD, "", normalise_card(named.card)))
        path = "external_id"
        if bool(named.source) != bool(named.external_id):
            raise Refused("incomplete", "source and external_id go together")
        if named.source and named.external_id:
            references.append(Reference(ReferenceKind.EXTERNAL, _clean(named.source), _clean(named.external_id)))
        path = "email"
        if named.email:
            references.append(Reference(ReferenceKind.EMAIL, "", normalise_email(named.email).match_key))
        path = "phone"
        if named.phone:
            references.append(Reference(ReferenceKind.PHONE, "", normalise_phone(named.phone, house.country).e164))
        path = "given_name"
        given_name, family_name = _clean(named.given_name), _clean(named.family_name)
    except Refused as refused:
        refusals.note(f"customer.{path}", refused.code, str(refused))
        return (), None
    except ValueError as error:
        refusals.note(f"customer.{path}", "bad-text", str(error))
        return (), None
    if named.customer_id or not references or not (given_name or family_name):
        return tuple(references), None
    if named.email:
        contacts[ContactKind.EMAIL] = email_contact(named.email)
    if named.phone:
        contacts[ContactKind.PHONE] = phone_contact(named.phone, house.country)
    newcomer = Card(
        columns={
            "given_name": given_name,
            "family_name": family_name,
            "acquisition_source": AcquisitionSource.ORDER.value,
            "first_contact_on": body.occurred_at.astimezone(house.zone).date(),
        },
        contacts=contacts,
        cards=tuple(each.value for each in references if each.kind is ReferenceKind.CARD),
    )
    return tuple(references), newcomer
