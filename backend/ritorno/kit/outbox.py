"""The outbox: what happened, committed with the change itself or not at all (STYLE §4).

An event becomes one delivery for each reaction; a delivery stays open until its job closes it, so a lost queue loses
nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ForeignKey, Index, SmallInteger, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.kit import clock
from ritorno.kit.db import Base, one_of
from ritorno.kit.ids import uuid7

CHANNEL = "ritorno_outbox"
"""PostgreSQL delivers a NOTIFY here when the event's unit of work commits; it wakes the relay."""


class OutboxEvent(Base):
    """One past fact, such as `consent.withdrawn`, with the ids a job needs to read the rest."""

    __tablename__ = "outbox_events"
    __table_args__ = (
        Index("ix_outbox_events_waiting", "id", postgresql_where=text("relayed_at is null")),
        Index("ix_outbox_events_occurred_at", "occurred_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    name: Mapped[str]
    payload: Mapped[dict[str, Any]]
    occurred_at: Mapped[datetime] = mapped_column(default=clock.now)
    relayed_at: Mapped[datetime | None]


class DeliveryState(StrEnum):
    OPEN = "open"
    DONE = "done"
    FAILED = "failed"


class OutboxDelivery(Base):
    """One reaction owed to one event.

    `next_at` is when the relay may offer it (again); the worker that runs it holds a lease by moving `next_at` ahead.
    """

    __tablename__ = "outbox_deliveries"
    __table_args__ = (
        one_of("state", DeliveryState),
        Index("ix_outbox_deliveries_open", "next_at", postgresql_where=text("state = 'open'")),
        Index("ix_outbox_deliveries_event_id", "event_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    event_id: Mapped[UUID] = mapped_column(ForeignKey("outbox_events.id", ondelete="CASCADE"))
    job: Mapped[str]
    state: Mapped[str] = mapped_column(default=DeliveryState.OPEN, server_default=DeliveryState.OPEN)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    next_at: Mapped[datetime] = mapped_column(default=clock.now)
    worker: Mapped[str | None]
    closed_at: Mapped[datetime | None]
    failure: Mapped[str | None]


class ScheduledRun(Base):
    """A timed job that fell due; the key makes each moment happen once, whatever the number of workers."""

    __tablename__ = "scheduled_runs"

    name: Mapped[str] = mapped_column(primary_key=True)
    due_at: Mapped[datetime] = mapped_column(primary_key=True)
    claimed_at: Mapped[datetime] = mapped_column(default=clock.now)


_PUBLISH = text(f"""
    with event as (
        insert into outbox_events (id, name, payload, occurred_at)
        values (:id, :name, cast(:payload as jsonb), :occurred_at)
        returning 1
    )
    select pg_notify('{CHANNEL}', '') from event
""")


async def publish(session: AsyncSession, event: str, payload: Mapping[str, Any]) -> UUID:
    """Record a past fact in this unit of work; its reactions run as jobs after the commit.

    The payload carries ids, never a name, an address or a text: it ends in logs and in Redis.
    """
    event_id = uuid7()
    body = orjson.dumps(dict(payload), default=str).decode()
    await session.execute(_PUBLISH, {"id": event_id, "name": event, "payload": body, "occurred_at": clock.now()})
    return event_id
