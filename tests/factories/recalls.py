"""People who are due and people with a birthday, and recalls that want to write to them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.consents.rules import Purpose
from ritorno.customers.models import Customer
from ritorno.kit.config import Settings
from ritorno.messaging import service as messaging
from ritorno.messaging.models import Template
from ritorno.recalls import service
from ritorno.recalls.models import Recall
from ritorno.recalls.rules import RecallKind
from ritorno.recalls.schemas import RecallCreate
from ritorno.scores.models import CustomerScore
from ritorno.scores.rules import Stage
from tests.factories.campaigns import OWNER
from tests.factories.consents import make_consent
from tests.factories.customers import make_customer
from tests.factories.messaging import make_business

TODAY = date(2026, 11, 21)
MORNING = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


async def make_recall(
    session: AsyncSession, settings: Settings, kind: RecallKind, *, control_share: str = "0", **more: Any
) -> Recall:
    """Make a recall that has been on for long, with the template that comes with the product."""
    await make_business(session)
    await messaging.seed_templates(session, settings=settings)
    template_id = await session.scalar(select(Template.id).where(Template.code == kind.value))
    body = RecallCreate(kind=kind, name=kind.value, template_id=template_id, control_share=control_share, **more)
    recall = await service.create_recall(session, body, actor=OWNER)
    recall.is_active, recall.active_since = True, LONG_AGO
    await session.flush()
    return recall


async def make_due(
    session: AsyncSession,
    *,
    missed_on: date = TODAY,
    last_on: date | None = None,
    value_minor: int = 1000,
    may_profile: bool = True,
    may_mail: bool = True,
    **columns: Any,
) -> Customer:
    """Make somebody whose likely window ends on a day without them, who by default agreed to everything."""
    customer = await make_person(session, may_profile=may_profile, may_mail=may_mail, **columns)
    session.add(
        CustomerScore(
            customer_id=customer.id,
            as_of=TODAY,
            last_on=last_on or missed_on - timedelta(days=20),
            m=3.0,
            s=0.6,
            q=0.1,
            x=4,
            due_on=missed_on - timedelta(days=6),
            likely_from=missed_on - timedelta(days=12),
            likely_to=missed_on,
            lapsed_on=missed_on + timedelta(days=60),
            p_alive=0.8,
            next_on=missed_on + timedelta(days=3),
            expected_value_minor=value_minor,
            stage=Stage.DUE,
            stage_since=TODAY,
            due_category_id=None,
        )
    )
    await session.flush()
    return customer


async def come_back(session: AsyncSession, customer_id: UUID, *, on: date, missed_on: date) -> None:
    """Let somebody come on a day, and stay away until the next likely window ends."""
    score = await session.get_one(CustomerScore, customer_id)
    score.last_on, score.due_on, score.likely_to = on, missed_on - timedelta(days=1), missed_on
    score.lapsed_on = missed_on + timedelta(days=60)
    await session.flush()


async def make_person(
    session: AsyncSession, *, may_profile: bool = True, may_mail: bool = True, **columns: Any
) -> Customer:
    """Make somebody with an email."""
    columns.setdefault("email", f"p{UUID(int=next(_numbers))}@example.com")
    customer = await make_customer(session, **columns)
    if may_mail:
        await make_consent(session, customer.id, at=LONG_AGO)
    if may_profile:
        await make_consent(session, customer.id, purpose=Purpose.PROFILING, channel=None, at=LONG_AGO)
    return customer


_numbers = iter(range(1, 10**9))
