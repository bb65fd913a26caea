"""Two cards of one person with something in every table that a merge moves, and what all tables say."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents.models import Reply
from ritorno.consents.rules import Action, Channel, Purpose, ReplyKind
from ritorno.customers import service as customers
from ritorno.customers.models import Customer, CustomerInterest, CustomerTag
from ritorno.customers.rules import ContactKind
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.config import Settings
from ritorno.kit.db import Base
from ritorno.kit.ids import uuid7
from ritorno.messaging.models import Confirmation, Message
from ritorno.privacy import service as privacy
from ritorno.privacy.rules import RequestChannel, RequestKind
from ritorno.recalls import service as recalls
from ritorno.recalls.models import RecallOccasion, RecallRun
from ritorno.recalls.rules import RecallKind
from tests.factories.consents import make_consent, make_soft_optin
from tests.factories.customers import make_contact_point, make_customer
from tests.factories.messaging import make_business, make_plan, make_template
from tests.factories.recalls import make_recall
from tests.factories.transactions import a_line, make_transaction

STAFF = Actor("user", UUID(int=11), "Giulia", frozenset({"*"}), "owner")
BEGAN = datetime(2025, 3, 1, 10, tzinfo=UTC)
NOT_COMPARED = {
    "audit_entries",
    "audit_pending",
    "consent_events",
    "idempotency_keys",
    "merge_moves",
    "merges",
    "outbox_deliveries",
    "outbox_events",
    "staff_sessions",
}


@dataclass(frozen=True, slots=True)
class Double:
    """One person on two cards, by their ids."""

    winner_id: UUID
    loser_id: UUID


async def make_double(session: AsyncSession, settings: Settings) -> Double:
    """Make two cards that have something of everything, apart and in common."""
    await make_business(session)
    winner = await make_customer(
        session,
        given_name="Marta",
        family_name=None,
        email="marta@example.it",
        phone="+393331112233",
        card="100",
        first_contact_on=BEGAN.date(),
    )
    loser = await make_customer(
        session,
        given_name="M.",
        family_name="Bellini",
        phone="+393331112233",
        address={"street": "Via Roma 1", "city": "Bologna"},
        card="200",
        external=("shop", "m-1"),
        gender="FEMALE",
    )
    await make_contact_point(session, loser.id, kind=ContactKind.EMAIL, value="bellini@example.it")
    ended = datetime(2025, 1, 1, tzinfo=UTC)
    await make_contact_point(session, loser.id, kind=ContactKind.EMAIL, value="old@example.it", valid_to=ended)
    for customer, own in ((winner, "counter"), (loser, "web")):
        session.add_all(CustomerTag(customer_id=customer.id, tag=tag) for tag in (own, "vip"))
        session.add_all(CustomerInterest(customer_id=customer.id, label=label, source=own) for label in (own, "tea"))
        await customers.add_note(session, customer.id, f"note of {own}", actor=STAFF)
        await activity.open_task(
            session, kind="to_call", key=f"call:{customer.id}", subject="customer", subject_id=customer.id
        )
    await _make_purchases(session, winner, loser)
    await _make_permissions(session, winner, loser)
    await _make_messages(session, settings, winner, loser)
    await _make_desk(session, winner, loser)
    await session.flush()
    return Double(winner.id, loser.id)


async def _make_purchases(session: AsyncSession, winner: Customer, loser: Customer) -> None:
    for day in range(0, 60, 10):
        await make_transaction(session, winner, a_line("bread"), a_line("milk", "1.50"), at=BEGAN + timedelta(days=day))
    for day in range(5, 60, 15):
        await make_transaction(session, loser, a_line("bread", "4.00"), at=BEGAN + timedelta(days=day))


async def _make_permissions(session: AsyncSession, winner: Customer, loser: Customer) -> None:
    await make_consent(session, winner.id, channel=Channel.EMAIL)
    await make_consent(session, winner.id, purpose=Purpose.PROFILING, channel=None)
    await make_consent(session, loser.id, channel=Channel.EMAIL)
    await make_consent(session, loser.id, channel=Channel.SMS, action=Action.DENY)
    point = await make_contact_point(session, loser.id, kind=ContactKind.EMAIL, is_primary=False)
    await make_soft_optin(session, loser.id, point.id)


async def _make_messages(session: AsyncSession, settings: Settings, winner: Customer, loser: Customer) -> None:
    template = await make_template(session, settings)
    await make_plan(session, template, [winner.id, loser.id], touch_id=uuid7())
    await make_plan(session, template, [loser.id], touch_id=uuid7())
    recall = await make_recall(session, settings, RecallKind.BIRTHDAY)
    run = RecallRun(recall_id=recall.id, on_date=BEGAN.date(), created_at=clock.now())
    session.add(run)
    await session.flush()
    for customer, occasions in ((winner, ("birthday:2025",)), (loser, ("birthday:2025", "birthday:2026"))):
        session.add_all(
            RecallOccasion(
                recall_id=recall.id,
                customer_id=customer.id,
                occasion=occasion,
                run_id=run.id,
                on_date=BEGAN.date(),
                was_reached=False,
            )
            for occasion in occasions
        )
    await recalls.dismiss(session, recall_id=recall.id, customer_id=loser.id, until=BEGAN.date(), actor=STAFF)


async def _make_desk(session: AsyncSession, winner: Customer, loser: Customer) -> None:
    for customer in (winner, loser):
        session.add(
            Reply(
                customer_id=customer.id,
                channel=Channel.SMS,
                text="grazie",
                kind=ReplyKind.NOTHING,
                received_at=BEGAN,
                recorded_by=STAFF.name,
            )
        )
        await privacy.receive_request(
            session, kind=RequestKind.ACCESS, channel=RequestChannel.DESK, customer_id=customer.id, actor=STAFF
        )
        message = await session.scalar(select(Message).where(Message.customer_id == customer.id).limit(1))
        assert message is not None
        assert message.contact_point_id is not None
        session.add(
            Confirmation(
                customer_id=customer.id,
                contact_point_id=message.contact_point_id,
                channel=Channel.EMAIL,
                message_id=message.id,
                asked_at=BEGAN,
                expires_at=BEGAN + timedelta(hours=72),
            )
        )


async def everything(session: AsyncSession) -> dict[str, list[str]]:
    """Return what every table says, but for ledgers, the queue of events and what counts the changes of a row."""
    await session.flush()
    found = {}
    for table in Base.metadata.sorted_tables:
        if table.name not in NOT_COMPARED:
            rows = await session.scalars(
                text(f"select (to_jsonb(t) - '{{version,updated_at}}'::text[])::text from {table.name} t")
            )
            found[table.name] = sorted(_text(orjson.loads(row)) for row in rows)
    return found


def _text(row: dict[str, Any]) -> str:
    """Return a row as text; sums of logarithms differ in their last digits with the order of adding."""
    rounded = {name: round(value, 9) if isinstance(value, float) else value for name, value in row.items()}
    return orjson.dumps(rounded, option=orjson.OPT_SORT_KEYS).decode()


async def rows_of(session: AsyncSession, customer_id: UUID) -> dict[str, int]:
    """Return how many rows of each table name a customer by `customer_id`."""
    await session.flush()
    found = {}
    for table in Base.metadata.sorted_tables:
        if "customer_id" in table.c:
            counted = text(f"select count(*) from {table.name} where customer_id = :id")
            found[table.name] = (await session.execute(counted, {"id": customer_id})).scalar_one()
    return found
