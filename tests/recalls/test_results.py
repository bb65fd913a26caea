"""What a recall earned over all its runs."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message
from ritorno.recalls import reading, service
from ritorno.recalls.rules import RecallKind
from tests.factories.campaigns import OWNER
from tests.factories.recalls import TODAY, come_back, make_due, make_recall
from tests.factories.segments import Receipt, make_receipt

ROME = ZoneInfo("Europe/Rome")


async def test_a_person_recalled_twice_counts_once_and_only_closed_windows_count(
    session: AsyncSession, settings: Settings
) -> None:
    """MODELS §6: a person enters when their window has closed; X-06: in the arm they were assigned to."""
    recall = await make_recall(
        session, settings, RecallKind.RHYTHM, control_share="0.50", cooldown_days=0, window_days=14
    )
    people = [await make_due(session) for _ in range(60)]
    first, second = TODAY - timedelta(days=60), TODAY - timedelta(days=5)
    for day in (first, second):
        for person in people:
            await come_back(session, person.id, on=day - timedelta(days=20), missed_on=day)
        with clock.frozen(datetime.combine(day, time(9), ROME)):
            await service.run_day(session, day, OWNER)
    rows = await session.execute(select(Message.customer_id, Message.arm).distinct())
    arms = {row.customer_id: row.arm for row in rows}
    treated = [customer_id for customer_id, arm in arms.items() if arm == "TREATED"]
    for customer_id in treated[:4]:
        back = datetime.combine(first + timedelta(days=3), time(10), ROME)
        await make_receipt(session, customer_id, Receipt(back, []), total=1500)
    late = datetime.combine(second + timedelta(days=1), time(10), ROME)
    await make_receipt(session, treated[5], Receipt(late, []), total=9900)

    with clock.frozen(datetime.combine(TODAY, time(12), ROME)):
        found = await reading.results_of(session, recall, language="it", at=clock.now())

    assert (found.state, found.recall_id, found.planned_n) == ("closed", recall.id, 60)
    assert sum(arm.people for arm in found.arms) == 60
    assert found.arms[0].people == len(treated)
    assert found.arms[0].visitors == 4
    assert found.verdict.code != "off"
