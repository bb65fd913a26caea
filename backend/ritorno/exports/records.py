"""Rows about what happened: receipts, messages, results. Restricted people's are left out (C-26); an erased person's
stay in the books without the person.
"""

from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.exports.reading import Batch, Cursor, Plan, Selection, instant, tail
from ritorno.exports.rules import Cell, told
from ritorno.kit import clock
from ritorno.kit.db import driver
from ritorno.touches.models import Touch
from ritorno.touches.results import Measured, measure
from ritorno.touches.schemas import ArmRead, ResultsRead

_NIL = UUID(int=0)

# Whose row it is: nobody once erased, the surviving card once merged.
_WHOSE = "case when c.erased_at is null then coalesce(c.merged_into_id, c.id)::text end"

TOUCHES = 50
"""Results of so many touches are measured in one unit of work."""


# ── receipts ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_LINE_CELLS = {
    "transaction_id": "t.id::text",
    "source": "t.source",
    "external_id": "t.external_id",
    "kind": "t.kind",
    "occurred_at": instant("t.occurred_at"),
    "business_day": "t.business_day::text",
    "store": "s.code",
    "channel": "t.channel",
    "payment": "t.payment",
    "receipt_total": "t.receipt_minor",
    "currency": "t.currency",
    "customer_id": _WHOSE,
    "line_no": "t.line_no",
    "sku": "p.sku",
    "product": "p.name",
    "category": "g.name",
    "brand": "b.name",
    "quantity": "trim_scale(t.quantity_milli::numeric / 1000)::text",
    "discount": "t.discount_minor",
    "total": "t.total_minor",
}

# The inner select walks the key of the lines, and nothing else is joined before the batch is known.
_LINES = """
    select t.line_key, t.line_no, c.restricted_at is not null, t.currency, {cells}
    from (
        select l.transaction_id as line_key, l.line_no, l.product_id, l.category_id, l.brand_id, l.quantity_milli,
               l.discount_minor, l.total_minor, t.id, t.source, t.external_id, t.kind, t.occurred_at, t.business_day,
               t.store_id, t.channel, t.payment, t.total_minor as receipt_minor, t.currency, t.customer_id
        from transaction_lines l join transactions t on t.id = l.transaction_id
        where (l.transaction_id, l.line_no) > ($1, $2) {wanted}
        order by l.transaction_id, l.line_no limit {size}
    ) t
    left join customers c on c.id = t.customer_id
    join products p on p.id = t.product_id
    left join categories g on g.id = t.category_id
    left join brands b on b.id = t.brand_id
    left join stores s on s.id = t.store_id
    order by t.line_key, t.line_no
"""


async def read_lines(session: AsyncSession, plan: Plan, cursor: Cursor | None) -> Batch | None:
    """Read lines of receipts in the order of their key, each with its receipt's columns."""
    selection = Selection.of(_LINE_CELLS, plan.columns)
    where, values = _wanted_receipts(plan, 3)
    statement = _LINES.format(cells=selection.sql, wanted=where, size=plan.size)
    found = await (await driver(session)).fetch(statement, *(cursor or (_NIL, 0)), *values)
    return _batch(found, selection, cursor_width=2)


async def count_lines(session: AsyncSession, plan: Plan) -> int | None:
    where, values = _wanted_receipts(plan, 1)
    joined = "join transactions t on t.id = l.transaction_id" if where else ""
    statement = f"select count(*) from transaction_lines l {joined} where true {where}"
    count: int | None = await (await driver(session)).fetchval(statement, *values)
    return count


def _wanted_receipts(plan: Plan, first: int) -> tuple[str, list[Any]]:
    wanted = plan.filters
    return _conditions(
        first, {"t.store_id =": wanted.store_id, "t.business_day >=": wanted.from_on, "t.business_day <=": wanted.to_on}
    )


def _conditions(first: int, stated: dict[str, Any]) -> tuple[str, list[Any]]:
    """Return the stated conditions as SQL with parameters numbered from `first`, and their values."""
    given = {left: value for left, value in stated.items() if value is not None}
    parts = [f"and {left} ${place}" for place, left in enumerate(given, first)]
    return " ".join(parts), list(given.values())


def _batch(found: list[asyncpg.Record], selection: Selection, *, cursor_width: int) -> Batch | None:
    """Turn (key…, is restricted, currency, cell…) into rows."""
    if not found:
        return None
    batch = Batch([], tuple(found[-1][:cursor_width]))
    for record in found:
        if record[cursor_width]:
            batch.left_out["RESTRICTED"] += 1
        else:
            batch.rows.append(selection.cells(tail(record, cursor_width + 2), record[cursor_width + 1]))
    return batch


