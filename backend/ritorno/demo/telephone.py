"""A few people to call: an invented answer of the opposition register, and a campaign that waits for an operator."""

from datetime import date, timedelta

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.demo.launching import launch
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.oppositions import queries as register
from ritorno.oppositions import service as oppositions
from ritorno.oppositions.rules import RegisterKind

ACTOR = Actor.system("demo")
ONE_LISTED_IN = 25
ANSWERED_DAYS_AGO, LISTED_DAYS_AGO = 3, 30

Sessions = async_sessionmaker[AsyncSession]


async def set_up(sessions: Sessions, settings: Settings, *, today: date) -> None:
    """Ask the register about everybody who agreed to calls, then let those who were missed wait to be called."""
    work = Work(settings, sessions, ACTOR)
    async with work.session() as session:
        await _answer_register(session, today)
    await launch(
        work,
        "Una telefonata a chi manca",
        segment="Chi non si vede da una settimana",
        tree={"field": "last_purchase_days", "op": "more_than", "value": 7},
        template="rhythm-call",
        window_days=14,
    )


async def _answer_register(session: AsyncSession, today: date) -> None:
    numbers = await register.numbers_to_ask(session, RegisterKind.PHONE, is_due_only=False)
    since = today - timedelta(days=LISTED_DAYS_AGO)
    rows = [
        f"{number};si;{since}" if place % ONE_LISTED_IN == 7 else f"{number};no;"
        for place, number in enumerate(numbers)
    ]
    await oppositions.take_in(
        session,
        "\n".join(["numero;esito;dal", *rows]).encode(),
        file_name="esito-dimostrativo.csv",
        kind=RegisterKind.PHONE,
        answered_on=today - timedelta(days=ANSWERED_DAYS_AGO),
        actor=ACTOR,
    )
