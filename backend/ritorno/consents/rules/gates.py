"""The gates themselves, one judgement for each row of RULES §2, and the tables that put them in order.

A judgement returns None where it has nothing to say. What each gate reads is written beside it, so that a fact
which could not be loaded refuses exactly where it would have been looked at (D-04).
"""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from ritorno.consents.rules import bases, timing
from ritorno.consents.rules.answers import Finding, denied, review
from ritorno.consents.rules.facts import Ask, Evidence, Fact, Facts
from ritorno.consents.rules.ledger import State, age_on
from ritorno.consents.rules.terms import (
    FOR_ALL_CHANNELS,
    NEGATIVE,
    Channel,
    Purpose,
    Reason,
    ServiceKind,
    Standing,
    SuppressionReason,
    SuppressionScope,
    TemplateClass,
)

Judge = Callable[[Facts, Ask, datetime], Finding | None]


class Gate(NamedTuple):
    """One row of the gate table: its rule, the facts it reads, and its judgement."""

    rule_id: str
    reads: frozenset[Fact]
    judge: Judge


# Python 3.11 looks a member up through its class ten times slower than a name of the module.
_GRANTED, _OBJECTED = Standing.GRANTED, Standing.OBJECTED
_LEGAL_SAFETY, _RESEARCH = Purpose.LEGAL_SAFETY, Purpose.MARKET_RESEARCH
_LEFT = frozenset({Standing.OBJECTED, Standing.WITHDRAWN})
_POST = Channel.POST
_CONTRACT_PURPOSES = frozenset({Purpose.SERVICE, Purpose.LOYALTY})


def judge_blindly(facts: Facts, ask: Ask, at: datetime) -> Finding:
    """Refuse because a fact could not be loaded; a safety notice goes to a person instead (D-04)."""
    if ask.purpose is _LEGAL_SAFETY:
        return review(Reason.CHECK_UNAVAILABLE, "D-04")
    return denied(Reason.CHECK_UNAVAILABLE, "D-04")


