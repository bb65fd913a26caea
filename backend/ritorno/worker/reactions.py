"""THE table: after this event, these jobs.

A lower domain publishes; what follows above it is written here and nowhere else.
"""

from ritorno.kit.background import Job
from ritorno.messaging import jobs as messaging
from ritorno.scores import jobs as scores
from ritorno.touches import jobs as touches
from ritorno.transactions import jobs as transactions

REACTIONS: dict[str, tuple[Job, ...]] = {
    "consent.objected": (messaging.stop_queued,),
    "consent.withdrawn": (messaging.stop_queued,),
    "customer.deceased": (messaging.stop_queued,),
    "customer.identified": (transactions.claim,),
    "customer.restricted": (messaging.stop_queued,),
    "messages.queued": (messaging.deliver_due,),
    "touch.opened": (touches.plan,),
    "transactions.recorded": (scores.rescore,),
}
