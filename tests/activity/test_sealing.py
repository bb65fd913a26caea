"""The audit log is append-only, sealed, and searchable; a change past its guards is found and named (S-16)."""

import asyncio
from uuid import UUID, uuid4

import asyncpg
import pytest
from sqlalchemy import func, select, text

from ritorno.activity import jobs, proofs, sealing
from ritorno.activity import service as activity
from ritorno.activity.models import AuditEntry, AuditPending, AuditSeal, ProofRun, Task
from ritorno.activity.rules import ProofKind
from ritorno.embedded import Services
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from tests.conftest import Sessions, settings_for

MADE = 6


@pytest.fixture
def work(clean_database: Services, clean_sessions: Sessions) -> Work:
    return Work(settings_for(clean_database), clean_sessions, Actor.system("tests"))


async def act(work: Work, count: int = MADE) -> None:
    """Write entries, each in its own unit of work."""
    for number in range(count):
        async with work.session() as session:
            await activity.record(
                session,
                work.actor,
                "thing.changed",
                subject="thing",
                subject_id=UUID(int=number),
                details={"n": number},
            )


async def tamper(database: Services, *statements: str) -> None:
    """Change the log as whoever owns the database can: with its guards switched off."""
    connection = await asyncpg.connect(database.owner_url)
    try:
        for statement in statements:
            await connection.execute(f"alter table audit_entries disable trigger user; {statement}")
        await connection.execute("alter table audit_entries enable trigger user")
    finally:
        await connection.close()


async def found(work: Work) -> list[tuple[str, int | None, int | None]]:
    """Verify everything and return what was found."""
    await jobs.verify(work, {})
    async with work.session() as session:
        run = await proofs.find_last(session, ProofKind.AUDIT)
    assert run is not None
    return [(each["fault"], each.get("seal"), each.get("seq")) for each in run.faults]


async def count(work: Work, table: type[AuditEntry | AuditPending | AuditSeal]) -> int:
    async with work.session() as session:
        return (await session.execute(select(func.count()).select_from(table))).scalar_one()


async def test_s_16_what_was_committed_is_sealed_and_sound(work: Work) -> None:
    await act(work)
    await jobs.seal(work, {})
    await act(work, 2)

    await jobs.seal(work, {})
    await jobs.seal(work, {})

    assert await count(work, AuditSeal) == 2
    assert await count(work, AuditPending) == 0
    assert await found(work) == []


async def test_s_16_an_entry_that_commits_late_is_sealed_late(work: Work, clean_sessions: Sessions) -> None:
    async with clean_sessions() as slow, slow.begin():
        await activity.record(slow, work.actor, "thing.slow", subject="thing")
        await slow.flush()
        await act(work, 2)
        await jobs.seal(work, {})
    await jobs.seal(work, {})

    async with work.session() as session:
        seals = (await session.scalars(select(AuditSeal).order_by(AuditSeal.number))).all()
    assert [seal.seqs for seal in seals] == [[2, 3], [1]]
    assert await found(work) == []


async def test_s_16_what_was_rolled_back_leaves_a_gap_and_no_fault(work: Work, clean_sessions: Sessions) -> None:
    async with clean_sessions() as session:
        await activity.record(session, work.actor, "thing.undone", subject="thing")
        await session.flush()
        await session.rollback()
    await act(work, 1)

    await jobs.seal(work, {})

    assert await found(work) == []


async def test_s_16_two_workers_never_seal_the_same_entry(work: Work) -> None:
    await act(work, 20)

    await asyncio.gather(*[jobs.seal(work, {}) for _ in range(4)])

    async with work.session() as session:
        seals = (await session.scalars(select(AuditSeal))).all()
    assert sorted(seq for seal in seals for seq in seal.seqs) == list(range(1, 21))


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("update audit_entries set actor_name = 'Somebody else' where seq = 3", "changed"),
        ("update audit_entries set details = '{}' where seq = 3", "changed"),
        ("update audit_entries set at = at - interval '1 day' where seq = 3", "changed"),
        ("update audit_entries set subject_id = null where seq = 3", "changed"),
        ("delete from audit_entries where seq = 3", "missing"),
    ],
)
async def test_s_16_tampering_with_one_entry_is_found_and_named(
    work: Work, clean_database: Services, change: str, fault: str
) -> None:
    await act(work)
    await jobs.seal(work, {})

    await tamper(clean_database, change)

    assert await found(work) == [(fault, 1, 3)]


async def test_s_16_an_entry_put_in_behind_our_back_is_found(work: Work, clean_database: Services) -> None:
    await act(work)
    await jobs.seal(work, {})

    await tamper(
        clean_database,
        f"""insert into audit_entries (id, actor_kind, actor_name, action, subject_type, details)
            values ('{uuid4()}', 'user', 'Giulia', 'customer.read', 'customer', '{{}}')""",
    )

    assert await found(work) == [("unsealed", None, MADE + 1)]


async def test_s_16_seals_taken_away_or_changed_are_found(work: Work, clean_database: Services) -> None:
    await act(work, 1)
    await jobs.seal(work, {})
    await act(work, 1)
    await jobs.seal(work, {})
    await act(work, 1)
    await jobs.seal(work, {})
    guards = "alter table audit_seals disable trigger user;"

    await tamper(clean_database, f"{guards} delete from audit_seals where number = 2")
    assert ("seal-missing", 2, None) in await found(work)

    await tamper(clean_database, f"{guards} update audit_seals set sealed_at = now() where number = 3")
    assert ("seal-changed", 3, None) in await found(work)


async def test_s_16_an_end_cut_off_is_found_by_the_next_verification(work: Work, clean_database: Services) -> None:
    for _ in range(2):
        await act(work, 1)
        await jobs.seal(work, {})
    assert await found(work) == []

    await tamper(
        clean_database,
        "alter table audit_seals disable trigger user; delete from audit_seals where number = 2; "
        "delete from audit_entries where seq = 2",
    )

    assert ("seal-missing", 2, None) in await found(work)


async def test_s_16_a_seal_by_somebody_without_the_secret_is_forged(work: Work, clean_database: Services) -> None:
    await act(work)
    stranger = settings_for(clean_database).model_copy(
        update={"secret_key": work.settings.secret_key.__class__("x" * 32)}
    )

    async with work.session() as session:
        await sealing.seal_next(session, stranger)

    assert await found(work) == [("seal-forged", 1, None)]


async def test_s_16_a_fault_asks_somebody(work: Work, clean_database: Services) -> None:
    await act(work)
    await jobs.seal(work, {})
    await tamper(clean_database, "delete from audit_entries where seq = 3")

    await jobs.verify(work, {})

    async with work.session() as session:
        [task] = (await session.scalars(select(Task))).all()
        [run] = (await session.scalars(select(ProofRun))).all()
    assert (task.kind, task.subject_id) == ("audit.broken", run.id)
    assert (run.checked_count, run.fault_count) == (MADE, 1)


@pytest.mark.parametrize("table", ["audit_seals", "consent_checkpoints"])
async def test_s_16_the_application_cannot_rewrite_a_seal(work: Work, table: str) -> None:
    async with work.session() as session:
        allowed = await session.scalar(
            text(f"select has_table_privilege('{table}', 'update') or has_table_privilege('{table}', 'delete')")
        )

    assert allowed is False
