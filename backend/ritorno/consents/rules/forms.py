"""What a consent form may look like (C-05, B-10): one unticked, optional box for each purpose, with the exact text in
force.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from ritorno.consents.rules.ledger import takes_channel
from ritorno.consents.rules.terms import Channel, Purpose, Term


class FormMedium(Term):
    """Where a form is filled in."""

    PAPER = "paper"
    TABLET = "tablet"
    WEB = "web"


class Choice(Term):
    """What somebody did with a box."""

    YES = "yes"
    NO = "no"
    BLANK = "blank"


class FormFault(Term):
    """Why a form may not be published."""

    NO_BOX = "NO_BOX"
    SAME_NAME = "SAME_NAME"
    BUNDLED_CONSENT = "BUNDLED_CONSENT"
    PRETICKED = "PRETICKED"
    MADE_A_CONDITION = "MADE_A_CONDITION"
    NOTICE_UNKNOWN = "NOTICE_UNKNOWN"
    NOTICE_NOT_IN_FORCE = "NOTICE_NOT_IN_FORCE"
    OTHER_PURPOSE = "OTHER_PURPOSE"
    OTHER_TEXT = "OTHER_TEXT"
    LANGUAGE_MISSING = "LANGUAGE_MISSING"
    RECIPIENT_MISSING = "RECIPIENT_MISSING"
    CHANNEL_MISSING = "CHANNEL_MISSING"
    CHANNEL_NOT_TAKEN = "CHANNEL_NOT_TAKEN"


class Box(NamedTuple):
    """One choice of a form, as it would be shown."""

    name: str
    notice: str
    """The notice it quotes, as `code@version`."""
    purposes: Sequence[Purpose]
    channels: Sequence[Channel] = ()
    is_preticked: bool = False
    is_required: bool = False
    texts: Mapping[str, str] = {}
    """Language → the words beside the box, where the form brings its own."""


class Quoted(NamedTuple):
    """One version of a notice, as a box may quote it."""

    purpose: Purpose
    recipient_id: UUID | None
    is_in_force: bool
    texts: Mapping[str, str]


class Fault(NamedTuple):
    """What is wrong, and where in the form."""

    path: str
    fault: FormFault


def newest_in_force(versions: Mapping[int, datetime], now: datetime) -> int | None:
    """Return which version counts now: the newest of those that have begun."""
    return max((version for version, begins in versions.items() if begins <= now), default=None)


def lint(boxes: Sequence[Box], languages: Collection[str], notices: Mapping[str, Quoted]) -> list[Fault]:
    """Return every fault of a form; one without any may be published."""
    if not boxes:
        return [Fault("boxes", FormFault.NO_BOX)]
    found = [
        Fault(f"boxes.{place}.{field}", fault)
        for place, box in enumerate(boxes)
        for field, fault in (*_as_choice(box), *_as_quoted(box, languages, notices.get(box.notice)))
    ]
    names = [box.name for box in boxes]
    twice = [place for place, name in enumerate(names) if name in names[:place]]
    return found + [Fault(f"boxes.{place}.name", FormFault.SAME_NAME) for place in twice]


def _as_choice(box: Box) -> list[tuple[str, FormFault]]:
    """Judge the box as a free choice about one thing (C-05)."""
    found: list[tuple[str, FormFault]] = []
    if len(set(box.purposes)) != 1:
        found.append(("purposes", FormFault.BUNDLED_CONSENT))
    elif takes_channel(box.purposes[0]) and not box.channels:
        found.append(("channels", FormFault.CHANNEL_MISSING))
    elif not takes_channel(box.purposes[0]) and box.channels:
        found.append(("channels", FormFault.CHANNEL_NOT_TAKEN))
    if box.is_preticked:
        found.append(("is_preticked", FormFault.PRETICKED))
    if box.is_required:
        found.append(("is_required", FormFault.MADE_A_CONDITION))
    return found


def _as_quoted(box: Box, languages: Collection[str], quoted: Quoted | None) -> list[tuple[str, FormFault]]:
    """Judge the words beside the box: the text in force of its own purpose, unchanged, in every language."""
    if quoted is None:
        return [("notice", FormFault.NOTICE_UNKNOWN)]
    found: list[tuple[str, FormFault]] = []
    if not quoted.is_in_force:
        found.append(("notice", FormFault.NOTICE_NOT_IN_FORCE))
    if quoted.purpose not in box.purposes:
        found.append(("notice", FormFault.OTHER_PURPOSE))
    if quoted.purpose is Purpose.THIRD_PARTY and quoted.recipient_id is None:
        found.append(("notice", FormFault.RECIPIENT_MISSING))
    if any(language not in quoted.texts for language in languages):
        found.append(("notice", FormFault.LANGUAGE_MISSING))
    if any(text != quoted.texts.get(language) for language, text in box.texts.items()):
        found.append(("texts", FormFault.OTHER_TEXT))
    return found
