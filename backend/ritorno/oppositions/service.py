"""Every change of the register: an answer taken in, the numbers to ask about, a person's rows exported and erased.

While a number is listed the gate weighs the listing against each consent (D-T2…D-T4). When a listing ends, the gate
would forget what it had revoked, so the revocation is written into the ledger then (docs/decisions/0015).
"""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.consents import service as consents
from ritorno.consents.rules import Action, Channel, Method, Purpose
from ritorno.customers.queries import living_of
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.db import driver
from ritorno.kit.ids import uuid7
from ritorno.kit.problems import FieldError, Invalid
from ritorno.oppositions import queries
from ritorno.oppositions.models import OppositionUpload
from ritorno.oppositions.reading import Answer, Answered, read_answer
from ritorno.oppositions.rules import RegisterKind

KEPT_FAULTS = 100


async def take_in(
    session: AsyncSession, content: bytes, *, file_name: str, kind: RegisterKind, answered_on: date, actor: Actor
) -> tuple[OppositionUpload, bool]:
    """Take in an answer of the operator and return it; the same file for the same day is known already, and False."""
    zone, country = await queries.business_place(session)
    if answered_on > clock.today(zone):
        raise Invalid(errors=[FieldError("answered_on", "in-future", "the operator cannot have answered yet")])
    answered_at = _begin(answered_on, zone)
    digest = hashlib.sha256(content).hexdigest()
    await session.execute(text("select pg_advisory_xact_lock(hashtext('opposition-upload'))"))
    known = await session.scalar(
        select(OppositionUpload).where(
            OppositionUpload.sha256 == digest,
            OppositionUpload.kind == kind,
            OppositionUpload.answered_at == answered_at,
        )
    )
    if known is not None:
        return known, False
    answer = read_answer(content, country=country, answered_on=answered_on)
    upload = _upload(answer, kind, answered_at, file_name=file_name, digest=digest, actor=actor)
    session.add(upload)
    await session.flush()
    upload.matched_count = await _note_checks(session, upload, answer.numbers, zone)
    upload.revoked_count = await _revoke_what_ended(session, upload, actor=actor)
    await activity.record(
        session,
        actor,
        "opposition_upload.taken_in",
        subject="opposition_upload",
        subject_id=upload.id,
        details={"kind": kind.value, "numbers": upload.numbers_count, "listed": upload.listed_count},
    )
    return upload, True


def _begin(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))


def _upload(
    answer: Answer, kind: RegisterKind, answered_at: datetime, *, file_name: str, digest: str, actor: Actor
) -> OppositionUpload:
    return OppositionUpload(
        kind=kind.value,
        answered_at=answered_at,
        file_name=file_name[:200],
        sha256=digest,
        rows_count=answer.rows_count,
        numbers_count=len(answer.numbers),
        listed_count=sum(each.is_listed for each in answer.numbers.values()),
        matched_count=0,
        refused_count=len(answer.refused),
        refused=[{"line": line, "fault": fault.value} for line, fault in answer.refused[:KEPT_FAULTS]],
        revoked_count=0,
        uploaded_at=clock.now(),
        uploaded_by=actor.id,
        uploaded_by_name=actor.name,
    )


_MATCHED = {
    RegisterKind.PHONE: """
        select p.id, a.listed_at from answered a
        join contact_points p on p.kind = 'PHONE' and p.match_key = a.number and p.valid_to is null
    """,
    # The postal register is asked by number too: an address of the directory is the one the number belongs to.
    RegisterKind.POSTAL: """
        select p.id, min(a.listed_at) as listed_at from answered a
        join contact_points n on n.kind = 'PHONE' and n.match_key = a.number and n.valid_to is null
        join contact_points p on p.kind = 'POSTAL' and p.customer_id = n.customer_id and p.valid_to is null
        group by p.id
    """,
}

_NOTE = """
    with answered (number, listed_at) as (select * from unnest($1::text[], $2::timestamptz[])),
    matched as ({matched})
    insert into opposition_checks (id, contact_point_id, kind, checked_at, first_listed_at, upload_id)
    select uuidv7(), id, $3, $4, listed_at, $5 from matched
    on conflict (contact_point_id, checked_at) do update
        set first_listed_at = least(opposition_checks.first_listed_at, excluded.first_listed_at),
            upload_id = excluded.upload_id
    returning contact_point_id
"""

