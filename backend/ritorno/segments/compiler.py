"""The filter language as ONE parameterised statement of customer ids; what only the gate can answer is said beside it.

Purchase conditions meet as sets by INTERSECT, UNION and EXCEPT; card and profile are joined last (DATABASE E).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    except_,
    false,
    func,
    intersect,
    not_,
    or_,
    select,
    true,
    union,
)
from sqlalchemy.sql import visitors

from ritorno.customers.models import Customer
from ritorno.scores.models import CustomerScore
from ritorno.segments.conditions import Ids, Moment, bought, choice, days_of, number, spent_in_a_year, within
from ritorno.segments.fields import BY_KEY
from ritorno.segments.residual import Asked, Every, Flag, Residual, Some, Unless
from ritorno.segments.schemas import AllOf, AnyOf, Bought, ChoiceIs, DateIs, MoneyIs, NotOf, NumberIs, Permission
from ritorno.transactions.models import Profile

ALIVE = (
    Customer.erased_at.is_(None),
    Customer.deceased_at.is_(None),
    Customer.restricted_at.is_(None),
    Customer.merged_into_id.is_(None),
)
"""Who can be in a segment at all (C-24, C-26); a card that became part of another is nobody."""

Rows = Select[*tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A statement whose rows are (customer id, flag…), and what is still to be asked of the gate.

    Without `residual` every row is a member. With it, a row is a member when the residual holds, given its flags and
    the gate's answers.
    """

    statement: Rows
    residual: Residual | None
    permissions: tuple[Permission, ...]


def needs_profiling(tree: Any) -> bool:
    """Return whether contacting the people of this tree is profiling (C-18)."""
    return any(BY_KEY[condition.field].needs_profiling for condition in conditions(tree))


def conditions(tree: Any) -> Iterator[Any]:
    """Yield every condition of a tree."""
    match tree:
        case AllOf():
            for part in tree.all:
                yield from conditions(part)
        case AnyOf():
            for part in tree.any:
                yield from conditions(part)
        case NotOf():
            yield from conditions(tree.not_)
        case _:
            yield tree


def compile_tree(tree: Any, moment: Moment) -> Compiled:
    """Return the statement of a tree's people as of a moment, in no order; erased, deceased, restricted and merged
    cards are in no segment (C-26).
    """
    parts = list(tree.all) if isinstance(tree, AllOf) else [tree]
    plain = [part for part in parts if not _asks_the_gate(part)]
    asking = [part for part in parts if _asks_the_gate(part)]
    chosen = _as_set(AllOf(all=plain), moment)
    rest = [part for part in plain if chosen is None or _signed_set(part, moment) is None]
    predicates = [_predicate(part, moment) for part in rest]

    flags: list[ColumnElement[bool]] = []
    permissions: list[Permission] = []
    residual = Every(tuple(_residual(part, moment, flags, permissions) for part in asking)) if asking else None

    columns = [func.coalesce(flag, false()).label(f"flag_{index}") for index, flag in enumerate(flags)]
    statement: Rows = select(Customer.id, *columns)
    if chosen is not None:
        # Materialised, so that the planner never drives purchase lines from candidate people (DATABASE E: 27 ms
        # against 3 s).
        members = chosen.cte("chosen").prefix_with("materialized", dialect="postgresql")
        statement = statement.join(members, members.c.customer_id == Customer.id)
    statement = _joined(statement, [*predicates, *flags]).where(*ALIVE, *predicates)
    return Compiled(statement, residual, tuple(permissions))


def compile_truths(nodes: list[Any], moment: Moment) -> Rows:
    """Return (customer id, is alive, truth of each condition…) for everybody; the caller names whom to look at."""
    truths = [_predicate(node, moment) for node in nodes]
    columns = [func.coalesce(truth, false()).label(f"truth_{index}") for index, truth in enumerate(truths)]
    return _joined(select(Customer.id, and_(*ALIVE).label("is_alive"), *columns), truths)


def _joined(statement: Rows, expressions: list[ColumnElement[bool]]) -> Rows:
    """Join the profile and the score where an expression reads them."""
    used = _tables_of(expressions)
    if Profile.__tablename__ in used:
        statement = statement.outerjoin(Profile, Profile.customer_id == Customer.id)
    if CustomerScore.__tablename__ in used:
        statement = statement.outerjoin(CustomerScore, CustomerScore.customer_id == Customer.id)
    return statement


def _asks_the_gate(node: Any) -> bool:
    return any(isinstance(condition, Permission) for condition in conditions(node))


