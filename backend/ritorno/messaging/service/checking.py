"""The network asked about senders (E-07): read, ask with no unit of work open, write down."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.consents.rules import Channel
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.db import unit_of_work
from ritorno.messaging import queries
from ritorno.messaging.dns import make_resolver
from ritorno.messaging.domain_checks import Road, Seen, is_found, judge, look_up
from ritorno.messaging.models import Sender
from ritorno.messaging.service.keys import activate
from ritorno.messaging.service.readiness import refresh_readiness


async def check_senders(
    sessions: async_sessionmaker[AsyncSession], settings: Settings, sender_ids: Sequence[UUID] | None = None
) -> None:
    """Look at the domains of these mail senders, or of all; a waiting key whose record is found begins to sign."""
    async with unit_of_work(sessions) as session:
        senders = [
            sender
            for sender in await queries.list_senders(session)
            if sender.channel == Channel.EMAIL and (sender_ids is None or sender.id in sender_ids)
        ]
        keys = {sender.id: await queries.signing_keys(session, [sender.id]) for sender in senders}
    resolver = make_resolver(settings)
    roads = {sender.id: road_of(sender, settings) for sender in senders}
    seen = {sender.id: await look_up(resolver, sender, keys[sender.id], roads[sender.id]) for sender in senders}
    async with unit_of_work(sessions) as session:
        for sender_id, found in seen.items():
            await _write_down(session, await queries.get_sender(session, sender_id, for_update=True), found, roads)
        await refresh_readiness(session, settings)


async def _write_down(session: AsyncSession, sender: Sender, seen: Seen, roads: dict[UUID, Road]) -> None:
    present = {key.id: key for key in await queries.signing_keys(session, [sender.id])}
    # A key may have been replaced while the network was asked.
    answers = [(present[key.id], answer) for key, answer in seen.keys if key.id in present]
    await activate(session, sender, [key for key, answer in answers if is_found(key, answer)])
    still = tuple((key, answer) for key, answer in answers if key.retired_at is None)
    told = judge(sender, replace(seen, keys=still), roads[sender.id])
    sender.checks, sender.checked_at = [check.stored() for check in told], clock.now()


def road_of(sender: Sender, settings: Settings) -> Road:
    """Return by which way a sender's mail leaves; bounces go to their own address where there is one (E-10)."""
    returned = settings.bounce_address or sender.address
    server = urlsplit(settings.smtp_url.get_secret_value()).hostname or ""
    return Road(envelope=returned.rpartition("@")[2].casefold(), host="" if _is_local(server) else server)


def _is_local(host: str) -> bool:
    return host in {"localhost", "::1"} or host.startswith("127.")
