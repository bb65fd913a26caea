"""The night of retention: clock after clock, part after part; a killed one goes on with the clock it was at."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from ritorno.activity import sealing
from ritorno.activity import service as activity
from ritorno.consents import dropping
from ritorno.imports.lake import retention as lake
from ritorno.imports.lake.errors import LakeBusy
from ritorno.kit import clock as time
from ritorno.kit import outbox
from ritorno.kit.background import Transient, Work
from ritorno.kit.db import driver
from ritorno.kit.logging import log
from ritorno.messaging.confirming import forget_unconfirmed
from ritorno.retention import ledgers, queries
from ritorno.retention.clocks import AT_ONCE, STATEMENTS, moment_of
from ritorno.retention.models import RetentionRun
from ritorno.retention.rules import OWNERS, Clock, start_of
from ritorno.stores.queries import get_business
from ritorno.transactions.service import expiring

BEGINNING = UUID(int=0)

ORDER = (
    Clock.PURCHASES_PROFILED,
    Clock.MESSAGE_CONTENTS,
    Clock.MESSAGES,
    Clock.PENDING_CONFIRMATIONS,
    Clock.UNCLAIMED,
    Clock.WEBHOOK_PAYLOADS,
    Clock.REPLAYS,
    Clock.CONSENT_PROOF,
    Clock.AUDIT,
    Clock.INACTIVE,
)
"""The clocks this job keeps, in the order of the night; the first walks over the cards and keeps both of purchases."""


async def run_night(work: Work, _payload: dict[str, Any]) -> None:
    """Let go of everything whose time is over today; what an unfinished night left is done first."""
    run_id, clock = await _begin(work)
    for each in _from(clock):
        await _enter(work, run_id, each)
        if each is Clock.PURCHASES_PROFILED:
            await _age_purchases(work, run_id)
        elif each is Clock.PENDING_CONFIRMATIONS:
            await _forget_unconfirmed(work, run_id)
        elif each is Clock.INACTIVE:
            await _ask_again(work, run_id)
        elif each in OWNERS:
            await _let_go_as_owner(work, run_id, each)
        else:
            await _let_go(work, run_id, each)
    await _finish(work, run_id)


async def _begin(work: Work) -> tuple[UUID, Clock | None]:
    async with work.session() as session:
        run = await queries.find_unfinished(session)
        if run is None:
            today = time.today((await get_business(session)).timezone)
            run = RetentionRun(day=today, clock=None, after_id=None, counts={}, left_clocks=[], started_at=time.now())
            session.add(run)
            await session.flush()
        return run.id, Clock(run.clock) if run.clock else None


def _from(clock: Clock | None) -> Iterator[Clock]:
    yield from ORDER[ORDER.index(clock) if clock else 0 :]


async def _enter(work: Work, run_id: UUID, clock: Clock) -> None:
    async with work.session() as session:
        run = await session.get_one(RetentionRun, run_id, with_for_update=True)
        if run.clock != clock:
            run.clock, run.after_id = clock, None


def _add(run: RetentionRun, clock: Clock, count: int) -> None:
    run.counts = run.counts | {clock.value: run.counts.get(clock.value, 0) + count}


async def _since(work: Work, clock: Clock) -> Any:
    """Return the first moment a clock still keeps."""
    async with work.session() as session:
        zone = (await get_business(session)).timezone
        day = start_of((await queries.periods(session))[clock], time.today(zone))
        return moment_of(day, zone) if day is not None else None


async def _let_go(work: Work, run_id: UUID, clock: Clock) -> None:
    since, statement = await _since(work, clock), STATEMENTS[clock].let_go
    assert statement is not None
    gone = AT_ONCE
    while gone == AT_ONCE:
        async with work.session() as session:
            run = await session.get_one(RetentionRun, run_id, with_for_update=True)
            done = await (await driver(session)).execute(statement, since, AT_ONCE)
            gone = int(done.split()[-1])
            _add(run, clock, gone)


# ── purchases ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _age_purchases(work: Work, run_id: UUID) -> None:
    profiled, traced = await _since(work, Clock.PURCHASES_PROFILED), await _since(work, Clock.PURCHASES_TRACED)
    async with work.session() as session:
        await expiring.move_window(session, profiled_since=profiled, traced_since=traced)
        window = await expiring.window(session)
        assert window is not None
        zone = ZoneInfo((await get_business(session)).timezone)
        settled = window.settled_since
    while True:
        async with work.session() as session:
            run = await session.get_one(RetentionRun, run_id, with_for_update=True)
            aged = await expiring.age_next(session, run.after_id or BEGINNING)
            _add(run, Clock.PURCHASES_TRACED, aged.detached)
            _add(run, Clock.PURCHASES_PROFILED, aged.reprofiled)
            if aged.last_id is None:
                break
            run.after_id = aged.last_id
    since = settled.astimezone(zone).date() if settled.year > 1 else date.min
    try:
        await lake.recount_aged(work, since, profiled.astimezone(zone).date())
        await lake.detach(work)
    except LakeBusy as busy:
        raise Transient(str(busy)) from busy
    async with work.session() as session:
        await expiring.settle_window(session)


async def _forget_unconfirmed(work: Work, run_id: UUID) -> None:
    """Let go of what nobody confirmed; cards of which nothing else is left are erased by a reaction."""
    async with work.session() as session:
        found = await forget_unconfirmed(session, now=time.now(), actor=work.actor)
        run = await session.get_one(RetentionRun, run_id, with_for_update=True)
        _add(run, Clock.PENDING_CONFIRMATIONS, sum(len(each) for each in found))
        if found.customer_ids:
            ids = [str(each) for each in found.customer_ids]
            await outbox.publish(session, "customer.unconfirmed", {"customer_ids": ids})


# ── the ledgers ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def _let_go_as_owner(work: Work, run_id: UUID, clock: Clock) -> None:
    """Let go of a ledger as the owner of its table; where nobody can, the run says that it was left."""
    before = await _since(work, clock)
    async with ledgers.as_owner(work) as owner:
        if owner is None:
            log.warning("retention.left", clock=clock.value)
            async with work.session() as session:
                run = await session.get_one(RetentionRun, run_id, with_for_update=True)
                run.left_clocks = [*run.left_clocks, clock.value]
        elif clock is Clock.CONSENT_PROOF:
            await _drop_consents(work, owner, run_id, before)
        else:
            await _release_audit(work, owner, run_id, before)


async def _drop_consents(work: Work, owner: Work, run_id: UUID, before: datetime) -> None:
    async with work.session() as session:
        after = (await session.get_one(RetentionRun, run_id)).after_id or BEGINNING
    while True:
        async with owner.session() as session:
            ended = await ledgers.find_ended(session, after=after, before=before)
            gone = await dropping.drop_spent(
                session, owner.settings, erased=ended.erased, living=ended.living, before=before
            )
        if ended.last_id is None:
            return
        after = ended.last_id
        async with work.session() as session:
            run = await session.get_one(RetentionRun, run_id, with_for_update=True)
            run.after_id = after
            _add(run, Clock.CONSENT_PROOF, gone)


async def _release_audit(work: Work, owner: Work, run_id: UUID, before: datetime) -> None:
    while True:
        async with owner.session() as session:
            gone = await sealing.release_next(session, owner.settings, before=before)
        if gone is None:
            return
        async with work.session() as session:
            _add(await session.get_one(RetentionRun, run_id, with_for_update=True), Clock.AUDIT, gone)


async def _ask_again(work: Work, run_id: UUID) -> None:
    """Open one task a month that says how many people have been silent for long; only where the shop asked for it."""
    since = await _since(work, Clock.INACTIVE)
    async with work.session() as session:
        if (await queries.get_period(session, Clock.INACTIVE)).is_default:
            return
        count = (await (await driver(session)).fetchrow(STATEMENTS[Clock.INACTIVE].counted, since))[0]
        if count:
            today = time.today((await get_business(session)).timezone)
            await activity.open_task(
                session,
                kind="ask-permission-again",
                key=f"ask-permission-again:{today:%Y-%m}",
                subject="retention",
                details={"count": count, "silent_since": since.date().isoformat()},
            )


async def _finish(work: Work, run_id: UUID) -> None:
    async with work.session() as session:
        run = await session.get_one(RetentionRun, run_id, with_for_update=True)
        run.clock, run.after_id, run.finished_at = None, None, time.now()
        await activity.record(
            session,
            work.actor,
            "retention.finished",
            subject="retention_run",
            subject_id=run.id,
            details={"counts": run.counts, "left": run.left_clocks},
        )
        log.info("retention.finished", run_id=str(run.id), **run.counts)


async def release_held(work: Work, payload: dict[str, Any]) -> None:
    """Let go of the receipts of erased cards whose last hold was lifted."""
    async with work.session() as session:
        await expiring.release(session, [UUID(each) for each in payload["customer_ids"]])
