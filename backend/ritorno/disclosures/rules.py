"""Vocabularies of disclosures to third parties (C-19)."""

from enum import StrEnum


class NoticeCause(StrEnum):
    """Why a recipient must be told something about a person (art. 19, C-19)."""

    WITHDRAWN = "WITHDRAWN"
    OBJECTED = "OBJECTED"
    ERASED = "ERASED"
    RECTIFIED = "RECTIFIED"
    RESTRICTED = "RESTRICTED"


class NoticeState(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    """A mail went to the recipient's privacy contact."""
    TOLD = "told"
    """Somebody told the recipient another way, and said so here."""


class RecipientStatus(StrEnum):
    DRAFT = "draft"
    ACTIVE = "active"
    ENDED = "ended"


FORBIDS = frozenset({NoticeCause.WITHDRAWN, NoticeCause.OBJECTED, NoticeCause.ERASED, NoticeCause.RESTRICTED})
"""Causes after which the recipient may no longer use what it was given."""
