"""Is this sender fit to write, and may its channel be used at all (G1)? What can be told without asking the network
(E-09, M-07).
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ritorno.consents.rules import Channel
from ritorno.kit.config import Settings
from ritorno.messaging.mime import UnfitAddress, check_address
from ritorno.messaging.models import Sender


class Check(NamedTuple):
    """One condition of readiness."""

    code: str
    ok: bool
    detail: str


def readiness(sender: Sender) -> list[Check]:
    """Return every condition with its answer; a sender is ready when all hold."""
    checks = [Check("NAME_SET", bool(sender.name.strip()), sender.name)]
    if sender.channel == Channel.EMAIL:
        checks.append(Check("ADDRESS_VALID", _is_mail(sender.address), sender.address))
        if sender.reply_to:
            checks.append(Check("REPLY_TO_VALID", _is_mail(sender.reply_to), sender.reply_to))
    elif sender.channel == Channel.SMS:
        is_alias = re.fullmatch(r"(?=.*[A-Za-z])[A-Za-z0-9 ]{3,11}", sender.address) is not None
        checks.append(Check("ALIAS_VALID", is_alias, sender.address))
    return checks


class ChannelState(NamedTuple):
    """Whether a channel may be used at all, with what was looked at."""

    channel: Channel
    is_ready: bool
    checks: list[Check]


class Standing(NamedTuple):
    """What the business as a whole owes before anything leaves (C-01)."""

    has_notice: bool
    """A notice about offers is in force."""
    has_terms: bool
    """The terms of whoever processes for the business are accepted."""


def look_at(channel: Channel, senders: Sequence[Sender], business: Standing, *, is_captured: bool) -> ChannelState:
    """Return the state of one channel: its senders fit, and what the business owes is done. What is only kept in the
    outbox harms nobody, so it is ready whatever is still missing; the conditions are told all the same.
    """
    checks = [
        Check("CAPTURED", is_captured, ""),
        Check("NOTICE_PUBLISHED", business.has_notice, ""),
        Check("TERMS_ACCEPTED", business.has_terms, ""),
        Check("SENDERS_SET", bool(senders), ""),
    ]
    checks += [
        Check(check.code, check.ok, f"{sender.stream}: {check.detail}")
        for sender in senders
        for check in readiness(sender)
    ]
    return ChannelState(channel, is_captured or all(check.ok for check in checks[1:]), checks)


def captured_channels(settings: Settings) -> frozenset[Channel]:
    """Return the channels without a road out of the house: their messages stay in the outbox."""
    real = frozenset() if settings.captures_mail else frozenset({Channel.EMAIL})
    return frozenset(Channel) - real


def _is_mail(address: str) -> bool:
    try:
        check_address(address)
    except UnfitAddress:
        return False
    return True
