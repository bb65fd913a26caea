"""A campaign of the demo shop, launched and planned to the end."""

from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select

from ritorno.campaigns import service as campaigns
from ritorno.campaigns.schemas import CampaignCreate
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.messaging.models import Template
from ritorno.segments import service as segments
from ritorno.segments.schemas import SegmentCreate
from ritorno.touches import jobs as planning


async def launch(work: Work, name: str, *, segment: str, tree: dict[str, Any], template: str, window_days: int) -> UUID:
    """Launch a campaign to a segment of its own, and return its touch; a tenth of the people is the control group."""
    async with work.session() as session:
        chosen = await segments.create_segment(session, SegmentCreate(name=segment, tree=tree), actor=work.actor)
        template_id = await session.scalar(select(Template.id).where(Template.code == template))
        assert template_id is not None
        wanted = CampaignCreate(
            name=name,
            segment_id=chosen.id,
            template_id=template_id,
            control_share=Decimal("0.1"),
            window_days=window_days,
        )
        campaign = await campaigns.create_campaign(session, wanted, actor=work.actor)
        rehearsal = await campaigns.rehearse_campaign(session, campaign, at=clock.now())
        await campaigns.launch(session, campaign, rehearsal, at=clock.now(), actor=work.actor)
        touch_id = campaign.touch_id
    assert touch_id is not None
    await planning.plan(work, {"touch_id": str(touch_id)})
    return touch_id
