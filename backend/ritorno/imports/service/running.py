"""The work itself: chunk after chunk, each in one unit of work with its cursor, so that a killed worker goes on where
the last commit left off and a second one finds the cursor moved. A rehearsal runs the same chunks on shadows.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from time import monotonic
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import orjson
from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.activity import service as activity
from ritorno.customers.service.storing import Connection
from ritorno.imports import queries
from ritorno.imports.loading.ahead import Batch, batches
from ritorno.imports.loading.kinds import loader_of
from ritorno.imports.loading.rows import Done, Loader, Plan
from ritorno.imports.loading.shadows import cast_shadows
from ritorno.imports.models import Import, ImportRow
from ritorno.imports.reading import tables
from ritorno.imports.reading.findings import Unreadable
from ritorno.imports.rules import WORKING, ImportKind, ImportOutcome, ImportState
from ritorno.imports.schemas import ColumnMapping, ImportOptions
from ritorno.imports.service.drafting import limits_of, stored_format
from ritorno.imports.uploading import alone, canonical_path, upload_path
from ritorno.kit import clock, outbox
from ritorno.kit.background import Transient, Work
from ritorno.kit.config import Settings
from ritorno.kit.db import driver, make_engine
from ritorno.stores.queries import get_business

SHIFT = 600
"""Seconds after which a job hands over to the next: no job may hold a worker's slot for ever."""
EXAMPLES = 25
"""How many rows of each outcome a rehearsal shows, beside all the rejected ones."""

_ROW_COLUMNS = ["import_id", "row_no", "outcome", "subject_id", "version", "changes", "problem"]


async def apply(work: Work, import_id: UUID) -> None:
    """Apply an import from its cursor on; what cannot be read leads back to the draft, with the reason."""
    opened = await _open(work, import_id, ImportState.APPLYING)
    if opened is None:
        return
    row, loader, path = opened
    until = monotonic() + SHIFT
    async for batch in batches(loader, path, after=row.cursor):
        if not await _apply_batch(work, import_id, loader, batch, expected=row.cursor):
            return
        row.cursor = batch.last
        if monotonic() > until:
            async with work.session() as session:
                await outbox.publish(session, "import.application_asked", {"import_id": str(import_id)})
            return
    await loader.finish(work)
    await _finish_applying(work, import_id)


async def rehearse(work: Work, import_id: UUID) -> None:
    """Find out what an application would do, on shadows; afterwards nothing is different but the import itself."""
    opened = await _open(work, import_id, ImportState.REHEARSING)
    if opened is None:
        return
    _, loader, path = opened
    async with work.session() as session:
        # A worker that was killed may have left what it saw; this one begins again.
        await session.execute(delete(ImportRow).where(ImportRow.import_id == import_id))
    counts: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    async with _shadowed(work, loader) as sessions:
        turn = 0
        async for batch in batches(loader, path, after=0):
            async with sessions() as session, session.begin():
                await loader.pull(session, batch.rows)
                if turn.bit_count() <= 1:
                    # The planner knows nothing of shadows that grow; one look at each doubling is enough.
                    await (await driver(session)).execute(f"analyze {', '.join(loader.shadows)}")
                done = [*batch.rejected, *await loader.load(session, batch.rows)]
            turn += 1
            _count(counts, done)
            if not await _note_rehearsed(work, import_id, [each for each in done if _is_example(each, shown)], counts):
                return
    async with work.session() as session:
        row = await queries.get_import(session, import_id, lock=True)
        if row.state == ImportState.REHEARSING:
            row.state, row.rehearsed_at, row.rehearsal = ImportState.REHEARSED, clock.now(), dict(counts)
            row.counts, row.version = dict(counts), row.version + 1
            await _end_job(session, row)


BROKEN = "It broke off on a fault of ours. Nothing is half written: go on, or take it back."


async def guarded(work: Work, import_id: UUID, run: Callable[[Work, UUID], Awaitable[None]]) -> None:
    """Run one of the above; where it fails, the person who waits for the import is told before the job fails."""
    try:
        await run(work, import_id)
    except Transient:
        raise
    except Exception:
        await stop(work, import_id, BROKEN)
        raise


