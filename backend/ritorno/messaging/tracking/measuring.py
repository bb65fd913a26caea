"""Measuring a batch on its way out, and writing down what comes back (E-20…E-23, B-54).

Whether a person allows it is asked when their mail is written and again when something happens: after a withdrawal an
old mail still works, and tells nothing.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7
from ritorno.messaging import permissions
from ritorno.messaging.tracking import rules, tokens
from ritorno.messaging.tracking.rules import BURST, EventKind, Measures

TextKey = tuple[UUID, int, str]

_MEASURED_TEXTS = """
select asked.template_id, asked.version, asked.language,
    array(select link.url from message_links link
        where link.template_id = asked.template_id and link.version = asked.version and link.language = asked.language
        order by link.link_index)
from unnest($1::uuid[], $2::int[], $3::text[]) asked(template_id, version, language)
join templates template on template.id = asked.template_id and template.is_measured
"""


async def load_links(session: AsyncSession, keys: Iterable[TextKey]) -> dict[TextKey, tuple[str, ...]]:
    """Return the links of the texts that are measured at all; a text that is not is left out."""
    wanted = list(set(keys))
    if not wanted:
        return {}
    connection = await driver(session)
    rows = await connection.fetch(_MEASURED_TEXTS, *(list(column) for column in zip(*wanted, strict=True)))
    return {(row[0], row[1], row[2]): tuple(row[3]) for row in rows}


def click_addresses(settings: Settings, message_id: UUID, count: int) -> list[str]:
    """Return where each link of one message leads instead."""
    return [f"{settings.public_url}/c/{tokens.click_token(settings, message_id, index)}" for index in range(count)]


def picture_address(settings: Settings, message_id: UUID) -> str:
    return f"{settings.public_url}/o/{tokens.open_token(settings, message_id)}.gif"


_KEEP_MEASURED = """
insert into measured_messages (message_id, opens, clicks) select * from unnest($1::uuid[], $2::bool[], $3::bool[])
on conflict (message_id) do update set opens = excluded.opens, clicks = excluded.clicks
"""


async def keep_measured(session: AsyncSession, measured: dict[UUID, Measures]) -> None:
    """Say of which messages something is measured, so that counts know out of how many."""
    if not measured:
        return
    connection = await driver(session)
    rows = sorted(measured.items())
    await connection.execute(
        _KEEP_MEASURED, [each for each, _ in rows], [what.opens for _, what in rows], [what.clicks for _, what in rows]
    )


# ── what comes back ───────────────────────────────────────────────────────────────────────────────────────────────────


class Asked(NamedTuple):
    """What the request itself tells of who made it; nothing of it is kept."""

    method: str
    user_agent: str


class _Known(NamedTuple):
    customer_id: UUID
    sent_at: datetime | None
    url: str | None
    link_count: int
    event_count: int


_KNOWN = """
select message.customer_id, message.sent_at,
    (select link.url from message_links link
        where link.template_id = message.template_id and link.version = message.template_version
            and link.language = message.language and link.link_index = $2),
    (select count(*) from message_links link
        where link.template_id = message.template_id and link.version = message.template_version
            and link.language = message.language),
    (select count(*) from message_events event where event.message_id = message.id)
from messages message where message.id = $1
"""

FEWEST_LINKS = 3
MOST_EVENTS = 100
"""Of one message: a link that got around must not fill the disk."""


async def follow(session: AsyncSession, settings: Settings, token: str, asked: Asked) -> str | None:
    """Return where a measured link leads, and write the click down if the person still allows it; None for a token
    that is not ours.
    """
    seen = tokens.read(settings, EventKind.CLICK, token)
    known = await _find(session, seen) if seen is not None else None
    if seen is None or known is None or known.url is None:
        return None
    await _record(session, EventKind.CLICK, seen, known, asked)
    return known.url


async def see(session: AsyncSession, settings: Settings, token: str, asked: Asked) -> None:
    """Write an opening down if the person still allows it."""
    seen = tokens.read(settings, EventKind.OPEN, token)
    known = await _find(session, seen) if seen is not None else None
    if seen is not None and known is not None:
        await _record(session, EventKind.OPEN, seen, known, asked)


async def _find(session: AsyncSession, seen: tokens.Seen) -> _Known | None:
    connection = await driver(session)
    row = await connection.fetchrow(_KNOWN, seen.message_id, seen.link_index)
    return _Known(*row) if row is not None else None


async def _record(session: AsyncSession, kind: EventKind, seen: tokens.Seen, known: _Known, asked: Asked) -> None:
    now = clock.now()
    facts = await permissions.load_facts(session, [known.customer_id], at=now)
    if known.event_count >= MOST_EVENTS or not rules.allows(facts[known.customer_id], kind, now):
        return
    link_index = seen.link_index if kind is EventKind.CLICK else None
    is_machine = rules.is_machine(asked.method, asked.user_agent, known.sent_at, now)
    if kind is EventKind.CLICK and not is_machine:
        is_machine = await _completes_a_burst(session, seen, known.link_count, now)
    connection = await driver(session)
    await connection.execute(
        "insert into message_events (id, message_id, kind, link_index, at, is_machine) values ($1, $2, $3, $4, $5, $6)",
        uuid7(), seen.message_id, kind.value, link_index, now, is_machine,
    )  # fmt: skip


async def _completes_a_burst(session: AsyncSession, seen: tokens.Seen, link_count: int, now: datetime) -> bool:
    """Tell whether with this click every link of the mail was followed within seconds; a mail of one or two links
    says too little.
    """
    if link_count < FEWEST_LINKS:
        return False
    connection = await driver(session)
    followed = await connection.fetchval(
        """
        select count(distinct link_index) from message_events
        where message_id = $1 and kind = 'click' and at > $2 and link_index <> $3
        """,
        seen.message_id, now - BURST, seen.link_index,
    )  # fmt: skip
    return bool(followed + 1 >= link_count)
