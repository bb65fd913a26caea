"""People who may be called: a yes on paper, a fresh answer of the register, a message that waits for an operator."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel
from ritorno.customers.models import Customer
from ritorno.identity.models import User
from ritorno.identity.rules import Role
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.messaging import service as messaging
from ritorno.messaging.models import Template
from ritorno.oppositions import service as oppositions
from ritorno.oppositions.rules import RegisterKind
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business, make_plan, make_template

_numbers = count(1)
SCRIPT = """Parlo con {{ customer.full_name | default: 'il cliente' }}? Da {{ business.name }} la aspettiamo.

Se non desidera più ricevere telefonate me lo dica: lo segno subito."""
LONG_AGO = datetime(2026, 2, 1, 10, tzinfo=UTC)


async def make_call_desk(session: AsyncSession, settings: Settings) -> Template:
    """Give the business a sender that may call, and a script."""
    await make_business(session)
    await messaging.refresh_readiness(session, settings)
    return await make_template(session, settings, channel=Channel.PHONE_OPERATOR, subject="Telefonata", body=SCRIPT)


async def make_callable(session: AsyncSession, given_name: str = "Anna", **columns: object) -> Customer:
    """Make somebody who agreed long ago to be called."""
    number = f"+39333{next(_numbers):07d}"
    customer = await make_customer(session, given_name=given_name, phone=number, **columns)  # type: ignore[arg-type]
    await make_consent(session, customer.id, channel=Channel.PHONE_OPERATOR, at=LONG_AGO)
    return customer


async def answer_register(
    session: AsyncSession, numbers: Sequence[str], on: date, *, listed_since: date | None = None
) -> None:
    """Take in an answer of the opposition register about these numbers."""
    rows = [f"{number};{'si' if listed_since else 'no'};{listed_since or ''}" for number in numbers]
    await oppositions.take_in(
        session,
        "\n".join(["numero;esito;dal", *rows]).encode(),
        file_name=f"{uuid4().hex}.csv",
        kind=RegisterKind.PHONE,
        answered_on=on,
        actor=Actor("user", None, "Carla"),
    )


async def make_operator(session: AsyncSession, name: str = "Giulia") -> Actor:
    """Make a member of staff who calls."""
    user = User(email=f"{uuid4().hex}@shop.example", name=name, role=Role.MARKETER, password_hash="-")
    session.add(user)
    await session.flush()
    return Actor("user", user.id, name, frozenset({"calls:write"}), "marketer")


async def plan_calls(
    session: AsyncSession, template: Template, customers: Sequence[Customer], *, due_at: datetime | None = None
) -> None:
    """Let these people wait to be called."""
    ids: list[UUID] = [customer.id for customer in customers]
    await make_plan(session, template, ids, due_at=due_at)
