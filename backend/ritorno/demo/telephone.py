"""A few people to call: an invented answer of the opposition register, and a campaign that waits for an operator."""

from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.campaigns import service as campaigns
from ritorno.campaigns.schemas import CampaignCreate
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.db import unit_of_work
from ritorno.messaging.models import Template
from ritorno.oppositions import queries as register
from ritorno.oppositions import service as oppositions
from ritorno.oppositions.rules import RegisterKind
from ritorno.segments import service as segments
from ritorno.segments.schemas import SegmentCreate
from ritorno.touches import jobs as planning

ACTOR = Actor.system("demo")
ONE_LISTED_IN = 25
ANSWERED_DAYS_AGO, LISTED_DAYS_AGO = 3, 30

Sessions = async_sessionmaker[AsyncSession]


async def set_up(sessions: Sessions, settings: Settings, *, today: date) -> None:
    """Ask the register about everybody who agreed to calls, then let those who were missed wait to be called."""
    async with unit_of_work(sessions) as session:
        await _answer_register(session, today)
        missed = await segments.create_segment(
            session,
            SegmentCreate(
                name="Chi non si vede da una settimana",
                tree={"field": "last_purchase_days", "op": "more_than", "value": 7},
            ),
            actor=ACTOR,
        )
        script = await session.scalar(select(Template.id).where(Template.code == "rhythm-call"))
        assert script is not None
        wanted = CampaignCreate(
            name="Una telefonata a chi manca",
            segment_id=missed.id,
            template_id=script,
            control_share=Decimal("0.1"),
            window_days=14,
        )
        campaign = await campaigns.create_campaign(session, wanted, actor=ACTOR)
        rehearsal = await campaigns.rehearse_campaign(session, campaign, at=clock.now())
        await campaigns.launch(session, campaign, rehearsal, at=clock.now(), actor=ACTOR)
        touch_id = campaign.touch_id
    await planning.plan(Work(settings, sessions, ACTOR), {"touch_id": str(touch_id)})


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
