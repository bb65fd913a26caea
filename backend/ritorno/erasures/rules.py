"""What an erasure, a restriction and a report of death are made of: closed lists, and what each keeps (C-24, C-26)."""

from enum import StrEnum


class ErasureGround(StrEnum):
    """Why a person is forgotten (GDPR art. 17(1))."""

    PERSON_ASKED = "PERSON_ASKED"
    NO_LONGER_NEEDED = "NO_LONGER_NEEDED"
    UNLAWFUL = "UNLAWFUL"
    LAW = "LAW"


class KeptPart(StrEnum):
    """What an erasure leaves, each for a reason of art. 17(3)."""

    RECEIPTS = "RECEIPTS"
    """Without the person: an amount, a day, products."""
    LOCKED_DOCUMENTS = "LOCKED_DOCUMENTS"
    """With the empty card, while a hold stands (B-51)."""
    CONSENT_PROOF = "CONSENT_PROOF"
    SUPPRESSION_HASHES = "SUPPRESSION_HASHES"
    MESSAGE_RECORD = "MESSAGE_RECORD"
    """That something was sent and when, without its text."""
    AUDIT = "AUDIT"
    BACKUPS = "BACKUPS"


class PartyKind(StrEnum):
    """Who else holds the person's data and must be told (GDPR art. 17(2), 19, 28)."""

    PROCESSOR = "PROCESSOR"
    RECIPIENT = "RECIPIENT"


class RestrictionGround(StrEnum):
    """Why a card is frozen (GDPR art. 18(1))."""

    ACCURACY = "ACCURACY"
    UNLAWFUL = "UNLAWFUL"
    CLAIMS = "CLAIMS"
    OBJECTION = "OBJECTION"


class AskedBy(StrEnum):
    PERSON = "PERSON"
    REPRESENTATIVE = "REPRESENTATIVE"
    AUTHORITY = "AUTHORITY"
    SHOP = "SHOP"


class RestrictionExit(StrEnum):
    """What ends a restriction: its ground is gone, or one of the four exits of art. 18(2)."""

    GROUND_ENDED = "GROUND_ENDED"
    CONSENT = "CONSENT"
    CLAIMS = "CLAIMS"
    PROTECTING_OTHERS = "PROTECTING_OTHERS"
    PUBLIC_INTEREST = "PUBLIC_INTEREST"


class ReportedBy(StrEnum):
    """Who told us that a person died (B-53)."""

    RELATIVE = "RELATIVE"
    HEIR = "HEIR"
    AUTHORITY = "AUTHORITY"
    STAFF = "STAFF"


BACKUP_DAYS = 35
"""How long a copy of the data may outlive an erasure (C-24)."""


def kept_parts(*, receipts: int, held: int, consents: int, addresses: int, messages: int) -> list[KeptPart]:
    """Return what stays of a person after an erasure, in the order it is told."""
    counted = {
        KeptPart.LOCKED_DOCUMENTS: held,
        KeptPart.RECEIPTS: receipts - held,
        KeptPart.CONSENT_PROOF: consents,
        KeptPart.SUPPRESSION_HASHES: addresses,
        KeptPart.MESSAGE_RECORD: messages,
    }
    return [part for part, count in counted.items() if count] + [KeptPart.AUDIT, KeptPart.BACKUPS]
