"""Mail that a person has to read: one open task, however many there are, due by the next working day (B-36)."""

from zoneinfo import ZoneInfo

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from ritorno.activity import service as activity
from ritorno.activity.models import Task
from ritorno.activity.rules import TaskState
from ritorno.consents.rulepack import rule_pack
from ritorno.consents.rules import next_working_day
from ritorno.inbound.models import InboundMail
from ritorno.kit import clock
from ritorno.kit.actor import Actor
from ritorno.stores.queries import get_business

_KIND = "inbound_mail_to_read"
_OPEN = (Task.kind == _KIND, Task.state == TaskState.OPEN)


async def ask_a_person(session: AsyncSession, mail: InboundMail) -> None:
    """Raise the task, unless one is open: a flood of strangers' mail is one thing to do."""
    if await session.scalar(select(exists().where(*_OPEN))):
        return
    business = await get_business(session)
    today = clock.now().astimezone(ZoneInfo(business.timezone)).date()
    read_by = next_working_day(today, rule_pack(business.country, today).holidays)
    await activity.open_task(
        session,
        kind=_KIND,
        key=f"inbound-mail:{mail.id}",
        subject="inbound_mail",
        subject_id=mail.id,
        details={"due_on": read_by.isoformat()},
    )


async def close_if_nothing_waits(session: AsyncSession, *, actor: Actor) -> None:
    """Close the task once nobody has to read anything any more."""
    if await session.scalar(select(exists().where(InboundMail.handled_at.is_(None)))):
        return
    for task_id in await session.scalars(select(Task.id).where(*_OPEN)):
        await activity.complete_task(session, task_id, actor=actor)
