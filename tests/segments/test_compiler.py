"""The compiled statement says what a plain reading of the tree says, for any tree, and never lets a value become
SQL.
"""

from datetime import date, timedelta
from math import ceil
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import age_on
from ritorno.segments import queries
from ritorno.segments.compiler import compile_tree
from ritorno.segments.conditions import Moment
from ritorno.segments.explaining import explain
from ritorno.segments.schemas import read_tree, write_tree
from ritorno.segments.wording import sentence
from tests.factories.segments import CITIES, NOW, ROME, TAGS, SmallShop, Someone, make_small_shop

ON = NOW.astimezone(ROME).date()


# ── a plain reading of the language ───────────────────────────────────────────────────────────────────────────────────


def meets(node: dict[str, Any], person: Someone, shop: SmallShop) -> bool:
    """Return whether a person meets a node, read as words and not as SQL."""
    if "all" in node:
        return all(meets(part, person, shop) for part in node["all"])
    if "any" in node:
        return any(meets(part, person, shop) for part in node["any"])
    if "not" in node:
        return not meets(node["not"], person, shop)
    field, op = node["field"], node.get("op")
    if field == "bought":
        return bought(node, person, shop)
    if field in {
        "city",
        "gender",
        "language",
        "source",
        "spending_capacity",
        "store",
        "tag",
        "stage",
        "contact",
        "birth_month",
    }:
        inside = bool(
            values_of(field, person) & {ON.strftime("%-m") if each == "current" else each for each in node["value"]}
        )
        return inside == (op == "in")
    if field == "first_contact":
        met = person.facts["first_contact_on"]
        return met is not None and (ON - timedelta(days=node["value"]) <= met <= ON)
    value = number_of(field, person, shop)
    return value is not None and compare(op, value, node["value"])


def values_of(field: str, person: Someone) -> set[str]:
    match field:
        case "tag":
            return person.tags
        case "contact":
            return person.contacts
        case "stage":
            return {person.score["stage"] if person.score else "none"}
        case "birth_month":
            return {str(person.facts["birth_on"].month)} if person.facts["birth_on"] else set()
        case _:
            column = {"source": "acquisition_source", "store": "home_store_id"}.get(field, field)
            return {str(person.facts[column])} if person.facts[column] else set()


def number_of(field: str, person: Someone, shop: SmallShop) -> int | None:
    sales = [each for each in person.receipts if each.total > 0]
    days = {each.at.astimezone(ROME).date() for each in sales}
    match field:
        case "age":
            return age_on(person.facts["birth_on"], ON) if person.facts["birth_on"] else None
        case "visits":
            return len(days)
        case "revenue":
            return sum(each.total for each in person.receipts)
        case "revenue_12m":
            return sum(each.total for each in person.receipts if each.at > NOW - timedelta(days=365))
        case "last_purchase_days":
            return (ON - max(days)).days if days else None
        case "overdue_days":
            return (ON - person.score["due_on"]).days if person.score and person.score["due_on"] <= ON else None
    raise AssertionError(field)


def compare(op: str, value: int, asked: Any) -> bool:
    asked = (
        [round(float(each) * 100) for each in asked] if isinstance(asked, list) and isinstance(asked[0], str) else asked
    )
    asked = round(float(asked) * 100) if isinstance(asked, str) else asked
    match op:
        case "is":
            return bool(value == asked)
        case "at_least":
            return bool(value >= asked)
        case "at_most":
            return bool(value <= asked)
        case "more_than":
            return bool(value > asked)
        case "less_than":
            return bool(value < asked)
        case _:
            return bool(asked[0] <= value <= asked[1])


def bought(node: dict[str, Any], person: Someone, shop: SmallShop) -> bool:
    under = {str(shop.parent): {str(shop.parent), *map(str, shop.categories[:2])}}
    times, money = 0, 0
    for receipt in person.receipts:
        if "days" in node and receipt.at <= NOW - timedelta(days=node["days"]):
            continue
        totals = [receipt.total] if not node.keys() & {"category_id", "product_id", "brand_id"} else []
        for line in receipt.lines:
            if "category_id" in node and str(line.category) in under.get(node["category_id"], {node["category_id"]}):
                totals.append(line.total)
            if "product_id" in node and str(line.product) == node["product_id"]:
                totals.append(line.total)
            if "brand_id" in node and str(line.brand) == node["brand_id"]:
                totals.append(line.total)
        times += any(total > 0 for total in totals)
        money += sum(totals)
    enough = round(float(node["spent_at_least"]) * 100) if "spent_at_least" in node else None
    return times >= node.get("at_least", 1) and (enough is None or money >= enough)


