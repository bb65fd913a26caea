"""Purchases from files: recorded like any others, with what they replaced, their profiles computed at the end.

History is late by nature; computing a profile for each chunk would read the same years again and again.
"""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.customers.queries import living_of
from ritorno.kit import outbox
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.transactions.parsing import Purchase
from ritorno.transactions.service import profiling, storing
from ritorno.transactions.service.recording import Outcome, record_all
from ritorno.transactions.service.storing import Connection, TransactionRow

Image = dict[str, Any]
"""A transaction as it was, with its lines: enough to write it again."""


class Before(NamedTuple):
    """What stood under a key: a recorded transaction, one that waited for its customer, or nothing."""

    recorded: Image | None = None
    waiting: dict[str, Any] | None = None


class LoadedPurchase(NamedTuple):
    """What became of a purchase; `made_card` when it brought a card of its own, `is_repeat` when the same waited."""

    outcome: Outcome
    before: Before
    made_card: UUID | None
    is_repeat: bool


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
    waited = {key: before for key, before in known.items() if not before.is_recorded}
    waiting = await _waiting_rows(connection, [before.id for before in waited.values()])
    recorded = await record_all(session, purchases, actor=actor, keep=_leave_for_later)
    newcomers = set(recorded.newcomers)
    loaded = []
    for purchase, outcome in zip(purchases, recorded.outcomes, strict=True):
        made = outcome.customer_id if outcome.customer_id in newcomers else None
        newcomers.discard(made)
        recorded_before = images.pop(outcome.id, None) if outcome.status == "updated" and outcome.id else None
        stood = waited.get(purchase.key)
        before = Before(recorded_before, waiting.pop(stood.id, None) if stood else None)
        is_repeat = outcome.status == "unclaimed" and stood is not None and stood.content_hash == purchase.content_hash
        loaded.append(LoadedPurchase(outcome, before, made, is_repeat))
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


async def _waiting_rows(connection: Connection, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    if not ids:
        return {}
    rows = await connection.fetch(
        "select id, to_jsonb(u)::text as image from unclaimed_transactions u where id = any($1::uuid[])", ids
    )
    return {row["id"]: orjson.loads(row["image"]) for row in rows}


class Recalled(NamedTuple):
    """A transaction to take back, by its key: what is to stand there now, and what stood there before."""

    key: tuple[str, str]
    content_hash: int
    before: Before


async def take_back(session: AsyncSession, recalled: Sequence[Recalled]) -> set[tuple[str, str]]:
    """Remove what was new, write again what was replaced, and return the keys of what stays: changed again later, given
    back by a return that stays, or replaced what speaks of somebody or something that is gone by now.
    """
    connection = await driver(session)
    known = await storing.find_known(connection, [each.key for each in recalled])
    known |= await storing.lock_known(connection, [each.id for each in known.values() if each.is_recorded])
    stays = {each.key for each in recalled if each.key in known and known[each.key].content_hash != each.content_hash}
    stays |= await _without_ground(session, [each for each in recalled if each.before.recorded])
    gone = [each for each in recalled if each.key in known and each.key not in stays]
    removed = [known[each.key].id for each in gone if each.before.recorded is None]
    held = await connection.fetch(
        """select distinct o.source, o.external_id, o.id from transactions r join transactions o on o.id = r.original_id
           where r.original_id = any($1::uuid[]) and r.id <> all($1::uuid[])""",
        removed,
    )
    stays |= {(row["source"], row["external_id"]) for row in held}
    gone = [each for each in gone if each.key not in stays]
    removed = [known[each.key].id for each in gone if each.before.recorded is None]
    owners = {known[each.key].customer_id for each in gone}
    await storing.stop_waiting(connection, removed)
    await connection.execute("update transactions set original_id = null where original_id = any($1::uuid[])", removed)
    await connection.execute("delete from transactions where id = any($1::uuid[])", removed)
    for each in gone:
        if each.before.recorded is not None:
            owners.add(await _write_again(session, each.before.recorded))
        elif each.before.waiting is not None:
            await connection.execute(
                """insert into unclaimed_transactions
                   select * from jsonb_populate_record(null::unclaimed_transactions, $1::text::jsonb)
                   on conflict do nothing""",
                orjson.dumps(each.before.waiting).decode(),
            )
    await settle(session, {owner for owner in owners if owner})
    return stays


_MISSING = """
    select w.key from unnest($1::int[], $2::text[]) as w (key, image)
    where not exists (select from customers c where c.id = (w.image::jsonb -> 'row' ->> 'customer_id')::uuid
                      and c.erased_at is null)
       or exists (select from jsonb_array_elements(w.image::jsonb -> 'lines') as l where not exists (
           select from products p where p.id = (l ->> 'product_id')::uuid))
       or (w.image::jsonb -> 'row' ->> 'store_id' is not null and not exists (
           select from stores s where s.id = (w.image::jsonb -> 'row' ->> 'store_id')::uuid))
"""


async def _without_ground(session: AsyncSession, recalled: Sequence[Recalled]) -> set[tuple[str, str]]:
    """Return the keys whose former transaction names a customer, a product or a store that is no more."""
    if not recalled:
        return set()
    rows = await (await driver(session)).fetch(
        _MISSING,
        list(range(len(recalled))),
        [orjson.dumps(each.before.recorded).decode() for each in recalled],
    )
    return {recalled[row["key"]].key for row in rows}


async def _write_again(session: AsyncSession, image: Image) -> UUID:
    """Give a transaction its former values and lines, on the card its customer is part of by now; return that card."""
    connection = await driver(session)
    former = UUID(image["row"]["customer_id"])
    owner = (await living_of(session, [former]))[former]
    row = image["row"] | {"customer_id": str(owner)}
    lines = [line | {"customer_id": str(owner)} for line in image["lines"] or []]
    columns = [name for name in TransactionRow._fields if name != "id"]
    await connection.execute(
        f"""update transactions t set {", ".join(f"{name} = n.{name}" for name in columns)}
            from jsonb_populate_record(null::transactions, $1::text::jsonb) n where t.id = n.id""",
        orjson.dumps(row).decode(),
    )
    await connection.execute("delete from transaction_lines where transaction_id = $1", UUID(row["id"]))
    await connection.execute(
        """insert into transaction_lines
           select (jsonb_populate_record(null::transaction_lines, l)).*
           from jsonb_array_elements($1::text::jsonb) as l""",
        orjson.dumps(lines).decode(),
    )
    return owner
