"""Tampering with the ledger by SQL is found and the entry named: who tampers owns the database, not the secret."""

from datetime import timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity.models import AuditEntry, ProofRun, Task
from ritorno.consents import jobs, verifying
from ritorno.consents.chaining import chain_hash
from ritorno.consents.models import ConsentCheckpoint, ConsentEvent
from ritorno.consents.rules import Action, Channel
from ritorno.embedded import Services
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.db import unit_of_work
from tests.conftest import ClientAs, Sessions, settings_for
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer

NOBODY = UUID(int=0)
LENGTH = 5
"""Entries of each of the two people of this page."""


@pytest.fixture
async def people(clean_sessions: Sessions) -> tuple[UUID, UUID]:
    """Two people who said yes and no in turn."""
    async with unit_of_work(clean_sessions) as session:
        made = []
        for name in ("anna", "bice"):
            customer = await make_customer(session, email=f"{name}@example.it", phone="+393331234567")
            for place in range(LENGTH):
                action = Action.WITHDRAW if place % 2 else Action.GRANT
                at = clock.now() - timedelta(days=40 - place)
                await make_consent(session, customer.id, action=action, channel=Channel.EMAIL, at=at)
            made.append(customer.id)
    return made[0], made[1]


@pytest.fixture
def work(clean_database: Services, clean_sessions: Sessions) -> Work:
    return Work(settings_for(clean_database), clean_sessions, Actor.system("tests"))


async def tamper(database: Services, *statements: str) -> None:
    """Change the ledger as whoever owns the database can: with its guards switched off."""
    connection = await asyncpg.connect(database.owner_url)
    try:
        async with connection.transaction():
            await connection.execute("alter table consent_events disable trigger user")
            await connection.execute("alter table consent_checkpoints disable trigger user")
            for statement in statements:
                await connection.execute(statement)
            await connection.execute("alter table consent_events enable trigger user")
            await connection.execute("alter table consent_checkpoints enable trigger user")
    finally:
        await connection.close()


async def faults(work: Work) -> list[tuple[str, str, int | None]]:
    async with work.session() as session:
        batch = await verifying.verify_next(session, work.settings, after=NOBODY, keep_checkpoints=False)
    return [(fault.fault, fault.customer_id, fault.seq) for fault in batch.faults if fault.fault != "state-differs"]


def quoted(digest: bytes | None) -> str:
    return f"decode('{digest.hex()}', 'hex')" if digest else "null"


async def id_at(work: Work, customer_id: UUID, seq: int) -> UUID:
    async with work.session() as session:
        found = await session.scalar(
            select(ConsentEvent.id).where(ConsentEvent.customer_id == customer_id, ConsentEvent.seq == seq)
        )
    assert found is not None
    return found


async def test_c_08_a_ledger_nobody_touched_is_sound(work: Work, people: tuple[UUID, UUID]) -> None:
    async with work.session() as session:
        batch = await verifying.verify_next(session, work.settings, after=NOBODY, keep_checkpoints=True)

    assert batch.faults == []
    assert batch.checked == 2 * LENGTH
    assert batch.is_last


@pytest.mark.parametrize(
    "change",
    [
        "action = 'GRANT'",
        "occurred_at = occurred_at + interval '1 second'",
        "evidence = '[]'",
        "method = 'POS_TABLET'",
        "is_proven = not is_proven",
        "text_sha256 = repeat('0', 64)",
        "contact_point_id = null",
    ],
)
async def test_c_08_a_changed_entry_is_found_and_named(
    work: Work, clean_database: Services, people: tuple[UUID, UUID], change: str
) -> None:
    anna, _ = people
    altered = await id_at(work, anna, 2)

    await tamper(clean_database, f"update consent_events set {change} where id = '{altered}'")

    assert await faults(work) == [("changed", str(anna), 2)]


async def test_c_08_an_entry_written_anew_with_its_own_hash_no_longer_fits_the_next(
    work: Work, clean_database: Services, people: tuple[UUID, UUID]
) -> None:
    anna, _ = people
    async with work.session() as session:
        entry = (
            await session.scalars(select(ConsentEvent).where(ConsentEvent.customer_id == anna, ConsentEvent.seq == 2))
        ).one()
        entry.action = "GRANT"
        forged = quoted(chain_hash(entry))
        await session.rollback()

    await tamper(
        clean_database,
        f"update consent_events set action = 'GRANT', hash = {forged} where customer_id = '{anna}' and seq = 2",
    )

    assert await faults(work) == [("replaced", str(anna), 2)]


@pytest.mark.parametrize("seq", [1, 3])
async def test_c_08_a_deleted_entry_is_found_and_its_place_named(
    work: Work, clean_database: Services, people: tuple[UUID, UUID], seq: int
) -> None:
    _, bice = people

    await tamper(clean_database, f"delete from consent_events where customer_id = '{bice}' and seq = {seq}")

    assert await faults(work) == [("missing", str(bice), seq)]


