"""What is in use beside what is registered, as the API speaks of it."""

from enum import StrEnum

from ritorno.kit.schemas import Schema


class GapKind(StrEnum):
    PURPOSE = "PURPOSE"
    CHANNEL = "CHANNEL"
    RECIPIENT = "RECIPIENT"
    RETENTION = "RETENTION"
    PROCESSOR = "PROCESSOR"


class RegisterGapRead(Schema):
    """One thing: its code, its name for people, and where it is used or registered, such as `notice offers`."""

    kind: GapKind
    code: str
    label: str
    found_in: list[str]


class GapsRead(Schema):
    """What is in use but stands in no row in force, and what stands in one but is not used (C-34)."""

    unregistered: list[RegisterGapRead]
    unused: list[RegisterGapRead]
