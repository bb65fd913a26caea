"""What a touch earned: by intention to treat, with intervals, and silent before its time (X-06 … X-14, DESIGN §9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.kit.money import MoneyRead, exponent
from ritorno.messaging.rules import Arm
from ritorno.messaging.tracking import queries as tracking
from ritorno.stores import queries as stores
from ritorno.touches import queries, rules, wording
from ritorno.touches.models import Touch
from ritorno.touches.queries import NOBODY, ArmFacts
from ritorno.touches.rules import Difference, Verdict
from ritorno.touches.schemas import (
    AmountRead,
    ArmRead,
    AttributedRead,
    CurvePointRead,
    DifferenceRead,
    IncrementalRead,
    MeasuredRead,
    PeopleRead,
    ResultsRead,
    VerdictRead,
)
from ritorno.touches.statistics import MoneyDifference, cumulative_curve, money_difference


@dataclass(frozen=True, slots=True)
class Measured:
    """What is being measured: one campaign's touch, or all the runs of a recall."""

    name: str
    kind: str
    touches: Sequence[Touch]
    recall_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class _Size:
    """How many people were assigned, how many would show the difference this measure was sized for, and when it
    closes.
    """

    people: int
    needed: int | None
    detectable: float | None
    is_closed: bool
    closes_on: date | None


async def measure(session: AsyncSession, measured: Measured, *, language: str, at: datetime) -> ResultsRead:
    """Return the results as of a moment; of a recall only runs whose window has closed count (MODELS §6)."""
    business = await stores.get_business(session)
    closed = [touch for touch in measured.touches if touch.closes_at <= at and touch.planned_at is not None]
    counted = closed or list(measured.touches)
    size = _size_of(measured.touches, counted, is_closed=bool(closed))
    ids = [touch.id for touch in counted]
    facts = await queries.arm_facts(session, ids, at)
    treated, control = facts.get(Arm.TREATED, NOBODY), facts.get(Arm.CONTROL, NOBODY)
    share = float(counted[0].control_share) if counted else 0.0
    srm_p = rules.split_p(treated.people, control.people, share)
    shown = size.is_closed and not rules.is_small_cell(treated.people)
    compared = shown and not rules.is_small_cell(control.people)
    came = rules.newcombe(treated.visitors, treated.people, control.visitors, control.people) if compared else None
    spent = money_difference(treated.spend, control.spend) if compared else None
    left = rules.newcombe(treated.unsubscribed, treated.people, control.unsubscribed, control.people)
    verdict = rules.verdict_of(
        control_share=share,
        srm_p=srm_p,
        is_closed=size.is_closed,
        people=size.people,
        needed=size.needed,
        difference=came,
    )
    orders, revenue = await queries.attributed(session, ids, at) if ids else (0, 0)
    curve = await queries.first_visits(session, ids, at, business.timezone) if compared else {}
    currency = business.currency
    return ResultsRead(
        touch_id=None if measured.recall_id else (counted[0].id if counted else None),
        recall_id=measured.recall_id,
        name=measured.name,
        kind=measured.kind,
        state="closed" if size.is_closed else "open",
        verdict=VerdictRead(
            code=verdict.value,
            sentence=wording.verdict_sentence(
                verdict,
                people=came.times(treated.people) if came else None,
                points=came,
                missing=max((size.needed or 0) - size.people, 0),
                closes_on=None if size.is_closed else size.closes_on,
                language=language,
            ),
        ),
        planned_n=size.people,
        needed_n=size.needed,
        detectable_points=round(100 * size.detectable, 1) if size.detectable else None,
        closes_on=size.closes_on.isoformat() if size.closes_on else None,
        srm_p=srm_p,
        arms=[
            _arm_read(Arm.TREATED, treated, currency, hidden=not size.is_closed),
            _arm_read(Arm.CONTROL, control, currency, hidden=not size.is_closed),
        ],
        differences=_differences(came, spent, left if _may_be_told(treated, control) else None, currency),
        incremental=_incremental(came, spent, treated.people, currency, verdict),
        attributed=AttributedRead(
            rule=wording.attribution_rule(language), orders=orders, revenue=MoneyRead.of(revenue, currency)
        ),
        measured=_measured_read(await tracking.measured(session, ids)),
        cost=MoneyRead.of(treated.cost_minor, currency),
        curve=[
            CurvePointRead.model_validate(point)
            for point in cumulative_curve(
                treated.people,
                curve.get(Arm.TREATED, {}),
                control.people,
                curve.get(Arm.CONTROL, {}),
                max(touch.window_days for touch in counted),
            )
        ]
        if compared
        else [],
        as_of=at,
    )


