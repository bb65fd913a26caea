"""Gate G12: which one legal basis carries a contact (C-04): rows D-E1…E6, D-M1, D-M2, D-T1…T8, D-P1…P3, D-S1…S7.

There is no chain from a failed consent to another basis: a refusal has already closed the door at G9 and G10.
"""

from calendar import monthrange
from collections.abc import Callable
from datetime import datetime, timedelta

from ritorno.consents.rules.answers import Finding, allowed, denied, review
from ritorno.consents.rules.facts import ANY_GROUP, Ask, Contact, Evidence, Facts
from ritorno.consents.rules.ledger import ONLINE, State
from ritorno.consents.rules.terms import Channel, LegalBasis, Level, Method, Party, Purpose, Reason, Standing

_GRANTED, _EMAIL, _POST = Standing.GRANTED, Channel.EMAIL, Channel.POST

NOT_FROM_THE_PERSON = frozenset({"bought", "scraped", "business_card", "register", "pec_register", "directory"})
"""Sources of an address that never make it usable without consent (D-E5, D-P3)."""


def resolve(facts: Facts, ask: Ask, at: datetime) -> Finding:
    """Return the basis for this contact, or why there is none."""
    rule = _BY_PURPOSE.get(ask.purpose)
    if rule is not None:
        basis, rule_id = rule
        return allowed(basis, rule_id)
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
    Purpose.THIRD_PARTY: (Reason.NO_THIRD_PARTY, "D-R1"),
    Purpose.TRACK_OPEN: (Reason.NO_CONSENT, "E-20"),
    Purpose.TRACK_CLICK: (Reason.NO_CONSENT, "E-22"),
}


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
    if facts.last_purchase_at is None:
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
    bought_at = _last_similar(facts, ask.similarity_group)
    if bought_at is None:
        return denied(Reason.NOT_SIMILAR, "C-07", seen)
    if months_after(bought_at, facts.pack.soft_optin_months) <= at:
        return denied(Reason.NO_CONSENT, "C-06", seen)
    return allowed(LegalBasis.SOFT_OPTIN, "D-E2", seen)


def _last_similar(facts: Facts, group: str | None) -> datetime | None:
    if group is None:
        return None
    if group == ANY_GROUP:
        return max(facts.purchases.values(), default=None)
    return facts.purchases.get(group)


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
    is_automatic = ask.channel is Channel.PHONE_AUTO
    state = _granted(facts, ask)
    if state is None:
        return denied(Reason.NO_CONSENT, "D-T8" if is_automatic else "D-T6")
    check = facts.rpo
    if check is None or at - check.checked_at > timedelta(days=facts.pack.rpo_days):
        return denied(Reason.RPO_STALE, "D-T7")
    seen = Evidence("register_check", check.id, check.checked_at)
    if check.first_listed_at is None:
        return allowed(LegalBasis.CONSENT, "D-T8" if is_automatic else "D-T1", _seen(state), seen)
    if state.since <= check.first_listed_at:
        return denied(Reason.RPO_REVOKED, "D-T2", seen, since=check.first_listed_at)
    return review(Reason.RPO_LATER_CONSENT, "D-T3", _seen(state), seen)


def _by_letter(facts: Facts, ask: Ask, at: datetime) -> Finding:
    state = facts.states.get(ask.key)
    if state is not None and state.standing is _GRANTED:
        return allowed(LegalBasis.CONSENT, "C-04", _seen(state))
    if state is not None:
        return denied(Reason.NO_CONSENT, "C-04", _seen(state))
    contact = facts.contacts.get(_POST)
    if contact is not None and contact.source in NOT_FROM_THE_PERSON:
        return denied(Reason.RPO_POST, "D-P3")
    if facts.last_purchase_at is None:
        return denied(Reason.NO_BASIS, "D-P2")
    if facts.assessment is None or facts.assessment.signed_on > at.date():
        return denied(Reason.LIA_MISSING, "D-P1")
    if not facts.is_informed:
        return denied(Reason.NOTICE_MISSING, "D-P1")
    return allowed(LegalBasis.LEGITIMATE_INTEREST, "D-P1", Evidence("assessment", facts.assessment.id, None))


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
