"""Background entry points of inbound mail: the folder, the mailbox, and addresses whose rest is over."""

from typing import Any

from ritorno.consents import service as consents
from ritorno.inbound import folder, mailbox
from ritorno.kit.background import Work


async def read_folder(work: Work, _payload: dict[str, Any]) -> None:
    """Take in the files that were dropped."""
    await folder.collect(work)


async def read_mailbox(work: Work, _payload: dict[str, Any]) -> None:
    """Take in the mails of the mailbox, where there is one."""
    await mailbox.collect(work)


async def end_rests(work: Work, _payload: dict[str, Any]) -> None:
    """Let addresses be tried once more that rested for half a year (E-12)."""
    async with work.session() as session:
        await consents.end_rests(session)
