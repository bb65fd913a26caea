"""The dated numbers of a country as one value, and how those of two countries join: the stricter of each (D-03)."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple, TypeVar

from ritorno.consents.rules.hours import Cap, Holidays, Hours, join_holidays, overlap_hours
from ritorno.consents.rules.ledger import Ages
from ritorno.consents.rules.terms import Channel


class SectorRule(NamedTuple):
    """Channels that a trade may use for offers with a consent alone (G14); without a trade, everybody."""

    sector: str | None
    channels: frozenset[Channel]


class RulePack(NamedTuple):
    """The rules of one country from a day on, read from `rulepack/` and passed to the gate as a value."""

    country: str
    from_on: date
    zones: tuple[str, ...]
    holidays: Holidays
    hours: tuple[tuple[Channel, Hours], ...]
    caps: tuple[tuple[Channel, Cap], ...]
    cap_all: Cap
    cap_requested: Cap
    """How often what somebody asked for may be written about (D-S2)."""
    longest_wait: timedelta
    soft_optin_months: int
    """How long a sale carries mail without consent; none where the country allows no such mail."""
    counts_enquiries: bool
    """A quote or enquiry counts as a sale (D-E4)."""
    rpo_days: int | None
    """How long an answer of the opposition register holds for a number; None where there is no register."""
    rpo_post_days: int | None
    phone_consent_months: int | None
    """How long a consent to calls lasts, where it does not last by itself (D-T10)."""
    ages: Ages
    sectors: tuple[SectorRule, ...] = ()

    def hours_of(self, channel: Channel) -> Hours | None:
        """Return the windows of a channel, None when it may be used at any hour."""
        return next((hours for name, hours in self.hours if name is channel), None)

    def cap_of(self, channel: Channel) -> Cap | None:
        """Return the channel's own cap, None when only the overall one binds."""
        return next((cap for name, cap in self.caps if name is channel), None)


def stricter(one: RulePack, other: RulePack) -> RulePack:
    """Return the rules that obey both packs; the country and the dates told are those of the first."""
    if one == other:
        return one
    return RulePack(
        country=one.country,
        from_on=one.from_on,
        zones=tuple(dict.fromkeys((*one.zones, *other.zones))),
        holidays=join_holidays((one.holidays, other.holidays)),
        hours=_joined(one.hours, other.hours, overlap_hours),
        caps=_joined(one.caps, other.caps, _lower),
        cap_all=_lower(one.cap_all, other.cap_all),
        cap_requested=_lower(one.cap_requested, other.cap_requested),
        longest_wait=min(one.longest_wait, other.longest_wait),
        soft_optin_months=min(one.soft_optin_months, other.soft_optin_months),
        counts_enquiries=one.counts_enquiries and other.counts_enquiries,
        rpo_days=_shorter(one.rpo_days, other.rpo_days),
        rpo_post_days=_shorter(one.rpo_post_days, other.rpo_post_days),
        phone_consent_months=_shorter(one.phone_consent_months, other.phone_consent_months),
        ages=Ages(*map(max, zip(one.ages, other.ages, strict=True))),
        sectors=tuple(dict.fromkeys((*one.sectors, *other.sectors))),
    )


def for_recipient(theirs: RulePack, ours: RulePack) -> RulePack:
    """Return the stricter of the recipient's rules and the sender's; a register lists the numbers of its own country,
    so the recipient's alone is consulted.
    """
    return stricter(theirs, ours)._replace(rpo_days=theirs.rpo_days, rpo_post_days=theirs.rpo_post_days)


_T = TypeVar("_T")


def _joined(
    ours: tuple[tuple[Channel, _T], ...], theirs: tuple[tuple[Channel, _T], ...], join: Callable[[_T, _T], _T]
) -> tuple[tuple[Channel, _T], ...]:
    first, second = dict(ours), dict(theirs)
    both = {channel: join(first[channel], second[channel]) for channel in first if channel in second}
    return tuple({**first, **second, **both}.items())


def _lower(one: Cap, other: Cap) -> Cap:
    """Return the cap that lets fewer through: fewer of them, over the longer while."""
    return Cap(min(one.most, other.most), max(one.days, other.days))


def _shorter(one: int | None, other: int | None) -> int | None:
    return min((each for each in (one, other) if each is not None), default=None)
