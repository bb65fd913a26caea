"""The do-not-contact list: addresses as keyed hashes, which outlive the card they came from (C-25, G8)."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, case, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents import hashing
from ritorno.consents.errors import SuppressionNotFound, SuppressionStays
from ritorno.consents.models import Suppression
from ritorno.consents.rules import Channel, SuppressionReason, SuppressionScope
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7


async def suppress(
    session: AsyncSession,
    *,
    channel: Channel,
    match_key: str,
    reason: SuppressionReason,
    scope: SuppressionScope = SuppressionScope.MARKETING,
    since: datetime | None = None,
    until: datetime | None = None,
    actor: Actor,
) -> UUID:
    """Put an address on the list and return the row's id; a second time for the same reason changes nothing, unless it
    is for longer or for more.
    """
    kid, digest = hashing.hash_address(channel, match_key)
    entry = insert(Suppression).values(
        id=uuid7(),
        channel=channel,
        hash=digest,
        kid=kid,
        reason=reason,
        scope=scope,
        since=since or clock.now(),
        until=until,
    )
    is_for_ever = and_(Suppression.until.is_not(None), entry.excluded.until.is_(None))
    is_for_all = and_(Suppression.scope != SuppressionScope.ALL, entry.excluded.scope == SuppressionScope.ALL)
    inserted = await session.execute(
        entry.on_conflict_do_update(
            index_elements=[Suppression.hash, Suppression.reason],
            index_where=Suppression.lifted_at.is_(None),
            set_={
                "until": case((is_for_ever, None), else_=Suppression.until),
                "scope": case((is_for_all, entry.excluded.scope), else_=Suppression.scope),
            },
            where=or_(is_for_ever, is_for_all),
        ).returning(Suppression.id)
    )
    suppression_id = inserted.scalar_one_or_none()
    if suppression_id is None:
        standing = select(Suppression.id).where(
            Suppression.hash == digest, Suppression.reason == reason, Suppression.lifted_at.is_(None)
        )
        return (await session.execute(standing)).scalar_one()
    await activity.record(
        session,
        actor,
        "address.suppressed",
        subject="suppression",
        subject_id=suppression_id,
        details={"channel": channel, "reason": reason, "scope": scope},
    )
    return suppression_id


_SUPPRESS = """
    insert into suppressions as known (id, channel, hash, kid, reason, scope, since)
    select distinct on (hash, reason) * from unnest(
        $1::uuid[], $2::text[], $3::bytea[], $4::text[], $5::text[], $6::text[], $7::timestamptz[]
    ) as told (id, channel, hash, kid, reason, scope, since)
    on conflict (hash, reason) where lifted_at is null do update set until = null,
        scope = case when excluded.scope = 'ALL' then excluded.scope else known.scope end
    where known.until is not null or (known.scope <> 'ALL' and excluded.scope = 'ALL')
"""
_STANDING = """
    select w.place, s.id from unnest($1::bytea[], $2::text[]) with ordinality as w (hash, reason, place)
    join suppressions s on s.hash = w.hash and s.reason = w.reason and s.lifted_at is null
"""


async def suppress_many(
    session: AsyncSession,
    addresses: Sequence[tuple[Channel, str, SuppressionReason, datetime]],
    *,
    scope: SuppressionScope = SuppressionScope.MARKETING,
) -> list[tuple[UUID, bool]]:
    """Put many (channel, match key, reason, since) on the list; return each one's entry and whether it is new."""
    rows = []
    for channel, match_key, reason, since in addresses:
        kid, digest = hashing.hash_address(channel, match_key)
        rows.append((uuid7(), channel.value, digest, kid, reason.value, scope.value, since))
    if not rows:
        return []
    connection = await driver(session)
    await connection.execute(_SUPPRESS, *map(list, zip(*rows, strict=True)))
    news = {row[0] for row in rows}
    standing = await connection.fetch(_STANDING, [row[2] for row in rows], [row[4] for row in rows])
    return [(row["id"], row["id"] in news) for row in sorted(standing, key=lambda row: row["place"])]


_LIFTED_WITH_THEIR_FILE = (SuppressionReason.IMPORT, SuppressionReason.MANUAL, SuppressionReason.UNSUB)


async def lift_many(session: AsyncSession, suppression_ids: Sequence[UUID]) -> set[UUID]:
    """Take entries off the list that a file put there by mistake, and return those taken off.

    A complaint, a dead address and an erasure stay: who put them on the list last is not known, and they need more than
    an undoing (C-25).
    """
    lifted = await session.scalars(
        update(Suppression)
        .where(
            Suppression.id.in_(suppression_ids),
            Suppression.reason.in_(_LIFTED_WITH_THEIR_FILE),
            Suppression.lifted_at.is_(None),
        )
        .values(lifted_at=func.now())
        .returning(Suppression.id)
        .execution_options(synchronize_session=False)
    )
    return set(lifted)


async def suppressed_among(
    session: AsyncSession, addresses: Collection[tuple[Channel, str]]
) -> dict[tuple[Channel, str], SuppressionReason]:
    """Return which of these (channel, match key) stand on the list, and why; the keys never enter the database."""
    standing = Suppression.lifted_at.is_(None)
    if not addresses or (await session.scalars(select(Suppression.id).where(standing).limit(1))).first() is None:
        return {}
    asked = {digest: each for each in set(addresses) for digest in hashing.every_hash(*each)}
    rows = await session.execute(
        select(Suppression.hash, Suppression.reason).where(Suppression.hash.in_(asked), standing)
    )
    return {asked[bytes(digest)]: SuppressionReason(reason) for digest, reason in rows}


_NEEDS_VERIFICATION = frozenset({SuppressionReason.COMPLAINT, SuppressionReason.HARD_BOUNCE})


async def lift(
    session: AsyncSession,
    *,
    channel: Channel,
    match_key: str,
    reason: SuppressionReason,
    is_verified_again: bool = False,
    actor: Actor,
) -> None:
    """Take an address off the list; a complaint or a dead address only once it was verified again (C-25)."""
    if reason in _NEEDS_VERIFICATION and not is_verified_again:
        raise SuppressionStays()
    lifted = await session.execute(
        update(Suppression)
        .where(
            Suppression.hash.in_(hashing.every_hash(channel, match_key)),
            Suppression.reason == reason,
            Suppression.lifted_at.is_(None),
        )
        .values(lifted_at=func.now())
        .returning(Suppression.id)
    )
    ids = lifted.scalars().all()
    if not ids:
        raise SuppressionNotFound()
    for suppression_id in ids:
        await activity.record(
            session,
            actor,
            "address.unsuppressed",
            subject="suppression",
            subject_id=suppression_id,
            details={"channel": channel, "reason": reason},
        )


async def end_rests(session: AsyncSession) -> int:
    """Let addresses be tried again whose rest is over (E-12); return how many."""
    ended = await session.scalars(
        update(Suppression)
        .where(Suppression.until <= clock.now(), Suppression.lifted_at.is_(None))
        .values(lifted_at=clock.now())
        .returning(Suppression.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())


async def last_rest_of(session: AsyncSession, channel: Channel, match_key: str) -> datetime | None:
    """Return when the last rest of an address ended, None for one that never had any."""
    ended = select(func.max(Suppression.lifted_at)).where(
        Suppression.hash.in_(hashing.every_hash(channel, match_key)), Suppression.until.is_not(None)
    )
    return (await session.execute(ended)).scalar_one()
