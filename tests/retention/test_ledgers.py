"""The two ledgers let go of what is over its time, by the owner alone; what is left still proves itself (C-31)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import DBAPIError

from ritorno.activity import jobs as auditing
from ritorno.activity import proofs, sealing
from ritorno.activity.models import AuditEntry, AuditRelease, AuditSeal
from ritorno.activity.rules import ProofKind
from ritorno.consents import hashing, verifying
from ritorno.consents import jobs as consents
from ritorno.consents.models import ConsentEvent, ConsentState
from ritorno.consents.rules import Action, Channel
from ritorno.customers.models import Customer
from ritorno.embedded import Services
from ritorno.erasures import service as erasures
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.retention import jobs, ledgers, previewing
from ritorno.retention.models import RetentionRun
from ritorno.retention.rules import Clock
from ritorno.transactions.rules import HoldKind
from tests.conftest import Sessions, settings_for
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer
from tests.factories.transactions import a_line, make_transaction

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
YEAR = timedelta(days=366)
OLD = NOW - 6 * YEAR
"""Six years ago: past the five of the proof."""


@pytest.fixture(autouse=True)
def tonight() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


@pytest.fixture
def work(clean_database: Services, clean_sessions: Sessions) -> Work:
    settings = settings_for(clean_database)
    hashing.set_peppers(settings)
    return Work(settings, clean_sessions, Actor.system("tests"))


async def night(work: Work) -> RetentionRun:
    await jobs.run_night(work, {})
    async with work.session() as session:
        newest = select(RetentionRun).order_by(RetentionRun.id.desc()).limit(1)
        return (await session.scalars(newest)).one()


async def someone(work: Work, *actions: Action, at: datetime = OLD) -> UUID:
    """Make a person who said these things by email, a day apart, beginning at a moment."""
    with clock.frozen(at):
        async with work.session() as session:
            person = await make_customer(session, email=f"p{at:%y%m%d}@example.it", created_at=at)
    for place, action in enumerate(actions):
        with clock.frozen(at + timedelta(days=place)):
            async with work.session() as session:
                await make_consent(session, person.id, action=action, channel=Channel.EMAIL, at=clock.now())
    return person.id


async def seqs(work: Work, customer_id: UUID) -> list[int]:
    async with work.session() as session:
        entries = select(ConsentEvent.seq).where(ConsentEvent.customer_id == customer_id).order_by(ConsentEvent.seq)
        return list(await session.scalars(entries))


async def faults(work: Work) -> list[tuple[str, int | None]]:
    async with work.session() as session:
        batch = await verifying.verify_next(session, work.settings, after=UUID(int=0), keep_checkpoints=False)
    return [(fault.fault, fault.seq) for fault in batch.faults]


async def audit_faults(work: Work) -> list[tuple[str, int | None, int | None]]:
    await auditing.verify(work, {})
    async with work.session() as session:
        run = await proofs.find_last(session, ProofKind.AUDIT)
    assert run is not None
    return [(each["fault"], each.get("seal"), each.get("seq")) for each in run.faults]


async def as_owner(database: Services, *statements: str) -> None:
    connection = await asyncpg.connect(database.owner_url)
    try:
        async with connection.transaction():
            for statement in statements:
                await connection.execute(statement)
    finally:
        await connection.close()


async def change(work: Work, customer_id: UUID, **columns: object) -> None:
    async with work.session() as session:
        await session.execute(update(Customer).where(Customer.id == customer_id).values(**columns))


async def erase(work: Work, customer_id: UUID, *, at: datetime) -> None:
    with clock.frozen(at):
        async with work.session() as session:
            await erasures.erase_customer(session, customer_id=customer_id, actor=work.actor)


# ── the proof of consents ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_31_five_years_after_an_erasure_the_whole_chain_goes_and_the_rest_is_sound(work: Work) -> None:
    anna = await someone(work, Action.GRANT, Action.WITHDRAW, Action.GRANT)
    bice = await someone(work, Action.GRANT, Action.WITHDRAW)
    await consents.verify(work, {})
    await erase(work, anna, at=NOW - 5 * YEAR - timedelta(days=9))
    await erase(work, bice, at=NOW - 4 * YEAR)

    run = await night(work)

    assert (await seqs(work, anna), await seqs(work, bice)) == ([], [1, 2])
    assert run.counts[Clock.CONSENT_PROOF] == 3
    assert run.left_clocks == []
    assert await faults(work) == []


async def test_c_31_of_a_living_card_what_is_in_force_stays_and_what_preceded_it_goes(work: Work) -> None:
    anna = await someone(work, Action.GRANT, Action.GRANT, Action.WITHDRAW)
    async with work.session() as session:
        before = (await session.scalars(select(ConsentState.event_id))).all()

    await night(work)

    assert await seqs(work, anna) == [3]
    assert await faults(work) == []
    with clock.frozen(NOW + timedelta(days=1)):
        async with work.session() as session:
            assert (await session.scalars(select(ConsentState.event_id))).all() == before
            await make_consent(session, anna, at=clock.now())
    assert await seqs(work, anna) == [3, 4]
    assert await faults(work) == []


async def test_c_31_a_yes_in_force_is_never_dropped(work: Work) -> None:
    anna = await someone(work, Action.GRANT, Action.WITHDRAW, Action.GRANT)

    await night(work)

    assert await seqs(work, anna) == [1, 2, 3]


async def test_c_31_five_years_count_from_the_last_of_the_relationship(work: Work) -> None:
    spoke = await someone(work, Action.GRANT, Action.WITHDRAW)
    with clock.frozen(NOW - YEAR):
        async with work.session() as session:
            await make_consent(session, spoke, action=Action.OBJECT, at=clock.now())
    bought = await someone(work, Action.GRANT, Action.WITHDRAW)
    async with work.session() as session:
        person = await session.get_one(Customer, bought)
        await make_transaction(session, person, a_line("bread"), at=NOW - 3 * YEAR)
    disputed = await someone(work, Action.GRANT, Action.WITHDRAW)
    async with work.session() as session:
        await session.execute(
            text(
                """insert into holds (id, customer_id, kind, note, created_at, created_by)
                   values (gen_random_uuid(), :id, :kind, '', now(), 'tests')"""
            ),
            {"id": disputed, "kind": HoldKind.DISPUTE},
        )
    frozen = await someone(work, Action.GRANT, Action.WITHDRAW)
    await change(work, frozen, restricted_at=NOW - YEAR)

    for _ in range(2):
        await night(work)

    assert [await seqs(work, each) for each in (spoke, bought, disputed, frozen)] == [[1, 2, 3], [1, 2], [1, 2], [1, 2]]


async def test_c_31_what_was_dropped_by_somebody_else_is_still_found(work: Work, clean_database: Services) -> None:
    anna = await someone(work, Action.GRANT, Action.WITHDRAW, Action.GRANT, Action.DENY, Action.OBJECT)
    await night(work)
    kept = await seqs(work, anna)
    assert kept == [5]
    bice = await someone(work, Action.GRANT, Action.WITHDRAW)

    await as_owner(
        clean_database,
        "alter table consent_events disable trigger user",
        f"delete from consent_events where customer_id = '{bice}' and seq = 1",
        f"update consent_events set action = 'GRANT' where customer_id = '{anna}'",
        "alter table consent_events enable trigger user",
    )

    found = [each for each in await faults(work) if each[0] != "state-differs"]
    assert sorted(found) == [("changed", 5), ("missing", 1)]


# ── the audit log ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def acted(work: Work, at: datetime, count: int = 3) -> None:
    """Have a sealed part of the log that happened at a moment."""
    for _ in range(count):
        async with work.session() as session:
            session.add(
                AuditEntry(
                    at=at, actor_kind="user", actor_name="Giulia", action="thing.changed", subject_type="thing",
                    details={},
                )
            )  # fmt: skip
    await auditing.seal(work, {})


async def audited(work: Work) -> list[int]:
    async with work.session() as session:
        seen = select(AuditEntry.seq).where(AuditEntry.action == "thing.changed").order_by(AuditEntry.seq)
        return list(await session.scalars(seen))


async def test_c_31_sealed_entries_go_after_24_months_and_the_seals_stay_sound(work: Work) -> None:
    await acted(work, NOW - 3 * YEAR)
    await acted(work, NOW - 2 * YEAR - timedelta(days=9))
    await acted(work, NOW - YEAR)
    assert await audit_faults(work) == []

    run = await night(work)

    assert await audited(work) == [7, 8, 9]
    assert run.counts[Clock.AUDIT] == 6
    async with work.session() as session:
        assert (await session.scalars(select(func.count()).select_from(AuditSeal))).one() >= 3
        assert (await session.scalars(select(AuditRelease.number).order_by(AuditRelease.number))).all() == [1, 2]
    assert await audit_faults(work) == []
    assert Clock.AUDIT not in (await night(work)).counts


async def test_c_31_a_seal_goes_whole_or_not_at_all(work: Work) -> None:
    async with work.session() as session:
        session.add_all(
            AuditEntry(
                at=at, actor_kind="user", actor_name="Giulia", action="thing.changed", subject_type="thing", details={}
            )
            for at in (NOW - 3 * YEAR, NOW - YEAR)
        )
    await auditing.seal(work, {})

    await night(work)

    assert await audited(work) == [1, 2]


async def test_c_31_old_entries_that_nobody_released_are_missing(work: Work, clean_database: Services) -> None:
    await acted(work, NOW - 3 * YEAR)

    await as_owner(
        clean_database,
        "alter table audit_entries disable trigger user",
        "delete from audit_entries where seq = 2",
        "alter table audit_entries enable trigger user",
    )

    assert await audit_faults(work) == [("missing", 1, 2)]


async def test_c_31_a_release_of_somebody_elses_making_counts_for_nothing(work: Work, clean_database: Services) -> None:
    await acted(work, NOW - 3 * YEAR)

    await as_owner(
        clean_database,
        "insert into audit_releases values (1, 'x', '', now())",
        "select let_go_of_audit(1, now() - interval '24 months')",
    )

    found = await audit_faults(work)
    assert found == [("seal-forged", 1, None), *[("missing", 1, seq) for seq in (1, 2, 3)]]


async def test_c_31_what_was_changed_after_a_release_is_still_found(work: Work, clean_database: Services) -> None:
    await acted(work, NOW - 3 * YEAR)
    await acted(work, NOW - YEAR)
    await night(work)

    await as_owner(
        clean_database,
        "alter table audit_entries disable trigger user",
        "update audit_entries set actor_name = 'Somebody else' where seq = 5",
        "alter table audit_entries enable trigger user",
    )

    assert await audit_faults(work) == [("changed", 2, 5)]


# ── who may ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "statement",
    [
        "select let_go_of_consents(gen_random_uuid(), 1, now())",
        "select let_go_of_audit(1, now() - interval '24 months')",
        "insert into audit_releases values (1, 'x', '', now())",
        "delete from audit_releases",
        "delete from consent_events",
        "delete from audit_entries",
    ],
)
async def test_c_31_the_application_can_let_go_of_nothing(work: Work, statement: str) -> None:
    for ledger in ("consent_events", "audit_entries"):
        async with work.session() as session:
            await session.execute(text(f"set local ritorno.letting_go = '{ledger}'"))
            with pytest.raises(DBAPIError, match="permission denied"):
                await session.execute(text(statement))
            await session.rollback()


async def test_c_31_the_guard_holds_the_application_even_where_it_was_given_the_right_to_delete(
    work: Work, clean_database: Services
) -> None:
    anna = await someone(work, Action.GRANT)
    await as_owner(
        clean_database,
        "grant delete on consent_events to ritorno",
        "grant execute on function let_go_of_consents(uuid, integer, timestamptz) to ritorno",
    )
    async with work.session() as session:
        await verifying.sign_beginning(session, work.settings, anna, seq=1)

    for statement in ("delete from consent_events", f"select let_go_of_consents('{anna}', 1, now())"):
        async with work.session() as session:
            await session.execute(text("set local ritorno.letting_go = 'consent_events'"))
            with pytest.raises(DBAPIError, match="append-only"):
                await session.execute(text(statement))
            await session.rollback()


async def test_c_31_the_owner_lets_go_of_nothing_unsigned_or_young_and_outside_its_functions_of_nothing(
    work: Work, clean_database: Services
) -> None:
    anna = await someone(work, Action.GRANT, Action.WITHDRAW)
    async with work.session() as session:
        await verifying.sign_beginning(session, work.settings, anna, seq=1)
    await acted(work, NOW - YEAR)

    for statement, refusal in (
        (f"select let_go_of_consents('{anna}', 2, now())", "not signed"),
        (f"select let_go_of_consents('{anna}', 1, now() - interval '9 years')", "not over"),
        ("select let_go_of_audit(1, now() - interval '24 months')", "not over"),
        ("select let_go_of_audit(1, now())", "not over"),
        ("delete from consent_events", "append-only"),
        ("delete from audit_entries", "append-only"),
    ):
        with pytest.raises(asyncpg.PostgresError, match=refusal):
            await as_owner(clean_database, statement)
    with pytest.raises(asyncpg.PostgresError, match="append-only"):
        await as_owner(
            clean_database,
            f"select let_go_of_consents('{anna}', 1, now())",
            f"delete from consent_events where customer_id = '{anna}'",
        )


@pytest.mark.parametrize("url", ["", "postgresql://nobody:x@127.0.0.1:1/ritorno"])
async def test_c_31_where_the_owner_cannot_be_reached_the_run_says_so(
    work: Work, clean_database: Services, url: str
) -> None:
    anna = await someone(work, Action.GRANT, Action.WITHDRAW)
    settings = work.settings.model_copy(update={"migration_url": url or work.settings.database_url})
    lonely = Work(settings, work.sessions, work.actor)

    run = await night(lonely)

    assert run.left_clocks == [Clock.CONSENT_PROOF, Clock.AUDIT]
    assert await seqs(work, anna) == [1, 2]
    assert not await ledgers.can_let_go(settings)
    assert await ledgers.can_let_go(work.settings)


# ── how ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_c_31_the_dry_run_counts_both_ledgers_and_changes_nothing(work: Work) -> None:
    anna = await someone(work, Action.GRANT, Action.WITHDRAW)
    await acted(work, NOW - 3 * YEAR)
    async with work.session() as session:
        written = await session.scalar(select(func.count()).select_from(AuditEntry))

    async with work.session() as session:
        await session.execute(text("set transaction read only"))
        seen = {each.clock: each for each in (await previewing.preview(session)).clocks}

    assert (seen[Clock.CONSENT_PROOF].count, seen[Clock.CONSENT_PROOF].oldest_on) == (1, OLD.date())
    assert (seen[Clock.AUDIT].count, seen[Clock.AUDIT].oldest_on) == (written, OLD.date())
    assert (len(await seqs(work, anna)), len(await audited(work))) == (2, 3)
    run = await night(work)
    assert (run.counts[Clock.CONSENT_PROOF], run.counts[Clock.AUDIT]) == (1, written)
    async with work.session() as session:
        after = {each.clock: each.count for each in (await previewing.preview(session)).clocks}
    assert (after[Clock.CONSENT_PROOF], after[Clock.AUDIT]) == (0, 0)


async def test_c_31_a_killed_night_goes_on_behind_the_card_it_was_at(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledgers, "PEOPLE_AT_ONCE", 1)
    people = sorted([await someone(work, Action.GRANT, Action.WITHDRAW) for _ in range(3)])
    async with work.session() as session:
        session.add(
            RetentionRun(
                day=date(2026, 11, 23), clock=Clock.CONSENT_PROOF, after_id=people[0],
                counts={"CONSENT_PROOF": 1}, started_at=NOW,
            )
        )  # fmt: skip

    run = await night(work)

    assert [await seqs(work, each) for each in people] == [[1, 2], [2], [2]]
    assert run.counts[Clock.CONSENT_PROOF] == 3


async def test_c_31_a_release_that_was_interrupted_took_nothing(work: Work) -> None:
    await acted(work, NOW - 3 * YEAR)

    async with ledgers.as_owner(work) as owner:
        assert owner is not None
        async with owner.session() as session:
            assert await sealing.release_next(session, owner.settings, before=NOW - 2 * YEAR) == 3
            await session.rollback()

    assert await audited(work) == [1, 2, 3]
    assert await audit_faults(work) == []
