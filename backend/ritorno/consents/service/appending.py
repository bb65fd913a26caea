"""The one way into the ledger: chain the entries, append them, bring the projection and the listeners along.

Callers hold the locks of the people concerned, so no chain forks; `unique (customer_id, seq)` would refuse it anyway.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents import queries
from ritorno.consents.chaining import Link, chain_hash
from ritorno.consents.models import EVERY_CHANNEL, NoticeVersion
from ritorno.consents.rules import (
    Action,
    Card,
    Channel,
    LegalBasis,
    Method,
    Party,
    Purpose,
    fold_recipients_together,
    fold_together,
)
from ritorno.kit import clock, outbox
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7
from ritorno.stores.queries import get_business

PEOPLE_PER_EVENT = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry that was judged and may be appended."""

    customer_id: UUID
    purpose: Purpose
    channel: Channel | None
    action: Action
    occurred_at: datetime
    method: Method
    party: Party
    is_proven: bool = True
    version: NoticeVersion | None = None
    evidence: list[dict[str, Any]] = field(default_factory=list)
    contact_point_id: UUID | None = None
    recipient_id: UUID | None = None
    source: str | None = None
    locale: str | None = None


_APPEND = f"""
    insert into consent_events ({", ".join(Link._fields)})
    select id, customer_id, seq, contact_point_id, purpose, channel, action, legal_basis, occurred_at, recorded_at,
        zone, party, actor_kind, actor_id, actor_name, method, notice_version_id, text_sha256, locale, source,
        evidence::jsonb, is_proven, recipient_id, prev_hash, hash, ip, user_agent
    from unnest(
        $1::uuid[], $2::uuid[], $3::int[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[],
        $9::timestamptz[], $10::timestamptz[], $11::text[], $12::text[], $13::text[], $14::uuid[], $15::text[],
        $16::text[], $17::uuid[], $18::text[], $19::text[], $20::text[], $21::text[], $22::bool[], $23::uuid[],
        $24::bytea[], $25::bytea[], $26::text[], $27::text[]) as entry ({", ".join(Link._fields)})
"""


async def append(session: AsyncSession, drafts: Sequence[Draft], *, actor: Actor) -> list[Link]:
    """Append entries in the order given, in one statement, and publish what follows from them."""
    if not drafts:
        return []
    people = {draft.customer_id for draft in drafts}
    zone = (await get_business(session)).timezone
    heads = await queries.heads_of(session, people)
    now = clock.now()
    events: list[Link] = []
    for draft in drafts:
        event = _link(draft, heads.get(draft.customer_id), actor=actor, zone=zone, now=now)
        heads[draft.customer_id] = queries.Head(event.seq, event.hash)
        events.append(event)
    columns = dict(zip(Link._fields, map(list, zip(*events, strict=True)), strict=True))
    columns["evidence"] = [orjson.dumps(event.evidence).decode() for event in events]
    await (await driver(session)).execute(_APPEND, *columns.values())
    await _note_deliveries(session, drafts)
    await project(session, people)
    await _publish(session, events)
    return events


_PROJECT = """
    insert into consent_states
        (customer_id, purpose, channel, standing, since, event_id, method, party, contact_point_id)
    select * from unnest(
        $1::uuid[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::uuid[], $7::text[], $8::text[],
        $9::uuid[])
    on conflict (customer_id, purpose, channel) do update set
        standing = excluded.standing, since = excluded.since, event_id = excluded.event_id, method = excluded.method,
        party = excluded.party, contact_point_id = excluded.contact_point_id
"""


async def project(session: AsyncSession, customer_ids: Collection[UUID]) -> None:
    """Rebuild the states of these people from the ledgers of all their cards (C-10), in one statement."""
    ledgers = await queries.cards_of(session, customer_ids)
    rows = [
        (customer_id, purpose, channel or EVERY_CHANNEL, *state)
        for customer_id, cards in ledgers.items()
        for (purpose, channel), state in fold_together(cards).items()
    ]
    if rows:
        await (await driver(session)).execute(_PROJECT, *map(list, zip(*rows, strict=True)))
    await _project_recipients(session, ledgers)


