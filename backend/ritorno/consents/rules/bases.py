"""Gate G12: which one legal basis carries a contact (C-04): rows D-E1…E6, D-M1, D-M2, D-T1…T10, D-P1…P3, D-R1 and
D-S1…S9.

There is no chain from a failed consent to another basis: a refusal has already closed the door at G9 and G10.
"""

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from ritorno.consents.rules.answers import Finding, allowed, denied, review
from ritorno.consents.rules.facts import ANY_GROUP, Ask, Contact, Contract, Evidence, Facts, RegisterCheck
from ritorno.consents.rules.ledger import ONLINE, State
from ritorno.consents.rules.terms import (
    NEGATIVE,
    AssessmentKind,
    Channel,
    LegalBasis,
    Level,
    Method,
    Party,
    Purpose,
    Reason,
    ServiceKind,
    Standing,
)

_GRANTED, _EMAIL, _POST = Standing.GRANTED, Channel.EMAIL, Channel.POST
_OPERATOR, _THIRD_PARTY = Channel.PHONE_OPERATOR, Purpose.THIRD_PARTY

NOT_FROM_THE_PERSON = frozenset({"bought", "scraped", "business_card", "register", "pec_register", "directory"})
"""Sources of an address that never make it usable without consent (D-E5, D-P3)."""


def resolve(facts: Facts, ask: Ask, at: datetime) -> Finding:
    """Return the basis for this contact, or why there is none."""
    rule = _BY_PURPOSE.get(ask.purpose)
    if rule is not None:
        if ask.service_kind is not None and ask.purpose is Purpose.SERVICE:
            rule = _BY_SERVICE.get(ask.service_kind, rule)
        basis, rule_id = rule
        return allowed(basis, rule_id)
    if ask.purpose is _THIRD_PARTY:
        return _by_named_recipient(facts, ask)
    if ask.channel is None or ask.purpose is Purpose.SPECIAL_CAT:
        return _by_consent_alone(facts, ask)
    if ask.purpose is Purpose.MARKET_RESEARCH:
        return _by_research_consent(facts, ask, at)
    return _BY_CHANNEL.get(ask.channel, _by_text)(facts, ask, at)


_BY_PURPOSE = {
    Purpose.SERVICE: (LegalBasis.CONTRACT, "D-S1"),
    Purpose.LOYALTY: (LegalBasis.CONTRACT, "D-S5"),
    Purpose.LEGAL_SAFETY: (LegalBasis.LEGAL_OBLIGATION, "D-S3"),
    Purpose.STATS_AGG: (LegalBasis.LEGITIMATE_INTEREST, "C-02"),
}
_BY_SERVICE = {
    ServiceKind.REQUESTED: (LegalBasis.PRECONTRACT, "D-S2"),
    ServiceKind.AFTER_SALES: (LegalBasis.CONTRACT, "D-S4"),
    ServiceKind.RIGHTS: (LegalBasis.LEGAL_OBLIGATION, "D-S9"),
}


def is_sure_enough(facts: Facts, ask: Ask, contact: Contact) -> bool:
    """Tell whether the address is as certain as the basis at hand demands (C-13).

    A yes does not move to a new address by itself: the person must have confirmed that one (C-23).
    A letter has no way to be confirmed, and a contact without a basis is refused for that: both demand nothing.
    """
    if ask.channel is _POST:
        return True
    state = facts.states.get(ask.key)
    if state is not None and state.standing is _GRANTED:
        is_for_another = state.contact_point_id is not None and state.contact_point_id != contact.id
        enough = _CONFIRMED_ONLY if is_for_another or state.method in _REMOTE else _DELIVERED_OR_MORE
        return contact.level in enough
    if ask.channel is _EMAIL and _may_be_soft(facts, ask, state):
        return contact.level in _DELIVERED_OR_MORE
    return True


_REMOTE = frozenset({Method.WEB, Method.IMPORT})
_CONFIRMED_ONLY = frozenset({Level.CONFIRMED})
_DELIVERED_OR_MORE = frozenset({Level.CONFIRMED, Level.DELIVERED_OK})


def _may_be_soft(facts: Facts, ask: Ask, state: State | None) -> bool:
    is_open = state is None or state.standing in (Standing.UNPROVEN, Standing.LAPSED)
    return is_open and ask.purpose is Purpose.MKT_OWN and facts.soft_optin is not None


def is_own_online_yes(state: State | None) -> bool:
    """Tell whether a person of 14–17 said yes alone and online, the only yes of that age that counts (C-17)."""
    return state is not None and state.standing is _GRANTED and state.party is Party.SUBJECT and state.method in ONLINE


def _by_consent_alone(facts: Facts, ask: Ask) -> Finding:
    state = facts.states.get(ask.key)
    if state is not None and state.standing is _GRANTED:
        basis = LegalBasis.EXPLICIT if ask.purpose is Purpose.SPECIAL_CAT else LegalBasis.CONSENT
        return allowed(basis, "C-02", _seen(state))
    reason, rule_id = _WITHOUT_CONSENT.get(ask.purpose, (Reason.NO_CONSENT, "G12"))
    return denied(reason, rule_id)