# ── any tree ──────────────────────────────────────────────────────────────────────────────────────────────────────────

COMPARISONS = ("is", "at_least", "at_most", "more_than", "less_than")


def trees(shop: SmallShop) -> st.SearchStrategy[dict[str, Any]]:
    things = st.one_of(
        st.just({}),
        st.sampled_from([shop.parent, *shop.categories]).map(lambda each: {"category_id": str(each)}),
        st.sampled_from(shop.products).map(lambda each: {"product_id": str(each)}),
        st.sampled_from(shop.brands).map(lambda each: {"brand_id": str(each)}),
    )
    purchase = st.builds(
        lambda thing, extra: {"field": "bought", **thing, **extra},
        things,
        st.fixed_dictionaries(
            {},
            optional={
                "at_least": st.integers(1, 3),
                "days": st.sampled_from([5, 90, 365]),
                "spent_at_least": st.sampled_from(["0.01", "12.50", "60"]),
            },
        ),
    )
    number = st.one_of(
        st.builds(
            lambda field, op, value: {"field": field, "op": op, "value": value},
            st.sampled_from(["age", "visits", "last_purchase_days", "overdue_days"]),
            st.sampled_from(COMPARISONS),
            st.integers(0, 90),
        ),
        st.just({"field": "age", "op": "between", "value": [20, 50]}),
    )
    money = st.builds(
        lambda field, op, value: {"field": field, "op": op, "value": value},
        st.sampled_from(["revenue", "revenue_12m"]),
        st.sampled_from(COMPARISONS[1:]),
        st.sampled_from(["0", "12.50", "50", "-5"]),
    )
    choices = {
        "city": CITIES,
        "tag": TAGS,
        "gender": ("FEMALE", "MALE", "OTHER"),
        "language": ("it", "en"),
        "source": ("WEB", "LOYALTY"),
        "spending_capacity": ("LOW", "HIGH"),
        "stage": ("none", "new", "due", "late", "lost"),
        "store": tuple(map(str, shop.stores)),
        "contact": ("EMAIL", "PHONE"),
        "birth_month": ("current", "2", "7"),
    }
    choice = st.sampled_from(sorted(choices)).flatmap(
        lambda field: st.builds(
            lambda op, value: {"field": field, "op": op, "value": sorted(value)},
            st.sampled_from(["in", "not_in"]),
            st.sets(st.sampled_from(choices[field]), min_size=1),
        )
    )
    met = st.integers(1, 900).map(lambda days: {"field": "first_contact", "op": "in_last_days", "value": days})
    leaves = st.one_of(purchase, purchase, number, money, choice, met)
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.lists(inner, max_size=4).map(lambda parts: {"all": parts}),
            st.lists(inner, min_size=1, max_size=3).map(lambda parts: {"any": parts}),
            inner.map(lambda part: {"not": part}),
        ),
        max_leaves=7,
    )


@pytest.fixture
async def shop(session: AsyncSession) -> SmallShop:
    return await make_small_shop(session)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_any_tree_chooses_the_people_a_plain_reading_chooses(
    session: AsyncSession, shop: SmallShop, data: st.DataObject
) -> None:
    stored = data.draw(trees(shop))
    tree = read_tree(stored)
    moment = await queries.moment_of(session, tree, NOW)

    batches = [batch async for batch in queries.iter_members(session, tree, moment, size=7)]
    found = [member for batch in batches for member in batch.members]

    wanted = [person.id for person in shop.people if person.is_alive and meets(stored, person, shop)]
    assert sorted(found) == sorted(wanted)
    assert len(set(found)) == len(found) == await queries.count_members(session, tree, moment)
    words = await queries.words_for(session, [tree], "it")
    told = await explain(session, tree, moment, [person.id for person in shop.people], words)
    assert {customer_id for customer_id, each in told.items() if each.is_member} == set(wanted)
    assert all(each.because for each in told.values())
    assert sentence(tree, words).endswith(".")
    assert read_tree(write_tree(tree)) == tree


