"""Files of receipts, one row for each line. Rows of one receipt are recorded together or not at all.

Everything else is what a till's batch would do: an unknown customer who says enough gets a card, another purchase waits
for its customer. The profiles follow once at the end, in steps.
"""

import csv
from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, time
from itertools import groupby
from pathlib import Path
from uuid import UUID

import numpy as np
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers import queries as customer_queries
from ritorno.imports.loading.people import remove_cards
from ritorno.imports.loading.rows import (
    Cells,
    Done,
    Found,
    Loader,
    Numbered,
    Past,
    Plan,
    Reading,
    RowRefused,
    Undone,
    settle,
)
from ritorno.imports.loading.shadows import pull, pull_people
from ritorno.imports.models import ImportedCustomer
from ritorno.imports.reading import tables
from ritorno.imports.reading.values import check_card, parse_date, parse_datetime
from ritorno.imports.rules import ImportOutcome, ReceiptScope
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.db import driver
from ritorno.kit.problems import FieldError, Invalid
from ritorno.transactions import service as transactions
from ritorno.transactions.parsing import CustomerBody, House, LineBody, Purchase, TransactionBody, purchase_of

SETTLED_AT_ONCE = 1_000
_PEOPLE = ("identifiers", "contact_points", "customer_tags", "customer_interests")


