"""The privacy desk of the demo: requests of every age, a fresh answer of the register, who works for the shop.

Nobody asked and no operator answered: everything here is invented, with the clock held in the past.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.accountability import service as accountability
from ritorno.accountability import words as terms
from ritorno.accountability.rules import TransferTool
from ritorno.accountability.schemas import BilingualIn, ProcessorCreate, TermsAccept
from ritorno.customers.models import Customer
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.db import unit_of_work
from ritorno.oppositions import queries as register
from ritorno.oppositions import service as oppositions
from ritorno.oppositions.rules import RegisterKind
from ritorno.privacy import service as privacy
from ritorno.privacy.rules import IdentityMethod, Outcome, RequestChannel, RequestKind
from ritorno.privacy.schemas import IdentityStatement, RequestAnswer
from ritorno.stores import queries as stores

ACTOR = Actor.system("demo")
REGISTER_DAYS_AGO = 6
"""A first answer of the register stays good for nine more days."""
ONE_IN = 25
"""How rarely an invented number stands in the register."""

Sessions = async_sessionmaker[AsyncSession]

REQUESTS = (
    (RequestKind.ACCESS, RequestChannel.EMAIL, 26),
    (RequestKind.ERASURE, RequestChannel.LETTER, 9),
    (RequestKind.RECTIFICATION, RequestChannel.DESK, 3),
    (RequestKind.PORTABILITY, RequestChannel.WEB, 1),
)


async def set_up(sessions: Sessions, *, today: date) -> None:
    """Fill the desk as it looks in a shop that has worked for a while."""
    async with unit_of_work(sessions) as session:
        zone = ZoneInfo((await stores.get_business(session)).timezone)
        people = list(
            await session.scalars(select(Customer.id).order_by(Customer.id).offset(100).limit(len(REQUESTS) + 1))
        )
        await _accept_and_name(session, since=today - timedelta(days=400))
    with clock.frozen(_at(today, REGISTER_DAYS_AGO, zone)):
        await _ask_the_register(sessions, today - timedelta(days=REGISTER_DAYS_AGO))
    await _answer_an_old_objection(sessions, people.pop(), today=today, zone=zone)
    for customer_id, (kind, channel, days_ago) in zip(people, REQUESTS, strict=True):
        with clock.frozen(_at(today, days_ago, zone)):
            async with unit_of_work(sessions) as session:
                await privacy.receive_request(session, kind=kind, channel=channel, customer_id=customer_id, actor=ACTOR)


def _at(today: date, days_ago: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(today - timedelta(days=days_ago), time(10, 0), zone)


async def _accept_and_name(session: AsyncSession, *, since: date) -> None:
    """Accept what the operator undertakes, and name who works for the shop (C-01, C-36)."""
    await accountability.accept_terms(
        session,
        TermsAccept(text_sha256=terms.terms_sha256(), accepted_on=since, accepted_by="Giulia Riva"),
        actor=ACTOR,
    )
    for name, italian, english in (
        ("Server di Bottega S.r.l.", "Ospita il server e le copie di sicurezza", "Hosts the server and its backups"),
        ("Tipografia Portici", "Stampa e imbusta le lettere", "Prints and posts the letters"),
    ):
        await accountability.add_processor(
            session,
            ProcessorCreate(
                name=name,
                service=BilingualIn(it=italian, en=english),
                country="IT",
                transfer_tool=TransferTool.IN_EEA,
                dpa_signed_on=since,
                since=since,
            ),
            actor=ACTOR,
        )


async def _ask_the_register(sessions: Sessions, answered_on: date) -> None:
    async with unit_of_work(sessions) as session:
        numbers = await register.numbers_to_ask(session, RegisterKind.PHONE, is_due_only=False)
        if numbers:
            await oppositions.take_in(
                session,
                _answer(numbers),
                file_name="risposta-rpo.csv",
                kind=RegisterKind.PHONE,
                answered_on=answered_on,
                actor=ACTOR,
            )


def _answer(numbers: Sequence[str]) -> bytes:
    rows = [f"{number};{'iscritto' if place % ONE_IN == 0 else 'non iscritto'}" for place, number in enumerate(numbers)]
    return "\r\n".join(["numero;esito", *rows, ""]).encode()


async def _answer_an_old_objection(sessions: Sessions, customer_id: UUID, *, today: date, zone: ZoneInfo) -> None:
    """Take a request of two months ago to its end, so that the list has one that was answered."""
    with clock.frozen(_at(today, 60, zone)):
        async with unit_of_work(sessions) as session:
            request = await privacy.receive_request(
                session,
                kind=RequestKind.OBJECTION,
                channel=RequestChannel.PHONE,
                customer_id=customer_id,
                actor=ACTOR,
            )
            request_id = request.id
    with clock.frozen(_at(today, 58, zone)):
        async with unit_of_work(sessions) as session:
            statement = IdentityStatement(method=IdentityMethod.CALL_TO_STORED_PHONE)
            await privacy.identify(session, request_id, statement, actor=ACTOR)
            await privacy.answer(session, request_id, RequestAnswer(outcome=Outcome.GRANTED), actor=ACTOR)