async def test_the_best_tenth_is_the_tenth_that_spent_most_ties_included(
    session: AsyncSession, shop: SmallShop
) -> None:
    tree = read_tree({"field": "top_percent", "op": "at_most", "value": 10})

    found = await queries.survey(session, tree, await queries.moment_of(session, tree, NOW), sample=50)

    spends = sorted((s for p in shop.people if (s := sum(r.total for r in p.receipts)) > 0), reverse=True)
    border = spends[ceil(len(spends) * 0.1) - 1]
    best = [p for p in shop.people if p.is_alive and p.receipts and sum(r.total for r in p.receipts) >= border]
    assert found.count == len(best) > 0


# ── hostile input ─────────────────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = ["'; drop table customers; --", '"', "\\", "%", "a' or '1'='1", "{{7*7}}"]


async def test_values_travel_as_parameters_and_never_as_sql(session: AsyncSession) -> None:
    tree = read_tree(
        {"all": [{"field": "city", "op": "in", "value": HOSTILE}, {"field": "tag", "op": "not_in", "value": HOSTILE}]}
    )

    compiled = compile_tree(tree, Moment(NOW, ON, "EUR")).statement.compile(dialect=postgresql.dialect())

    assert "drop table" not in str(compiled)
    assert await queries.count_members(session, tree, Moment(NOW, ON, "EUR")) == 0


@pytest.mark.parametrize(
    "stored",
    [
        {"field": "password_hash", "op": "in", "value": ["x"]},
        {"field": "customers.id; --", "op": "is", "value": 1},
        {"field": "age", "op": "; drop table", "value": 1},
        {"field": "age", "op": "is", "value": "1 or 1=1"},
        {"field": "age", "op": "is", "value": True},
        {"field": "age", "op": "between", "value": 30},
        {"field": "age", "op": "is", "value": 10**18},
        {"field": "city", "op": "in", "value": ["x"] * 501},
        {"field": "city", "op": "in", "value": []},
        {"field": "city", "op": "in", "value": ["x" * 201]},
        {"field": "store", "op": "in", "value": ["1); delete from stores"]},
        {"field": "bought", "days": -1},
        {"field": "bought", "spent_at_least": "NaN"},
        {"field": "bought", "spent_at_least": "1e400"},
        {"field": "stage", "op": "in", "value": ["rich"]},
        {"field": "age", "op": "is", "value": 3, "sql": "select 1"},
        {"any": []},
        {"all": {"all": []}},
        {},
        [],
        None,
        "select 1",
    ],
)
def test_what_is_not_the_language_is_refused(stored: Any) -> None:
    with pytest.raises(ValidationError):
        read_tree(stored)


def test_a_tree_too_deep_or_too_large_is_refused_before_it_is_read() -> None:
    leaf: dict[str, Any] = {"field": "age", "op": "is", "value": 3}
    deep = leaf
    for _ in range(50_000):
        deep = {"not": deep}

    with pytest.raises(ValidationError, match="8 levels"):
        read_tree(deep)
    with pytest.raises(ValidationError, match="100 conditions"):
        read_tree({"all": [{"any": [leaf] * 30}] * 40})


def test_a_purchase_condition_never_makes_the_database_walk_candidate_people() -> None:
    """DATABASE E: sets by the covering index meet first and are materialised, the card is joined last."""
    stored = {
        "all": [
            {"field": "bought", "product_id": "0199a000-0000-7000-8000-000000000001"},
            {"not": {"field": "bought", "product_id": "0199a000-0000-7000-8000-000000000002"}},
            {"field": "age", "op": "at_least", "value": 30},
        ]
    }

    sql = str(
        compile_tree(read_tree(stored), Moment(NOW, date(2026, 11, 21), "EUR")).statement.compile(
            dialect=postgresql.dialect()
        )
    )

    assert "materialized" in sql
    assert "EXCEPT" in sql
    assert sql.startswith("WITH chosen AS materialized")
