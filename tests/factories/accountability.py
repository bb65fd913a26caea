"""The register of processing as a first start leaves it, and what tests add to it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from itertools import count
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno import models as _tables  # noqa: F401
from ritorno.accountability import defaults, queries, service
from ritorno.accountability.models import IncidentRecord, ProcessingActivity, Processor
from ritorno.accountability.schemas import BilingualIn, IncidentCreate, ProcessingActivityCreate, ProcessorCreate
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.kit.db import make_engine, make_sessions, unit_of_work

_numbers = count(1)
OFFICER = Actor("user", None, "Paola", frozenset({"privacy:write"}), "privacy_officer")
LONG_AGO = date(2020, 1, 1)


def seed_register(owner_url: str) -> None:
    """Write the default rows into a migrated database, without a trace in the audit log that tests look at."""

    async def write() -> None:
        engine = make_engine(owner_url, pool_size=0, application_name="seeding")
        async with unit_of_work(make_sessions(engine)) as session:
            session.add_all(
                ProcessingActivity(
                    **row.model_dump(mode="json") | {"since": LONG_AGO},
                    version=1,
                    updated_at=datetime(2020, 1, 1, tzinfo=UTC),
                    updated_by="first start",
                )
                for row in defaults.activities(LONG_AGO)
            )
        await engine.dispose()

    # The tests' own loop belongs to this thread.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, write()).result()


def activity_body(**more: Any) -> ProcessingActivityCreate:
    """Return a row of the register to write, about nothing in particular."""
    text = BilingualIn(it="Testo", en="Text")
    names = ("name", "aim", "people", "data_categories", "recipients", "transfers", "retention", "security")
    number = next(_numbers)
    return ProcessingActivityCreate.model_validate(
        {"code": f"row-{number}", "since": LONG_AGO} | dict.fromkeys(names, text) | more
    )


async def make_activity(session: AsyncSession, **more: Any) -> ProcessingActivity:
    return await service.add_activity(session, activity_body(**more), actor=OFFICER)


async def ensure_purpose(session: AsyncSession, purpose: str) -> None:
    """Register a purpose that no default row covers, so that a notice can be published for it (C-34)."""
    if not await queries.is_registered(session, purpose=purpose):
        await make_activity(session, purpose=purpose)


async def make_processor(session: AsyncSession, **more: Any) -> Processor:
    number = next(_numbers)
    text = BilingualIn(it="Invio di email", en="Sending mail")
    body = {"name": f"Processor {number}", "service": text, "country": "IT", "transfer_tool": "IN_EEA"}
    return await service.add_processor(
        session, ProcessorCreate.model_validate(body | {"since": LONG_AGO} | more), actor=OFFICER
    )


async def make_incident(session: AsyncSession, **more: Any) -> IncidentRecord:
    body = {"title": "A lost tablet", "became_aware_at": clock.now(), "facts": "A tablet was left on a train."} | more
    return await service.open_incident(session, IncidentCreate.model_validate(body), actor=OFFICER)