async def test_c_08_an_end_cut_off_is_found_because_it_had_been_signed(
    work: Work, clean_database: Services, people: tuple[UUID, UUID]
) -> None:
    anna, bice = people
    await jobs.verify(work, {})

    await tamper(
        clean_database,
        f"delete from consent_events where customer_id = '{anna}' and seq > 3",
        f"delete from consent_events where customer_id = '{bice}'",
    )

    assert await faults(work) == [
        *[("missing", str(anna), seq) for seq in (4, 5)],
        *[("missing", str(bice), seq) for seq in (1, 2, 3, 4, 5)],
    ]


async def test_c_08_an_inserted_entry_is_found_with_those_it_pushed_aside(
    work: Work, clean_database: Services, people: tuple[UUID, UUID]
) -> None:
    anna, _ = people

    await tamper(
        clean_database,
        f"update consent_events set seq = seq + 100 where customer_id = '{anna}' and seq >= 3",
        f"""insert into consent_events
            select (jsonb_populate_record(e, '{{"seq": 3, "id": "{UUID(int=3)}"}}')).* from consent_events e
            where customer_id = '{anna}' and seq = 2""",
        f"update consent_events set seq = seq - 99 where customer_id = '{anna}' and seq > 100",
    )

    found = await faults(work)
    assert found[0] == ("out-of-sequence", str(anna), 3)
    assert {person for _, person, _ in found} == {str(anna)}


async def test_c_08_two_entries_in_one_place_are_a_fork(
    work: Work, clean_database: Services, people: tuple[UUID, UUID]
) -> None:
    anna, _ = people

    await tamper(
        clean_database,
        "alter table consent_events drop constraint uq_consent_events_customer_id_seq",
        f"""insert into consent_events select (jsonb_populate_record(e, '{{"id": "{UUID(int=3)}"}}')).*
            from consent_events e where customer_id = '{anna}' and seq = 4""",
    )

    [(fault, person, seq)] = [each for each in await faults(work) if each[0] == "forked"]
    assert (fault, person, seq) == ("forked", str(anna), 4)


async def test_c_08_entries_that_changed_places_are_found(
    work: Work, clean_database: Services, people: tuple[UUID, UUID]
) -> None:
    anna, _ = people

    await tamper(
        clean_database,
        f"update consent_events set seq = 100 where customer_id = '{anna}' and seq = 2",
        f"update consent_events set seq = 2 where customer_id = '{anna}' and seq = 3",
        f"update consent_events set seq = 3 where customer_id = '{anna}' and seq = 100",
    )

    assert await faults(work) == [("out-of-sequence", str(anna), 2), ("out-of-sequence", str(anna), 3)]


async def test_c_08_an_entry_given_to_somebody_else_is_missing_here_and_wrong_there(
    work: Work, clean_database: Services, people: tuple[UUID, UUID]
) -> None:
    anna, bice = people

    await tamper(
        clean_database,
        f"update consent_events set customer_id = '{bice}', seq = 6 where customer_id = '{anna}' and seq = 3",
    )

    assert await faults(work) == [("missing", str(anna), 3), ("out-of-sequence", str(bice), 6)]


async def test_c_08_a_whole_chain_written_anew_is_not_the_one_that_was_signed(
    work: Work, clean_database: Services, people: tuple[UUID, UUID]
) -> None:
    """Hashes need no secret: whoever knows how they are made can make a chain that fits itself."""
    anna, _ = people
    await jobs.verify(work, {})
    async with work.session() as session:
        entries = (
            await session.scalars(
                select(ConsentEvent).where(ConsentEvent.customer_id == anna).order_by(ConsentEvent.seq)
            )
        ).all()
        entries[1].action = "GRANT"
        for before, entry in zip([None, *entries], entries, strict=False):
            entry.prev_hash = before.hash if before else None
            entry.hash = chain_hash(entry)
        forged = [(entry.id, entry.action, quoted(entry.prev_hash), quoted(entry.hash)) for entry in entries]
        await session.rollback()

    await tamper(
        clean_database,
        *[
            f"update consent_events set action = '{action}', hash = {made}, prev_hash = {before} where id = '{known}'"
            for known, action, before, made in forged
        ],
    )

    assert await faults(work) == [("rewritten", str(anna), LENGTH)]


async def test_a_checkpoint_of_somebody_elses_making_counts_for_nothing(
    work: Work, clean_database: Services, people: tuple[UUID, UUID]
) -> None:
    anna, _ = people
    await jobs.verify(work, {})

    await tamper(clean_database, f"update consent_checkpoints set seq = 3 where customer_id = '{anna}'")

    assert await faults(work) == [("checkpoint-forged", str(anna), 3)]