class TransactionLoader(Loader):
    shadows: Sequence[str] = (
        "customers", *_PEOPLE, "stores", "categories", "brands", "products", "transactions", "transaction_lines",
        "unclaimed_transactions", "imported_customers", "outbox_events", "audit_entries",
    )  # fmt: skip

    def __init__(self, plan: Plan, actor: Actor) -> None:
        super().__init__(plan, actor)
        self._house = House(plan.zone, plan.currency, plan.options.country or plan.country)
        self._moments: dict[tuple[str, ...], datetime] = {}
        self._days: dict[str, str] = {}

    # ── which rows belong together ────────────────────────────────────────────────────────────────────────────────

    def arrange(self, path: Path) -> Path:
        """Return the file itself where the lines of each receipt stand together, else one where they do."""
        key = self._key()
        digests = array("q", (hash(each) for each, _ in groupby(tables.rows(path), key=key)))
        if len(np.unique(np.frombuffer(digests, dtype=np.int64))) == len(digests):
            return path
        arranged = path.with_suffix(".arranged.csv")
        if not arranged.is_file():
            _bring_together(path, arranged, key)
        return arranged

    def groups(self, path: Path, *, after: int) -> Iterator[list[tables.Row]]:
        for _, group in groupby(tables.rows(path), key=self._key()):
            rows = list(group)
            if rows[0].number > after:
                yield rows

    def _key(self) -> Callable[[tables.Row], tuple[str, ...]]:
        places = {column.field: column.index for column in self.plan.columns if column.field}
        wanted = [places[name] for name in _SCOPES[self.plan.options.receipt_scope] if name in places]
        day = places.get("occurred_on") if self.plan.options.receipt_scope is ReceiptScope.STORE_DAY else None

        def key(row: tables.Row) -> tuple[str, ...]:
            if row.problem:
                # A row that could not be read stands alone.
                return (f"\0{row.number}",)
            named = tuple(row.cells[place] for place in wanted)
            return named if day is None else (*named, self._day(row.cells[day]))

        return key

    def _day(self, cell: str) -> str:
        """Return the day a cell names, whatever the hour beside it; the cell itself where it names none."""
        known = self._days.get(cell)
        if known is None:
            column = next(each for each in self.plan.columns if each.field == "occurred_on")
            try:
                known = str(parse_date(cell, column.date_format or "ISO"))
            except ValueError:
                known = cell
            if len(self._days) >= Reading.REMEMBERED:
                self._days.clear()
            self._days[cell] = known
        return known

    # ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────

    def read(self, group: Sequence[Cells]) -> Purchase:
        if len(group) > 1 and len({(self._day(cells.raw(_DAY)[0]), *cells.raw(_HEAD)) for cells in group}) > 1:
            raise RowRefused({place: [_DIFFERS] for place in range(len(group))})
        first = group[0]
        at = self._moment(first)
        receipt = first.text("receipt", 200)
        if receipt is None:
            first.refuse("receipt", "missing", "is blank")
        if at is None and not first.refusals:
            first.refuse("occurred_on", "missing", "is blank")
        lines = [_line(cells) for cells in group]
        customer = self._customer(first)
        settle(group)
        assert receipt is not None
        assert at is not None
        body = TransactionBody(
            occurred_at=at,
            lines=[line for line in lines if line],
            customer=customer,
            store=first.text("store", 200),
            channel=first.text("channel", 300),
            payment=first.text("payment", 300),
            reason=first.text("reason", 300),
        )
        try:
            return purchase_of(body, self.plan.source, self._external_id(first, receipt, at), self._house)
        except Invalid as invalid:
            raise RowRefused(_refusals(invalid.errors, group)) from invalid

    def _external_id(self, cells: Cells, receipt: str, at: datetime) -> str:
        """Return a key that no other receipt has: tills that count anew in each store or each day say so."""
        scope = self.plan.options.receipt_scope
        if scope is ReceiptScope.RECEIPT:
            return receipt
        store = cells.text("store", 200) or ""
        day = f"/{at.astimezone(self.plan.zone).date()}" if scope is ReceiptScope.STORE_DAY else ""
        return f"{store}{day}/{receipt}"[:200]

    def _moment(self, cells: Cells) -> datetime | None:
        """Return when a receipt was made; a file has few days and hours, so each pair is read once."""
        written = cells.raw(_MOMENT)
        known = self._moments.get(written)
        if known is not None:
            return known
        at = self._read_moment(cells)
        if at is not None:
            if len(self._moments) >= Reading.REMEMBERED:
                self._moments.clear()
            self._moments[written] = at
        return at

    def _read_moment(self, cells: Cells) -> datetime | None:
        zone = self.plan.zone
        column = next(each for each in self.plan.columns if each.field == "occurred_on")
        at = cells.read("occurred_on", lambda cell: parse_datetime(cell, column.date_format or "ISO", zone))
        hour = cells.read("occurred_time", lambda cell: time.fromisoformat(cell.replace(".", ":").zfill(5)))
        if at is None:
            return None
        local = at.astimezone(zone)
        if hour is not None:
            return datetime.combine(local.date(), hour, zone).astimezone(UTC)
        # A day without an hour belongs to no edge of it.
        return at if local.time() != time(0) else datetime.combine(local.date(), time(12), zone).astimezone(UTC)

    def _customer(self, cells: Cells) -> CustomerBody | None:
        card = cells.text("card", 200)
        if card and self.plan.options.checks_cards:
            bare = "".join(card.split())
            checked = cells.attempt("card", lambda: check_card(bare))
            if checked is not None and checked.code:
                cells.remark("card", checked.code, "the zero at the beginning was lost and was put back")
            card = checked.value if checked else None
        external_id = cells.text("customer_id", 200)
        email, phone = cells.text("email"), cells.text("phone", 100)
        if not (card or external_id or email or phone):
            return None
        return CustomerBody(
            card=card,
            source=self.plan.options.customer_source or self.plan.source if external_id else None,
            external_id=external_id,
            email=email,
            phone=phone,
            given_name=cells.text("given_name", 300),
            family_name=cells.text("family_name", 300),
        )

    # ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def load(self, session: AsyncSession, rows: Sequence[Numbered]) -> list[Done]:
        loaded = await transactions.load_purchases(session, [each.said for each in rows], actor=self.actor)
        if loaded.touched:
            await (await driver(session)).execute(
                """insert into imported_customers (import_id, customer_id)
                   select $1, unnest($2::uuid[]) on conflict do nothing""",
                self.plan.import_id,
                sorted(loaded.touched),
            )
        return [_done(each, past) for each, past in zip(rows, loaded.purchases, strict=True)]

    async def finish(self, work: Work) -> None:
        """Compute the profiles of everybody who was touched, some at a time."""
        more = True
        while more:
            async with work.session() as session:
                mine = select(ImportedCustomer.customer_id).where(ImportedCustomer.import_id == self.plan.import_id)
                ids = list(await session.scalars(mine.order_by(ImportedCustomer.customer_id).limit(SETTLED_AT_ONCE)))
                more = bool(ids)
                if ids:
                    await transactions.settle(session, ids)
                    await session.execute(
                        delete(ImportedCustomer).where(
                            ImportedCustomer.import_id == self.plan.import_id, ImportedCustomer.customer_id.in_(ids)
                        )
                    )

    async def pull_once(self, session: AsyncSession) -> None:
        connection = await driver(session)
        for table in ("stores", "categories", "brands", "products"):
            await pull(connection, table)

    async def pull(self, session: AsyncSession, rows: Sequence[Numbered]) -> None:
        connection = await driver(session)
        references = {reference for each in rows for reference in each.said.references}

        async def find() -> set[UUID]:
            found = await customer_queries.resolve_references(session, references)
            return {owner for owners in found.values() for owner in owners}

        await pull_people(connection, find, _PEOPLE)
        keys = [each.said.external_id for each in rows]
        ours = "source = $1 and external_id = any($2::text[])"
        await pull(connection, "unclaimed_transactions", ours, self.plan.source, keys)
        await pull(connection, "transactions", ours, self.plan.source, keys)
        lines = f"transaction_id in (select id from public.transactions where {ours})"
        await pull(connection, "transaction_lines", lines, self.plan.source, keys)

    # ── taking back ───────────────────────────────────────────────────────────────────────────────────────────────

    async def undo(self, session: AsyncSession, rows: Sequence[Past]) -> list[Undone]:
        rows = [row for row in rows if "key" in row.changes]
        recalled: dict[tuple[str, str], transactions.Recalled] = {}
        for row in rows:
            key = (self.plan.source, row.changes["key"])
            # The last row says what stands now, the first what stood before.
            newest = recalled[key].content_hash if key in recalled else row.changes["hash"]
            before = transactions.Before(row.changes.get("before"), row.changes.get("waiting"))
            recalled[key] = transactions.Recalled(key, newest, before)
        stays = await transactions.take_back(session, list(recalled.values()))
        made = [row._replace(subject_id=UUID(row.changes["card"])) for row in rows if "card" in row.changes]
        cards = {each.row_no for each in await remove_cards(session, self.plan.import_id, made) if each.kept}
        undone = []
        for row in rows:
            kept = ["transaction"] if (self.plan.source, row.changes["key"]) in stays else []
            kept += ["card"] if row.row_no in cards else []
            what = "removed" if row.outcome is not ImportOutcome.UPDATED else "restored"
            undone.append(Undone(row.row_no, "kept" if kept else what, kept))  # type: ignore[arg-type]
        return undone