def _residual(node: Any, moment: Moment, flags: list[ColumnElement[bool]], permissions: list[Permission]) -> Residual:
    if not _asks_the_gate(node):
        flags.append(_predicate(node, moment))
        return Flag(len(flags) - 1)
    match node:
        case AllOf():
            return Every(tuple(_residual(part, moment, flags, permissions) for part in node.all))
        case AnyOf():
            return Some(tuple(_residual(part, moment, flags, permissions) for part in node.any))
        case NotOf():
            return Unless(_residual(node.not_, moment, flags, permissions))
        case _:
            permissions.append(node)
            return Asked(len(permissions) - 1)


# ── sets: purchases, straight from the covering indexes ───────────────────────────────────────────────────────────────


def _as_set(node: Any, moment: Moment) -> Ids | None:
    """Return a node as a set of ids, as far as purchases decide it; None where they do not.

    For `all` the set holds the purchase parts only, and the caller adds the others as predicates.
    """
    signed = _signed_set(node, moment)
    if signed is not None and signed[1]:
        return signed[0]
    if not isinstance(node, AllOf):
        return None
    sets = [found for part in node.all if (found := _signed_set(part, moment)) is not None]
    return _meet(sets)


def _signed_set(node: Any, moment: Moment) -> tuple[Ids, bool] | None:
    """Return a set and whether it is the people themselves (True) or the people to leave out; None for anything but
    purchases.
    """
    match node:
        case Bought():
            return bought(node, moment), True
        case MoneyIs(field="revenue_12m"):
            return spent_in_a_year(node, moment)
        case NotOf():
            inner = _signed_set(node.not_, moment)
            return None if inner is None else (inner[0], not inner[1])
        case AnyOf():
            parts = [_signed_set(part, moment) for part in node.any]
            sets = [part[0] for part in parts if part is not None and part[1]]
            if len(sets) < len(parts):
                return None
            return (sets[0] if len(sets) == 1 else _flat(union(*sets))), True
        case AllOf() if node.all:
            parts = [_signed_set(part, moment) for part in node.all]
            known = [part for part in parts if part is not None]
            met = _meet(known) if len(known) == len(parts) else None
            return None if met is None else (met, True)
        case _:
            return None


def _meet(sets: list[tuple[Ids, bool]]) -> Ids | None:
    """Return INTERSECT of the people EXCEPT those to leave out; None when nothing says who the people are."""
    people = [ids for ids, themselves in sets if themselves]
    left_out = [ids for ids, themselves in sets if not themselves]
    if not people:
        return None
    met = people[0] if len(people) == 1 else _flat(intersect(*people))
    return _flat(except_(met, *left_out)) if left_out else met


def _flat(compound: CompoundSelect[Any]) -> Ids:
    """Return a set operation as a plain select, so that operations nest without losing their parentheses."""
    inner = compound.subquery()
    return select(inner.c.customer_id)


# ── predicates: the card, the profile and the scores, joined last ─────────────────────────────────────────────────────


def _predicate(node: Any, moment: Moment) -> ColumnElement[bool]:
    """Return a node as a condition on one person; null counts as no, also under `not`."""
    signed = _signed_set(node, moment)
    if signed is not None:
        member = Customer.id.in_(signed[0])
        return member if signed[1] else not_(member)
    match node:
        case AllOf():
            return and_(true(), *[_predicate(part, moment) for part in node.all])
        case AnyOf():
            return or_(false(), *[_predicate(part, moment) for part in node.any])
        case NotOf():
            return not_(func.coalesce(_predicate(node.not_, moment), false()))
        case NumberIs():
            return number(node, moment)
        case MoneyIs():
            return within(func.coalesce(Profile.revenue_minor, 0), *node.bounds_in(moment.currency))
        case DateIs():
            return within(Customer.first_contact_on, *days_of(node, moment.on))
        case ChoiceIs():
            chosen = choice(node, moment)
            return chosen if node.op == "in" else not_(func.coalesce(chosen, false()))
        case _:
            raise TypeError(f"no predicate for {type(node).__name__}")


def _tables_of(expressions: list[ColumnElement[bool]]) -> set[str]:
    """Return the tables whose columns stand in expressions outside their subqueries."""
    found: set[str] = set()
    for expression in expressions:
        for element in visitors.iterate(expression):
            table = getattr(element, "table", None)
            if table is not None and getattr(table, "name", None):
                found.add(table.name)
    return found
