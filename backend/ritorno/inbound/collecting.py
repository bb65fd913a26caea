"""Mails taken one by one from wherever they lie: each in its own unit of work, and one that fails stops no other."""

from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

from ritorno.inbound import service
from ritorno.inbound.rules import MailKind, MailSource
from ritorno.kit.background import Work

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
