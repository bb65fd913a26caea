"""THE table: after this event, these jobs.

A lower domain publishes; what follows above it is written here and nowhere else.
"""

from ritorno.kit.background import Job
from ritorno.worker.late import job

REACTIONS: dict[str, tuple[Job, ...]] = {
    "consent.granted": (job("messaging.reconsider"),),
    "consent.withdrawn": (job("messaging.stop_queued"),),
    "customer.identified": (job("transactions.claim"),),
    "messages.queued": (job("messaging.deliver_due"),),
    "campaign.launched": (job("campaigns.plan"),),
    "transactions.recorded": (job("scores.rescore"),),
}
