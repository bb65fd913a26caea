"""Mails taken one by one from wherever they lie: each in its own unit of work, and one that fails stops no other; and
the task for whoever can mend a place that lets nobody take them.
"""

from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

from sqlalchemy import exists, select

from ritorno.activity import service as activity
from ritorno.activity.models import Task
from ritorno.activity.rules import TaskState
from ritorno.inbound import service
from ritorno.inbound.rules import MailKind, MailSource
from ritorno.kit import clock
from ritorno.kit.background import Work
from ritorno.stores.queries import get_business

Key = TypeVar("Key")


async def take_each(
    work: Work, mails: Iterable[tuple[Key, bytes]], source: MailSource
) -> AsyncIterator[tuple[Key, MailKind]]:
    """Take in each mail and yield its key once it is committed: what is not put away after that comes again, and is
    known by its digest. The first failure is raised when all the others were taken.
    """
    failure: Exception | None = None
    for key, raw in mails:
        try:
            async with work.session() as session:
                mail, _ = await service.receive(session, work.settings, raw, source=source)
        except Exception as error:  # noqa: BLE001  raised below
            failure = failure or error
        else:
            yield key, MailKind(mail.kind)
    if failure is not None:
        raise failure


_KIND = "inbound_source_stuck"


async def ask_to_mend(work: Work, source: MailSource) -> None:
    """Raise the task of a folder or a mailbox, once a day at most and one at a time."""
    async with work.session() as session:
        place = Task.details["source"].astext
        if await session.scalar(
            select(exists().where(Task.kind == _KIND, place == source, Task.state == TaskState.OPEN))
        ):
            return
        today = clock.today((await get_business(session)).timezone)
        await activity.open_task(
            session,
            kind=_KIND,
            key=f"inbound-source:{source}:{today.isoformat()}",
            subject="inbound_source",
            details={"source": source},
        )
