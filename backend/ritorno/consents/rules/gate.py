"""The gate: may this person be contacted on this channel for this purpose now (D-01…D-11)?

One pure function over values: it passes the gates in their order, the first refusal is the reason, later ones follow in
`also`; a fact that could not be loaded refuses; nothing here reads a clock, a file or a database.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from ritorno.consents.rules import timing
from ritorno.consents.rules.answers import Finding, denied
from ritorno.consents.rules.facts import Ask, Decision, Fact, Facts
from ritorno.consents.rules.gates import Gates, Judge, gates_of, judge_blindly
from ritorno.consents.rules.terms import Channel, Family, LegalBasis, Purpose, Reason, ServiceKind, Verdict

# Python 3.11 looks a member up through its class ten times slower than a name of the module.
_ALLOW, _DENY, _REVIEW = Verdict.ALLOW, Verdict.DENY, Verdict.REVIEW
_LEGAL_SAFETY, _RIGHTS = Purpose.LEGAL_SAFETY, ServiceKind.RIGHTS


def decide(facts: Facts, ask: Ask, at: datetime) -> Decision:
    """Answer one question about one person; on a shared address everybody on it must be welcome (D-11)."""
    own = _decide_alone(facts, ask, at)
    if not ask.is_marketing or ask.channel is None:
        return own
    contact = facts.contacts.get(ask.channel)
    if contact is None or not contact.shared_with or own.verdict is _DENY:
        return own
    strictest = own
    for other in contact.shared_with:
        theirs = _decide_alone(other, ask, at)
        if _strictness(theirs) > _strictness(strictest):
            strictest = theirs
    if strictest is own:
        return own
    return Decision(
        strictest.verdict,
        strictest.family,
        strictest.reason,
        "D-11",
        LegalBasis.NONE,
        strictest.evidence,
        strictest.also,
        strictest.until,
        strictest.since,
        strictest.sent_count,
        strictest.days,
    )


_ORDER = {Verdict.ALLOW: 0, Verdict.DEFER: 1, Verdict.REVIEW: 2, Verdict.DENY: 3}


def _strictness(decision: Decision) -> tuple[int, float]:
    return (_ORDER[decision.verdict], decision.until.timestamp() if decision.until else 0.0)


def about_contact(facts: Facts, ask: Ask) -> Facts:
    """Return the facts as they are for the contact the channel would use: what was said for it, whose rules it is
    under.
    """
    contact = facts.contacts.get(ask.channel) if ask.channel is not None else None
    if contact is None or (contact.states is None and contact.pack is None):
        return facts
    return replace(
        facts,
        states=facts.states if contact.states is None else contact.states,
        pack=contact.pack or facts.pack,
    )


def _decide_alone(facts: Facts, ask: Ask, at: datetime) -> Decision:
    gates = gates_of(ask)
    facts = about_contact(facts, ask)
    first: Finding | None = None
    later: list[Finding] = []
    basis: Finding | None = None
    doubt: Finding | None = None
    for judge in _judges(gates, facts, ask) if facts.unavailable else gates.judges:
        finding = judge(facts, ask, at)
        if finding is None:
            continue
        if finding.verdict is _ALLOW:
            basis = finding
        elif finding.verdict is _REVIEW:
            doubt = doubt or finding
        elif first is None:
            first = finding
        else:
            later.append(finding)
    answer = first or doubt or wait(facts, ask, at)
    if answer is not None:
        return _closed(answer, later)
    if basis is None:
        return _closed(denied(Reason.NO_BASIS, "G12"), later)
    return Decision(_ALLOW, Family.ALLOWED, None, basis.rule_id, basis.basis, basis.evidence)


def _judges(gates: Gates, facts: Facts, ask: Ask) -> Iterator[Judge]:
    """Put a refusal in the place of every gate that reads what could not be loaded (D-04)."""
    for gate in gates.table:
        yield gate.judge if facts.unavailable.isdisjoint(gate.reads) else judge_blindly


def wait(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    """Judge the two gates that only postpone (G15, G16): after the cap has room, and inside the opening hours."""
    if ask.channel is None or ask.purpose is _LEGAL_SAFETY or ask.service_kind is _RIGHTS:
        return None
    capped: Finding | None = None
    if ask.is_marketing:
        if Fact.MESSAGES in facts.unavailable:
            return judge_blindly(facts, ask, at)
        capped = timing.judge_cap(facts, ask.channel, at)
        if capped is not None and capped.verdict is Verdict.DENY:
            return capped
    elif ask.is_urgent or ask.channel is not Channel.SMS:
        return None
    free_at = capped.until if capped is not None and capped.until is not None else at
    quiet = timing.judge_hours(facts, ask.channel, free_at)
    if capped is None or (quiet is not None and quiet.verdict is _DENY):
        return quiet
    return capped._replace(until=quiet.until) if quiet is not None else capped


_FAMILIES = {
    Reason.NO_BASIS: Family.NOT_ASKED,
    Reason.NO_CONSENT: Family.NOT_ASKED,
    Reason.NO_SALE: Family.NOT_ASKED,
    Reason.NOT_SIMILAR: Family.NOT_ASKED,
    Reason.NOT_OWN_PRODUCT: Family.NOT_ASKED,
    Reason.SOFT_OPTIN_EMAIL_ONLY: Family.NOT_ASKED,
    Reason.NO_PROFILING: Family.NOT_ASKED,
    Reason.NO_THIRD_PARTY: Family.NOT_ASKED,
    Reason.CONSENT_EXPIRED_FR: Family.NOT_ASKED,
    Reason.ERASED: Family.SAID_NO,
    Reason.SUPPRESSED_ERASED: Family.SAID_NO,
    Reason.SUPPRESSED: Family.SAID_NO,
    Reason.DECEASED: Family.SAID_NO,
    Reason.RESTRICTED: Family.SAID_NO,
    Reason.MINOR: Family.SAID_NO,
    Reason.COMPLAINT: Family.SAID_NO,
    Reason.OBJECTED: Family.SAID_NO,
    Reason.WITHDRAWN: Family.SAID_NO,
    Reason.REFUSED: Family.SAID_NO,
    Reason.RPO_REVOKED: Family.SAID_NO,
    Reason.SECTOR_RULE: Family.SAID_NO,
    Reason.QUIET_HOURS: Family.LATER,
    Reason.FREQ_CAP: Family.LATER,
}


def family_of(reason: Reason) -> Family:
    """Return how a refusal for this reason reads on a screen; what is not listed can be put right by staff."""
    return _FAMILIES.get(reason, Family.TO_FIX)


def _closed(finding: Finding, later: list[Finding]) -> Decision:
    reason = finding.reason or Reason.NO_BASIS
    also = (
        tuple(dict.fromkeys(each.reason for each in later if each.reason and each.reason is not reason))
        if later
        else ()
    )
    family = Family.REVIEW if finding.verdict is _REVIEW else family_of(reason)
    if reason is Reason.NO_PROFILING and finding.since is not None:
        family = Family.SAID_NO
    return Decision(
        finding.verdict,
        family,
        reason,
        finding.rule_id,
        LegalBasis.NONE,
        finding.evidence,
        also,
        finding.until,
        finding.since,
        finding.sent_count,
        finding.days,
    )
