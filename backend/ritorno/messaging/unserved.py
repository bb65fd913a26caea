"""A service message the gate refused is still owed: a task asks staff to tell the person in another way (G4, G6)."""

from collections.abc import Iterable
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents.rules import Purpose, Reason


class Unserved(NamedTuple):
    """A message that does not leave, and why."""

    customer_id: UUID
    purpose: str
    reason: str | None


_KINDS: dict[str | None, str] = {
    Reason.RESTRICTED: "service_restricted",
    Reason.HARD_BOUNCE: "contact_outdated",
    Reason.BAD_CONTACT_POINT: "contact_outdated",
}
_OWED = frozenset({Purpose.SERVICE, Purpose.LOYALTY, Purpose.LEGAL_SAFETY})


async def ask_for_hands(session: AsyncSession, unserved: Iterable[Unserved]) -> None:
    """Raise one task for each person and reason; an offer that does not leave needs nobody."""
    found = {
        (kind, each.customer_id)
        for each in unserved
        if each.purpose in _OWED and (kind := _KINDS.get(each.reason)) is not None
    }
    for kind, customer_id in sorted(found):
        await activity.open_task(
            session,
            kind=kind,
            key=f"{kind}:{customer_id}",
            subject="customer",
            subject_id=customer_id,
        )