_WITHOUT_CONSENT = {
    Purpose.PROFILING: (Reason.NO_PROFILING, "C-18"),
    Purpose.TRACK_OPEN: (Reason.NO_CONSENT, "E-20"),
    Purpose.TRACK_CLICK: (Reason.NO_CONSENT, "E-22"),
}


def state_of(facts: Facts, ask: Ask) -> State | None:
    """Return where the permission asked about stands: for a named recipient what was said of them, or a later no to
    all of them (C-19).
    """
    general = facts.states.get(ask.key)
    if ask.recipient is None:
        return general
    own = facts.third_party.get(ask.recipient)
    if general is None or general.standing not in NEGATIVE:
        return own
    return own if own is not None and own.since > general.since else general


def _by_named_recipient(facts: Facts, ask: Ask) -> Finding:
    """A yes to recipients nobody named is no yes (C-05)."""
    state = state_of(facts, ask)
    if ask.recipient is None or state is None or state.standing is not _GRANTED:
        return denied(Reason.NO_THIRD_PARTY, "D-R1")
    return allowed(LegalBasis.CONSENT, "D-R1", _seen(state))


def _by_research_consent(facts: Facts, ask: Ask, at: datetime) -> Finding:
    state = _granted(facts, ask)
    if state is None:
        return denied(Reason.NO_CONSENT, "D-S7")
    if ask.channel in _TELEPHONES:
        return _by_telephone(facts, ask, at)
    return allowed(LegalBasis.CONSENT, "D-S7", _seen(state))


def _by_email(facts: Facts, ask: Ask, at: datetime) -> Finding:
    state = _granted(facts, ask)
    if state is not None:
        return allowed(LegalBasis.CONSENT, "D-E1", _seen(state))
    contact = facts.contacts.get(_EMAIL)
    if contact is not None and contact.source in NOT_FROM_THE_PERSON:
        return denied(Reason.NO_CONSENT, "D-E5")
    counts_enquiries = facts.pack.counts_enquiries and bool(facts.enquiries)
    if facts.last_purchase_at is None and not counts_enquiries:
        return denied(Reason.NO_SALE, "D-E4")
    if not ask.is_own_product:
        return denied(Reason.NOT_OWN_PRODUCT, "D-E3")
    soft = facts.soft_optin
    is_this_address = soft is not None and (
        contact is None or soft.contact_point_id is None or soft.contact_point_id == contact.id
    )
    if soft is None or not is_this_address:
        return denied(Reason.NO_BASIS, "G12")
    seen = Evidence("soft_optin", soft.id, soft.offered_at)
    if not soft.offers_opt_out:
        return denied(Reason.NOTICE_MISSING, "D-E6", seen)
    bought_at = _last_similar(facts.purchases, ask.similarity_group)
    if counts_enquiries:
        asked_at = _last_similar(facts.enquiries, ask.similarity_group)
        bought_at = max((each for each in (bought_at, asked_at) if each is not None), default=None)
    if bought_at is None:
        return denied(Reason.NOT_SIMILAR, "C-07", seen)
    if months_after(bought_at, facts.pack.soft_optin_months) <= at:
        return denied(Reason.NO_CONSENT, "C-06", seen)
    return allowed(LegalBasis.SOFT_OPTIN, "D-E2", seen)


def _last_similar(groups: Mapping[str, datetime], group: str | None) -> datetime | None:
    if group is None:
        return None
    if group == ANY_GROUP:
        return max(groups.values(), default=None)
    return groups.get(group)


def months_after(moment: datetime, months: int) -> datetime:
    """Return the same day of a later month, the last one when that month is shorter."""
    years, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + years, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, monthrange(year, month)[1]))


def _by_text(facts: Facts, ask: Ask, at: datetime) -> Finding:
    state = _granted(facts, ask)
    if state is not None:
        return allowed(LegalBasis.CONSENT, "D-M1", _seen(state))
    if facts.last_purchase_at is not None:
        return denied(Reason.SOFT_OPTIN_EMAIL_ONLY, "D-M2")
    return denied(Reason.NO_BASIS, "G12")


_TELEPHONES = frozenset({Channel.PHONE_OPERATOR, Channel.PHONE_AUTO})


def _by_telephone(facts: Facts, ask: Ask, at: datetime) -> Finding:
    is_automatic = ask.channel is not _OPERATOR
    state = _granted(facts, ask)
    contact = facts.contacts.get(ask.channel) if ask.channel else None
    months = facts.pack.phone_consent_months
    if months is not None and (state is None or months_after(state.since, months) <= at):
        return denied(Reason.CONSENT_EXPIRED_FR, "D-T10", *([_seen(state)] if state else ()))
    if state is None:
        if is_automatic:
            return denied(Reason.NO_CONSENT, "D-T8")
        return _by_directory(facts, contact, at)
    if facts.pack.rpo_days is None:
        return allowed(LegalBasis.CONSENT, "D-T8" if is_automatic else "D-T1", _seen(state))
    check = _fresh(contact, facts.pack.rpo_days, at)
    if check is None:
        return denied(Reason.RPO_STALE, "D-T7", *_looked_up(contact))
    seen = _checked(check)
    if check.first_listed_at is None:
        return allowed(LegalBasis.CONSENT, "D-T8" if is_automatic else "D-T1", _seen(state), seen)
    contract = facts.contract
    if contract is not None and not is_automatic and ask.is_own_product and _outlives(contract, state, at):
        return allowed(
            LegalBasis.CONSENT, "D-T4", _seen(state), seen, Evidence("contract", contract.id, contract.since)
        )
    if state.since <= check.first_listed_at:
        return denied(Reason.RPO_REVOKED, "D-T2", seen, since=check.first_listed_at)
    return review(Reason.RPO_LATER_CONSENT, "D-T3", _seen(state), seen)


