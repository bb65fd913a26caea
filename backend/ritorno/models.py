"""Every domain's tables, so that mappers and Alembic see them all."""

from ritorno.accountability import models as accountability
from ritorno.activity import models as activity
from ritorno.calls import models as calls
from ritorno.campaigns import models as campaigns
from ritorno.catalog import models as catalog
from ritorno.consents import models as consents
from ritorno.customers import models as customers
from ritorno.deliverability import models as deliverability
from ritorno.disclosures import models as disclosures
from ritorno.erasures import models as erasures
from ritorno.exports import models as exports
from ritorno.identity import models as identity
from ritorno.imports import models as imports
from ritorno.imports.lake import models as lake
from ritorno.inbound import models as inbound
from ritorno.inbound import text_models as texts
from ritorno.kit import idempotency, outbox
from ritorno.messaging import models as messaging
from ritorno.messaging.tracking import models as tracking
from ritorno.oppositions import models as oppositions
from ritorno.postal import models as postal
from ritorno.privacy import models as privacy
from ritorno.quality import models as quality
from ritorno.recalls import models as recalls
from ritorno.retention import models as retention
from ritorno.scores import models as scores
from ritorno.segments import models as segments
from ritorno.stores import models as stores
from ritorno.touches import models as touches
from ritorno.transactions import models as transactions

__all__ = [
    "accountability",
    "activity",
    "calls",
    "campaigns",
    "catalog",
    "consents",
    "customers",
    "deliverability",
    "disclosures",
    "erasures",
    "exports",
    "idempotency",
    "identity",
    "imports",
    "inbound",
    "lake",
    "messaging",
    "oppositions",
    "outbox",
    "postal",
    "privacy",
    "quality",
    "recalls",
    "retention",
    "scores",
    "segments",
    "stores",
    "texts",
    "touches",
    "tracking",
    "transactions",
]
