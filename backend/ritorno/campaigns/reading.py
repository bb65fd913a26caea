"""Campaigns and rehearsals put into words: names, progress, reasons, and what some real people would read."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.campaigns.models import Campaign, Rehearsal
from ritorno.campaigns.queries import Named
from ritorno.campaigns.rules import CampaignState
from ritorno.campaigns.schemas import (
    CampaignRead,
    MissingValueRead,
    ProgressRead,
    ReasonRead,
    RecipientRead,
    RehearsalPartsRead,
    RehearsalRead,
    SampleRead,
)
from ritorno.customers.models import Customer
from ritorno.customers.rules import full_name
from ritorno.kit.money import MoneyRead
from ritorno.kit.pages import Page, PageQuery
from ritorno.messaging import queries as messages
from ritorno.messaging.rendering import Source, fill
from ritorno.messaging.rules import MessageStatus
from ritorno.messaging.schemas import MessageFilter
from ritorno.messaging.variables import OF_THE_MESSAGE, business_values, empty_groups, examples
from ritorno.messaging.views import sentence_of
from ritorno.segments import queries as segments
from ritorno.stores import queries as stores
from ritorno.touches import queries as touches
from ritorno.touches.audience import Person, Split
from ritorno.touches.rehearsing import foresee
from ritorno.touches.wording import reason_sentence

RATE_OVER = timedelta(seconds=10)


async def campaigns_read(session: AsyncSession, found: Sequence[Named], *, at: datetime) -> list[CampaignRead]:
    """Return campaigns with their names and, once launched, their progress: as many statements for fifty as for one."""
    launched = [each.campaign.touch_id for each in found if each.campaign.touch_id is not None]
    sending = [each.campaign.touch_id for each in found if each.campaign.state == CampaignState.SENDING]
    counts = await touches.statuses_of(session, launched)
    recent = await touches.sent_since(session, [each for each in sending if each is not None], at - RATE_OVER)
    planning = await touches.planning_among(session, launched)
    return [
        CampaignRead(
            id=campaign.id,
            name=campaign.name,
            state=CampaignState(campaign.state),
            version=campaign.version,
            segment_id=campaign.segment_id,
            segment_name=each.segment_name,
            template_id=campaign.template_id,
            template_name=each.template_name,
            channel=each.channel,
            purpose=each.purpose,
            control_share=campaign.control_share,
            window_days=campaign.window_days,
            created_at=campaign.created_at,
            updated_at=campaign.updated_at,
            scheduled_at=campaign.scheduled_at,
            touch_id=campaign.touch_id,
            progress=None
            if campaign.touch_id is None
            else _progress(
                counts.get(campaign.touch_id, {}),
                recent.get(campaign.touch_id, 0),
                is_planning=campaign.touch_id in planning,
            ),
        )
        for each in found
        for campaign in [each.campaign]
    ]


def _progress(counts: Mapping[str, int], recent: int, *, is_planning: bool) -> ProgressRead:
    def count(*statuses: MessageStatus) -> int:
        return sum(counts.get(status, 0) for status in statuses)

    return ProgressRead(
        planned=count(MessageStatus.PLANNED),
        queued=count(MessageStatus.QUEUED, MessageStatus.CLAIMED, MessageStatus.SENDING),
        sent=count(MessageStatus.SENT),
        delivered=count(MessageStatus.DELIVERED),
        bounced=count(MessageStatus.BOUNCED),
        skipped=count(MessageStatus.SKIPPED),
        control=count(MessageStatus.CONTROL),
        deferred=count(MessageStatus.DEFERRED),
        failed=count(MessageStatus.FAILED),
        cancelled=count(MessageStatus.CANCELLED),
        unknown=count(MessageStatus.UNKNOWN),
        total=sum(counts.values()),
        rate_per_second=recent / RATE_OVER.total_seconds(),
        is_planning=is_planning,
    )


async def rehearsal_read(
    session: AsyncSession, campaign: Campaign, rehearsal: Rehearsal, *, language: str, at: datetime
) -> RehearsalRead:
    """Return a rehearsal with its reasons in words and its sample as those people would read it."""
    missing = ", ".join(each["name"] for each in rehearsal.missing_values)
    return RehearsalRead(
        id=rehearsal.id,
        version=rehearsal.version,
        audience=rehearsal.audience,
        will_receive=rehearsal.will_receive,
        control=rehearsal.control,
        deferred=rehearsal.deferred,
        denied=rehearsal.denied,
        cost=MoneyRead.of(rehearsal.cost_minor, rehearsal.currency),
        parts=(
            RehearsalPartsRead(total=rehearsal.parts, min=rehearsal.min_parts or 0, max=rehearsal.max_parts or 0)
            if rehearsal.parts is not None
            else None
        ),
        by_reason=[
            ReasonRead(sentence=reason_sentence(each["reason"], language, field=missing), **each)
            for each in rehearsal.by_reason
        ],
        sample=await _sample(session, campaign, [UUID(each) for each in rehearsal.sample], at),
        missing_values=[MissingValueRead(**each) for each in rehearsal.missing_values],
        detectable_points=rehearsal.detectable_points,
        people_needed_for_3_points=rehearsal.people_needed_for_3_points,
        created_at=rehearsal.created_at,
    )


async def _sample(session: AsyncSession, campaign: Campaign, ids: list[UUID], at: datetime) -> list[SampleRead]:
    if campaign.template_id is None or campaign.segment_id is None or not ids:
        return []
    template = await messages.get_template(session, campaign.template_id)
    segment = await segments.get_segment(session, campaign.segment_id)
    texts = {text.language: text for text in (await messages.texts_of(session, [template]))[template.id]}
    business = await stores.get_business(session)
    rows = await session.execute(
        select(Customer.id, Customer.given_name, Customer.family_name).where(Customer.id.in_(ids))
    )
    names = {row.id: full_name(row.given_name, row.family_name) for row in rows}
    people = [Person(customer_id) for customer_id in ids if customer_id in names]
    split = Split(campaign.salt, campaign.control_share)
    found = []
    for each, _ in await foresee(session, template, people, split, uses_purchases=segment.uses_purchases, at=at):
        text = texts.get(each.language)
        if each.status is not MessageStatus.QUEUED or text is None:
            continue
        shown = {name: examples(each.language)[name] for name in OF_THE_MESSAGE}
        values = {**empty_groups(), **each.values, **business_values(business), **shown}
        rendered = fill(Source(text.subject, text.html, text.plain), values)
        found.append(
            SampleRead(
                customer_id=each.customer_id,
                full_name=names[each.customer_id],
                subject=rendered.subject,
                html=rendered.html,
                text=rendered.text,
            )
        )
    return found


async def list_recipients(
    session: AsyncSession,
    campaign: Campaign,
    query: PageQuery,
    *,
    status: MessageStatus | None,
    reason: str | None,
    language: str,
) -> Page[RecipientRead]:
    """Return everybody the launch planned, whatever the outcome; nobody before the launch."""
    if campaign.touch_id is None:
        return Page(items=[], total=0)
    business = await stores.get_business(session)
    asked = MessageFilter(touch_id=campaign.touch_id, status=status, reason=reason)
    page: Page[Any] = await messages.list_messages(session, asked, query, zone=business.timezone)
    page.items = [
        RecipientRead(
            id=message.id,
            customer_id=customer.id,
            customer_name=full_name(customer.given_name, customer.family_name),
            channel=message.channel,
            status=MessageStatus(message.status),
            arm=message.arm,
            reason=message.reason,
            reason_sentence=sentence_of(message.reason, message.history, language),
            planned_at=message.planned_at,
            sent_at=message.sent_at,
        )
        for message, customer in page.items
    ]
    return page