async def stop(work: Work, import_id: UUID, reason: str) -> None:
    """Note that the work broke off; an application may go on or be taken back, a rehearsal leads back to the draft."""
    async with work.session() as session:
        row = await queries.get_import(session, import_id, lock=True)
        if row.state not in WORKING:
            return
        row.failure, row.version = reason, row.version + 1
        if row.state == ImportState.REHEARSING:
            row.state = ImportState.DRAFT
        await _end_job(session, row, failure=reason)


# ── opening ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def _open(work: Work, import_id: UUID, state: ImportState) -> tuple[Import, Loader, Path] | None:
    async with work.session() as session:
        row = await queries.get_import(session, import_id)
        if row.state != state or row.failure:
            return None
        plan = await plan_of(session, row)
    loader = loader_of(ImportKind(row.kind), plan, work.actor)
    try:
        path, total = await asyncio.to_thread(_lay_out, row, loader, work.settings)
    except (Unreadable, FileNotFoundError) as refused:
        await _refuse_file(work, import_id, getattr(refused, "message", "The uploaded file is no longer there."))
        return None
    if total is not None:
        row = await _note_total(work, import_id, total)
    async with work.session() as session:
        await loader.prepare(session)
    return row, loader, path


def _lay_out(row: Import, loader: Loader, settings: Settings) -> tuple[Path, int | None]:
    """Make the rows of the file, unless they are there; return where they are, and how many if they were counted now.

    Two workers may have one import for a moment: the second waits, instead of writing into the same files.
    """
    path, total = canonical_path(settings, row.id), None
    with alone(settings, row.id):
        if row.row_total is None or not path.is_file():
            upload = upload_path(settings, row.id)
            total = tables.convert(upload, stored_format(row), path, limits=limits_of(settings)).rows
        return loader.arrange(path), total


async def plan_of(session: AsyncSession, row: Import) -> Plan:
    """Return what of an import and of the business decides how its rows are read."""
    business = await get_business(session)
    return Plan(
        import_id=row.id,
        source=row.source,
        columns=queries.columns_of(row),
        headers=[ColumnMapping.model_validate(each).name for each in row.columns],
        decimal=row.format["decimal"],
        options=ImportOptions.model_validate(row.options),
        country=business.country,
        zone=ZoneInfo(business.timezone),
        currency=business.currency,
        author=row.created_by,
        now=row.created_at,
    )


async def _note_total(work: Work, import_id: UUID, total: int) -> Import:
    async with work.session() as session:
        row = await queries.get_import(session, import_id, lock=True)
        row.row_total = total
        if row.job_id:
            await activity.advance_job(session, row.job_id, done=0, total=total)
        return row


async def _refuse_file(work: Work, import_id: UUID, reason: str) -> None:
    async with work.session() as session:
        row = await queries.get_import(session, import_id, lock=True)
        row.failure, row.version = reason, row.version + 1
        if not (row.state == ImportState.APPLYING and row.cursor):
            # What was applied already can only go on or be taken back.
            row.state = ImportState.DRAFT
        await _end_job(session, row, failure=reason)


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────────


ATTEMPTS = 3


async def _apply_batch(work: Work, import_id: UUID, loader: Loader, batch: Batch, *, expected: int) -> bool:
    """Write a chunk, and again where a till was quicker with the same key or the same lock."""
    for _ in range(ATTEMPTS - 1):
        try:
            return await _write_batch(work, import_id, loader, batch, expected=expected)
        except (asyncpg.PostgresError, DBAPIError) as error:
            if _sqlstate(error) not in _RACES:
                raise
    return await _write_batch(work, import_id, loader, batch, expected=expected)


_RACES = frozenset({"23505", "40P01", "40001"})
"""Unique violation, deadlock, serialization failure."""


def _sqlstate(error: asyncpg.PostgresError | DBAPIError) -> str:
    return str(getattr(getattr(error, "orig", None) or error, "sqlstate", ""))


async def _write_batch(work: Work, import_id: UUID, loader: Loader, batch: Batch, *, expected: int) -> bool:
    """Write a chunk with its record and its cursor; False when somebody else has moved the import meanwhile."""
    async with work.session() as session:
        row = await queries.get_import(session, import_id, lock=True)
        if row.state != ImportState.APPLYING or row.cursor != expected:
            return False
        loaded = await loader.load(session, batch.rows)
        done = [*batch.rejected, *loaded]
        await _store_rows(await driver(session), import_id, done)
        counts = Counter(row.counts)
        _count(counts, done)
        row.cursor, row.counts = batch.last, dict(counts)
        if row.job_id:
            await activity.advance_job(session, row.job_id, done=queries.done_of(row))
        await loader.tell(session, loaded)
    return True


