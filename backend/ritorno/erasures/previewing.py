"""What an erasure would do, or does: what goes, what stays and why, who must be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.accountability.models import Processor
from ritorno.customers.errors import CustomerErased
from ritorno.customers.queries import get_customer
from ritorno.disclosures.models import Disclosure, Handover, Recipient
from ritorno.erasures import queries, rules
from ritorno.erasures.models import Erasure
from ritorno.erasures.register import KEPT, TABLES
from ritorno.erasures.rules import ErasureGround, KeptPart, PartyKind
from ritorno.erasures.schemas import ErasurePreviewRead, ErasureRead, GoneRead, HoldRead, KeptRead, ToldRead
from ritorno.erasures.words import KEPT as KEPT_WORDS
from ritorno.kit import clock
from ritorno.kit.db import driver
from ritorno.stores.queries import get_business
from ritorno.transactions import queries as transactions
from ritorno.transactions.models import Hold


@dataclass(frozen=True, slots=True)
class Plan:
    """What is known of a person before they are forgotten."""

    cards: list[UUID]
    gone: dict[str, int]
    kept: list[dict[str, Any]]
    holds: list[Hold]
    processors: list[Processor]
    recipients: list[str]
    queued: int

    @property
    def is_partial(self) -> bool:
        return any(each["part"] == KeptPart.LOCKED_DOCUMENTS for each in self.kept)


async def plan(session: AsyncSession, customer_id: UUID) -> Plan:
    """Count what each domain holds of a person; refused for a card that is erased or part of another."""
    if (await get_customer(session, customer_id)).erased_at is not None:
        raise CustomerErased()
    cards = await queries.cards_of(session, customer_id)
    counts = await _counts(session, cards)
    holds = await transactions.standing_holds(session, cards)
    receipts = counts["transactions"]
    parts = rules.kept_parts(
        receipts=receipts,
        held=receipts if holds else 0,
        consents=counts["consent_events"],
        addresses=counts["contact_points"],
        messages=counts["messages"],
    )
    return Plan(
        cards=cards,
        gone={table: count for table, count in counts.items() if count and table not in KEPT},
        kept=await _kept(session, parts, holds),
        holds=holds,
        processors=list(await session.scalars(select(Processor).where(Processor.ended_on.is_(None)))),
        recipients=list(
            await session.scalars(
                select(Recipient.name)
                .distinct()
                .join(Handover, Handover.recipient_id == Recipient.id)
                .join(Disclosure, Disclosure.handover_id == Handover.id)
                .where(Disclosure.customer_id.in_(cards))
                .order_by(Recipient.name)
            )
        ),
        queued=await queries.count_queued(session, cards),
    )


async def _counts(session: AsyncSession, cards: Sequence[UUID]) -> dict[str, int]:
    """Count the rows of every table that names a customer, in one statement."""
    asked = " union all ".join(
        f"select '{table}' as name, count(*) as rows from {table} where {' or '.join(_names(columns))}"
        for table, columns in TABLES.items()
    )
    rows = await (await driver(session)).fetch(asked, list(cards))
    return {row["name"]: row["rows"] for row in rows}


def _names(columns: Sequence[str]) -> list[str]:
    return [f"{column} = any($1::uuid[])" for column in columns]


async def _kept(session: AsyncSession, parts: Sequence[KeptPart], holds: Sequence[Hold]) -> list[dict[str, Any]]:
    today = clock.today((await get_business(session)).timezone)
    ends = [hold.until for hold in holds]
    until = {
        KeptPart.LOCKED_DOCUMENTS: max((day for day in ends if day), default=None) if all(ends) else None,
        KeptPart.BACKUPS: today + timedelta(days=rules.BACKUP_DAYS),
    }
    return [{"part": part.value, "until": day.isoformat() if (day := until.get(part)) else None} for part in parts]


def kept_read(kept: Sequence[dict[str, Any]]) -> list[KeptRead]:
    """Return what stays with its reason in words."""
    return [KeptRead.model_validate(each | {"because": KEPT_WORDS[KeptPart(each["part"])]}) for each in kept]


async def preview(session: AsyncSession, customer_id: UUID) -> ErasurePreviewRead:
    """Return what an erasure would do now."""
    planned = await plan(session, customer_id)
    return ErasurePreviewRead(
        customer_id=customer_id,
        card_count=len(planned.cards),
        goes=[GoneRead(section=table, count=count) for table, count in planned.gone.items()],
        stays=kept_read(planned.kept),
        told=[ToldRead(kind=PartyKind.PROCESSOR, name=each.name) for each in planned.processors]
        + [ToldRead(kind=PartyKind.RECIPIENT, name=name) for name in planned.recipients],
        is_partial=planned.is_partial,
        holds=[HoldRead.model_validate(each) for each in planned.holds],
        queued_messages=planned.queued,
    )


async def erasures_read(session: AsyncSession, erasures: Sequence[Erasure]) -> list[ErasureRead]:
    """Return the proofs of erasures as the API says them."""
    waiting = await queries.still_to_tell(session, [erasure.id for erasure in erasures])
    return [_read(erasure, waiting.get(erasure.id, 0)) for erasure in erasures]


def _read(erasure: Erasure, still_to_tell: int) -> ErasureRead:
    return ErasureRead(
        id=erasure.id,
        customer_id=erasure.customer_id,
        request_id=erasure.request_id,
        because=ErasureGround(erasure.because),
        is_partial=erasure.is_partial,
        goes=[GoneRead(section=table, count=count) for table, count in erasure.gone.items()],
        stays=kept_read(erasure.kept),
        still_to_tell=still_to_tell,
        erased_at=erasure.erased_at,
        erased_by=erasure.actor_name,
    )
