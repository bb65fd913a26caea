"""The base schemas and the shared field types of the API."""

import re
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, PlainSerializer, model_validator

# C0 and C1 controls but tab and newline, and the bidirectional overrides that can reorder what a reader sees (RULES
# B-21).
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def clean_text(value: str) -> str:
    """Return the text without control and bidirectional characters and without blanks at its ends (B-21)."""
    return _UNSAFE.sub("", value).strip()


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, list):
        return [_clean(item) for item in value]
    return value


Instant = Annotated[
    datetime,
    PlainSerializer(
        lambda at: at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"), return_type=str
    ),
]
"""An instant as the API speaks it: UTC, with a Z."""

InstantIn = Annotated[AwareDatetime, AfterValidator(lambda at: at.astimezone(UTC))]
"""An instant as the API hears it: with its offset, or it is refused."""


class Schema(BaseModel):
    """Parent of what the API says."""

    model_config = ConfigDict(from_attributes=True)


class Input(BaseModel):
    """Parent of what the API hears: unknown fields are refused (B-46), text is cleaned (B-21)."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _clean_texts(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: item if key in cls.verbatim else _clean(item) for key, item in value.items()}

    verbatim: ClassVar[frozenset[str]] = frozenset()
    """Fields kept to the letter, such as a password or the body of a template."""
