"""Gates G15 and G16: not now, but when (D-07, D-T9, M-08)."""

from datetime import datetime, timedelta

from ritorno.consents.rules.answers import Finding, deferred, denied
from ritorno.consents.rules.facts import Facts
from ritorno.consents.rules.hours import Cap, next_open
from ritorno.consents.rules.terms import Channel, Reason, Verdict


def judge_hours(facts: Facts, channel: Channel, at: datetime) -> Finding | None:
    """Return the delay to the next open window in the person's zone; unknown means open here and there (D-07, B-30)."""
    hours = facts.pack.hours_of(channel)
    if hours is None:
        return None
    zones = (facts.zone,) if facts.zone else (facts.business_zone, *facts.pack.zones)
    opens = next_open(at, hours, facts.pack.holidays, zones)
    if opens is None:
        return denied(Reason.QUIET_HOURS, hours.rule)
    return None if opens == at else deferred(Reason.QUIET_HOURS, hours.rule, opens)


def judge_cap(facts: Facts, channel: Channel, at: datetime) -> Finding | None:
    """Return the delay until one more message fits under every cap, or the refusal when that is too far off (G16)."""
    if not facts.sent:
        return None
    worst: Finding | None = None
    own = facts.pack.cap_of(channel)
    if own is not None:
        worst = _over(own, [sent.at for sent in facts.sent if sent.channel is channel and not sent.is_requested], at)
    overall = _over(facts.pack.cap_all, [sent.at for sent in facts.sent if not sent.is_requested], at)
    if overall is not None and (worst is None or (overall.until or at) > (worst.until or at)):
        worst = overall
    if worst is None or worst.until is None or worst.until - at <= facts.pack.longest_wait:
        return worst
    return worst._replace(verdict=Verdict.DENY)


def judge_requested(facts: Facts, at: datetime) -> Finding | None:
    """Refuse to write again and again about what somebody once asked for (D-S2)."""
    over = _over(facts.pack.cap_requested, [sent.at for sent in facts.sent if sent.is_requested], at)
    return None if over is None else over._replace(verdict=Verdict.DENY, rule_id="D-S2")


def _over(cap: Cap, moments: list[datetime], at: datetime) -> Finding | None:
    window = timedelta(days=cap.days)
    recent = sorted(moment for moment in moments if at - window < moment <= at)
    if len(recent) < cap.most:
        return None
    free_at = recent[len(recent) - cap.most] + window
    return deferred(Reason.FREQ_CAP, "G16", free_at, sent_count=len(recent), days=cap.days)