async def test_a_chain_may_begin_after_a_signed_checkpoint_and_nowhere_else(
    work: Work, clean_database: Services, people: tuple[UUID, UUID]
) -> None:
    """C-31: what is older than it need be is dropped, and what is left still proves itself."""
    anna, bice = people
    async with work.session() as session:
        await verifying.sign_beginning(session, work.settings, anna, seq=2)

    await tamper(clean_database, "delete from consent_events where seq <= 2")

    assert await faults(work) == [("missing", str(bice), 1), ("missing", str(bice), 2)]


async def test_the_end_that_was_signed_is_no_beginning(
    work: Work, clean_database: Services, people: tuple[UUID, UUID]
) -> None:
    anna, _ = people
    await jobs.verify(work, {})
    async with work.session() as session:
        await make_consent(session, anna, at=clock.now())

    await tamper(clean_database, f"delete from consent_events where customer_id = '{anna}' and seq <= {LENGTH}")

    assert ("missing", str(anna), 1) in await faults(work)


# ── the projection ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_10_a_state_that_is_not_what_the_ledger_says_is_found(
    work: Work, clean_database: Services, people: tuple[UUID, UUID]
) -> None:
    anna, bice = people
    async with work.session() as session:
        await session.execute(
            text("update consent_states set standing = 'WITHDRAWN' where customer_id = :id"), {"id": anna}
        )
        await session.execute(text("delete from consent_states where customer_id = :id"), {"id": bice})

    async with work.session() as session:
        batch = await verifying.verify_next(session, work.settings, after=NOBODY, keep_checkpoints=False)

    assert {(each.fault, each.customer_id) for each in batch.faults} == {
        ("state-differs", str(anna)),
        ("state-differs", str(bice)),
    }


async def test_c_10_a_state_that_differs_is_made_again_from_the_ledger(work: Work, people: tuple[UUID, UUID]) -> None:
    anna, bice = people
    async with work.session() as session:
        await session.execute(
            text("update consent_states set standing = 'REFUSED' where customer_id = :id"), {"id": anna}
        )
        await session.execute(
            text("update consent_states set purpose = 'PROFILING', channel = '' where customer_id = :id"), {"id": bice}
        )

    await jobs.verify(work, {})

    async with work.session() as session:
        batch = await verifying.verify_next(session, work.settings, after=NOBODY, keep_checkpoints=False)
        tasks = (await session.scalars(select(Task))).all()
    assert batch.faults == []
    assert {task.subject_id for task in tasks} == {anna, bice}


# ── every night ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_08_each_night_a_broken_person_asks_somebody_once(
    work: Work, clean_database: Services, people: tuple[UUID, UUID]
) -> None:
    anna, _ = people
    await tamper(clean_database, f"update consent_events set method = 'WEB' where customer_id = '{anna}' and seq < 4")

    await jobs.verify(work, {})
    await jobs.verify(work, {})

    async with work.session() as session:
        tasks = (await session.scalars(select(Task))).all()
        runs = (await session.scalars(select(ProofRun).order_by(ProofRun.started_at))).all()
        said = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "consents.verified"))).all()
    assert [(task.kind, task.subject_id) for task in tasks] == [("consents.broken", anna)]
    assert [(run.checked_count, run.finished_at is not None) for run in runs] == [(2 * LENGTH, True)] * 2
    assert {fault["seq"] for fault in runs[0].faults if "seq" in fault} == {1, 2, 3}
    assert [entry.details["faults"] for entry in said] == [run.fault_count for run in runs]


async def test_an_interrupted_verification_goes_on_where_it_was(
    work: Work, people: tuple[UUID, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "ENTRIES_PER_BATCH", LENGTH + 1)
    anna, _ = people
    async with work.session() as session:
        run = ProofRun(kind="consents", started_at=clock.now(), position=str(anna), checked_count=LENGTH)
        session.add(run)
        run_id = run.id

    await jobs.verify(work, {})

    async with work.session() as session:
        [run] = (await session.scalars(select(ProofRun))).all()
        checkpoints = (await session.scalars(select(ConsentCheckpoint))).all()
    assert run.finished_at is not None
    assert run.checked_count == 2 * LENGTH
    assert len(checkpoints) == 1
    assert run_id is None or run.id == run_id


# ── one person ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_chain_of_one_person_is_verified_on_request(session: AsyncSession, client_as: ClientAs) -> None:
    customer = await make_customer(session, email="anna@example.it")
    event = await make_consent(session, customer.id)
    await session.commit()
    client = await client_as("privacy_officer")

    answer = (await client.get(f"/v1/customers/{customer.id}/consent-verification")).json()

    assert answer["is_ok"] is True
    assert answer["chains"] == [
        {"customer_id": str(customer.id), "entries_count": 1, "head_seq": 1, "head_hash": event.hash.hex()}
    ]


async def test_who_may_not_read_consents_may_not_verify_them(client_as: ClientAs) -> None:
    client = await client_as("analyst")

    assert (await client.get(f"/v1/customers/{NOBODY}/consent-verification")).status_code == 403
