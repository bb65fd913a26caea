"""What one gate finds, before the whole answer is put together."""

from datetime import datetime
from typing import NamedTuple

from ritorno.consents.rules.facts import Evidence
from ritorno.consents.rules.terms import LegalBasis, Reason, Verdict


class Finding(NamedTuple):
    """One gate's word: a refusal, a doubt, a delay, or the basis that allows."""

    verdict: Verdict
    reason: Reason | None
    rule_id: str
    evidence: tuple[Evidence, ...] = ()
    basis: LegalBasis = LegalBasis.NONE
    since: datetime | None = None
    until: datetime | None = None
    sent_count: int | None = None
    days: int | None = None


def denied(reason: Reason, rule_id: str, *evidence: Evidence, since: datetime | None = None) -> Finding:
    """Return a refusal."""
    return Finding(Verdict.DENY, reason, rule_id, evidence, since=since)


def review(reason: Reason, rule_id: str, *evidence: Evidence) -> Finding:
    """Return a doubt that a person has to settle."""
    return Finding(Verdict.REVIEW, reason, rule_id, evidence)


def allowed(basis: LegalBasis, rule_id: str, *evidence: Evidence) -> Finding:
    """Return the basis that allows."""
    return Finding(Verdict.ALLOW, None, rule_id, evidence, basis)


def deferred(
    reason: Reason, rule_id: str, until: datetime, *, sent_count: int | None = None, days: int | None = None
) -> Finding:
    """Return a delay until a moment."""
    return Finding(Verdict.DEFER, reason, rule_id, until=until, sent_count=sent_count, days=days)