_SCOPES: Mapping[ReceiptScope, tuple[str, ...]] = {
    ReceiptScope.RECEIPT: ("receipt",),
    ReceiptScope.STORE: ("store", "receipt"),
    ReceiptScope.STORE_DAY: ("store", "receipt"),
}
_MOMENT = ("occurred_on", "occurred_time")
_DAY = ("occurred_on",)
_HEAD = ("store", "card", "customer_id", "email", "phone")
_DIFFERS: Found = {
    "code": "receipt-differs",
    "field": "receipt",
    "column": None,
    "message": "lines of one receipt have different days, stores or customers: perhaps its number counts anew each day",
}
_OUTCOMES = {each.value: each for each in ImportOutcome}


def _line(cells: Cells) -> LineBody | None:
    sku, total = cells.text("sku", 200), cells.number("total")
    quantity = cells.number("quantity")
    for name, value in (("sku", sku), ("total", total)):
        if value is None and not cells.refusals:
            cells.refuse(name, "missing", "is blank")
    if sku is None or total is None:
        return None
    price, discount = cells.number("unit_price"), cells.number("discount")
    return LineBody(
        sku=sku,
        name=cells.text("product_name", 300),
        category=cells.text("category", 300),
        brand=cells.text("brand", 300),
        quantity=f"{quantity:f}" if quantity is not None else "-1" if total < 0 else "1",
        unit_price=f"{price:f}" if price is not None else None,
        discount=f"{discount:f}" if discount is not None else None,
        total=f"{total:f}",
    )


