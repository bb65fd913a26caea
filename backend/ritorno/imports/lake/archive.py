"""An archive loaded into the lake: read, written month by month, moved into place, counted in the profiles.

Nothing of a load is seen before all its files are whole; whoever kills it leaves a scratch folder, which the next load
sweeps away, or a load that is written, which the next load finishes. The same archive again changes nothing.
"""

import asyncio
import hashlib
import shutil
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.imports.lake import profiles, queries, reading, writing
from ritorno.imports.lake.engine import Lake
from ritorno.imports.lake.layout import read_layout
from ritorno.imports.lake.models import LakeLoad
from ritorno.imports.lake.reading import House
from ritorno.imports.lake.rules import LoadState
from ritorno.imports.lake.writing import Load, LoadedArchive
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.kit.ids import uuid7
from ritorno.stores.queries import get_business

Say = Callable[[str], None]


async def load_archive(work: Work, path: Path, layout: Path | None, *, source: str, say: Say) -> LoadedArchive:
    """Bring an archive, one file or a folder of files of one layout, into the lake; `say` hears how it goes.

    `source` says whose receipts and external ids these are; where it is empty the layout says, or the name of the file.
    """
    stated = read_layout(layout) if layout else None
    files = reading.archive_files(path)
    lake = Lake(work.settings)
    async with lake.alone():
        await finish_started(work, lake, say)
        sha256 = await asyncio.to_thread(_digest, files)
        async with work.session() as session:
            before = await queries.find_load(session, sha256, stated.dataset if stated else "lines")
        if before:
            say(f"This archive was loaded on {before.loaded_at.date()}: nothing was changed.")
            return LoadedArchive(id=before.id, is_repeat=True, **before.counts)
        load_id = uuid7()
        scratch = lake.scratch(load_id)
        try:
            async with lake.engine(scratch) as engine:
                house = await _house(work)
                archive = await reading.prepare(engine, path, stated, house, say)
                origin = source or archive.layout.source or path.stem
                counts = LoadedArchive(load_id, archive.dataset)
                load = Load(work, lake, engine, archive, house, origin, counts, say)
                await writing.stage(load)
                await writing.write_months(load)
            async with work.session() as session:
                await _record(session, load, sha256, sum(file.stat().st_size for file in files))
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise
        _say_counts(load)
        counts.customers = await _finish(work, lake, load_id, say)
    return counts


async def remove_archive(work: Work, load_id: UUID) -> None:
    """Take a load out of the lake again: its files, and what it told the profiles."""
    lake = Lake(work.settings)
    async with lake.alone():
        async with work.session() as session:
            load = await session.get_one(LakeLoad, load_id)
            load.state = LoadState.REMOVING
            await activity.record(session, work.actor, "archive.removed", subject="archive", subject_id=load_id)
        await _remove(work, lake, load)


async def finish_started(work: Work, lake: Lake, say: Say) -> None:
    """Finish what was killed half-way, and sweep what it cannot be finished from; called by the only writer."""
    async with work.session() as session:
        started = list(await session.scalars(select(LakeLoad).where(LakeLoad.state != LoadState.DONE)))
    lake.sweep(keep=[load.id for load in started])
    for load in started:
        say(f"Finishing what was interrupted: the archive of {load.source} of {load.loaded_at.date()}.")
        if load.state == LoadState.REMOVING:
            await _remove(work, lake, load)
        else:
            await _finish(work, lake, load.id, say)


async def _finish(work: Work, lake: Lake, load_id: UUID, say: Say) -> int:
    """Move the files of a load into the lake, then count them in the profiles; return whose profiles changed."""
    scratch = lake.scratch(load_id)
    await asyncio.to_thread(_place, scratch / "written", lake.root)
    async with work.session() as session:
        load = await session.get_one(LakeLoad, load_id)
        load.state = LoadState.COUNTING
    say("Counting the visits of everybody in it.")
    customers = await _recount(work, lake, load)
    async with work.session() as session:
        load = await session.get_one(LakeLoad, load_id)
        load.state = LoadState.DONE
        load.counts = load.counts | {"customers": customers}
    shutil.rmtree(scratch, ignore_errors=True)
    return customers


def _place(written: Path, root: Path) -> None:
    for file in sorted(written.rglob("*.parquet")):
        target = root / file.relative_to(written)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.rename(target)


async def _remove(work: Work, lake: Lake, load: LakeLoad) -> None:
    """Profiles first: killed in between, the files still tell whom to count again."""
    await _recount(work, lake, load, without=load.id)
    for file in lake.files(load.dataset, load=load.id):
        file.unlink()
    async with work.session() as session:
        await session.delete(await session.get_one(LakeLoad, load.id))
    shutil.rmtree(lake.scratch(load.id), ignore_errors=True)


async def _recount(work: Work, lake: Lake, load: LakeLoad, *, without: UUID | None = None) -> int:
    """Count everybody a load speaks of; return how many they are."""
    files = lake.files(load.dataset, load=load.id)
    if load.dataset != "lines" or not files:
        return 0
    async with lake.engine(lake.scratch(load.id)) as engine:
        await engine.run(f"create table touched as {profiles.pseudonyms_in(files)}")
        return await profiles.recount(work, lake, engine, without=without)


def _digest(files: Sequence[Path]) -> str:
    """Return what tells an archive from another: the digest of the digests of its files."""
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()


async def _house(work: Work) -> House:
    async with work.session() as session:
        business = await get_business(session)
        first = await queries.first_recorded_day(session)
    return House(business.timezone, business.currency, clock.today(business.timezone), first)


async def _record(session: AsyncSession, load: Load, sha256: str, size_bytes: int) -> None:
    """Write the load down: from here on it is finished, however often it is killed."""
    counts = load.counts
    session.add(
        LakeLoad(
            id=counts.id,
            dataset=counts.dataset,
            source=load.source,
            sha256=sha256,
            size_bytes=size_bytes,
            state=LoadState.PLACING,
            first_month=min(counts.months, default=None),
            last_month=max(counts.months, default=None),
            counts={key: value for key, value in asdict(counts).items() if key not in {"id", "is_repeat"}},
            loaded_by=load.work.actor.name,
            loaded_at=clock.now(),
        )
    )
    told = {"dataset": counts.dataset, "written": counts.written, "attached": counts.attached}
    await activity.record(
        session, load.work.actor, "archive.loaded", subject="archive", subject_id=counts.id, details=told
    )


def _say_counts(load: Load) -> None:
    counts, say = load.counts, load.say
    say(f"{counts.read:,} rows read, {counts.written:,} written, {counts.attached:,} of them traced to a person.")
    if counts.unknown:
        say(f"{counts.unknown:,} name a card or key that nobody has: they are kept without a person.")
    if counts.repeated:
        say(f"{counts.repeated:,} are of receipts the lake had already: they were left out.")
    if counts.refused:
        say(
            f"{counts.refused:,} are of {load.house.first_recorded} or later, when transactions begin: they were "
            "refused. Import them as transactions."
        )
    for reason, count in sorted(counts.rejected.items()):
        say(f"{count:,} could not be read: {reason}.")