def _judge_sender(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    """Refuse while the channel is not known to be ready; a safety notice goes to a person, who may find another."""
    assert ask.channel is not None
    known = facts.readiness.get(ask.channel)
    if known is not None and known.is_ready and (known.is_ready_for_marketing or not ask.is_marketing):
        return None
    seen = Evidence("sender_readiness", None, known.since if known is not None else None)
    if ask.purpose is _LEGAL_SAFETY:
        return review(Reason.SENDER_NOT_READY, "G1", seen)
    return denied(Reason.SENDER_NOT_READY, "G1", seen)


def _judge_person(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    if not facts.exists:
        return denied(Reason.ERASED, "G2")
    if facts.erased_at is not None:
        return denied(Reason.ERASED, "G2", Evidence("customer", facts.customer_id, facts.erased_at))
    if facts.is_merged:
        return denied(Reason.MERGED, "G2", Evidence("customer", facts.customer_id, None))
    return None


def _judge_death(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    if facts.deceased_at is None:
        return None
    seen = Evidence("customer", facts.customer_id, facts.deceased_at)
    is_for_heirs = ask.to_heirs and ask.purpose in _CONTRACT_PURPOSES
    if is_for_heirs or ask.purpose is _LEGAL_SAFETY:
        return review(Reason.DECEASED, "G3", seen)
    return denied(Reason.DECEASED, "G3", seen)


def _judge_restriction(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    if facts.restricted_at is None:
        return None
    seen = Evidence("customer", facts.customer_id, facts.restricted_at)
    if ask.purpose is _LEGAL_SAFETY:
        return review(Reason.RESTRICTED, "G4", seen)
    if ask.purpose in _CONTRACT_PURPOSES and _stands(facts, ask.purpose, ask.channel, Standing.GRANTED):
        return None
    return denied(Reason.RESTRICTED, "G4", seen)


def _judge_contact(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    assert ask.channel is not None
    contact = facts.contacts.get(ask.channel)
    if contact is None:
        return denied(Reason.BAD_CONTACT_POINT, "G5")
    if contact.invalid_at is not None and contact.hard_bounced_at is None:
        rule_id = "D-P4" if ask.channel is _POST else "G5"
        return denied(Reason.BAD_CONTACT_POINT, rule_id, Evidence("contact_point", contact.id, contact.invalid_at))
    if ask.is_marketing and not bases.is_sure_enough(facts, ask, contact):
        return denied(Reason.BAD_CONTACT_POINT, "C-13", Evidence("contact_point", contact.id, None))
    return None


def _judge_bounce(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    contact = facts.contacts.get(ask.channel) if ask.channel else None
    if contact is None:
        return None
    if contact.hard_bounced_at is not None:
        return denied(Reason.HARD_BOUNCE, "G6", Evidence("contact_point", contact.id, contact.hard_bounced_at))
    for each in contact.suppressions:
        if each.reason is SuppressionReason.HARD_BOUNCE:
            return denied(Reason.HARD_BOUNCE, "G6", Evidence("suppression", each.id, each.since))
    return None


def _judge_complaint(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    contact = facts.contacts.get(ask.channel) if ask.channel else None
    if contact is None:
        return None
    if contact.complained_at is not None:
        seen = Evidence("contact_point", contact.id, contact.complained_at)
        return denied(Reason.COMPLAINT, "G7", seen, since=contact.complained_at)
    for each in contact.suppressions:
        if each.reason is SuppressionReason.COMPLAINT:
            return denied(Reason.COMPLAINT, "G7", Evidence("suppression", each.id, each.since), since=each.since)
    return None


def _judge_suppression(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    contact = facts.contacts.get(ask.channel) if ask.channel else None
    if contact is None:
        return None
    binds_service = not ask.is_marketing
    for each in contact.suppressions:
        if binds_service and each.scope is not SuppressionScope.ALL:
            continue
        if each.reason in _JUDGED_ELSEWHERE and not binds_service:
            continue
        was_erased = each.reason is SuppressionReason.ERASED
        reason = Reason.SUPPRESSED_ERASED if was_erased else Reason.SUPPRESSED
        return denied(reason, "G8", Evidence("suppression", each.id, each.since), since=each.since)
    return None


_JUDGED_ELSEWHERE = frozenset({SuppressionReason.HARD_BOUNCE, SuppressionReason.COMPLAINT})


def _judge_objection(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    state = _refusal(facts, ask)
    if state is None or state.standing is not _OBJECTED:
        return None
    return denied(Reason.OBJECTED, "G9", Evidence("consent", state.event_id, state.since), since=state.since)


_NO_BY_STANDING = {
    Standing.WITHDRAWN: Reason.WITHDRAWN,
    Standing.REFUSED: Reason.REFUSED,
    Standing.PENDING: Reason.CONSENT_PENDING,
    Standing.UNPROVEN: Reason.UNPROVEN,
}


def _judge_standing(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    state = _refusal(facts, ask) or bases.state_of(facts, ask)
    reason = _NO_BY_STANDING.get(state.standing) if state else None
    if state is None or reason is None:
        return None
    may_still_be_soft = reason is Reason.UNPROVEN and ask.channel is Channel.EMAIL and ask.purpose is Purpose.MKT_OWN
    if may_still_be_soft and facts.soft_optin is not None and Fact.SOFT_OPTIN not in facts.unavailable:
        return None
    return denied(reason, "G10", Evidence("consent", state.event_id, state.since), since=state.since)


def _refusal(facts: Facts, ask: Ask) -> State | None:
    """Return the no that binds this question; a no to our marketing on a channel stops research on it (DESIGN §5)."""
    own = facts.states.get(ask.key) if ask.recipient is None else bases.state_of(facts, ask)
    if own is not None and own.standing in _LEFT:
        return own
    if ask.purpose is not _RESEARCH:
        return None
    marketing = facts.states.get((Purpose.MKT_OWN, ask.channel))
    if marketing is None or marketing.standing not in _LEFT:
        return None
    is_newer_yes = own is not None and own.standing is _GRANTED and own.since > marketing.since
    return None if is_newer_yes else marketing


def _judge_age(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    ages = facts.pack.ages
    if facts.born_on is None:
        return denied(Reason.MINOR, "G11") if facts.is_minor_flagged else None
    if at.year - facts.born_on.year > ages.adult_from:
        return None
    age = age_on(facts.born_on, at.date())
    if age >= ages.adult_from:
        return None
    if age < ages.parent_below or ask.uses_purchases or ask.purpose in (Purpose.PROFILING, Purpose.THIRD_PARTY):
        return denied(Reason.MINOR, "G11")
    state = facts.states.get(ask.key)
    return None if bases.is_own_online_yes(state) else denied(Reason.MINOR, "G11")


def _judge_basis(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    state = bases.state_of(facts, ask) if ask.recipient is not None else facts.states.get(ask.key)
    is_closed = state is not None and state.standing is not _GRANTED
    if is_closed and (_refusal(facts, ask) is not None or _judge_standing(facts, ask, at) is not None):
        return None
    return bases.resolve(facts, ask, at)


def _judge_profiling(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    if not ask.uses_purchases:
        return None
    state = facts.states.get((Purpose.PROFILING, None))
    if state is None:
        return denied(Reason.NO_PROFILING, "C-18")
    if state.standing is _GRANTED:
        return None
    said_no = state.standing in NEGATIVE
    seen = Evidence("consent", state.event_id, state.since)
    return denied(Reason.NO_PROFILING, "C-18", seen, since=state.since if said_no else None)


def _judge_template(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    is_marketing = ask.is_marketing
    if is_marketing:
        return denied(Reason.TEMPLATE_MISMATCH, "G13") if ask.template_class is TemplateClass.SERVICE else None
    if ask.template_class is TemplateClass.MARKETING or ask.has_promo:
        is_service = ask.purpose in _CONTRACT_PURPOSES
        return denied(
            Reason.PROMO_IN_SERVICE if is_service else Reason.TEMPLATE_MISMATCH, "D-S6" if is_service else "G13"
        )
    return None


def _judge_sector(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    """Refuse offers without a consent where the trade or the country allows none on this channel."""
    for rule in facts.pack.sectors:
        if ask.channel in rule.channels and rule.sector in (None, facts.sector):
            state = facts.states.get(ask.key)
            return None if state is not None and state.standing is _GRANTED else denied(Reason.SECTOR_RULE, "G14")
    return None


def _judge_requests(facts: Facts, ask: Ask, at: datetime) -> Finding | None:
    return timing.judge_requested(facts, at)


def _stands(facts: Facts, purpose: Purpose, channel: Channel | None, standing: Standing) -> bool:
    state = facts.states.get((purpose, channel))
    return state is not None and state.standing is standing


def _reads(*facts: Fact) -> frozenset[Fact]:
    return frozenset(facts)


_G1 = Gate("G1", _reads(Fact.READINESS), _judge_sender)
_G2 = Gate("G2", _reads(Fact.PERSON), _judge_person)
_G3 = Gate("G3", _reads(Fact.PERSON), _judge_death)
_G4 = Gate("G4", _reads(Fact.PERSON, Fact.STATES), _judge_restriction)
_G5 = Gate("G5", _reads(Fact.CONTACTS), _judge_contact)
_G6 = Gate("G6", _reads(Fact.CONTACTS, Fact.SUPPRESSIONS), _judge_bounce)
_G7 = Gate("G7", _reads(Fact.CONTACTS, Fact.SUPPRESSIONS), _judge_complaint)
_G8 = Gate("G8", _reads(Fact.CONTACTS, Fact.SUPPRESSIONS), _judge_suppression)
_G9 = Gate("G9", _reads(Fact.STATES), _judge_objection)
_G10 = Gate("G10", _reads(Fact.STATES), _judge_standing)
_G11 = Gate("G11", _reads(Fact.PERSON, Fact.STATES), _judge_age)
_G13 = Gate("G13", _reads(), _judge_template)
_G14 = Gate("G14", _reads(Fact.STATES), _judge_sector)
_C18 = Gate("C-18", _reads(Fact.STATES), _judge_profiling)
_S2 = Gate("D-S2", _reads(Fact.MESSAGES), _judge_requests)

_BASIS_READS = {
    Channel.EMAIL: _reads(Fact.STATES, Fact.PURCHASES, Fact.SOFT_OPTIN),
    Channel.POST: _reads(Fact.STATES, Fact.PURCHASES, Fact.ASSESSMENT, Fact.RPO),
    Channel.PHONE_OPERATOR: _reads(Fact.STATES, Fact.RPO, Fact.ASSESSMENT, Fact.CONTRACT),
    Channel.PHONE_AUTO: _reads(Fact.STATES, Fact.RPO),
}
_G12 = Gate("G12", _reads(Fact.STATES), _judge_basis)
_G12_THIRD_PARTY = Gate("G12", _reads(Fact.STATES, Fact.RECIPIENTS), _judge_basis)


class Gates(NamedTuple):
    """The gates one kind of question passes, and their judgements alone for the way where every fact is at hand."""

    table: tuple[Gate, ...]
    judges: tuple[Judge, ...]


def _in_order(*gates: Gate) -> Gates:
    return Gates(gates, tuple(gate.judge for gate in gates))


_MARKETING_GATES = {
    channel: _in_order(
        _G1, _G2, _G3, _G4, _G5, _G6, _G7, _G8, _G9, _G10, _G11,
        Gate("G12", _BASIS_READS.get(channel, _reads(Fact.STATES, Fact.PURCHASES)), _judge_basis),
        _C18, _G13, _G14,
    )
    for channel in Channel
}  # fmt: skip
_SERVICE_GATES = _in_order(_G1, _G2, _G3, _G4, _G5, _G6, _G8, _G12, _G13)
_REQUESTED_GATES = _in_order(_G1, _G2, _G3, _G4, _G5, _G6, _G8, _G12, _S2, _G13)
_SAFETY_GATES = _in_order(_G1, _G2, _G3, _G4, _G5, _G6, _G12, _G13)
_RIGHTS_GATES = _in_order(_G5, _G6, _G12, _G13)
_CONSENT_ONLY_GATES = _in_order(_G2, _G3, _G4, _G9, _G10, _G11, _G12)
_DISCLOSURE_GATES = _in_order(_G2, _G3, _G4, _G9, _G10, _G11, _G12_THIRD_PARTY)


def gates_of(ask: Ask) -> Gates:
    """Return what a question has to pass: marketing all of it, service and safety less, a mere use its consent."""
    if ask.is_marketing and ask.channel is not None:
        return _MARKETING_GATES[ask.channel]
    if ask.purpose in FOR_ALL_CHANNELS:
        return _DISCLOSURE_GATES if ask.purpose is Purpose.THIRD_PARTY else _CONSENT_ONLY_GATES
    if ask.channel is None:
        raise ValueError(f"{ask.purpose} is asked about a channel")
    if ask.purpose is _LEGAL_SAFETY:
        return _SAFETY_GATES
    return _BY_SERVICE.get(ask.service_kind, _SERVICE_GATES) if ask.service_kind is not None else _SERVICE_GATES


_BY_SERVICE = {ServiceKind.REQUESTED: _REQUESTED_GATES, ServiceKind.RIGHTS: _RIGHTS_GATES}
"""An answer to a request about one's own data reaches even whoever is restricted or objected (D-S9)."""
