"""A row of the file as its mapping reads it: cells by field, values by declared formats, refusals with their column."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.normalising import Refused as AddressRefused
from ritorno.customers.rules import LoadPolicy as Policy
from ritorno.imports.reading import tables
from ritorno.imports.reading.values import Refused, is_error_cell, parse_bool, parse_date, parse_decimal
from ritorno.imports.rules import ImportOutcome, MappedColumn
from ritorno.imports.schemas import ImportOptions
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.schemas import clean_text
from ritorno.kit.spreadsheets import as_meant

Value = TypeVar("Value")

MAX_TEXT = 500
MAX_NOTE = 5000

Found = dict[str, Any]
"""A finding as it is stored: code, field, column, message. It never holds the value."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What of an import decides how its rows are read."""

    import_id: UUID
    source: str
    columns: Sequence[MappedColumn]
    headers: Sequence[str]
    decimal: Literal[".", ","]
    options: ImportOptions
    country: str
    zone: ZoneInfo
    currency: str
    author: str
    now: datetime

    @property
    def policies(self) -> dict[str, Policy]:
        return {column.field: column.policy for column in self.columns if column.field and column.policy}


class RowRefused(Exception):
    """Rows that belong together cannot be taken; `by_place` says why, all at once, by place among them."""

    def __init__(self, by_place: dict[int, list[Found]]) -> None:
        super().__init__("refused")
        self.by_place = by_place


@dataclass(slots=True)
class Done:
    """What became of a row."""

    row_no: int
    outcome: ImportOutcome
    subject_id: UUID | None = None
    version: int | None = None
    changes: dict[str, Any] | None = None
    findings: list[Found] = field(default_factory=list)
    rows: int = 1
    """How many rows of the file it stands for: a receipt has one for each line."""


class Reading:
    """What the rows of one file share while they are read: where each field stands, and what cells meant before.

    A file repeats itself: products, stores, days and prices are looked at once and then remembered.
    """

    REMEMBERED = 50_000
    SHORT = 60

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.places: Mapping[str, MappedColumn] = {each.field: each for each in plan.columns if each.field}
        self.texts: dict[str, str] = {}
        self.numbers: dict[str, Decimal] = {}

    def remember(self, memory: dict[str, Value], cell: str, value: Value) -> None:
        if len(memory) >= self.REMEMBERED:
            memory.clear()
        memory[cell] = value


