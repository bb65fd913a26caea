"""Campaigns that move by themselves, also when a job runs twice."""

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import Task
from ritorno.campaigns import jobs, service
from ritorno.campaigns.models import Campaign
from ritorno.campaigns.schemas import CampaignPatch
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message, QueuedMessage
from ritorno.touches import jobs as touch_jobs
from ritorno.touches.models import Touch
from tests.factories.campaigns import OWNER, make_campaign, make_crowd


async def scheduled(session: AsyncSession, settings: Settings) -> Campaign:
    await make_crowd(session, 4)
    campaign = await make_campaign(session, settings, control_share="0")
    await service.rehearse_campaign(session, campaign, at=clock.now())
    await service.schedule(session, campaign, clock.now() + timedelta(minutes=1), actor=OWNER)
    await session.commit()
    return campaign


async def test_a_scheduled_campaign_leaves_at_its_moment_and_once(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    campaign = await scheduled(session, settings)

    await jobs.launch_due(work, {})
    await session.refresh(campaign)
    before = campaign.state
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await jobs.launch_due(work, {})
        await jobs.launch_due(work, {})
    await session.refresh(campaign)

    assert (before, campaign.state) == ("scheduled", "sending")
    assert len((await session.scalars(select(Touch))).all()) == 1


async def test_a_schedule_whose_campaign_changed_goes_back_to_draft_and_asks_a_person(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    campaign = await scheduled(session, settings)
    segment, _ = await service._choices(session, campaign)
    segment.version += 1
    await session.commit()

    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await jobs.launch_due(work, {})
    await session.refresh(campaign)

    task = (await session.scalars(select(Task))).one()
    assert (campaign.state, campaign.scheduled_at) == ("draft", None)
    assert (task.kind, task.details) == ("campaign_not_launched", {"code": "rehearsal-stale"})


async def test_planning_twice_gives_everybody_one_row(session: AsyncSession, settings: Settings, work: Work) -> None:
    campaign = await scheduled(session, settings)
    with clock.frozen(clock.now() + timedelta(minutes=2)):
        await jobs.launch_due(work, {})
        await session.refresh(campaign)

        for _ in range(2):
            await touch_jobs.plan(work, {"touch_id": str(campaign.touch_id)})

    assert len((await session.scalars(select(Message.customer_id))).all()) == 4


async def test_a_finished_campaign_is_closed_by_the_sweep(
    session: AsyncSession, settings: Settings, work: Work
) -> None:
    await make_crowd(session, 2)
    campaign = await make_campaign(session, settings, control_share="0.50")
    await service.edit_campaign(session, campaign, CampaignPatch(window_days=7), actor=OWNER)
    rehearsal = await service.rehearse_campaign(session, campaign, at=clock.now())
    await service.launch(session, campaign, rehearsal, at=clock.now(), actor=OWNER)
    await session.commit()
    await touch_jobs.plan(work, {"touch_id": str(campaign.touch_id)})
    for message in await session.scalars(select(Message).where(Message.status == "queued")):
        message.status = "skipped"
        message.reason = "WITHDRAWN"
    await session.execute(delete(QueuedMessage))
    await session.commit()

    await jobs.launch_due(work, {})
    await session.refresh(campaign)

    assert campaign.state == "done"
