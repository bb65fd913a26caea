"""Files of products, stores and opening balances: rows with a key of their own."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.catalog import service as catalog
from ritorno.catalog.rules import ProductKind
from ritorno.customers.normalising import normalise_card
from ritorno.customers.rules import LoadPolicy as Policy
from ritorno.imports.loading.rows import Cells, Done, Loader, Numbered, Past, Undone, settle
from ritorno.imports.loading.shadows import pull
from ritorno.imports.reading.values import check_card
from ritorno.imports.rules import ImportOutcome
from ritorno.kit import keyed
from ritorno.kit.db import driver
from ritorno.kit.keyed import KeyedRow, KeyedTable
from ritorno.kit.money import to_minor
from ritorno.stores import service as stores

BALANCES = KeyedTable(
    "opening_balances",
    key={"source": "text", "card": "text"},
    columns={"points": "bigint", "amount_minor": "bigint", "as_of": "date"},
)
_MAX = 2**62


class KeyedLoader(Loader):
    """What the three kinds share: a kind says its table and how a row is read."""

    table: ClassVar[KeyedTable]

    def _overwrites(self) -> frozenset[str]:
        return frozenset(name for name, policy in self.plan.policies.items() if policy is Policy.OVERWRITE)

    async def pull_once(self, session: AsyncSession) -> None:
        connection = await driver(session)
        for table in self.shadows:
            await pull(connection, table)

    async def load(self, session: AsyncSession, rows: Sequence[Numbered]) -> list[Done]:
        connection = await driver(session)
        written = await keyed.write(connection, self.table, [each.said for each in rows], overwrites=self._overwrites())
        return [
            Done(
                each.number,
                ImportOutcome(one.outcome),
                one.id,
                changes={"set": _stored(one.replaced)} if one.replaced else None,
                findings=each.findings,
            )
            for each, one in zip(rows, written, strict=True)
        ]

    async def undo(self, session: AsyncSession, rows: Sequence[Past]) -> list[Undone]:
        connection = await driver(session)
        undone = []
        for row in rows:
            was_made = row.outcome is ImportOutcome.CREATED
            assert row.subject_id is not None
            kept = await keyed.take_back(connection, self.table, row.subject_id, row.changes["set"], was_made=was_made)
            undone.append(Undone(row.row_no, "kept" if kept else "removed" if was_made else "restored", kept))
        return undone


def _stored(replaced: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: [keyed.plain(before), keyed.plain(after)] for name, (before, after) in replaced.items()}


class ProductLoader(KeyedLoader):
    shadows: Sequence[str] = ("categories", "brands", "products")
    table = catalog.PRODUCTS

    def _overwrites(self) -> frozenset[str]:
        names = {"category": "category_id", "brand": "brand_id"}
        return frozenset(names.get(name, name) for name in super()._overwrites())

    def read(self, group: Sequence[Cells]) -> KeyedRow:
        [cells] = group
        sku = cells.text("sku", 200)
        if sku is None:
            cells.refuse("sku", "missing", "is blank")
        days = cells.number("usual_interval_days")
        if days is not None and (days != int(days) or not 1 <= days <= 3650):
            cells.refuse("usual_interval_days", "bad-number", "is not a number of days between 1 and 3650")
        kind = (cells.text("kind") or "").casefold() or None
        if kind and kind not in {each.value for each in ProductKind}:
            cells.refuse("kind", "unknown-value", f"is none of {', '.join(each.value for each in ProductKind)}")
        is_own = cells.yes_no("is_own")
        settle(group)
        stated = {
            "name": cells.text("name", 300) or sku,
            "category": cells.text("category", 300),
            "brand": cells.text("brand", 300),
            "kind": kind,
            "is_own": is_own,
            "similarity_group": cells.text("similarity_group", 100),
            "usual_interval_days": int(days) if days is not None else None,
        }
        return KeyedRow((sku,), {name: value for name, value in stated.items() if value is not None})

    async def load(self, session: AsyncSession, rows: Sequence[Numbered]) -> list[Done]:
        named = {
            "category": await catalog.ensure_categories(session, _stated(rows, "category")),
            "brand": await catalog.ensure_brands(session, _stated(rows, "brand")),
        }
        return await super().load(session, [_with_ids(each, named) for each in rows])


def _stated(rows: Sequence[Numbered], name: str) -> set[str]:
    return {each.said.values[name] for each in rows if name in each.said.values}


def _with_ids(each: Numbered, named: Mapping[str, Mapping[str, UUID]]) -> Numbered:
    """Return the row with ids in place of the names of its category and brand."""
    values = {
        f"{name}_id" if name in named else name: named[name][catalog.code_of(value)] if name in named else value
        for name, value in each.said.values.items()
    }
    return replace(each, said=KeyedRow(each.said.key, values))


class StoreLoader(KeyedLoader):
    shadows: Sequence[str] = ("stores",)
    table = stores.STORES

    def read(self, group: Sequence[Cells]) -> KeyedRow:
        [cells] = group
        code = cells.text("code", 200)
        if code is None:
            cells.refuse("code", "missing", "is blank")
        zone = cells.text("timezone", 60)
        if zone is not None and zone not in available_timezones():
            cells.refuse("timezone", "unknown-value", "is not a zone such as Europe/Rome")
        settle(group)
        stated = {"name": cells.text("name", 200) or code, "city": cells.text("city", 100), "timezone": zone}
        return KeyedRow((code,), {name: value for name, value in stated.items() if value is not None})


class BalanceLoader(KeyedLoader):
    shadows: Sequence[str] = ("opening_balances",)
    table = BALANCES

    def _overwrites(self) -> frozenset[str]:
        # The newest file knows the balance; a balance is not a list of suggestions.
        return frozenset(BALANCES.columns)

    def read(self, group: Sequence[Cells]) -> KeyedRow:
        [cells] = group
        card = cells.read("card", normalise_card)
        if card is None and not cells.refusals:
            cells.refuse("card", "missing", "is blank")
        checked = cells.attempt("card", lambda: check_card(card)) if card and self.plan.options.checks_cards else None
        if checked is not None and checked.code:
            cells.remark("card", checked.code, "the zero at the beginning was lost and was put back")
        points = cells.number("points")
        if points is None and not cells.refusals:
            cells.refuse("points", "missing", "is blank")
        if points is not None and (points != int(points) or not 0 <= points < _MAX):
            cells.refuse("points", "bad-number", "is not a whole number of points")
        as_of = cells.day("as_of")
        if as_of and as_of > self.plan.now.date():
            cells.refuse("as_of", "bad-date", "is in the future")
        amount = cells.number("amount")
        minor = (
            cells.attempt("amount", lambda: to_minor(f"{amount:f}", self.plan.currency)) if amount is not None else None
        )
        settle(group)
        assert points is not None
        stated = {"points": int(points), "amount_minor": minor, "as_of": as_of}
        key = (self.plan.source, checked.value if checked else card)
        return KeyedRow(key, {name: value for name, value in stated.items() if value is not None})
