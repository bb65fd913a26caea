"""THE table: after this event, these jobs.

A lower domain publishes; what follows above it is written here and nowhere else.
"""

from ritorno.disclosures import jobs as disclosures
from ritorno.duplicates import jobs as duplicates
from ritorno.erasures import jobs as erasures
from ritorno.exports import jobs as exports
from ritorno.imports import jobs as imports
from ritorno.imports.lake import jobs as lake
from ritorno.kit.background import Job
from ritorno.messaging import jobs as messaging
from ritorno.postal import jobs as postal
from ritorno.privacy import jobs as privacy
from ritorno.quality import jobs as quality
from ritorno.retention import jobs as retention
from ritorno.scores import jobs as scores
from ritorno.touches import jobs as touches
from ritorno.transactions import jobs as transactions

REACTIONS: dict[str, tuple[Job, ...]] = {
    "access.asked": (privacy.receive_access,),
    "consent.granted": (quality.refresh,),
    "consent.objected": (disclosures.follow_refusals, messaging.stop_queued, quality.refresh),
    "consent.requested": (messaging.ask_confirmation, quality.refresh),
    "consent.withdrawn": (disclosures.follow_refusals, messaging.stop_queued, quality.refresh),
    "contact_point.bounced": (quality.refresh,),
    "contact_point.delivered": (quality.refresh,),
    "customer.changed": (disclosures.follow_rectification, quality.refresh),
    "customer.created": (quality.refresh,),
    "customer.deceased": (messaging.stop_queued,),
    "customer.deleted": (quality.refresh,),
    "customer.erased": (
        erasures.note_outside,
        exports.expire,
        imports.forget_applied,
        postal.forget_files,
        privacy.forget_words,
        quality.refresh,
    ),
    "customer.identified": (transactions.claim,),
    "customer.merged": (messaging.stop_queued, quality.refresh),
    "customer.restricted": (disclosures.follow_restriction, messaging.stop_queued),
    "customer.unmerged": (messaging.stop_queued, quality.refresh),
    "customer.unconfirmed": (erasures.erase_unconfirmed,),
    "death.told": (erasures.receive_death,),
    "duplicates.search_requested": (duplicates.search,),
    "erasure.asked": (privacy.receive_erasure,),
    "export.requested": (exports.produce,),
    "hold.lifted": (retention.release_held,),
    "import.application_asked": (imports.apply,),
    "import.rehearsal_asked": (imports.rehearse,),
    "import.undo_asked": (imports.undo,),
    "lake.links_moved": (lake.recount,),
    "letter_batch.requested": (postal.prepare,),
    "messages.queued": (messaging.deliver_service, messaging.deliver_marketing),
    "notice.published": (messaging.check_readiness,),
    "privacy_pack.requested": (privacy.build_pack,),
    "quality.ranked": (quality.sweep,),
    "sender.changed": (messaging.check_domains,),
    "terms.accepted": (messaging.check_readiness,),
    "touch.opened": (touches.plan,),
    "transactions.recorded": (scores.rescore,),
}
