"""People with and without a yes, a campaign to them, and its launch carried to the end of planning."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.campaigns import service
from ritorno.campaigns.models import Campaign, Rehearsal
from ritorno.campaigns.schemas import CampaignCreate
from ritorno.consents.rules import Action, Purpose
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.messaging.models import Template
from ritorno.segments.models import Segment
from ritorno.touches import service as touches
from tests.factories.consents import make_consent, make_notice_version
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business, make_template
from tests.factories.segments import make_segment

OWNER = Actor("user", UUID(int=9), "Titolare", frozenset({"*"}), "owner")


async def make_crowd(
    session: AsyncSession, count: int, *, yes_every: int = 1, profiling: bool = False, first: int = 0
) -> list[UUID]:
    """Make people with an email; every n-th of them said yes to marketing, the others were never asked."""
    marketing = await make_notice_version(session)
    profile = await make_notice_version(session, purpose=Purpose.PROFILING)
    people = []
    for number in range(first, first + count):
        customer = await make_customer(session, given_name=f"Persona {number}", email=f"persona{number}@example.com")
        people.append(customer.id)
        if number % yes_every == 0:
            await make_consent(session, customer.id, version=marketing)
            if profiling:
                await make_consent(session, customer.id, purpose=Purpose.PROFILING, channel=None, version=profile)
    return people


async def withdraw(session: AsyncSession, customer_id: UUID) -> None:
    """Let somebody say no to marketing by email, just now."""
    await make_consent(session, customer_id, action=Action.WITHDRAW, at=clock.now())


async def make_campaign(
    session: AsyncSession,
    settings: Settings,
    *,
    segment: Segment | None = None,
    template: Template | None = None,
    control_share: str = "0.10",
    **more: Any,
) -> Campaign:
    """Make a draft with its segment and template; everybody, when no segment is given."""
    if template is None:
        await make_business(session)
        template = await make_template(session, settings)
    segment = segment or await make_segment(session)
    body = CampaignCreate(
        name="Rientro d'autunno",
        segment_id=segment.id,
        template_id=template.id,
        control_share=Decimal(control_share),
        **more,
    )
    return await service.create_campaign(session, body, actor=OWNER)


async def launch(session: AsyncSession, campaign: Campaign, *, at: datetime | None = None) -> Rehearsal:
    """Rehearse and launch, and freeze the whole audience."""
    at = at or clock.now()
    rehearsal = await service.rehearse_campaign(session, campaign, at=at)
    await service.launch(session, campaign, rehearsal, at=at, actor=OWNER)
    await plan_all(session, campaign, at=at)
    return rehearsal


async def plan_all(session: AsyncSession, campaign: Campaign, *, at: datetime, size: int = 7) -> None:
    """Freeze what is left of the audience, in small batches."""
    assert campaign.touch_id is not None
    while await touches.plan_next(session, campaign.touch_id, at=at, size=size):
        pass


def days_ago(days: int) -> datetime:
    return clock.now() - timedelta(days=days)