def _size_of(touches: Sequence[Touch], counted: Sequence[Touch], *, is_closed: bool) -> _Size:
    """Return the planned size: the people eligible, against how many show the smallest difference so many can show.

    The difference was fixed by the audience before anything was sent; when not even everybody coming back would show,
    more are needed.
    """
    people = sum(touch.counts.get("eligible", 0) for touch in counted)
    came = sum(touch.counts.get("came_before", 0) for touch in counted)
    share = float(counted[0].control_share) if counted else 0.0
    # Nobody at all, or everybody, came before: a rate of 0 or 1 is moved inside by one half person, as a rate is
    # never exactly that.
    base = (came + 0.5) / (people + 1)
    detectable = rules.detectable_difference(people, base, share)
    needed = rules.people_needed(base, base + detectable if detectable else 1.0, share)
    waiting = [touch.closes_on for touch in touches if touch not in counted]
    closes_on = counted[-1].closes_on if counted and not waiting else (waiting[0] if waiting else None)
    return _Size(people, needed, detectable, is_closed, closes_on)


def _may_be_told(treated: ArmFacts, control: ArmFacts) -> bool:
    return not rules.is_small_cell(treated.people) and not rules.is_small_cell(control.people)


def _arm_read(arm: Arm, facts: ArmFacts, currency: str, *, hidden: bool) -> ArmRead:
    small = rules.is_small_cell(facts.people)
    if hidden or small:
        return ArmRead(
            arm=arm,
            people=facts.people,
            delivered=facts.delivered,
            visitors=None,
            conversion_rate=None,
            conversion_interval=None,
            revenue=None,
            revenue_per_person=None,
            # Harm may be watched while the measure is open; a stop because of it is no peeking.
            unsubscribed=None if small else facts.unsubscribed,
        )
    interval = rules.wilson(facts.visitors, facts.people)
    return ArmRead(
        arm=arm,
        people=facts.people,
        delivered=facts.delivered,
        visitors=facts.visitors,
        conversion_rate=facts.visitors / facts.people,
        conversion_interval=(interval.low, interval.high),
        revenue=MoneyRead.of(facts.spend.uncapped_total, currency),
        revenue_per_person=MoneyRead.of(round(facts.spend.uncapped_total / facts.people), currency),
        unsubscribed=facts.unsubscribed,
    )


def _differences(
    came: Difference | None, spent: MoneyDifference | None, left: Difference | None, currency: str
) -> list[DifferenceRead]:
    found = []
    if came is not None:
        found.append(_points("conversion", came))
    if spent is not None:
        unit = 10 ** exponent(currency)
        interval = spent.interval
        found.append(
            DifferenceRead(
                metric="revenue_per_person",
                unit="money",
                estimate=spent.estimate / unit,
                low=interval.low / unit if interval else None,
                high=interval.high / unit if interval else None,
                excludes_zero=interval.excludes_zero if interval else False,
                note=spent.without,
            )
        )
    if left is not None:
        found.append(_points("unsubscribes", left))
    return found


def _points(metric: str, difference: Difference) -> DifferenceRead:
    in_points = difference.times(100)
    return DifferenceRead(
        metric=metric,
        unit="points",
        estimate=in_points.estimate,
        low=in_points.low,
        high=in_points.high,
        excludes_zero=difference.excludes_zero,
        note=None,
    )


def _incremental(
    came: Difference | None, spent: MoneyDifference | None, people: int, currency: str, verdict: Verdict
) -> IncrementalRead:
    if came is None or verdict is Verdict.INVALID:
        return IncrementalRead(people=None, revenue=None)
    more = came.times(people)
    money = spent.interval.times(people) if spent and spent.interval else None
    return IncrementalRead(
        people=PeopleRead(estimate=more.estimate, low=more.low, high=more.high),
        revenue=AmountRead(
            estimate=_money(money.estimate, currency),
            low=_money(money.low, currency),
            high=_money(money.high, currency),
        )
        if money
        else None,
    )


def _measured_read(found: tracking.Measured) -> MeasuredRead | None:
    if not found.opens_allowed and not found.clicks_allowed:
        return None
    return MeasuredRead(
        opens_allowed=found.opens_allowed,
        opened=None if rules.is_small_cell(found.opens_allowed) else found.opened,
        clicks_allowed=found.clicks_allowed,
        clicked=None if rules.is_small_cell(found.clicks_allowed) else found.clicked,
    )


def _money(minor: float, currency: str) -> MoneyRead:
    return MoneyRead.of(int(Decimal(minor).to_integral_value()), currency)
