"""What is in use beside what is registered (C-34): the two lists a register is kept fresh with."""

from collections import defaultdict
from typing import TypeAlias

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.privacy.documents import configured
from ritorno.privacy.documents.configured import Configured
from ritorno.privacy.documents.schemas import GapKind, GapsRead, RegisterGapRead
from ritorno.privacy.documents.speech import Speech

Places: TypeAlias = dict[tuple[GapKind, str], list[str]]
"""What → where it was found."""


async def find(session: AsyncSession, settings: Settings, *, language: str) -> GapsRead:
    """Return what is used but stands in no row in force, and what stands in one but is not used."""
    known = await configured.load(session, settings)
    say = Speech(language, known.business.timezone)
    used, registered = await _used(session, known), _registered(known)
    labels = _labels(known, say)

    def told(found: Places, without: Places) -> list[RegisterGapRead]:
        return [
            RegisterGapRead(kind=kind, code=code, label=labels.get(code) or say.term(code), found_in=places)
            for (kind, code), places in sorted(found.items())
            if (kind, code) not in without
        ]

    return GapsRead(unregistered=told(used, registered), unused=told(registered, used))


def _labels(known: Configured, say: Speech) -> dict[str, str]:
    names = {str(each.recipient.id): each.recipient.name for each in known.recipients}
    names |= {str(each.id): each.name for each in known.processors}
    names[_MAIL] = say("Chi spedisce le email", "Whoever sends the mail")
    for clock_name, period in [*known.periods.items(), *_registered_periods(known)]:
        names[f"{clock_name}={period}"] = f"{say.term(clock_name)}: {say.period(period)}"
    return names


async def _used(session: AsyncSession, known: Configured) -> Places:
    found: Places = defaultdict(list)
    for purpose in _BY_NATURE:
        found[GapKind.PURPOSE, purpose].append("product")
    for notice in known.notices:
        if any(version.effective_from <= clock.now() for version in notice.versions):
            found[GapKind.PURPOSE, notice.notice.purpose].append(f"notice {notice.notice.code}")
    for row in await session.execute(text("select name, purpose from templates where status = 'ready' order by name")):
        found[GapKind.PURPOSE, row.purpose].append(f"template {row.name}")
    for channel in known.channels:
        found[GapKind.CHANNEL, channel].append("sender")
    for each in known.active_recipients:
        found[GapKind.RECIPIENT, str(each.recipient.id)].append("recipient")
    for name, period in known.periods.items():
        if period:
            found[GapKind.RETENTION, f"{name}={period}"].append("retention")
    for processor in known.active_processors:
        if processor.activities:
            found[GapKind.PROCESSOR, str(processor.id)].append("processor")
    if known.guards.mail_leaves:
        found[GapKind.PROCESSOR, _MAIL].append("smtp")
    return found


_BY_NATURE = ("SERVICE", "LEGAL_SAFETY", "STATS_AGG")
"""What the product does without any text that asks for it."""
_MAIL = "MAIL_SERVER"


def _registered(known: Configured) -> Places:
    found: Places = defaultdict(list)
    for row in known.in_force() + known.in_force("PROCESSOR"):
        place = f"row {row.code}"
        if row.purpose is not None:
            found[GapKind.PURPOSE, row.purpose].append(place)
        for channel in row.channels:
            found[GapKind.CHANNEL, channel].append(place)
        for recipient_id in row.recipient_ids:
            found[GapKind.RECIPIENT, recipient_id].append(place)
        for name, period in row.retention_periods.items():
            found[GapKind.RETENTION, f"{name}={period}"].append(place)
    for processor in known.active_processors:
        found[GapKind.PROCESSOR, str(processor.id)].append("processor")
        found[GapKind.PROCESSOR, _MAIL].append("processor")
    if not known.guards.mail_leaves:
        found.pop((GapKind.PROCESSOR, _MAIL), None)
    return found


def _registered_periods(known: Configured) -> list[tuple[str, str]]:
    return [pair for row in known.activities for pair in row.retention_periods.items()]
