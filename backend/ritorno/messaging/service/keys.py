"""Signing keys of a sender: made or brought, waiting until the DNS shows them, retired when the next one signs."""

from collections.abc import Sequence
from datetime import UTC

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents.rules import Channel
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.messaging import queries, signing
from ritorno.messaging.errors import SigningKeyNotFound, SigningKeyUnfit
from ritorno.messaging.models import Sender, SenderKey
from ritorno.messaging.schemas import SigningKeyCreate


async def make_signing_key(
    session: AsyncSession, sender: Sender, body: SigningKeyCreate, *, settings: Settings, actor: Actor
) -> SenderKey:
    """Keep a new key, which signs nothing until its record is found; one that still waited gives way to it."""
    if sender.channel != Channel.EMAIL:
        raise SigningKeyUnfit("Only mail is signed.")
    try:
        pair = signing.read_pair(body.private_key.get_secret_value()) if body.private_key else signing.make_pair()
    except signing.UnfitKey as unfit:
        raise SigningKeyUnfit(str(unfit)) from unfit
    await session.execute(
        delete(SenderKey).where(
            SenderKey.sender_id == sender.id, SenderKey.active_since.is_(None), SenderKey.retired_at.is_(None)
        )
    )
    domain = sender.address.rpartition("@")[2].casefold()
    key = SenderKey(
        sender_id=sender.id,
        domain=domain,
        selector=body.selector or await _new_selector(session, sender, domain),
        private_key=signing.seal(settings, pair),
        public_key=pair.public,
        is_given=body.private_key is not None,
        made_at=clock.now(),
        made_by=actor.name,
    )
    if await session.scalar(
        select(SenderKey.id).where(SenderKey.domain == key.domain, SenderKey.selector == key.selector)
    ):
        raise SigningKeyUnfit("This selector was used before: each key needs one of its own.")
    session.add(key)
    await session.flush()
    await activity.record(
        session,
        actor,
        "signing_key.made",
        subject="sender",
        subject_id=sender.id,
        details={"selector": key.selector, "is_given": key.is_given},
    )
    return key


async def _new_selector(session: AsyncSession, sender: Sender, domain: str) -> str:
    """Return a selector no key of this stream had: another installation of the same domain cannot meet it by chance."""
    day = f"{sender.stream.lower()}-{clock.now().astimezone(UTC):%Y%m%d}"
    used = await session.scalar(
        select(func.count()).where(SenderKey.domain == domain, SenderKey.selector.startswith(day))
    )
    return f"{day}-{(used or 0) + 1}"


async def activate(session: AsyncSession, sender: Sender, found: Sequence[SenderKey]) -> None:
    """Let the key that waited sign now that receivers can find it, and retire the one before it."""
    now = clock.now()
    for key in found:
        if key.active_since is not None or key.retired_at is not None:
            continue
        for before in await queries.signing_keys(session, [sender.id]):
            if before.active_since is not None:
                _retire(before)
        await session.flush()
        key.active_since = now
        await activity.record(
            session,
            Actor.system("messaging"),
            "signing_key.activated",
            subject="sender",
            subject_id=sender.id,
            details={"selector": key.selector},
        )
    await session.flush()


async def retire_signing_key(session: AsyncSession, sender: Sender, *, actor: Actor) -> None:
    """Stop signing for a sender; the private halves are gone for good."""
    keys = await queries.signing_keys(session, [sender.id])
    if not keys:
        raise SigningKeyNotFound()
    for key in keys:
        _retire(key)
        await activity.record(
            session,
            actor,
            "signing_key.retired",
            subject="sender",
            subject_id=sender.id,
            details={"selector": key.selector},
        )
    await session.flush()


def _retire(key: SenderKey) -> None:
    key.retired_at, key.private_key = clock.now(), None
