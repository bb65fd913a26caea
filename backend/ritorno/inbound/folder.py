"""A folder of `.eml` files: where a mail server without anything else drops what came back.

A file nobody writes to any more is taken and ends in `done`, or in `failed` when nobody could read it. Moving it is the
last step: after a death in between it is taken again, and known. One that may not be moved stays, and somebody is told.
"""

import asyncio
import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from ritorno.inbound.collecting import ask_to_mend, take_each
from ritorno.inbound.reading import LONGEST
from ritorno.inbound.rules import MailKind, MailSource
from ritorno.kit.background import Work
from ritorno.kit.config import Settings
from ritorno.kit.logging import log

QUIET = 5.0
"""Seconds without a change after which a file is taken to be whole."""
_AT_ONCE = 200
_KEPT_DAYS = {"done": 7, "failed": 30}
"""Their words are somebody's: afterwards they are of no use."""


def mail_folder(settings: Settings) -> Path:
    return settings.mail_dir or settings.data_dir / "mail"


async def collect(work: Work) -> None:
    """Take every mail that lies whole in the folder."""
    folder = mail_folder(work.settings)
    stayed = 0
    async for path, kind in take_each(work, _waiting(folder), MailSource.FOLDER):
        place = "failed" if kind is MailKind.UNREADABLE else "done"
        try:
            await asyncio.to_thread(_put_away, path, folder / place)
        except OSError as error:
            log.warning("inbound.file_stays", kind=type(error).__name__)
            stayed += 1
    if stayed:
        await ask_to_mend(work, MailSource.FOLDER)
    await asyncio.to_thread(_forget, folder)


def _waiting(folder: Path) -> Iterator[tuple[Path, bytes]]:
    if not folder.is_dir():
        return
    quiet_since = time.time() - QUIET
    found = 0
    for path in sorted(folder.glob("*.eml")):
        if found == _AT_ONCE:
            return
        try:
            if path.name.startswith(".") or path.stat().st_mtime > quiet_since:
                continue
            with path.open("rb") as file:
                raw = file.read(LONGEST)
        except OSError as error:
            log.warning("inbound.file_unreadable", kind=type(error).__name__)
            continue
        found += 1
        yield path, raw


def _put_away(path: Path, place: Path) -> None:
    place.mkdir(exist_ok=True)
    # Only the owner of a file may touch it; whoever owns the folder may move it.
    with contextlib.suppress(OSError):
        path.touch()
    # Another worker may have been as quick.
    with contextlib.suppress(FileNotFoundError):
        path.rename(place / path.name)


def _forget(folder: Path) -> None:
    """Delete what was put away long ago."""
    for name, days in _KEPT_DAYS.items():
        for path in (folder / name).glob("*.eml"):
            with contextlib.suppress(OSError):
                if path.stat().st_mtime < time.time() - days * 86_400:
                    path.unlink()
