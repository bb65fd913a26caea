"""The search in the background: every night, and when somebody asks."""

from typing import Any
from uuid import UUID

from ritorno.activity import service as activity
from ritorno.activity.models import Job
from ritorno.activity.rules import JobState
from ritorno.duplicates.service import automating, finding
from ritorno.kit.background import Work


async def search(work: Work, payload: dict[str, Any]) -> None:
    """Search all cards, under the job somebody watches or under a new one; a job that ended is not run again."""
    async with work.session() as session:
        asked = payload.get("job_id")
        job = await session.get_one(Job, UUID(asked)) if asked else await finding.start_search(session)
    if job.state != JobState.RUNNING:
        return
    try:
        await finding.find_duplicates(work.session, job.id)
    except Exception:
        async with work.session() as session:
            await activity.finish_job(session, job.id, failure="The search failed; its reason is in the log.")
        raise
    if work.settings.automatic_merges:
        await _merge_surest(work)


async def _merge_surest(work: Work) -> None:
    """Merge the surest pairs, some in each unit of work, until none is left."""
    merged = 1
    while merged:
        async with work.session() as session:
            merged = await automating.merge_automatic(session, actor=work.actor)
