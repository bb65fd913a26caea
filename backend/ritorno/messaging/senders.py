"""Is this sender fit to write, and may its channel be used at all (G1)? What can be told of it alone (E-09, M-07), and
what the network said when it was last asked (E-07).
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from ritorno.consents.rules import Channel, TemplateClass
from ritorno.kit.config import Settings
from ritorno.messaging.gateway import sms_account
from ritorno.messaging.mime import UnfitAddress, check_address
from ritorno.messaging.models import Sender
from ritorno.messaging.rules import CheckState


class Record(NamedTuple):
    """What the business would have to publish in its DNS."""

    name: str
    type: str
    value: str


class Check(NamedTuple):
    """One condition of readiness; `otherwise` says how grave it is where it does not hold."""

    code: str
    ok: bool
    detail: str
    otherwise: CheckState = CheckState.FAILED
    publish: Record | None = None

    @property
    def state(self) -> CheckState:
        return CheckState.OK if self.ok else self.otherwise

    def stored(self) -> dict[str, Any]:
        """Return the condition as it is kept and as the API says it."""
        return {
            "code": self.code,
            "ok": self.ok,
            "state": self.state,
            "detail": self.detail,
            "publish": self.publish._asdict() if self.publish else None,
        }


def readiness(sender: Sender) -> list[Check]:
    """Return every condition with its answer; a sender is ready when all hold."""
    checks = [Check("NAME_SET", bool(sender.name.strip()), sender.name)]
    if sender.channel == Channel.EMAIL:
        checks.append(Check("ADDRESS_VALID", _is_mail(sender.address), sender.address))
        if sender.reply_to:
            checks.append(Check("REPLY_TO_VALID", _is_mail(sender.reply_to), sender.reply_to))
    elif sender.channel == Channel.SMS:
        is_valid = any(form.fullmatch(sender.address) for form in (_ALIAS, _NUMBER, _SERVICE))
        checks.append(Check("ALIAS_VALID", is_valid, sender.address))
    return checks


_ALIAS = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{3,11}")
_NUMBER = re.compile(r"\+[1-9][0-9]{7,14}")
_SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
"""What the provider calls a pool of numbers, which it assigned itself."""


def registration(sender: Sender, country: str) -> list[Check]:
    """Return what staff have to confirm of a text's sender before anything really leaves (M-07): in Italy its name
    stands in the register of the authority, and anywhere its number is one the provider gave us.
    """
    if sender.channel != Channel.SMS or _SERVICE.fullmatch(sender.address):
        return []
    code = "NUMBER_ASSIGNED" if _NUMBER.fullmatch(sender.address) else "ALIAS_REGISTERED"
    if code == "ALIAS_REGISTERED" and country != "IT":
        return []
    since = sender.registered_on.isoformat() if sender.registered_on else ""
    return [Check(code, sender.registered_on is not None, since)]


def may_be_answered(sender: Sender) -> bool:
    """Tell whether a text from this sender can be replied to: a name has no number behind it (M-06)."""
    return _ALIAS.fullmatch(sender.address) is None


class ChannelState(NamedTuple):
    """Whether a channel may be used at all, with what was looked at."""

    channel: Channel
    is_ready: bool
    is_ready_for_marketing: bool
    checks: list[dict[str, Any]]


class Standing(NamedTuple):
    """What the business as a whole owes before anything leaves (C-01)."""

    has_notice: bool
    """A notice about offers is in force."""
    has_terms: bool
    """The terms of whoever processes for the business are accepted."""
    country: str = "IT"


def look_at(channel: Channel, senders: Sequence[Sender], business: Standing, *, is_captured: bool) -> ChannelState:
    """Return the state of one channel: its senders fit, and what the business owes is done. What is only kept in the
    outbox harms nobody, so it is ready whatever is still missing; the conditions are told all the same.

    What the network said of the marketing sender keeps marketing alone from leaving (E-07).
    """
    owed = [
        Check("NOTICE_PUBLISHED", business.has_notice, ""),
        Check("TERMS_ACCEPTED", business.has_terms, ""),
        Check("SENDERS_SET", bool(senders), ""),
    ]
    owed += [
        check._replace(detail=f"{sender.stream}: {check.detail}")
        for sender in senders
        for check in [*readiness(sender), *registration(sender, business.country)]
    ]
    for_marketing = [_apart(senders)] if channel == Channel.EMAIL else []
    asked = [
        found | {"detail": f"{sender.stream}: {found['detail']}", "stream": sender.stream}
        for sender in senders
        for found in sender.checks
    ]
    is_ready = is_captured or all(check.ok for check in owed)
    is_refused = any(not check.ok for check in for_marketing) or any(
        found["stream"] == TemplateClass.MARKETING and found["state"] == CheckState.FAILED for found in asked
    )
    told = [Check("CAPTURED", is_captured, "", CheckState.WARNING), *owed, *for_marketing]
    return ChannelState(
        channel,
        is_ready=is_ready,
        is_ready_for_marketing=is_ready and (is_captured or not is_refused),
        checks=[check.stored() for check in told] + asked,
    )


def _apart(senders: Sequence[Sender]) -> Check:
    """Tell whether marketing has an address of its own: what people think of it must not fall on receipts (E-09)."""
    addresses = [sender.address.casefold() for sender in senders]
    return Check("STREAMS_APART", len(set(addresses)) == len(addresses), ", ".join(sorted(set(addresses))))


def captured_channels(settings: Settings) -> frozenset[Channel]:
    """Return the channels without a road out of the house: their messages stay in the outbox."""
    real = set() if settings.captures_mail else {Channel.EMAIL}
    if sms_account(settings) is not None:
        real.add(Channel.SMS)
    return frozenset(Channel) - real


def _is_mail(address: str) -> bool:
    try:
        check_address(address)
    except UnfitAddress:
        return False
    return True
