"""A campaign on paper: thirty letters ready to be printed, the others waiting for their batch."""

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
from ritorno.postal import jobs as printing
from ritorno.postal import service as postal
from ritorno.postal.schemas import LetterBatchCreate
from ritorno.segments import service as segments
from ritorno.segments.schemas import SegmentCreate
from ritorno.touches import jobs as planning

ACTOR = Actor.system("demo")
IN_THE_BATCH = 30

Sessions = async_sessionmaker[AsyncSession]


async def set_up(sessions: Sessions, settings: Settings) -> None:
    """Launch a letter to those who have been away for three weeks, and prepare a first batch of it."""
    work = Work(settings, sessions, ACTOR)
    async with unit_of_work(sessions) as session:
        away = await segments.create_segment(
            session,
            SegmentCreate(
                name="Chi manca da tre settimane", tree={"field": "last_purchase_days", "op": "more_than", "value": 21}
            ),
            actor=ACTOR,
        )
        letter = await session.scalar(select(Template.id).where(Template.code == "rhythm-letter"))
        assert letter is not None
        wanted = CampaignCreate(
            name="Una lettera a chi manca da tanto",
            segment_id=away.id,
            template_id=letter,
            control_share=Decimal("0.1"),
            window_days=30,
        )
        campaign = await campaigns.create_campaign(session, wanted, actor=ACTOR)
        rehearsal = await campaigns.rehearse_campaign(session, campaign, at=clock.now())
        await campaigns.launch(session, campaign, rehearsal, at=clock.now(), actor=ACTOR)
        touch_id = campaign.touch_id
    await planning.plan(work, {"touch_id": str(touch_id)})
    async with unit_of_work(sessions) as session:
        batch = await postal.request_batch(
            session, LetterBatchCreate(touch_id=touch_id, size=IN_THE_BATCH), actor=ACTOR
        )
    await printing.prepare(work, {"batch_id": str(batch.id)})
