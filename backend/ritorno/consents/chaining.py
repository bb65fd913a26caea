"""One entry of the ledger as a link of its person's chain, and the digest that ties it to the one before (C-08)."""

import hashlib
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from ritorno.consents.models import ConsentEvent


class Link(NamedTuple):
    """An entry as it goes into the ledger; its fields are the columns, in the order of the statement."""

    id: UUID
    customer_id: UUID
    seq: int
    contact_point_id: UUID | None
    purpose: str
    channel: str | None
    action: str
    legal_basis: str
    occurred_at: datetime
    recorded_at: datetime
    zone: str
    party: str
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    method: str
    notice_version_id: UUID | None
    text_sha256: str | None
    locale: str | None
    source: str | None
    evidence: list[dict[str, Any]]
    is_proven: bool
    recipient_id: UUID | None
    prev_hash: bytes | None
    hash: bytes
    ip: str | None = None
    user_agent: str | None = None


def chain_hash(event: ConsentEvent | Link) -> bytes:
    """Return the digest of an entry over everything it says and the entry before it, in one fixed spelling."""
    said = [
        event.prev_hash.hex() if event.prev_hash else None,
        str(event.customer_id), event.seq, str(event.id), _text(event.contact_point_id),
        event.purpose, event.channel, event.action, event.legal_basis,
        _moment(event.occurred_at), _moment(event.recorded_at), event.zone,
        event.party, event.actor_kind, _text(event.actor_id), event.actor_name, event.method,
        _text(event.notice_version_id), event.text_sha256, event.locale, event.source, event.ip, event.user_agent,
        event.evidence, event.is_proven,
        # Entries that name no third party keep the digest they had before any could.
        *([str(event.recipient_id)] if event.recipient_id else []),
    ]  # fmt: skip
    return hashlib.sha256(orjson.dumps(said, option=orjson.OPT_SORT_KEYS)).digest()


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="microseconds")