_PROJECT_RECIPIENTS = """
    insert into recipient_states (customer_id, recipient_id, standing, since, event_id, method, party)
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::uuid[], $6::text[], $7::text[])
    on conflict (customer_id, recipient_id) do update set
        standing = excluded.standing, since = excluded.since, event_id = excluded.event_id, method = excluded.method,
        party = excluded.party
"""


async def _project_recipients(session: AsyncSession, ledgers: Mapping[UUID, Sequence[Card]]) -> None:
    rows = [
        (customer_id, recipient_id, *state[:5])
        for customer_id, cards in ledgers.items()
        for recipient_id, state in fold_recipients_together(cards).items()
    ]
    if rows:
        await (await driver(session)).execute(_PROJECT_RECIPIENTS, *map(list, zip(*rows, strict=True)))


def _link(draft: Draft, head: queries.Head | None, *, actor: Actor, zone: str, now: datetime) -> Link:
    event = Link(
        id=uuid7(),
        customer_id=draft.customer_id,
        seq=head.seq + 1 if head else 1,
        contact_point_id=draft.contact_point_id,
        purpose=draft.purpose.value,
        channel=draft.channel.value if draft.channel else None,
        action=draft.action.value,
        legal_basis=_basis(draft).value,
        occurred_at=draft.occurred_at.astimezone(UTC),
        recorded_at=now,
        zone=zone,
        party=draft.party.value,
        actor_kind=actor.kind,
        actor_id=actor.id,
        actor_name=actor.name,
        method=draft.method.value,
        notice_version_id=draft.version.id if draft.version else None,
        text_sha256=draft.version.text_sha256 if draft.version else None,
        locale=draft.locale or (draft.version.language if draft.version else None),
        source=draft.source,
        evidence=draft.evidence,
        is_proven=draft.is_proven,
        recipient_id=draft.recipient_id,
        prev_hash=head.hash if head else None,
        hash=b"",
    )
    return event._replace(hash=chain_hash(event))


def _basis(draft: Draft) -> LegalBasis:
    if draft.action not in (Action.GRANT, Action.GRANT_PENDING):
        return LegalBasis.NONE
    return LegalBasis.EXPLICIT if draft.purpose is Purpose.SPECIAL_CAT else LegalBasis.CONSENT


_DELIVER = """
    insert into notice_deliveries (customer_id, notice_version_id, delivered_at, method)
    select * from unnest($1::uuid[], $2::uuid[], $3::timestamptz[], $4::text[])
    on conflict do nothing
"""


async def _note_deliveries(session: AsyncSession, drafts: Sequence[Draft]) -> None:
    """Whoever answered a notice has received it (C-20)."""
    rows = [
        (draft.customer_id, draft.version.id, draft.occurred_at, draft.method)
        for draft in drafts
        if draft.version is not None
    ]
    if rows:
        await (await driver(session)).execute(_DELIVER, *map(list, zip(*rows, strict=True)))


_FACTS = {
    Action.GRANT: "consent.granted",
    Action.GRANT_PENDING: "consent.requested",
    Action.DENY: "consent.withdrawn",
    Action.WITHDRAW: "consent.withdrawn",
    Action.INVALIDATE: "consent.withdrawn",
    Action.EXPIRE: "consent.withdrawn",
    Action.OBJECT: "consent.objected",
}


async def _publish(session: AsyncSession, events: Sequence[Link]) -> None:
    """Tell who listens, with ids only; many people of one batch share an event."""
    people: dict[str, dict[str, None]] = {}
    for event in events:
        name = _FACTS.get(Action(event.action))
        if name is not None and event.is_proven:
            people.setdefault(name, {})[str(event.customer_id)] = None
    for name, found in people.items():
        ids = list(found)
        for start in range(0, len(ids), PEOPLE_PER_EVENT):
            await outbox.publish(session, name, {"customer_ids": ids[start : start + PEOPLE_PER_EVENT]})
