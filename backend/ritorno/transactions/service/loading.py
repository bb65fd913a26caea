"""Purchases from files: recorded like any others, with what they replaced, their profiles computed at the end.

History is late by nature; computing a profile for each chunk would read the same years again and again.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import outbox
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.transactions.parsing import Purchase
from ritorno.transactions.service import profiling, storing
from ritorno.transactions.service.recording import Outcome, record_all
from ritorno.transactions.service.storing import Connection, TransactionRow

Image = dict[str, Any]
"""A transaction as it was, with its lines: enough to write it again."""


class LoadedPurchase(NamedTuple):
    """What became of a purchase; `made_card` when it brought a card of its own."""

    outcome: Outcome
    before: Image | None
    made_card: UUID | None


class LoadedPurchases(NamedTuple):
    purchases: list[LoadedPurchase]
    touched: set[UUID]
    """Whose profiles are to be computed by `settle`."""


async def load_purchases(session: AsyncSession, purchases: Sequence[Purchase], *, actor: Actor) -> LoadedPurchases:
    """Record purchases with what they replaced, and leave the profiles for `settle`."""
    connection = await driver(session)
    known = await storing.find_known(connection, [purchase.key for purchase in purchases])
    changing = [
        known[each.key].id
        for each in purchases
        if each.key in known and known[each.key].customer_id and known[each.key].content_hash != each.content_hash
    ]
    await storing.lock_known(connection, changing)
    images = await _images(connection, changing)
    recorded = await record_all(session, purchases, actor=actor, keep=_leave_for_later)
    newcomers = set(recorded.newcomers)
    loaded = []
    for outcome in recorded.outcomes:
        made = outcome.customer_id if outcome.customer_id in newcomers else None
        newcomers.discard(made)
        before = images.pop(outcome.id, None) if outcome.status == "updated" and outcome.id else None
        loaded.append(LoadedPurchase(outcome, before, made))
    return LoadedPurchases(loaded, recorded.touched)


async def _leave_for_later(_connection: Connection, _rows: Sequence[TransactionRow], *, disturbed: Any = ()) -> None:
    """Say nothing to the profiles yet."""


async def settle(session: AsyncSession, customer_ids: Collection[UUID]) -> None:
    """Compute the profiles of these customers from their transactions, and tell who scores them."""
    if not customer_ids:
        return
    await profiling.keep_in_step(await driver(session), [], disturbed=customer_ids)
    ids = [str(each) for each in sorted(customer_ids)]
    await outbox.publish(session, "transactions.recorded", {"customer_ids": ids, "origin": "import"})


async def _images(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, Image]:
    if not ids:
        return {}
    rows = await connection.fetch(
        """select t.id, jsonb_build_object('row', to_jsonb(t), 'lines', (
               select jsonb_agg(to_jsonb(l) order by l.line_no) from transaction_lines l where l.transaction_id = t.id
           ))::text as image from transactions t where t.id = any($1::uuid[])""",
        ids,
    )
    return {row["id"]: orjson.loads(row["image"]) for row in rows}


class Recalled(NamedTuple):
    """A transaction to take back: by its id where it was recorded, by its key where it still waited."""

    id: UUID | None
    key: tuple[str, str]
    content_hash: int
    before: Image | None


async def take_back(session: AsyncSession, recalled: Sequence[Recalled]) -> set[tuple[str, str]]:
    """Remove what was new, write again what was replaced, and return the keys of what stays: changed again later, or
    given back by a return that stays.
    """
    connection = await driver(session)
    known = await storing.find_known(connection, [each.key for each in recalled])
    locked = await storing.lock_known(connection, [known[key].id for key in known if known[key].customer_id])
    known |= locked
    stays = {each.key for each in recalled if each.key in known and known[each.key].content_hash != each.content_hash}
    gone = [each for each in recalled if each.key in known and each.key not in stays]
    removed = [known[each.key].id for each in gone if each.before is None]
    held = await connection.fetch(
        """select o.source, o.external_id, o.id from transactions r join transactions o on o.id = r.original_id
           where r.original_id = any($1::uuid[]) and r.id <> all($1::uuid[])""",
        removed,
    )
    stays |= {(row["source"], row["external_id"]) for row in held}
    removed = [each for each in removed if each not in {row["id"] for row in held}]
    owners = {known[each.key].customer_id for each in gone if each.key not in stays}
    await storing.stop_waiting(connection, removed)
    await connection.execute("update transactions set original_id = null where original_id = any($1::uuid[])", removed)
    await connection.execute("delete from transactions where id = any($1::uuid[])", removed)
    for each in gone:
        if each.before is not None and each.key not in stays:
            await _write_again(connection, each.before)
            owners.add(UUID(each.before["row"]["customer_id"]))
    await settle(session, {owner for owner in owners if owner})
    return stays


async def _write_again(connection: Connection, image: Image) -> None:
    columns = [name for name in TransactionRow._fields if name != "id"]
    await connection.execute(
        f"""update transactions t set {", ".join(f"{name} = n.{name}" for name in columns)}
            from jsonb_populate_record(null::transactions, $1::text::jsonb) n where t.id = n.id""",
        orjson.dumps(image["row"]).decode(),
    )
    await connection.execute("delete from transaction_lines where transaction_id = $1", UUID(image["row"]["id"]))
    await connection.execute(
        """insert into transaction_lines
           select (jsonb_populate_record(null::transaction_lines, l)).*
           from jsonb_array_elements($1::text::jsonb) as l""",
        orjson.dumps(image["lines"] or []).decode(),
    )
