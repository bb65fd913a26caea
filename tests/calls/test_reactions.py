"""What follows a call above this floor: a report of death, a request for access."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.erasures import jobs as erasures
from ritorno.erasures.models import DeathReport
from ritorno.kit.background import Work
from ritorno.privacy import jobs as privacy
from ritorno.privacy.models import PrivacyRequest
from tests.factories.calls import make_callable


async def test_b_53_a_death_told_on_the_telephone_is_reported_once(session: AsyncSession, work: Work) -> None:
    anna = await make_callable(session)
    await session.commit()

    for _ in range(2):
        await erasures.receive_death(work, {"customer_id": str(anna.id)})

    report = (await session.scalars(select(DeathReport))).one()
    assert (report.customer_id, report.reported_by) == (anna.id, "RELATIVE")


async def test_c_27_who_asked_where_the_number_is_from_has_one_request_open(session: AsyncSession, work: Work) -> None:
    anna = await make_callable(session)
    await session.commit()

    for _ in range(2):
        await privacy.receive_access(work, {"customer_id": str(anna.id)})

    request = (await session.scalars(select(PrivacyRequest))).one()
    assert (request.customer_id, request.kind, request.channel) == (anna.id, "ACCESS", "PHONE")
