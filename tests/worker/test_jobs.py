"""Twice is normal: every job of the tables may run again and change nothing more (STYLE §4).

Here in an empty shop; each domain's own `test_jobs.py` does it with something to do.
"""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.duplicates import jobs as duplicates
from ritorno.erasures import jobs as erasures
from ritorno.exports import jobs as exports
from ritorno.imports import jobs as imports
from ritorno.kit.background import Job, Work, name_of
from ritorno.postal import jobs as postal
from ritorno.privacy import jobs as privacy
from ritorno.touches import jobs as touches
from ritorno.worker.reactions import REACTIONS
from ritorno.worker.schedule import SCHEDULE, SWEEPS

NEEDS_A_SUBJECT: set[Job] = {
    touches.plan,
    imports.rehearse,
    imports.apply,
    imports.undo,
    exports.produce,
    privacy.build_pack,
    privacy.receive_access,
    privacy.receive_erasure,
    erasures.receive_death,
    postal.prepare,
    # Asked for by nobody it begins a search of its own, which is a row more.
    duplicates.search,
}
"""A touch, an import, an export, a pack, a death, a batch, a search: each is run twice by the tests of its domain."""

JOBS = {
    name_of(job): job
    for job in (
        *(job for jobs in REACTIONS.values() for job in jobs),
        *(entry.job for entry in (*SCHEDULE, *SWEEPS)),
    )
    if job not in NEEDS_A_SUBJECT
}

PAYLOAD: dict[str, Any] = {"on": "2026-11-21", "customer_ids": []}


async def row_counts(session: AsyncSession) -> dict[str, int]:
    tables = await session.execute(text("select tablename from pg_tables where schemaname = 'public' order by 1"))
    counts = {}
    for table in tables.scalars().all():
        counts[table] = (await session.execute(text(f"select count(*) from {table}"))).scalar_one()
    return counts


@pytest.mark.parametrize("job", JOBS.values(), ids=JOBS)
async def test_a_job_run_twice_in_an_empty_shop_adds_no_row_the_second_time(
    job: Job, work: Work, session: AsyncSession
) -> None:
    await job(work, PAYLOAD)
    after_one = await row_counts(session)

    await job(work, PAYLOAD)

    assert without_notes(await row_counts(session)) == without_notes(after_one)


RUNS_ARE_NOTED = {"audit_entries", "audit_pending", "proof_runs", "retention_runs"}
"""Each night of retention and each verification is told, also the second of one day."""


def without_notes(counts: dict[str, int]) -> dict[str, int]:
    return {table: count for table, count in counts.items() if table not in RUNS_ARE_NOTED}
