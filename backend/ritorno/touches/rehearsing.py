"""What opening a touch would do, without writing anything: the same gate, arms and merge, only no rows."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, Purpose, Reason
from ritorno.messaging import permissions
from ritorno.messaging import service as messaging
from ritorno.messaging.models import Template
from ritorno.messaging.planning import ANY_SITE, Candidate, Foreseen, Plan
from ritorno.messaging.rules import Ending, MessageStatus
from ritorno.segments import queries as segments
from ritorno.segments.schemas import read_tree
from ritorno.touches import rules
from ritorno.touches.audience import Person, Split, candidates
from ritorno.touches.service import BATCH
from ritorno.transactions.models import Transaction

SAMPLE = 6
EXPECTED_POINTS = 0.03
"""The difference a shop usually hopes for, in whose terms a rehearsal says how many people it takes."""


@dataclass(slots=True)
class Rehearsed:
    """How everybody would fare: the parts sum to the audience."""

    audience: int = 0
    will_receive: int = 0
    control: int = 0
    deferred: int = 0
    denied: int = 0
    cost_minor: int = 0
    by_reason: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(reason, family) → people."""
    missing: Counter[str] = field(default_factory=Counter)
    parts: list[int] = field(default_factory=list)
    """Of every text that will leave (M-04)."""
    sample: list[Foreseen] = field(default_factory=list)
    eligible: int = 0
    """Those with an arm: the measure keeps them, also when a missing value or a shared address stops their copy
    (X-06).
    """
    came_before: int = 0

    def detectable_points(self, control_share: Decimal) -> float | None:
        """Return the smallest difference this audience can show, in percentage points."""
        found = rules.detectable_difference(self.eligible, self._base, float(control_share))
        return None if found is None else round(found * 100, 1)

    def people_needed(self, control_share: Decimal) -> int | None:
        """Return how many people show a difference of three points."""
        return rules.people_needed(self._base, min(self._base + EXPECTED_POINTS, 1.0), float(control_share))

    @property
    def _base(self) -> float:
        return (self.came_before + 0.5) / (self.eligible + 1)


async def rehearse(
    session: AsyncSession,
    template: Template,
    tree_stored: dict[str, Any],
    split: Split,
    *,
    uses_purchases: bool,
    window_days: int,
    at: datetime,
    public_url: str = ANY_SITE,
) -> Rehearsed:
    """Walk the audience as planning would and count the outcomes."""
    found = Rehearsed()
    tree = read_tree(tree_stored)
    moment = await segments.moment_of(session, tree, at)
    held: set[UUID] = set()
    async for batch in segments.iter_members(session, tree, moment, size=BATCH):
        people = [Person(customer_id) for customer_id in batch.members]
        eligible = await _count_batch(
            session,
            found,
            held,
            template,
            people,
            split,
            uses_purchases=uses_purchases,
            at=at,
            public_url=public_url,
        )
        found.came_before += await _came_before(session, eligible, at, window_days)
    return found


async def count_outcomes(
    session: AsyncSession,
    template: Template,
    people: Sequence[Person],
    split: Split,
    *,
    uses_purchases: bool,
    at: datetime,
    public_url: str = ANY_SITE,
) -> Rehearsed:
    """Count how these people would fare."""
    found = Rehearsed()
    held: set[UUID] = set()
    for start in range(0, len(people), BATCH):
        batch = people[start : start + BATCH]
        await _count_batch(
            session,
            found,
            held,
            template,
            batch,
            split,
            uses_purchases=uses_purchases,
            at=at,
            public_url=public_url,
        )
    return found


async def _count_batch(
    session: AsyncSession,
    found: Rehearsed,
    held: set[UUID],
    template: Template,
    people: Sequence[Person],
    split: Split,
    *,
    uses_purchases: bool,
    at: datetime,
    public_url: str,
) -> list[UUID]:
    """Add a batch to what was found; return those who would have an arm."""
    foreseen = await foresee(
        session, template, people, split, uses_purchases=uses_purchases, at=at, public_url=public_url
    )
    for each, candidate in foreseen:
        _count(found, each, candidate, held)
    eligible = [candidate.customer_id for _, candidate in foreseen if candidate.arm is not None]
    found.eligible += len(eligible)
    return eligible


async def foresee(
    session: AsyncSession,
    template: Template,
    people: Sequence[Person],
    split: Split,
    *,
    uses_purchases: bool,
    at: datetime,
    public_url: str = ANY_SITE,
) -> list[tuple[Foreseen, Candidate]]:
    """Return each person's outcome beside what was asked about them."""
    if not people:
        return []
    ask = messaging.ask_for(template, uses_purchases=uses_purchases or template.uses_purchases)
    ids = [person.customer_id for person in people]
    facts = await permissions.load_facts(session, ids, at=at)
    asked = candidates(people, facts, ask, split, at)
    plan = Plan(
        None,
        template.id,
        Channel(template.channel),
        Purpose(template.purpose),
        at,
        uses_purchases=ask.uses_purchases,
        public_url=public_url,
    )
    return list(zip(await messaging.foresee_messages(session, plan, asked), asked, strict=True))


def _count(found: Rehearsed, each: Foreseen, candidate: Candidate, held: set[UUID]) -> None:
    found.audience += 1
    status, reason = each.status, each.reason
    if each.address_id is not None and each.address_id in held:
        status, reason = MessageStatus.SKIPPED, Ending.SHARED_ADDRESS
    elif each.address_id is not None:
        held.add(each.address_id)
    if reason is not None:
        found.by_reason[str(reason), _family_of(str(reason), candidate.decision.family)] += 1
    if reason == Reason.MERGE_MISSING and each.detail:
        found.missing[each.detail] += 1
    if each.parts and status in {MessageStatus.QUEUED, MessageStatus.DEFERRED}:
        found.parts.append(each.parts)
    match status:
        case MessageStatus.QUEUED:
            found.will_receive += 1
            found.cost_minor += each.cost_minor
            if len(found.sample) < SAMPLE:
                found.sample.append(each)
        case MessageStatus.DEFERRED:
            found.deferred += 1
            found.cost_minor += each.cost_minor
        case MessageStatus.CONTROL:
            found.control += 1
        case _:
            found.denied += 1


def _family_of(reason: str, family: str) -> str:
    """Return the gate's family where the gate said no, and for our own reasons what a person can do about them."""
    if reason == Reason.HOLDOUT:
        return "control"
    return "to_fix" if family == "allowed" else family


async def _came_before(session: AsyncSession, ids: list[UUID], at: datetime, window_days: int) -> int:
    if not ids:
        return 0
    statement = select(func.count(Transaction.customer_id.distinct())).where(
        Transaction.customer_id.in_(ids),
        Transaction.kind == "SALE",
        Transaction.total_minor > 0,
        Transaction.occurred_at >= at - timedelta(days=window_days),
        Transaction.occurred_at < at,
    )
    return await session.scalar(statement) or 0
