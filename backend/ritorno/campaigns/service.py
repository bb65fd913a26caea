"""Every change of campaigns: drafting, rehearsing, scheduling, launching, holding, cancelling, finishing."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.campaigns import queries
from ritorno.campaigns.errors import ActNotNow, CampaignIncomplete, RehearsalStale
from ritorno.campaigns.models import Campaign, Rehearsal
from ritorno.campaigns.rules import Act, CampaignState, after
from ritorno.campaigns.schemas import CampaignCreate, CampaignPatch
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.messaging import queries as messages
from ritorno.messaging import service as messaging
from ritorno.messaging.errors import TemplateNotReady
from ritorno.messaging.models import Template
from ritorno.messaging.planning import ANY_SITE
from ritorno.messaging.rules import TemplateStatus
from ritorno.segments import queries as segments
from ritorno.segments.models import Segment
from ritorno.stores import queries as stores
from ritorno.touches import queries as touch_queries
from ritorno.touches import service as touches
from ritorno.touches.audience import Split
from ritorno.touches.rehearsing import rehearse
from ritorno.touches.service import Opening
from ritorno.touches.states import TouchKind, TouchState


async def create_campaign(session: AsyncSession, body: CampaignCreate, *, actor: Actor) -> Campaign:
    """Begin a draft."""
    await _check_choices(session, body.segment_id, body.template_id)
    now = clock.now()
    campaign = Campaign(
        name=body.name,
        segment_id=body.segment_id,
        template_id=body.template_id,
        control_share=body.control_share,
        salt=touches.new_salt(),
        window_days=body.window_days,
        created_at=now,
        updated_at=now,
    )
    session.add(campaign)
    await session.flush()
    await _record(session, actor, "campaign.created", campaign)
    return campaign


async def edit_campaign(session: AsyncSession, campaign: Campaign, patch: CampaignPatch, *, actor: Actor) -> Campaign:
    """Change a campaign into its next version. What is being sent goes on from its own copy (B-27)."""
    _move(campaign, Act.EDIT)
    changes = patch.model_dump(exclude_unset=True)
    await _check_choices(session, changes.get("segment_id"), changes.get("template_id"))
    for field, value in changes.items():
        setattr(campaign, field, value)
    campaign.version += 1
    campaign.updated_at = clock.now()
    await _record(session, actor, "campaign.edited", campaign)
    return campaign


async def remove_campaign(session: AsyncSession, campaign: Campaign, *, actor: Actor) -> None:
    """Throw a draft away; anything that was ever scheduled or sent stays."""
    _move(campaign, Act.REMOVE)
    await _record(session, actor, "campaign.removed", campaign)
    await session.delete(campaign)


async def _check_choices(session: AsyncSession, segment_id: UUID | None, template_id: UUID | None) -> None:
    if segment_id is not None:
        await segments.get_segment(session, segment_id)
    if template_id is not None:
        await messages.get_template(session, template_id)


# ── rehearsal ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def rehearse_campaign(
    session: AsyncSession, campaign: Campaign, *, at: datetime, public_url: str = ANY_SITE
) -> Rehearsal:
    """Find out what launching this version would do, writing nothing but the finding."""
    segment, template = await _choices(session, campaign)
    business = await stores.get_business(session)
    found = await rehearse(
        session,
        template,
        segment.tree,
        Split(campaign.salt, campaign.control_share),
        uses_purchases=segment.uses_purchases,
        window_days=campaign.window_days,
        at=at,
        public_url=public_url,
    )
    rehearsal = Rehearsal(
        campaign_id=campaign.id,
        version=campaign.version,
        segment_version=segment.version,
        template_version=template.version,
        audience=found.audience,
        will_receive=found.will_receive,
        control=found.control,
        deferred=found.deferred,
        denied=found.denied,
        cost_minor=found.cost_minor,
        parts=sum(found.parts) if found.parts else None,
        min_parts=min(found.parts, default=None),
        max_parts=max(found.parts, default=None),
        currency=business.currency,
        by_reason=[
            {"reason": reason, "family": family, "count": count}
            for (reason, family), count in found.by_reason.most_common()
        ],
        # Ids only: whoever is erased later leaves nothing here (C-24), and what they would read is made anew for each
        # look.
        sample=[str(each.customer_id) for each in found.sample],
        missing_values=[{"name": name, "count": count} for name, count in found.missing.most_common()],
        detectable_points=found.detectable_points(campaign.control_share),
        people_needed_for_3_points=found.people_needed(campaign.control_share),
        created_at=clock.now(),
    )
    session.add(rehearsal)
    await session.flush()
    return rehearsal


async def _choices(session: AsyncSession, campaign: Campaign) -> tuple[Segment, Template]:
    if campaign.segment_id is None or campaign.template_id is None:
        raise CampaignIncomplete()
    segment = await segments.get_segment(session, campaign.segment_id)
    template = await messages.get_template(session, campaign.template_id)
    return segment, template


async def _approved(session: AsyncSession, campaign: Campaign, rehearsal: Rehearsal) -> tuple[Segment, Template]:
    """Return what a launch needs, or refuse: only what was rehearsed may leave, and only a template fit to be sent
    (B-25).
    """
    segment, template = await _choices(session, campaign)
    seen = (rehearsal.version, rehearsal.segment_version, rehearsal.template_version)
    if rehearsal.campaign_id != campaign.id or seen != (campaign.version, segment.version, template.version):
        raise RehearsalStale()
    if template.status != TemplateStatus.READY:
        raise TemplateNotReady()
    return segment, template


# ── launch and after ──────────────────────────────────────────────────────────────────────────────────────────────────


async def schedule(session: AsyncSession, campaign: Campaign, at: datetime, *, actor: Actor) -> Campaign:
    """Set the moment of the launch; the latest rehearsal must be of this version."""
    await _approved(session, campaign, await queries.latest_rehearsal(session, campaign.id))
    _move(campaign, Act.SCHEDULE)
    campaign.scheduled_at = at
    await _record(session, actor, "campaign.scheduled", campaign)
    return campaign


async def unschedule(session: AsyncSession, campaign: Campaign, *, actor: Actor) -> Campaign:
    """Take the moment back; the campaign is a draft again."""
    _move(campaign, Act.UNSCHEDULE)
    campaign.scheduled_at = None
    await _record(session, actor, "campaign.unscheduled", campaign)
    return campaign


async def launch(
    session: AsyncSession, campaign: Campaign, rehearsal: Rehearsal, *, at: datetime, actor: Actor
) -> Campaign:
    """Open the touch of an approved rehearsal; its audience is frozen in the background, and sending begins at once."""
    _move(campaign, Act.LAUNCH)
    segment, template = await _approved(session, campaign, rehearsal)
    touch = await touches.open_touch(
        session,
        Opening(
            kind=TouchKind.CAMPAIGN,
            subject_id=campaign.id,
            name=campaign.name,
            template=template,
            uses_purchases=segment.uses_purchases,
            occasion=f"campaign:{campaign.id}",
            control_share=campaign.control_share,
            salt=campaign.salt,
            window_days=campaign.window_days,
            tree=segment.tree,
        ),
        at=at,
    )
    campaign.touch_id = touch.id
    campaign.launched_at = at
    await activity.record(
        session,
        actor,
        "campaign.launched",
        subject="campaign",
        subject_id=campaign.id,
        details={"touch_id": str(touch.id), "rehearsal_id": str(rehearsal.id), "will_receive": rehearsal.will_receive},
    )
    return campaign


async def launch_scheduled(session: AsyncSession, campaign_id: UUID, *, at: datetime, actor: Actor) -> None:
    """Launch a campaign whose moment has come; one that no longer matches its rehearsal goes back to draft and asks a
    person.
    """
    campaign = await queries.get_campaign(session, campaign_id, for_update=True)
    if campaign.state != CampaignState.SCHEDULED or campaign.scheduled_at is None or campaign.scheduled_at > at:
        return
    rehearsal = await queries.latest_rehearsal(session, campaign.id)
    try:
        await _approved(session, campaign, rehearsal)
    except (RehearsalStale, TemplateNotReady, CampaignIncomplete) as refusal:
        _move(campaign, Act.UNSCHEDULE)
        await activity.open_task(
            session,
            kind="campaign_not_launched",
            key=f"campaign_not_launched:{campaign.id}:{campaign.scheduled_at.isoformat()}",
            subject="campaign",
            subject_id=campaign.id,
            details={"code": refusal.code},
        )
        campaign.scheduled_at = None
        return
    await launch(session, campaign, rehearsal, at=at, actor=actor)


async def pause(session: AsyncSession, campaign: Campaign, *, actor: Actor) -> Campaign:
    """Hold planning and sending within one small group of messages."""
    _move(campaign, Act.PAUSE)
    await touches.hold(session, _touch_of(campaign))
    await _record(session, actor, "campaign.paused", campaign)
    return campaign


async def resume(session: AsyncSession, campaign: Campaign, *, actor: Actor) -> Campaign:
    """Go on sending."""
    _move(campaign, Act.RESUME)
    await touches.release(session, _touch_of(campaign))
    await _record(session, actor, "campaign.resumed", campaign)
    return campaign


async def cancel(session: AsyncSession, campaign: Campaign, *, at: datetime, actor: Actor) -> Campaign:
    """Cancel what has not been handed over."""
    _move(campaign, Act.CANCEL)
    if campaign.touch_id is not None:
        await touches.stop(session, campaign.touch_id, at=at)
    campaign.scheduled_at = None
    campaign.finished_at = at
    await _record(session, actor, "campaign.cancelled", campaign)
    return campaign


async def send_again(session: AsyncSession, campaign: Campaign, *, actor: Actor) -> Campaign:
    """Send to those not reached; where there is nobody, nothing changes."""
    state = campaign.state
    _move(campaign, Act.SEND_AGAIN)
    count = await messaging.send_again(session, _touch_of(campaign))
    if count == 0:
        campaign.state = state
        return campaign
    campaign.finished_at = None
    await activity.record(
        session, actor, "campaign.sent_again", subject="campaign", subject_id=campaign.id, details={"count": count}
    )
    return campaign


async def finish_if_done(session: AsyncSession, campaign_id: UUID, *, at: datetime) -> bool:
    """Close a campaign whose audience is frozen and of which nothing is on its way any more."""
    campaign = await queries.get_campaign(session, campaign_id, for_update=True)
    if campaign.state != CampaignState.SENDING:
        return False
    touch = await touch_queries.get_touch(session, _touch_of(campaign))
    if touch.state != TouchState.PLANNED or await touch_queries.is_anything_queued(session, touch.id):
        return False
    _move(campaign, Act.FINISH)
    campaign.finished_at = at
    return True


def _move(campaign: Campaign, act: Act) -> None:
    following = after(CampaignState(campaign.state), act)
    if following is None:
        raise ActNotNow(
            f"A campaign that is {campaign.state} cannot be changed like this.", state=campaign.state, act=act
        )
    campaign.state = following


def _touch_of(campaign: Campaign) -> UUID:
    assert campaign.touch_id is not None, "a campaign that was launched has a touch"
    return campaign.touch_id


async def _record(session: AsyncSession, actor: Actor, action: str, campaign: Campaign) -> None:
    await activity.record(session, actor, action, subject="campaign", subject_id=campaign.id)
