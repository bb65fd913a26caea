"""THE table: at this hour, these jobs; and the small sweeps that look every few seconds.

A timed job falls due once per moment, whatever the number of workers: PostgreSQL keeps the claim, so a flushed Redis
or an outage at the hour only makes it late. A sweep is repeated anyway and needs no memory.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ritorno.accountability import jobs as accountability
from ritorno.activity import jobs as activity
from ritorno.campaigns import jobs as campaigns
from ritorno.consents import jobs as consents
from ritorno.deliverability import jobs as deliverability
from ritorno.duplicates import jobs as duplicates
from ritorno.exports import jobs as exports
from ritorno.imports import jobs as imports
from ritorno.inbound import jobs as inbound
from ritorno.inbound import text_jobs as texts
from ritorno.kit.background import Job
from ritorno.messaging import jobs as messaging
from ritorno.postal import jobs as postal
from ritorno.privacy import jobs as privacy
from ritorno.quality import jobs as quality
from ritorno.recalls import jobs as recalls
from ritorno.retention import jobs as retention
from ritorno.scores import jobs as scores
from ritorno.worker.deliveries import forget_settled


@dataclass(frozen=True, slots=True)
class Daily:
    """Run at a local hour; a moment missed while nothing ran is made up for once, as soon as something runs."""

    job: Job
    at: time

    def last_due(self, now: datetime, zone: ZoneInfo) -> tuple[datetime, date]:
        """Return the latest moment this fell due and the local day it belongs to.

        An hour that the change to summer time skips falls due as much later as the clock jumped.
        """
        local_day = now.astimezone(zone).date()
        due_at = datetime.combine(local_day, self.at, zone)
        if due_at > now:
            local_day -= timedelta(days=1)
            due_at = datetime.combine(local_day, self.at, zone)
        return due_at, local_day


@dataclass(frozen=True, slots=True)
class Sweep:
    """Run again and again; two at once must do no harm."""

    job: Job
    every: timedelta


SCHEDULE: tuple[Daily, ...] = (
    Daily(quality.turn_day, time(0, 10)),
    Daily(retention.run_night, time(2, 0)),
    Daily(duplicates.search, time(2, 20)),
    Daily(consents.verify, time(2, 40)),
    Daily(activity.verify, time(2, 50)),
    Daily(forget_settled, time(3, 0)),
    Daily(exports.expire, time(3, 30)),
    Daily(imports.forget_files, time(3, 40)),
    Daily(postal.forget_files, time(3, 42)),
    Daily(privacy.expire_packs, time(3, 45)),
    Daily(privacy.remind, time(3, 50)),
    Daily(deliverability.forget_old, time(3, 50)),
    Daily(messaging.check_domains, time(3, 55)),
    Daily(inbound.end_rests, time(3, 58)),
    Daily(scores.refresh, time(4, 0)),
    Daily(recalls.plan_day, time(9, 0)),
)

SWEEPS: tuple[Sweep, ...] = (
    Sweep(messaging.deliver_service, timedelta(seconds=5)),
    Sweep(messaging.deliver_marketing, timedelta(seconds=5)),
    Sweep(messaging.finish_cancelling, timedelta(seconds=5)),
    Sweep(campaigns.launch_due, timedelta(seconds=15)),
    Sweep(imports.watch, timedelta(seconds=15)),
    Sweep(inbound.read_folder, timedelta(seconds=15)),
    Sweep(inbound.read_mailbox, timedelta(minutes=1)),
    Sweep(activity.seal, timedelta(minutes=1)),
    Sweep(deliverability.watch, timedelta(minutes=1)),
    Sweep(deliverability.tell_stuck, timedelta(minutes=5)),
    Sweep(messaging.settle, timedelta(minutes=10)),
    Sweep(texts.follow_receipts, timedelta(minutes=1)),
    Sweep(texts.expire_receipts, timedelta(minutes=30)),
    Sweep(accountability.watch_incidents, timedelta(minutes=10)),
    Sweep(messaging.check_readiness, timedelta(minutes=5)),
)
