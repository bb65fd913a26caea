"""Something to look at from the first minute: saved segments, a campaign in draft, and one finished measure.

The finished campaign is simulated: it runs through the same code as any other, with the clock held in the past, but the
people are invented and nobody was written to. The purchases after it are real and knew nothing of it, so an honest
measure finds no difference.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.campaigns import queries as campaign_queries
from ritorno.campaigns import service as campaigns
from ritorno.campaigns.schemas import CampaignCreate
from ritorno.catalog.models import Category
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.db import unit_of_work
from ritorno.messaging import jobs as dispatch
from ritorno.messaging.models import Template
from ritorno.segments import service as segments
from ritorno.segments.schemas import SegmentCreate
from ritorno.stores import queries as stores
from ritorno.touches import jobs as planning

ACTOR = Actor.system("demo")
GROUP = "alimentari"
DAYS_AGO = 40

Sessions = async_sessionmaker[AsyncSession]


async def tell(sessions: Sessions, settings: Settings, *, today: date) -> None:
    """Save the segments and the draft, then let the past campaign happen."""
    async with unit_of_work(sessions) as session:
        coffee = await session.scalar(select(Category.id).where(Category.name == "Caffè"))
        zone = ZoneInfo((await stores.get_business(session)).timezone)
        # The newsletter offers food: with this group soft opt-in can reach those who bought food (C-07).
        await session.execute(update(Template).where(Template.code == "newsletter").values(similarity_group=GROUP))
        newsletter = await session.scalar(select(Template.id).where(Template.code == "newsletter"))
        assert newsletter is not None
        drinkers = await _segment(
            session,
            "Chi beve caffè",
            {"field": "bought", "category_id": str(coffee), "at_least": 2, "days": 90, "spent_at_least": "10.00"},
        )
        await _segment(
            session,
            "Adulti di Bologna che mancano da un mese",
            {
                "all": [
                    {"field": "age", "op": "between", "value": [25, 64]},
                    {"field": "city", "op": "in", "value": ["Bologna"]},
                    {"field": "last_purchase_days", "op": "more_than", "value": 30},
                ]
            },
        )
        everyone = await _segment(
            session, "Chi ha comprato nell'ultimo anno", {"field": "last_purchase_days", "op": "at_most", "value": 365}
        )
        await campaigns.create_campaign(session, _campaign("Caffè d'autunno", drinkers, newsletter), actor=ACTOR)
    moment = datetime.combine(today - timedelta(days=DAYS_AGO), time(10, 30), zone)
    with clock.frozen(moment):
        await _run_campaign(sessions, settings, _campaign("Rientro di ottobre (simulata)", everyone, newsletter))


def _campaign(name: str, segment_id: UUID, template_id: UUID) -> CampaignCreate:
    return CampaignCreate(
        name=name, segment_id=segment_id, template_id=template_id, control_share=Decimal("0.2"), window_days=14
    )


async def _segment(session: AsyncSession, name: str, tree: dict[str, Any]) -> UUID:
    segment = await segments.create_segment(session, SegmentCreate(name=name, tree=tree), actor=ACTOR)
    return segment.id


async def _run_campaign(sessions: Sessions, settings: Settings, wanted: CampaignCreate) -> None:
    """Rehearse, launch, plan, deliver and close one campaign at the moment the clock is held at."""
    work = Work(settings, sessions, ACTOR)
    async with unit_of_work(sessions) as session:
        campaign = await campaigns.create_campaign(session, wanted, actor=ACTOR)
        rehearsal = await campaigns.rehearse_campaign(session, campaign, at=clock.now())
        await campaigns.launch(session, campaign, rehearsal, at=clock.now(), actor=ACTOR)
        touch_id, campaign_id = campaign.touch_id, campaign.id
    await planning.plan(work, {"touch_id": str(touch_id)})
    await dispatch.deliver_due(work, {})
    async with unit_of_work(sessions) as session:
        if await campaigns.finish_if_done(session, campaign_id, at=clock.now()):
            return
        left = await campaign_queries.get_campaign(session, campaign_id)
    raise RuntimeError(f"the simulated campaign is still {left.state}")