# ── messages ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_MESSAGE_CELLS = {
    "id": "m.id::text",
    "customer_id": _WHOSE,
    "touch_id": "m.touch_id::text",
    "touch": "o.name",
    "channel": "m.channel",
    "purpose": "m.purpose",
    "template_class": "m.template_class",
    "arm": "m.arm",
    "state": "m.status",
    "reason": "m.reason",
    "planned_at": instant("m.planned_at"),
    "due_at": instant("m.due_at"),
    "sent_at": instant("m.sent_at"),
    "delivered_at": instant("m.delivered_at"),
    "cost": "m.cost_minor",
    "currency": "coalesce(o.currency, y.currency)",
}

_MESSAGES = """
    select m.id, c.restricted_at is not null, coalesce(o.currency, y.currency), {cells}
    from (select * from messages m where m.id > $1 {wanted} order by m.id limit {size}) m
    join customers c on c.id = m.customer_id
    cross join business y
    left join touches o on o.id = m.touch_id
    order by m.id
"""


async def read_messages(session: AsyncSession, plan: Plan, cursor: Cursor | None) -> Batch | None:
    """Read what became of each message, never what it said."""
    selection = Selection.of(_MESSAGE_CELLS, plan.columns)
    where, values = _wanted_messages(plan, 2)
    statement = _MESSAGES.format(cells=selection.sql, wanted=where, size=plan.size)
    found = await (await driver(session)).fetch(statement, *(cursor or (_NIL,)), *values)
    return _batch(found, selection, cursor_width=1)


async def count_messages(session: AsyncSession, plan: Plan) -> int | None:
    where, values = _wanted_messages(plan, 1)
    count: int | None = await (await driver(session)).fetchval(
        f"select count(*) from messages m where true {where}", *values
    )
    return count


def _wanted_messages(plan: Plan, first: int) -> tuple[str, list[Any]]:
    begins, ends = plan.days
    return _conditions(
        first, {"m.touch_id =": plan.filters.touch_id, "m.planned_at >=": begins, "m.planned_at <": ends}
    )


# ── results ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def read_results(session: AsyncSession, plan: Plan, cursor: Cursor | None) -> Batch | None:
    """Read the figures of each touch by arm, as the screen of results tells them: nothing before its time (X-11), and
    no figure about fewer than ten people (X-14).
    """
    statement = _wanted_touches(plan).order_by(Touch.id).limit(TOUCHES)
    if cursor is not None:
        statement = statement.where(Touch.id > cursor[0])
    touches = (await session.scalars(statement)).all()
    if not touches:
        return None
    batch = Batch([], (touches[-1].id,))
    for touch in touches:
        measured = Measured(touch.name, touch.kind, [touch])
        results = await measure(session, measured, language="en", at=clock.now())
        for arm in results.arms:
            figures = _figures(touch, results, arm)
            batch.rows.append([figures[key] for key in plan.columns])
    return batch


async def count_results(session: AsyncSession, plan: Plan) -> int | None:
    touches = await session.scalar(select(func.count()).select_from(_wanted_touches(plan).subquery()))
    return (touches or 0) * 2


def _wanted_touches(plan: Plan) -> Select[Touch]:
    begins, ends = plan.days
    statement = select(Touch)
    if plan.filters.touch_id is not None:
        statement = statement.where(Touch.id == plan.filters.touch_id)
    if plan.filters.subject_id is not None:
        statement = statement.where(Touch.subject_id == plan.filters.subject_id)
    if begins is not None:
        statement = statement.where(Touch.starts_at >= begins)
    if ends is not None:
        statement = statement.where(Touch.starts_at < ends)
    return statement


def _figures(touch: Touch, results: ResultsRead, arm: ArmRead) -> dict[str, Cell]:
    # What few people did is a figure about few people, however many were asked.
    visitors = told(arm.visitors)
    seen = arm if visitors is not None else None
    interval = seen.conversion_interval if seen else None
    return {
        "touch_id": str(touch.id),
        "name": touch.name,
        "kind": touch.kind,
        "subject_id": str(touch.subject_id),
        "channel": touch.channel,
        "purpose": touch.purpose,
        "starts_at": _instant(touch),
        "closes_on": touch.closes_on.isoformat(),
        "state": results.state,
        "verdict": results.verdict.code,
        "arm": arm.arm,
        "people": told(arm.people),
        "delivered": told(arm.delivered),
        "visitors": visitors,
        "conversion_rate": _rate(seen.conversion_rate if seen else None),
        "conversion_low": _rate(interval[0] if interval else None),
        "conversion_high": _rate(interval[1] if interval else None),
        "revenue": seen.revenue.amount if seen and seen.revenue else None,
        "revenue_per_person": seen.revenue_per_person.amount if seen and seen.revenue_per_person else None,
        "currency": touch.currency,
        "unsubscribed": told(arm.unsubscribed),
    }


def _instant(touch: Touch) -> str:
    return touch.starts_at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _rate(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
