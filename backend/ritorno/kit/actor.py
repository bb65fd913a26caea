"""Who is acting, and what they may do."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

ActorKind = Literal["user", "token", "system", "subject"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff, an API token, a job of ours, or the customer in person (`subject`)."""

    kind: ActorKind
    id: UUID | None
    name: str
    scopes: frozenset[str] = field(default_factory=frozenset)
    role: str | None = None
    language: str = "it"

    @classmethod
    def system(cls, name: str) -> "Actor":
        """Return the actor of a background job; it may do whatever its code does."""
        return cls("system", None, name, frozenset({"*"}))

    def may(self, scope: str) -> bool:
        """Tell whether a scope was given; `customers:write` carries `customers:read`."""
        if "*" in self.scopes or scope in self.scopes:
            return True
        domain, _, verb = scope.partition(":")
        return verb == "read" and f"{domain}:write" in self.scopes
