"""What a touch earned: as assigned, with intervals, and nothing said before its time."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.campaigns.models import Campaign
from ritorno.consents.rules import Action
from ritorno.kit import clock
from ritorno.kit.config import Settings
from ritorno.messaging.models import Message
from ritorno.touches import queries
from ritorno.touches.models import Touch
from ritorno.touches.results import Measured, measure
from ritorno.touches.schemas import ResultsRead
from tests.factories.campaigns import days_ago, launch, make_campaign, make_crowd
from tests.factories.consents import make_consent
from tests.factories.segments import Receipt, make_receipt


class Story:
    """A campaign of the past, and what people did after it."""

    def __init__(self, session: AsyncSession, campaign: Campaign, touch: Touch, sent_at: datetime) -> None:
        self.session, self.campaign, self.touch, self.sent_at = session, campaign, touch, sent_at

    async def arm(self, arm: str) -> list[UUID]:
        rows = await self.session.scalars(
            select(Message.customer_id)
            .where(Message.touch_id == self.touch.id, Message.arm == arm)
            .order_by(Message.customer_id)
        )
        return list(rows)

    async def hand_over(self) -> None:
        """Let every queued message be sent and arrive."""
        await self.session.execute(
            update(Message)
            .where(Message.touch_id == self.touch.id, Message.status == "queued")
            .values(status="delivered", sent_at=self.sent_at, delivered_at=self.sent_at)
        )

    async def buys(self, customer_id: UUID, minor: int, *, day: float) -> None:
        await make_receipt(self.session, customer_id, Receipt(self.sent_at + timedelta(days=day), []), total=minor)

    async def results(self, at: datetime | None = None, language: str = "it") -> ResultsRead:
        return await measure(
            self.session,
            Measured(self.touch.name, "campaign", [self.touch]),
            language=language,
            at=at or clock.now(),
        )


async def tell(
    session: AsyncSession, settings: Settings, *, people: int = 120, share: str = "0.40", days: int = 30
) -> Story:
    sent_at = days_ago(days)
    with clock.frozen(sent_at - timedelta(days=60)):
        await make_crowd(session, people)
        campaign = await make_campaign(session, settings, control_share=share)
    with clock.frozen(sent_at):
        await launch(session, campaign)
    assert campaign.touch_id is not None
    story = Story(session, campaign, await queries.get_touch(session, campaign.touch_id), sent_at)
    await story.hand_over()
    return story


async def test_each_arm_counts_everybody_assigned_to_it_reached_or_not(
    session: AsyncSession, settings: Settings
) -> None:
    """X-06: intention to treat."""
    story = await tell(session, settings)
    treated, control = await story.arm("TREATED"), await story.arm("CONTROL")
    await session.execute(
        update(Message)
        .where(Message.touch_id == story.touch.id, Message.customer_id == treated[0])
        .values(status="bounced", reason="HARD_BOUNCE")
    )
    for customer_id in treated[: len(treated) // 2]:
        await story.buys(customer_id, 2000, day=3)
    for customer_id in control[:10]:
        await story.buys(customer_id, 1000, day=2)
    await story.buys(treated[-1], 9900, day=-1)
    await story.buys(treated[-1], 9900, day=15)

    found = await story.results()

    one, two = found.arms
    assert (found.state, one.people, two.people) == ("closed", len(treated), len(control))
    assert one.delivered == len(treated) - 1
    assert (one.visitors, two.visitors) == (len(treated) // 2, 10)
    assert one.revenue is not None
    assert one.revenue.amount == f"{20 * (len(treated) // 2)}.00"
    assert found.planned_n == 120
    assert found.attributed.orders == len(treated) // 2
    assert found.attributed.revenue == one.revenue


async def test_a_difference_that_excludes_zero_worked_and_says_how_many_people(
    session: AsyncSession, settings: Settings
) -> None:
    story = await tell(session, settings)
    for customer_id in await story.arm("TREATED"):
        await story.buys(customer_id, 2000, day=3)

    found = await story.results()

    assert found.verdict.code == "worked"
    assert found.verdict.sentence.startswith("Ha funzionato: da ")
    conversion = next(each for each in found.differences if each.metric == "conversion")
    assert conversion.low is not None
    assert conversion.excludes_zero
    assert conversion.low > 0
    assert found.incremental.people is not None
    assert (found.incremental.people.low, found.incremental.people.high) == pytest.approx(
        (conversion.low / 100 * found.arms[0].people, (conversion.high or 0) / 100 * found.arms[0].people)
    )
    assert found.curve[-1].treated == 1.0
    assert found.curve[2].treated == 0.0
    english = await story.results(language="en")
    assert english.verdict.sentence.startswith("It worked: ")


async def test_before_the_window_closes_only_harm_may_be_watched(session: AsyncSession, settings: Settings) -> None:
    """X-11."""
    story = await tell(session, settings, days=5)
    treated = await story.arm("TREATED")
    for customer_id in treated:
        await story.buys(customer_id, 2000, day=1)
    for customer_id in treated[:3]:
        await make_consent(session, customer_id, action=Action.WITHDRAW, at=days_ago(2))

    found = await story.results()

    assert (found.state, found.verdict.code) == ("open", "more")
    assert found.verdict.sentence.startswith("Non si può ancora dire: la misura si chiude il ")
    assert found.curve == []
    assert [each.metric for each in found.differences] == ["unsubscribes"]
    assert all(arm.visitors is None and arm.revenue is None for arm in found.arms)
    assert found.arms[0].unsubscribed == 3
    assert found.incremental.people is None


async def test_a_figure_about_fewer_than_ten_people_is_not_shown(session: AsyncSession, settings: Settings) -> None:
    """X-14."""
    story = await tell(session, settings, people=30, share="0.14")
    control = await story.arm("CONTROL")
    assert 0 < len(control) < 10

    found = await story.results()

    assert found.arms[1].visitors is None
    assert found.arms[1].unsubscribed is None
    assert found.differences == []
    assert found.verdict.code == "more"


async def test_without_a_control_group_nothing_is_claimed(session: AsyncSession, settings: Settings) -> None:
    story = await tell(session, settings, people=20, share="0")

    found = await story.results()

    assert found.verdict.code == "off"
    assert found.verdict.sentence == "Non misurato: senza gruppo di controllo."
    assert found.incremental.people is None


async def test_arms_that_are_not_as_assigned_make_the_measure_invalid(
    session: AsyncSession, settings: Settings
) -> None:
    """X-12."""
    story = await tell(session, settings)
    await session.execute(
        update(Message).where(Message.touch_id == story.touch.id, Message.arm == "CONTROL").values(arm="TREATED")
    )

    found = await story.results()

    assert found.verdict.code == "invalid"
    assert found.incremental.people is None


async def test_money_is_capped_by_what_people_spent_before_it_was_sent(
    session: AsyncSession, settings: Settings
) -> None:
    """X-09: the cap is fixed before anything is sent, and few control buyers give no interval."""
    sent_at = days_ago(30)
    with clock.frozen(sent_at - timedelta(days=60)):
        people = await make_crowd(session, 60)
        campaign = await make_campaign(session, settings, control_share="0.50")
    for customer_id in people:
        await make_receipt(session, customer_id, Receipt(sent_at - timedelta(days=5), []), total=5000)
    with clock.frozen(sent_at):
        await launch(session, campaign)
    assert campaign.touch_id is not None
    touch = await queries.get_touch(session, campaign.touch_id)
    story = Story(session, campaign, touch, sent_at)
    treated = await story.arm("TREATED")
    await story.buys(treated[0], 1_000_000, day=1)

    found = await story.results()

    assert touch.cap_minor == 5000
    assert touch.counts["came_before"] == 60
    money = next(each for each in found.differences if each.metric == "revenue_per_person")
    assert money.estimate == pytest.approx(50 / len(treated))
    assert (money.low, money.note) == (None, "few_control_buyers")
    assert found.incremental.revenue is None


async def test_an_order_belongs_to_the_last_message_before_it(session: AsyncSession, settings: Settings) -> None:
    """X-05: attributed is shown beside incremental and never added to it."""
    story = await tell(session, settings, people=20, share="0")
    treated = await story.arm("TREATED")
    later = await session.scalar(select(Message).where(Message.customer_id == treated[0]))
    assert later is not None
    await session.execute(
        Message.__table__.insert().values(
            {
                column.name: getattr(later, column.name)
                for column in Message.__table__.columns
                if column.name not in {"id", "touch_id", "sent_at"}
            }
            | {"id": UUID(int=5), "touch_id": UUID(int=6), "sent_at": story.sent_at + timedelta(days=2)}
        )
    )
    await story.buys(treated[0], 1000, day=3)
    await story.buys(treated[1], 700, day=3)

    found = await story.results()

    assert (found.attributed.orders, found.attributed.revenue.amount) == (1, "7.00")
