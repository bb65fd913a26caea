"""Results in a file: what the screen tells, nothing before its time, and nothing about fewer than ten people."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.messaging.models import Message
from ritorno.touches import queries
from ritorno.touches.models import Touch
from ritorno.touches.results import Measured, measure
from tests.exports.files import a_request, make, rows_of
from tests.factories.campaigns import days_ago, launch, make_campaign, make_crowd
from tests.factories.segments import Receipt, make_receipt


async def tell(session: AsyncSession, work: Work, *, people: int, days: int = 30) -> Touch:
    """Launch a campaign some days ago; a third of the treated came back, and everything was delivered."""
    sent_at = days_ago(days)
    with clock.frozen(sent_at - timedelta(days=60)):
        await make_crowd(session, people)
        campaign = await make_campaign(session, work.settings, control_share="0.40")
    with clock.frozen(sent_at):
        await launch(session, campaign)
    assert campaign.touch_id is not None
    await session.execute(
        update(Message)
        .where(Message.touch_id == campaign.touch_id, Message.status == "queued")
        .values(status="delivered", sent_at=sent_at, delivered_at=sent_at)
    )
    treated = await session.scalars(
        select(Message.customer_id).where(Message.touch_id == campaign.touch_id, Message.arm == "TREATED")
    )
    for customer_id in list(treated)[: people // 4]:
        await make_receipt(session, customer_id, Receipt(sent_at + timedelta(days=2), []), total=2_000)
    return await queries.get_touch(session, campaign.touch_id)


@pytest.mark.parametrize("file_format", ["csv", "xlsx", "ndjson"])
async def test_the_file_tells_what_the_screen_tells(session: AsyncSession, work: Work, file_format: str) -> None:
    touch = await tell(session, work, people=80)
    shown = await measure(session, Measured(touch.name, "campaign", [touch]), language="it", at=clock.now())
    screen = {arm.arm: arm for arm in shown.arms}

    export = await make(session, work, a_request("results", format=file_format))

    rows = {row["arm"]: row for row in rows_of(work, export)}
    treated = rows["TREATED"]
    assert set(rows) == {"TREATED", "CONTROL"}
    assert int(treated["people"]) == screen["TREATED"].people
    assert int(treated["visitors"]) == screen["TREATED"].visitors == 20
    assert screen["TREATED"].revenue is not None
    assert treated["revenue"] == screen["TREATED"].revenue.amount == "400.00"
    assert float(treated["conversion_rate"]) == pytest.approx(screen["TREATED"].conversion_rate, abs=1e-6)
    assert treated["verdict"] == shown.verdict.code
    assert treated["touch_id"] == str(touch.id)


async def test_x_14_what_fewer_than_ten_people_did_is_not_told(session: AsyncSession, work: Work) -> None:
    await tell(session, work, people=30)

    export = await make(session, work, a_request("results", format="ndjson"))

    treated = next(row for row in rows_of(work, export) if row["arm"] == "TREATED")
    assert treated["people"] >= 10
    hidden = ("visitors", "conversion_rate", "conversion_low", "revenue", "revenue_per_person", "unsubscribed")
    assert {key: treated[key] for key in hidden} == dict.fromkeys(hidden)


async def test_x_11_nothing_is_told_before_the_window_has_closed(session: AsyncSession, work: Work) -> None:
    await tell(session, work, people=80, days=3)

    export = await make(session, work, a_request("results", format="ndjson"))

    rows = rows_of(work, export)
    assert {row["state"] for row in rows} == {"open"}
    assert {row["visitors"] for row in rows} == {row["revenue"] for row in rows} == {None}


@pytest.mark.parametrize(("named", "count"), [({}, 2), ({"touch_id": "own"}, 2), ({"subject_id": "own"}, 2)])
async def test_results_are_chosen_by_touch_campaign_or_day(
    session: AsyncSession, work: Work, named: dict[str, Any], count: int
) -> None:
    touch = await tell(session, work, people=20)
    filters = {key: str(touch.id if key == "touch_id" else touch.subject_id) for key in named}
    later = {"from_on": clock.today("Europe/Rome").isoformat()}

    export = await make(session, work, a_request("results", filters=filters))
    nothing = await make(session, work, a_request("results", filters=filters | later))

    assert len(rows_of(work, export)) == count
    assert rows_of(work, nothing) == []
