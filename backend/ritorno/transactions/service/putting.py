"""Transactions stated by natural key, over HTTP or from a file: every row has its outcome, and a bad one spoils no
other.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.kit.problems import Problem
from ritorno.transactions.parsing import Purchase, read_body, read_row
from ritorno.transactions.schemas import TransactionBatchOutcome, TransactionRowOutcome, TransactionWritten
from ritorno.transactions.service.recording import Outcome, record_many
from ritorno.transactions.service.single import create_plain
from ritorno.transactions.service.waiting import house_of


async def put(session: AsyncSession, source: str, external_id: str, body: Any, *, actor: Actor) -> TransactionWritten:
    """Record a transaction under the key its source knows it by; the same body again changes nothing."""
    connection = await driver(session)
    purchase = read_body(body, source, external_id, await house_of(connection))
    created = await create_plain(connection, purchase)
    if created:
        return TransactionWritten(status="created", id=created.id, customer_id=created.customer_id)
    outcome = (await record_many(session, [purchase], actor=actor))[0]
    if outcome.problem:
        raise outcome.problem
    assert outcome.status != "rejected"
    return TransactionWritten(status=outcome.status, id=outcome.id, customer_id=outcome.customer_id)


async def put_many(session: AsyncSession, bodies: Sequence[Any], *, actor: Actor) -> TransactionBatchOutcome:
    """Record many transactions, in order."""
    house = await house_of(await driver(session))
    purchases: list[Purchase] = []
    places: list[int] = []
    outcomes: dict[int, Outcome] = {}
    for index, body in enumerate(bodies):
        try:
            purchases.append(read_row(body, house))
            places.append(index)
        except Problem as refusal:
            outcomes[index] = Outcome("rejected", problem=refusal)
    outcomes |= zip(places, await record_many(session, purchases, actor=actor), strict=True)
    counts = Counter[str](outcome.status for outcome in outcomes.values())
    return TransactionBatchOutcome(
        items=[_told(index, outcomes[index]) for index in range(len(bodies))], counts=dict(counts)
    )


def _told(index: int, outcome: Outcome) -> TransactionRowOutcome:
    return TransactionRowOutcome.model_construct(
        index=index,
        status=outcome.status,
        id=outcome.id,
        customer_id=outcome.customer_id,
        problem=outcome.problem.as_row() if outcome.problem else None,
    )