CONTRACT_TAIL = timedelta(days=30)


def _outlives(contract: Contract, consent: State, at: datetime) -> bool:
    """Tell whether a consent was given within a contract that is in force, or ended less than thirty days ago."""
    return contract.since <= consent.since and (contract.ended_at is None or at - contract.ended_at < CONTRACT_TAIL)


def _by_directory(facts: Facts, contact: Contact | None, at: datetime) -> Finding:
    """Judge a call without consent: only numbers of the public directory, and a person has to weigh it (D-T5, D-T6)."""
    days = facts.pack.rpo_days
    if contact is None or contact.source != "directory" or days is None:
        return denied(Reason.NO_CONSENT, "D-T6")
    check = _fresh(contact, days, at)
    if check is None:
        return denied(Reason.RPO_STALE, "D-T7", *_looked_up(contact))
    if check.first_listed_at is not None:
        return denied(Reason.RPO_REVOKED, "D-T5", _checked(check), since=check.first_listed_at)
    signed = _signed(facts, AssessmentKind.LIA_PHONE, at)
    if signed is None:
        return review(Reason.LIA_MISSING, "D-T5", _checked(check))
    return allowed(LegalBasis.LEGITIMATE_INTEREST, "D-T5", _checked(check), signed)


def _fresh(contact: Contact | None, days: int, at: datetime) -> RegisterCheck | None:
    """Return what the register said of this contact, while that holds."""
    check = contact.register if contact is not None else None
    return check if check is not None and at - check.checked_at <= timedelta(days=days) else None


def _checked(check: RegisterCheck) -> Evidence:
    return Evidence("register_check", check.id, check.checked_at)


def _looked_up(contact: Contact | None) -> tuple[Evidence, ...]:
    return (_checked(contact.register),) if contact is not None and contact.register is not None else ()


def _signed(facts: Facts, kind: AssessmentKind, at: datetime) -> Evidence | None:
    found = facts.assessments.get(kind)
    return Evidence("assessment", found.id, None) if found is not None and found.signed_on <= at.date() else None


def _by_letter(facts: Facts, ask: Ask, at: datetime) -> Finding:
    state = facts.states.get(ask.key)
    if state is not None and state.standing is _GRANTED:
        return allowed(LegalBasis.CONSENT, "C-04", _seen(state))
    if state is not None:
        return denied(Reason.NO_CONSENT, "C-04", _seen(state))
    contact = facts.contacts.get(_POST)
    source = contact.source if contact is not None else None
    if source == "directory":
        return _by_public_address(facts, contact, at)
    if source in NOT_FROM_THE_PERSON or facts.last_purchase_at is None:
        return denied(Reason.NO_BASIS, "D-P2")
    signed = _signed(facts, AssessmentKind.LIA_POST, at)
    if signed is None:
        return denied(Reason.LIA_MISSING, "D-P1")
    if not facts.is_informed:
        return denied(Reason.NOTICE_MISSING, "D-P1")
    return allowed(LegalBasis.LEGITIMATE_INTEREST, "D-P1", signed)


def _by_public_address(facts: Facts, contact: Contact | None, at: datetime) -> Finding:
    """Judge a letter to an address of the public directory: the postal register must be clear (D-P3)."""
    days = facts.pack.rpo_post_days
    check = _fresh(contact, days, at) if days is not None else None
    if check is None:
        return denied(Reason.RPO_POST, "D-P3", *_looked_up(contact))
    if check.first_listed_at is not None:
        return denied(Reason.RPO_POST, "D-P3", _checked(check), since=check.first_listed_at)
    signed = _signed(facts, AssessmentKind.LIA_POST, at)
    if signed is None:
        return denied(Reason.LIA_MISSING, "D-P3", _checked(check))
    return allowed(LegalBasis.LEGITIMATE_INTEREST, "D-P3", _checked(check), signed)


def _granted(facts: Facts, ask: Ask) -> State | None:
    state = facts.states.get(ask.key)
    return state if state is not None and state.standing is _GRANTED else None


def _seen(state: State) -> Evidence:
    return Evidence("consent", state.event_id, state.since)


_BY_CHANNEL: dict[Channel, Callable[[Facts, Ask, datetime], Finding]] = {
    Channel.EMAIL: _by_email,
    Channel.POST: _by_letter,
    Channel.PHONE_OPERATOR: _by_telephone,
    Channel.PHONE_AUTO: _by_telephone,
}
