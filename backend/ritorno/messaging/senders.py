"""Is this sender fit to write? What can be told without asking the network (E-09, M-07)."""

import re
from typing import NamedTuple

from ritorno.consents.rules import Channel
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


def _is_mail(address: str) -> bool:
    try:
        check_address(address)
    except UnfitAddress:
        return False
    return True
