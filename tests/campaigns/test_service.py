"""What is rehearsed is what leaves; what was not rehearsed does not leave."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.campaigns import queries, service
from ritorno.campaigns.errors import ActNotNow, CampaignIncomplete, RehearsalStale
from ritorno.campaigns.models import Campaign
from ritorno.campaigns.schemas import CampaignCreate, CampaignPatch
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.messaging import service as messaging
from ritorno.messaging.errors import TemplateNotReady
from ritorno.messaging.models import Message, QueuedMessage, TouchHold
from ritorno.messaging.rules import TemplateStatus
from ritorno.messaging.schemas import TemplatePatch, TemplateTextWrite
from ritorno.segments import queries as segments
from ritorno.segments import service as segment_service
from ritorno.segments.schemas import SegmentPatch, read_tree
from ritorno.touches import queries as touches
from ritorno.touches import service as touch_service
from ritorno.touches.states import TouchState
from tests.factories.campaigns import OWNER, launch, make_campaign, make_crowd, plan_all, withdraw
from tests.factories.customers import make_customer
from tests.factories.messaging import MJML
from tests.factories.segments import make_segment


async def outcomes(session: AsyncSession, campaign: Campaign) -> Counter[str]:
    rows = await session.scalars(select(Message.status).where(Message.touch_id == campaign.touch_id))
    return Counter(rows)


async def test_the_rehearsal_says_what_the_launch_then_does(session: AsyncSession, settings: Settings) -> None:
    people = await make_crowd(session, 60, yes_every=2)
    await withdraw(session, people[0])
    await make_customer(session, email="persona2@example.com")
    await make_customer(session, email=None)
    # Half of 29 people: that nobody or everybody is drawn will not be seen in a lifetime.
    campaign = await make_campaign(session, settings, control_share="0.50")

    rehearsal = await launch(session, campaign)

    found = await outcomes(session, campaign)
    assert rehearsal.audience == 62
    assert rehearsal.will_receive + rehearsal.control + rehearsal.deferred + rehearsal.denied == rehearsal.audience
    assert (found["queued"], found["control"], found["deferred"], found["skipped"]) == (
        rehearsal.will_receive,
        rehearsal.control,
        rehearsal.deferred,
        rehearsal.denied,
    )
    reasons = await session.scalars(
        select(Message.reason).where(Message.touch_id == campaign.touch_id, Message.reason.is_not(None))
    )
    assert Counter(reasons) == Counter({each["reason"]: each["count"] for each in rehearsal.by_reason})
    assert rehearsal.control > 0
    assert rehearsal.will_receive > 0


async def test_a_rehearsal_writes_no_message(session: AsyncSession, settings: Settings) -> None:
    await make_crowd(session, 5)
    campaign = await make_campaign(session, settings)

    await service.rehearse_campaign(session, campaign, at=clock.now())

    assert (await session.execute(select(Message.id))).first() is None
    assert (await session.execute(select(QueuedMessage.message_id))).first() is None


async def test_who_is_in_the_control_group_gets_nothing_and_is_still_listed(
    session: AsyncSession, settings: Settings
) -> None:
    await make_crowd(session, 40)
    campaign = await make_campaign(session, settings, control_share="0.50")

    await launch(session, campaign)

    rows = (await session.scalars(select(Message).where(Message.touch_id == campaign.touch_id))).all()
    queued = set(await session.scalars(select(QueuedMessage.message_id)))
    control = [row for row in rows if row.arm == "CONTROL"]
    assert len(rows) == 40
    assert 8 <= len(control) <= 32
    assert all(row.status == "control" and row.reason == "HOLDOUT" and row.id not in queued for row in control)


async def test_a_segment_that_uses_purchases_reaches_only_who_agreed_to_that(
    session: AsyncSession, settings: Settings
) -> None:
    """C-18."""
    await make_crowd(session, 4)
    await make_crowd(session, 3, profiling=True, first=4)
    segment = await make_segment(session, {"field": "revenue", "op": "at_most", "value": "1000"})
    campaign = await make_campaign(session, settings, segment=segment, control_share="0")

    rehearsal = await service.rehearse_campaign(session, campaign, at=clock.now())

    assert {each["reason"]: each["count"] for each in rehearsal.by_reason if each["reason"] == "NO_PROFILING"} == {
        "NO_PROFILING": 4
    }


async def test_a_rehearsal_of_an_older_version_launches_nothing(session: AsyncSession, settings: Settings) -> None:
    await make_crowd(session, 3)
    campaign = await make_campaign(session, settings)
    rehearsal = await service.rehearse_campaign(session, campaign, at=clock.now())
    await service.edit_campaign(session, campaign, CampaignPatch(window_days=7), actor=OWNER)

    with pytest.raises(RehearsalStale):
        await service.launch(session, campaign, rehearsal, at=clock.now(), actor=OWNER)


async def test_an_edit_of_the_segment_after_the_rehearsal_launches_nothing(
    session: AsyncSession, settings: Settings
) -> None:
    await make_crowd(session, 3)
    campaign = await make_campaign(session, settings)
    rehearsal = await service.rehearse_campaign(session, campaign, at=clock.now())
    assert campaign.segment_id is not None
    segment = await segments.get_segment(session, campaign.segment_id)
    tree = read_tree({"field": "language", "op": "in", "value": ["it"]})
    await segment_service.edit_segment(session, segment, SegmentPatch(tree=tree), actor=OWNER)

    with pytest.raises(RehearsalStale):
        await service.launch(session, campaign, rehearsal, at=clock.now(), actor=OWNER)


async def test_b_25_a_template_that_lost_its_opt_out_is_not_sent(session: AsyncSession, settings: Settings) -> None:
    campaign = await make_campaign(session, settings)
    rehearsal = await service.rehearse_campaign(session, campaign, at=clock.now())
    _, template = await service._choices(session, campaign)
    template.status = TemplateStatus.DRAFT

    with pytest.raises(TemplateNotReady):
        await service.launch(session, campaign, rehearsal, at=clock.now(), actor=OWNER)
    with pytest.raises(TemplateNotReady):
        await service.schedule(session, campaign, clock.now(), actor=OWNER)


async def test_a_draft_without_a_segment_cannot_be_rehearsed(session: AsyncSession) -> None:
    campaign = await service.create_campaign(session, CampaignCreate(name="Vuota"), actor=OWNER)

    with pytest.raises(CampaignIncomplete):
        await service.rehearse_campaign(session, campaign, at=clock.now())


async def test_an_edit_while_it_is_planned_touches_nothing_that_leaves(
    session: AsyncSession, settings: Settings
) -> None:
    """B-27: the snapshot in the touch goes on."""
    await make_crowd(session, 20)
    campaign = await make_campaign(session, settings, control_share="0")
    at = clock.now()
    rehearsal = await service.rehearse_campaign(session, campaign, at=at)
    await service.launch(session, campaign, rehearsal, at=at, actor=OWNER)
    assert campaign.touch_id is not None
    await touch_service.plan_next(session, campaign.touch_id, at=at, size=5)
    nobody = await make_segment(session, {"field": "city", "op": "in", "value": ["Nessuna"]}, name="Nessuno")
    _, template = await service._choices(session, campaign)
    changed = TemplatePatch(texts=[TemplateTextWrite(language="it", subject="Un altro oggetto", body=MJML)])

    await service.edit_campaign(session, campaign, CampaignPatch(segment_id=nobody.id), actor=OWNER)
    await messaging.edit_template(session, template, changed, settings=settings, actor=OWNER)
    await plan_all(session, campaign, at=at, size=5)

    assert await outcomes(session, campaign) == {"queued": 20}
    versions = await session.scalars(select(Message.template_version).where(Message.touch_id == campaign.touch_id))
    assert (set(versions), template.version, campaign.version) == ({1}, 2, 2)


async def test_planning_resumed_after_a_crash_gives_everybody_one_row(
    session: AsyncSession, settings: Settings
) -> None:
    people = await make_crowd(session, 23)
    campaign = await make_campaign(session, settings, control_share="0")
    at = clock.now()
    rehearsal = await service.rehearse_campaign(session, campaign, at=at)
    await service.launch(session, campaign, rehearsal, at=at, actor=OWNER)
    assert campaign.touch_id is not None
    await touch_service.plan_next(session, campaign.touch_id, at=at, size=10)
    touch = await touches.get_touch(session, campaign.touch_id)
    touch.cursor = None  # the batch was written, its cursor lost

    await plan_all(session, campaign, at=at, size=10)

    rows = (await session.scalars(select(Message.customer_id).where(Message.touch_id == touch.id))).all()
    assert sorted(rows) == sorted(people)
    assert touch.state == TouchState.PLANNED
    assert touch.counts["eligible"] == 23
    assert touch.counts["by_status"] == {"queued": 23}


async def test_a_paused_campaign_plans_and_sends_nothing_until_it_is_resumed(
    session: AsyncSession, settings: Settings
) -> None:
    await make_crowd(session, 12)
    campaign = await make_campaign(session, settings, control_share="0")
    at = clock.now()
    rehearsal = await service.rehearse_campaign(session, campaign, at=at)
    await service.launch(session, campaign, rehearsal, at=at, actor=OWNER)
    assert campaign.touch_id is not None
    await touch_service.plan_next(session, campaign.touch_id, at=at, size=5)

    await service.pause(session, campaign, actor=OWNER)
    more = await touch_service.plan_next(session, campaign.touch_id, at=at, size=5)

    assert not more
    assert list(await session.scalars(select(TouchHold.touch_id))) == [campaign.touch_id]
    await service.resume(session, campaign, actor=OWNER)
    await plan_all(session, campaign, at=at)
    assert list(await session.scalars(select(TouchHold.touch_id))) == []
    assert await outcomes(session, campaign) == {"queued": 12}


async def test_a_cancelled_campaign_cancels_what_was_not_handed_over(session: AsyncSession, settings: Settings) -> None:
    await make_crowd(session, 6)
    campaign = await make_campaign(session, settings, control_share="0")
    await launch(session, campaign)

    await service.cancel(session, campaign, at=clock.now(), actor=OWNER)

    assert await outcomes(session, campaign) == {"cancelled": 6}
    assert (await session.execute(select(QueuedMessage.message_id))).first() is None
    with pytest.raises(ActNotNow):
        await service.resume(session, campaign, actor=OWNER)


async def test_a_campaign_is_done_when_nothing_is_on_its_way(session: AsyncSession, settings: Settings) -> None:
    await make_crowd(session, 3, yes_every=5)
    campaign = await make_campaign(session, settings, control_share="0")
    await launch(session, campaign)

    before = await service.finish_if_done(session, campaign.id, at=clock.now())
    queued = (await session.scalars(select(QueuedMessage))).all()
    for row in queued:
        await session.delete(row)
    await session.flush()
    after = await service.finish_if_done(session, campaign.id, at=clock.now())

    assert (before, after) == (False, True)
    assert campaign.state == "done"


async def test_a_schedule_can_be_moved_and_taken_back(session: AsyncSession, settings: Settings) -> None:
    campaign = await make_campaign(session, settings)
    await service.rehearse_campaign(session, campaign, at=clock.now())

    await service.schedule(session, campaign, clock.now() + timedelta(hours=1), actor=OWNER)
    await service.schedule(session, campaign, clock.now() + timedelta(hours=2), actor=OWNER)
    assert await queries.due_to_launch(session, clock.now()) == []
    await service.unschedule(session, campaign, actor=OWNER)

    assert (campaign.state, campaign.scheduled_at) == ("draft", None)