_FIELDS = {"name": "product_name", "occurred_at": "occurred_on", "external_id": "customer_id"}


def _refusals(errors: Sequence[FieldError], group: Sequence[Cells]) -> dict[int, list[Found]]:
    """Return the refusals of a body under the rows and columns they come from."""
    for error in errors:
        parts = error.path.split(".")
        place = int(parts[1]) if parts[0] == "lines" and len(parts) > 1 and parts[1].isdigit() else 0
        name = _FIELDS.get(parts[-1], parts[-1])
        group[place].refuse(name, error.code, error.message)
    return {place: cells.refusals for place, cells in enumerate(group) if cells.refusals}


def _done(each: Numbered, past: transactions.LoadedPurchase) -> Done:
    outcome = past.outcome
    done = Done(each.number, _OUTCOMES[outcome.status], outcome.id, findings=each.findings, rows=each.rows)
    if outcome.problem is not None:
        done.findings = [
            {"code": outcome.problem.code, "field": None, "column": None, "message": outcome.problem.title}
        ]
    elif outcome.status != "unchanged" and not past.is_repeat:
        done.changes = {"key": each.said.external_id, "hash": each.said.content_hash}
        if past.before.recorded is not None:
            done.changes["before"] = past.before.recorded
        if past.before.waiting is not None:
            done.changes["waiting"] = past.before.waiting
        if past.made_card is not None:
            done.changes["card"] = str(past.made_card)
    return done


def _bring_together(path: Path, target: Path, key: Callable[[tables.Row], tuple[str, ...]]) -> None:
    """Write the rows again, those of one receipt together, receipts in the order they begin.

    DuckDB does it on disk, so that a file of any size fits.
    """
    import duckdb  # noqa: PLC0415  a third of a second to load, and few files need it

    keyed, body = target.with_suffix(".keyed"), target.with_suffix(".body")
    with path.open(encoding="utf-8", newline="") as given, keyed.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        lines = csv.reader(given, delimiter=tables.MARK)
        header = next(lines)
        width = len(header)
        for row, cells in zip(tables.rows(path), lines, strict=True):
            writer.writerow(["\x1f".join(key(row)), row.number, *cells[:width], *([""] * (width - len(cells)))])
    names = ["key", "place", *(f"c{place}" for place in range(width))]
    columns = ", ".join(f"'{name}': '{'BIGINT' if name == 'place' else 'VARCHAR'}'" for name in names)
    with duckdb.connect(
        config={"memory_limit": "512MB", "temp_directory": str(target.with_suffix(".tmp"))}
    ) as database:
        database.execute(
            f"""copy (
                select {", ".join(names[2:])} from read_csv('{keyed}', columns = {{{columns}}}, header = false,
                    auto_detect = false, quote = '"', escape = '"', delim = ',')
                order by min(place) over (partition by key), place
            ) to '{body}' (format csv, header false, delimiter '{tables.MARK}')"""
        )
    part = target.with_suffix(".part")
    with part.open("w", encoding="utf-8", newline="") as out, body.open(encoding="utf-8", newline="") as rows:
        csv.writer(out, delimiter=tables.MARK, lineterminator="\n").writerow(header)
        while piece := rows.read(1 << 20):
            out.write(piece)
    part.replace(target)
    body.unlink()
    keyed.unlink()
