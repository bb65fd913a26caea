"""Who is expected back on a day, most valuable first: an indexed read of the scores and birthdays, and the gate asked
about each person.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from sqlalchemy import bindparam, select, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Uuid

from ritorno.consents.rules import Ask, Channel, Decision, Facts, decide
from ritorno.consents.words import explain
from ritorno.customers.models import Customer
from ritorno.customers.rules import full_name
from ritorno.kit.dates import day_and_month
from ritorno.kit.money import MoneyRead
from ritorno.messaging import permissions
from ritorno.messaging import service as messaging
from ritorno.recalls import planner, queries, service
from ritorno.recalls.planner import Day, Wish
from ritorno.recalls.queries import Named
from ritorno.recalls.rules import RecallKind
from ritorno.recalls.schemas import DueDayRead, DueListRead, DuePermissionRead, DueRead
from ritorno.scores import queries as scores
from ritorno.scores.words import reason_sentence
from ritorno.segments.queries import among
from ritorno.stores import queries as stores

NEXT_DAYS = 7
VISITS = 8
Action = Literal["write", "call", "letter", "counter", "none"]


@dataclass(frozen=True, slots=True)
class _Due:
    """One person with their best reason and what the gate says to it."""

    named: Named
    wish: Wish
    ask: Ask
    decision: Decision
    facts: Facts


async def list_due(session: AsyncSession, on: date, *, store_id: UUID | None, limit: int, language: str) -> DueListRead:
    """Return who should be called back on a day, with the gate's answer as of now for today, and as of that morning
    otherwise.
    """
    day = await service.day_of(session, on)
    found = await _best(session, day, store_id)
    families = Counter(str(each.decision.family) for each in found)
    becoming = await scores.count_becoming_due(session, on, NEXT_DAYS)
    return DueListRead(
        on=on,
        total=len(found),
        allowed=families["allowed"],
        to_ask=families["not_asked"],
        said_no=families["said_no"],
        later=families["later"] + families["review"],
        to_fix=families["to_fix"],
        items=await _read(session, found[:limit], day, language),
        next_days=[DueDayRead(on=each, count=count) for each, count in becoming.items()],
    )


async def _best(session: AsyncSession, day: Day, store_id: UUID | None) -> list[_Due]:
    """Return everybody once, by the most valuable of their reasons; who is in a control group is left alone (X-06)."""
    best: dict[UUID, tuple[Named, Wish]] = {}
    for named in await queries.recalls_to_show(session):
        for wish in await planner.wishes(session, named, day, again=True):
            held = best.get(wish.customer_id)
            if not wish.is_too_late and (held is None or wish.value_minor > held[1].value_minor):
                best[wish.customer_id] = (named, wish)
    if store_id is not None:
        rows = await session.scalars(
            select(Customer.id).where(among(Customer.id, best), Customer.home_store_id == store_id)
        )
        best = {customer_id: best[customer_id] for customer_id in rows}
    facts = await permissions.load_facts(session, best, at=day.at)
    asks: dict[UUID, Ask] = {}
    found = []
    for customer_id, (named, wish) in best.items():
        if named.recall.id not in asks:
            uses_purchases = await service.uses_purchases_of(session, named)
            asks[named.recall.id] = messaging.ask_for(named.template, uses_purchases=uses_purchases)
        ask = asks[named.recall.id]
        found.append(_Due(named, wish, ask, decide(facts[customer_id], ask, day.at), facts[customer_id]))
    return sorted(found, key=lambda each: (-each.wish.value_minor, each.wish.customer_id))


async def _read(session: AsyncSession, found: Sequence[_Due], day: Day, language: str) -> list[DueRead]:
    ids = [each.wish.customer_id for each in found]
    rows = await session.execute(
        select(Customer.id, Customer.given_name, Customer.family_name).where(among(Customer.id, ids))
    )
    names = {row.id: full_name(row.given_name, row.family_name) for row in rows}
    visits = await _visits(session, found, day.on)
    business = await stores.get_business(session)
    return [
        DueRead(
            customer_id=each.wish.customer_id,
            full_name=names[each.wish.customer_id],
            recall_kind=RecallKind(each.named.recall.kind),
            recall_id=each.named.recall.id,
            label=_label(each, language),
            reason=_reason(each, day.on, language),
            visits=visits.get(each.wish.customer_id, []),
            likely_from=each.wish.rhythm.likely_from if each.wish.rhythm else None,
            likely_to=each.wish.rhythm.likely_to if each.wish.rhythm else None,
            due_on=each.wish.kept_on,
            expected_value=MoneyRead.of(each.wish.value_minor, business.currency) if each.wish.rhythm else None,
            channel=each.named.template.channel,
            permission=_permission(each, language, business.timezone),
            action=_action(each, day),
        )
        for each in found
    ]


def _label(due: _Due, language: str) -> str:
    if due.named.recall.kind == RecallKind.BIRTHDAY:
        return "Birthday" if language.startswith("en") else "Compleanno"
    return due.wish.label or ("Visit" if language.startswith("en") else "Visita")


def _reason(due: _Due, on: date, language: str) -> str:
    """Return why, in one line that begins with a capital."""
    if due.wish.rhythm is not None:
        said = reason_sentence(due.wish.rhythm.reason, language)
        return said[:1].upper() + said[1:]
    english = language.startswith("en")
    kept = due.wish.kept_on
    if kept == on:
        return "Birthday today" if english else "Compie gli anni oggi"
    day = day_and_month(kept, language)
    return f"Birthday on {day}" if english else f"Compie gli anni il {day}"


def _permission(due: _Due, language: str, zone: str) -> DuePermissionRead:
    decision = due.decision
    told = explain(
        decision,
        language="en" if language.startswith("en") else "it",
        zone=zone,
        purpose=due.ask.purpose,
        channel=due.ask.channel,
    )
    return DuePermissionRead(
        verdict=decision.verdict,
        family=decision.family,
        reason=decision.reason,
        rule_id=decision.rule_id,
        sentence=told.sentence,
        until=decision.until,
        remedy=told.remedy,
    )


_BY_CHANNEL: dict[Channel | None, Action] = {Channel.PHONE_OPERATOR: "call", Channel.POST: "letter"}


def _action(due: _Due, day: Day) -> Action:
    """Return the one act this row offers: write where we may, else a letter where that is welcome, else ask at the
    counter.
    """
    family = due.decision.family
    if family == "allowed":
        return _BY_CHANNEL.get(due.ask.channel, "write")
    if family in {"later", "review", "said_no"}:
        return "none"
    by_post = Ask(
        due.ask.purpose,
        Channel.POST,
        due.ask.template_class,
        due.ask.similarity_group,
        uses_purchases=due.ask.uses_purchases,
    )
    return "letter" if decide(due.facts, by_post, day.at).is_allowed else "counter"


async def _visits(session: AsyncSession, found: Sequence[_Due], on: date) -> dict[UUID, list[date]]:
    """Return the last visits of each person, oldest first; of a rhythm in a category those that bought in it."""
    statement = text(
        """
        select asked.customer_id, visit.days
        from unnest(:customers, :categories) asked(customer_id, category_id)
        cross join lateral (
            select array(
                select distinct bought.business_day from transactions bought
                where bought.customer_id = asked.customer_id and bought.kind = 'SALE' and bought.total_minor > 0
                  and bought.business_day <= :on
                  and bought.occurred_at >= coalesce((select profiled_since from purchase_window), '-infinity')
                  and (asked.category_id is null or exists (
                      select 1 from transaction_lines line
                      where line.transaction_id = bought.id and line.category_id = asked.category_id
                        and line.total_minor > 0
                  ))
                order by bought.business_day desc limit :most
            ) as days
        ) visit
        """
    ).bindparams(
        bindparam("customers", [each.wish.customer_id for each in found], type_=ARRAY(Uuid())),
        bindparam(
            "categories",
            [each.wish.rhythm.category_id if each.wish.rhythm else None for each in found],
            type_=ARRAY(Uuid()),
        ),
        on=on,
        most=VISITS,
    )
    return {row.customer_id: sorted(row.days) for row in await session.execute(statement)}
