"""Health put together for the screen: senders, their numbers, their holds and their paces."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.deliverability import queries, rules
from ritorno.deliverability.queries import By
from ritorno.deliverability.rules import Counts
from ritorno.deliverability.schemas import (
    DeliverabilityRead,
    DeliveryCountsRead,
    DeliveryDayRead,
    DeliveryDaysRead,
    DeliveryLimitsRead,
    ReceiverHealthRead,
    ReceiversHealthRead,
    StreamHealthRead,
    StreamHoldRead,
    WarmUpRead,
)
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.messaging import queries as messaging
from ritorno.messaging import views as messages
from ritorno.messaging.models import Sender, SendPace
from ritorno.messaging.pacing.rules import MOST_DEFERRED
from ritorno.messaging.senders import captured_channels
from ritorno.stores import queries as stores

DAYS = 30

LIMITS = DeliveryLimitsRead(
    complaints_target=rules.COMPLAINTS_TARGET,
    complaints_24h=rules.COMPLAINTS_24H,
    complaints_day=rules.COMPLAINTS_DAY,
    enough_delivered=rules.ENOUGH_DELIVERED,
    few_complaints=rules.FEW_COMPLAINTS,
    bounces_24h=rules.BOUNCES,
    enough_handed_over=rules.ENOUGH_HANDED_OVER,
    deferrals_warm_up=MOST_DEFERRED,
)


async def health(session: AsyncSession, settings: Settings) -> DeliverabilityRead:
    """Return every sender with its numbers of a day and of thirty."""
    zone = (await stores.get_business(session)).timezone
    senders = await messaging.list_senders(session)
    keys = await messaging.signing_keys(session, [sender.id for sender in senders])
    holds = {(hold.channel, hold.stream): hold for hold in await messaging.open_holds(session)}
    last_24h = await queries.count_since(session, _hour(clock.now() - timedelta(hours=24)))
    last_month = await queries.count_since(session, _days_ago(DAYS - 1, zone))
    captured = captured_channels(settings)
    streams = []
    for sender in senders:
        line, read = (sender.channel, sender.stream), messages.sender_read(sender, keys)
        hold = holds.get(line)
        streams.append(
            StreamHealthRead(
                sender_id=sender.id,
                channel=read.channel,
                stream=read.stream,
                name=sender.name,
                address=sender.address,
                leaves=sender.channel not in captured,
                is_ready=sender.is_ready,
                checks=[*read.readiness, *read.checks],
                checked_at=sender.checked_at,
                signing_keys=read.signing_keys,
                hold=StreamHoldRead.model_validate(hold) if hold else None,
                warm_up=warm_up_read(sender) if sender.warmup_started_on else None,
                last_24h=counts_read(last_24h.get((*line, ""), Counts())),
                last_30_days=counts_read(last_month.get((*line, ""), Counts())),
            )
        )
    return DeliverabilityRead(counted_until=await queries.counted_until(session), limits=LIMITS, streams=streams)


async def days(session: AsyncSession, channel: Channel, stream: TemplateClass) -> DeliveryDaysRead:
    """Return thirty days of one stream in the calendar of the business."""
    zone = (await stores.get_business(session)).timezone
    found = await queries.count_since(session, _days_ago(DAYS - 1, zone), by=By.DAY, zone=zone)
    today = clock.now().astimezone(ZoneInfo(zone)).date()
    listed = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    return DeliveryDaysRead(
        channel=channel,
        stream=stream,
        days=[DeliveryDayRead(day=day, **_told(found.get((channel, stream, day), Counts()))) for day in listed],
    )


async def receivers(session: AsyncSession, channel: Channel, stream: TemplateClass) -> ReceiversHealthRead:
    """Return what each receiver took in within thirty days, and how fast we may write to it now."""
    zone = (await stores.get_business(session)).timezone
    found = await queries.count_since(session, _days_ago(DAYS - 1, zone), by=By.RECEIVER)
    statement = select(SendPace).where(SendPace.channel == channel, SendPace.stream == stream)
    paces = {pace.receiver: pace for pace in await session.scalars(statement)}
    counted = {receiver: counts for (of, line, receiver), counts in found.items() if (of, line) == (channel, stream)}
    # Whoever slows us down is shown by name, even where it is too small to be counted apart.
    names = sorted(counted.keys() | paces.keys(), key=lambda name: (-counted.get(name, Counts()).sent, name))
    return ReceiversHealthRead(
        channel=channel,
        stream=stream,
        receivers=[_receiver_read(name, counted.get(name, Counts()), paces.get(name)) for name in names],
    )


def _receiver_read(name: str, counts: Counts, pace: SendPace | None) -> ReceiverHealthRead:
    return ReceiverHealthRead(
        receiver=name,
        per_minute=round(pace.per_minute, 1) if pace else None,
        slowed_since=pace.clean_since if pace else None,
        **_told(counts),
    )


def counts_read(counts: Counts) -> DeliveryCountsRead:
    return DeliveryCountsRead(**_told(counts))


def _told(counts: Counts) -> dict[str, Any]:
    return {
        "sent": counts.sent,
        "delivered": counts.delivered,
        "bounced": counts.hard_bounced,
        "refused": counts.refused,
        "deferred": counts.deferred,
        "complained": counts.complained,
        "unsubscribed": counts.unsubscribed,
        "bounce_rate": counts.bounce_rate,
        "deferral_rate": counts.deferral_rate,
        "complaint_rate": counts.complaint_rate,
        "unsubscribe_rate": counts.unsubscribe_rate,
    }


def warm_up_read(sender: Sender) -> WarmUpRead:
    assert sender.warmup_started_on is not None, "its warm-up has begun"
    return WarmUpRead(
        started_on=sender.warmup_started_on,
        day=sender.warmup_day,
        allowance=sender.warmup_allowance,
        sent=sender.warmup_sent,
        deferred=sender.warmup_deferred,
    )


def _hour(at: datetime) -> datetime:
    return at.replace(minute=0, second=0, microsecond=0)


def _days_ago(days: int, zone: str) -> datetime:
    day: date = clock.now().astimezone(ZoneInfo(zone)).date() - timedelta(days=days)
    return messaging.day_bounds(day, zone)[0]