class Cells:
    """The cells of one row by field. Reading notes what is wrong and goes on, so that a row says everything at once."""

    __slots__ = ("_cells", "_places", "_reading", "findings", "refusals")

    def __init__(self, reading: Reading, cells: Sequence[str]) -> None:
        self._reading = reading
        self._places = reading.places
        self._cells = cells
        self.refusals: list[Found] = []
        self.findings: list[Found] = []

    @property
    def _plan(self) -> Plan:
        return self._reading.plan

    def raw(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return cells as they stand in the file, blank where they are not mapped."""
        return tuple(self._cells[self._places[name].index] if name in self._places else "" for name in names)

    def text(self, name: str, limit: int = MAX_TEXT) -> str | None:
        """Return a cell cleaned (B-21), or None where it is blank or not mapped."""
        column = self._places.get(name)
        if column is None:
            return None
        cell = self._cells[column.index]
        if not cell:
            return None
        known = self._reading.texts.get(cell)
        if known is not None:
            return known
        raw = cell
        if not cell.isprintable() or cell[0] == " " or cell[-1] == " ":
            cell = clean_text(cell)
        if cell.startswith("'"):
            cell = as_meant(cell)
        if len(cell) > limit:
            self.refuse(name, "too-long", f"longer than {limit} characters")
            return None
        if cell.startswith("#") and is_error_cell(cell):
            self.refuse(name, "error-cell", "holds an error of the spreadsheet")
            return None
        if cell and len(raw) <= Reading.SHORT:
            self._reading.remember(self._reading.texts, raw, cell)
        return cell or None

    def read(self, name: str, reader: Callable[[str], Value], limit: int = MAX_TEXT) -> Value | None:
        """Return what a reader makes of a cell, or note why it cannot."""
        cell = self.text(name, limit)
        return None if cell is None else self.attempt(name, lambda: reader(cell))

    def attempt(self, name: str, act: Callable[[], Value]) -> Value | None:
        try:
            return act()
        except (Refused, AddressRefused) as refused:
            self.refuse(name, refused.code, str(refused))
        except ValueError:
            # The message of a library may repeat the value, which is somebody's.
            self.refuse(name, "bad-value", "cannot be read as what this column should hold")
        return None

    def day(self, name: str) -> date | None:
        """Return a date in the format declared for its column (B-18)."""
        column = self._places.get(name)
        return self.read(name, lambda cell: parse_date(cell, column.date_format or "ISO")) if column else None

    def noon(self, name: str) -> datetime | None:
        """Return the middle of a stated day where the shop is: a day without an hour belongs to no edge."""
        day = self.day(name)
        return datetime.combine(day, time(12), self._plan.zone).astimezone(UTC) if day else None

    def number(self, name: str) -> Decimal | None:
        cell = self.text(name)
        if cell is None:
            return None
        known = self._reading.numbers.get(cell)
        if known is None:
            known = self.attempt(name, lambda: parse_decimal(cell, self._plan.decimal))
            if known is not None:
                self._reading.remember(self._reading.numbers, cell, known)
        return known

    def yes_no(self, name: str) -> bool | None:
        return self.read(name, parse_bool)

    def labels(self, name: str) -> frozenset[str]:
        cell = self.text(name, MAX_NOTE)
        if cell is None:
            return frozenset()
        parts = (part.strip() for part in cell.split(self._plan.options.list_separator))
        return frozenset(part[:60] for part in parts if part)

    def refuse(self, name: str, code: str, message: str) -> None:
        self.refusals.append(self._found(name, code, message))

    def remark(self, name: str, code: str, message: str) -> None:
        self.findings.append(self._found(name, code, message))

    def _found(self, name: str, code: str, message: str) -> Found:
        column = self._places.get(name)
        header = self._plan.headers[column.index] if column else None
        return {"code": str(code), "field": name, "column": header, "message": message}


def settle(group: Sequence[Cells]) -> None:
    """Raise RowRefused if anything was refused in rows that belong together."""
    refused = {place: cells.refusals for place, cells in enumerate(group) if cells.refusals}
    if refused:
        raise RowRefused(refused)


@dataclass(slots=True)
class Numbered:
    """What one or more rows say, with the number of the first and what was remarked on the way."""

    number: int
    said: Any
    findings: list[Found]
    rows: int = 1


class Loader(ABC):
    """How one kind of file is read, written, and taken back."""

    shadows: Sequence[str]
    """The tables it writes: a rehearsal gives them shadows."""

    def __init__(self, plan: Plan, actor: Actor) -> None:
        self.plan = plan
        self.actor = actor

    def arrange(self, path: Path) -> Path:
        """Return a file whose rows stand in the order they are loaded in."""
        return path

    def groups(self, path: Path, *, after: int) -> Iterator[list[tables.Row]]:
        """Yield rows that belong together, from the first whose number is greater than `after`."""
        return ([row] for row in tables.rows(path, after=after))

    async def prepare(self, session: AsyncSession) -> None:  # noqa: B027  most kinds need nothing
        """Load once what every row needs."""

    @abstractmethod
    def read(self, group: Sequence[Cells]) -> Any:
        """Return what rows that belong together say. Raises RowRefused."""

    async def pull_once(self, session: AsyncSession) -> None:  # noqa: B027
        """Fill shadows that are small enough to be filled whole; only a rehearsal calls this."""

    async def pull(self, session: AsyncSession, rows: Sequence[Numbered]) -> None:  # noqa: B027
        """Bring into the shadows whatever these rows could touch; only a rehearsal calls this."""

    @abstractmethod
    async def load(self, session: AsyncSession, rows: Sequence[Numbered]) -> list[Done]:
        """Write the rows and tell what became of each."""

    async def tell(self, session: AsyncSession, done: Sequence[Done]) -> None:  # noqa: B027
        """Publish what follows from a chunk; a rehearsal does not call this."""

    async def finish(self, work: Work) -> None:  # noqa: B027
        """Do what is better done once at the end, in steps of its own that may be repeated."""

    @abstractmethod
    async def undo(self, session: AsyncSession, rows: Sequence[Past]) -> list[Undone]:
        """Take rows back, the last first, and tell what became of each."""


class Past(NamedTuple):
    """A row as it was recorded."""

    row_no: int
    outcome: ImportOutcome
    subject_id: UUID | None
    version: int | None
    changes: dict[str, Any]


class Undone(NamedTuple):
    """What undoing did with a row: `kept` names what stays because it was changed again later."""

    row_no: int
    what: Literal["removed", "restored", "kept"]
    kept: list[str]
