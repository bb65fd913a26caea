"""Consents by natural key, up to thousands at once, with one answer for each row (DESIGN §5)."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Reason
from ritorno.consents.schemas import ConsentBatchOutcome, ConsentOutcome, ConsentRow
from ritorno.consents.service.recording import Incoming, Outcome, record_many
from ritorno.customers.errors import CustomerNotFound
from ritorno.customers.queries import resolve_references
from ritorno.customers.rules import Reference, ReferenceKind
from ritorno.kit.actor import Actor
from ritorno.kit.problems import Invalid, Problem, field_errors


async def record_batch(session: AsyncSession, items: Sequence[Any], *, actor: Actor) -> ConsentBatchOutcome:
    """Record rows in order; each is created, unchanged or rejected with its problem."""
    read = [_read(item) for item in items]
    known = await resolve_references(session, [_reference(row) for row in read if isinstance(row, ConsentRow)])
    asked = [_incoming(row, known.get(_reference(row), ())) if isinstance(row, ConsentRow) else row for row in read]
    recorded = iter(await record_many(session, [each for each in asked if isinstance(each, Incoming)], actor=actor))
    rows = [
        _outcome(index, next(recorded), each) if isinstance(each, Incoming) else _rejected(index, each)
        for index, each in enumerate(asked)
    ]
    return ConsentBatchOutcome(items=rows, counts=Counter(row.status for row in rows))


def _read(item: Any) -> ConsentRow | Problem:
    try:
        return ConsentRow.model_validate(item)
    except ValidationError as error:
        return Invalid(errors=field_errors(list(error.errors(include_url=False, include_input=False))))


def _reference(row: ConsentRow) -> Reference:
    return Reference(ReferenceKind.EXTERNAL, row.source, row.external_id)


def _incoming(row: ConsentRow, owners: Sequence[Any]) -> Incoming | Problem:
    if not owners:
        return CustomerNotFound()
    return Incoming(
        customer_id=owners[0],
        purpose=row.purpose,
        channel=row.channel,
        action=row.action,
        occurred_at=row.occurred_at,
        method=row.method,
        notice_version_id=row.notice_version_id,
        notice_version=row.notice_version,
        evidence=[each.model_dump() for each in row.evidence],
        given_by=row.given_by,
        source=row.source,
        locale=row.locale,
    )


def _outcome(index: int, outcome: Outcome, incoming: Incoming) -> ConsentOutcome:
    if outcome.problem is not None:
        return _rejected(index, outcome.problem)
    return ConsentOutcome(
        index=index,
        status="created" if outcome.is_new else "unchanged",
        id=outcome.event_id,
        customer_id=incoming.customer_id,
        is_proven=outcome.is_proven,
        reason=None if outcome.is_proven else Reason.UNPROVEN,
        problem=None,
    )


def _rejected(index: int, problem: Problem) -> ConsentOutcome:
    return ConsentOutcome(
        index=index,
        status="rejected",
        id=None,
        customer_id=None,
        is_proven=None,
        reason=None,
        problem=problem.as_row(),
    )
