"""Reads of merges: one with what it did, and the history of a card."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.errors import CustomerNotFound
from ritorno.customers.models import Customer, Merge, MergeMove
from ritorno.customers.rules import full_name
from ritorno.duplicates.errors import MergeNotFound
from ritorno.duplicates.rules import COLUMNS, Side
from ritorno.duplicates.schemas import KeptChange, MergedField, MergeRead, ReversalRead


async def get_merge(session: AsyncSession, merge_id: UUID, *, lock: bool = False) -> Merge:
    merge = await session.get(Merge, merge_id, with_for_update=lock, populate_existing=lock)
    if merge is None:
        raise MergeNotFound()
    return merge


async def merges_of(session: AsyncSession, customer_id: UUID) -> list[MergeRead]:
    """Return every merge a card took part in, and those its losers had before, newest first."""
    if await session.get(Customer, customer_id) is None:
        raise CustomerNotFound()
    group = (
        select(Merge.id, Merge.loser_id)
        .where(or_(Merge.winner_id == customer_id, Merge.loser_id == customer_id))
        .cte(recursive=True)
    )
    group = group.union(select(Merge.id, Merge.loser_id).join(group, Merge.winner_id == group.c.loser_id))
    merges = await session.scalars(select(Merge).where(Merge.id.in_(select(group.c.id))).order_by(Merge.id.desc()))
    return [await read_merge(session, merge) for merge in merges]


async def read_merge(session: AsyncSession, merge: Merge) -> MergeRead:
    """Return a merge as the API shows it."""
    loser = await session.get_one(Customer, merge.loser_id)
    moved = await session.execute(
        select(MergeMove.table_name, func.jsonb_array_length(MergeMove.keys)).where(MergeMove.merge_id == merge.id)
    )
    return MergeRead(
        id=merge.id,
        winner_id=merge.winner_id,
        loser_id=merge.loser_id,
        loser_name=full_name(loser.given_name, loser.family_name),
        pair_id=merge.pair_id,
        reason=merge.reason,
        choices=merge.choices,
        fields=[_field(change, loser) for change in merge.changes if change["table"] == "customers"],
        moved={table: count for table, count in moved if count},
        merged_at=merge.merged_at,
        merged_by=merge.actor_name,
        unmerged_at=merge.unmerged_at,
        unmerged_by=merge.unmerged_by,
        is_reversible=merge.unmerged_at is None and await find_later(session, merge) is None,
    )


_FIELD_OF = {column: field for field, column in COLUMNS.items()}


def _field(change: dict[str, Any], loser: Customer) -> MergedField:
    """Every column a choice decides and that changed took the loser's value; the others follow from both cards."""
    field = _FIELD_OF.get(change["column"])
    return MergedField(
        field=field or change["column"],
        source=Side.LOSER if field else None,
        before=change["before"],
        after=change["after"],
    )


async def find_later(session: AsyncSession, merge: Merge) -> Merge | None:
    """Return the last standing merge of the same card that came after this one."""
    later = select(Merge).where(
        Merge.id > merge.id,
        Merge.unmerged_at.is_(None),
        or_(Merge.winner_id == merge.winner_id, Merge.loser_id == merge.winner_id),
    )
    return (await session.scalars(later.order_by(Merge.id.desc()).limit(1))).one_or_none()


async def find_standing(session: AsyncSession, loser_id: UUID) -> Merge | None:
    """Return the merge that made a card part of another."""
    standing = select(Merge).where(Merge.loser_id == loser_id, Merge.unmerged_at.is_(None))
    return (await session.scalars(standing)).one_or_none()


async def were_separated(session: AsyncSession, one: UUID, other: UUID) -> bool:
    """Tell whether two cards were one before and somebody undid it."""
    undone = select(Merge.id).where(
        Merge.winner_id.in_([one, other]), Merge.loser_id.in_([one, other]), Merge.unmerged_at.is_not(None)
    )
    return await session.scalar(undone.limit(1)) is not None


async def moved_by(session: AsyncSession, merge_id: UUID) -> dict[str, Sequence[dict[str, Any]]]:
    """Return the keys of the rows a merge moved, by table."""
    rows = await session.execute(select(MergeMove.table_name, MergeMove.keys).where(MergeMove.merge_id == merge_id))
    return dict(map(tuple, rows))


async def read_reversal(session: AsyncSession, merge: Merge) -> ReversalRead:
    """Return an undone merge with what was left as it had become."""
    kept = [
        KeptChange(table=each["table"], id=each["id"], field=each["column"], value=each["value"])
        for each in merge.kept or ()
    ]
    return ReversalRead(merge=await read_merge(session, merge), kept=kept)
