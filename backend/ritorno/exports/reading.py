"""The rows of a file, a batch after the other: what every kind of export shares."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Channel, Purpose
from ritorno.exports.models import Export
from ritorno.exports.rules import Cell, ExportKind
from ritorno.exports.schemas import ExportFilter
from ritorno.kit.money import to_text
from ritorno.stores import queries as stores

BATCH = 5_000

Cursor = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run writes: its own copy of what was asked for."""

    export_id: UUID
    run_id: UUID
    kind: ExportKind
    format: str
    filters: ExportFilter
    columns: list[str]
    purpose: Purpose | None
    channel: Channel | None
    recipient_id: UUID | None
    currency: str
    zone: str
    size: int

    @property
    def days(self) -> tuple[datetime | None, datetime | None]:
        """Return the instants between which the asked days lie, in the zone of the business."""
        last = self.filters.to_on
        return self._begin(self.filters.from_on), self._begin(last + timedelta(days=1) if last else None)

    def _begin(self, day: date | None) -> datetime | None:
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(UTC) if day else None


@dataclass(slots=True)
class Batch:
    """Some rows, how many were left out beside them and why, and where the next batch begins."""

    rows: list[list[Cell]]
    cursor: Cursor
    left_out: Counter[str] = field(default_factory=Counter)


Read = Callable[[AsyncSession, Plan, Cursor | None], Awaitable[Batch | None]]
"""Read the batch after a cursor; None when there is none."""


async def plan_of(session: AsyncSession, export: Export) -> Plan:
    business = await stores.get_business(session)
    assert export.run_id is not None, "only a claimed export is made"
    return Plan(
        export_id=export.id,
        run_id=export.run_id,
        kind=ExportKind(export.kind),
        format=export.format,
        filters=ExportFilter.model_validate(export.filters),
        columns=list(export.columns),
        purpose=Purpose(export.purpose) if export.purpose else None,
        channel=Channel(export.channel) if export.channel else None,
        recipient_id=export.recipient_id,
        currency=business.currency,
        zone=business.timezone,
        size=BATCH,
    )


@dataclass(frozen=True, slots=True)
class Selection:
    """The chosen columns as SQL. Every expression gives a cell, but money gives minor units, turned here."""

    sql: str
    money: tuple[int, ...]

    @classmethod
    def of(cls, expressions: dict[str, str], columns: Sequence[str]) -> "Selection":
        return cls(
            ", ".join(f'{expressions[key]} as "{key}"' for key in columns),
            tuple(place for place, key in enumerate(columns) if expressions[key].endswith("_minor")),
        )

    def cells(self, values: Iterable[Any], currency: str) -> list[Cell]:
        row = list(values)
        for place in self.money:
            if row[place] is not None:
                row[place] = to_text(row[place], currency)
        return row


def instant(expression: str) -> str:
    """Return the SQL of an instant as the API writes it."""
    return f"""to_char({expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')"""


def tail(record: asyncpg.Record, start: int) -> list[Any]:
    """Return the values of a record after those that steer the reading."""
    return list(record.values())[start:]