# A number that stays listed has been listed since the earliest date of the unbroken row of answers; answers may come
# in any order, so the row is looked at as a whole.
_CARRY = """
    with answers as (
        select id, first_listed_at, checked_at, contact_point_id,
            count(*) filter (where first_listed_at is null) over past as breaks
        from opposition_checks where contact_point_id = any($1::uuid[])
        window past as (partition by contact_point_id order by checked_at)
    ), carried as (
        select id, min(first_listed_at) over (partition by contact_point_id, breaks order by checked_at) as since
        from answers where first_listed_at is not null
    )
    update opposition_checks o set first_listed_at = carried.since
    from carried where carried.id = o.id and o.first_listed_at is distinct from carried.since
"""


async def _note_checks(
    session: AsyncSession, upload: OppositionUpload, numbers: Mapping[str, Answered], zone: str
) -> int:
    """Write what the answer says of each address of ours; return how many there are."""
    listed_at = [
        (_begin(each.since, zone) if each.since else upload.answered_at) if each.is_listed else None
        for each in numbers.values()
    ]
    kind = RegisterKind(upload.kind)
    connection = await driver(session)
    rows = await connection.fetch(
        _NOTE.format(matched=_MATCHED[kind]), list(numbers), listed_at, kind.value, upload.answered_at, upload.id
    )
    await connection.execute(_CARRY, [row["contact_point_id"] for row in rows])
    return len(rows)


# A late answer may say of the past that a number was listed, so every end of a listing of these numbers is looked at.
_ENDED = """
    select distinct p.customer_id, s.purpose, s.channel, p.id as contact_point_id, before.first_listed_at
    from opposition_checks o
    join lateral (
        select first_listed_at from opposition_checks b
        where b.contact_point_id = o.contact_point_id and b.checked_at < o.checked_at
        order by b.checked_at desc limit 1
    ) before on before.first_listed_at is not null
    join contact_points p on p.id = o.contact_point_id
    join consent_states s on s.customer_id = p.customer_id and s.standing = 'GRANTED'
        and s.channel in ('PHONE_OPERATOR', 'PHONE_AUTO') and s.purpose in ('MKT_OWN', 'MARKET_RESEARCH')
        and s.since <= before.first_listed_at and (s.contact_point_id is null or s.contact_point_id = p.id)
    where o.contact_point_id in (select contact_point_id from opposition_checks where upload_id = $1)
        and o.kind = 'PHONE' and o.first_listed_at is null
"""


async def _revoke_what_ended(session: AsyncSession, upload: OppositionUpload, *, actor: Actor) -> int:
    """Write into the ledger which consents a listing that has ended had revoked (DPR 26/2022 art. 7(7))."""
    rows = await (await driver(session)).fetch(_ENDED, upload.id)
    living = await living_of(session, {row["customer_id"] for row in rows})
    said = [
        consents.Incoming(
            customer_id=living.get(row["customer_id"], row["customer_id"]),
            purpose=Purpose(row["purpose"]),
            channel=Channel(row["channel"]),
            action=Action.WITHDRAW,
            occurred_at=row["first_listed_at"],
            method=Method.RPO,
            source=f"rpo:{upload.id}",
            contact_point_id=row["contact_point_id"],
        )
        for row in rows
    ]
    return sum(outcome.is_new for outcome in await consents.record_many(session, said, actor=actor)) if said else 0


async def extract(session: AsyncSession, *, kind: RegisterKind, numbers: Literal["due", "all"], actor: Actor) -> bytes:
    """Return the file to send to the operator: the numbers alone, each once. That it was made is recorded."""
    found = await queries.numbers_to_ask(session, kind, is_due_only=numbers == "due")
    await activity.record(
        session,
        actor,
        "opposition_extract.downloaded",
        subject="opposition_extract",
        subject_id=uuid7(),
        details={"kind": kind.value, "numbers": len(found)},
    )
    return "\r\n".join(["numero", *found, ""]).encode()


async def export(session: AsyncSession, customer_id: UUID) -> list[dict[str, Any]]:
    """Return what the register answered about this person's numbers."""
    return [
        {
            "contact": check.contact,
            "register": check.kind.value,
            "asked_at": check.checked_at.isoformat(),
            "listed_since": check.first_listed_at.isoformat() if check.first_listed_at else None,
        }
        for check in await queries.checks_of(session, customer_id)
    ]


async def erase(session: AsyncSession, customer_id: UUID) -> None:
    """Forget what the register answered about this person's numbers."""
    await (await driver(session)).execute(
        """delete from opposition_checks o using contact_points p
           where p.id = o.contact_point_id and p.customer_id = $1""",
        customer_id,
    )
