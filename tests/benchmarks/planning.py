"""How fast an audience is frozen: members, gate, control group, values and rows (DESIGN §6, step 1).

The limit is the goal: one million people in two minutes, by one planner.
"""

import asyncio
import time
from decimal import Decimal
from uuid import uuid4

from ritorno import embedded, models
from ritorno.kit import clock
from ritorno.kit.background import settle_memory
from ritorno.kit.config import Settings
from ritorno.kit.db import make_engine, make_sessions, unit_of_work
from ritorno.touches import service as touches
from ritorno.touches.states import TouchKind
from tests.conftest import migrate, settings_for
from tests.factories.messaging import make_business, make_template
from tests.messaging.crowd import make_crowd

__all__ = ["models", "run"]

CROWD = 1_000_000
GOAL = CROWD / 120


def run(scale: float) -> dict[str, object]:
    """Plan one campaign to everybody, one in ten of them held out."""
    size = round(CROWD * scale)
    settle_memory()
    with embedded.test_services() as services:
        migrate(services)
        database = embedded.create_database_from_template(services, "bench_planning")
        seconds = asyncio.run(_plan(settings_for(database), size))
    rate = size / seconds
    return {
        "name": "planning",
        "figure": round(rate),
        "unit": "people/s",
        "limit": round(GOAL),
        "ratio": round(rate / GOAL, 2),
        "detail": {"people": size, "seconds": round(seconds, 1), "goal": 1},
    }


async def _plan(settings: Settings, size: int) -> float:
    engine = make_engine(settings.database_url)
    sessions = make_sessions(engine)
    async with unit_of_work(sessions) as session:
        await make_business(session)
        template = await make_template(session, settings)
        await make_crowd(session, size)
        opening = touches.Opening(
            kind=TouchKind.CAMPAIGN,
            subject_id=uuid4(),
            name="Tutti",
            template=template,
            uses_purchases=False,
            occasion="planning",
            control_share=Decimal("0.1"),
            salt=touches.new_salt(),
            window_days=28,
            tree={"all": []},
        )
        touch = await touches.open_touch(session, opening, at=clock.now())
    async with engine.connect() as connection:
        await connection.exec_driver_sql("analyze")
        await connection.commit()
    begun = time.perf_counter()
    more = True
    while more:
        async with unit_of_work(sessions) as session:
            more = await touches.plan_next(session, touch.id, at=clock.now())
    seconds = time.perf_counter() - begun
    await engine.dispose()
    return seconds
