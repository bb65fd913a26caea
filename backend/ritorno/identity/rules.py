"""Roles, their scopes, and the clocks of a session (DESIGN §4, RULES S-09…S-13)."""

from datetime import datetime, timedelta
from enum import StrEnum

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
STEP_UP = timedelta(minutes=10)
MAX_TRIES = 5
TRIES_WINDOW = timedelta(minutes=15)
MIN_PASSWORD = 8
MAX_PASSWORD = 256


class Role(StrEnum):
    OWNER = "owner"
    MARKETER = "marketer"
    CASHIER = "cashier"
    ANALYST = "analyst"
    PRIVACY_OFFICER = "privacy_officer"


_READS = {
    "stores:read",
    "catalog:read",
    "segments:read",
    "campaigns:read",
    "recalls:read",
    "messages:read",
    "results:read",
}

SCOPES: dict[Role, frozenset[str]] = {
    # The owner may do all except edit the audit log or reverse an objection; neither has a scope at all.
    Role.OWNER: frozenset({"*"}),
    Role.MARKETER: frozenset(
        _READS
        | {
            "customers:write",
            "transactions:read",
            "consents:write",
            "messages:write",
            "calls:write",
            "segments:write",
            "campaigns:write",
            "campaigns:send",
            "recalls:write",
            "activity:write",
            "catalog:write",
            "imports:write",
            "quality:read",
            "duplicates:write",
            "privacy:read",
        }
    ),
    Role.CASHIER: frozenset(
        {
            "customers:write",
            "customers:lookup",
            "transactions:write",
            "consents:write",
            "calls:write",
            "stores:read",
            "catalog:read",
            "privacy:receive",
        }
    ),
    Role.ANALYST: frozenset({"stores:read", "catalog:read", "segments:counts", "results:read"}),
    Role.PRIVACY_OFFICER: frozenset(
        {
            "customers:write",
            "transactions:read",
            "consents:write",
            "consents:reverse",
            "consents:publish",
            "messages:read",
            "stores:read",
            "catalog:read",
            "activity:write",
            "audit:read",
            "exports:run",
            "imports:read",
            "quality:read",
            "duplicates:write",
            "privacy:write",
            "privacy:receive",
            "privacy:erase",
        }
    ),
}

DOMAINS = (
    "activity", "audit", "campaigns", "catalog", "consents", "customers", "duplicates", "identity", "imports",
    "messages", "privacy", "quality", "recalls", "results", "segments", "stores", "transactions",
)  # fmt: skip
TOKEN_SCOPES = frozenset(
    {f"{domain}:{verb}" for domain in DOMAINS for verb in ("read", "write")}
    | {"campaigns:send", "consents:publish", "exports:run", "privacy:receive", "privacy:erase", "*"}
)


def is_session_live(
    now: datetime, *, created_at: datetime, last_seen_at: datetime, revoked_at: datetime | None
) -> bool:
    """Tell whether a session still counts: 30 minutes idle, 12 hours in all (S-12)."""
    return revoked_at is None and now - last_seen_at < IDLE and now - created_at < ABSOLUTE


def is_stepped_up(now: datetime, step_up_at: datetime | None) -> bool:
    """Tell whether the person proved who they are within the last ten minutes."""
    return step_up_at is not None and now - step_up_at < STEP_UP
