"""The gate's answers put together for the card: every purpose and channel, and one answer step by step."""

from collections.abc import Iterator
from datetime import datetime

from ritorno.consents import words
from ritorno.consents.rules import (
    ANY_GROUP,
    FOR_ALL_CHANNELS,
    Ask,
    Channel,
    Explanation,
    Facts,
    LegalBasis,
    Purpose,
    Step,
    decide,
)
from ritorno.messaging.permission_schemas import (
    EvidenceRead,
    GateExplanation,
    GateStepRead,
    PermissionCell,
    PermissionMatrix,
    matrix,
)

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
"""Every purpose somebody may ask about; anonymous statistics concern nobody in particular."""

CHANNELS = (Channel.EMAIL, Channel.SMS, Channel.PHONE_OPERATOR, Channel.POST)
RARE = (Channel.WHATSAPP, Channel.PUSH, Channel.PHONE_AUTO, Channel.FAX)
"""Shown only where the person was ever asked about them."""


def matrix_of(facts: Facts, *, at: datetime, language: str, zone: str) -> PermissionMatrix:
    """Ask about everything at once, as of a moment, for the person in general."""
    spoken_of = {channel for _, channel in facts.states}
    channels = (*CHANNELS, *(channel for channel in RARE if channel in spoken_of))
    rows = []
    for purpose in PURPOSES:
        asks = list(_asks(facts, purpose, channels))
        rows.append((purpose, asks, [decide(facts, ask, at) for ask in asks]))
    return matrix(rows, at=at, language=language, zone=zone)


def _asks(facts: Facts, purpose: Purpose, channels: tuple[Channel, ...]) -> Iterator[Ask]:
    if purpose is Purpose.THIRD_PARTY and facts.third_party:
        yield from (Ask(purpose, None, recipient=recipient_id) for recipient_id in sorted(facts.third_party))
    elif purpose in FOR_ALL_CHANNELS:
        yield Ask(purpose, None)
    else:
        yield from (Ask(purpose, channel, similarity_group=ANY_GROUP) for channel in channels)


def explanation_of(
    explained: Explanation, facts: Facts, ask: Ask, *, at: datetime, language: str, zone: str
) -> GateExplanation:
    """Return the answer and every step in words."""
    contact = facts.contacts.get(ask.channel) if ask.channel is not None else None
    pack = contact.pack if contact is not None and contact.pack is not None else facts.pack
    return GateExplanation(
        at=at,
        purpose=ask.purpose,
        country=pack.country,
        decision=PermissionCell.of(explained.decision, ask, language=language, zone=zone),
        steps=[_step(step, ask, language, zone) for step in explained.steps],
    )


def _step(step: Step, ask: Ask, language: str, zone: str) -> GateStepRead:
    said = words.explain_step(step, ask, language=language, zone=zone)
    found = step.found
    return GateStepRead(
        gate=step.gate,
        title=words.title_of(step.gate, language),
        passage=step.passage,
        rule_id=found.rule_id if found is not None else step.gate,
        reason=found.reason if found is not None else None,
        basis=found.basis if found is not None else LegalBasis.NONE,
        sentence=said.sentence,
        remedy=said.remedy,
        until=found.until if found is not None else None,
        evidence=EvidenceRead.all_of(found.evidence if found is not None else (), language, zone),
    )
