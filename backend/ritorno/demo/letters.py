"""A campaign on paper: thirty letters ready to be printed, the others waiting for their batch."""

from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker

from ritorno.demo.launching import launch
from ritorno.kit.actor import Actor
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.postal import jobs as printing
from ritorno.postal import service as postal
from ritorno.postal.schemas import LetterBatchCreate

ACTOR = Actor.system("demo")
IN_THE_BATCH = 30

Sessions = async_sessionmaker[AsyncSession]


async def set_up(sessions: Sessions, settings: Settings) -> None:
    """Launch a letter to those who have been away for three weeks, and prepare a first batch of it."""
    work = Work(settings, sessions, ACTOR)
    touch_id = await launch(
        work,
        "Una lettera a chi manca da tanto",
        segment="Chi manca da tre settimane",
        tree={"field": "last_purchase_days", "op": "more_than", "value": 21},
        template="rhythm-letter",
        window_days=30,
    )
    async with work.session() as session:
        wanted = LetterBatchCreate(touch_id=touch_id, size=IN_THE_BATCH)
        batch = await postal.request_batch(session, wanted, actor=ACTOR)
    await printing.prepare(work, {"batch_id": str(batch.id)})
