"""Campaigns over HTTP: draft, rehearse, approve, watch, stop, measure."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from ritorno.activity import service as activity
from ritorno.campaigns import queries, reading, rules, service
from ritorno.campaigns.errors import (
    ActNotNow,
    CampaignIncomplete,
    CampaignNotFound,
    NotMeasured,
    RehearsalNotFound,
    RehearsalStale,
)
from ritorno.campaigns.models import Campaign
from ritorno.campaigns.schemas import (
    CampaignCreate,
    CampaignPatch,
    CampaignRead,
    LaunchRequest,
    RecipientRead,
    RehearsalRead,
    ScheduleRequest,
)
from ritorno.identity.auth import language_of, refuse_without_step_up, require
from ritorno.identity.errors import Forbidden, NotSignedIn, StepUpRequired
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.http import (
    AppSettings,
    IfMatch,
    Paging,
    ReadSession,
    WriteSession,
    idempotency_optional,
    idempotency_required,
    make_router,
    problem_responses,
    require_version,
    set_version,
)
from ritorno.kit.idempotency import InFlight, KeyMissing, KeyReused
from ritorno.kit.pages import Page
from ritorno.kit.problems import BadCursor, Invalid, StaleVersion, VersionRequired
from ritorno.messaging.errors import TemplateNotFound, TemplateNotReady
from ritorno.messaging.rules import MessageStatus
from ritorno.segments.errors import SegmentNotFound
from ritorno.touches import queries as touches
from ritorno.touches.results import Measured, measure
from ritorno.touches.schemas import ResultsRead

router = make_router(tag="campaigns")

Reader = Annotated[Actor, Depends(require("campaigns:read"))]
Writer = Annotated[Actor, Depends(require("campaigns:write"))]
Sender = Annotated[Actor, Depends(require("campaigns:send"))]
Measurer = Annotated[Actor, Depends(require("results:read"))]


async def _read(session: ReadSession, campaign: Campaign, response: Response) -> CampaignRead:
    await session.flush()
    set_version(response, campaign.version)
    named = await queries.get_named(session, campaign.id)
    return (await reading.campaigns_read(session, [named], at=clock.now()))[0]


@router.get("/campaigns", responses=problem_responses(NotSignedIn, Forbidden, BadCursor))
async def list_campaigns(session: ReadSession, paging: Paging, actor: Reader) -> Page[CampaignRead]:
    """List campaigns, newest first."""
    page: Page[Any] = await queries.list_campaigns(session, paging)
    page.items = await reading.campaigns_read(session, page.items, at=clock.now())
    return page


@router.post(
    "/campaigns",
    status_code=201,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(NotSignedIn, Forbidden, Invalid, SegmentNotFound, TemplateNotFound),
)
async def create_campaign(
    session: WriteSession, response: Response, body: CampaignCreate, actor: Writer
) -> CampaignRead:
    """Begin a draft."""
    campaign = await service.create_campaign(session, body, actor=actor)
    response.headers["Location"] = f"/v1/campaigns/{campaign.id}"
    return await _read(session, campaign, response)


@router.get("/campaigns/{campaign_id}", responses=problem_responses(NotSignedIn, Forbidden, CampaignNotFound))
async def get_campaign(session: ReadSession, response: Response, campaign_id: UUID, actor: Reader) -> CampaignRead:
    """Read one campaign, with its progress once it is launched."""
    return await _read(session, await queries.get_campaign(session, campaign_id), response)


@router.patch(
    "/campaigns/{campaign_id}",
    responses=problem_responses(
        NotSignedIn,
        Forbidden,
        CampaignNotFound,
        ActNotNow,
        VersionRequired,
        StaleVersion,
        Invalid,
        SegmentNotFound,
        TemplateNotFound,
    ),
)
async def change_campaign(
    session: WriteSession,
    response: Response,
    campaign_id: UUID,
    body: CampaignPatch,
    actor: Writer,
    if_match: IfMatch = None,
) -> CampaignRead:
    """Change a draft; while it is being sent, what leaves is not touched (B-27)."""
    campaign = await queries.get_campaign(session, campaign_id, for_update=True)
    require_version(if_match, campaign.version)
    return await _read(session, await service.edit_campaign(session, campaign, body, actor=actor), response)


@router.delete(
    "/campaigns/{campaign_id}",
    status_code=204,
    responses=problem_responses(NotSignedIn, Forbidden, CampaignNotFound, ActNotNow, VersionRequired, StaleVersion),
)
async def remove_campaign(session: WriteSession, campaign_id: UUID, actor: Writer, if_match: IfMatch = None) -> None:
    """Throw a draft away."""
    campaign = await queries.get_campaign(session, campaign_id, for_update=True)
    require_version(if_match, campaign.version)
    await service.remove_campaign(session, campaign, actor=actor)


@router.post(
    "/campaigns/{campaign_id}/rehearsals",
    status_code=201,
    responses=problem_responses(
        NotSignedIn, Forbidden, CampaignNotFound, CampaignIncomplete, SegmentNotFound, TemplateNotFound
    ),
)
async def rehearse_campaign(
    session: WriteSession, settings: AppSettings, request: Request, campaign_id: UUID, actor: Writer
) -> RehearsalRead:
    """Try without sending: who would get it, who would not and why, what it costs, and what it can show."""
    campaign = await queries.get_campaign(session, campaign_id)
    rehearsal = await service.rehearse_campaign(session, campaign, at=clock.now(), public_url=settings.public_url)
    return await reading.rehearsal_read(
        session, campaign, rehearsal, language=language_of(request, actor), at=clock.now()
    )


@router.get(
    "/campaigns/{campaign_id}/rehearsals/latest",
    responses=problem_responses(NotSignedIn, Forbidden, CampaignNotFound, RehearsalNotFound),
)
async def get_latest_rehearsal(
    session: ReadSession, request: Request, campaign_id: UUID, actor: Reader
) -> RehearsalRead:
    """Read the last rehearsal; a launch needs one of the present version."""
    campaign = await queries.get_campaign(session, campaign_id)
    rehearsal = await queries.latest_rehearsal(session, campaign.id)
    return await reading.rehearsal_read(
        session, campaign, rehearsal, language=language_of(request, actor), at=clock.now()
    )


_LAUNCH_REFUSALS = (
    NotSignedIn,
    Forbidden,
    StepUpRequired,
    CampaignNotFound,
    ActNotNow,
    CampaignIncomplete,
    RehearsalNotFound,
    RehearsalStale,
    TemplateNotReady,
)


@router.put("/campaigns/{campaign_id}/schedule", responses=problem_responses(*_LAUNCH_REFUSALS))
async def schedule_campaign(
    session: WriteSession, request: Request, response: Response, campaign_id: UUID, body: ScheduleRequest, actor: Sender
) -> CampaignRead:
    """Set the moment of the launch; more than fifty recipients need a fresh proof of who asks."""
    campaign = await queries.get_campaign(session, campaign_id, for_update=True)
    rehearsal = await queries.latest_rehearsal(session, campaign.id)
    if rules.needs_step_up(rehearsal.will_receive):
        refuse_without_step_up(request, actor)
    return await _read(session, await service.schedule(session, campaign, body.at, actor=actor), response)


@router.delete(
    "/campaigns/{campaign_id}/schedule",
    responses=problem_responses(NotSignedIn, Forbidden, CampaignNotFound, ActNotNow),
)
async def unschedule_campaign(
    session: WriteSession, response: Response, campaign_id: UUID, actor: Writer
) -> CampaignRead:
    """Take the moment back."""
    campaign = await queries.get_campaign(session, campaign_id, for_update=True)
    return await _read(session, await service.unschedule(session, campaign, actor=actor), response)


@router.post(
    "/campaigns/{campaign_id}/launches",
    status_code=202,
    dependencies=[Depends(idempotency_required)],
    responses=problem_responses(*_LAUNCH_REFUSALS, KeyMissing, KeyReused, InFlight),
)
async def launch_campaign(
    session: WriteSession, request: Request, response: Response, campaign_id: UUID, body: LaunchRequest, actor: Sender
) -> CampaignRead:
    """Approve a rehearsal and send; more than fifty recipients need a fresh proof of who asks."""
    campaign = await queries.get_campaign(session, campaign_id, for_update=True)
    rehearsal = await queries.get_rehearsal(session, campaign.id, body.rehearsal_id)
    if rules.needs_step_up(rehearsal.will_receive):
        refuse_without_step_up(request, actor)
    launched = await service.launch(session, campaign, rehearsal, at=clock.now(), actor=actor)
    response.headers["Location"] = f"/v1/campaigns/{campaign.id}"
    return await _read(session, launched, response)


@router.put(
    "/campaigns/{campaign_id}/pause", responses=problem_responses(NotSignedIn, Forbidden, CampaignNotFound, ActNotNow)
)
async def pause_campaign(session: WriteSession, response: Response, campaign_id: UUID, actor: Writer) -> CampaignRead:
    """Hold it; what was handed over stays handed over."""
    campaign = await queries.get_campaign(session, campaign_id, for_update=True)
    return await _read(session, await service.pause(session, campaign, actor=actor), response)


@router.delete(
    "/campaigns/{campaign_id}/pause", responses=problem_responses(NotSignedIn, Forbidden, CampaignNotFound, ActNotNow)
)
async def resume_campaign(session: WriteSession, response: Response, campaign_id: UUID, actor: Sender) -> CampaignRead:
    """Go on."""
    campaign = await queries.get_campaign(session, campaign_id, for_update=True)
    return await _read(session, await service.resume(session, campaign, actor=actor), response)


@router.delete(
    "/campaigns/{campaign_id}/delivery",
    responses=problem_responses(NotSignedIn, Forbidden, CampaignNotFound, ActNotNow),
)
async def cancel_campaign(session: WriteSession, response: Response, campaign_id: UUID, actor: Writer) -> CampaignRead:
    """Cancel the rest."""
    campaign = await queries.get_campaign(session, campaign_id, for_update=True)
    return await _read(session, await service.cancel(session, campaign, at=clock.now(), actor=actor), response)


@router.post(
    "/campaigns/{campaign_id}/further-attempts",
    status_code=202,
    dependencies=[Depends(idempotency_optional)],
    responses=problem_responses(NotSignedIn, Forbidden, CampaignNotFound, ActNotNow),
)
async def send_campaign_again(
    session: WriteSession, response: Response, campaign_id: UUID, actor: Sender
) -> CampaignRead:
    """Send to those not reached: what failed for a reason that may pass, or was said not to have come. Never what is in
    doubt, never an address that reaches nobody; the gate is asked again.
    """
    campaign = await queries.get_campaign(session, campaign_id, for_update=True)
    return await _read(session, await service.send_again(session, campaign, actor=actor), response)


@router.get(
    "/campaigns/{campaign_id}/recipients",
    responses=problem_responses(NotSignedIn, Forbidden, CampaignNotFound, BadCursor),
)
async def list_campaign_recipients(
    session: WriteSession,
    paging: Paging,
    request: Request,
    campaign_id: UUID,
    actor: Reader,
    status: MessageStatus | None = None,
    reason: Annotated[str | None, Query(max_length=60)] = None,
) -> Page[RecipientRead]:
    """List everybody of the frozen audience, one row each, whatever the outcome."""
    campaign = await queries.get_campaign(session, campaign_id)
    page = await reading.list_recipients(
        session, campaign, paging, status=status, reason=reason, language=language_of(request, actor)
    )
    await activity.record_view(session, actor, "recipients.listed", paging, shown=len(page.items), of=campaign.id)
    return page


@router.get(
    "/campaigns/{campaign_id}/results",
    responses=problem_responses(NotSignedIn, Forbidden, CampaignNotFound, NotMeasured),
)
async def get_campaign_results(
    session: ReadSession, request: Request, campaign_id: UUID, actor: Measurer
) -> ResultsRead:
    """Read what it earned against its control group; no verdict before the window has closed (X-11)."""
    campaign = await queries.get_campaign(session, campaign_id)
    if campaign.touch_id is None:
        raise NotMeasured()
    touch = await touches.get_touch(session, campaign.touch_id)
    return await measure(
        session, Measured(touch.name, "campaign", [touch]), language=language_of(request, actor), at=clock.now()
    )
