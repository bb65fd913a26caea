"""How many decisions one core takes for an audience of mixed people (DESIGN §11, [gate])."""

import statistics
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from ritorno.consents.rulepack import pack_for
from ritorno.consents.rules import (
    Ask,
    Assessment,
    AssessmentKind,
    Channel,
    Contact,
    Facts,
    Level,
    Method,
    Party,
    Purpose,
    Readiness,
    RegisterCheck,
    Sent,
    SoftOptin,
    Standing,
    State,
    StateKey,
    TemplateClass,
    decide,
)

AT = datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
GOAL = 50_000
RUNS = 7


def run(scale: float) -> dict[str, object]:
    """Decide once for every person of an audience, on each channel a campaign can use; the median of seven runs."""
    people = [_person(index) for index in range(max(1_000, round(20_000 * scale)))]
    rates = {name: _rate(people, ask) for name, ask in _ASKS.items()}
    figure = round(min(rates.values()))
    return {
        "name": "gate",
        "figure": figure,
        "unit": "decisions/s",
        "limit": GOAL,
        "ratio": round(figure / GOAL, 2),
        "detail": {
            "meaning": "one core, facts in memory; the figure is the slowest question, the limit is the goal",
            "people": len(people),
            **{name: round(rate) for name, rate in rates.items()},
        },
    }


_ASKS = {
    "email, similar products": Ask(Purpose.MKT_OWN, Channel.EMAIL, TemplateClass.MARKETING, "hair"),
    "email, uses purchases": Ask(Purpose.MKT_OWN, Channel.EMAIL, TemplateClass.MARKETING, "hair", uses_purchases=True),
    "sms": Ask(Purpose.MKT_OWN, Channel.SMS, TemplateClass.MARKETING),
    "call": Ask(Purpose.MKT_OWN, Channel.PHONE_OPERATOR, TemplateClass.MARKETING),
    "post": Ask(Purpose.MKT_OWN, Channel.POST, TemplateClass.MARKETING),
    "service email": Ask(Purpose.SERVICE, Channel.EMAIL, TemplateClass.SERVICE),
}


def _rate(people: list[Facts], ask: Ask) -> float:
    return len(people) / statistics.median(
        _timed(lambda: [decide(facts, ask, AT) for facts in people]) for _ in range(RUNS)
    )


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _person(index: int) -> Facts:
    """One of ten kinds of people, mixed as in a shop: consents, soft opt-ins, refusals, minors, bad addresses."""
    kind = index % 10
    email = Contact(uuid4(), Level.DELIVERED_OK, "till", hard_bounced_at=AT - timedelta(days=3) if kind == 8 else None)
    check = RegisterCheck(uuid4(), AT - timedelta(days=kind * 2), AT - timedelta(days=400) if kind == 3 else None)
    # One number in ten lies abroad, under the stricter of two countries' rules.
    abroad = pack_for("FR", "IT", AT.date()) if kind == 2 else None
    phone = Contact(uuid4(), Level.DELIVERED_OK, "till", register=check, pack=abroad)
    letter = Contact(uuid4(), Level.UNVERIFIED, "till")
    return Facts(
        customer_id=uuid4(),
        pack=pack_for("IT", "IT", AT.date()),
        readiness=_READY,
        born_on=date(2013, 5, 1) if kind == 9 else date(1970, 1, 1) + timedelta(days=index % 9000),
        contacts={Channel.EMAIL: email, Channel.SMS: phone, Channel.PHONE_OPERATOR: phone, Channel.POST: letter},
        states=_states(kind),
        is_informed=True,
        last_purchase_at=AT - timedelta(days=20),
        purchases={"hair": AT - timedelta(days=20), "face": AT - timedelta(days=90)},
        soft_optin=SoftOptin(uuid4(), email.id, True, AT - timedelta(days=200)) if kind in (4, 5) else None,
        assessments={AssessmentKind.LIA_POST: Assessment(_LIA, date(2026, 1, 1))},
        sent=tuple(Sent(Channel.EMAIL, AT - timedelta(days=days)) for days in (2, 5)[: kind % 3]),
    )


_READY = dict.fromkeys(Channel, Readiness(True))
_LIA = UUID("01900000-0000-7000-8000-000000000000")


def _states(kind: int) -> dict[StateKey, State]:
    standings = {
        0: Standing.GRANTED,
        1: Standing.GRANTED,
        2: Standing.GRANTED,
        3: Standing.GRANTED,
        6: Standing.WITHDRAWN,
        7: Standing.OBJECTED,
    }
    if kind not in standings:
        return {}
    state = State(standings[kind], AT - timedelta(days=300), uuid4(), Method.POS_PAPER, Party.STAFF)
    return {
        (Purpose.MKT_OWN, Channel.EMAIL): state,
        (Purpose.MKT_OWN, Channel.SMS): state,
        (Purpose.MKT_OWN, Channel.PHONE_OPERATOR): state,
        (Purpose.PROFILING, None): state,
    }
