"""Reads of campaigns, each with the names of its segment and template."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.campaigns.errors import CampaignNotFound, RehearsalNotFound
from ritorno.campaigns.models import Campaign, Rehearsal
from ritorno.campaigns.rules import CampaignState
from ritorno.kit.pages import Page, PageQuery, paginate
from ritorno.messaging.models import Template
from ritorno.segments.models import Segment


@dataclass(frozen=True, slots=True)
class Named:
    """A campaign with what its ids are called."""

    campaign: Campaign
    segment_name: str | None
    template_name: str | None
    channel: str | None
    purpose: str | None


def _named() -> Select[Campaign, str, str, str, str]:
    return (
        select(Campaign, Segment.name, Template.name, Template.channel, Template.purpose)
        .outerjoin(Segment, Segment.id == Campaign.segment_id)
        .outerjoin(Template, Template.id == Campaign.template_id)
    )


async def get_campaign(session: AsyncSession, campaign_id: UUID, *, for_update: bool = False) -> Campaign:
    campaign = await session.get(Campaign, campaign_id, with_for_update=for_update or None)
    if campaign is None:
        raise CampaignNotFound()
    return campaign


async def get_named(session: AsyncSession, campaign_id: UUID) -> Named:
    row = (await session.execute(_named().where(Campaign.id == campaign_id))).first()
    if row is None:
        raise CampaignNotFound()
    return Named(row[0], row[1], row[2], row[3], row[4])


async def list_campaigns(session: AsyncSession, query: PageQuery) -> Page[Named]:
    """Return campaigns, newest first."""
    page: Page[Any] = await paginate(
        session,
        _named(),
        key=[Campaign.created_at, Campaign.id],
        query=query,
        descending=True,
        cast=[datetime.fromisoformat, UUID],
    )
    page.items = [Named(*row[:5]) for row in page.items]
    return page


async def get_rehearsal(session: AsyncSession, campaign_id: UUID, rehearsal_id: UUID) -> Rehearsal:
    rehearsal = await session.get(Rehearsal, rehearsal_id)
    if rehearsal is None or rehearsal.campaign_id != campaign_id:
        raise RehearsalNotFound()
    return rehearsal


async def latest_rehearsal(session: AsyncSession, campaign_id: UUID) -> Rehearsal:
    statement = (
        select(Rehearsal)
        .where(Rehearsal.campaign_id == campaign_id)
        .order_by(Rehearsal.created_at.desc(), Rehearsal.id.desc())
        .limit(1)
    )
    rehearsal = (await session.scalars(statement)).first()
    if rehearsal is None:
        raise RehearsalNotFound()
    return rehearsal


async def due_to_launch(session: AsyncSession, at: datetime) -> Sequence[UUID]:
    """Return the scheduled campaigns whose moment has come."""
    statement = select(Campaign.id).where(Campaign.state == CampaignState.SCHEDULED, Campaign.scheduled_at <= at)
    return (await session.scalars(statement)).all()


async def sending(session: AsyncSession) -> Sequence[UUID]:
    """Return the campaigns that may be done."""
    return (await session.scalars(select(Campaign.id).where(Campaign.state == CampaignState.SENDING))).all()
