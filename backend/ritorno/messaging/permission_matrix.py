"""The gate's answer for every purpose and channel of one person."""

from datetime import datetime

from ritorno.consents.rules import ANY_GROUP, FOR_ALL_CHANNELS, Ask, Channel, Facts, Purpose, decide
from ritorno.messaging.permission_schemas import PermissionMatrix, matrix

PURPOSES = (
    Purpose.MKT_OWN,
    Purpose.PROFILING,
    Purpose.SERVICE,
    Purpose.MARKET_RESEARCH,
    Purpose.LOYALTY,
    Purpose.LEGAL_SAFETY,
    Purpose.THIRD_PARTY,
    Purpose.TRACK_OPEN,
    Purpose.TRACK_CLICK,
    Purpose.SPECIAL_CAT,
)
CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.PHONE_OPERATOR, Channel.POST)


def matrix_of(facts: Facts, *, at: datetime, language: str, zone: str) -> PermissionMatrix:
    """Ask about everything at once, as of a moment, for the person in general."""
    rows = []
    for purpose in PURPOSES:
        channels: tuple[Channel | None, ...] = (None,) if purpose in FOR_ALL_CHANNELS else CHANNELS
        asks = [Ask(purpose, channel, similarity_group=ANY_GROUP) for channel in channels]
        rows.append((purpose, asks, [decide(facts, ask, at) for ask in asks]))
    return matrix(rows, at=at, language=language, zone=zone)
