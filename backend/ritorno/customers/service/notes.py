"""Private notes of staff: kept as written, with a word of warning where they say too much (C-22)."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.customers import queries
from ritorno.customers.models import CustomerNote
from ritorno.kit import clock
from ritorno.kit.actor import Actor


async def add_note(session: AsyncSession, customer_id: UUID, body: str, *, actor: Actor) -> CustomerNote:
    """Write a note on a card; what it says goes into no log."""
    customer = await queries.get_customer(session, customer_id)
    note = CustomerNote(
        customer_id=customer.id, body=body, author_id=actor.id, author_name=actor.name, created_at=clock.now()
    )
    session.add(note)
    await session.flush()
    await activity.record(
        session, actor, "note.written", subject="customer", subject_id=customer.id, details={"note_id": str(note.id)}
    )
    return note


async def remove_note(session: AsyncSession, customer_id: UUID, note_id: UUID, *, actor: Actor) -> None:
    """Take a note off a card for good; the audit log keeps that there was one."""
    note = await queries.get_note(session, customer_id, note_id)
    await session.delete(note)
    await activity.record(
        session, actor, "note.removed", subject="customer", subject_id=customer_id, details={"note_id": str(note_id)}
    )