def _count(counts: Counter[str], done: Sequence[Done]) -> None:
    for each in done:
        counts[each.outcome.value] += each.rows
        for code in {found["code"] for found in each.findings} & COUNTED:
            counts[code] += 1


COUNTED = frozenset({"UNPROVEN", "SUPPRESSED", "SUPPRESSED_ERASED", "leading-zero-lost", "BAD_TIME"})
"""Findings a person wants to know the number of (B-06, B-07)."""


async def _store_rows(connection: Connection, import_id: UUID, done: Sequence[Done]) -> None:
    await connection.copy_records_to_table(
        "import_rows",
        columns=_ROW_COLUMNS,
        records=[
            (
                import_id,
                each.row_no,
                each.outcome.value,
                each.subject_id,
                each.version,
                orjson.dumps(each.changes).decode() if each.changes else None,
                orjson.dumps(each.findings).decode() if each.findings else None,
            )
            for each in done
        ],
    )


async def _finish_applying(work: Work, import_id: UUID) -> None:
    async with work.session() as session:
        row = await queries.get_import(session, import_id, lock=True)
        if row.state != ImportState.APPLYING:
            return
        row.state, row.applied_at, row.version = ImportState.APPLIED, clock.now(), row.version + 1
        row.failure = None
        await _end_job(session, row)
        await activity.record(
            session, work.actor, "import.applied", subject="import", subject_id=row.id, details={"counts": row.counts}
        )
        if row.counts.get(ImportOutcome.REJECTED):
            await activity.open_task(
                session,
                kind="import_rejected",
                key=f"import_rejected:{row.id}",
                subject="import",
                subject_id=row.id,
                details={"rows": row.counts[ImportOutcome.REJECTED]},
            )


async def _end_job(session: AsyncSession, row: Import, *, failure: str | None = None) -> None:
    if row.job_id:
        await activity.advance_job(session, row.job_id, done=queries.done_of(row))
        await activity.finish_job(session, row.job_id, failure=failure)


# ── rehearsing ────────────────────────────────────────────────────────────────────────────────────────────────────────


@asynccontextmanager
async def _shadowed(work: Work, loader: Loader) -> AsyncIterator[Callable[[], AsyncSession]]:
    """Open sessions on one connection whose tables are shadows; it is closed at the end, and they with it."""
    engine = make_engine(work.settings.database_url, pool_size=0, application_name="ritorno-rehearsal")
    try:
        async with engine.connect() as connection:
            raw = (await connection.get_raw_connection()).driver_connection
            assert raw is not None
            await cast_shadows(raw, loader.shadows)
            sessions = async_sessionmaker(bind=connection, expire_on_commit=False)
            async with sessions() as session, session.begin():
                await loader.pull_once(session)
            yield sessions
    finally:
        await engine.dispose()


def _is_example(done: Done, shown: Counter[str]) -> bool:
    if done.outcome is ImportOutcome.REJECTED:
        return True
    kind = f"{done.outcome}:{','.join(sorted({found['code'] for found in done.findings}))}"
    shown[kind] += 1
    return shown[kind] <= EXAMPLES


async def _note_rehearsed(work: Work, import_id: UUID, done: Sequence[Done], counts: Counter[str]) -> bool:
    """Keep what a person will want to see; False when the rehearsal is no longer wanted."""
    async with work.session() as session:
        row = await queries.get_import(session, import_id, lock=True)
        if row.state != ImportState.REHEARSING:
            return False
        connection = await driver(session)
        await connection.execute(
            "delete from import_rows where import_id = $1 and row_no = any($2::bigint[])",
            import_id,
            [each.row_no for each in done],
        )
        # A card that exists only in the shadows is nobody's.
        for each in done:
            if each.outcome is ImportOutcome.CREATED:
                each.subject_id = None
        await _store_rows(connection, import_id, done)
        row.counts = dict(counts)
        if row.job_id:
            await activity.advance_job(session, row.job_id, done=queries.done_of(row))
    return True
