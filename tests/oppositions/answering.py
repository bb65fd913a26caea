"""Answers of the operator, for the tests of this folder."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.models import ContactPoint, Customer
from ritorno.kit.actor import Actor
from ritorno.oppositions import service
from ritorno.oppositions.models import OppositionCheck, OppositionUpload
from ritorno.oppositions.rules import RegisterKind

OFFICER = Actor("user", None, "Carla", frozenset({"privacy:write"}), "privacy_officer")
ANNA, BICE = "+393331234567", "+393331234568"


async def answer(
    session: AsyncSession, on: date, *, kind: RegisterKind = RegisterKind.PHONE, since: date | None = None, **said: bool
) -> OppositionUpload:
    """Take in an answer about Anna's and Bice's numbers."""
    numbers = {"anna": ANNA, "bice": BICE}
    rows = [f"{numbers[who]};{'si' if is_listed else 'no'};{since or ''}" for who, is_listed in said.items()]
    content = "\n".join(["numero;esito;dal", *rows]).encode()
    upload, _ = await service.take_in(session, content, file_name="esito.csv", kind=kind, answered_on=on, actor=OFFICER)
    return upload


async def listings_of(session: AsyncSession, customer: Customer) -> list[tuple[date, date | None]]:
    """Return what each answer says of a person's numbers: its day, and since when they are listed."""
    rows = await session.execute(
        select(OppositionCheck.checked_at, OppositionCheck.first_listed_at)
        .join(ContactPoint, ContactPoint.id == OppositionCheck.contact_point_id)
        .where(ContactPoint.customer_id == customer.id)
        .order_by(OppositionCheck.checked_at)
    )
    return [(_day(checked), _day(listed) if listed else None) for checked, listed in rows]


def _day(moment: datetime) -> date:
    return moment.astimezone(ZoneInfo("Europe/Rome")).date()
