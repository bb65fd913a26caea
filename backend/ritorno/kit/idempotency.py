"""A replayed POST gets the first answer again (RULES S-04, B-45). Keys are kept for 24 hours at least."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from ritorno.kit.db import Base
from ritorno.kit.problems import Problem


class KeyMissing(Problem):
    status = 400
    code = "idempotency-key-missing"
    title = "Send an Idempotency-Key with this request"


class KeyReused(Problem):
    status = 422
    code = "idempotency-key-reused"
    title = "This Idempotency-Key was used for a different request"


class InFlight(Problem):
    status = 409
    code = "idempotency-in-flight"
    title = "A request with this Idempotency-Key is still running"


class IdempotencyKey(Base):
    """The first answer given under a key; written in the unit of work of its effects."""

    __tablename__ = "idempotency_keys"

    route: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    media_type: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request asks to be remembered as."""

    route: str
    key: str
    fingerprint: bytes


class Replay(Exception):
    """The stored answer, to be given again."""

    def __init__(self, status: int, body: bytes, media_type: str) -> None:
        super().__init__("replay")
        self.status = status
        self.body = body
        self.media_type = media_type


async def replay_or_pass(session: AsyncSession, claim: Claim) -> None:
    """Return when the key is new; raise Replay with the stored answer, or KeyReused when the request differs."""
    statement = select(IdempotencyKey).where(IdempotencyKey.route == claim.route, IdempotencyKey.key == claim.key)
    kept = (await session.execute(statement)).scalar_one_or_none()
    if kept is None:
        return
    if kept.fingerprint != claim.fingerprint:
        raise KeyReused()
    raise Replay(kept.status, kept.body, kept.media_type)


async def keep(session: AsyncSession, claim: Claim, status: int, body: bytes, media_type: str) -> None:
    """Store the answer; InFlight when a parallel twin has stored its own, and then this unit of work is lost whole."""
    statement = (
        insert(IdempotencyKey)
        .values(
            route=claim.route,
            key=claim.key,
            fingerprint=claim.fingerprint,
            status=status,
            media_type=media_type,
            body=body,
        )
        .on_conflict_do_nothing()
        .returning(IdempotencyKey.key)
    )
    if (await session.execute(statement)).scalar_one_or_none() is None:
        raise InFlight()


async def forget_about(session: AsyncSession, ids: Collection[UUID]) -> None:
    """Forget the answers that speak of any of these ids; a repeat of such a request is a request of its own."""
    for each in ids:
        await session.execute(_FORGET, {"id": str(each)})


_FORGET = text("""
    delete from idempotency_keys
    where position(:id in route) > 0 or position(convert_to(:id, 'UTF8') in body) > 0
""")
