"""Problem: the parent of every refusal, told as RFC 9457 (RULES S-05)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field; `path` is dotted, list positions are numbers: `lines.2.total`."""

    path: str
    code: str
    message: str


def field_errors(errors: Sequence[Mapping[str, Any]]) -> list[FieldError]:
    """Return Pydantic's findings with the paths a caller knows."""
    found = []
    for error in errors:
        where = [str(part) for part in error["loc"]]
        if where and where[0] in {"body", "query", "path", "header", "cookie"}:
            where = where[1:]
        found.append(FieldError(".".join(where), error["type"].replace("_", "-"), error["msg"]))
    return found


class Problem(Exception):
    """A refusal the caller can act on.

    A subclass states `status`, `code` and `title`; there is no default, so that none becomes a 500 by accident.
    `detail` never carries SQL, a stack or a person.
    """

    status: ClassVar[int]
    code: ClassVar[str]
    title: ClassVar[str]

    def __init__(
        self,
        detail: str = "",
        *,
        errors: list[FieldError] | None = None,
        headers: dict[str, str] | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.errors = errors or []
        self.headers = headers or {}
        self.extra = extra

    def as_row(self) -> dict[str, Any]:
        """Return the body without the request, for one row of a batch answer."""
        body: dict[str, Any] = {
            "type": f"/docs/problems#{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            **self.extra,
        }
        if self.errors:
            body["errors"] = [{"path": e.path, "code": e.code, "message": e.message} for e in self.errors]
        return body


class Invalid(Problem):
    """The payload itself is wrong, whatever the state."""

    status = 422
    code = "invalid"
    title = "Some fields cannot be accepted"


class BadCursor(Problem):
    status = 400
    code = "bad-cursor"
    title = "This page cursor was not issued here"


class StaleVersion(Problem):
    status = 412
    code = "stale-version"
    title = "Somebody changed this in the meantime"


class VersionRequired(Problem):
    status = 428
    code = "version-required"
    title = "Send If-Match with the version you read"


class TooLarge(Problem):
    status = 413
    code = "too-large"
    title = "The request is larger than allowed"


class Malformed(Problem):
    status = 400
    code = "malformed"
    title = "The request could not be read"


class Unavailable(Problem):
    status = 503
    code = "unavailable"
    title = "The service cannot answer right now"
